"""The room as Django sees it."""

from django.apps import AppConfig


class AgencyConfig(AppConfig):
    """Settings of the room."""

    name = "decompte.portal.agency"
    label = "agency"
    default_auto_field = "django.db.models.BigAutoField"
