"""What a cover is worth for one line: some count always, others for care related to them only."""

from decompte.rules.shapes import Law, Line


def is_related(law: Law, line: Line, cover: int) -> int:
    """Return 1 if the form says that the care is related to what gave a cover, else 0.

    Args:
        law: figures by period.
        line: the care line.
        cover: index of the cover.

    Returns:
        A flag.

    Law:
        rate.ald, rate.work_accident
    """
    if cover == law.ald:
        return line.is_ald_related
    return (line.related >> cover) & 1


def has_cover(law: Law, line: Line, cover: int) -> int:
    """Return 1 if a cover counts for the rate of this line, else 0.

    The long illness and the work accident count for care related to them only: what the doctor
    ticks on the form.

    Args:
        law: figures by period.
        line: the care line.
        cover: index of the cover.

    Returns:
        A flag.

    Law:
        rate.ald, rate.work_accident
    """
    granted = (line.covers >> cover) & 1
    if law.cover_needs_relation[cover] == 1:
        return granted * is_related(law, line, cover)
    return granted


def is_exempt(law: Law, line: Line, always: tuple[int, ...], related: tuple[int, ...]) -> int:
    """Return 1 if a cover of the person takes away what would be kept back, else 0.

    Args:
        law: figures by period.
        line: the care line.
        always: by cover, 1 where it exempts from all of it.
        related: by cover, 1 where it exempts for the care related to it.

    Returns:
        A flag.

    Law:
        participation.exempt, participation.exempt_related, franchise.exempt,
        franchise.exempt_related, pathway.penalty_exempt, pathway.penalty_exempt_related
    """
    if line.covers == 0:
        return 0
    for cover in range(len(always)):
        if (line.covers >> cover) & 1 == 1:
            if always[cover] == 1:
                return 1
            if related[cover] == 1 and is_related(law, line, cover) == 1:
                return 1
    return 0
