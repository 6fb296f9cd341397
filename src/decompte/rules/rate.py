"""The share of the base that the mandatory insurance reimburses."""

from decompte.rules.shapes import Law, Line


def has_cover(law: Law, line: Line, cover: int) -> int:
    """Return 1 if a cover counts for this line, else 0.

    The long illness counts for care related to it only: what the doctor ticks on the form.

    Args:
        law: figures by period.
        line: the care line.
        cover: index of the cover.

    Returns:
        A flag.

    Law:
        rate.ald
    """
    granted = (line.covers >> cover) & 1
    if cover == law.ald:
        return granted * line.is_ald_related
    return granted


def rate(law: Law, period: int, line: Line) -> tuple[int, int]:
    """Return the rate of the mandatory insurance and its reason.

    The rate of the kind of care, or a better one that a cover gives.

    Args:
        law: figures by period.
        period: period of the day of care.
        line: the care line.

    Returns:
        Basis points, and the reason mask.

    Law:
        rate.doctor, rate.auxiliary, rate.midwife, rate.dentist, rate.biology, rate.medicine_major,
        rate.medicine_important, rate.medicine_moderate, rate.medicine_low, rate.device,
        rate.transport, rate.psychologist, rate.hospital, rate.daily_charge, rate.emergency_fee,
        rate.not_reimbursed, rate.ald, rate.maternity
    """
    kind = law.act_kind[line.act]
    points = law.rate_of_kind[period][kind]
    reason = law.kind_reasons[kind]
    for cover in range(len(law.cover_reasons)):
        covered = law.rate_covered[period][cover][kind]
        if has_cover(law, line, cover) == 1 and covered > points:
            points = covered
            reason = law.cover_reasons[cover]
    return points, reason
