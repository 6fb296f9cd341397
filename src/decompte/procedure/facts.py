"""The facts that the decision tables look at, each with the fields it comes from.

A fact whose fields were not all told is unknown, when the caller asks it to be.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from decompte.law.age import age_on
from decompte.procedure.load import data
from decompte.procedure.shapes import Situation
from decompte.procedure.tables import UNKNOWN, Facts, decided
from decompte.procedure.years import academic_year, insurance_year

QUEBEC = frozenset({"se-401-q-102", "se-401-q-106"})
MONTHS = 12


class Fact(NamedTuple):
    """A fact: the fields it comes from, and how."""

    fields: tuple[str, ...]
    of: Callable[[Situation], object]


def facts_of(situation: Situation, untold: frozenset[str] = frozenset()) -> Facts:
    """Return every fact of a situation.

    Args:
        situation: complete, with assumed values where nothing was told.
        untold: paths of fields to take as unknown, such as `person.cards`.
    """
    return {
        name: UNKNOWN if untold.intersection(fact.fields) else fact.of(situation)
        for name, fact in FACTS.items()
    }


def study_day(situation: Situation) -> date:
    """Return the day that dates the rules of affiliation: the insurance year's first."""
    return insurance_year(academic_year(situation.study_from))[0]


def is_european(nationality: str, day: date) -> bool:
    """Return whether a nationality is of the EU, the EEA or Switzerland on a day."""
    countries = data("schemes")["countries"]
    if nationality == "GB":
        return bool(day <= countries["british_until"])
    return nationality in countries["european"]


def _first_day(situation: Situation) -> date:
    return study_day(situation)


def _last_day(situation: Situation) -> date:
    return insurance_year(academic_year(situation.study_from))[1]


def _citizen(situation: Situation) -> str:
    named = {"FR": "french", "MC": "monegasque", "AD": "andorran", "GB": "british"}
    group = named.get(situation.nationality)
    day = max(_first_day(situation), situation.study_from)
    if group == "british" and is_european("GB", day):
        return "european"
    return group or ("european" if is_european(situation.nationality, day) else "other")


def _is_insured(situation: Situation) -> bool:
    if situation.is_insured_in_france is not None:
        return situation.is_insured_in_france
    if situation.territory or situation.is_born_abroad:
        return False
    at_home = situation.parents_scheme not in {"abroad", "none", "international"}
    return situation.nationality == "FR" or at_home or situation.before == "continuing"


def _card(situation: Situation) -> str:
    if "ehic" not in situation.cards:
        return "none"
    if situation.card_country == "GB" and situation.study_from > _british_until():
        return "british"
    if situation.card_until is None or situation.card_until >= situation.study_until:
        return "whole"
    return "partly" if situation.card_until >= situation.study_from else "expired"


def _british_until() -> date:
    until: date = data("schemes")["countries"]["british_until"]
    return until


def _works_enough(situation: Situation) -> bool:
    facts = {
        "hours_month": situation.work_hours_month,
        "hours_quarter": situation.work_hours_quarter,
        "hours_year": situation.work_hours_year,
        "whole_year": situation.works_whole_year,
        "is_broken": situation.is_work_broken,
    }
    return bool(decided("work", facts, _first_day(situation)).then["is_enough"])


def later_limit(situation: Situation) -> Mapping[str, object]:
    """Return the facts that move the age limit."""
    limit: int = data("schemes")["student"]["age_limit"]
    since = situation.doctorate_since
    return {
        "began_doctorate_in_time": situation.kind == "doctorate"
        and (since is None or age_on(situation.birth_date, since) < limit),
        "kind": situation.kind,
        "is_disabled": situation.is_disabled,
        "did_national_service": situation.did_national_service,
        "interruption_months": situation.interruption_months,
    }


def age_limit(situation: Situation) -> int:
    """Return the age in years at which the student scheme closed for this person."""
    row = decided("age_limit", later_limit(situation), _first_day(situation)).then
    months = situation.interruption_months if row.get("adds_interruption") else 0
    limit: int = data("schemes")["student"]["age_limit"]
    return limit + int(row["adds_years"]) + -(-months // MONTHS)


def _fund(situation: Situation) -> str:
    day = situation.care_date or situation.on
    if situation.agency_before and day < study_day(situation):
        return "before"
    first_rights = study_day(situation)
    return "former" if day < first_rights else "chosen"


def _is_short(situation: Situation) -> bool:
    stay = situation.study_until - situation.study_from
    return stay < timedelta(days=data("schemes")["student"]["shortest_stay_days"])


def _is_card_alive(situation: Situation) -> bool:
    day = situation.care_date or situation.on
    return situation.card_until is None or day <= situation.card_until


def _certificate(situation: Situation) -> str:
    language = situation.certificate_language
    if not language:
        return "unknown"
    return "untranslated" if language in data("languages")["untranslated"] else "translated"


STUDY, EXPIRY = ("study.from",), "person.card.expires_on"
FACTS: Mapping[str, Fact] = {
    "citizen": Fact((*STUDY, "person.nationality"), _citizen),
    "age_first_day": Fact(
        (*STUDY, "person.birth_date"), lambda s: age_on(s.birth_date, _first_day(s))
    ),
    "age_in_year": Fact(
        (*STUDY, "person.birth_date"), lambda s: age_on(s.birth_date, _last_day(s))
    ),
    "is_past_limit": Fact(
        (*STUDY, "person.birth_date", "study.kind"),
        lambda s: age_on(s.birth_date, _first_day(s)) >= age_limit(s),
    ),
    "age_at_care": Fact(
        ("person.birth_date",), lambda s: age_on(s.birth_date, s.care_date or s.on)
    ),
    "is_short_stay": Fact(("study.from", "study.to"), _is_short),
    "card": Fact(("person.cards", EXPIRY, "person.card.country"), _card),
    "is_card_alive": Fact(("person.cards", EXPIRY), _is_card_alive),
    "has_s1": Fact(("person.cards",), lambda s: "s1" in s.cards),
    "has_quebec_form": Fact(("person.cards",), lambda s: bool(s.cards & QUEBEC)),
    "has_andorran_form": Fact(("person.cards",), lambda s: "andorra" in s.cards),
    "has_ghic": Fact(("person.cards",), lambda s: "ghic" in s.cards),
    "has_private": Fact(("person.cards",), lambda s: "private" in s.cards),
    "parents": Fact(("person.parents.scheme",), lambda s: s.parents_scheme),
    "works_enough": Fact((*STUDY, "person.work.hours_per_month"), _works_enough),
    "is_partner_covered": Fact(("person.partner_covered",), lambda s: s.is_partner_covered),
    "has_scholarship": Fact(("person.scholarship",), lambda s: s.has_scholarship),
    "is_insured_in_france": Fact(("person.insured_in_france", "person.nationality"), _is_insured),
    "territory": Fact(("person.territory",), lambda s: s.territory),
    "visa": Fact(("person.visa",), lambda s: s.visa),
    "kind": Fact(("study.kind",), lambda s: s.kind),
    "before": Fact(("study.before",), lambda s: s.before),
    "is_approved": Fact(("study.approved",), lambda s: s.is_approved),
    "is_paid_elsewhere": Fact(("study.paid_elsewhere",), lambda s: s.is_paid_elsewhere),
    "is_abroad_year": Fact(("study.abroad",), lambda s: s.is_abroad_year),
    "residence": Fact(("person.residence",), lambda s: s.residence),
    "fund": Fact(("request.care_date", *STUDY), _fund),
    "agency": Fact(("choice.agency",), lambda s: s.agency or ""),
    "has_care": Fact(("request.care_date",), lambda s: s.care_date is not None),
    "is_first": Fact(("request.first",), lambda s: s.is_first),
    "is_prescribed": Fact(("request.prescribed",), lambda s: s.is_prescribed),
    "has_declared_gp": Fact(("request.declared_gp",), lambda s: s.has_declared_gp),
    "certificate": Fact(("person.birth_certificate",), _certificate),
    "card_until": Fact(
        ("person.cards", EXPIRY), lambda s: s.card_until.toordinal() if s.card_until else 0
    ),
    "was_sent": Fact(("request.sent_on",), lambda s: s.sent_on is not None),
    "has_appealed": Fact(("request.appeal_on",), lambda s: s.appeal_on is not None),
    "account": Fact(("request.account",), lambda s: s.account),
    "is_patient_insured": Fact(("request.own_care",), lambda s: s.is_patient_insured),
}
