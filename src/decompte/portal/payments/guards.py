"""What the database itself refuses about money, on SQLite and on PostgreSQL alike.

A guard is a trigger: a table, an event, a condition on OLD and NEW, and the words of the refusal.
`verify` asks the database whether every guard stands.
"""

from typing import Any, NamedTuple

from django.db import connection, migrations

from decompte.portal.payments.states import (
    BATCH_TRANSITIONS,
    COLLECTION_TRANSITIONS,
    DUE_TRANSITIONS,
    ORDER_TRANSITIONS,
    Transition,
)

SQLITE = (
    "DROP TRIGGER IF EXISTS {name}",
    "CREATE TRIGGER {name} {when} {event} ON {table} WHEN {condition} "
    "BEGIN SELECT RAISE(ABORT, '{message}'); END",
)
POSTGRESQL = (
    "DROP TRIGGER IF EXISTS {name} ON {table}",
    "CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN IF {condition} THEN RAISE EXCEPTION '{message}'; END IF; "
    "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$; "
    "CREATE TRIGGER {name} {when} {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
)
FORMS = {"sqlite": SQLITE, "postgresql": POSTGRESQL}
NAMES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
}


class Guard(NamedTuple):
    """One refusal of the database."""

    name: str
    table: str
    when: str
    event: str
    condition: str
    message: str


def _append_only(table: str) -> tuple[Guard, ...]:
    return tuple(
        Guard(
            f"{table}_keeps_{verb.lower()}",
            table,
            "BEFORE",
            verb,
            "OLD.id IS NOT NULL",
            f"{table} is append-only",
        )
        for verb in ("UPDATE", "DELETE")
    )


def _stays(*names: str) -> tuple[Guard, ...]:
    return tuple(
        Guard(
            f"payments_{name}_stays",
            f"payments_{name}",
            "BEFORE",
            "DELETE",
            "OLD.id IS NOT NULL",
            f"a {name} is never deleted",
        )
        for name in names
    )


def _listed(transitions: tuple[Transition, ...]) -> str:
    ways = " OR ".join(
        f"(OLD.state = '{way.before!s}' AND NEW.state = '{way.after!s}')" for way in transitions
    )
    return f"NOT (OLD.state = NEW.state OR {ways})"


def _fixed(*columns: str) -> str:
    return " OR ".join(f"OLD.{name} <> NEW.{name}" for name in columns)


SUM = "(SELECT COALESCE(SUM(amount_cents), 1) FROM payments_posting WHERE entry_id = NEW.id)"
GUARDS = (
    *_append_only("payments_entry"),
    *_append_only("payments_posting"),
    *_append_only("payments_taking"),
    Guard(
        "payments_bankfile_keeps_update",
        "payments_bankfile",
        "BEFORE",
        "UPDATE",
        _fixed(
            "id",
            "public_id",
            "agency",
            "kind",
            "message_id",
            "sha256",
            "opening_cents",
            "closing_cents",
        )
        + " OR length(NEW.content_sealed) > 0",
        "a file of the bank is emptied at most, once it is no longer to be kept",
    ),
    Guard(
        "payments_bankfile_keeps_delete",
        "payments_bankfile",
        "BEFORE",
        "DELETE",
        "OLD.id IS NOT NULL",
        "payments_bankfile is append-only",
    ),
    Guard(
        "payments_entry_balances",
        "payments_entry",
        "AFTER",
        "INSERT",
        f"{SUM} <> 0",
        "an entry closes postings that sum to zero",
    ),
    Guard(
        "payments_posting_is_in_time",
        "payments_posting",
        "BEFORE",
        "INSERT",
        "EXISTS (SELECT 1 FROM payments_entry WHERE id = NEW.entry_id)",
        "this entry is closed",
    ),
    Guard(
        "payments_order_stays",
        "payments_paymentorder",
        "BEFORE",
        "DELETE",
        "OLD.id IS NOT NULL",
        "an order is never deleted",
    ),
    Guard(
        "payments_order_is_fixed",
        "payments_paymentorder",
        "BEFORE",
        "UPDATE",
        _fixed("amount_cents", "parts", "decision_id", "member_id", "agency", "end_to_end_id")
        + " OR (OLD.iban_sealed <> NEW.iban_sealed AND OLD.state <> 'held'"
        " AND length(NEW.iban_sealed) > 0)",
        "what an order pays, and where to, does not change",
    ),
    Guard(
        "payments_order_moves_as_listed",
        "payments_paymentorder",
        "BEFORE",
        "UPDATE",
        _listed(ORDER_TRANSITIONS),
        "an order moves as states.py lists",
    ),
    Guard(
        "payments_batch_stays",
        "payments_batch",
        "BEFORE",
        "DELETE",
        "OLD.id IS NOT NULL AND OLD.sha256 <> ''",
        "a payment file is never deleted",
    ),
    Guard(
        "payments_batch_is_fixed",
        "payments_batch",
        "BEFORE",
        "UPDATE",
        "OLD.sha256 <> '' AND ("
        + _fixed("sha256", "msg_id", "order_count", "total_cents")
        + " OR (OLD.content_sealed <> NEW.content_sealed"
        " AND (length(NEW.content_sealed) > 0 OR OLD.state = 'prepared')))",
        "a payment file that was made does not change; once it has left it may be emptied",
    ),
    Guard(
        "payments_batch_moves_as_listed",
        "payments_batch",
        "BEFORE",
        "UPDATE",
        _listed(BATCH_TRANSITIONS),
        "a payment file moves as states.py lists",
    ),
    *_stays("mandate", "due", "collection"),
    Guard(
        "payments_mandate_is_fixed",
        "payments_mandate",
        "BEFORE",
        "UPDATE",
        _fixed("member_id", "agency", "reference", "signed_on")
        + " OR (OLD.iban_sealed <> NEW.iban_sealed AND length(NEW.iban_sealed) > 0)"
        + " OR (OLD.ended_at IS NOT NULL AND NEW.ended_at IS NULL)",
        "a mandate does not change, and ends once",
    ),
    Guard(
        "payments_due_is_fixed",
        "payments_due",
        "BEFORE",
        "UPDATE",
        _fixed("key", "member_id", "agency", "amount_cents"),
        "what is due does not change",
    ),
    Guard(
        "payments_due_moves_as_listed",
        "payments_due",
        "BEFORE",
        "UPDATE",
        _listed(DUE_TRANSITIONS),
        "a due moves as states.py lists",
    ),
    Guard(
        "payments_collection_is_fixed",
        "payments_collection",
        "BEFORE",
        "UPDATE",
        _fixed("due_id", "mandate_id", "batch_id", "amount_cents", "end_to_end_id"),
        "what a collection takes, and from where, does not change",
    ),
    Guard(
        "payments_collection_moves_as_listed",
        "payments_collection",
        "BEFORE",
        "UPDATE",
        _listed(COLLECTION_TRANSITIONS),
        "a collection moves as states.py lists",
    ),
)


def standing() -> set[str]:
    """Return the names of the triggers that the database has."""
    with connection.cursor() as cursor:
        cursor.execute(NAMES[connection.vendor])
        return {name for (name,) in cursor.fetchall()}


def set_up() -> migrations.RunPython:
    """Return the migration step that sets every guard up, in place of older ones."""

    def forwards(_apps: object, editor: Any) -> None:
        for guard in GUARDS:
            for form in FORMS[editor.connection.vendor]:
                editor.execute(form.format(**guard._asdict()))

    return migrations.RunPython(forwards, migrations.RunPython.noop)
