"""The room as Django sees it."""

from django.apps import AppConfig


class IdempotencyConfig(AppConfig):
    """Settings of the room."""

    name = "decompte.portal.idempotency"
    label = "idempotency"
    default_auto_field = "django.db.models.BigAutoField"
