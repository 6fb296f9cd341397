"""The second wall between agencies: PostgreSQL itself shows a scope's rows only.

Behind the scoped managers stands row-level security, forced on every table that has one, for a role
that owns nothing. Each transaction is told the scope before its first statement, and again when the
scope changes or a savepoint is rolled back; without a scope no row is shown or written. On SQLite
all of this is absent: there the managers are the only wall.

The policies are built from the managers after every migration, so a new table cannot be forgotten.
"""

from collections.abc import Callable
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.db import connection, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

from decompte.portal.people.scope import (
    AgencyScope,
    MemberScope,
    ScopedManager,
    SystemScope,
    migrating,
    scope_or_none,
)

TELL = (
    "SELECT set_config('decompte.scope', %s, true), set_config('decompte.agency', %s, true),"
    " set_config('decompte.member', %s, true)"
)
GUARDED = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")
SYSTEM = "current_setting('decompte.scope', true) = 'system'"
AGENCY = "nullif(current_setting('decompte.agency', true), '')"
MEMBER = "nullif(current_setting('decompte.member', true), '')::bigint"
OWN_SUBJECT = (
    "EXISTS (SELECT 1 FROM requests_request r"  # noqa: S608  (names and conditions of our own)
    f" WHERE 'request:' || r.public_id = subject AND r.member_id = {MEMBER})"
)
Execute = Callable[..., Any]


class Wall:
    """Tells one connection the scope of each transaction, before anything else runs in it."""

    def __init__(self) -> None:
        """Nothing was told yet."""
        self.told: tuple[str, str, str] | None = None

    def __call__(self, execute: Execute, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001  (the signature Django asks for)
        """Run one statement within the scope."""
        raw = context["connection"].connection
        text = str(sql).lstrip("( ")
        is_idle = raw is not None and raw.info.transaction_status.name == "IDLE"
        if is_idle or text.startswith("ROLLBACK TO"):
            self.told = None
        if raw is None or not text.startswith(GUARDED):
            return execute(sql, params, many, context)
        if is_idle and raw.autocommit:
            return self._alone(execute, sql, params, many, context)
        if raw.info.transaction_status.name in {"IDLE", "INTRANS"}:
            self._tell(raw)
        return execute(sql, params, many, context)

    def _alone(self, execute: Execute, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001  (as above)
        """Run a statement outside any transaction in one with the scope.

        Both go to the server in one message, which it takes as one transaction: a page asks a
        dozen questions, and each way there and back costs as much as a small answer.
        """
        if many or isinstance(params, dict):
            raw = context["connection"].connection
            with context["connection"].wrap_database_errors, raw.transaction():
                self._tell(raw)
                return execute(sql, params, many, context)
        told = sql if params is not None else str(sql).replace("%", "%%")
        result = execute(f"{TELL}; {told}", (*words(), *(params or ())), many, context)
        context["cursor"].nextset()
        return result

    def _tell(self, raw: Any) -> None:
        scope = words()
        if scope != self.told:
            raw.execute(TELL, scope)
            self.told = scope


def words() -> tuple[str, str, str]:
    """Return the current scope as the database is told it: kind, agency, member."""
    match scope_or_none():
        case AgencyScope(agency):
            return "agency", agency, ""
        case MemberScope(member_id):
            return "member", "", str(member_id)
        case SystemScope():
            return "system", "", ""
    return "", "", ""


def guard(connection: BaseDatabaseWrapper, **_signal: Any) -> None:
    """Put the wall before a new connection to PostgreSQL."""
    if connection.vendor == "postgresql":
        connection.execute_wrappers[:] = [
            one for one in connection.execute_wrappers if not isinstance(one, Wall)
        ]
        connection.execute_wrappers.append(Wall())


def open_for_migration(sender: AppConfig, using: str, **_signal: Any) -> None:
    """Work as the owner of the tables while they change."""
    migrating(begins=True)
    if connection.vendor == "postgresql" and settings.DATABASE_ROLE:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")


def build(sender: AppConfig, using: str, **_signal: Any) -> None:
    """Put policies on every scoped table, grant the portal's role its work, and become it again."""
    migrating(begins=False)
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for table, readable in policies().items():
            cursor.execute(
                f"DROP POLICY IF EXISTS wall ON {table};"
                f"DROP POLICY IF EXISTS wall_add ON {table};"
                f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
                f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY;"
                f"CREATE POLICY wall ON {table} USING ({readable});"
            )
            if table in WRITTEN_BY_ANYONE:
                cursor.execute(f"CREATE POLICY wall_add ON {table} FOR INSERT WITH CHECK (true)")
        if role := settings.DATABASE_ROLE:
            cursor.execute(
                f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};"
                f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role};"
                f"SET ROLE {role}"
            )


WRITTEN_BY_ANYONE = {
    "audit_event": f"{SYSTEM} OR agency = {AGENCY} OR ({OWN_SUBJECT})",
    "outbox_message": SYSTEM,
}


def policies() -> dict[str, str]:
    """Return the tables behind the wall, each with the condition of what may be seen and changed.

    The audit trail and the outbox are written to from every scope, and read from few.
    """
    found = {
        model._meta.db_table: condition(model)  # noqa: SLF001  (Django's documented _meta)
        for model in apps.get_models()
        if isinstance(model._default_manager, ScopedManager)  # noqa: SLF001
    }
    return found | WRITTEN_BY_ANYONE | {"audit_seal": f"{SYSTEM} OR agency = {AGENCY}"}


def condition(model: type[models.Model]) -> str:
    """Return the condition under which a row of a scoped model is in scope."""
    manager: Any = model._default_manager  # noqa: SLF001
    paths = ((manager.agency_field, AGENCY), (manager.member_field, MEMBER))
    seen = [_path(model, field.split("__"), value) for field, value in paths if field is not None]
    return " OR ".join([SYSTEM, *seen])


def _path(model: Any, parts: list[str], value: str) -> str:
    """Return the condition that a field, over relations, has a value."""
    meta, name, rest = model._meta, parts[0], parts[1:]  # noqa: SLF001
    field = meta.pk if name == "pk" else meta.get_field(name)
    if not rest:
        return f"{meta.db_table}.{field.column} = {value}"
    related = field.related_model
    table = related._meta.db_table  # noqa: SLF001
    if field.one_to_many or field.auto_created:
        joined = f"{table}.{field.remote_field.column} = {meta.db_table}.{meta.pk.column}"
    else:
        joined = f"{table}.{related._meta.pk.column} = {meta.db_table}.{field.column}"  # noqa: SLF001
    inner = _path(related, rest, value)
    return f"EXISTS (SELECT 1 FROM {table} WHERE {joined} AND {inner})"  # noqa: S608  (names of our own tables)


def check(app_configs: Any, databases: Any = None, **_options: Any) -> list[CheckMessage]:
    """Return what is wrong with the wall: `decompte manage check --database default` asks.

    While migrations are still to come there is nothing to judge: they build the wall.
    """
    if not databases or connection.vendor != "postgresql" or _has_migrations_to_come():
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        is_above = cursor.fetchone()[0]
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
        walled = {row[0] for row in cursor.fetchall()}
        cursor.execute("SELECT 1 FROM pg_tables WHERE tableowner = current_user LIMIT 1")
        is_owner = cursor.fetchone() is not None
    found = [
        f"table {name} has no forced row-level security" for name in policies().keys() - walled
    ]
    if is_above:
        found.append("the portal's database role is above row-level security")
    if is_owner:
        found.append("the portal's database role owns tables: set DECOMPTE_DATABASE_ROLE")
    return [Error(text, id="walls.E001") for text in sorted(found)]


def _has_migrations_to_come() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
