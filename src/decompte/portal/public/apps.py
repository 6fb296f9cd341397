"""The room as Django sees it."""

from django.apps import AppConfig


class PublicConfig(AppConfig):
    """Settings of the room."""

    name = "decompte.portal.public"
    label = "public"
