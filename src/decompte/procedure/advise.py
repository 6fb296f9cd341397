"""The whole answer to a student's situation."""

from decompte.procedure.affiliation import affiliation
from decompte.procedure.choice import choice
from decompte.procedure.deadlines import deadlines
from decompte.procedure.papers import for_registration, required
from decompte.procedure.questions import untold
from decompte.procedure.routing import destination
from decompte.procedure.shapes import Advice, Situation


def advise(situation: Situation) -> Advice:
    """Return who covers a student, whether the choice stands, where, what and until when.

    Raises:
        NotModelled: the studies begin before the data does.
        Refusal: the address asked for is no longer alive.
    """
    covered = affiliation(situation)
    has_care = situation.care_date is not None
    send, why = destination(situation, covered) if has_care else (None, None)
    papers = required(situation, covered) if has_care else ()
    return Advice(
        situation=situation,
        affiliation=covered,
        choice=choice(situation, covered),
        send_to=send,
        papers=(*for_registration(situation, covered), *papers),
        deadlines=deadlines(situation, covered),
        no_destination=why if has_care and send is None else None,
        untold=untold(situation),
    )
