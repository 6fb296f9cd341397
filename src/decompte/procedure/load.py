"""Reads the dated data of the procedures; what has no source does not load."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from decompte.errors import FiguresError, Text
from decompte.procedure.shapes import Reason, Source

FOLDER = Path(__file__).parent / "data"
CONFIDENCE = ("high", "medium", "low")
Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@lru_cache(maxsize=64)
def data(name: str) -> Mapping[str, Any]:
    """Return a data file of the procedures, by its path without the ending."""
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


def reason_of(code: str, entry: Mapping[str, Any], where: str) -> Reason:
    """Return the reason an entry gives: its sentence, sources, confidence and doubt.

    Raises:
        FiguresError: the sentence, the source, or the doubt of an unsure entry is missing.
    """
    why, confidence = entry.get("why"), entry.get("confidence", "high")
    doubt = text_or_none(entry.get("doubt"))
    if not why or confidence not in CONFIDENCE:
        raise FiguresError(f"{where}: no reason, or an unknown confidence")
    if confidence == "low" and doubt is None:
        raise FiguresError(f"{where}: an entry of low confidence says what is doubtful")
    return Reason(code, Text(**why), cited(entry, where), doubt, str(confidence))


def text_or_none(value: Mapping[str, str] | None) -> Text | None:
    """Return a sentence of the data, or None where there is none."""
    return Text(**value) if value else None
