"""What is unlikely about a request, for the agent to look at; none of it refuses anything."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from decompte.portal import clock
from decompte.portal.people.templatetags.words import day as in_words
from decompte.procedure.deadlines import claim_until

DEAR_CENTS = 15_000
SUNDAY = 6


def warnings(found: Any, lines: Sequence[Any], gp: Any) -> list[str]:
    """Return one sentence for each unlikely thing; `gp` is the declaration in force, or None."""
    said = [text for line in lines for text in _of_line(found, line, gp)]
    each = Counter((one.care_date, one.practitioner_name, one.act) for one in lines)
    said += [
        _("The same act stands %(number)d times on %(day)s.")
        % {"number": number, "day": in_words(key[0])}
        for key, number in each.items()
        if number > 1
    ]
    return said


def _of_line(found: Any, line: Any, gp: Any) -> Iterator[str]:
    received = found.submitted_at.date() if found.submitted_at else clock.today()
    if line.care_date > received:
        yield _("The day of care is after the request arrived.")
    if line.care_date < found.member.birth_date:
        yield _("The day of care is before the member was born.")
    if claim_until(line.care_date) < received:
        yield _("The care is too old: it had to be asked for by %(day)s.") % {
            "day": in_words(claim_until(line.care_date))
        }
    if line.care_date.weekday() == SUNDAY:
        yield _("%(day)s was a Sunday: is there a supplement on the form?") % {
            "day": in_words(line.care_date)
        }
    if line.price_cents >= DEAR_CENTS:
        yield _("The price is high: read it again on the form.")
    if line.pathway == "declared-gp" and gp is None:
        yield _("The student says it is the declared GP, and none is declared.")
    elif line.pathway == "declared-gp" and _is_other(line, gp):
        yield _("The declared GP is %(name)s, not this doctor.") % {"name": gp.doctor_name}


def _is_other(line: Any, gp: Any) -> bool:
    if line.practitioner_number and gp.doctor_number:
        return bool(line.practitioner_number != gp.doctor_number)
    return bool(line.practitioner_name.split()[-1:] != gp.doctor_name.split()[-1:])
