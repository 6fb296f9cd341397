"""The room as Django sees it."""

from django.apps import AppConfig


class GuideConfig(AppConfig):
    """Settings of the room."""

    name = "decompte.portal.guide"
    label = "guide"
    default_auto_field = "django.db.models.BigAutoField"
