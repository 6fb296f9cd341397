"""Lists in pages, and the parts of an answer that are asked for."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import QuerySet
from ninja import Schema
from pydantic import Field

MOST = 100
FURTHEST = 100_000


class Parts(Schema):
    """`fields=id,state`: only these fields come back."""

    fields: str | None = Field(None, max_length=200, pattern=r"^[a-z_]+(,[a-z_]+)*$")


class Paging(Parts):
    """Which part of a list: `limit` entries after `offset`."""

    limit: int = Field(50, ge=1, le=MOST)
    offset: int = Field(0, ge=0, le=FURTHEST)


def page(
    rows: QuerySet[Any] | Sequence[Any], paging: Paging, shown: Callable[[Any], Any]
) -> dict[str, Any]:
    """Return one page of rows as they are shown, and how many there are."""
    count = rows.count() if isinstance(rows, QuerySet) else len(rows)
    part = rows[paging.offset : paging.offset + paging.limit]
    return {"items": [shown(row) for row in part], "count": count}
