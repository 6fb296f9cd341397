"""Whether a choice of agency and complementary insurance stands."""

from collections.abc import Iterator

from decompte.errors import Problem, Text
from decompte.procedure.affiliation import affiliation
from decompte.procedure.agencies import agencies
from decompte.procedure.establishments import establishments
from decompte.procedure.shapes import Affiliation, Choice, Situation

STEP_OF_CHOICE = 2


def choice(situation: Situation, covered: Affiliation | None = None) -> Choice:
    """Return whether the situation's choice stands, with everything that is wrong with it.

    Args:
        situation: with agency, complementary and the step of registration.
        covered: the affiliation, when the caller has it already.
    """
    errors = tuple(_errors(situation, covered or affiliation(situation)))
    return Choice(not errors, errors)


def step_of(establishment: str) -> int:
    """Return the step of a school's registration in which a complementary is bought."""
    school = establishments().get(establishment)
    return (school.step_of_complementary if school else None) or STEP_OF_CHOICE


def _errors(situation: Situation, covered: Affiliation) -> Iterator[Problem]:
    allowed = ", ".join(covered.agencies) or "-"
    if covered.agencies and not situation.agency:
        yield _problem(
            "agency",
            "agency.missing",
            f"choisissez un organisme : {allowed}",
            f"choose one agency: {allowed}",
        )
    keeps_its_own = covered.scheme == "student" and not covered.agencies
    if situation.agency and situation.agency not in covered.agencies and not keeps_its_own:
        yield _problem(
            "agency",
            "agency.not_offered",
            f"{situation.agency!r} n'est pas proposé ici ; permis : {allowed}",
            f"{situation.agency!r} is not offered here; allowed: {allowed}",
        )
    if situation.complementary is not None:
        yield from _complementary_errors(situation, covered)


def _complementary_errors(situation: Situation, covered: Affiliation) -> Iterator[Problem]:
    if covered.must_register and covered.scheme != "student" and not situation.agency:
        yield _problem(
            "complementary",
            "complementary.unregistered",
            "il faut d'abord être inscrit au régime français pour une complémentaire étudiante",
            "register with the French scheme first; a student complementary rests on it",
        )
        return
    if situation.complementary != situation.agency:
        chosen = agencies().get(situation.agency or "")
        own = chosen.name if chosen else None
        fr, en = (own.fr, own.en) if own else ("l'organisme choisi", "the agency you choose")
        yield _problem(
            "complementary",
            "complementary.other_agency",
            f"la complémentaire doit être celle du même organisme : {fr}",
            f"the complementary must be of the same agency: {en}",
        )
    if situation.step != (step := step_of(situation.establishment)):
        yield _problem(
            "complementary",
            "complementary.step",
            f"la complémentaire ne s'achète qu'à l'étape {step} de l'inscription en ligne",
            f"a complementary can only be bought in step {step} of the online registration",
        )


def _problem(field: str, code: str, fr: str, en: str) -> Problem:
    return Problem(code, f"choice.{field}", Text(fr=fr, en=en))
