"""Looks for what a loaded law still lacks: gaps, acts without tariff, sources nobody cites.

Formulas that break the bounds of responsible contracts are told as well.
"""

from collections.abc import Iterator

from decompte.law import formulas
from decompte.law.shapes import LawData
from decompte.law.tables import FIRST_DAY


def problems(law: LawData) -> Iterator[str]:
    """Yield one line a problem; none is a sound law."""
    yield from formulas.problems(law)
    cited = {name for act in law.acts.values() for name in act.sources}
    for figure in law.told.values():
        cited.update(name for value in figure.values for name in value.sources)
    for figure in law.figures.values():
        if not figure.id.startswith("tariff.") and figure.values[0].since > FIRST_DAY:
            yield f"{figure.file}: {figure.id} begins after {FIRST_DAY}: a gap"
        yield from (
            f"{figure.file}: {figure.id} of {value.since} is doubtful and does not say why"
            for value in figure.values
            if value.confidence == "low" and not value.note
        )
    for letter, act in law.acts.items():
        if act.priced == "tariff" and f"tariff.{letter}" not in law.figures:
            yield f"acts.yaml: {letter} has no tariff"
    for name in law.sources.keys() - cited:
        yield f"sources.yaml: {name} is cited nowhere"
