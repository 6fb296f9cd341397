"""Combinations of facts that cannot be true together; each names the two that clash."""

from collections.abc import Iterator
from datetime import date

from decompte.errors import Problem, Text
from decompte.procedure.facts import is_european
from decompte.procedure.load import data
from decompte.procedure.shapes import Situation

DATES = (
    ("study.to", "study_until", "study.from", "study_from", "date.order"),
    ("study.from", "study_from", "person.birth_date", "birth_date", "date.before_birth"),
    ("request.care_date", "care_date", "person.birth_date", "birth_date", "date.before_birth"),
    ("request.sent_on", "sent_on", "request.care_date", "care_date", "date.before_care"),
    ("request.decision_on", "decision_on", "request.sent_on", "sent_on", "date.before_sending"),
    ("request.appeal_on", "appeal_on", "request.decision_on", "decision_on", "date.no_decision"),
    ("person.card.expires_on", "card_until", "person.birth_date", "birth_date", "date.order"),
)
PAST = (
    ("person.birth_date", "birth_date"),
    ("request.care_date", "care_date"),
    ("request.sent_on", "sent_on"),
    ("request.decision_on", "decision_on"),
    ("request.appeal_on", "appeal_on"),
)


WORDS = {
    "date.order": Text(
        fr="la fin précède le début ({path} : {day}, {other_path} : {other})",
        en="the end is before the beginning ({path}: {day}, {other_path}: {other})",
    ),
    "date.before_birth": Text(
        fr="avant la naissance ({path} : {day}, {other_path} : {other})",
        en="before the birth ({path}: {day}, {other_path}: {other})",
    ),
    "date.before_arrival": Text(
        fr="soins avant l'arrivée en France ({path} : {day}, {other_path} : {other})",
        en="care before the arrival in France ({path}: {day}, {other_path}: {other})",
    ),
    "date.future": Text(
        fr="après le jour de la question ({path} : {day}, {other_path} : {other})",
        en="after the day of the question ({path}: {day}, {other_path}: {other})",
    ),
}
OTHERWISE = Text(
    fr="{path} ({day}) précède {other_path} ({other})",
    en="{path} ({day}) is before {other_path} ({other})",
)


def clashes(situation: Situation) -> list[Problem]:
    """Return everything in a situation that cannot be, each with the two facts that clash.

    Args:
        situation: well formed, field by field; nothing that is past may lie after `on`.
    """
    return [*_dates(situation), *_future(situation), *_cards(situation), *_person(situation)]


def _dates(situation: Situation) -> Iterator[Problem]:
    for later_path, later, earlier_path, earlier, code in DATES:
        after, before = getattr(situation, later), getattr(situation, earlier)
        if after is None or before is None:
            continue
        is_wrong = after <= before if code == "date.before_birth" else after < before
        if is_wrong:
            yield _clash(code, later_path, after, earlier_path, before)
    arrived = situation.care_date, situation.study_from
    if not _is_resident(situation) and arrived[0] and arrived[0] < arrived[1]:
        yield _clash(
            "date.before_arrival", "request.care_date", arrived[0], "study.from", arrived[1]
        )


def _future(situation: Situation) -> Iterator[Problem]:
    for path, name in PAST:
        day = getattr(situation, name)
        if day and day > situation.on:
            yield _clash("date.future", path, day, "request.on", situation.on)


def _cards(situation: Situation) -> Iterator[Problem]:
    country, is_held = situation.card_country, "ehic" in situation.cards
    if (country or situation.card_until) and not is_held:
        yield _facts(
            "card.missing",
            "person.card",
            "person.cards",
            "une carte décrite, mais `ehic` absent des cartes",
            "a card is described, but `ehic` is not among the cards",
        )
    day = situation.study_from
    begins = data("schemes")["countries"]["issues_no_card_before"].get(country)
    if (
        is_held
        and country
        and (not _issues(country) or (begins and situation.study_until < begins))
    ):
        yield _facts(
            "card.country",
            "person.card.country",
            "person.cards",
            f"{country} ne délivrait pas de carte européenne d'assurance maladie le {day}",
            f"{country} issued no European health insurance card on {day}",
        )
    if "ghic" in situation.cards and situation.study_until < date(2021, 1, 1):
        yield _facts(
            "card.ghic",
            "person.cards",
            "study.to",
            "la carte GHIC n'existe que depuis 2021",
            "the GHIC exists since 2021 only",
        )


def _person(situation: Situation) -> Iterator[Problem]:
    if situation.territory and situation.nationality != "FR":
        yield _facts(
            "territory.nationality",
            "person.territory",
            "person.nationality",
            "une collectivité d'outre-mer avec une autre nationalité que FR",
            "an overseas collectivity with a nationality other than FR",
        )
    if situation.visa == "short-stay" and is_european(situation.nationality, situation.study_from):
        yield _facts(
            "visa.nationality",
            "person.visa",
            "person.nationality",
            "un Européen n'a pas besoin de visa",
            "a European needs no visa",
        )
    if situation.complementary and situation.before == "stopped":
        yield _facts(
            "complementary.stopped",
            "choice.complementary",
            "study.before",
            "une complémentaire étudiante pour des études arrêtées",
            "a student complementary for studies that stopped",
        )


def _issues(country: str) -> bool:
    return country == "GB" or country == "FR" or country in data("schemes")["countries"]["european"]


def _is_resident(situation: Situation) -> bool:
    """Return whether care before the studies can be in France: insured, French, or same year."""
    return situation.is_insured_in_france is not False or bool(situation.agency_before)


def _clash(code: str, path: str, day: date, other_path: str, other: date) -> Problem:
    words = WORDS.get(code, OTHERWISE)
    return Problem(code, path, words.fill(path=path, day=day, other_path=other_path, other=other))


def _facts(code: str, path: str, other: str, fr: str, en: str) -> Problem:
    return Problem(
        code, path, Text(fr=f"{fr} ; à revoir avec {other}", en=f"{en}; see also {other}")
    )
