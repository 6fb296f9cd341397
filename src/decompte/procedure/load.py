"""Reads the dated data of the procedures; what has no source does not load."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from decompte.errors import FiguresError, Text
from decompte.procedure.shapes import Agency, Reason, Source

FOLDER = Path(__file__).parent / "data"
Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@lru_cache(maxsize=16)
def data(name: str) -> Mapping[str, Any]:
    """Return a data file of the procedures, by its stem."""
    content = (FOLDER / f"{name}.yaml").read_bytes()
    document: Mapping[str, Any] = yaml.load(content, Loader=Loader)  # noqa: S506  (a safe loader)
    return document


@lru_cache(maxsize=1)
def sources() -> Mapping[str, Source]:
    """Return the sources by id.

    Raises:
        FiguresError: a source has no public address.
    """
    found = {}
    for name, entry in data("sources").items():
        if not str(entry.get("url", "")).startswith("http"):
            raise FiguresError(f"sources.yaml: {name} has no public address")
        found[name] = Source(Text(**entry["title"]), entry["url"])
    return found


def cited(entry: Mapping[str, Any], where: str) -> tuple[Source, ...]:
    """Return the sources an entry cites.

    Raises:
        FiguresError: it cites none, or one that does not exist.
    """
    names = entry.get("sources")
    if not names:
        raise FiguresError(f"{where}: no source")
    if missing := set(names) - set(sources()):
        raise FiguresError(f"{where}: unknown sources {sorted(missing)}")
    return tuple(sources()[name] for name in names)


@lru_cache(maxsize=128)
def reason(code: str) -> Reason:
    """Return a reason by its code."""
    entry = data("reasons")[code]
    return Reason(code, Text(**entry["text"]), cited(entry, f"reasons.yaml: {code}"))


@lru_cache(maxsize=1)
def agencies() -> Mapping[str, Agency]:
    """Return the agencies by id."""
    return {name: _agency(name, entry) for name, entry in data("agencies").items()}


def _agency(name: str, entry: Mapping[str, Any]) -> Agency:
    address, office = entry.get("address", {}), entry.get("office", {})
    return Agency(
        id=name,
        name=Text(**entry["name"]),
        centre=entry["centre"],
        departments=frozenset(entry.get("departments", ())),
        address=tuple(address.get("lines", ())),
        address_from=address.get("from"),
        address_until=address.get("until"),
        office=tuple(office.get("lines", ())),
        access=Text(**office["access"]) if office else None,
        phone=entry.get("phone"),
        has_back_office=entry["has_back_office"],
        sources=cited(entry, f"agencies.yaml: {name}"),
    )
