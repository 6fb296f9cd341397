"""The room as Django sees it."""

from django.apps import AppConfig


class BackgroundConfig(AppConfig):
    """Settings of the room."""

    name = "decompte.portal.background"
    label = "background"
    default_auto_field = "django.db.models.BigAutoField"
