"""How PostgreSQL answers what a page asks: the queries, their plans, the tables it reads whole."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

SMALL = 10_000
SCANS = ("Seq Scan", "Parallel Seq Scan")


class Asked(NamedTuple):
    """One query of a page: its text, the time it takes in the database, tables read whole."""

    sql: str
    milliseconds: float
    whole: tuple[str, ...]


def of_page(client: Client, path: str) -> list[str]:
    """Return the queries of a page."""
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(path)
    assert answer.status_code == HTTPStatus.OK, f"{path}: {answer.status_code}"
    return [one["sql"] for one in captured.captured_queries]


def explained(sql: str, large: set[str], *, is_run: bool) -> Asked:
    """Return how a query is answered, within the scope that is in force.

    Args:
        sql: a query as it was sent.
        large: tables that must not be read whole.
        is_run: whether to run it and take the time, as well.
    """
    options = "ANALYZE, FORMAT JSON" if is_run else "FORMAT JSON"
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.execute(f"EXPLAIN ({options}) {sql}")
        plan = cursor.fetchone()[0][0]
    whole = {
        node["Relation Name"]
        for node in _nodes(plan["Plan"])
        if node["Node Type"] in SCANS and not _is_never(node)
    }
    return Asked(sql, plan.get("Execution Time", 0.0), tuple(sorted(whole & large)))


def is_question(sql: str) -> bool:
    """Return whether a query reads without locking, so that it can be explained alone."""
    return sql.startswith("SELECT") and "set_config" not in sql and "FOR UPDATE" not in sql


def large_tables(rows: int = SMALL) -> set[str]:
    """Return the tables with more rows than this, as the database counts them."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples > %s", [rows]
        )
        return {name for (name,) in cursor.fetchall()}


def _is_never(node: dict[str, Any]) -> bool:
    return node.get("Actual Loops") == 0


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for inner in node.get("Plans", ()):
        yield from _nodes(inner)
