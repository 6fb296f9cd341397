"""The room as Django sees it."""

from importlib import import_module

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import Tags, register
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate

from decompte.portal.people import walls


class PeopleConfig(AppConfig):
    """Settings of the room; on PostgreSQL it puts up the second wall between agencies."""

    name = "decompte.portal.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Guard every connection, build the wall after each migration, end sessions on changes."""
        import_module("decompte.portal.people.sessions")
        if not settings.DATABASE_URL:
            return
        connection_created.connect(walls.guard)
        pre_migrate.connect(walls.open_for_migration, sender=self)
        post_migrate.connect(walls.build, sender=self)
        register(Tags.database)(walls.check)
