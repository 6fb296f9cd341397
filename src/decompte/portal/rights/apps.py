"""The room as Django sees it."""

from django.apps import AppConfig


class RightsConfig(AppConfig):
    """Settings of the room."""

    name = "decompte.portal.rights"
    label = "rights"
    default_auto_field = "django.db.models.BigAutoField"
