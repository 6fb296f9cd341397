"""Looks for what a loaded law still lacks: gaps, acts without tariff, sources nobody cites.

Formulas that break the bounds of responsible contracts are told as well.
"""

from collections.abc import Iterator, Mapping

from decompte.errors import Text
from decompte.law import formulas
from decompte.law.shapes import Figure, LawData
from decompte.law.tables import FIRST_DAY

WHOLE = 10_000
MOST = {"flag": 1, "basis-points": 2 * WHOLE}
SHARES = ("rate.", "local.", "solidarity.", "pathway.", "prevention.")


def problems(law: LawData) -> Iterator[Text]:
    """Yield one sentence a problem; none is a sound law, whose sources are all of use."""
    yield from unsound(law)
    cited = {name for act in law.acts.values() for name in (*act.sources, *act.most.sources)}
    for figure in law.told.values():
        cited.update(name for value in figure.values for name in value.sources)
    for name in law.sources.keys() - cited:
        yield Text(
            fr=f"sources.yaml : {name} n'est cité nulle part",
            en=f"sources.yaml: {name} is cited nowhere",
        )


def unsound(law: LawData) -> Iterator[Text]:
    """Yield what is wrong with the figures themselves and with the acts, a sentence each."""
    yield from formulas.problems(law)
    for figure in law.figures.values():
        is_tariff = figure.id.startswith(("tariff.", "overseas."))
        if not is_tariff and figure.values[0].since > FIRST_DAY:
            yield Text(
                fr=f"{figure.file} : {figure.id} commence après le {FIRST_DAY} : un trou",
                en=f"{figure.file}: {figure.id} begins after {FIRST_DAY}: a gap",
            )
        yield from _out_of_bounds(figure)
        yield from (
            Text(
                fr=f"{figure.file} : {figure.id} du {value.since} est douteux sans dire pourquoi",
                en=f"{figure.file}: {figure.id} of {value.since} is doubtful and does not say why",
            )
            for value in figure.values
            if value.confidence == "low" and not value.note.en
        )
    for letter, act in law.acts.items():
        if act.priced == "tariff" and f"tariff.{letter}" not in law.figures:
            yield Text(
                fr=f"acts.yaml : {letter} n'a pas de tarif",
                en=f"acts.yaml: {letter} has no tariff",
            )
    for figure_id in law.figures:
        letter = figure_id.removeprefix("overseas.")
        if letter != figure_id and f"tariff.{letter}" not in law.figures:
            file = law.figures[figure_id].file
            yield Text(
                fr=f"{file} : {letter} n'a pas de tarif en métropole",
                en=f"{file}: {letter} has no tariff on the mainland",
            )


def _out_of_bounds(figure: Figure) -> Iterator[Text]:
    """Yield values that no figure of this unit can have: below 0, a flag that is neither 0 nor 1.

    A rate, or a share that an insurance pays of a base, stops at the whole.
    """
    most = MOST.get(figure.unit)
    if figure.unit == "basis-points" and figure.id.startswith(SHARES):
        most = WHOLE
    for value in figure.values:
        amounts = value.amount if isinstance(value.amount, Mapping) else {"": value.amount}
        for key, number in amounts.items():
            if number is not None and (number < 0 or (most is not None and number > most)):
                named = f" {key}" if key else ""
                permis = "au moins 0" if most is None else f"de 0 à {most}"
                allowed = "0 or more" if most is None else f"from 0 to {most}"
                yield Text(
                    fr=f"{figure.file} : {figure.id}{named} du {value.since} vaut {number} ; "
                    f"{figure.unit} : {permis}",
                    en=f"{figure.file}: {figure.id}{named} of {value.since} is {number}: "
                    f"{figure.unit} are {allowed}",
                )
