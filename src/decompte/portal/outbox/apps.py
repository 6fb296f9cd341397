"""The room as Django sees it."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """Settings of the room."""

    name = "decompte.portal.outbox"
    label = "outbox"
    default_auto_field = "django.db.models.BigAutoField"
