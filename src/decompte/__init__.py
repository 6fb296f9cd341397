"""Décompte: what Python programs use of it; the rest is reached by its room.

batch: the amounts of a table of care lines.
batch_with_rejects: the same, and the rows that cannot be computed with their reasons.
"""

from importlib import import_module
from typing import Any

__all__ = ["batch", "batch_with_rejects"]


def batch(table: object) -> Any:  # noqa: ANN401  (an Arrow table; Arrow is loaded when asked for)
    """Return the amounts of care lines as an Arrow table; see `exchange.settler.batch`."""
    today = import_module("decompte.commands.reading").machine_day()
    return import_module("decompte.exchange.settler").batch(table, today=today)


def batch_with_rejects(table: object) -> Any:  # noqa: ANN401
    """Return amounts, and rejected rows; see `exchange.settler.batch_with_rejects`."""
    today = import_module("decompte.commands.reading").machine_day()
    return import_module("decompte.exchange.settler").batch_with_rejects(table, today=today)
