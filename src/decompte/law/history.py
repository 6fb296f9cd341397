"""How a figure is shown: its value on a day, or its whole history with sources."""

from collections.abc import Iterator, Mapping
from datetime import date

from decompte.errors import Lang
from decompte.law.shapes import Figure, LawData, Value

CENTS = 100


def document(law: LawData, figure: Figure, lang: Lang, on: date | None) -> dict[str, object]:
    """Return a figure as a JSON document: all its values, or the one in force on a day."""
    values = figure.values if on is None else tuple(v for v in (figure.on(on),) if v)
    return {
        "id": figure.id,
        "label": figure.label.to(lang),
        "unit": figure.unit,
        "keys": figure.keys,
        "values": [_value(law, value, lang) for value in values],
        "given_up": [_value(law, value, lang) for value in _given_up(law, figure)],
    }


def lines(law: LawData, figure: Figure, lang: Lang, on: date | None) -> Iterator[str]:
    """Yield a figure as lines of text for a terminal."""
    yield f"{figure.id}: {figure.label.to(lang)} ({figure.unit})"
    values = figure.values if on is None else tuple(v for v in (figure.on(on),) if v)
    for value in values:
        yield f"  {value.since}  {shown(value, figure.unit)}  [{value.confidence}]"
        for source in value.sources:
            cited = law.sources[source]
            yield f"    {cited.title.to(lang)}  {cited.url}".rstrip()
        if value.note.to(lang):
            yield f"    {value.note.to(lang)}"
    for value in _given_up(law, figure):
        told = f"told on {value.published}, given up on {value.withdrawn}"
        yield f"  {value.since}  {shown(value, figure.unit)}  ({told})"


def _given_up(law: LawData, figure: Figure) -> tuple[Value, ...]:
    return tuple(value for value in law.told[figure.id].values if value.withdrawn)


def shown(value: Value, unit: str) -> str:
    """Return a value as people read it: `1.00 €` for 100 cents."""
    if isinstance(value.amount, Mapping):
        cells = value.amount.items()
        return ", ".join(f"{key} {_amount(number, unit)}" for key, number in cells)
    return _amount(value.amount, unit)


def _amount(number: int | None, unit: str) -> str:
    if number is None:
        return "-"
    if unit == "cents":
        return f"{number // CENTS}.{number % CENTS:02d} €"
    if unit == "basis-points":
        return f"{number / CENTS:g} %"
    return str(number)


def _value(law: LawData, value: Value, lang: Lang) -> dict[str, object]:
    return {
        "since": value.since.isoformat(),
        "value": value.amount,
        "confidence": value.confidence,
        "published": value.published.isoformat() if value.published else None,
        "withdrawn": value.withdrawn.isoformat() if value.withdrawn else None,
        "checked": value.checked.isoformat() if value.checked else None,
        "note": value.note.to(lang),
        "sources": [
            {"id": name, "title": law.sources[name].title.to(lang), "url": law.sources[name].url}
            for name in value.sources
        ],
    }
