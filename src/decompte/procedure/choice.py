"""Whether a choice of agency and complementary insurance stands."""

from collections.abc import Iterator

from decompte.errors import Problem, Text
from decompte.procedure.affiliation import affiliation
from decompte.procedure.load import agencies
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


def _errors(situation: Situation, covered: Affiliation) -> Iterator[Problem]:
    allowed = ", ".join(covered.agencies) or "-"
    if covered.agencies and not situation.agency:
        yield _problem(
            "agency",
            "agency.missing",
            f"choisissez un organisme : {allowed}",
            f"choose one agency: {allowed}",
        )
    if situation.agency and situation.agency not in covered.agencies:
        yield _problem(
            "agency",
            "agency.not_offered",
            f"{situation.agency!r} n'est pas proposé ici ; permis : {allowed}",
            f"{situation.agency!r} is not offered here; allowed: {allowed}",
        )
    if situation.complementary is None:
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
    if situation.step != STEP_OF_CHOICE:
        yield _problem(
            "complementary",
            "complementary.step",
            "la complémentaire ne s'achète qu'à l'étape 2 de l'inscription en ligne",
            "a complementary can only be bought in step 2 of the online registration",
        )


def _problem(field: str, code: str, fr: str, en: str) -> Problem:
    return Problem(code, f"choice.{field}", Text(fr=fr, en=en))
