"""Corrections and amounts set by hand: four eyes, the difference in money, and what is told."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from decompte.errors import Refusal
from decompte.portal.agency import corrections
from decompte.portal.agency import services as agency
from decompte.portal.decisions import again, amendments, changes
from decompte.portal.decisions import services as decisions
from decompte.portal.decisions.models import Amendment, Decision
from decompte.portal.decisions.outcome import ByHand
from decompte.portal.payments import services as payments
from decompte.portal.people.scope import system
from decompte.portal.requests import answers
from decompte.portal.requests import services as requests
from decompte.portal.requests.models import Letter, Request
from tests import cast
from tests.conftest import DAY

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def books_are_right_afterwards():
    with system("test"):
        yield
        assert payments.everything() == []


@pytest.fixture
def crew():
    return cast.staff("lmde"), cast.staff("lmde", "adjudicator")


def decided(member=None, **changes):
    made = cast.sent(member or cast.student(), **changes)
    agency.settle_request(made, "test")
    return Request.objects.get(pk=made.pk)


def proposed(made, user, *, by_hand=(), reason="mistake", line=None, words="We were wrong."):
    lines = [amendments.written(one) | (line or {}) for one in made.lines.all()]
    return amendments.propose(
        made, amendments.Proposal(lines, by_hand, reason, words), user, made.version
    )


def corrected(made, crew, **asked):
    found = proposed(made, crew[0], **asked)
    assert corrections.approve(found, crew[1], corrections.outlook(found).after.payable_cents)
    made.refresh_from_db()
    return decisions.of_request(made.pk)


def paid(made):
    officers = [cast.staff("lmde", "finance") for _n in range(2)]
    batch = payments.prepare("lmde", officers[0], DAY)
    payments.release(batch, officers[1], batch.sha256)
    made.refresh_from_db()
    assert made.state == "paid"


OUT = {"pathway": "out-of-pathway"}
IN = {"pathway": "declared-gp"}


def test_a_higher_amount_pays_the_difference_once_the_first_has_left(crew):
    made = decided(**OUT)
    first = decisions.of_request(made.pk)
    paid(made)
    second = corrected(made, crew, line=IN)
    assert (first.payable_cents, second.payable_cents) == (590, 1510)
    assert second.corrects_id == first.pk
    order = payments.order_of(second.pk)
    assert (order.amount_cents, order.state) == (920, "ordered")
    assert made.state == "corrected"
    assert payments.correct(decisions.chain(made.pk)[:-1], second, "test") == order
    paid(made)


def test_what_has_not_left_is_made_anew_and_nothing_is_owed(crew):
    made = decided()
    first = payments.order_of(decisions.of_request(made.pk).pk)
    second = corrected(made, crew, line=OUT)
    first.refresh_from_db()
    assert (first.state, payments.order_of(second.pk).amount_cents) == ("cancelled", 590)
    assert payments.owed_cents(made.member_id) == 0


def test_a_lower_amount_becomes_a_debt_that_waits(crew):
    made = decided()
    paid(made)
    second = corrected(made, crew, line=OUT)
    debt = payments.overpayments(second)[0]
    assert (debt.left_cents, debt.payer) == (920, "care-amo")
    assert debt.takeable_from == date(2014, 5, 20)
    assert payments.order_of(second.pk) is None
    assert made.state == "paid"
    assert "20 May 2014" in payments.payment_message(second).en


def test_a_debt_of_a_correction_goes_when_it_is_corrected_again(crew):
    made = decided()
    paid(made)
    corrected(made, crew, line=OUT)
    third = corrected(made, crew, line=IN)
    assert payments.owed_cents(made.member_id) == 0
    assert payments.order_of(third.pk) is None
    assert [one.payable_cents for one in decisions.chain(made.pk)] == [1510, 590, 1510]


def test_what_was_deferred_and_taken_is_given_back(crew):
    member = cast.student()
    made = decided(member, is_third_party_payment=True)
    decided(member, care_date=date(2014, 3, 14))
    assert payments.owed_cents(member.pk) == 0
    second = corrected(made, crew, by_hand=(ByHand(1, 2300, 0),))
    assert second.deferred_cents == 0
    assert payments.order_of(second.pk).amount_cents == 100


def test_a_payment_in_a_file_is_left_alone(crew):
    made = decided()
    batch = payments.prepare("lmde", cast.staff("lmde", "finance"), DAY)
    found = proposed(made, crew[0], line=OUT)
    with pytest.raises(Refusal) as told:
        corrections.approve(found, crew[1], 590)
    assert told.value.problems[0].code == "payment.in_file"
    assert len(decisions.chain(made.pk)) == 1
    payments.discard(batch, crew[0])
    assert corrections.approve(found, crew[1], 590)


def test_amounts_set_by_hand_carry_their_mark_and_come_out_again(crew):
    made = cast.sent(cast.student())
    second = corrected(
        made, crew, by_hand=(ByHand(1, 2000, 100),), reason="agreement", words="Agreed on 3 March."
    )
    assert (second.payable_cents, second.patient_cents) == (2100, 200)
    assert made.state == "decided"
    assert payments.order_of(second.pk).amount_cents == 2100
    shown = payments.statement(second, "en")
    assert "set by a person" in shown.mark
    assert "Agreed on 3 March." in shown.document["lines"][0]["reasons"][0]["text"]
    assert again.problems() == []
    assert second.proposed_by == crew[0].public_id
    assert second.decided_by == crew[1].public_id


def test_nobody_approves_their_own_proposal_not_even_in_the_database(crew):
    found = proposed(decided(), crew[1], line=OUT)
    with pytest.raises(Refusal) as told:
        corrections.approve(found, crew[1], 590)
    assert told.value.problems[0].code == "amendment.same_person"
    with pytest.raises(IntegrityError), transaction.atomic():
        Amendment.objects.update(decided_by=crew[1], is_approved=True)


def test_an_appeal_is_accepted_by_another_person_than_the_one_who_decided(crew):
    made = cast.sent(cast.student(), **OUT)
    agency.settle_request(made, crew[1].public_id)
    requests.appeal(made, "My GP sent me", made.member.user)
    found = proposed(made, crew[0], line=IN, reason="appeal")
    with pytest.raises(Refusal) as told:
        corrections.approve(found, crew[1], 1510)
    assert told.value.problems[0].code == "appeal.same_person"
    assert corrections.approve(found, cast.staff("lmde", "supervisor"), 1510)
    made.refresh_from_db()
    assert made.state == "corrected"
    assert requests.appeal(made, "Still too little", made.member.user)


def test_a_refused_request_can_be_decided_after_all(crew):
    made = cast.sent(cast.student())
    answers.answer(made, "refuse", "too-old", "", "test")
    second = corrected(made, crew, reason="mistake")
    assert (second.corrects_id, second.payable_cents, made.state) == (None, 1510, "corrected")


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"words": "  "}, "field.missing"),
        ({"by_hand": (ByHand(1, 2301, 0),)}, "amount.too_much"),
        ({"line": {"care_date": date(2000, 1, 1)}}, None),
    ],
)
def test_what_cannot_be_decided_cannot_be_proposed(crew, asked, code):
    made = decided()
    with pytest.raises(Refusal) as told:
        proposed(made, crew[0], **asked)
    assert code in {None, told.value.problems[0].code}
    assert Amendment.objects.count() == 0


def test_before_a_decision_there_is_something_to_set(crew):
    with pytest.raises(Refusal) as told:
        proposed(cast.sent(cast.student()), crew[0], reason="tariff")
    assert told.value.problems[0].code == "amendment.nothing_set"


def test_who_decides_meanwhile_wins_and_the_proposal_is_told(crew):
    made = cast.sent(cast.student())
    found = proposed(made, crew[0], by_hand=(ByHand(1, 100, 0),), reason="tariff")
    agency.settle_request(made, "test")
    with pytest.raises(Refusal) as told:
        corrections.approve(amendments.find(found.public_id), crew[1], 100)
    assert told.value.problems[0].code in {"request.changed"}
    assert amendments.turn_down(found, crew[1], "decided meanwhile")
    assert not amendments.turn_down(found, crew[1], "")
    assert len(decisions.chain(made.pk)) == 1


def test_it_is_told_in_words_and_kept_as_sent(crew):
    made = decided(**OUT)
    first = decisions.of_request(made.pk)
    found = proposed(made, crew[0], line=IN, reason="keyed", words="The referral was overlooked.")
    shown = corrections.outlook(found)
    said = "\n".join(shown.paragraphs)
    for words in (
        "out of pathway before, declared GP now",
        "€15.10, instead of €5.90",
        "overlooked",
    ):
        assert words in said
    corrections.approve(found, crew[1], shown.after.payable_cents)
    told = changes.changes(first, decisions.of_request(made.pk), "fr")
    assert ("Parcours de soins", "hors parcours", "médecin traitant") in told
    letter = Letter.objects.get(kind="correction")
    assert answers.pdf(letter).startswith(b"%PDF")
    assert "replaced by that of 20 March 2014" in payments.payment_message(first).en


def test_a_decision_is_corrected_once_and_never_changed(crew):
    made = decided()
    corrected(made, crew, line=OUT)
    first, second = decisions.chain(made.pk)
    for column in ("words", "corrects_id"):
        with pytest.raises(DatabaseError), transaction.atomic():
            Decision.objects.filter(pk=first.pk).update(**{column: second.pk})
    second.pk, second.public_id = None, "twice"
    with pytest.raises(IntegrityError), transaction.atomic():
        second.save(force_insert=True)


def test_a_cap_counts_what_is_in_force(crew):
    member = cast.student()
    made = decided(member)
    corrected(made, crew, by_hand=(ByHand(1, 500, 0),))
    other = decided(member, care_date=date(2014, 3, 14))
    assert "used" in decisions.of_request(other.pk).inputs["person"]
    assert decisions.of_request(other.pk).inputs["person"]["used"] == {}
    assert payments.period(member.pk, DAY, DAY).totals["amo"] == 500 + 1510


def test_the_pages_from_the_proposal_to_the_members_statement(client, crew):
    made = decided(**OUT)
    client.force_login(crew[0])
    address = reverse("agency:amend", args=[made.public_id])
    assert client.post(reverse("agency:reason", args=[made.public_id]), {"reason": "letter"})
    assert client.get(address).status_code == 200
    form = {
        "version": made.version,
        "reason": "keyed",
        "words": "The referral was overlooked.",
        **{f"line1-{name}": value for name, value in cast.visit(price_cents="23,00").items()},
    }
    for name in ("has_prescription", "is_third_party_payment"):
        form.pop(f"line1-{name}")
    assert client.post(address, {**form, "words": ""}).status_code == 422
    sent = client.post(address, form)
    page = sent.headers["Location"]
    assert "a second person decides" in client.get(page).content.decode()
    client.post(page, {"verdict": "approve", "shown": 1510})
    assert len(decisions.chain(made.pk)) == 1
    client.force_login(crew[1])
    assert made.reference in client.get(reverse("agency:amendments")).content.decode()
    assert client.post(page, {"verdict": "approve", "shown": 1}).status_code == 422
    assert client.post(page, {"verdict": "approve", "shown": 1510}).status_code == 302
    client.force_login(made.member.user)
    second = decisions.of_request(made.pk)
    shown = client.get(reverse("payments:statement", args=[second.public_id])).content.decode()
    assert "it replaces that of 20 March 2014" in shown
    assert "What changed" in shown
    pdf = client.get(reverse("payments:statement_pdf", args=[second.public_id]))
    assert pdf.content.startswith(b"%PDF")
    assert "replaced" in client.get(reverse("payments:statements")).content.decode()
