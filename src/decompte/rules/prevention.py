"""Prevention: care that is reimbursed better at some ages (contraception, screening, check-ups)."""

from decompte.rules.reasons import (
    NONE,
    PREVENTION_NOT_FOR_THIS,
    PREVENTION_SHARED,
    RATE_PREVENTION,
)
from decompte.rules.shapes import Law, Line


def is_of_age(law: Law, period: int, scheme: int, age: int) -> int:
    """Return 1 if a prevention scheme is for people of this age, else 0.

    From an age, until another, and where the text says so every few years only.

    Args:
        law: figures by period.
        period: period of the day of care.
        scheme: index of the prevention scheme.
        age: whole years on the day of care.

    Returns:
        A flag.

    Law:
        prevention.from_age, prevention.until_age, prevention.every
    """
    from_age = law.prevention_from_age[period][scheme]
    until_age = law.prevention_until_age[period][scheme]
    if from_age < 0 or age < from_age:
        return 0
    if 0 <= until_age <= age:
        return 0
    if (age - from_age) % law.prevention_every[period][scheme] != 0:
        return 0
    return 1


def prevention(law: Law, period: int, line: Line, points: int) -> tuple[int, int]:
    """Return the rate that the prevention scheme of a line gives, and why.

    Where the co-payment is shared with the complementary insurance, whoever has one keeps the
    ordinary rate and the complementary pays the rest.

    Args:
        law: figures by period.
        period: period of the day of care.
        line: the care line; its prevention is an index, or -1.
        points: the rate without it, in basis points.

    Returns:
        Basis points, and the reason mask.

    Law:
        prevention.contraception, prevention.emergency_contraception, prevention.condoms,
        prevention.sexual_health, prevention.abortion, prevention.hiv_test, prevention.sti_test,
        prevention.vaccine_mmr, prevention.vaccine_flu, prevention.cervical_screening,
        prevention.breast_screening, prevention.dental, prevention.checkup_18,
        prevention.checkup_45, prevention.checkup_60, prevention.checkup_70,
        prevention.child_examination, prevention.shared
    """
    scheme = line.prevention
    if scheme < 0:
        return points, NONE
    better = law.prevention_rate[period][scheme][law.act_kind[line.act]]
    if better < 0 or is_of_age(law, period, scheme, line.age) != 1:
        return points, PREVENTION_NOT_FOR_THIS
    if law.prevention_shared[period][scheme] == 1 and line.formula >= 0:
        return points, PREVENTION_SHARED
    if better <= points:
        return points, NONE
    return better, RATE_PREVENTION
