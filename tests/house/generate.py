"""`make docs`: the pages of the documentation that are made from the program."""

from collections.abc import Iterator, Mapping

from decompte.engine.sentences import SENTENCES
from decompte.law.history import shown
from decompte.law.load import law
from decompte.law.shapes import Figure, Source
from tests.conftest import ROOT
from tests.house import states

DOCS = ROOT / "docs"
STATES = DOCS / "states.md"
REASONS = DOCS / "reasons.md"
FIGURES = DOCS / "law" / "figures.md"
FIGURES_HEAD = """# Every figure, its history and its sources

What the rules know, from the files of `src/decompte/law/figures`: since when, how much, how sure,
and from which text or page. `decompte law show ID --on DATE` answers the same. Made by `make docs`.

"""
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
    index = "\n".join(
        f"- [`{name}`](#{name.replace('.', '').lower()}) {known.figures[name].label.en}"
        for name in names
    )
    parts = [part for name in names for part in _figure(known.figures[name])]
    sources = [_source(known.sources[name]) for name in sorted(known.sources)]
    return "\n".join([FIGURES_HEAD + index, "", *parts, "## Sources", "", *sources]) + "\n"


def _figure(figure: Figure) -> Iterator[str]:
    yield f"## {figure.id}\n"
    yield f"{figure.label.en} · {figure.label.fr} ({figure.unit}{_by(figure)})\n"
    yield from _plot(figure)
    yield "| since | value | confidence | sources | note |"
    yield "|---|---|---|---|---|"
    for value in figure.values:
        cited = ", ".join(f"[{name}](#{name})" for name in value.sources)
        told = shown(value, figure.unit)
        yield f"| {value.since} | {told} | {value.confidence} | {cited} | {value.note} |"
    yield ""


def _by(figure: Figure) -> str:
    return f", by {figure.keys}" if figure.keys else ""


def _plot(figure: Figure) -> Iterator[str]:
    """Yield a plot of an amount or rate that changed, for the first key where there are keys."""
    points = []
    for value in figure.values:
        is_keyed = isinstance(value.amount, Mapping)
        amount = next(iter(value.amount.values())) if is_keyed else value.amount
        points.append((value.since, amount))
    known = [(since, amount) for since, amount in points if amount is not None]
    if figure.unit not in {"cents", "basis-points"} or len({amount for _, amount in known}) < 2:
        return
    days = ", ".join(f'"{since}"' for since, _ in known)
    heights = ", ".join(f"{amount / 100:g}" for _, amount in known)
    axis = "euros" if figure.unit == "cents" else "percent"
    yield "```mermaid"
    yield "xychart-beta"
    yield f"  x-axis [{days}]"
    yield f'  y-axis "{axis}" 0 --> {max(amount for _, amount in known) / 100 * 1.1:.2f}'
    yield f"  bar [{heights}]"
    yield "```\n"


def _source(source: Source) -> str:
    title = f"[{source.title.en}]({source.url})" if source.url else source.title.en
    told = ", ".join(part for part in (source.kind, source.article, source.journal) if part)
    return f'- <a id="{source.id}"></a>**{source.id}** {title} ({told})'


if __name__ == "__main__":
    REASONS.write_text(reasons())
    FIGURES.write_text(figures())
    STATES.write_text(states.page())
