"""The room as Django sees it."""

from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    """Settings of the room."""

    name = "decompte.portal.decisions"
    label = "decisions"
    default_auto_field = "django.db.models.BigAutoField"
