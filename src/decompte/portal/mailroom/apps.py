"""The room as Django sees it."""

from django.apps import AppConfig


class MailroomConfig(AppConfig):
    """Settings of the room."""

    name = "decompte.portal.mailroom"
    label = "mailroom"
    default_auto_field = "django.db.models.BigAutoField"
