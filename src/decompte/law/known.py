"""The law as it was known on a day: what was not published yet is not there, what was given up is.

A text can take effect before it is published, and can be given up before it takes effect. What is
in force today leaves out what was given up; an earlier day may still have believed it.
"""

import hashlib
from datetime import date

from decompte.law.shapes import Figure, LawData


def as_known_on(law: LawData, day: date) -> LawData:
    """Return a law with the values that the texts known on a day held.

    Args:
        law: as loaded.
        day: a later publication is not known, a later withdrawal neither. A figure of which nothing
            was known keeps its name and has no value.
    """
    figures = {name: _as_known_on(figure, day) for name, figure in law.told.items()}
    if figures == law.figures:
        return law
    digest = hashlib.sha256(f"{law.digest} known on {day}".encode()).hexdigest()
    return law._replace(figures=figures, digest=digest)


def _as_known_on(figure: Figure, day: date) -> Figure:
    values = tuple(value for value in figure.values if value.is_known_on(day))
    return figure if values == figure.values else figure._replace(values=values)
