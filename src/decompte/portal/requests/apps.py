"""The room as Django sees it."""

from django.apps import AppConfig


class RequestsConfig(AppConfig):
    """Settings of the room."""

    name = "decompte.portal.requests"
    label = "requests"
    default_auto_field = "django.db.models.BigAutoField"
