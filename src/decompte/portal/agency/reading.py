"""Reads what was typed on an agency's pages: text no database refuses, numbers that are numbers."""

import unicodedata
from collections.abc import Mapping

LINE_BREAKS = "\n\t"


def text(values: Mapping[str, str], name: str, longest: int = 300) -> str:
    """Return what was typed in a field: trimmed, cut, without control characters."""
    typed = "".join(
        one
        for one in values.get(name, "").replace("\r\n", "\n")
        if one in LINE_BREAKS or unicodedata.category(one) not in {"Cc", "Cs"}
    )
    return typed.strip()[:longest]


def number(values: Mapping[str, str], name: str, otherwise: int, most: int = 10_000_000) -> int:
    """Return the whole number in a field, or another when there is none or it is too large."""
    typed = values.get(name, "")
    is_number = typed.isascii() and typed.isdigit() and len(typed) <= len(str(most))
    return min(int(typed), most) if is_number else otherwise


def version(values: Mapping[str, str]) -> int | None:
    """Return what the agent saw of a request; a form without it is checked by the state alone."""
    seen = number(values, "version", -1)
    return seen if seen >= 0 else None
