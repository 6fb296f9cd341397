"""The whole answer to a student's situation."""

from decompte.procedure.affiliation import affiliation
from decompte.procedure.choice import choice
from decompte.procedure.deadlines import deadlines
from decompte.procedure.papers import required
from decompte.procedure.routing import send_to
from decompte.procedure.shapes import Advice, Situation


def advise(situation: Situation) -> Advice:
    """Return who covers a student, whether the choice stands, where, what and until when.

    Raises:
        NotModelled: the law answers, this program does not know it yet.
        Refusal: the address asked for is no longer alive.
    """
    covered = affiliation(situation)
    return Advice(
        situation=situation,
        affiliation=covered,
        choice=choice(situation, covered),
        send_to=send_to(situation, covered) if situation.care_date else None,
        papers=required(situation, covered) if situation.care_date else (),
        deadlines=deadlines(situation, covered),
    )
