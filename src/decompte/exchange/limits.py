"""What an act allows: days, ages, who charges it, how high a coefficient or quantity goes."""

from datetime import date

from decompte.engine.shapes import Person
from decompte.exchange.read import ONE, Fields
from decompte.law.age import age_on
from decompte.law.shapes import Act, LawData


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
    age = age_on(person.birth_date, on)
    if not act.is_for(age):
        spans = tuple(zip(act.ages[::2], act.ages[1::2], strict=True))
        told = " ou ".join(f"de {first} à {end - 1} ans" for first, end in spans)
        said = " or ".join(f"{first} to {end - 1}" for first, end in spans)
        fields.refuse(
            "act",
            "act.age",
            f"{act.letter} vaut {told} ; {age} ans le {on}",
            f"{act.letter} is for ages {said}; {age} on {on}",
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


def check_most(fields: Fields, law: LawData, act: Act, coefficient: int, quantity: int) -> None:
    """Note a coefficient or a quantity beyond what the act allows, naming bound and source.

    Args:
        fields: the line.
        law: the loaded law, which has the sources.
        act: what it charges.
        coefficient: of one act, in ten-thousandths.
        quantity: number of acts.
    """
    told = "; ".join(law.sources[name].title.fr for name in act.most.sources)
    cited = "; ".join(law.sources[name].title.en for name in act.most.sources)
    highest, many = act.most.coefficient, act.most.quantity
    if highest is not None and coefficient > highest:
        if "coefficient" in act.most.inferred:
            told += " ; borne vraisemblable : aucun acte vu ne va plus loin"
            cited += "; a plausible bound: no act that was seen goes further"
        fields.refuse(
            "coefficient",
            "coefficient.of_act",
            f"le coefficient de {act.letter} va jusqu'à {highest / ONE:g} ({told})",
            f"the coefficient of {act.letter} goes up to {highest / ONE:g} ({cited})",
        )
    if many is not None and quantity > many:
        fields.refuse(
            "quantity",
            "quantity.of_act",
            f"{act.letter} : au plus {many} par jour ({told})",
            f"{act.letter}: at most {many} a day ({cited})",
        )
