"""A comparison as plots: SVG that reads in black and white, each with its numbers as alt text."""

import io
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

import matplotlib as mpl
from matplotlib.figure import Figure as Canvas

from decompte.engine.tally import PAYERS, Cells
from decompte.errors import Lang, Text
from decompte.exchange.compare import Comparison
from decompte.exchange.compared import MEASURES, SECTION, band, count, in_order, named, signed

SVG = "http://www.w3.org/2000/svg"
PATTERNS = (("#222222", ""), ("#ffffff", "////"), ("#bbbbbb", ""))
MOST_BARS = 12
CENTS = 100
EUROS = Text("euros", "euros")
PEOPLE = Text("personnes", "people")
WITHOUT = {"Date": None, "Creator": None, "Format": None, "Type": None}
STYLE: Any = {"svg.fonttype": "none", "svg.hashsalt": "decompte", "font.size": 10}


class Bars(NamedTuple):
    """What a plot shows.

    Attributes:
        name: of its file.
        title: what it shows.
        unit: of the numbers.
        labels: of the bars, or of the groups of bars.
        series: name and numbers of each bar in a group.
        told: the same in words.
    """

    name: str
    title: str
    unit: str
    labels: tuple[str, ...]
    series: tuple[tuple[str, tuple[float, ...]], ...]
    told: str


def plots(found: Comparison, lang: Lang) -> dict[str, bytes]:
    """Return the plots of a comparison by file name; a table that is withheld has none."""
    return {f"{bars.name}.svg": drawn(bars, lang) for bars in _all(found, lang)}


def _all(found: Comparison, lang: Lang) -> Iterator[Bars]:
    yield _payers(found.total, lang)
    if found.bands is not None:
        yield _bands(found.bands, lang)
    for table, cells in found.tables.items():
        if cells is not None and len(cells.names):
            yield _by_name(table, cells, lang)


def _payers(cells: Cells, lang: Lang) -> Bars:
    labels = tuple(MEASURES[payer].to(lang) for payer in PAYERS)
    cents = [cells.amount(0, payer, "difference") for payer in PAYERS]
    told = _told(labels, [signed(amount, lang) for amount in cents])
    title = SECTION["total"].to(lang)
    changes = tuple(amount / CENTS for amount in cents)
    return Bars("payers", title, EUROS.to(lang), labels, (("", changes),), told)


def _bands(cells: Cells, lang: Lang) -> Bars:
    labels = tuple(band(name, lang) for name in cells.names)
    people = tuple(float(one) for one in cells.people)
    told = _told(labels, [count(int(one), lang) for one in people])
    title = SECTION["bands"].to(lang)
    return Bars("bands", title, PEOPLE.to(lang), labels, (("", people),), told)


def _by_name(table: str, cells: Cells, lang: Lang) -> Bars:
    places = [at for at in in_order(table, cells) if _moves(cells, at)][:MOST_BARS]
    labels = tuple(named(cells.names[at], lang) for at in places)
    series = tuple(
        (
            MEASURES[payer].to(lang),
            tuple(cells.amount(at, payer, "difference") / CENTS for at in places),
        )
        for payer in PAYERS
    )
    words = [
        ", ".join(
            f"{MEASURES[payer].to(lang)} {signed(cells.amount(at, payer, 'difference'), lang)}"
            for payer in PAYERS
        )
        for at in places
    ]
    told = _told(labels, words)
    return Bars(table, SECTION[table].to(lang), EUROS.to(lang), labels, series, told)


def _moves(cells: Cells, cell: int) -> bool:
    return any(cells.amount(cell, payer, "difference") for payer in PAYERS)


def _told(labels: Sequence[str], words: Sequence[str]) -> str:
    return "; ".join(f"{label}: {word}" for label, word in zip(labels, words, strict=True)) + "."


def drawn(bars: Bars, lang: Lang) -> bytes:
    """Return bars as SVG with a title and a description; the same bars give the same bytes."""
    side_by_side = len(bars.series)
    with mpl.rc_context(STYLE):
        canvas = Canvas(figsize=(8, 1.2 + 0.3 * len(bars.labels) * max(1, side_by_side * 0.6)))
        axes = canvas.subplots()
        for number, (name, values) in enumerate(bars.series):
            colour, hatch = PATTERNS[number]
            at = [place + number * 0.8 / side_by_side for place in range(len(bars.labels))]
            height = 0.8 / side_by_side
            style: Any = {"color": colour, "hatch": hatch, "edgecolor": "black"}
            axes.barh(at, values, height=height, label=name or None, **style)
        middle = 0.4 * (side_by_side - 1) / side_by_side
        axes.set_yticks([place + middle for place in range(len(bars.labels))], bars.labels)
        axes.invert_yaxis()
        axes.axvline(0, color="black", linewidth=0.8)
        axes.xaxis.set_major_formatter(lambda value, _at: count(round(value), lang))
        axes.set_xlabel(bars.unit)
        axes.spines[["top", "right", "left"]].set_visible(False)
        if side_by_side > 1:
            axes.legend(frameon=False, loc="lower left", bbox_to_anchor=(0, 1), ncols=side_by_side)
        content = io.BytesIO()
        canvas.savefig(content, format="svg", bbox_inches="tight", metadata=WITHOUT)
    return _described(content.getvalue(), bars)


def _described(svg: bytes, bars: Bars) -> bytes:
    """Return SVG with its title and its numbers in words, for those who do not see it."""
    for prefix, space in (("", SVG), ("xlink", "http://www.w3.org/1999/xlink")):
        ET.register_namespace(prefix, space)
    root = ET.fromstring(svg)  # noqa: S314  (made by ourselves just now)
    root.set("role", "img")
    root.set("aria-labelledby", f"{bars.name}-title {bars.name}-told")
    for place, (tag, text) in enumerate((("title", bars.title), ("desc", bars.told))):
        mark = "title" if tag == "title" else "told"
        element = ET.Element(f"{{{SVG}}}{tag}", {"id": f"{bars.name}-{mark}"})
        element.text = text
        root.insert(place, element)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written
