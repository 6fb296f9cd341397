"""Sessions with a psychologist: so many a calendar year, the next ones are not reimbursed."""

from decompte.rules.reasons import NONE, SESSIONS_SPENT
from decompte.rules.shapes import Law, Line, State


def sessions(law: Law, period: int, line: Line, before: State) -> tuple[int, State]:
    """Return why a session is not reimbursed, if the sessions of the year are spent.

    A line of several sessions is paid whole or not at all.

    Args:
        law: figures by period.
        period: period of the day of care.
        line: the care line.
        before: what earlier lines of that year left to remember.

    Returns:
        The reason mask, the new state.

    Law:
        sessions.a_year
    """
    limit = law.sessions_a_year[period]
    if law.act_kind[line.act] != law.psychologist or limit < 0:
        return NONE, before
    met = before.sessions_this_year + line.quantity
    if met > limit:
        return SESSIONS_SPENT, before
    state = State(
        before.kept_today,
        before.kept_this_year,
        before.penalty_of_act,
        before.franchise_today,
        before.franchise_this_year,
        before.flat_sums_this_year,
        met,
    )
    return NONE, state
