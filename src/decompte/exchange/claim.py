"""The claim of a case: its day, and the lines that name themselves twice."""

from collections.abc import Sequence
from datetime import date

from decompte.engine.shapes import CareLine
from decompte.exchange.read import Fields


def check_claim(
    fields: Fields, claimed_on: date | None, lines: Sequence[CareLine | None], today: date
) -> None:
    """Note a claim of the future, a claim before its care, and one name for two different lines.

    Args:
        fields: the case, where problems are noted.
        claimed_on: day on which the claim arrived, or None.
        lines: care lines; None where one was wrong.
        today: no claim comes after this day.
    """
    if claimed_on and claimed_on > today:
        fields.refuse(
            "claimed_on",
            "date.future",
            f"demande dans l'avenir ; au plus tard {today}",
            f"a claim in the future; at the latest {today}",
        )
    named: dict[str, CareLine] = {}
    for position, line in enumerate(lines):
        if line is None:
            continue
        if claimed_on and line.date > claimed_on:
            fields.refuse(
                f"lines[{position}].date",
                "claim.before_care",
                f"soins après la demande du {claimed_on}",
                f"care after the claim of {claimed_on}",
            )
        if line.id and named.setdefault(line.id, line) != line:
            fields.refuse(
                f"lines[{position}].id",
                "claim.two_lines",
                f"{line.id!r} nomme déjà une autre ligne ; donner à chaque ligne son nom",
                f"{line.id!r} names another line already; give each line its own",
            )
