"""Who must be affiliated, to which scheme, among which agencies, from when to when."""

from collections.abc import Iterator
from datetime import date, timedelta

from decompte.errors import NotModelled, Problem, Text
from decompte.law.age import age_on
from decompte.procedure.contribution import contribution
from decompte.procedure.load import agencies, data, reason
from decompte.procedure.shapes import Affiliation, Reason, Situation

AUGUST = 8


def academic_year(study_from: date) -> int:
    """Return the year in which the academic year of a first day of studies begins."""
    return study_from.year if study_from.month >= AUGUST else study_from.year - 1


def insurance_year(year: int) -> tuple[date, date]:
    """Return the first and last day of the insurance year of an academic year."""
    first = _start(year)
    return first, _start(year + 1) - timedelta(days=1)


def affiliation(situation: Situation) -> Affiliation:
    """Return who covers a student for the academic year of their studies, and why.

    Raises:
        NotModelled: the year lies in the passage of 2018-2019, or before the data begins.
    """
    rules = data("schemes")["student"]
    if situation.study_from >= rules["gone"]:
        return _general(situation)
    year = academic_year(situation.study_from)
    first, last = insurance_year(year)
    if first < rules["first"] or first > rules["last"]:
        raise NotModelled([_not_modelled(year)])
    if why_not := next(_elsewhere(situation, year), None):
        return why_not
    age_in_year = age_on(situation.birth_date, last)
    is_free = age_in_year < rules["free_below"]
    due = contribution(year, is_free=is_free, has_scholarship=situation.has_scholarship)
    status, code = (
        ("automatic", "affiliation.under_20") if is_free else ("compulsory", "affiliation.student")
    )
    return Affiliation(
        status,
        "student",
        choosable(situation.residence),
        due.amount_cents,
        first,
        last,
        (reason(code), *due.reasons),
    )


def choosable(residence: str) -> tuple[str, ...]:
    """Return the student agencies that a resident of a department may choose."""
    return tuple(
        agency.id
        for agency in agencies().values()
        if agency.centre and (not agency.departments or residence in agency.departments)
    )


def is_european(nationality: str, day: date) -> bool:
    """Return whether a nationality is of the EU, the EEA or Switzerland on a day."""
    countries = data("schemes")["countries"]
    if nationality == "GB":
        return bool(day <= countries["british_until"])
    return nationality in countries["european"]


def _elsewhere(situation: Situation, year: int) -> Iterator[Affiliation]:
    """Yield why a student is not affiliated to the student scheme, most telling first."""
    rules = data("schemes")["student"]
    first, last = insurance_year(year)
    if "ehic" in situation.cards:
        yield _out("exempt", "home", "affiliation.european_card")
    if situation.cards & {"s1", "se-401-q-102", "se-401-q-106"}:
        yield _out("exempt", "home", "affiliation.form_accepted")
    if "private" in situation.cards and is_european(situation.nationality, first):
        yield _out("exempt", "other", "affiliation.private_insurance")
    if age_on(situation.birth_date, first) >= rules["age_limit"]:
        yield _out("not-eligible", "other", "affiliation.age")
    if (situation.study_until - situation.study_from).days < rules["shortest_stay_days"]:
        yield _out("not-eligible", "other", "affiliation.short_stay")
    hours = [rule["hours"] for rule in rules["work_hours_month"] if rule["from"] <= year][-1]
    if situation.works_whole_year and situation.work_hours_month >= hours:
        yield _out("exempt", "general", "affiliation.work")
    if situation.is_partner_covered:
        yield _out("exempt", "general", "affiliation.partner")
    if age_on(situation.birth_date, last) <= rules["parents"][situation.parents_scheme]:
        yield _out("exempt", "other", "affiliation.parents")


def _general(situation: Situation) -> Affiliation:
    if "ehic" in situation.cards:
        return _out("exempt", "home", "affiliation.european_card")
    if (situation.study_until - situation.study_from).days < data("schemes")["student"][
        "shortest_stay_days"
    ]:
        return _out("not-eligible", "other", "affiliation.short_stay")
    if situation.nationality == "FR":
        reasons: tuple[Reason, ...] = (reason("affiliation.general"),)
        return Affiliation("automatic", "general", (), 0, situation.study_from, None, reasons)
    reasons = (reason("affiliation.general"), reason("affiliation.general_foreign"))
    return Affiliation("compulsory", "general", (), 0, situation.study_from, None, reasons)


def _out(status: str, scheme: str, code: str) -> Affiliation:
    return Affiliation(status, scheme, (), 0, None, None, (reason(code),))


def _start(year: int) -> date:
    starts = [
        entry["starts"] for entry in data("schemes")["student"]["years"] if entry["from"] <= year
    ]
    month, day = str(starts[-1]).split("-")
    return date(year, int(month), int(day))


def _not_modelled(year: int) -> Problem:
    return Problem(
        "year.not_modelled",
        "study.from",
        Text(
            fr=f"l'année {year}-{year + 1} n'est pas encore décrite ici ; "
            "connues : 2005-2006 à 2017-2018, et depuis septembre 2019",
            en=f"the year {year}-{year + 1} is not described here yet; "
            "known: 2005-2006 to 2017-2018, and since September 2019",
        ),
    )
