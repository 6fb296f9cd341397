"""What an act allows: the days it could be charged, the ages it is for, who charges it."""

from datetime import date

from decompte.engine.shapes import Person
from decompte.exchange.read import Fields
from decompte.law.age import age_on
from decompte.law.shapes import Act


def check_limits(fields: Fields, act: Act, on: date, person: Person | None) -> None:
    """Note an act that was no longer charged on a day, or that is not for a person of this age.

    Args:
        fields: the line.
        act: what it charges.
        on: the day of care.
        person: whose care it is, or None when their birth date was wrong.
    """
    if act.until is not None and on > act.until:
        news = ", ".join(act.replaced_by)
        fields.refuse(
            "act",
            "act.retired",
            f"{act.letter} n'existe plus après le {act.until} ; remplacé par : {news}",
            f"{act.letter} no longer exists after {act.until}; replaced by: {news}",
        )
    if not act.ages or person is None or on < person.birth_date:
        return
    age, (first, end) = age_on(person.birth_date, on), act.ages
    if not first <= age < end:
        fields.refuse(
            "act",
            "act.age",
            f"{act.letter} vaut de {first} à {end - 1} ans ; {age} ans le {on}",
            f"{act.letter} is for ages {first} to {end - 1}; {age} on {on}",
        )


def check_specialty(fields: Fields, act: Act, specialty: str) -> None:
    """Note an act that a practitioner of this specialty does not charge."""
    if act.specialties and specialty not in act.specialties:
        allowed = ", ".join(act.specialties)
        fields.refuse(
            "specialty",
            "act.practitioner",
            f"l'acte {act.letter} est celui de : {allowed}",
            f"the act {act.letter} belongs to: {allowed}",
        )
