"""The share of the base that the mandatory insurance reimburses."""

from decompte.rules.covers import has_cover
from decompte.rules.prevention import prevention
from decompte.rules.shapes import Law, Line


def replaces(law: Law, cover: int, covered: int, points: int) -> int:
    """Return 1 if the rate a cover gives stands instead of the one found so far, else 0.

    A better rate does; that of State medical aid does in any case.

    Args:
        law: figures by period.
        cover: index of the cover.
        covered: the rate it gives in basis points, -1 for none.
        points: the rate found so far, in basis points.

    Returns:
        A flag.

    Law:
        rate.ame
    """
    if covered < 0:
        return 0
    if law.cover_replaces[cover] == 1 or covered > points:
        return 1
    return 0


def rate(law: Law, period: int, line: Line) -> tuple[int, int]:
    """Return the rate of the mandatory insurance and its reason.

    The rate of the kind of care, or a better one that a cover or a prevention scheme gives. State
    medical aid stands instead of the insurance: its rate holds even where it is lower.

    Args:
        law: figures by period.
        period: period of the day of care.
        line: the care line.

    Returns:
        Basis points, and the reason mask.

    Law:
        rate.doctor, rate.auxiliary, rate.midwife, rate.dentist,
        rate.orthodontics, rate.biology, rate.medicine_major,
        rate.medicine_important, rate.medicine_moderate, rate.medicine_low, rate.dispensing,
        rate.dispensing_complex, rate.device,
        rate.transport, rate.psychologist, rate.hospital, rate.daily_charge, rate.emergency_fee,
        rate.not_reimbursed, rate.ald, rate.maternity, rate.ame, rate.military_pension,
        rate.work_accident
    """
    kind = law.act_kind[line.act]
    points = law.rate_of_kind[period][kind]
    reason = law.kind_reasons[kind]
    if line.covers == 0 and line.prevention < 0:
        return points, reason
    for cover in range(len(law.cover_reasons)):
        covered = law.rate_covered[period][cover][kind]
        if replaces(law, cover, covered, points) == 1 and has_cover(law, line, cover) == 1:
            points = covered
            reason = law.cover_reasons[cover]
    better, why = prevention(law, period, line, points)
    if better > points:
        return better, why
    return points, reason | why
