"""The dated rights of a case: reads them, and refuses those that contradict one another."""

from collections.abc import Iterator, Sequence

from decompte.engine.periods import COVERS, RELATED_COVERS, Periods
from decompte.engine.shapes import CareLine, Case, Cover
from decompte.errors import Problem, Text
from decompte.exchange.read import Fields, day, one_of

FORMER_NAMES = {"cmu-c": "c2s"}
RELATED = ("military-pension", "work-accident")
UNKNOWN_WHERE_ABSENT = ("ame", "military-pension", "work-accident")
CONTRADICTIONS = (("c2s", "acs"), ("ame", "c2s"), ("ame", "acs"))


def cover(fields: Fields) -> Cover | None:
    """Return a dated right, or None with its problems noted; the CMU-C reads as the C2S."""
    kind = fields.take("kind", one_of((*COVERS, *FORMER_NAMES)), required=True)
    since = fields.take("from", day, required=True)
    until = fields.take("until", day)
    fields.finish(("kind", "from", "until"))
    if since and until and until < since:
        fields.refuse(
            "until", "date.order", "la fin précède le début", "the end is before the beginning"
        )
    return Cover(FORMER_NAMES.get(kind, kind), since, until) if kind and since else None


def check_together(
    fields: Fields,
    covers: Sequence[Cover],
    lines: Sequence[CareLine | None],
    *,
    is_local: bool,
    formula: str | None,
) -> None:
    """Note the covers that cannot be held together on a day of care.

    Args:
        fields: the case, where problems are noted.
        covers: dated rights of the person.
        lines: care lines; None where one was wrong.
        is_local: the person belongs to the local scheme of Alsace-Moselle.
        formula: the complementary, or None.
    """
    days = {line.date for line in lines if line}
    held = [{one.kind for one in covers if one.holds_on(on)} for on in sorted(days)]
    for one, other in CONTRADICTIONS:
        if any({one, other} <= kinds for kinds in held):
            fields.refuse(
                "person.covers",
                "cover.contradiction",
                f"{one!r} et {other!r} le même jour se contredisent ; garder l'une des deux",
                f"{one!r} and {other!r} on the same day contradict each other; keep one of the two",
            )
    if formula and any("c2s" in kinds for kinds in held):
        fields.refuse(
            "complementary",
            "complementary.two",
            "la complémentaire santé solidaire (c2s) couvre déjà ces soins ; garder l'une des deux",
            "the solidarity cover (c2s) covers this care already; keep one of the two",
        )
    if any("ame" in kinds for kinds in held) and (is_local or formula):
        fields.refuse(
            "person.covers",
            "cover.contradiction",
            "l'aide médicale de l'État est pour qui n'est pas assuré : ni régime local, ni "
            "complémentaire",
            "State medical aid is for those who are not insured: no local scheme, no complementary",
        )


def check_related(fields: Fields, covers: Sequence[Cover], line: CareLine, position: int) -> None:
    """Note what a line says it is related to without the cover being in force that day."""
    held = {one.kind for one in covers if one.holds_on(line.date)}
    for kind in line.related_to:
        if kind not in held:
            fields.refuse(
                f"lines[{position}].related_to",
                "cover.absent",
                f"aucune couverture {kind!r} le {line.date} ; l'ajouter à person.covers",
                f"no cover {kind!r} on {line.date}; add it to person.covers",
            )


def not_modelled(case: Case, law: Periods) -> Iterator[Problem]:
    """Yield the lines whose amount under a cover in force is not known here."""
    for position, line in enumerate(case.lines):
        for one in case.person.covers:
            if one.holds_on(line.date) and is_unknown(law, one.kind, line):
                yield Problem(
                    "cover.not_modelled",
                    f"lines[{position}].act",
                    Text(
                        fr=f"le montant de {line.charged} avec la couverture {one.kind!r} n'est "
                        "pas encore calculé ici ; demandez à votre organisme",
                        en=f"the amount of {line.charged} under the cover {one.kind!r} is not "
                        "computed here yet; ask your agency",
                    ),
                )


def is_unknown(law: Periods, kind: str, line: CareLine) -> bool:
    """Return whether the amount of a line under a cover in force is not known here."""
    if kind in law.data.acts[line.act].refused_with:
        return True
    if kind not in UNKNOWN_WHERE_ABSENT:
        return False
    if kind in RELATED_COVERS and kind not in line.related_to:
        return False
    return not law.has_rate_of_cover(kind, line.act, line.date)
