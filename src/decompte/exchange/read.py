"""Reads a document field by field and gathers every problem it finds."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from decompte.errors import Problem, Refusal, Text

T = TypeVar("T")
CENTS = 100
MOST_EUROS = 1_000_000
ONE = 10_000
MOST_COEFFICIENT = 1000


class Fields:
    """One mapping of a document; reading a field removes it, what is left is unknown.

    Reading never raises: a wrong field adds a problem and comes back as None, so that all the
    problems of a document are told at once.
    """

    def __init__(self, value: object, path: str, problems: list[Problem]) -> None:
        """Open a mapping; anything else is a problem and reads as empty."""
        self.path = path
        self.problems = problems
        self.rest: dict[str, object] = {}
        if isinstance(value, Mapping):
            self.rest = {str(key): item for key, item in value.items()}
        else:
            self.refuse(
                "",
                "document.shape",
                "une liste de champs est attendue",
                "a mapping of fields is expected",
            )

    def at(self, name: str) -> str:
        """Return the path of a field, such as `lines[0].price`."""
        return ".".join(part for part in (self.path, name) if part)

    def refuse(self, name: str, code: str, fr: str, en: str) -> None:
        """Add a problem about a field."""
        self.problems.append(Problem(code, self.at(name) or "document", Text(fr=fr, en=en)))

    def has(self, name: str) -> bool:
        """Return whether a field is given (an empty one is not)."""
        return self.rest.get(name) is not None

    def take(self, name: str, read: Callable[[object], T], *, required: bool = False) -> T | None:
        """Return a field as `read` understands it, or None with a problem noted."""
        value = self.rest.pop(name, None)
        if value is None:
            if required:
                self.refuse(
                    name, "field.missing", "ce champ est nécessaire", "this field is needed"
                )
            return None
        try:
            return read(value)
        except Unreadable as error:
            self.refuse(name, error.code, error.text.fr, error.text.en)
            return None

    def inner(self, name: str) -> "Fields":
        """Return a mapping inside this one; missing reads as empty."""
        value = self.rest.pop(name, None)
        return Fields({} if value is None else value, self.at(name), self.problems)

    def items(self, name: str) -> list["Fields"]:
        """Return a list of mappings inside this one; missing reads as empty."""
        value = self.rest.pop(name, None)
        if value is None:
            return []
        if not isinstance(value, list):
            self.refuse(name, "document.shape", "une liste est attendue", "a list is expected")
            return []
        return [
            Fields(item, f"{self.at(name)}[{position}]", self.problems)
            for position, item in enumerate(value)
        ]

    def finish(self, allowed: tuple[str, ...]) -> None:
        """Refuse what was not read, naming what is allowed."""
        for name in self.rest:
            self.refuse(
                name,
                "field.unknown",
                f"champ inconnu ; champs permis : {', '.join(allowed)}",
                f"unknown field; allowed fields: {', '.join(allowed)}",
            )


class Unreadable(ValueError):  # noqa: N818  (what is wrong is in its text)
    """A value that its field does not allow; `Fields` turns it into a problem."""

    def __init__(self, code: str, fr: str, en: str) -> None:
        """Keep the code and the sentence."""
        super().__init__(en)
        self.code = code
        self.text = Text(fr=fr, en=en)


def finished(problems: list[Problem]) -> None:
    """Raise what was gathered, if anything.

    Raises:
        Refusal: at least one problem was found.
    """
    if problems:
        raise Refusal(problems)


def day(value: object) -> date:
    """Return an ISO 8601 date."""
    if isinstance(value, date) and type(value) is date:
        return value
    text = str(value)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Unreadable(
            "date.impossible",
            f"{text!r} n'est pas une date ; écrire AAAA-MM-JJ, un jour qui existe",
            f"{text!r} is not a date; write YYYY-MM-DD, a day that exists",
        ) from None


def cents(value: object) -> int:
    """Return an amount in euros, at most two decimals, as cents."""
    text = str(value)
    wrong = Unreadable(
        "amount.format",
        f'{text!r} n\'est pas un montant ; écrire par exemple "23.00"',
        f'{text!r} is not an amount; write for example "23.00"',
    )
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise wrong
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise wrong from None
    if not amount.is_finite() or amount < 0 or amount > MOST_EUROS:
        raise Unreadable(
            "amount.range",
            f"{text} est hors limites ; de 0 à {MOST_EUROS} euros",
            f"{text} is out of range; 0 to {MOST_EUROS} euros",
        )
    if amount != amount.quantize(Decimal("0.01")):
        raise Unreadable(
            "amount.decimals",
            f"{text} a plus de deux décimales",
            f"{text} has more than two decimals",
        )
    return int(amount * CENTS)


def flag(value: object) -> bool:
    """Return a truth value."""
    if not isinstance(value, bool):
        raise Unreadable("flag.format", "écrire true ou false", "write true or false")
    return value


def text(value: object) -> str:
    """Return a short text; a number is taken as it is written."""
    most = 200
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Unreadable("text.format", "un texte est attendu", "a text is expected")
    if len(str(value)) > most:
        raise Unreadable("text.long", f"au plus {most} caractères", f"at most {most} characters")
    return str(value)


def whole(lowest: int, highest: int) -> Callable[[object], int]:
    """Return a reader of whole numbers within bounds."""

    def read(value: object) -> int:
        number = int(value) if isinstance(value, str) and value.isdecimal() else value
        if isinstance(number, bool) or not isinstance(number, int):
            raise Unreadable(
                "number.format", "un nombre entier est attendu", "a whole number is expected"
            )
        if not lowest <= number <= highest:
            raise Unreadable(
                "number.range", f"de {lowest} à {highest}", f"from {lowest} to {highest}"
            )
        return number

    return read


def one_of(allowed: tuple[str, ...], code: str = "choice.unknown") -> Callable[[object], str]:
    """Return a reader of one name out of a list."""

    def read(value: object) -> str:
        name = str(value)
        if name not in allowed:
            listed = ", ".join(allowed)
            raise Unreadable(
                code,
                f"{name!r} inconnu ; permis : {listed}",
                f"{name!r} is unknown; allowed: {listed}",
            )
        return name

    return read


def some_of(allowed: tuple[str, ...]) -> Callable[[object], tuple[str, ...]]:
    """Return a reader of a list of names out of those allowed; one alone may stand by itself."""
    one = one_of(allowed)

    def read(value: object) -> tuple[str, ...]:
        names = value if isinstance(value, list) else [value]
        return tuple(dict.fromkeys(one(name) for name in names))

    return read


def coefficient(value: object) -> int:
    """Return the coefficient of an act, at most two decimals, in ten-thousandths."""
    text = str(value)
    try:
        number = Decimal("NaN") if isinstance(value, bool) else Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or not 0 < number <= MOST_COEFFICIENT:
        raise Unreadable(
            "coefficient.range",
            f"{text!r} n'est pas un coefficient ; plus de 0, au plus {MOST_COEFFICIENT}",
            f"{text!r} is not a coefficient; more than 0, at most {MOST_COEFFICIENT}",
        )
    if number != number.quantize(Decimal("0.01")):
        raise Unreadable(
            "coefficient.decimals",
            f"{text} a plus de deux décimales",
            f"{text} has more than two decimals",
        )
    return int(number * ONE)
