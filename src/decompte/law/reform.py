"""A reform: figures that a user changed, laid over a law. What is wrong with it is told at once.

From the first day that a reform names for a figure, and for a key of it, the law's own values give
way to the reform's; whatever it does not name stays. A reform changes figures the law has: it
brings no new ones, because no rule would read them.
"""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from decompte.errors import Problem, Refusal, Text
from decompte.law import check
from decompte.law.shapes import Figure, LawData, Source, Value

SOURCE = "reform"
OF_A_DOCUMENT = {"title", "figures"}
OF_A_FIGURE = {"label", "unit", "keys", "values"}
OF_A_VALUE = {"from", "value", "note", "sources", "confidence", "checked"}
ENDING = ("tariff", "overseas")
Amount = int | Mapping[str, int | None] | None


class Reform(NamedTuple):
    """A law with a reform laid over it.

    Attributes:
        law: the law with the reform.
        changed: ids of the figures that are worth something else on some day.
        since: the first such day.
        title: what the user calls it.
    """

    law: LawData
    changed: tuple[str, ...]
    since: date
    title: Text


class Wished(NamedTuple):
    """A value that a reform names: from a day on, what a figure or some of its keys are worth."""

    since: date
    amount: Amount
    note: str


def reformed(base: LawData, documents: Mapping[str, object]) -> Reform:
    """Return a law with a reform laid over it.

    Args:
        base: the law that the reform changes.
        documents: what the files of the reform hold, by name; laid out like a file of
            `law/figures`, or with ids in full and nothing but values.

    Raises:
        Refusal: with every problem: a figure that the law does not have, a value that is not of its
            kind, a gap, what `law check` finds, or nothing that changes.
    """
    problems: list[Problem] = []
    laid: dict[str, Figure] = {}
    title = Text(", ".join(documents), ", ".join(documents))
    for name, document in documents.items():
        if not isinstance(document, Mapping) or not isinstance(document.get("figures"), Mapping):
            problems.append(_problem("reform.shape", name, *SHAPE))
            continue
        problems += _strays(document, OF_A_DOCUMENT, name)
        title = _title(document.get("title")) or title
        for key, entry in document["figures"].items():
            figure = _laid_over(base, name, str(key), entry, problems)
            if figure is not None:
                laid[figure.id] = figure
    if problems:
        raise Refusal(problems)
    return _checked(base, laid, title)


SHAPE = (
    "un fichier de réforme contient `figures`, par identifiant de chiffre, et un `title`",
    "a file of a reform holds `figures`, by id of the figure, and a `title`",
)


def _checked(base: LawData, laid: Mapping[str, Figure], title: Text) -> Reform:
    days = {name: _first_change(base.figures[name], figure) for name, figure in laid.items()}
    changed = {name: day for name, day in days.items() if day is not None}
    if not changed:
        raise Refusal([_problem("reform.nothing", "figures", *NOTHING)])
    told = "".join(f"{laid[name].id} {laid[name].values}\n" for name in sorted(changed))
    law = base._replace(
        figures={**base.figures, **laid},
        told={**base.told, **laid},
        sources={**base.sources, SOURCE: Source(SOURCE, title, None, "example", "", "", "")},
        digest=hashlib.sha256(f"{base.digest} reformed {told}".encode()).hexdigest(),
    )
    known = set(check.unsound(base))
    found = [line for line in check.unsound(law) if line not in known]
    if found:
        raise Refusal([_problem("reform.check", "law check", line.fr, line.en) for line in found])
    return Reform(law, tuple(sorted(changed)), min(changed.values()), title)


NOTHING = (
    "la réforme ne change rien : chaque chiffre garde partout la valeur du droit de départ",
    "the reform changes nothing: every figure keeps the value of the base on every day",
)


def _first_change(before: Figure, after: Figure) -> date | None:
    for day in sorted({value.since for value in (*before.values, *after.values)}):
        old, new = before.on(day), after.on(day)
        if (old and old.amount) != (new and new.amount):
            return day
    return None


def _laid_over(
    base: LawData, file: str, key: str, entry: object, problems: list[Problem]
) -> Figure | None:
    """Return a figure of the law with what a reform names; what is wrong goes to `problems`."""
    name = key if "." in key else f"{subject(file)}.{key}"
    figure = base.figures.get(name)
    where = f"{file}: {name}"
    if figure is None:
        problems.append(_unknown(base, where, name))
        return None
    about = entry if isinstance(entry, Mapping) else {"values": entry}
    found = _strays(about, OF_A_FIGURE, where)
    for said, known in (("unit", figure.unit), ("keys", figure.keys)):
        if about.get(said, known) != known:
            told = (f"`{said}` est {known}", f"`{said}` is {known}")
            found.append(_problem("reform.kind", where, *told))
    listed = about.get("values")
    if not isinstance(listed, list) or not listed:
        found.append(_problem("reform.values", where, *VALUES))
        listed = []
    wished = [one for value in listed if (one := _wished(figure, value, where, found))]
    if any(after.since <= before.since for before, after in pairwise(wished)):
        found.append(_problem("reform.order", where, *ORDER))
    problems += found
    return None if found else figure._replace(values=tuple(_overlay(figure, wished)), file=file)


def subject(file: str) -> str:
    """Return the subject that a file of figures is named for; tariffs share one."""
    folder, _, last = file.rpartition("/")
    return "tariff" if folder.rpartition("/")[2] == "tariffs" else last.rpartition(".")[0]


VALUES = (
    "`values` est une liste non vide de {from, value}",
    "`values` is a list, not empty, of {from, value}",
)
ORDER = (
    "les jours d'effet ne vont pas en croissant",
    "the days of effect are not in ascending order",
)


def _wished(figure: Figure, entry: object, where: str, found: list[Problem]) -> Wished | None:
    if not isinstance(entry, Mapping) or "from" not in entry or "value" not in entry:
        found.append(_problem("reform.value", where, *VALUES))
        return None
    since = _day(entry["from"])
    if since is None:
        told = (f"{entry['from']!r} n'est pas un jour", f"{entry['from']!r} is not a day")
        found.append(_problem("reform.day", where, *told))
        return None
    wrong = [*_strays(entry, OF_A_VALUE, where), *_wrong(figure, entry["value"], since, where)]
    found += wrong
    amount = entry["value"]
    if isinstance(amount, Mapping):
        amount = {str(key): number for key, number in amount.items()}
    return None if wrong else Wished(since, amount, str(entry.get("note", "")))


def _wrong(figure: Figure, amount: object, since: date, where: str) -> Iterator[Problem]:
    """Yield what is wrong with an amount: its shape, its numbers, a gap that it would open."""
    if figure.keys is None:
        yield from _wrong_number(figure, None, amount, since, where)
        return
    known = keys(figure)
    if not isinstance(amount, Mapping) or not amount:
        listed = ", ".join(known)
        told = (f"valeurs par {figure.keys} : {listed}", f"values by {figure.keys}: {listed}")
        yield _problem("reform.keys", f"{where} of {since}", *told)
        return
    for key, number in amount.items():
        if str(key) not in known:
            listed = ", ".join(known)
            told = (f"{key!r} inconnu ; permis : {listed}", f"{key!r} unknown; allowed: {listed}")
            yield _problem("reform.key", f"{where} of {since}", *told)
        else:
            yield from _wrong_number(figure, str(key), number, since, where)


def _wrong_number(
    figure: Figure, key: str | None, number: object, since: date, where: str
) -> Iterator[Problem]:
    place = f"{where} of {since}" + (f", {key}" if key else "")
    if number is None:
        if not _may_end(figure, key):
            yield _problem("reform.gap", place, *GAP)
    elif isinstance(number, bool) or not isinstance(number, int):
        unit = figure.unit
        told = (f"{number!r} : un entier en {unit}", f"{number!r}: a whole number of {unit}")
        yield _problem("reform.number", place, *told)


GAP = (
    "un trou : ce chiffre a toujours une valeur, aucune règle ne sait s'en passer",
    "a gap: this figure always has a value, no rule knows how to do without",
)


def _may_end(figure: Figure, key: str | None) -> bool:
    """Return whether the rules know a figure without a value: a tariff, or one that ended."""
    is_tariff = figure.id.split(".")[0] in ENDING
    return is_tariff or any(value.worth(key) is None for value in figure.values)


def keys(figure: Figure) -> tuple[str, ...]:
    """Return what the values of a figure are told apart by."""
    return next((tuple(v.amount) for v in figure.values if isinstance(v.amount, Mapping)), ())


def _overlay(figure: Figure, wished: list[Wished]) -> Iterator[Value]:
    if figure.keys is None:
        yield from (value for value in figure.values if value.since < wished[0].since)
        yield from (_value(one.since, one.amount, one.note) for one in wished)
        return
    days = {value.since for value in figure.values} | {one.since for one in wished}
    for day in sorted(days):
        named: dict[str, int | None] = {}
        for one in wished:
            if one.since <= day and isinstance(one.amount, Mapping):
                named |= one.amount
        before = figure.on(day)
        amounts = before.amount if before and isinstance(before.amount, Mapping) else {}
        whole = dict.fromkeys(keys(figure)) | dict(amounts) | named
        if before and not named:
            yield before
        else:
            yield _value(day, whole, "")


def _value(since: date, amount: Amount, note: str) -> Value:
    return Value(since, amount, (SOURCE,), "high", None, Text(fr=note, en=note))


def _day(given: object) -> date | None:
    if isinstance(given, date):
        return given
    try:
        return date.fromisoformat(str(given))
    except ValueError:
        return None


def _title(entry: object) -> Text | None:
    if isinstance(entry, Mapping) and {"fr", "en"} <= set(entry):
        return Text(fr=str(entry["fr"]), en=str(entry["en"]))
    return Text(entry, entry) if isinstance(entry, str) else None


def _strays(entry: Mapping[object, object], known: set[str], where: str) -> list[Problem]:
    strays = ", ".join(sorted(str(key) for key in entry if key not in known))
    listed = ", ".join(sorted(known))
    if not strays:
        return []
    told = (f"inconnu : {strays} ; permis : {listed}", f"unknown: {strays}; allowed: {listed}")
    return [_problem("reform.unknown", where, *told)]


def _unknown(base: LawData, where: str, name: str) -> Problem:
    near = [one for one in sorted(base.figures) if one.split(".")[0] == name.split(".")[0]][:8]
    listed = ", ".join(near) or "decompte law list"
    told = (f"chiffre inconnu ; proches : {listed}", f"unknown figure; near ones: {listed}")
    return _problem("reform.figure", where, *told)


def _problem(code: str, field: str, fr: str, en: str) -> Problem:
    return Problem(code, field, Text(fr=fr, en=en))
