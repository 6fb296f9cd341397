"""The room as Django sees it."""

from django.apps import AppConfig


class RegistrationConfig(AppConfig):
    """Settings of the room."""

    name = "decompte.portal.registration"
    label = "registration"
    default_auto_field = "django.db.models.BigAutoField"
