"""Contributions are collected once, in files two people make; what comes back is owed again."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from lxml import etree

from decompte.errors import Refusal
from decompte.exchange import sepa
from decompte.portal import clock
from decompte.portal.outbox.models import Message
from decompte.portal.payments import collecting, contributions, services
from decompte.portal.payments.models import Collection, Due, Mandate
from decompte.portal.people.scope import system
from decompte.portal.registration import services as registration
from tests import bank, cast
from tests.conftest import DAY

pytestmark = pytest.mark.django_db
IBAN = "FR1420041010050500013M02606"
OTHER_IBAN = "DE89370400440532013000"
COLLECT_ON = DAY + timedelta(days=14)


@pytest.fixture(autouse=True)
def books_are_right_afterwards():
    with system("test"):
        yield
        assert services.everything() == []


def signed(iban=IBAN, member=None):
    member = member or cast.student()
    services.sign_mandate(member, "lmde", holder="Noa Berg", iban=iban, actor="test")
    return member


def officers():
    return cast.staff("lmde", "finance"), cast.staff("lmde", "finance")


def collected(count=2):
    """A file of first collections of so many members, with the bank."""
    for _member in range(count):
        signed()
    return sent()


def sent():
    first, second = officers()
    (batch,) = services.prepare_debits("lmde", first, max(COLLECT_ON, services.first_day()))
    services.release(batch, second, batch.sha256)
    return batch


@pytest.fixture
def statements():
    return bank.Statements("lmde", COLLECT_ON)


def read(*contents):
    for content in contents:
        services.read_bank_file("lmde", content, "test")


def ids(batch):
    return [one.end_to_end_id for one in services.collections_of(batch)]


def states(model):
    return sorted(model.objects.values_list("state", flat=True))


def balances():
    return {row["account"]: row["cents"] for row in services.balances("lmde") if row["cents"]}


def cents():
    return services.dues_of(registration.contributing("lmde")[0].member_id)[0].amount_cents


def test_a_confirmed_registration_owes_its_contribution_once():
    member = cast.student()
    (registered,) = registration.contributing("lmde")
    one, two = services.owe(registered, "test"), services.owe(registered, "test")
    assert one == two
    assert services.owe_all("lmde", "test") == 0
    assert services.unpaid_cents(member.pk) == registered.contribution_cents
    assert balances() == {"dues": one.amount_cents, "contributions": -one.amount_cents}


def test_a_registration_that_costs_nothing_owes_nothing():
    cast.student()
    (registered,) = registration.contributing("lmde")
    registered.contribution_cents = 0
    assert services.owe(registered, "test") is None


def test_a_file_collects_what_is_due_under_a_mandate(statements):
    batch = collected()
    file = services.content(batch)
    assert sepa.sums(file) == sepa.Sums(batch.msg_id, 2, 2 * cents())
    tree = etree.fromstring(file)
    assert tree.xpath("string(//*[local-name()='SeqTp'])") == "FRST"
    assert tree.xpath("string(//*[local-name()='MndtId'])").startswith("LMDE-")
    read(statements.next((2 * cents(), {"msg_id": batch.msg_id})))
    assert states(Due) == ["collected"] * 2
    assert states(Collection) == ["settled"] * 2
    assert services.balance("dues", "lmde") == services.balance("transit", "lmde") == 0
    assert services.balance("bank", "lmde") == 2 * cents()


def test_members_are_told_day_and_amount_when_the_file_is_released():
    member = signed()
    first, second = officers()
    (batch,) = services.prepare_debits("lmde", first, COLLECT_ON)
    told = Message.objects.filter(recipient=member.user.email, subject="A direct debit is to come")
    assert not told.exists()
    services.release(batch, second, batch.sha256)
    assert "3 April 2014" in told.get().body
    assert "2606" in told.get().body


def test_a_day_too_near_is_refused_when_made_and_when_released(settings):
    signed()
    first, second = officers()
    with pytest.raises(Refusal, match="2014-04-03"):
        services.prepare_debits("lmde", first, COLLECT_ON - timedelta(days=1))
    (batch,) = services.prepare_debits("lmde", first, COLLECT_ON)
    settings.DAYS_BACK -= 1
    with pytest.raises(Refusal, match="at the earliest"):
        services.release(batch, second, batch.sha256)
    assert services.discard(batch, first)
    assert (states(Due), states(Collection)) == (["open"], ["cancelled"])
    assert ids(sent()) == [f"C2013-{Due.objects.get().pk:08d}-2"]


def test_without_a_mandate_nothing_is_collected():
    cast.student()
    with pytest.raises(Refusal, match="nothing can be collected"):
        services.prepare_debits("lmde", cast.staff("lmde", "finance"), COLLECT_ON)


def test_later_collections_stand_in_a_file_of_their_own(settings):
    member = signed()
    sent()
    (registered,) = registration.contributing("lmde")
    registered.pk, registered.public_id, registered.academic_year = None, "another-year", 2014
    services.owe(registered, "test")
    signed(OTHER_IBAN)
    first, _second = officers()
    made = services.prepare_debits("lmde", first, COLLECT_ON)
    kinds = [[one.is_first for one in services.collections_of(batch)] for batch in made]
    assert kinds == [[True], [False]]
    assert services.dues_of(member.pk)[0].academic_year == 2014


@pytest.mark.parametrize(("reason", "holds"), [("AM04", True), ("MD01", False)])
def test_a_collection_sent_back_is_owed_again_once(statements, reason, holds):
    batch = collected()
    one, _two = ids(batch)
    back = statements.next(
        (2 * cents(), {"msg_id": batch.msg_id}), (-cents(), {"end_to_end": one, "reason": reason})
    )
    read(back, back, back.replace(b"S1", b"S1 again"))
    assert states(Due) == ["collected", "held"]
    assert services.balance("dues", "lmde") == cents()
    assert services.balance("transit", "lmde") == 0
    member = Collection.objects.get(end_to_end_id=one).member
    assert (services.mandate_of(member.pk, "lmde") is not None) == holds
    assert services.work_list() == []


def test_rejections_by_payment_and_by_file_open_what_they_name(statements):
    batch = collected()
    one, _two = ids(batch)
    read(bank.pain_002(batch.msg_id, rejected=[one], reason="AC04"))
    assert states(Collection) == ["rejected", "released"]
    read(bank.pain_002(batch.msg_id, group="RJCT", reason="FF01"))
    assert states(Collection) == ["rejected"] * 2
    assert services.balance("transit", "lmde") == 0


def test_the_bank_pays_in_a_file_less_what_it_rejected_and_takes_rejected_money_back(statements):
    batch = collected()
    one, _two = ids(batch)
    rejection = bank.pain_002(batch.msg_id, rejected=[one], reason="AM04")
    whole = statements.next((2 * cents(), {"msg_id": batch.msg_id}))
    less = statements.next((-cents(), {"msg_id": batch.msg_id}))
    read(rejection, whole, less)
    assert services.balance("transit", "lmde") == 0
    assert services.balance("bank", "lmde") == cents()


def test_what_cannot_be_explained_waits_and_a_person_finds_its_collection(statements):
    batch = collected(1)
    (one,) = ids(batch)
    moved = statements.next(
        (cents(), {"end_to_end": one}), (-cents() - 150, {"end_to_end": one, "reason": "AM04"})
    )
    read(moved)
    (line,) = services.work_list()
    assert line.trouble == "wrong-amount"
    officer = cast.staff("lmde", "finance")
    assert services.match(line, services.find_collection(one), "with the bank's fee", officer)
    assert balances() == {
        "bank": -150,
        "fees": 150,
        "dues": cents(),
        "contributions": -cents(),
    }


def test_a_new_mandate_collects_again_what_came_back(statements):
    batch = collected(1)
    (one,) = ids(batch)
    read(bank.pain_002(batch.msg_id, rejected=[one], reason="AC04"))
    signed(OTHER_IBAN, Collection.objects.get().member)
    again = sent()
    assert ids(again) == [f"{one}-2"]
    assert services.collections_of(again)[0].mandate.iban_last4 == "3000"


def test_a_person_lets_it_be_collected_again(statements):
    batch = collected(1)
    read(bank.pain_002(batch.msg_id, rejected=ids(batch), reason="AM04"))
    (due,) = services.unpaid()
    assert services.collect_again(due, "test")
    assert not services.collect_again(due, "test")
    assert services.collections_of(sent())[0].due == due


def test_a_due_paid_otherwise_is_booked_once_with_words():
    member = signed()
    services.owe_all("lmde", "test")
    (due,) = services.dues_of(member.pk)
    officer = cast.staff("lmde", "finance")
    with pytest.raises(Refusal, match="say why"):
        services.paid_otherwise(due, " ", officer)
    assert services.paid_otherwise(due, "a cheque of 20 March", officer)
    assert not services.waive(due, "again", officer)
    assert balances() == {"till": due.amount_cents, "contributions": -due.amount_cents}


def test_a_due_given_up_takes_its_booking_back():
    member = signed()
    services.owe_all("lmde", "test")
    (due,) = services.dues_of(member.pk)
    assert services.waive(due, "left the university", cast.staff("lmde", "finance"))
    assert balances() == {}


def test_the_same_account_again_is_the_same_mandate_and_another_replaces_it():
    member = signed()
    signed(IBAN, member)
    signed(OTHER_IBAN, member)
    assert list(Mandate.objects.values_list("iban_last4", "ended_why")) == [
        ("2606", "replaced"),
        ("3000", ""),
    ]


@pytest.mark.parametrize(
    ("holder", "iban", "field"),
    [
        ("Noa Berg", "FR00", "iban"),
        ("☺", IBAN, "holder"),
        ("Noa Berg", "GB33BUKB20201555555555", "iban"),
    ],
)
def test_a_mandate_no_bank_would_take_is_refused(holder, iban, field):
    with pytest.raises(Refusal) as refused:
        services.sign_mandate(cast.student(), "lmde", holder=holder, iban=iban, actor="test")
    assert refused.value.problems[0].field == field


def test_a_mandate_taken_back_or_not_used_for_three_years_collects_nothing(settings):
    member = signed()
    settings.DAYS_BACK -= 3 * 366 + 1
    assert services.mandate_of(member.pk, "lmde") is None
    signed(IBAN, member)
    mandate = services.mandate_of(member.pk, "lmde")
    assert services.end_mandate(mandate, "member", "test")
    assert not services.end_mandate(mandate, "member", "test")
    assert services.mandate_of(member.pk, "lmde") is None


@pytest.mark.parametrize("model", [Mandate, Due, Collection])
def test_the_database_keeps_what_was_signed_due_and_collected(model):
    collected(1)
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.all().delete()
    fixed = "reference" if model is Mandate else "amount_cents"
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.update(**{fixed: 1})


def test_a_due_has_one_live_collection():
    batch = collected(1)
    one = services.collections_of(batch)[0]
    one.pk, one.public_id, one.end_to_end_id = None, "another", "C-ANOTHER"
    with pytest.raises(DatabaseError), transaction.atomic():
        one.save(force_insert=True)
    assert clock.today() == DAY


def test_an_officer_makes_the_files_on_the_page_and_a_second_one_releases(client):
    signed()
    first, second = officers()
    client.force_login(first)
    page = client.get("/agency/payments/contributions/")
    assert "3 April 2014" in page.content.decode()
    near = client.post("/agency/payments/contributions/", {"collect_on": "2014-03-21"})
    assert near.status_code == 422
    assert "members must be told" in near.content.decode()
    services.owe_all("lmde", "test")
    made = client.post(
        "/agency/payments/contributions/", {"collect_on": COLLECT_ON.isoformat()}, follow=True
    )
    assert "LMDE-" in made.content.decode()
    (batch,) = services.batches()
    cast.sign_in(client, second)
    client.post(f"/agency/batches/{batch.public_id}/release/", {"digest": batch.sha256})
    assert states(Due) == ["collected"]


def test_an_officer_books_what_becomes_of_a_contribution(client):
    member = signed()
    services.owe_all("lmde", "test")
    (due,) = services.dues_of(member.pk)
    client.force_login(officers()[0])
    address = f"/agency/payments/contributions/{due.public_id}/"
    assert client.get(address).status_code == 200
    assert client.post(address, {"how": "otherwise", "reason": ""}).status_code == 422
    again = client.post(address, {"how": "again", "reason": "new account"}, follow=True)
    assert "no longer waits" in again.content.decode()
    client.post(address, {"how": "otherwise", "reason": "a cheque"})
    assert states(Due) == ["paid"]
    assert client.get("/agency/payments/contributions/unknown/").status_code == 404


def test_an_officer_names_the_collection_a_movement_is_about(client, statements):
    batch = collected(1)
    (one,) = ids(batch)
    read(statements.next((cents() - 100, {"end_to_end": one})))
    (line,) = services.work_list()
    client.force_login(officers()[0])
    said = {"reference": one, "account": "", "reason": "less a fee"}
    assert client.post(f"/agency/payments/bank/{line.public_id}/", said).status_code == 302
    assert balances() == {"bank": cents() - 100, "fees": 100, "contributions": -cents()}


def test_who_comes_second_at_the_same_moment_finds_what_the_first_owed():
    cast.student()
    (registered,) = registration.contributing("lmde")
    one, two = (contributions._owe(registered, "the same key", "test") for _turn in range(2))
    assert one == two
    assert balances()["dues"] == one.amount_cents


def test_a_collection_that_came_back_does_not_come_back_twice():
    batch = collected(1)
    (one,) = services.collections_of(batch)
    assert collecting.give_back(one, "returned", "AM04", "test")
    assert not collecting.give_back(one, "returned", "AM04", "test")
    assert services.find_collection(one.end_to_end_id) == one
    assert states(Due) == ["held"]


def test_a_school_sees_how_far_the_contributions_of_its_students_are():
    member = cast.student()
    (registered,) = registration.contributing("lmde")
    assert services.states_of([registered.public_id]) == {}
    services.owe(registered, "test")
    assert services.states_of([registered.public_id, "other"]) == {registered.public_id: "open"}
    assert services.with_mandate("lmde") == set()
    signed(member=member)
    assert services.with_mandate("lmde") == {member.pk}
