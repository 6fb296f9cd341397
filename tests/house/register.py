"""`make docs`: the record of what is known of people, from the list the portal itself walks."""

from collections.abc import Iterator
from datetime import date

from decompte.errors import Text
from decompte.portal.rights.holdings import (
    BY_MAIL,
    HOLDINGS,
    TRAIL,
    WITHOUT_PEOPLE,
    Emptied,
    Goes,
    Holding,
)
from decompte.procedure.retention import Period, months, periods

HEAD = """# What is known of people, why, and for how long?

The record a data-protection officer keeps (GDPR, article 30), from the lists that export, retention
and erasure walk themselves: `src/decompte/portal/rights/holdings.py` and
`src/decompte/procedure/data/retention.yaml`. A table that is on neither list fails a test.
Made by `make docs`.

**Who answers for it.** The agency that hosts the portal is the controller; each agency for its own
members. **Whose data.** Students, and those who claim as their dependants; their practitioners, by
name and number. **What for.** To affiliate, to reimburse, to account for it, to answer disputes.
**Who reads it.** The member; the agency's staff by role, for work or for a reason they state
([roles and addresses](../../tests/portal/matrix.yaml)); the member's school, its own list only.
**Who receives it.** The bank: holder, account and amount, nothing of care. The mail server: notices
that name no care. An application the member or the agency let in, within its scope; an identity
provider where one is configured, at sign-in. Nobody else. **How it is protected:**
[promises](rules.md), [threats](threats.md).

A period with *to be confirmed* is our reading; the host's officer changes it in the data file.

"""
AT_THE_END = {Goes: "goes", Emptied: "stays without its content"}


def page() -> str:
    """Return the page: each period with the tables it counts for, then the tables of nobody."""
    parts = [part for one in periods().values() for part in _period(one)]
    parts += ["## Nothing of a member", "", "| table | why |", "|---|---|"]
    parts += [f"| `{table}` | {why} |" for table, why in WITHOUT_PEOPLE.items()]
    return HEAD + "\n".join(parts) + "\n"


def _period(period: Period) -> Iterator[str]:
    yield f"## {period.name.en}\n"
    yield f"*{period.name.fr}.*\n"
    yield f"{_length(period)}. {period.reason.text.en} ({_sources(period)})\n"
    if period.reason.doubt:
        yield f"**To be confirmed.** {period.reason.doubt.en}\n"
    rows = [one for one in (*HOLDINGS, BY_MAIL, TRAIL) if one.kept == period.id]
    if rows:
        yield "| what | table | unreadable in the database | at the end |\n|---|---|---|---|"
        yield from (_row(one) for one in rows)
        yield ""


def _length(period: Period) -> str:
    known = months(period.id, date.max)
    if not known:
        return "**Stays**" if known is None else f"Until {period.begins.en}"
    return f"**{known} months** from {period.begins.en}"


def _sources(period: Period) -> str:
    return "; ".join(_linked(one.title, one.url) for one in period.reason.sources)


def _linked(title: Text, url: str) -> str:
    return f"[{title.en}]({url})" if url else title.en


def _row(one: Holding) -> str:
    hidden = [name for name in one.hidden if name.endswith("_sealed")]
    sealed = [*one.sealed, *hidden, *([one.file] if one.file else [])]
    end = AT_THE_END.get(type(one.end), "stays: names nobody")
    return f"| {one.name.en} | `{one.table}` | {', '.join(sealed) or '-'} | {end} |"
