"""A comparison of two laws in words: sections for a terminal or a page, and one JSON document.

Amounts are the payers' own: what changes for one of them is its amount under the reform less its
amount under the base. A plus on what is left to the patients is a loss to them.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from decompte.engine.explain import euros
from decompte.engine.tally import PAID, PAYERS, SIDES, Cells
from decompte.errors import Lang, Text
from decompte.exchange.compare import Comparison
from decompte.exchange.disclosure import OTHER
from decompte.law.history import shown
from decompte.law.shapes import Figure, LawData, Value

MOST_ROWS = 20
MEASURES: Mapping[str, Text] = {
    "price": Text("dépense", "spent"),
    "mandatory": Text("assurance maladie, régime local", "mandatory insurance, local scheme"),
    "complementary": Text("complémentaires, solidarité", "complementary, solidarity"),
    "patient": Text("reste à charge", "left to patients"),
    "base": Text("base de remboursement", "base of reimbursement"),
    "gross": Text("brut", "gross"),
    "penalty": Text("majoration hors parcours", "out-of-pathway penalty"),
    "participation": Text("participations", "participations"),
    "franchise": Text("franchises", "franchises"),
    "deferred": Text("dont différé", "of which deferred"),
}
SECTION: Mapping[str, Text] = {
    "total": Text("Qui paie", "Who pays"),
    "bands": Text("Qui gagne, qui perd", "Who gains, who loses"),
    "act": Text("Par acte", "By act"),
    "age": Text("Par âge", "By age"),
    "month": Text("Par mois", "By month"),
}
FIRST: Mapping[str, Text] = {
    "total": Text("", ""),
    "bands": Text("par personne", "a person"),
    "act": Text("acte", "act"),
    "age": Text("âge", "age"),
    "month": Text("mois", "month"),
}
HEADS: Mapping[str, Text] = {
    "base": Text("aujourd'hui", "base"),
    "reform": Text("réforme", "reform"),
    "difference": Text("écart", "difference"),
    "lines": Text("lignes", "lines"),
    "people": Text("personnes", "people"),
    "share": Text("part", "share"),
    "price": Text("écart dépense", "spent, diff."),
    "mandatory": Text("écart assurance", "mandatory, diff."),
    "complementary": Text("écart compl.", "complem., diff."),
    "patient": Text("écart reste à charge", "patients, diff."),
}
OTHERS = Text("autres (petites cases réunies)", "others (small cells together)")
UNKNOWN = Text("inconnu", "unknown")
WITHHELD = Text(
    "non publié : trop peu de personnes par case", "not published: too few people a cell"
)
NOTHING_YET = Text(
    "La réforme commence le {since}, après les derniers soins du fichier ({last}) : "
    "rien ne change.",
    "The reform begins on {since}, after the last care of the file ({last}): nothing changes.",
)
BEHAVIOUR = Text(
    "Les soins sont ceux du fichier : personne ne consulte plus ou moins à cause de la réforme.",
    "Care is that of the file: nobody sees a doctor more or less because of the reform.",
)


class Heading(NamedTuple):
    """What a comparison is about.

    Attributes:
        title: of the reform.
        since: its first day.
        base, reform: the two laws.
        changed: ids of the figures that differ.
        versions: of the two laws, as results name them.
    """

    title: Text
    since: date
    base: LawData
    reform: LawData
    changed: tuple[str, ...]
    versions: tuple[str, str]


class Section(NamedTuple):
    """A table in words: the first column is text, the others are amounts or numbers."""

    name: str
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str


def opening(heading: Heading, found: Comparison, lang: Lang) -> Iterator[str]:
    """Yield what is compared, over which lines, and what is not in it."""
    yield f"{heading.title.to(lang)} ({heading.since})"
    for name in heading.changed:
        yield f"  {_changed(heading, name, lang)}"
    yield _counted(found, lang)
    for text, rows in found.reasons[:MOST_ROWS]:
        yield f"  {rows}: {text.to(lang)}"
    if found.days and found.days[1] < heading.since:
        yield NOTHING_YET.fill(since=heading.since, last=found.days[1]).to(lang)
    yield BEHAVIOUR.to(lang)


def _counted(found: Comparison, lang: Lang) -> str:
    lines = count(int(found.total.lines.sum()), lang)
    people, apart = count(int(found.total.people.sum()), lang), count(found.apart, lang)
    days = " – ".join(day.isoformat() for day in found.days) if found.days else "-"
    if lang == "fr":
        told = f"{lines} lignes de {people} personnes, soins du {days}"
        return f"{told} ; {apart} lignes mises à part, qu'un des deux droits ne calcule pas"
    told = f"{lines} lines of {people} people, care of {days}"
    return f"{told}; {apart} rows set apart, which one of the laws does not settle"


def _changed(heading: Heading, name: str, lang: Lang) -> str:
    before, after = heading.base.figures[name], heading.reform.figures[name]
    day = next(
        day
        for day in sorted({value.since for value in (*before.values, *after.values)})
        if _amount(before, day) != _amount(after, day)
    )
    old, new = before.on(day), after.on(day)
    told = f"{_worth(before, old, new)} → {_worth(after, new, old)}"
    return f"{after.label.to(lang)} ({name}), {day}: {told}"


def _amount(figure: Figure, day: date) -> object:
    value = figure.on(day)
    return value.amount if value else None


def _worth(figure: Figure, value: Value | None, other: Value | None) -> str:
    """Return a value as people read it; of values by key, those that the other has otherwise."""
    if value is None:
        return "-"
    if isinstance(value.amount, Mapping) and other and isinstance(other.amount, Mapping):
        there = other.amount
        differ = {key: one for key, one in value.amount.items() if one != there.get(key)}
        value = value._replace(amount=differ)
    return shown(value, figure.unit)


def sections(found: Comparison, lang: Lang, most: int = MOST_ROWS) -> list[Section]:
    """Return a comparison as tables in words.

    Args:
        found: what came out.
        lang: of the words.
        most: rows of a table; the acts with the largest changes come first.
    """
    made = [_totals(found.total, lang), _bands(found.bands, lang)]
    made += [_by_name(name, cells, lang) for name, cells in found.tables.items()]
    return [section if len(section.rows) <= most else _cut(section, most, lang) for section in made]


def _cut(section: Section, most: int, lang: Lang) -> Section:
    rest = len(section.rows) - most
    told = f"et {rest} autres" if lang == "fr" else f"and {rest} more"
    return section._replace(rows=section.rows[:most], note=told)


def _totals(cells: Cells, lang: Lang) -> Section:
    wanted = [name for name in MEASURES if name in cells.measures]
    rows = tuple(
        (
            MEASURES[name].to(lang),
            *(euros(cells.amount(0, name, side), lang) for side in ("base", "reform")),
            signed(cells.amount(0, name, "difference"), lang),
        )
        for name in wanted
        if name in PAID or any(cells.amount(0, name, side) for side in SIDES)
    )
    head = ("", *(HEADS[side].to(lang) for side in SIDES))
    return Section("total", SECTION["total"].to(lang), head, rows, "")


def _bands(cells: Cells | None, lang: Lang) -> Section:
    if cells is None:
        return _withheld("bands", lang)
    people = int(cells.people.sum())
    head = (FIRST["bands"], HEADS["people"], HEADS["share"], HEADS["patient"])
    rows = tuple(
        (
            band(name, lang),
            count(int(cells.people[place]), lang),
            _share(int(cells.people[place]), people, lang),
            signed(cells.amount(place, "patient", "difference"), lang),
        )
        for place, name in enumerate(cells.names)
    )
    return Section("bands", SECTION["bands"].to(lang), _words(head, lang), rows, "")


def _by_name(name: str, cells: Cells | None, lang: Lang) -> Section:
    if cells is None:
        return _withheld(name, lang)
    places = in_order(name, cells)
    moving = [one for one in PAID if any(cells.amount(at, one, "difference") for at in places)]
    shown_ones = [one for one in PAID if one in moving or one in PAYERS]
    head = (FIRST[name], HEADS["lines"], HEADS["people"], *(HEADS[one] for one in shown_ones))
    rows = tuple(
        (
            named(cells.names[at], lang),
            count(int(cells.lines[at]), lang),
            "≥ 10" if cells.names[at] == OTHER else count(int(cells.people[at]), lang),
            *(signed(cells.amount(at, one, "difference"), lang) for one in shown_ones),
        )
        for at in places
    )
    return Section(name, SECTION[name].to(lang), _words(head, lang), rows, "")


def in_order(table: str, cells: Cells) -> list[int]:
    """Return the cells' places in the order in which a table shows them.

    Acts go by what changes for the mandatory insurance, ages and months by name; `OTHER` is last.
    """
    places = [place for place in range(len(cells.names)) if cells.people[place] > 0]
    if table == "act":
        moved = {at: abs(cells.amount(at, "mandatory", "difference")) for at in places}
        key = {at: (-moved[at], cells.names[at]) for at in places}
    else:
        key = {at: (0, cells.names[at]) for at in places}
    return sorted(places, key=lambda at: (cells.names[at] == OTHER, *key[at]))


def _withheld(name: str, lang: Lang) -> Section:
    return Section(name, SECTION[name].to(lang), (), (), WITHHELD.to(lang))


def _words(texts: Sequence[Text], lang: Lang) -> tuple[str, ...]:
    return tuple(text.to(lang) for text in texts)


def named(name: str, lang: Lang) -> str:
    """Return the name of a cell as people read it."""
    return {OTHER: OTHERS.to(lang), "?": UNKNOWN.to(lang)}.get(name, name)


def count(number: int, lang: Lang) -> str:
    """Return a whole number as people read it."""
    return f"{number:,}".replace(",", "\u202f") if lang == "fr" else f"{number:,}"


def _share(part: int, whole: int, lang: Lang) -> str:
    share = f"{100 * part / max(whole, 1):.1f}"
    return f"{share.replace('.', ',')}\u00a0%" if lang == "fr" else f"{share}%"


def signed(amount_cents: int, lang: Lang) -> str:
    """Return a change of an amount with its sign."""
    return ("+" if amount_cents > 0 else "") + euros(amount_cents, lang)


def band(name: str, lang: Lang) -> str:
    """Return a band of what people pay more, `first:last` in cents, as people read it."""
    first, last = (int(end) if end else None for end in name.split(":"))
    if first == last == 0:
        return "rien ne change" if lang == "fr" else "nothing changes"
    if first is not None and first < 0 <= (last if last is not None else 0):
        return _across(first, last, lang)
    if last is not None and last < 0:
        word = "gagne" if lang == "fr" else "gains"
        return _between(word, -last, None if first is None else -first, lang)
    word = "perd" if lang == "fr" else "loses"
    return _between(word, first or 0, last, lang)


def _between(word: str, least: int, most: int | None, lang: Lang) -> str:
    if most is None:
        over = "plus de" if lang == "fr" else "more than"
        return f"{word} {over} {euros(least - 1, lang)}"
    to = "à" if lang == "fr" else "to"
    return f"{word} {euros(least, lang)} {to} {euros(most, lang)}"


def _across(first: int, last: int | None, lang: Lang) -> str:
    gain, loss = euros(-first, lang), euros(last or 0, lang)
    if lang == "fr":
        return f"gagne jusqu'à {gain}, ou perd jusqu'à {loss}"
    return f"gains up to {gain}, or loses up to {loss}"


def lines(heading: Heading, found: Comparison, lang: Lang) -> Iterator[str]:
    """Yield a comparison line by line for a terminal."""
    yield from opening(heading, found, lang)
    for section in sections(found, lang):
        yield ""
        yield section.title
        yield from (f"  {line}" for line in _aligned(section))


def _aligned(section: Section) -> Iterator[str]:
    listed = [section.head, *section.rows] if section.head else []
    widths = [max(len(row[place]) for row in listed) for place in range(len(section.head))]
    for row in listed:
        cells = [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        yield "  ".join((row[0].ljust(widths[0]), *cells)).rstrip()
    if section.note:
        yield section.note


def document(heading: Heading, found: Comparison, lang: Lang) -> dict[str, object]:
    """Return a comparison as one JSON document; a table that is withheld is null."""
    tables = {"total": found.total, "bands": found.bands, **found.tables}
    return {
        "laws": {"base": heading.versions[0], "reform": heading.versions[1]},
        "reform": {
            "title": heading.title.to(lang),
            "since": heading.since.isoformat(),
            "figures": list(heading.changed),
        },
        "rows": found.rows,
        "apart": {
            "rows": found.apart,
            "reasons": [{"rows": rows, "text": text.to(lang)} for text, rows in found.reasons],
        },
        "days": [day.isoformat() for day in found.days] if found.days else None,
        "small_cells_hidden": found.is_public,
        "tables": {name: cells and _cells(name, cells) for name, cells in tables.items()},
    }


def _cells(table: str, cells: Cells) -> list[dict[str, object]]:
    places = range(len(cells.names)) if table in {"total", "bands"} else in_order(table, cells)
    return [
        {
            "name": cells.names[at],
            "lines": int(cells.lines[at]),
            "people": people(cells, at),
            "amounts_cents": {
                measure: {side: cells.amount(at, measure, side) for side in SIDES}
                for measure in cells.measures
            },
        }
        for at in places
        if cells.people[at] > 0
    ]


def people(cells: Cells, cell: int) -> int | None:
    """Return how many people are in a cell; None for several together, known too roughly."""
    return None if cells.names[cell] == OTHER else int(cells.people[cell])
