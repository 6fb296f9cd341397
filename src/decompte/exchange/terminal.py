"""A result document as a terminal shows it: an aligned table, each line's reasons under it."""

from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap
from typing import NamedTuple

from decompte.engine.explain import euros
from decompte.errors import Lang, Text

BOLD, DIM, YELLOW, PLAIN = "\033[1m", "\033[2m", "\033[33m", "\033[0m"
NARROWEST = 60
GAP = "  "


class Column(NamedTuple):
    """A column of amounts; one that is zero throughout is left out, save those always shown."""

    name: str
    head: Text


class Style(NamedTuple):
    """How wide the terminal is, and whether it shows colours."""

    width: int
    is_coloured: bool

    def paint(self, colour: str, text: str) -> str:
        """Return a text in a colour, or as it is."""
        return f"{colour}{text}{PLAIN}" if self.is_coloured and text else text


COLUMNS = (
    Column("price", Text(fr="payé", en="paid")),
    Column("base", Text(fr="base", en="base")),
    Column("rate", Text(fr="taux", en="rate")),
    Column("gross", Text(fr="brut", en="gross")),
    Column("penalty", Text(fr="majoration", en="penalty")),
    Column("participation", Text(fr="particip.", en="particip.")),
    Column("franchise", Text(fr="franchise", en="franchise")),
    Column("amo", Text(fr="Assurance mal.", en="mandatory")),
    Column("local", Text(fr="rég. local", en="local")),
    Column("solidarity", Text(fr="solidaire", en="solidarity")),
    Column("amc", Text(fr="complément.", en="complem.")),
    Column("patient", Text(fr="reste à charge", en="left to you")),
    Column("deferred", Text(fr="dont différé", en="deferred")),
)
ALWAYS_SHOWN = ("price", "base", "rate", "gross", "amo", "patient")
FIRST = (Text(fr="date", en="date"), Text(fr="acte", en="act"))
TOTAL = Text(fr="total", en="total")
SINCE = Text(fr="depuis le", en="since")
DOUBTFUL = Text(fr="Incertain :", en="Doubtful:")
LAW = Text(fr="version du droit", en="version of the law")


def lines(document: Mapping[str, object], lang: Lang, style: Style) -> Iterator[str]:
    """Yield a result document line by line.

    Args:
        document: as `exchange.case.write` returns it.
        lang: of heads and amounts; the sentences are the document's.
        style: of the terminal.
    """
    cares, totals = document["lines"], document["totals"]
    assert isinstance(cares, Sequence), "a result has a list of lines"
    assert isinstance(totals, Mapping), "a result has totals"
    columns = [one for one in COLUMNS if one.name in ALWAYS_SHOWN or _is_used(one, cares)]
    rows = [_row(care, columns, lang) for care in cares]
    head = [*(one.to(lang) for one in FIRST), *(one.head.to(lang) for one in columns)]
    foot = ["", TOTAL.to(lang), *(_cell(totals, one, lang) for one in columns)]
    widths = [max(len(row[place]) for row in (head, foot, *rows)) for place in range(len(head))]
    yield style.paint(DIM, _aligned(head, widths))
    for care, row in zip(cares, rows, strict=True):
        yield style.paint(BOLD, _aligned(row, widths))
        for reason in care["reasons"]:
            yield from _reason(reason, lang, style)
    if len(cares) > 1:
        yield style.paint(BOLD, _aligned(foot, widths))
    yield style.paint(DIM, f"{LAW.to(lang)} {document['law']}")


def _is_used(column: Column, cares: Sequence[Mapping[str, str]]) -> bool:
    return any(care[column.name] != "0.00" for care in cares)


def _row(care: Mapping[str, str], columns: Sequence[Column], lang: Lang) -> list[str]:
    return [care["date"], care["act"], *(_cell(care, one, lang) for one in columns)]


def _cell(amounts: Mapping[str, str], column: Column, lang: Lang) -> str:
    amount = amounts.get(column.name)
    if amount is None:
        return ""
    if column.name == "rate":
        return f"{amount.replace('.', ',')} %" if lang == "fr" else f"{amount}%"
    return euros(int(amount.replace(".", "")), lang)


def _aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    words = [cell.ljust(width) for cell, width in zip(row[:2], widths, strict=False)]
    amounts = [cell.rjust(width) for cell, width in zip(row[2:], widths[2:], strict=True)]
    return GAP.join((*words, *amounts)).rstrip()


def _reason(reason: Mapping[str, object], lang: Lang, style: Style) -> Iterator[str]:
    source = reason["source"]
    assert isinstance(source, Mapping), "a reason has a source"
    yield from _wrapped(f"• {reason['text']}", "    ", style)
    told = f"{SINCE.to(lang)} {reason['since']} · {source['title']}"
    for line in _wrapped(told, "      ", style):
        yield style.paint(DIM, line)
    if source["url"]:
        yield style.paint(DIM, f"      {source['url']}")
    if doubt := reason.get("doubt"):
        for line in _wrapped(f"! {DOUBTFUL.to(lang)} {doubt}", "      ", style):
            yield style.paint(YELLOW, line)


def _wrapped(text: str, indent: str, style: Style) -> list[str]:
    width = max(style.width, NARROWEST)
    return wrap(text, width, initial_indent=indent, subsequent_indent=indent + "  ")
