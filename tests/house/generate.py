"""`make docs`: the pages of the documentation that are made from the program."""

from collections.abc import Iterator, Mapping
from itertools import groupby

from decompte.engine.sentences import SENTENCES
from decompte.law.history import shown
from decompte.law.load import law
from decompte.law.shapes import Figure, Source, Value
from tests.conftest import ROOT
from tests.house import bars, register, states

DOCS = ROOT / "docs"
HOUSE = DOCS / "house.md"
STATES = DOCS / "states.md"
REGISTER = DOCS / "security" / "register.md"
REASONS = DOCS / "reasons.md"
FIGURES = DOCS / "law" / "figures.md"
FIGURES_HEAD = """# Every figure, its history and its sources

What the rules know, from the files of `src/decompte/law/figures`: since when, how much, how sure,
and from which text or page. `decompte law show ID --on DATE` answers the same. Made by `make docs`.

A value holds from its day until the next line. "-" is not in force, or not known: care is then
refused by name. **low** is doubtful, and the amount says so; high is the text itself or pages that
agree, medium one page, or an inference that its note tells. A plot shows one key, the one that
changed most often.

"""
UNITS = {
    "cents": "euros",
    "basis-points": "percent",
    "acts": "acts",
    "years": "years",
    "days": "days",
    "flag": "1 yes, 0 no",
}
MOST_COLUMNS = 7
HEAD = """# Why: every reason an amount can have

A statement says why in sentences; an answer for programs carries the code. A reason rests on the
figure named here, with the source in force on the day of care (`decompte law show ID`).
Made by `make docs`.

| code | figure | in English | en français |
|---|---|---|---|
"""


def reasons() -> str:
    """Return the page of the reasons."""
    rows = [
        f"| `{one.code}` | `{one.figure}` | {one.text.en} | {one.text.fr} |" for one in SENTENCES
    ]
    return HEAD + "\n".join(rows) + "\n"


def figures() -> str:
    """Return the page of the figures: a plot and a table each, then their sources."""
    known = law()
    names = sorted(known.figures)
    index = "\n".join(_index(known.figures, names))
    parts = [part for name in names for part in _figure(known.figures[name])]
    sources = [_source(known.sources[name]) for name in sorted(known.sources)]
    return "\n".join([FIGURES_HEAD + index, "", *parts, "## Sources", "", *sources]) + "\n"


def _index(known: Mapping[str, Figure], names: list[str]) -> Iterator[str]:
    """Yield the list of figures, by subject."""
    for subject, named in groupby(names, key=lambda name: name.split(".")[0]):
        yield f"\n**{subject}**\n"
        for name in named:
            yield f"- [`{name}`](#{name.replace('.', '').lower()}) {known[name].label.en}"


def _figure(figure: Figure) -> Iterator[str]:
    yield f"## {figure.id}\n"
    yield f"{figure.label.en} · {figure.label.fr} ({UNITS[figure.unit]}{_by(figure)})\n"
    yield from _plot(figure)
    columns = _columns(figure)
    yield "| since | " + " | ".join(columns.values()) + " | confidence | sources | note |"
    yield "|---" * (len(columns) + 4) + "|"
    for value in figure.values:
        cited = ", ".join(f"[{name}](#{name})" for name in value.sources)
        cells = " | ".join(_cell(value, key, figure.unit) for key in columns)
        sure = f"**{value.confidence}**" if value.confidence == "low" else value.confidence
        yield f"| {value.since} | {cells} | {sure} | {cited} | {value.note.en} |"
    yield ""


def _by(figure: Figure) -> str:
    return f", by {figure.keys}" if figure.keys else ""


def _columns(figure: Figure) -> dict[str | None, str]:
    """Return the columns of a figure's table: one a key where they are few."""
    keys = next((list(v.amount) for v in figure.values if isinstance(v.amount, Mapping)), [])
    if not 0 < len(keys) <= MOST_COLUMNS:
        return {None: "value"}
    prefix = "sector " if figure.keys == "sector" else ""
    return {key: f"{prefix}{key}" for key in keys}


def _cell(value: Value, key: str | None, unit: str) -> str:
    if key is not None:
        return shown(value._replace(amount=value.worth(key)), unit)
    if not isinstance(value.amount, Mapping):
        return shown(value, unit)
    return "; ".join(
        f"{name}: {shown(value._replace(amount=number), unit)}"
        for name, number in value.amount.items()
    )


def _plot(figure: Figure) -> Iterator[str]:
    """Yield a plot of an amount or rate that changed, for the key that changed most often."""
    keys = next((list(v.amount) for v in figure.values if isinstance(v.amount, Mapping)), [None])
    changes = {key: {value.worth(key) for value in figure.values} - {None} for key in keys}
    key = max(keys, key=lambda one: len(changes[one]))
    if figure.unit not in {"cents", "basis-points"} or len(changes[key]) < 2:
        return
    known = [(v.since, v.worth(key)) for v in figure.values if v.worth(key) is not None]
    days = ", ".join(f'"{since}"' for since, _ in known)
    heights = ", ".join(f"{amount / 100:g}" for _, amount in known)
    yield "```mermaid"
    yield "xychart-beta"
    if key is not None:
        yield f'  title "{figure.keys} {key}"'
    yield f"  x-axis [{days}]"
    highest = max(amount for _, amount in known) / 100
    yield f'  y-axis "{UNITS[figure.unit]}" 0 --> {highest * 1.1:.2f}'
    yield f"  bar [{heights}]"
    yield "```\n"


def _source(source: Source) -> str:
    title = f"[{source.title.en}]({source.url})" if source.url else source.title.en
    told = ", ".join(part for part in (source.kind, source.article, source.journal) if part)
    return f'- <a id="{source.id}"></a>**{source.id}** {title} ({told})'


if __name__ == "__main__":
    REASONS.write_text(reasons())
    FIGURES.write_text(figures())
    HOUSE.write_text(bars.page())
    STATES.write_text(states.page())
    REGISTER.write_text(register.page())
