"""What is remembered of one person while their lines go by, in order of date, then of line.

The rules take a `State` and return the next one; this says which state a line meets. One person is
one `Memory`; a day begins, lines recall and remember, and a new year forgets what the last one
kept. Plain sequences, so that the single case uses lists and the batch compiles the same code
over arrays.
"""

from collections.abc import MutableSequence
from typing import NamedTuple

from decompte.rules.shapes import Law, Line, State

EVERY_PRACTITIONER = -1
NONE_YET = -1
SLOTTED = (
    "practitioner",
    "kept_today",
    "penalty_of_act",
    "franchise_kind",
    "franchise_of",
    "franchise_today",
)


class Memory(NamedTuple):
    """Amounts kept, and flat sums paid, so far, in cents; sequences are written to.

    Attributes:
        day, year: one place each; the day that has begun, in days since 1970-01-01, and its year.
        kept_this_year, franchise_this_year, flat_sums_this_year, sessions_this_year: one place
            each.
        met, counted: one place each; how many slots of the day are in use below.
        practitioner: practitioners met today, by slot.
        kept_today, penalty_of_act: of each of them.
        franchise_kind, franchise_of: what franchise was counted today, by slot: kind of care, and
            practitioner or `EVERY_PRACTITIONER`.
        franchise_today: of each of these.
    """

    day: MutableSequence[int]
    year: MutableSequence[int]
    kept_this_year: MutableSequence[int]
    franchise_this_year: MutableSequence[int]
    flat_sums_this_year: MutableSequence[int]
    sessions_this_year: MutableSequence[int]
    met: MutableSequence[int]
    counted: MutableSequence[int]
    practitioner: MutableSequence[int]
    kept_today: MutableSequence[int]
    penalty_of_act: MutableSequence[int]
    franchise_kind: MutableSequence[int]
    franchise_of: MutableSequence[int]
    franchise_today: MutableSequence[int]


def sizes(slots: int) -> tuple[int, ...]:
    """Return how long each sequence of a memory is; filled with `NONE_YET` it has begun no day.

    Args:
        slots: the most practitioners a day can bring; the lines of a day are enough.
    """
    return tuple(slots if name in SLOTTED else 1 for name in Memory._fields)


def begin_person(memory: Memory) -> None:
    """Forget everything: the next line is of another person."""
    memory.day[0] = NONE_YET
    memory.year[0] = NONE_YET


def begin_day(memory: Memory, day: int, year: int) -> None:
    """Forget the day before, and the year before when a new one begins.

    Args:
        memory: of one person.
        day: in days since 1970-01-01.
        year: of that day.
    """
    memory.day[0] = day
    memory.met[0] = 0
    memory.counted[0] = 0
    if year != memory.year[0]:
        memory.year[0] = year
        memory.kept_this_year[0] = 0
        memory.franchise_this_year[0] = 0
        memory.flat_sums_this_year[0] = 0
        memory.sessions_this_year[0] = 0


def slot_of(memory: Memory, practitioner: int) -> int:
    """Return the slot of a practitioner on the day that has begun, opened if need be."""
    for slot in range(memory.met[0]):
        if memory.practitioner[slot] == practitioner:
            return slot
    slot = memory.met[0]
    memory.met[0] = slot + 1
    memory.practitioner[slot] = practitioner
    memory.kept_today[slot] = 0
    memory.penalty_of_act[slot] = 0
    return slot


def franchise_slot_of(memory: Memory, law: Law, period: int, line: Line, practitioner: int) -> int:
    """Return the slot of a line's franchise on the day that has begun, opened if need be.

    Kinds of care are counted apart, practitioners only where the law says so. Care that bears no
    franchise leaves what it finds as it is, so any slot is good.
    """
    kind = law.act_franchise[line.act]
    if kind < 0:
        return 0
    of = EVERY_PRACTITIONER
    if law.franchise_day_by_practitioner[period] == 1:
        of = practitioner
    for slot in range(memory.counted[0]):
        if memory.franchise_kind[slot] == kind and memory.franchise_of[slot] == of:
            return slot
    slot = memory.counted[0]
    memory.counted[0] = slot + 1
    memory.franchise_kind[slot] = kind
    memory.franchise_of[slot] = of
    memory.franchise_today[slot] = 0
    return slot


def recall(memory: Memory, slot: int, franchise_slot: int) -> State:
    """Return what the rules are to know of earlier lines.

    Args:
        memory: of one person; the day of the line has begun.
        slot: from `slot_of`.
        franchise_slot: from `franchise_slot_of`.
    """
    return State(
        kept_today=memory.kept_today[slot],
        kept_this_year=memory.kept_this_year[0],
        penalty_of_act=memory.penalty_of_act[slot],
        franchise_today=memory.franchise_today[franchise_slot],
        franchise_this_year=memory.franchise_this_year[0],
        flat_sums_this_year=memory.flat_sums_this_year[0],
        sessions_this_year=memory.sessions_this_year[0],
    )


def remember(memory: Memory, slot: int, franchise_slot: int, state: State) -> None:
    """Keep what the rules left to remember; the arguments are those of `recall`."""
    memory.kept_today[slot] = state.kept_today
    memory.kept_this_year[0] = state.kept_this_year
    memory.penalty_of_act[slot] = state.penalty_of_act
    memory.franchise_today[franchise_slot] = state.franchise_today
    memory.franchise_this_year[0] = state.franchise_this_year
    memory.flat_sums_this_year[0] = state.flat_sums_this_year
    memory.sessions_this_year[0] = state.sessions_this_year
