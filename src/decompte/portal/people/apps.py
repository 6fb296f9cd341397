"""The room as Django sees it."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Settings of the room."""

    name = "decompte.portal.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
