"""The room as Django sees it."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Settings of the room."""

    name = "decompte.portal.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"
