"""What holds for every line, whatever is drawn."""

from datetime import date, timedelta
from functools import cache

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from decompte.engine.periods import COVERS, PATHWAYS, SECTORS, compiled, periods
from decompte.engine.shapes import CareLine, Case, Cover, Person
from decompte.engine.single import settle
from decompte.law.load import PREVENTIONS, law
from decompte.law.tables import ABSENT

settings.register_profile("house", suppress_health_check=[HealthCheck.too_slow], deadline=None)
settings.load_profile("house")
DAYS = st.dates(date(2005, 1, 1), date(2026, 11, 1))
ACTS = tuple(law().acts)
MEDICINES = ("PH1", "PH7", "PH4")
BOX = st.one_of(st.none(), st.integers(0, 20_000))
FORMULAS = (None, *periods().names.formula)


@st.composite
def lines(draw, day=DAYS):
    on = draw(day)
    act, sector = draw(st.sampled_from(charged(periods().of(on))))
    boxes = BOX if law().acts[act].franchise == "medicine" else st.none()
    return CareLine(
        on,
        act,
        draw(st.integers(0, 20_000)),
        draw(st.integers(1, 6)),
        draw(st.sampled_from(tuple(periods().names.specialty))),
        sector,
        draw(st.sampled_from(("a", "b"))),
        draw(st.sampled_from(PATHWAYS)),
        draw(st.booleans()),
        draw(st.booleans()),
        draw(st.integers(1, 4000)) * 100 if law().acts[act].has_coefficient else 10_000,
        None,
        prevention=draw(st.sampled_from(("", *PREVENTIONS))),
        reference_tariff_cents=draw(boxes),
        generic_price_cents=draw(boxes),
    )


@cache
def charged(period):
    """The acts and sectors that have a tariff in a period, and the medicines."""
    return [(act, "1") for act in MEDICINES] + [
        (act, sector)
        for act, row in zip(ACTS, periods().law.tariff[period], strict=True)
        for sector, cents in zip(SECTORS, row[0], strict=True)
        if cents != ABSENT
    ]


@st.composite
def people(draw):
    covers = tuple(
        Cover(kind, date(2005, 1, 1), None) for kind in draw(st.sets(st.sampled_from(COVERS)))
    )
    return Person(
        draw(st.dates(date(1950, 1, 1), date(2004, 12, 31))),
        draw(st.booleans()),
        draw(st.one_of(st.none(), DAYS)),
        covers,
        {},
        {},
        (),
    )


def cases(most=12, day=DAYS):
    drawn = st.lists(lines(day), min_size=1, max_size=most).map(tuple)
    return st.builds(Case, people(), st.sampled_from(FORMULAS), drawn)


@given(cases())
def test_the_parts_add_up_to_the_price_and_none_is_negative(case):
    for line in settle(case).lines:
        parts = (
            line.amo_cents,
            line.local_cents,
            line.solidarity_cents,
            line.amc_cents,
            line.patient_cents,
        )
        assert sum(parts) == line.line.price_cents
        assert min(parts) >= 0
        kept = line.penalty_cents + line.participation_cents + line.franchise_cents
        assert line.amo_cents == line.gross_cents - kept


@given(cases())
def test_the_base_is_never_more_than_the_price(case):
    for line in settle(case).lines:
        assert 0 <= line.gross_cents <= line.base_cents <= line.line.price_cents


YEAR = st.dates(date(2019, 1, 1), date(2019, 12, 31))


@given(cases(most=60, day=YEAR))
@settings(max_examples=40)
def test_the_participation_stops_at_fifty_euros_a_year(case):
    assert sum(line.participation_cents for line in settle(case).lines) <= 5000


@given(cases(most=60, day=YEAR))
@settings(max_examples=40)
def test_the_franchise_on_acts_stops_at_two_euros_a_day_and_all_of_it_at_fifty_a_year(case):
    kept, total = {}, 0
    for line in settle(case).lines:
        total += line.franchise_cents
        if law().acts[line.line.act].franchise != "medicine":
            kept[line.line.date] = kept.get(line.line.date, 0) + line.franchise_cents
    assert all(cents <= 200 for cents in kept.values())
    assert total <= 5000


ONE_DAY = st.just(date(2019, 5, 6))


@given(cases(most=12, day=ONE_DAY))
def test_the_participation_stops_at_four_acts_a_day_with_one_doctor(case):
    for doctor in ("a", "b"):
        kept = sum(
            line.participation_cents
            for line in settle(case).lines
            if line.line.practitioner == doctor
        )
        assert kept <= 400


@given(cases(), cases())
def test_lines_of_other_people_change_nothing(one, other):
    alone = settle(one)
    settle(other)
    assert settle(one) == alone


@given(cases(), st.integers(0, 11))
def test_the_order_in_the_file_of_lines_of_different_days_does_not_matter(case, turn):
    days = {line.date for line in case.lines}
    if len(days) < len(case.lines):
        return
    turned = case.lines[turn % len(case.lines) :] + case.lines[: turn % len(case.lines)]
    by_day = {line.line.date: line for line in settle(case._replace(lines=turned)).lines}
    assert [by_day[line.line.date] for line in settle(case).lines] == list(settle(case).lines)


@given(cases(most=4), st.integers(1, 4000))
def test_a_later_law_never_changes_an_earlier_date(case, later):
    """Cut every value that begins after the last day of care: the cents stay."""
    last = max(line.date for line in case.lines) + timedelta(days=later)
    figures = {
        name: figure._replace(
            values=tuple(v for v in figure.values if v.since <= last) or figure.values[:1]
        )
        for name, figure in law().figures.items()
    }
    cut = compiled(law()._replace(figures=figures))
    day = case.lines[0].date
    assert cut.law.rate_of_kind[cut.of(day)] == periods().law.rate_of_kind[periods().of(day)]
    for act in ACTS:
        index = periods().names.act[act]
        assert cut.law.tariff[cut.of(day)][index] == periods().law.tariff[periods().of(day)][index]
    assert cut.law.penalty_points[cut.of(day)] == periods().law.penalty_points[periods().of(day)]
