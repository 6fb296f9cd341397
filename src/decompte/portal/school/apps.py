"""The room as Django sees it."""

from django.apps import AppConfig


class SchoolConfig(AppConfig):
    """Settings of the room."""

    name = "decompte.portal.school"
    label = "school"
    default_auto_field = "django.db.models.BigAutoField"
