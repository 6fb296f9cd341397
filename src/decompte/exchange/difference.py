"""What two states of the law make of one case, as text and as JSON."""

from collections.abc import Iterator, Sequence
from datetime import date

from decompte.engine.difference import Change, LineDifference, differences
from decompte.engine.explain import euros
from decompte.engine.periods import Periods
from decompte.errors import Lang
from decompte.exchange import case
from decompte.law.history import shown
from decompte.law.shapes import Value

CENTS = "_cents"
NAMES_FR = {
    "base": "base",
    "gross": "brut",
    "penalty": "majoration",
    "participation": "participation",
    "franchise": "franchise",
    "amo": "part obligatoire",
    "local": "régime local",
    "solidarity": "solidaire",
    "amc": "complémentaire",
    "patient": "reste à charge",
    "deferred": "différé",
}


def read(
    document: object, *, today: date, then: Periods, now: Periods
) -> tuple[LineDifference, ...]:
    """Return the lines of a case document that two states of the law settle differently.

    Raises:
        Refusal: the case is refused under one of them.
    """
    asked = case.read(document, today=today, law=now)
    case.read(document, today=today, law=then)
    return differences(asked, then, now)


def document(found: Sequence[LineDifference]) -> list[dict[str, object]]:
    """Return the differences as a JSON document; amounts in cents."""
    return [
        {
            "line": one.number,
            "date": one.now.line.date.isoformat(),
            "act": one.now.line.charged,
            "amounts": {name: {"then": then, "now": now} for name, then, now in one.fields()},
            "figures": [
                {
                    "id": change.figure.id,
                    "key": change.key,
                    "then": _amount(change.then, change),
                    "now": _amount(change.now, change),
                }
                for change in one.changes
            ],
        }
        for one in found
    ]


def lines(found: Sequence[LineDifference], lang: Lang) -> Iterator[str]:
    """Yield the differences as lines of text."""
    if not found:
        yield "aucune différence" if lang == "fr" else "no difference"
    for one in found:
        yield f"{one.now.line.date}  {one.now.line.charged}"
        for name, then, now in one.fields():
            word = name.removesuffix(CENTS)
            told = NAMES_FR[word] if lang == "fr" else word
            yield f"  {told}: {euros(then, lang)} → {euros(now, lang)}"
        for change in one.changes:
            yield f"  - {change.figure.label.to(lang)} ({change.figure.id}): {_told(change, lang)}"


def _told(change: Change, lang: Lang) -> str:
    then, now = (_shown(value, change) for value in (change.then, change.now))
    known = change.now.published if change.now else None
    given_up = change.then.withdrawn if change.then else None
    parts = [f"{then} → {now}"]
    if given_up:
        parts.append(f"abandonné le {given_up}" if lang == "fr" else f"given up on {given_up}")
    if known:
        parts.append(f"connu le {known}" if lang == "fr" else f"known on {known}")
    return ", ".join(parts)


def _shown(value: Value | None, change: Change) -> str:
    if value is None:
        return "-"
    worth = value.worth(change.key)
    return shown(value._replace(amount=worth), change.figure.unit)


def _amount(value: Value | None, change: Change) -> object:
    return value.worth(change.key) if value else None
