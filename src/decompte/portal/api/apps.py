"""The room as Django sees it: REST under `/api/v1`, FHIR under `/fhir`."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Settings of the room."""

    name = "decompte.portal.api"
    label = "api"
    default_auto_field = "django.db.models.BigAutoField"
