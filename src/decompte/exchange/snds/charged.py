"""What a charge is in the nomenclatures of the SNDS, looked up once for every distinct one."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from decompte.engine.periods import NOT_DOCTORS, Periods
from decompte.exchange.charges import Charge
from decompte.exchange.snds.shapes import codes
from decompte.law.nomenclature.store import history
from decompte.law.shapes import Act

NONE = -1
GENERAL = "general-practice"
Numbers = npt.NDArray[np.int64]


class Charged(NamedTuple):
    """By distinct charge; `NONE` where the nomenclature has no word for it.

    Attributes:
        nature: PRS_NAT.
        supplement: CPL_AFF_COD of a supplement; `NONE` for an act of its own.
        franchise: CPL_PRS_NAT of what is kept back on it, without third-party payment.
        specialty, activity: PSE_SPE_COD of a doctor, PSE_ACT_NAT of everybody else.
        convention, option: PSE_CNV_COD and PRS_CRD_OPT of a doctor.
    """

    nature: Numbers
    supplement: Numbers
    franchise: Numbers
    specialty: Numbers
    activity: Numbers
    convention: Numbers
    option: Numbers


def charged(charges: Sequence[Charge], law: Periods) -> Charged:
    """Return what charges are, in their order."""
    rows = [_one(charge, law) for charge in charges] or [(NONE,) * len(Charged._fields)]
    return Charged(*(np.array(column, dtype=np.int64) for column in zip(*rows, strict=True)))


def _one(charge: Charge, law: Periods) -> tuple[int, ...]:
    act = law.data.acts.get(letter(charge.act or ""))
    known = codes()
    if act is None:
        return (NONE,) * len(Charged._fields)
    who = charge.specialty or _usual(act)
    is_doctor = who not in NOT_DOCTORS
    sector = charge.sector or "1"
    supplement = known["supplement"].get(act.letter, known["other_supplement"])
    return (
        known["nature"].get(act.letter, NONE),
        supplement if act.family == "supplement" else NONE,
        known["franchise"][act.franchise][0] if act.franchise else NONE,
        known["specialty"].get(who, NONE),
        known["activity"].get(who, NONE),
        known["convention"][sector] if is_doctor else NONE,
        known["fee_option"][sector] if is_doctor else NONE,
    )


def letter(act: str) -> str:
    """Return the letter of an act: itself, or the one that its code counts as in the end."""
    letters = [entry.act for entry in history(act) if entry.act]
    return letters[-1] if letters else act


def _usual(act: Act) -> str:
    if act.specialties:
        return act.specialties[0]
    return {"specialist": "other-specialty", "any": GENERAL}.get(act.practitioner, act.practitioner)
