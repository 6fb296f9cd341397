"""Copies a block of invented members inside the database, with all that hangs on them.

A population of a million is a thousand drawn students, copied: each copy gets keys, references and
identifiers of its own, and shares names, days and amounts with its original. It is done by the
database, table by table, from the description that Django has of them; SQLite and PostgreSQL alike.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction

# In the order in which rows may refer to each other; postings come before the entry they belong to.
TABLES = (
    "people.user",
    "people.member",
    "people.membership",
    "people.bankaccount",
    "people.gpdeclaration",
    "people.searchword",
    "registration.registration",
    "requests.request",
    "requests.careline",
    "requests.paper",
    "requests.message",
    "requests.word",
    "decisions.decision",
    "decisions.kept",
    "payments.posting",
    "payments.entry",
    "payments.paymentorder",
    "audit.event",
)
# Of two signs each, behind one that no drawn identifier and no drawn reference holds.
DIGITS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
WIDTH = 2
MOST = len(DIGITS) ** WIDTH
COLUMN = "t.{name}"
MARKED = "'~{mark}' || substr(t.{name}, 4)"
SUBJECT = (
    "CASE WHEN t.{name} LIKE 'request:%' THEN 'request:~{mark}' || substr(t.{name}, 12)"
    " ELSE 'order:~{mark}' || substr(t.{name}, 10) END"
)
KEY = (
    "CASE WHEN t.{name} LIKE 'owed:%' THEN 'owed:~{mark}' || substr(t.{name}, 9)"
    " ELSE 'released:~{mark}' || substr(t.{name}, 13) END"
)
OWN = {
    "public_id": MARKED,
    "reference": "'0{mark}' || substr(t.{name}, 4)",
    "end_to_end_id": "'D0{mark}' || substr(t.{name}, 5)",
    "email": "'copy{mark}.' || t.{name}",
    "nir_sealed": "NULL",
    "nir_index": "NULL",
    "subject": SUBJECT,
    "key": KEY,
}


class Block(NamedTuple):
    """What to copy, by keys that follow each other: members, and what the trail tells of them."""

    first: int
    last: int
    first_event: int
    last_event: int


def mark(number: int) -> str:
    """Return the two signs that tell a copy from its original, by its number.

    What is drawn holds neither the `~` nor the `0` that go before them.
    """
    assert number < MOST, "more copies than there are marks"
    signs = ""
    for _place in range(WIDTH):
        number, digit = divmod(number, len(DIGITS))
        signs = DIGITS[digit] + signs
    return signs


@transaction.atomic
def copy(block: Block, number: int) -> None:
    """Make one copy of a block, all of it or nothing."""
    offsets = {table: _offset(table, block) for table in TABLES}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(_statement(table, block, number, offsets))


def count_rows() -> None:
    """Let the database learn how many rows there are before it is asked to find some."""
    with _owner() as cursor:
        cursor.execute("ANALYZE")


def set_counters() -> None:
    """Let the keys of later rows follow on the copies' own."""
    if connection.vendor != "postgresql":
        return
    with _owner() as cursor:
        for table in TABLES:
            name = apps.get_model(table)._meta.db_table  # noqa: SLF001  (Django's documented _meta)
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id)) FROM {name}"  # noqa: S608  (names of our own tables)
            )


@contextmanager
def _owner() -> Iterator[Any]:
    """Work as who owns the tables: the portal's role may not count for the database."""
    is_role = connection.vendor == "postgresql" and settings.DATABASE_ROLE
    with connection.cursor() as cursor:
        if is_role:
            cursor.execute("RESET ROLE")
        yield cursor
        if is_role:
            cursor.execute(f"SET ROLE {settings.DATABASE_ROLE}")


def _statement(table: str, block: Block, number: int, offsets: dict[str, int]) -> str:
    meta = apps.get_model(table)._meta  # noqa: SLF001
    fields = meta.concrete_fields
    names = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join(_value(table, field, number, offsets) for field in fields)
    return (
        f"INSERT INTO {meta.db_table} ({names}) SELECT {values}"  # noqa: S608  (our own names)
        f" FROM {meta.db_table} t WHERE {_condition(table, block)} ORDER BY t.id"
    )


def _value(table: str, field: Any, number: int, offsets: dict[str, int]) -> str:
    if field.primary_key:
        return f"t.id + {offsets[table]}"
    related = field.related_model._meta.label_lower if field.related_model else ""  # noqa: SLF001
    if related in offsets and field.name not in {"assigned_to"}:
        return f't."{field.column}" + {offsets[related]}'
    return OWN.get(field.name, COLUMN).format(name=f'"{field.column}"', mark=mark(number))


def _condition(table: str, block: Block) -> str:
    if table == "people.user":
        return (
            "t.id IN (SELECT m.user_id FROM people_member m"  # noqa: S608  (names of our own tables)
            f" WHERE m.id BETWEEN {block.first} AND {block.last})"
        )
    if table == "audit.event":
        return (
            f"t.id BETWEEN {block.first_event} AND {block.last_event}"
            " AND (t.subject LIKE 'request:%' OR t.subject LIKE 'order:%')"
        )
    column = "id" if table == "people.member" else "member_id"
    return f"t.{column} BETWEEN {block.first} AND {block.last}"


def _offset(table: str, block: Block) -> int:
    """Return what is added to the keys of a block's rows so that they follow on what is there."""
    name = apps.get_model(table)._meta.db_table  # noqa: SLF001
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT max(id) FROM {name}")  # noqa: S608  (names of our own tables)
        highest = cursor.fetchone()[0] or 0
        cursor.execute(
            f"SELECT min(t.id) FROM {name} t WHERE {_condition(table, block)}"  # noqa: S608  (names of our own tables)
        )
        lowest = cursor.fetchone()[0] or 1
    return int(highest) + 1 - int(lowest)
