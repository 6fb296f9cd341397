"""The room as Django sees it."""

from django.apps import AppConfig


class WatchConfig(AppConfig):
    """Settings of the room."""

    name = "decompte.portal.watch"
    label = "watch"
    default_auto_field = "django.db.models.BigAutoField"
