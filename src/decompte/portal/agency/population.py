"""Draws an invented year: who the students are, what they ask for, and what becomes of it.

Pure: the same seed draws the same year. The assumptions are in `population.yaml`; which acts there
are on a day, and their tariffs, come from the law.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import yaml

from decompte.engine.periods import periods
from decompte.portal.people.invented import ORDERS, SEXES, Person
from decompte.portal.requests.invented import Act, Asked
from decompte.portal.requests.services import ALPHABET, REFERENCE_LETTERS
from decompte.portal.requests.states import Channel, State
from decompte.procedure.years import academic_year

YEAR = 365
CHUNK = 250
FIRST_BIRTH, BIRTHS, MONTHS = 1986, 8, 12  # students of the scheme: at most 28, of age
PAY_HOUR = 9
DOCTORS = 800
OLDEST_CARE = 160
IS_OPENED = 0.02
Agents = Mapping[str, Sequence[tuple[str, int]]]


class Frame(NamedTuple):
    """What holds for a whole population.

    Attributes:
        seed: the same draws the same.
        members, requests: how many.
        now: the moment at which the year ends.
        agents: public id and key of the agents of each agency.
    """

    seed: int
    members: int
    requests: int
    now: datetime
    agents: Agents


def chunks(frame: Frame) -> range:
    """Return the first numbers of the chunks of a population."""
    return range(0, frame.members, CHUNK)


def email(number: int) -> str:
    """Return the address of an invented student."""
    return f"student{number}@invented.decompte.example"


def people(frame: Frame, first: int) -> list[Person]:
    """Return the students of one chunk."""
    chance = Random(f"{frame.seed}:people:{first}")  # noqa: S311  (nothing secret is drawn)
    last = min(first + CHUNK, frame.members)
    return [_person(frame, chance, number) for number in range(first, last)]


def year(frame: Frame, first: int, known: Sequence[Person]) -> list[list[Asked]]:
    """Return what each student of a chunk asks for, in the order of sending."""
    chance = Random(f"{frame.seed}:year:{first}")  # noqa: S311  (nothing secret is drawn)
    count = _share(frame, first + len(known)) - _share(frame, first)
    of_each = [0] * len(known)
    for place in chance.choices(range(len(known)), [chance.expovariate(1) for _ in known], k=count):
        of_each[place] += 1
    return [
        list(_asked(frame, chance, person, number))
        for person, number in zip(known, of_each, strict=True)
    ]


@lru_cache(maxsize=2)
def mondays(now: datetime) -> tuple[datetime, ...]:
    """Return the moments at which each week's payments leave, up to now."""
    first = now.date() - timedelta(days=YEAR)
    days = [first + timedelta(days=n) for n in range(YEAR + 1)]
    moments = [datetime.combine(day, time(PAY_HOUR), UTC) for day in days if day.weekday() == 0]
    return tuple(moment for moment in moments if moment <= now)


@lru_cache(maxsize=1)
def assumed() -> dict[str, Any]:
    """Return the assumptions."""
    path = Path(__file__).with_suffix(".yaml")
    read: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return read


def years(now: datetime) -> range:
    """Return the academic years whose care an invented year may hold."""
    first = now.date() - timedelta(days=YEAR + OLDEST_CARE)
    return range(academic_year(first), academic_year(now.date()) + 1)


def _share(frame: Frame, members: int) -> int:
    return frame.requests * members // frame.members


def _person(frame: Frame, chance: Random, number: int) -> Person:
    known = assumed()
    agencies = known["agencies"]
    agency = chance.choices(list(agencies), list(agencies.values()))[0]
    place, percent = number % 100, round(known["share_with_number"] * 100)
    holder = number // 100 * percent + place
    order = holder // (BIRTHS * MONTHS)
    born = date(
        FIRST_BIRTH + holder % BIRTHS, 1 + holder // BIRTHS % MONTHS, chance.randrange(1, 29)
    )
    doctor = chance.randrange(DOCTORS)
    return Person(
        number=number,
        email=email(number),
        given_name=chance.choice(known["given_names"]),
        family_name=chance.choice(known["family_names"]),
        birth_date=born,
        nationality=chance.choice(known["nationalities"]),
        language=chance.choice(("fr", "en")),
        agency=agency,
        complementary=agency if chance.random() < known["share_with_complementary"] else "",
        address_line=f"{chance.randrange(1, 200)} {chance.choice(known['streets'])}",
        postal_code="75000",
        city="Paris",
        joined_at=datetime(years(frame.now)[0], 9, 3, 10, tzinfo=UTC),
        gp=_doctor(doctor) if chance.random() < known["share_with_gp"] else None,
        gp_since=date(years(frame.now)[0], 10, 1),
        nir_order=order if place < percent and order < ORDERS * SEXES else None,
    )


def _doctor(number: int) -> tuple[str, str]:
    """Return name and number of an invented doctor; no register begins with 999."""
    names = assumed()["family_names"]
    return f"Dr {names[number % len(names)]}", f"999{number:08d}"


def _asked(frame: Frame, chance: Random, person: Person, count: int) -> Iterator[Asked]:
    sent = sorted(_moment(frame, chance) for _n in range(count))
    taken: set[date] = set()
    former: Asked | None = None
    for place, moment in enumerate(sent):
        is_again = former is not None and chance.random() < assumed()["share_duplicate"]
        drawn = _life(frame, chance, person, moment, is_again=is_again)
        if is_again and former is not None:
            drawn = drawn._replace(care_date=former.care_date, acts=former.acts)
        else:
            day = moment.date() - timedelta(days=1 + int(chance.expovariate(1 / 14)) % OLDEST_CARE)
            while day in taken:
                day -= timedelta(days=1)
            taken.add(day)
            drawn = drawn._replace(care_date=day, acts=_acts(chance, person, day))
        former = drawn._replace(is_first=place == 0)
        yield former


def _moment(frame: Frame, chance: Random) -> datetime:
    days, weights = _days(frame.now.date())
    day = chance.choices(days, cum_weights=weights)[0]
    at = datetime.combine(day, time(chance.randrange(7, 23), chance.randrange(60)), UTC)
    return min(at, frame.now)


@lru_cache(maxsize=4)
def _days(last: date) -> tuple[list[date], list[float]]:
    known = assumed()
    days = [last - timedelta(days=n) for n in range(YEAR)]
    weights = [known["months"][day.month] * known["weekdays"][day.weekday()] for day in days]
    return days, list(accumulate(weights))


@lru_cache(maxsize=4096)
def _offered(day: date) -> tuple[Mapping[str, Any], ...]:
    """Return the assumed acts that the law has a tariff for on a day."""
    law = periods()
    return tuple(one for one in assumed()["acts"] if law.has_tariff(one["act"], one["sector"], day))


def _acts(chance: Random, person: Person, day: date) -> tuple[Act, ...]:
    known = _offered(day)
    drawn = chance.choices(known, [one["weight"] for one in known])[0]
    pathway = drawn["pathway"]
    name, number = _doctor(chance.randrange(DOCTORS))
    if pathway in {"declared-gp", "referred"} and person.gp is None:
        pathway = "out-of-pathway"
    elif pathway == "declared-gp" and person.gp:
        name, number = person.gp
    act = Act(
        drawn["act"],
        periods().tariff(drawn["act"], drawn["sector"], day) + chance.choice(drawn["above"]),
        drawn["specialty"],
        drawn["sector"],
        pathway,
        name,
        number,
        has_prescription=chance.random() < assumed()["share_prescribed"],
    )
    return (act,)


def _life(
    frame: Frame, chance: Random, person: Person, moment: datetime, *, is_again: bool
) -> Asked:
    """Return what becomes of a request that was sent at a moment; its care is drawn elsewhere."""
    known, now = assumed(), frame.now
    is_posted = chance.random() < known["share_by_post"]
    begun = Asked(
        reference="".join(chance.choices(ALPHABET, k=REFERENCE_LETTERS)),
        care_date=moment.date(),
        acts=(),
        channel=Channel.POST if is_posted else Channel.ONLINE,
        state=State.SUBMITTED,
        created_at=moment - timedelta(minutes=chance.randrange(3, 90)),
        submitted_at=moment,
        is_first=False,
        lacks=False,
        agent=chance.choice(frame.agents[person.agency]),
        message=chance.choice(known["messages"])
        if chance.random() < known["share_with_message"]
        else "",
    )
    if chance.random() < known["share_draft"]:
        state = State.ANNOUNCED if is_posted else State.DRAFT
        return begun._replace(state=state, submitted_at=None, message="", lacks=True)
    looked_at = moment + _delay(chance, moment)
    if chance.random() < known["share_incomplete"]:
        return _incomplete(begun, chance, now, looked_at)
    is_refused = chance.random() < known["share_refused_again" if is_again else "share_refused"]
    return _decided(begun, chance, now, looked_at, is_refused=is_refused)


def _delay(chance: Random, moment: datetime) -> timedelta:
    usual = assumed()["days_to_answer"][moment.month]
    return timedelta(days=usual * chance.lognormvariate(-0.08, 0.4), hours=1)


def _incomplete(begun: Asked, chance: Random, now: datetime, looked_at: datetime) -> Asked:
    if looked_at > now:
        return begun._replace(lacks=True)
    never = chance.random() < assumed()["share_never_completed"]
    again = looked_at + timedelta(days=1 + chance.expovariate(1 / 12))
    if never or again > now:
        return begun._replace(state=State.RETURNED, returned_at=looked_at, lacks=True)
    answered = begun._replace(returned_at=looked_at, submitted_at=again)
    return _decided(answered, chance, now, again + _delay(chance, again), is_refused=False)


def _decided(
    begun: Asked, chance: Random, now: datetime, looked_at: datetime, *, is_refused: bool
) -> Asked:
    if looked_at > now:
        is_open = chance.random() < IS_OPENED
        return begun._replace(state=State.IN_REVIEW if is_open else State.SUBMITTED)
    if is_refused:
        ended = begun._replace(state=State.REFUSED, decided_at=looked_at)
    else:
        weeks = mondays(now)
        place = bisect_right(weeks, looked_at)
        paid = weeks[place] if place < len(weeks) else None
        state = State.PAID if paid else State.DECIDED
        ended = begun._replace(state=state, decided_at=looked_at, paid_at=paid)
    if chance.random() < assumed()["share_contested"]:
        appealed = looked_at + timedelta(days=1 + chance.expovariate(1 / 15))
        if appealed <= now:
            is_old = now - appealed > timedelta(days=30)
            state = State.UPHELD if is_old else State.APPEALED
            ended = ended._replace(state=state, appealed_at=appealed)
    return ended
