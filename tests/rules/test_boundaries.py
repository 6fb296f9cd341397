"""The rules at their edges: the last cent before a cap, the first day of an age, each field."""

from datetime import date

import pytest

from decompte.engine.periods import COVERS, PATHWAYS, periods
from decompte.engine.shapes import CareLine, Case, Person
from decompte.engine.single import as_rules_see_it
from decompte.law.load import PREVENTIONS
from decompte.rules import complementary, covers, franchise, participation, pathway, rate, reasons
from decompte.rules.base import base
from decompte.rules.basket import above_base, basket
from decompte.rules.deferral import deferred
from decompte.rules.franchise import with_franchise
from decompte.rules.heavy import gross
from decompte.rules.local import local
from decompte.rules.participation import with_participation
from decompte.rules.prevention import is_of_age, prevention
from decompte.rules.rounding import share
from decompte.rules.sessions import sessions
from decompte.rules.settle import Amounts, kept_back, others, refused, settle
from decompte.rules.shapes import State
from decompte.rules.solidarity import imposed_tariff, in_basket, solidarity
from decompte.rules.technical import technical

LAW, NAMES = periods().law, periods().names
BEFORE = State(1, 2, 3, 4, 5, 6, 7)
NOTHING = State(0, 0, 0, 0, 0, 0)


def period(day="2014-03-12"):
    return periods().of(date.fromisoformat(day))


def line(act="G", day="2014-03-12", price=2300, **fields):
    person = Person(date(1990, 1, 1), False, date(2005, 7, 1), (), {}, {}, ())  # noqa: FBT003
    care = CareLine(
        date.fromisoformat(day),
        act,
        price,
        1,
        "general-practice",
        "1",
        "a",
        "declared-gp",
        False,  # noqa: FBT003
        False,  # noqa: FBT003
    )
    return as_rules_see_it(periods(), Case(person, None, (care,)), care)._replace(**fields)


def everywhere(value, like):
    """A table of the law with one value in every cell of its last index."""
    return tuple(tuple(value for _cell in row) for row in like)


def under(**tables):
    return LAW._replace(**{name: everywhere(v, getattr(LAW, name)) for name, v in tables.items()})


@pytest.mark.parametrize(
    ("change", "after"),
    [
        (with_participation, State(11, 12, 3, 4, 5, 6, 7)),
        (with_franchise, State(1, 2, 3, 14, 15, 6, 7)),
        (pathway.with_penalty, State(1, 2, 10, 4, 5, 6, 7)),
        (complementary.with_flat_sum, State(1, 2, 3, 4, 5, 16, 7)),
    ],
)
def test_what_is_remembered_changes_its_own_field_only(change, after):
    assert change(BEFORE, 10) == after


def test_a_session_changes_the_count_of_sessions_only():
    session = line("PSS", "2025-03-10", 5000)
    counted = BEFORE._replace(sessions_this_year=8)
    assert sessions(LAW, period("2025-03-10"), session, BEFORE) == (0, counted)


def test_no_session_is_paid_where_the_law_gives_none():
    session = line("PSS", "2025-03-10", 5000)
    law = LAW._replace(sessions_a_year=(0,) * len(LAW.sessions_a_year))
    assert sessions(law, period("2025-03-10"), session, NOTHING) == (
        reasons.SESSIONS_SPENT,
        NOTHING,
    )


def test_where_nothing_is_kept_back_nothing_is_left_unpaid():
    child = line(formula=FORMULA, age=10, age_on_1_january=10)
    amounts, _after = settle(LAW, period(), child, NOTHING)
    assert amounts.reasons & reasons.COMPLEMENTARY_NEVER == 0


def test_a_franchise_of_a_cent_stops_at_the_cap_of_the_day():
    law = under(franchise_per_unit=1, franchise_day_cap=5)
    spent = NOTHING._replace(franchise_today=5)
    told = reasons.FRANCHISE | reasons.FRANCHISE_DAY_CAP
    assert franchise.capped(law, period(), 0, 1, spent) == (0, told)


def test_a_refused_line_comes_to_nothing_but_its_price_and_its_reason():
    denied = line(price=1234, refused=reasons.OUT_OF_RIGHTS)
    nothing = Amounts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1234, 0, reasons.OUT_OF_RIGHTS)
    assert refused(denied, reasons.OUT_OF_RIGHTS) == nothing
    assert settle(LAW, period(), denied, BEFORE) == (nothing, BEFORE)


@pytest.mark.parametrize(
    ("acts", "state", "amount", "reason"),
    [
        (4, NOTHING, 400, reasons.PARTICIPATION),
        (5, NOTHING, 400, reasons.PARTICIPATION | reasons.PARTICIPATION_DAY_CAP),
        (1, NOTHING._replace(kept_today=400), 0, reasons.PARTICIPATION_DAY_CAP),
        (1, NOTHING._replace(kept_this_year=4900), 100, reasons.PARTICIPATION),
        (1, NOTHING._replace(kept_this_year=4901), 99, reasons.PARTICIPATION_YEAR_CAP),
        (1, NOTHING._replace(kept_this_year=5000), 0, reasons.PARTICIPATION_YEAR_CAP),
        (1, NOTHING._replace(kept_this_year=6000), 0, reasons.PARTICIPATION_YEAR_CAP),
    ],
)
def test_the_participation_to_the_cent(acts, state, amount, reason):
    assert participation.capped(LAW, period(), acts, state) == (
        amount,
        reason | reasons.PARTICIPATION,
    )


@pytest.mark.parametrize(
    ("units", "state", "amount", "reason"),
    [
        (4, NOTHING, 200, 0),
        (5, NOTHING, 200, reasons.FRANCHISE_DAY_CAP),
        (1, NOTHING._replace(franchise_today=200), 0, reasons.FRANCHISE_DAY_CAP),
        (1, NOTHING._replace(franchise_today=999), 0, reasons.FRANCHISE_DAY_CAP),
        (1, NOTHING._replace(franchise_this_year=4950), 50, 0),
        (1, NOTHING._replace(franchise_this_year=4951), 49, reasons.FRANCHISE_YEAR_CAP),
        (1, NOTHING._replace(franchise_this_year=5000), 0, reasons.FRANCHISE_YEAR_CAP),
        (1, NOTHING._replace(franchise_this_year=6000), 0, reasons.FRANCHISE_YEAR_CAP),
    ],
)
def test_the_franchise_to_the_cent(units, state, amount, reason):
    assert franchise.capped(LAW, period(), 0, units, state) == (amount, reason | reasons.FRANCHISE)


def test_a_day_cap_of_zero_keeps_nothing_and_no_cap_keeps_all():
    none, free = under(franchise_day_cap=0), under(franchise_day_cap=-1)
    kept = reasons.FRANCHISE
    assert franchise.capped(none, period(), 0, 9, NOTHING) == (0, kept | reasons.FRANCHISE_DAY_CAP)
    assert franchise.capped(free, period(), 0, 9, NOTHING) == (450, kept)


FORMULA = NAMES.formula["example-student"]
FLAT = reasons.COMPLEMENTARY_FLAT_SUM
LIMITED = FLAT | reasons.COMPLEMENTARY_YEAR_LIMIT


@pytest.mark.parametrize(
    ("left", "limit", "paid_before", "told"),
    [
        (0, -1, 0, (0, 0)),
        (1, -1, 0, (1, FLAT)),
        (500, -1, 0, (100, FLAT)),
        (500, 100, 0, (100, FLAT)),
        (500, 100, 1, (99, LIMITED)),
        (500, 100, 100, (0, LIMITED)),
        (500, 100, 900, (0, LIMITED)),
        (500, 0, 0, (0, LIMITED)),
    ],
)
def test_a_flat_sum_to_the_cent(left, limit, paid_before, told):
    sums = tuple(everywhere(100, row) for row in LAW.formula_flat_sum)
    law = under(formula_year_limit=limit)._replace(formula_flat_sum=sums)
    state = NOTHING._replace(flat_sums_this_year=paid_before)
    assert complementary.flat_sum(law, period(), line(formula=FORMULA), left, state) == told


def test_a_flat_sum_is_for_what_the_basket_does_not_pay_in_full():
    sums = tuple(everywhere(100, row) for row in LAW.formula_flat_sum)
    for pays, place, told in ((1, 0, (0, 0)), (0, 0, (100, FLAT)), (1, 1, (100, FLAT))):
        law = under(formula_pays_basket=pays, formula_year_limit=-1)
        device = line(formula=FORMULA, basket=place)
        law = law._replace(formula_flat_sum=sums)
        assert complementary.flat_sum(law, period(), device, 500, NOTHING) == told


def test_a_cent_above_the_base_in_the_basket_is_paid():
    law = under(formula_pays_basket=1, ceiling=0)
    device = line(formula=FORMULA, basket=0, price=2301)
    assert complementary.towards_overcharge(law, period(), device, 2300, 0) == (1, OVER)
    nothing_else = tuple(everywhere(0, row) for row in LAW.formula_overcharge)
    law = law._replace(formula_overcharge=nothing_else)
    assert complementary.towards_overcharge(law, period(), device, 2300, 0) == (1, OVER)
    assert above_base(law, period(), device._replace(ceiling=0), 2300) == 0


@pytest.mark.parametrize(("days", "waits"), [(-1, 0), (0, 1), (29, 1), (30, 0)])
def test_the_waiting_period_to_the_day(days, waits):
    insured = line(formula=FORMULA, insured_days=days)
    paid, reason, _ = complementary.complementary(LAW, period(), insured, 2300, 690, 0, NOTHING)
    assert (paid == 0) == bool(waits)
    assert (reason == reasons.COMPLEMENTARY_WAITING) == bool(waits)


OVER = reasons.COMPLEMENTARY_OVERCHARGE
OUT = OVER | reasons.COMPLEMENTARY_OUT_OF_PATHWAY


@pytest.mark.parametrize(
    ("price", "penalty", "withheld", "told"),
    [
        (2300, 0, 700, (0, 0)),
        (2301, 0, 700, (1, OVER)),
        (2301, 1, 0, (1, OVER)),
        (2302, 1, 1, (1, OUT)),
        (2302, 1, 2, (0, OUT)),
        (2302, 1, 9, (0, OUT)),
        (2302, 0, 9, (2, OVER)),
    ],
)
def test_an_overcharge_to_the_cent(price, penalty, withheld, told):
    law = under(formula_withheld=withheld)
    asked = line(price=price, formula=FORMULA)
    assert complementary.towards_overcharge(law, period(), asked, 2300, penalty) == told


@pytest.mark.parametrize(
    ("held", "is_related", "is_exempt"), [(0, 1, 0), (1, 0, 0), (1, 1, 1), (1 << 4, 0, 1)]
)
def test_a_long_illness_exempts_related_care_and_state_medical_aid_all_care(
    held, is_related, is_exempt
):
    asked = line(covers=held, is_ald_related=is_related)
    always, related = LAW.penalty_exempt[period()], LAW.penalty_exempt_related[period()]
    assert covers.is_exempt(LAW, asked, always, related) == is_exempt


@pytest.mark.parametrize(("cover", "bit"), [(name, 1 << n) for n, name in enumerate(COVERS)])
def test_care_is_related_to_the_cover_it_names_only(cover, bit):
    place = NAMES.cover[cover]
    if cover == "ald":
        assert covers.is_related(LAW, line(is_ald_related=1), place) == 1
        return
    assert covers.is_related(LAW, line(related=bit), place) == 1
    assert covers.is_related(LAW, line(related=~bit, is_ald_related=1), place) == 0


@pytest.mark.parametrize(("age", "may"), [(15, 0), (16, 1), (25, 1), (26, 0)])
def test_a_psychiatrist_has_direct_access_from_its_first_to_its_last_age(age, may):
    psychiatry = NAMES.specialty["psychiatry"]
    assert pathway.has_direct_access(LAW, period(), psychiatry, age) == may
    assert pathway.has_direct_access(LAW, period(), NAMES.specialty["dermatology"], age) == 0


@pytest.mark.parametrize(
    ("day", "fields", "told"),
    [
        ("2005-06-30", {"age": 30}, (1, reasons.PATHWAY_NOT_YET)),
        ("2014-03-12", {"age": 15, "has_gp": 0}, (1, reasons.PATHWAY_UNDER_AGE)),
        ("2014-03-12", {"age": 16, "has_gp": 0}, (0, reasons.PATHWAY_NO_GP)),
        ("2014-03-12", {"age": 16, "has_gp": 1}, (1, reasons.PATHWAY_WITHIN)),
        (
            "2014-03-12",
            {"has_gp": 0, "pathway": PATHWAYS.index("emergency")},
            (1, reasons.PATHWAY_EXCUSED),
        ),
        (
            "2014-03-12",
            {"has_gp": 0, "pathway": PATHWAYS.index("new-gp")},
            (1, reasons.PATHWAY_WITHIN),
        ),
        ("2014-03-12", {"pathway": PATHWAYS.index("out-of-pathway")}, (0, reasons.PATHWAY_OUT)),
    ],
)
def test_what_counts_as_within_the_pathway(day, fields, told):
    assert pathway.is_within(LAW, period(day), line(**fields)) == told


@pytest.mark.parametrize(
    ("cap", "taken", "base", "told"),
    [
        (-1, 0, 2500, (1000, 0)),
        (1000, 0, 2500, (1000, 0)),
        (999, 0, 2500, (999, reasons.PENALTY_CAPPED)),
        (1000, 1, 2500, (999, reasons.PENALTY_CAPPED)),
        (1000, 2000, 2500, (0, reasons.PENALTY_CAPPED)),
        (0, 0, 2500, (0, reasons.PENALTY_CAPPED)),
    ],
)
def test_the_penalty_to_the_cent(cap, taken, base, told):
    law = LAW._replace(penalty_cap=(cap,) * len(LAW.penalty_cap))
    supplement = line("MPC", pathway=PATHWAYS.index("out-of-pathway"))
    before = NOTHING._replace(penalty_of_act=taken)
    amount, reason, after = pathway.penalty(law, period(), supplement, base, 9999, before)
    assert (amount, reason) == (
        told[0],
        told[1] | reasons.PATHWAY_OUT | reasons.PENALTY,
    )
    assert after.penalty_of_act == taken + amount


@pytest.mark.parametrize(
    ("covered", "points", "stands"),
    [(-1, 7000, 0), (6000, 7000, 0), (7000, 7000, 0), (7001, 7000, 1)],
)
def test_a_better_rate_stands_and_an_equal_one_does_not(covered, points, stands):
    assert rate.replaces(LAW, NAMES.cover["ald"], covered, points) == stands


@pytest.mark.parametrize(("covered", "stands"), [(-1, 0), (0, 1), (10_000, 1)])
def test_the_rate_of_state_medical_aid_stands_where_it_is_known(covered, stands):
    assert rate.replaces(LAW, NAMES.cover["ame"], covered, 7000) == stands


SCHEME = PREVENTIONS.index("dental")


@pytest.mark.parametrize(
    ("span", "age", "holds"),
    [
        ((-1, -1, 1), 20, 0),
        ((10, -1, 1), 9, 0),
        ((10, -1, 1), 10, 1),
        ((0, 0, 1), 0, 0),
        ((10, 20, 1), 19, 1),
        ((10, 20, 1), 20, 0),
        ((10, 1, 1), 10, 0),
        ((1, -1, 3), 4, 1),
        ((1, -1, 3), 5, 0),
        ((1, -1, 3), 2, 0),
    ],
)
def test_a_scheme_holds_from_its_first_to_its_last_age_every_so_many_years(span, age, holds):
    since, until, every = span
    law = under(prevention_from_age=since, prevention_until_age=until, prevention_every=every)
    assert is_of_age(law, period(), SCHEME, age) == holds


@pytest.mark.parametrize(
    ("better", "told"),
    [
        (-1, (7000, reasons.PREVENTION_NOT_FOR_THIS)),
        (0, (7000, 0)),
        (7000, (7000, 0)),
        (7001, (7001, reasons.RATE_PREVENTION)),
    ],
)
def test_a_scheme_gives_a_better_rate_only(better, told):
    rates = tuple(everywhere(better, row) for row in LAW.prevention_rate)
    ages = under(prevention_from_age=0, prevention_until_age=-1, prevention_every=1)
    law = ages._replace(prevention_rate=rates)
    assert prevention(law, period(), line(prevention=SCHEME), 7000) == told


def test_the_first_association_code_counts_like_the_others():
    law = under(association_share=5000)
    first = line(association=0)
    assert technical(law, period(), first, 1000) == (500, reasons.BASE_ASSOCIATION)
    assert technical(law, period(), line(), 1000) == (1000, 0)
    assert technical(law, period(), line(modifiers=1), 1000)[1] == reasons.BASE_MODIFIERS


@pytest.mark.parametrize(
    ("price", "code_tariff", "told"),
    [
        (2299, -1, (2299, reasons.BASE_PRICE_BELOW_TARIFF)),
        (2300, -1, (2300, reasons.BASE_TARIFF)),
        (2301, -1, (2300, reasons.BASE_TARIFF + reasons.OVERCHARGE)),
        (1, 0, (0, reasons.BASE_CODE + reasons.OVERCHARGE)),
        (0, 0, (0, reasons.BASE_CODE)),
        (1, 1, (1, reasons.BASE_CODE)),
    ],
)
def test_the_base_to_the_cent(price, code_tariff, told):
    assert base(LAW, period(), line(price=price, code_tariff=code_tariff)) == told


def test_a_product_with_a_tariff_of_zero_has_no_regulated_price():
    box = line("PH7", price=500, code_tariff=0)
    assert base(LAW, period(), box) == (0, reasons.BASE_CODE + reasons.OVERCHARGE)
    assert base(LAW, period(), box._replace(code_tariff=-1)) == (500, reasons.BASE_PRICE)


@pytest.mark.parametrize(
    ("copayment", "told"), [(0, (0, 0)), (1, (1, reasons.COMPLEMENTARY_COPAYMENT))]
)
def test_a_co_payment_of_one_cent_is_one(copayment, told):
    asked = line(price=2300, formula=0)
    paid, reason, _ = complementary.complementary(LAW, period(), asked, 2300, copayment, 0, NOTHING)
    assert (paid, reason) == told


@pytest.mark.parametrize(
    ("formula", "kept", "reason"),
    [
        (-1, 100, 0),
        (0, 0, 0),
        (0, 1, reasons.COMPLEMENTARY_NEVER),
        (1, 100, reasons.COMPLEMENTARY_NEVER),
    ],
)
def test_what_a_formula_never_pays_is_said_where_something_is_kept_back(formula, kept, reason):
    assert complementary.never_paid(line(formula=formula), kept) == reason


@pytest.mark.parametrize(
    ("is_third_party", "applies", "kept", "told"),
    [
        (1, 1, 1, (1, reasons.DEFERRED)),
        (1, 1, 0, (0, 0)),
        (1, 0, 1, (0, 0)),
        (0, 1, 1, (0, 0)),
        (0, 0, 1, (0, 0)),
    ],
)
def test_an_amount_is_deferred_under_third_party_payment_where_the_law_says_so(
    is_third_party, applies, kept, told
):
    law = LAW._replace(deferral_applies=(applies,) * len(LAW.deferral_applies))
    assert deferred(law, period(), line(is_third_party_payment=is_third_party), kept) == told


def test_what_is_kept_back_comes_off_what_the_one_before_has_left():
    both = tuple(0 if act == NAMES.act["G"] else kind for act, kind in enumerate(LAW.act_franchise))
    law = LAW._replace(act_franchise=both)
    asked = line(price=250, pathway=PATHWAYS.index("out-of-pathway"))
    off, kept, box, _, after = kept_back(law, period(), asked, 250, 215, NOTHING)
    assert (off, kept, box) == (100, 100, 15)
    assert after == State(100, 100, 100, 15, 15, 0)
    off, kept, box, *_ = kept_back(law, period(), asked, 250, 175, NOTHING)
    assert (off, kept, box) == (100, 75, 0)


@pytest.mark.parametrize(
    ("is_local", "covers_held", "paid"),
    [
        (0, 0, (0, 0, 690)),
        (1, 0, (460, 0, 230)),
        (0, 1 << NAMES.cover["c2s"], (0, 690, 0)),
        (1, 1 << NAMES.cover["c2s"], (460, 230, 0)),
    ],
)
def test_each_payer_takes_its_share_of_what_the_one_before_left(is_local, covers_held, paid):
    asked = line(is_local=is_local, covers=covers_held, formula=0)
    *amounts, reason, _ = others(LAW, period(), asked, 2300, 1610, 0, NOTHING)
    assert tuple(amounts) == paid
    told = (reasons.LOCAL, reasons.SOLIDARITY, reasons.COMPLEMENTARY_COPAYMENT)
    assert reason == sum(bit for bit, cents in zip(told, paid, strict=True) if cents)


@pytest.mark.parametrize(
    ("place", "ceiling", "price", "above"),
    [(-1, 0, 5000, 0), (1, 0, 5000, 0), (0, -1, 5000, 4000), (0, 0, 5000, 2000), (0, 0, 900, 0)],
)
def test_what_a_device_of_the_basket_costs_above_the_base(place, ceiling, price, above):
    law, device = under(ceiling=1500), line(basket=place, ceiling=ceiling, price=price, quantity=2)
    assert above_base(law, period(), device, 1000) == above
    unknown = above_base(under(ceiling=-1), period(), device, 1000)
    assert unknown == (max(price - 1000, 0) if place == 0 else 0)


@pytest.mark.parametrize(("held", "pays"), [(0, 0), (1, 0), (1 << NAMES.cover["c2s"], 500)])
def test_the_solidarity_cover_alone_pays_the_basket(held, pays):
    device = line(basket=0, price=1500, covers=held)
    reason = reasons.SOLIDARITY if pays else 0
    assert in_basket(LAW, period("2021-03-10"), device, 1000) == (pays, reason)
    assert in_basket(LAW, period(), device, 1000) == (0, 0)
    assert in_basket(LAW, period("2021-03-10"), device._replace(price=1000), 1000) == (0, 0)
    assert in_basket(LAW, period("2021-03-10"), device._replace(basket=2), 1000) == (0, 0)


def test_what_the_solidarity_cover_pays_in_the_basket_no_formula_pays_again():
    both = line(basket=0, price=3000, covers=1 << NAMES.cover["c2s"], formula=FORMULA)
    *amounts, _, after = others(LAW, period("2021-03-10"), both, 2300, 1610, 0, BEFORE)
    assert (amounts, after) == ([0, 690 + 700, 0], BEFORE)
    *amounts, _, after = others(
        LAW, period("2021-03-10"), both._replace(price=2301), 2300, 1610, 0, BEFORE
    )
    assert (amounts, after) == ([0, 690 + 1, 0], BEFORE)


def test_every_reason_of_a_line_is_told():
    asked = line(
        price=2500,
        pathway=PATHWAYS.index("out-of-pathway"),
        is_local=1,
        formula=NAMES.formula["example-formula-2013-plus"],
        is_third_party_payment=1,
    )
    amounts, after = settle(LAW, period(), asked, NOTHING)
    assert amounts == Amounts(
        base=2300,
        rate=7000,
        gross=1610,
        penalty=920,
        participation=100,
        franchise=0,
        amo=590,
        local=460,
        solidarity=0,
        amc=430,
        patient=1020,
        deferred=1020,
        reasons=reasons.BASE_TARIFF
        | reasons.OVERCHARGE
        | reasons.RATE_CONSULTATION
        | reasons.PATHWAY_OUT
        | reasons.PENALTY
        | reasons.PARTICIPATION
        | reasons.LOCAL
        | reasons.COMPLEMENTARY_COPAYMENT
        | reasons.COMPLEMENTARY_OVERCHARGE
        | reasons.COMPLEMENTARY_NEVER
        | reasons.DEFERRED,
    )
    assert after == State(100, 100, 920, 0, 0, 0)


@pytest.mark.parametrize(
    ("left", "amount", "reason"),
    [
        (100, 100, reasons.PARTICIPATION),
        (99, 99, reasons.PARTICIPATION | reasons.PARTICIPATION_NO_MORE_THAN_LEFT),
        (0, 0, reasons.PARTICIPATION | reasons.PARTICIPATION_NO_MORE_THAN_LEFT),
    ],
)
def test_the_participation_takes_no_more_than_what_is_left(left, amount, reason):
    told = participation.participation(LAW, period(), line(), left, NOTHING)
    assert told == (amount, reason, State(amount, amount, 0, 0, 0, 0))


@pytest.mark.parametrize(
    ("per_unit", "left", "told"),
    [
        (50, 50, (50, reasons.FRANCHISE)),
        (50, 49, (49, reasons.FRANCHISE | reasons.FRANCHISE_NO_MORE_THAN_LEFT)),
        (1, 50, (1, reasons.FRANCHISE)),
        (0, 50, (0, 0)),
        (-1, 50, (0, 0)),
    ],
)
def test_the_franchise_takes_no_more_than_what_is_left(per_unit, left, told):
    law = under(franchise_per_unit=per_unit)
    amount, reason, after = franchise.franchise(law, period(), line("PH7"), left, NOTHING)
    assert (amount, reason) == told
    assert after == State(0, 0, 0, amount, amount, 0)


HEAVY = reasons.HEAVY_FLAT_SUM


@pytest.mark.parametrize(
    ("threshold", "tariff", "base_cents", "told"),
    [
        (12_000, 12_000, 12_000, (12_000 - 2400, HEAVY)),
        (12_000, 11_999, 11_999, (8399, 0)),
        (0, 0, 10_000, (7600, HEAVY)),
        (1, 1, 10_000, (7600, HEAVY)),
        (-1, 99_999, 10_000, (7000, 0)),
        (1, 1, 8000, (5600, 0)),
        (1, 1, 8001, (5601, 0)),
        (1, 1, 8010, (5610, HEAVY)),
        (1, 1, 1000, (700, 0)),
    ],
)
def test_a_heavy_act_from_its_threshold_on(threshold, tariff, base_cents, told):
    heavy_acts = tuple(1 for _act in LAW.act_is_heavy)
    law = LAW._replace(
        act_is_heavy=heavy_acts,
        heavy_threshold=(threshold,) * len(LAW.heavy_threshold),
        heavy_flat_sum=(2400,) * len(LAW.heavy_flat_sum),
    )
    assert gross(law, period(), line(code_tariff=tariff), base_cents, 7000) == told
    light = law._replace(act_is_heavy=tuple(0 for _act in heavy_acts))
    ordinary = share(base_cents, 7000)
    assert gross(light, period(), line(code_tariff=tariff), base_cents, 7000) == (ordinary, 0)


@pytest.mark.parametrize(
    ("is_local", "paid", "told"),
    [
        (1, 2069, (1, reasons.LOCAL)),
        (1, 2070, (0, 0)),
        (1, 2300, (0, 0)),
        (0, 1610, (0, 0)),
    ],
)
def test_the_local_scheme_lifts_to_its_share_and_no_further(is_local, paid, told):
    assert local(LAW, period(), line(is_local=is_local), 2300, paid) == told


C2S = 1 << NAMES.cover["c2s"]


@pytest.mark.parametrize(
    ("held", "share_of_it", "copayment", "told"),
    [
        (C2S, 10_000, 1, (1, reasons.SOLIDARITY)),
        (C2S, 1, 10_000, (1, reasons.SOLIDARITY)),
        (C2S, 0, 690, (0, 0)),
        (C2S, -1, 690, (0, 0)),
        (C2S, 10_000, 0, (0, 0)),
        (1, 10_000, 690, (690, reasons.SOLIDARITY)),
        (0, 10_000, 690, (0, 0)),
    ],
)
def test_the_solidarity_cover_pays_its_share_to_the_cent(held, share_of_it, copayment, told):
    law = under(solidarity_share=share_of_it)
    asked = line(covers=held, is_ald_related=1)
    assert solidarity(law, period(), asked, copayment) == told


@pytest.mark.parametrize(
    ("held", "overcharge", "penalty", "sector", "is_imposed"),
    [
        (C2S, 1, 0, "2", 1),
        (C2S, 0, 0, "2", 0),
        (C2S, 1, 1, "2", 0),
        (C2S, 1, 0, "none", 0),
        (1, 1, 0, "2", 1),
        (0, 1, 0, "2", 0),
    ],
)
def test_the_tariff_is_imposed_within_the_pathway_and_the_convention(
    held, overcharge, penalty, sector, is_imposed
):
    law = under(imposes_tariff=1)
    asked = line(covers=held, sector=NAMES.sector[sector])
    told = imposed_tariff(law, period(), asked, overcharge, penalty)
    assert told == (reasons.SOLIDARITY_TARIFF if is_imposed else 0)


@pytest.mark.parametrize(
    ("ceiling", "price", "is_above"),
    [(1000, 2000, 0), (1000, 2001, 1), (0, 1, 1), (0, 0, 0), (-1, 9999, 0)],
)
def test_a_price_above_the_ceiling_is_told_for_the_whole_quantity(ceiling, price, is_above):
    law, device = under(ceiling=ceiling), line(basket=1, ceiling=0, price=price, quantity=2)
    assert basket(law, period(), device) == (reasons.PRICE_ABOVE_CEILING if is_above else 0)


@pytest.mark.parametrize(("base_cents", "amount"), [(0, 0), (1, 0), (2, 1), (3, 1)])
def test_a_penalty_of_nothing_is_none(base_cents, amount):
    out = line(pathway=PATHWAYS.index("out-of-pathway"))
    cents, reason, after = pathway.penalty(LAW, period(), out, base_cents, 9999, NOTHING)
    assert (cents, after.penalty_of_act) == (amount, amount)
    assert bool(reason & reasons.PENALTY) == bool(amount)


@pytest.mark.parametrize(
    ("amount", "points", "cents"), [(1, 4999, 0), (1, 5000, 1), (3, 5000, 2), (23, 7000, 16)]
)
def test_half_a_cent_is_rounded_up_and_less_is_not(amount, points, cents):
    assert share(amount, points) == cents
