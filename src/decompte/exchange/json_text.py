"""Reads JSON the way money needs it: one meaning only, or refused.

Python's own reader takes duplicate keys, NaN, endless depth and integers of any length. Here each
of them is a refusal, and a number with decimals is kept exact.
"""

import json
from decimal import Decimal, InvalidOperation

from decompte.errors import Problem, Refusal, Text

MOST_DEPTH = 64
MOST_DIGITS = 20
MOST_EXPONENT_DIGITS = 3


class _Wrong(Exception):  # noqa: N818  (turned into a refusal at once)
    """What is wrong with the text, found while it is read."""

    def __init__(self, code: str, fr: str, en: str) -> None:
        super().__init__(en)
        self.problem = Problem(code, "document", Text(fr=fr, en=en))


def loads(data: bytes) -> object:
    """Return the value of a JSON text; numbers with decimals come back as `Decimal`.

    Args:
        data: the text in UTF-8.

    Raises:
        Refusal: it is no JSON, names a key twice, holds NaN or Infinity, a number of more than 20
            digits, half a character, or is nested deeper than 64.
    """
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_once,
            parse_constant=_no_constant,
            parse_float=_decimal,
            parse_int=_integer,
        )
        _check(value)
    except _Wrong as wrong:
        raise Refusal([wrong.problem]) from None
    except UnicodeError:
        raise _refusal(
            "json.encoding", "le texte n'est pas en UTF-8", "the text is not UTF-8"
        ) from None
    except RecursionError:
        raise Refusal([_too_deep().problem]) from None
    except json.JSONDecodeError as error:
        where = f"{error.lineno}:{error.colno}"
        raise _refusal(
            "json.format",
            f"ce n'est pas du JSON (ligne et colonne {where})",
            f"this is not JSON (line and column {where})",
        ) from None
    return value


def dumps(value: object) -> str:
    """Return a value as JSON text; a `Decimal` keeps its digits, `23.00` stays `23.00`."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dict):
        parts = (f"{dumps(str(name))}: {dumps(one)}" for name, one in value.items())
        return "{" + ", ".join(parts) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(dumps(one) for one in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def has_control_character(value: object) -> bool:
    """Return whether a text anywhere in a value holds a character that cannot be stored."""
    if isinstance(value, str):
        return "\x00" in value
    if isinstance(value, dict):
        return any(has_control_character(part) for part in (*value, *value.values()))
    return isinstance(value, list) and any(has_control_character(part) for part in value)


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)[:40]
        raise _Wrong(
            "json.duplicate",
            f"la clé {twice!a} est donnée deux fois",
            f"the key {twice!a} is given twice",
        )
    return found


def _no_constant(name: str) -> object:
    raise _Wrong("json.number", f"{name} n'est pas un nombre", f"{name} is not a number")


def _integer(text: str) -> int:
    _check_digits(text)
    return int(text)


def _decimal(text: str) -> Decimal:
    mantissa, _sign, exponent = text.lower().partition("e")
    _check_digits(mantissa)
    if len(exponent.lstrip("+-").lstrip("0")) > MOST_EXPONENT_DIGITS:
        raise _long()
    try:
        return Decimal(text)
    except InvalidOperation:
        raise _long() from None


def _check_digits(text: str) -> None:
    if sum(character.isdigit() for character in text) > MOST_DIGITS:
        raise _long()


def _long() -> _Wrong:
    return _Wrong(
        "json.digits",
        f"un nombre a au plus {MOST_DIGITS} chiffres",
        f"a number has at most {MOST_DIGITS} digits",
    )


def _too_deep() -> _Wrong:
    return _Wrong(
        "json.depth",
        f"au plus {MOST_DEPTH} niveaux d'imbrication",
        f"at most {MOST_DEPTH} levels of nesting",
    )


def _check(value: object, depth: int = 0) -> None:
    """Refuse what is nested too deep and halves of characters."""
    if isinstance(value, str):
        value.encode("utf-8")
    if not isinstance(value, dict | list):
        return
    if depth == MOST_DEPTH:
        raise _too_deep()
    parts = [*value, *value.values()] if isinstance(value, dict) else value
    for part in parts:
        _check(part, depth + 1)


def _refusal(code: str, fr: str, en: str) -> Refusal:
    return Refusal([Problem(code, "document", Text(fr=fr, en=en))])
