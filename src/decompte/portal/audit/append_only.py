"""Tables that are only ever added to: the database itself refuses changes and deletions.

What must not be kept for ever is the one exception: content may be emptied, once and for all, and
a row that hangs on emptied content may go. The database then refuses everything else still.
"""

from collections.abc import Mapping
from typing import Any

from django.db import migrations

SQLITE = (
    "CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} "
    "BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
)
POSTGRESQL = (
    "CREATE FUNCTION {table}_no_{verb}() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$; "
    "CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION {table}_no_{verb}()"
)

SQLITE_UNLESS = (
    "CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} WHEN NOT ({allowed}) "
    "BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
)
POSTGRESQL_UNLESS = (
    "CREATE OR REPLACE FUNCTION {table}_no_{verb}() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN IF NOT ({allowed}) THEN RAISE EXCEPTION '{table} is append-only'; END IF; "
    "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$; "
    "CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} "
    "FOR EACH ROW EXECUTE FUNCTION {table}_no_{verb}()"
)


def append_only(*tables: str) -> migrations.RunPython:
    """Return the migration step that makes tables append-only."""

    def forwards(_apps: object, editor: object) -> None:
        vendor = editor.connection.vendor  # type: ignore[attr-defined]
        form = POSTGRESQL if vendor == "postgresql" else SQLITE
        for table in tables:
            for verb in ("UPDATE", "DELETE"):
                editor.execute(form.format(table=table, verb=verb))  # type: ignore[attr-defined]

    return migrations.RunPython(forwards, migrations.RunPython.noop)


def emptied_only(room: str, model: str, emptied: Mapping[str, str]) -> migrations.RunPython:
    """Return the step after which rows of an append-only table may be emptied, never changed.

    Args:
        room: label of the room.
        model: name of the model.
        emptied: columns that lose their content, each with the condition on NEW that says so.
    """

    def forwards(apps: Any, editor: Any) -> None:
        meta = apps.get_model(room, model)._meta  # noqa: SLF001  (Django's documented _meta)
        kept = [one.column for one in meta.concrete_fields if one.column not in emptied]
        same = [f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}" for name in kept]
        _replace(editor, meta.db_table, "UPDATE", " AND ".join([*emptied.values(), *same]))

    return migrations.RunPython(forwards, migrations.RunPython.noop)


def goes_with(room: str, model: str, allowed: str) -> migrations.RunPython:
    """Return the step after which rows of an append-only table may go when a condition holds."""

    def forwards(apps: Any, editor: Any) -> None:
        table = apps.get_model(room, model)._meta.db_table  # noqa: SLF001
        _replace(editor, table, "DELETE", allowed)

    return migrations.RunPython(forwards, migrations.RunPython.noop)


def _replace(editor: Any, table: str, verb: str, allowed: str) -> None:
    is_postgresql = editor.connection.vendor == "postgresql"
    where = f" ON {table}" if is_postgresql else ""
    editor.execute(f"DROP TRIGGER {table}_no_{verb}{where}")
    form = POSTGRESQL_UNLESS if is_postgresql else SQLITE_UNLESS
    editor.execute(form.format(table=table, verb=verb, allowed=allowed))
