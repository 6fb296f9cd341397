"""Tables that are only ever added to: the database itself refuses changes and deletions."""

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


def append_only(*tables: str) -> migrations.RunPython:
    """Return the migration step that makes tables append-only."""

    def forwards(_apps: object, editor: object) -> None:
        vendor = editor.connection.vendor  # type: ignore[attr-defined]
        form = POSTGRESQL if vendor == "postgresql" else SQLITE
        for table in tables:
            for verb in ("UPDATE", "DELETE"):
                editor.execute(form.format(table=table, verb=verb))  # type: ignore[attr-defined]

    return migrations.RunPython(forwards, migrations.RunPython.noop)


def again(*tables: str) -> migrations.RunPython:
    """Return the step that makes tables append-only again after SQLite rebuilt them.

    SQLite changes a column by copying the table, and its triggers go with the old one.
    """

    def forwards(_apps: object, editor: object) -> None:
        if editor.connection.vendor == "sqlite":  # type: ignore[attr-defined]
            for table in tables:
                for verb in ("UPDATE", "DELETE"):
                    editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}")  # type: ignore[attr-defined]
                    editor.execute(SQLITE.format(table=table, verb=verb))  # type: ignore[attr-defined]

    return migrations.RunPython(forwards, migrations.RunPython.noop)
