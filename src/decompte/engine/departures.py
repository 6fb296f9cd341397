"""How a departure from the law is said, with the reason and the source that stand against it."""

from collections.abc import Mapping
from typing import NamedTuple

from decompte.engine.explain import Reason, euros, explain, percent
from decompte.engine.periods import periods
from decompte.engine.shapes import LineAmounts
from decompte.errors import Text
from decompte.law.shapes import KINDS


class Taken(NamedTuple):
    """What was applied instead of the law: a part of the computation, and both its values.

    Attributes:
        code: penalty, participation, rate, base, franchise or unexplained.
        applied, lawful: cents; basis points for a rate.
    """

    code: str
    applied: int
    lawful: int


class Departure(NamedTuple):
    """A departure in words.

    Attributes:
        code: as in `Taken`.
        text: what was done, and what the law gives.
        reasons: why the law gives it, with sources; empty for what is not explained.
    """

    code: str
    text: Text
    reasons: tuple[Reason, ...]


SAID: Mapping[str, Text] = {
    "penalty": Text(
        fr="{applied} ont été retirés comme pour des soins hors du parcours ; la loi retire "
        "{lawful}.",
        en="{applied} were taken off as for care out of the pathway; the law takes off {lawful}.",
    ),
    "participation": Text(
        fr="{applied} de participation forfaitaire ont été retenus ; la loi retient {lawful}.",
        en="{applied} of flat participation were kept back; the law keeps {lawful}.",
    ),
    "franchise": Text(
        fr="{applied} de franchise ont été retenus ; la loi retient {lawful}.",
        en="{applied} of franchise were kept back; the law keeps {lawful}.",
    ),
    "base": Text(
        fr="le calcul part d'un tarif de {applied} ; le tarif en vigueur est {lawful}.",
        en="the computation starts from a tariff of {applied}; the tariff in force is {lawful}.",
    ),
    "rate": Text(
        fr="le taux appliqué est {applied} ; le taux en vigueur est {lawful}.",
        en="the rate applied is {applied}; the rate in force is {lawful}.",
    ),
    "unexplained": Text(
        fr="{applied} ont été payés au lieu de {lawful} ; aucune règle connue ici n'explique cet "
        "écart.",
        en="{applied} was paid instead of {lawful}; no rule known here explains the difference.",
    ),
}
PREFIXES = {
    "penalty": ("pathway.",),
    "participation": ("participation.",),
    "franchise": ("franchise.",),
    "base": ("base.",),
    "rate": ("rate.",),
}
# What stands behind a part that the line's own reasons do not mention.
SILENT: Mapping[str, tuple[str, Text]] = {
    "penalty": (
        "pathway.penalty_exempt",
        Text(
            fr="Rien n'est retiré pour ces soins, ou avec ces droits.",
            en="Nothing is taken off for this care, or with these rights.",
        ),
    ),
    "participation": (
        "participation.per_act",
        Text(
            fr="La participation forfaitaire n'est pas retenue sur ces soins.",
            en="No flat participation is kept back on this care.",
        ),
    ),
    "franchise": (
        "franchise.per_unit",
        Text(
            fr="La franchise n'est pas retenue sur ces soins.",
            en="No franchise is kept back on this care.",
        ),
    ),
}


def departure(taken: Taken, amounts: LineAmounts) -> Departure:
    """Return a departure in words, with why the law says otherwise.

    Args:
        taken: what was applied, and the law.
        amounts: what the law gives for the line.
    """
    return Departure(taken.code, _text(taken), _against(taken.code, amounts))


def _text(taken: Taken) -> Text:
    said = SAID[taken.code]
    if taken.code == "rate":
        applied, lawful = percent(taken.applied), percent(taken.lawful)
        return Text(
            fr=said.fr.format(
                applied=f"{applied.replace('.', ',')} %", lawful=f"{lawful.replace('.', ',')} %"
            ),
            en=said.en.format(applied=f"{applied}%", lawful=f"{lawful}%"),
        )
    return Text(
        fr=said.fr.format(applied=euros(taken.applied, "fr"), lawful=euros(taken.lawful, "fr")),
        en=said.en.format(applied=euros(taken.applied, "en"), lawful=euros(taken.lawful, "en")),
    )


def _against(code: str, amounts: LineAmounts) -> tuple[Reason, ...]:
    told = tuple(
        reason
        for reason in explain(amounts)
        if any(reason.code.startswith(prefix) for prefix in PREFIXES.get(code, ()))
    )
    if told or code not in SILENT:
        return told
    return (_silent(code, amounts),)


def _silent(code: str, amounts: LineAmounts) -> Reason:
    law = periods().data
    figure_id, text = SILENT[code]
    value = law.figures[figure_id].on(amounts.line.date)
    assert value is not None, f"{figure_id} is in force on every day that is computed"
    cited = [law.sources[name] for name in value.sources]
    source = min(cited, key=lambda one: KINDS.index(one.kind))
    note = value.note if value.confidence == "low" else None
    return Reason(f"{code}.none", text, value.since, source, figure_id, note)
