"""What a line says of prevention: the scheme it is claimed under, if any."""

from datetime import date

from decompte.engine.periods import Periods
from decompte.engine.shapes import Person
from decompte.exchange.read import Fields, one_of
from decompte.law.age import age_on
from decompte.law.load import PREVENTIONS


def scheme(
    fields: Fields, law: Periods, act: str | None, on: date | None, person: Person | None
) -> str:
    """Return the prevention scheme of a line, empty for none.

    An act that exists for prevention alone has its own and is for some ages only; for any other
    act the line says it, and the kind of care has to be one the scheme is for.

    Args:
        fields: the line.
        law: the law by period.
        act: letter of the act, or None when it was wrong.
        on: the day of care, or None when it was wrong.
        person: whose care it is, or None when their birth date was wrong.
    """
    given = fields.take("prevention", one_of(PREVENTIONS)) or ""
    if act is None:
        return given
    own = law.data.acts[act].prevention
    if own:
        return _own(fields, law, act, own, on, person)
    if given and not law.concerns(given, act):
        fields.refuse(
            "prevention",
            "prevention.act",
            f"{given!r} ne concerne pas l'acte {act}",
            f"{given!r} is not about the act {act}",
        )
    return given


def _own(
    fields: Fields,
    law: Periods,
    act: str,
    own: tuple[str, ...],
    on: date | None,
    person: Person | None,
) -> str:
    if on is None or person is None or law.of(on) < 0:
        return own[0]
    age = age_on(person.birth_date, on)
    of_age = [one for one in own if law.is_of_age(one, age, on)]
    if not of_age:
        fields.refuse(
            "act",
            "prevention.age",
            f"l'acte {act} n'est pas pour une personne de {age} ans le {on}",
            f"the act {act} is not for a person aged {age} on {on}",
        )
    return (of_age or list(own))[0]
