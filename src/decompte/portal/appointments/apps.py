"""The room as Django sees it."""

from django.apps import AppConfig


class AppointmentsConfig(AppConfig):
    """Settings of the room."""

    name = "decompte.portal.appointments"
    label = "appointments"
    default_auto_field = "django.db.models.BigAutoField"
