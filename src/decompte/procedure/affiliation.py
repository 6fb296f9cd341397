"""Who must be affiliated, to which scheme, among which agencies, from when to when, for how much.

The decision itself is a table (`data/tables/affiliation.yaml`), a row a rule.
"""

from datetime import date

from decompte.errors import NotModelled, Problem, Text
from decompte.procedure.agencies import choosable
from decompte.procedure.contribution import year_due
from decompte.procedure.facts import facts_of, later_limit, study_day
from decompte.procedure.load import data
from decompte.procedure.shapes import Affiliation, Reason, Situation, YearDue
from decompte.procedure.tables import Rule, decided
from decompte.procedure.years import academic_year, insurance_year, years_touched

AFFILIATED = frozenset({"compulsory", "automatic"})
STATUS_WORDS = {
    "compulsory": Text(fr="Affiliation obligatoire", en="Affiliation is compulsory"),
    "automatic": Text(fr="Couvert d'office", en="Covered automatically"),
    "optional": Text(fr="Affiliation facultative", en="Affiliation is optional"),
    "exempt": Text(fr="Dispensé d'affiliation", en="Exempt from affiliation"),
    "not-eligible": Text(fr="Pas d'affiliation possible", en="No affiliation possible"),
}


def affiliation(situation: Situation) -> Affiliation:
    """Return who covers a student for the academic year of their studies, and why.

    Raises:
        NotModelled: the year lies before the data begins.
    """
    day = study_day(situation)
    if day < data("schemes")["student"]["first"]:
        raise NotModelled([_too_early(day.year)])
    facts = facts_of(situation)
    rule = decided("affiliation", facts, day)
    scheme, status = str(rule.then["scheme"]), str(rule.then["status"])
    years = _years(situation, scheme) if status in AFFILIATED else ()
    since, until = _period(situation, scheme, status)
    return Affiliation(
        status=status,
        scheme=scheme,
        agencies=choosable(situation.residence) if rule.then.get("choose") else (),
        contribution_cents=years[0].amount_cents if years else 0,
        since=since,
        until=until,
        reasons=_reasons(situation, rule, years),
        years=years,
        must_register=bool(rule.then.get("register", False)),
    )


def _years(situation: Situation, scheme: str) -> tuple[YearDue, ...]:
    """Return what each insurance year that the stay touches costs; one year outside the scheme."""
    first, *later = years_touched(situation.study_from, situation.study_until)
    asked = [first, *(later if scheme == "student" else ())]
    return tuple(
        year_due(year, {**facts_of(_in_year(situation, year)), "scheme": scheme}) for year in asked
    )


def _in_year(situation: Situation, year: int) -> Situation:
    if year == academic_year(situation.study_from):
        return situation
    return situation._replace(study_from=insurance_year(year)[0])


def _period(situation: Situation, scheme: str, status: str) -> tuple[date | None, date | None]:
    if status not in AFFILIATED:
        return None, None
    first, last = insurance_year(academic_year(situation.study_from))
    if scheme == "student":
        return max(first, situation.study_from), last
    return situation.study_from, None


def _reasons(situation: Situation, rule: Rule, years: tuple[YearDue, ...]) -> tuple[Reason, ...]:
    """Return why: the row that decided, what moved the age limit, and what the years cost."""
    reasons = [rule.reason]
    if rule.then["scheme"] == "student":
        limit = decided("age_limit", later_limit(situation), study_day(situation))
        is_moved = limit.id != "none"
        reasons += [limit.reason] if is_moved else []
        reasons += [year.reason for year in years[:1]]
    return tuple(reasons)


def _too_early(year: int) -> Problem:
    return Problem(
        "year.not_modelled",
        "study.from",
        Text(
            fr=f"l'année {year}-{year + 1} n'est pas décrite ici ; connues : depuis 2004-2005",
            en=f"the year {year}-{year + 1} is not described here; known: since 2004-2005",
        ),
    )
