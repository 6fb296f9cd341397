"""The situation file of `decompte advise`: read, with every problem named at once."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from decompte.errors import Problem
from decompte.exchange.read import (
    Fields,
    Unreadable,
    day,
    finished,
    flag,
    one_of,
    text,
    whole,
)
from decompte.procedure.advise import advise
from decompte.procedure.agencies import agencies
from decompte.procedure.clashes import clashes
from decompte.procedure.deadlines import provisional_until
from decompte.procedure.load import data
from decompte.procedure.shapes import Advice, Situation

CARDS = ("ehic", "s1", "se-401-q-102", "se-401-q-106", "andorra", "ghic", "private")
COLLECTIVITIES = frozenset({"975", "977", "978", "986", "987", "988"})
VISAS = ("long-stay", "short-stay", "none")
TERRITORIES = ("pf", "nc", "wf", "pm", "")
KINDS = (
    "degree",
    "exchange",
    "doctorate",
    "health",
    "internship",
    "apprenticeship",
    "hospital-student",
    "trainee-civil-servant",
    "trainee",
    "gap-registered",
    "gap-unregistered",
)
BEFORE = ("first", "continuing", "stopped", "returning")
ACCOUNTS = ("own", "foreign", "other")
HOURS_A_MONTH, HOURS_A_QUARTER, HOURS_A_YEAR = 744, 2232, 8784
LAST_STEP, LETTERS, LONGEST_MONTHS = 9, 2, 120


def answer(document: object, *, today: date) -> Advice:
    """Return the advice for a document in the situation format.

    Raises:
        Refusal: with every problem found, by field.
        NotModelled: the situation is well formed, but not described here yet.
    """
    return advise(read(document, today=today))


def read(document: object, *, today: date) -> Situation:
    """Return the situation of a document in the situation format.

    Raises:
        Refusal: with every problem found, by field.
    """
    problems: list[Problem] = []
    fields = Fields(document, "", problems)
    values = _person(fields.inner("person"))
    values |= _study(fields.inner("study"))
    values |= _choice(fields.inner("choice"))
    values |= _request(fields.inner("request"), today)
    fields.finish(("person", "study", "choice", "request"))
    finished(problems)
    situation = Situation(**values, said=frozenset(said(document)))
    finished(clashes(situation))
    return situation


def said(document: object, path: str = "") -> Iterator[str]:
    """Yield the paths of the fields that a document tells, such as `person.cards`."""
    if isinstance(document, Mapping):
        for name, value in document.items():
            yield from said(value, f"{path}.{name}" if path else str(name))
    elif document is not None:
        yield path


def _person(fields: Fields) -> dict[str, Any]:
    schemes = tuple(data("schemes")["student"]["parents"])
    parents, card = fields.inner("parents"), fields.inner("card")
    values = {
        "birth_date": fields.take("birth_date", day, required=True),
        "nationality": fields.take("nationality", _country, required=True),
        "residence": fields.take("residence", _department, required=True),
        "cards": fields.take("cards", _cards) or frozenset(),
        "has_scholarship": fields.take("scholarship", flag) or False,
        "parents_scheme": parents.take("scheme", one_of(schemes)) or "none",
        "is_partner_covered": fields.take("partner_covered", flag) or False,
        "is_insured_in_france": fields.take("insured_in_france", flag),
        "is_born_abroad": fields.take("born_abroad", flag) or False,
        "territory": fields.take("territory", one_of(TERRITORIES)) or "",
        "visa": fields.take("visa", one_of(VISAS)) or "",
        "card_until": card.take("expires_on", day) or card.take("provisional_from", _provisional),
        "card_country": card.take("country", _country) or "",
        "certificate_language": fields.take("birth_certificate", _language) or "",
        "did_national_service": fields.take("national_service", flag) or False,
        "is_disabled": fields.take("disabled", flag) or False,
        "interruption_months": fields.take("interruption_months", whole(0, LONGEST_MONTHS)) or 0,
        **_work(fields.inner("work")),
    }
    parents.finish(("scheme",))
    card.finish(("expires_on", "provisional_from", "country"))
    fields.finish(
        (
            "birth_date",
            "nationality",
            "residence",
            "cards",
            "card",
            "scholarship",
            "work",
            "parents",
            "partner_covered",
            "insured_in_france",
            "born_abroad",
            "territory",
            "visa",
            "birth_certificate",
            "national_service",
            "disabled",
            "interruption_months",
        )
    )
    return values


def _work(fields: Fields) -> dict[str, Any]:
    values = {
        "work_hours_month": fields.take("hours_per_month", whole(0, HOURS_A_MONTH)) or 0,
        "work_hours_quarter": fields.take("hours_per_quarter", whole(0, HOURS_A_QUARTER)) or 0,
        "work_hours_year": fields.take("hours_per_year", whole(0, HOURS_A_YEAR)) or 0,
        "works_whole_year": fields.take("whole_year", flag) or False,
        "is_work_broken": fields.take("broken", flag) or False,
    }
    fields.finish(
        ("hours_per_month", "hours_per_quarter", "hours_per_year", "whole_year", "broken")
    )
    return values


def _study(fields: Fields) -> dict[str, Any]:
    is_approved = fields.take("approved", flag)
    values: dict[str, Any] = {
        "study_from": fields.take("from", day, required=True),
        "study_until": fields.take("to", day, required=True),
        "step": fields.take("step", whole(1, LAST_STEP)) or 2,
        "establishment": fields.take("establishment", text) or "",
        "kind": fields.take("kind", one_of(KINDS)) or "degree",
        "before": fields.take("before", one_of(BEFORE)) or "",
        "is_approved": True if is_approved is None else is_approved,
        "is_paid_elsewhere": fields.take("paid_elsewhere", flag) or False,
        "is_abroad_year": fields.take("abroad", flag) or False,
        "doctorate_since": fields.take("doctorate_since", day),
    }
    fields.finish(
        (
            "from",
            "to",
            "establishment",
            "step",
            "kind",
            "before",
            "approved",
            "paid_elsewhere",
            "abroad",
            "doctorate_since",
        )
    )
    return values


def _choice(fields: Fields) -> dict[str, Any]:
    known = tuple(name for name, agency in agencies().items() if agency.centre)
    values = {
        "agency": fields.take("agency", one_of(known)),
        "complementary": fields.take("complementary", one_of(known)),
        "agency_before": fields.take("before", one_of(known)),
    }
    fields.finish(("agency", "complementary", "before"))
    return values


def _request(fields: Fields, today: date) -> dict[str, Any]:
    first, own_care = fields.take("first", flag), fields.take("own_care", flag)
    values = {
        "care_date": fields.take("care_date", day),
        "is_first": True if first is None else first,
        "is_prescribed": fields.take("prescribed", flag) or False,
        "has_declared_gp": fields.take("declared_gp", flag) or False,
        "account": fields.take("account", one_of(ACCOUNTS)) or "own",
        "is_patient_insured": True if own_care is None else own_care,
        "sent_on": fields.take("sent_on", day),
        "decision_on": fields.take("decision_on", day),
        "appeal_on": fields.take("appeal_on", day),
        "on": fields.take("on", day) or today,
    }
    fields.finish(
        (
            "care_date",
            "first",
            "prescribed",
            "declared_gp",
            "account",
            "own_care",
            "sent_on",
            "decision_on",
            "appeal_on",
            "on",
        )
    )
    return values


def _country(value: object) -> str:
    code = str(value)
    if len(code) != LETTERS or not code.isascii() or not code.isalpha() or not code.isupper():
        raise Unreadable(
            "country.format",
            f"{code!r} n'est pas un code ISO de deux lettres, par exemple ES",
            f"{code!r} is not a two-letter ISO code, such as ES",
        )
    return code


def _department(value: object) -> str:
    code = str(value)
    number = code.removeprefix("FR-")
    is_there = code in data("funds") or number in COLLECTIVITIES
    if not code.startswith("FR-") or not is_there:
        raise Unreadable(
            "department.format",
            f"{code!r} n'est pas un département, par exemple FR-75, FR-2A ou FR-974",
            f"{code!r} is not a department, such as FR-75, FR-2A or FR-974",
        )
    return code


def _cards(value: object) -> frozenset[str]:
    if not isinstance(value, list):
        raise Unreadable("document.shape", "une liste est attendue", "a list is expected")
    return frozenset(one_of(CARDS)(card) for card in value)


def _provisional(value: object) -> date:
    """Return the last day of a provisional replacement certificate issued on a day."""
    return provisional_until(day(value))


def _language(value: object) -> str:
    code = str(value)
    if len(code) != LETTERS or not code.isascii() or not code.isalpha() or not code.islower():
        raise Unreadable(
            "language.format",
            f"{code!r} n'est pas un code de langue de deux lettres, par exemple de",
            f"{code!r} is not a two-letter language code, such as de",
        )
    return code
