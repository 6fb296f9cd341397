"""What a correction changed: the facts and the amounts, before and after, in words.

Both decisions keep their inputs and answers, so this is read from them and never stored.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import zip_longest
from typing import Any, NamedTuple

from decompte.documents.words import WORDS, day_in_words
from decompte.engine.explain import euros
from decompte.engine.periods import periods
from decompte.engine.sentence import SAID
from decompte.errors import Lang, Text
from decompte.portal.decisions.models import Decision
from decompte.portal.decisions.outcome import BORNE, cents

NONE = Text(fr="aucun", en="none")
YES, NO = Text(fr="oui", en="yes"), Text(fr="non", en="no")
FACTS = (
    ("date", Text(fr="Date des soins", en="Date of care")),
    ("act", Text(fr="Acte", en="Act")),
    ("price", Text(fr="Prix payé", en="Price paid")),
    ("quantity", Text(fr="Nombre", en="Number")),
    ("pathway", Text(fr="Parcours de soins", en="Pathway")),
    ("ald_related", Text(fr="En rapport avec une ALD", en="Related to a long illness")),
    ("third_party_payment", Text(fr="Tiers payant", en="Third-party payment")),
)
DOCTOR = (
    ("specialty", Text(fr="Spécialité", en="Specialty")),
    ("sector", Text(fr="Secteur", en="Sector")),
    ("id", Text(fr="Praticien", en="Practitioner")),
)


class Change(NamedTuple):
    """One thing that is not as it was: what, before, after."""

    what: str
    before: str
    after: str


def changes(before: Decision, after: Decision, lang: Lang) -> tuple[Change, ...]:
    """Return what differs between a decision and its correction, facts first, then amounts."""
    return tuple(_changes(before, after, lang))


def _changes(before: Decision, after: Decision, lang: Lang) -> Iterator[Change]:
    yield from _of_person(before.inputs, after.inputs, lang)
    lines: list[list[dict[str, Any]]] = [before.inputs["lines"], after.inputs["lines"]]
    many = max(map(len, lines)) > 1
    for number, (old, new) in enumerate(zip_longest(*lines, fillvalue={}), start=1):
        where = Text(fr=f"Ligne {number}, ", en=f"Line {number}, ").to(lang) if many else ""
        yield from _of_line(old, new, where, lang)
    for name in ("price", *BORNE, "patient"):
        old_cents, new_cents = (_total(one, name) for one in (before, after))
        if old_cents != new_cents:
            label = _AMOUNTS[name].to(lang)
            yield Change(label, euros(old_cents, lang), euros(new_cents, lang))


_AMOUNTS = {
    **{name: WORDS[name] for name in (*BORNE, "patient")},
    "price": Text(fr="Total payé", en="Total paid"),
}


def _total(decision: Decision, name: str) -> int:
    return cents(decision.answers["en"]["totals"][name])


def _of_person(old: Mapping[str, Any], new: Mapping[str, Any], lang: Lang) -> Iterator[Change]:
    gp = Text(fr="Médecin traitant déclaré depuis", en="GP declared since").to(lang)
    since = [_day(case["person"].get("declared_gp_since"), lang) for case in (old, new)]
    if since[0] != since[1]:
        yield Change(gp, *since)
    covered = [(YES if case.get("complementary") else NO).to(lang) for case in (old, new)]
    if covered[0] != covered[1]:
        yield Change(WORDS["amc"].to(lang), *covered)


def _of_line(
    old: Mapping[str, Any], new: Mapping[str, Any], where: str, lang: Lang
) -> Iterator[Change]:
    for name, label in FACTS:
        if old.get(name) != new.get(name):
            told = [_told(name, line.get(name), lang) for line in (old, new)]
            yield Change(f"{where}{label.to(lang)}", *told)
    doctors = [line.get("practitioner", {}) for line in (old, new)]
    for name, label in DOCTOR:
        if doctors[0].get(name) != doctors[1].get(name):
            told = [_told(name, one.get(name), lang) for one in doctors]
            yield Change(f"{where}{label.to(lang)}", *told)


def _told(name: str, value: Any, lang: Lang) -> str:
    if value is None:
        return NONE.to(lang)
    if isinstance(value, bool):
        return (YES if value else NO).to(lang)
    known: dict[str, Any] = {
        "date": lambda: _day(value, lang),
        "price": lambda: euros(cents(value), lang),
        "act": lambda: _act(value, lang),
        "pathway": lambda: SAID[value].to(lang) if value in SAID else value,
        "specialty": lambda: _specialty(value, lang),
    }
    written = known[name]() if name in known else str(value)
    return str(written)


def _act(letter: str, lang: Lang) -> str:
    entry = periods().data.acts.get(letter)
    return f"{entry.label.to(lang)} ({letter})" if entry else letter


def _specialty(name: str, lang: Lang) -> str:
    label = periods().data.specialties.get(name)
    return label.to(lang) if label else name


def _day(value: str | None, lang: Lang) -> str:
    return day_in_words(date.fromisoformat(value), lang) if value else NONE.to(lang)
