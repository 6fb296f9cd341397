"""What the law promises whoever is drawn: more cover never leaves more to pay, caps hold."""

from datetime import date

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from decompte.engine.claims import refusals
from decompte.engine.periods import RELATED_COVERS, periods
from decompte.engine.shapes import Case, Cover, Span
from decompte.engine.single import settle
from decompte.law.load import law
from decompte.rules import reasons
from tests.rules.test_properties import DAYS, FORMULAS, cases, lines, people

ALWAYS = date(2005, 1, 1)
HELPFUL = ("ald", "maternity", "c2s", "acs", "military-pension", "work-accident")
REPLACING = "ame"
EATEN = reasons.PARTICIPATION_NO_MORE_THAN_LEFT | reasons.FRANCHISE_NO_MORE_THAN_LEFT


def left_to_pay(case):
    return [line.patient_cents for line in settle(case).lines]


def without_replacing(case):
    covers = tuple(one for one in case.person.covers if one.kind != REPLACING)
    return case._replace(person=case.person._replace(covers=covers))


def related(case, kind):
    def marked(line):
        if kind == "ald":
            return line._replace(is_ald_related=True)
        return line._replace(related_to=(kind,))

    is_related = kind in RELATED_COVERS
    return case._replace(lines=tuple(marked(one) if is_related else one for one in case.lines))


@given(cases(), st.sampled_from(HELPFUL))
def test_one_more_cover_never_leaves_more_to_pay(case, kind):
    """Save where what is kept back eats the whole reimbursement: then a better rate feeds it."""
    asked = related(without_replacing(case), kind)
    covered = asked.person._replace(covers=(*asked.person.covers, Cover(kind, ALWAYS, None)))
    before, after = settle(asked).lines, settle(asked._replace(person=covered)).lines
    for then, now in zip(before, after, strict=True):
        assert now.patient_cents <= then.patient_cents or (then.reasons | now.reasons) & EATEN


@given(cases(), st.integers(0, 20_000))
def test_refusing_a_generic_never_leaves_less_to_pay(case, cents):
    def refused(line):
        is_medicine = law().acts[line.act].franchise == "medicine"
        return line._replace(generic_price_cents=cents if is_medicine else None)

    accepted = tuple(line._replace(generic_price_cents=None) for line in case.lines)
    before = left_to_pay(case._replace(lines=accepted))
    after = left_to_pay(case._replace(lines=tuple(refused(line) for line in case.lines)))
    assert all(now >= then for then, now in zip(before, after, strict=True))


@given(cases())
def test_the_local_scheme_never_leaves_more_to_pay(case):
    local, general = (
        left_to_pay(case._replace(person=case.person._replace(is_local_scheme=one)))
        for one in (True, False)
    )
    assert all(now <= then for then, now in zip(general, local, strict=True))


@given(cases(), st.sampled_from([name for name in FORMULAS if name]))
def test_a_formula_never_leaves_more_to_pay(case, formula):
    without = left_to_pay(case._replace(complementary=None))
    insured = left_to_pay(case._replace(complementary=formula))
    assert all(now <= then for then, now in zip(without, insured, strict=True))


@given(cases())
def test_a_declared_gp_never_leaves_more_to_pay(case):
    before, after = (
        left_to_pay(case._replace(person=case.person._replace(declared_gp_since=since)))
        for since in (None, ALWAYS)
    )
    assert all(now <= then for then, now in zip(before, after, strict=True))


@given(cases())
def test_what_the_law_keeps_back_is_never_paid_by_anyone(case):
    for line in settle(case).lines:
        kept = line.penalty_cents + line.participation_cents + line.franchise_cents
        assert line.patient_cents >= kept
        assert line.deferred_cents in (0, kept)
        assert line.deferred_cents <= line.patient_cents


@given(cases())
def test_third_party_payment_changes_when_and_not_what_is_paid(case):
    def amounts(is_third_party):
        turned = tuple(one._replace(is_third_party_payment=is_third_party) for one in case.lines)
        return [
            line._replace(line=None, deferred_cents=0, reasons=line.reasons & ~reasons.DEFERRED)
            for line in settle(case._replace(lines=turned)).lines
        ]

    assert amounts(is_third_party=True) == amounts(is_third_party=False)


@given(cases(most=60))
@settings(max_examples=60)
def test_what_is_kept_in_any_year_stops_at_its_caps(case):
    kept = {}
    for line in settle(case).lines:
        year = kept.setdefault(line.line.date.year, [0, 0])
        year[0] += line.participation_cents
        year[1] += line.franchise_cents
    for participation, franchise in kept.values():
        assert participation <= 5000
        assert franchise <= 5000


@given(cases())
def test_no_act_loses_more_than_the_cap_of_its_day(case):
    caps = law().figures["pathway.penalty_cap"]
    for line in settle(case).lines:
        cap = caps.on(line.line.date).amount
        assert cap is None or line.penalty_cents <= cap


@given(people(), st.lists(lines(), min_size=1, max_size=8), DAYS, DAYS)
def test_lines_that_are_paid_nothing_leave_the_others_as_if_they_were_not_there(
    person, asked, since, claimed_on
):
    covered = person._replace(rights=(Span(since, None),))
    case = Case(covered, None, tuple(asked), claimed_on=claimed_on)
    masks = refusals(periods(), case)
    paid = [line for line, mask in zip(case.lines, masks, strict=True) if not mask]
    assume(paid)
    whole = settle(case).lines
    alone = settle(case._replace(lines=tuple(paid))).lines
    assert [line for line, mask in zip(whole, masks, strict=True) if not mask] == list(alone)
    for line, mask in zip(whole, masks, strict=True):
        if mask:
            assert (line.patient_cents, line.reasons) == (line.line.price_cents, mask)
