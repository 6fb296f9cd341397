"""The room as Django sees it."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """Settings of the room."""

    name = "decompte.portal.payments"
    label = "payments"
    default_auto_field = "django.db.models.BigAutoField"
