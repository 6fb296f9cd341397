"""The person of a case: birth, scheme, rights, covers, and what was kept from them before."""

from datetime import date

from decompte.engine.shapes import KeptToday, Person, Span
from decompte.exchange.covers import cover
from decompte.exchange.read import Fields, cents, day, one_of, text, whole

SCHEMES = ("general", "alsace-moselle")
PERSON = ("birth_date", "scheme", "declared_gp_since", "covers", "rights", "used", "used_day")
USED = {"participation": cents, "franchise": cents, "flat_sums": cents, "sessions": whole(0, 366)}


def person(fields: Fields, today: date) -> Person | None:
    """Return the person of a case, or None with the problems noted.

    Args:
        fields: the person's part of the case.
        today: nobody is born after this day.
    """
    birth_date = fields.take("birth_date", day, required=True)
    scheme = fields.take("scheme", one_of(SCHEMES)) or "general"
    gp_since = fields.take("declared_gp_since", day)
    covers = [held for entry in fields.items("covers") if (held := cover(entry))]
    used = fields.inner("used")
    kept_by_year = {
        int(year): _used(used, year) for year in list(used.rest) if _is_year(used, year)
    }
    participation, franchise, flat_sums, sessions = (
        {year: kept[place] for year, kept in kept_by_year.items()} for place in range(len(USED))
    )
    rights = _rights(fields)
    kept_today = [kept for entry in fields.items("used_day") if (kept := _kept(entry))]
    fields.finish(PERSON)
    if birth_date and birth_date > today:
        fields.refuse(
            "birth_date",
            "date.future",
            "cette date est dans l'avenir",
            "this date is in the future",
        )
    if birth_date is None:
        return None
    return Person(
        birth_date,
        scheme == "alsace-moselle",
        gp_since,
        tuple(covers),
        participation,
        franchise,
        tuple(kept_today),
        flat_sums,
        rights,
        sessions,
    )


def _is_year(used: Fields, year: str) -> bool:
    if year.isdecimal() and len(year) == len("2014"):
        return True
    used.rest.pop(year)
    used.refuse(
        year,
        "year.format",
        "une année à quatre chiffres est attendue",
        "a year of four digits is expected",
    )
    return False


def _used(used: Fields, year: str) -> tuple[int, ...]:
    fields = used.inner(year)
    kept = tuple(fields.take(name, read) or 0 for name, read in USED.items())
    fields.finish(tuple(USED))
    return kept


def _rights(fields: Fields) -> tuple[Span, ...] | None:
    if not fields.has("rights"):
        return None
    return tuple(span for entry in fields.items("rights") if (span := _span(entry)))


def _span(fields: Fields) -> Span | None:
    since = fields.take("from", day, required=True)
    until = fields.take("until", day)
    fields.finish(("from", "until"))
    if since and until and until < since:
        fields.refuse(
            "until", "date.order", "la fin précède le début", "the end is before the beginning"
        )
    return Span(since, until) if since else None


def _kept(fields: Fields) -> KeptToday | None:
    on = fields.take("date", day, required=True)
    practitioner = fields.take("practitioner", text, required=True)
    participation = fields.take("participation", cents, required=True)
    fields.finish(("date", "practitioner", "participation"))
    if on is None or practitioner is None or participation is None:
        return None
    return KeptToday(on, practitioner, participation)
