"""A school's list, from the registrar's file to the student's confirmed registration."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from decompte.portal.outbox.models import Message
from decompte.portal.people.scope import AgencyScope, MemberScope, entered, system
from decompte.portal.registration import enrolments, invitations
from decompte.portal.registration import services as registration
from decompte.portal.registration.models import Enrolment
from tests import cast

pytestmark = pytest.mark.django_db
SCHOOL = "school:sciences-po"
HEAD = "Numéro étudiant;Nom;Prénom;Date de naissance;Courriel\n"
NOA = "1;Berg;Noa;15/06/1993;noa@decompte.example\n"
LIA = "2;=Cmd;Lia;02/03/1994;lia@decompte.example\n"
BAD = "3;Roux;Max;31/02/1994;max@decompte.example\n"
LIST = (HEAD + NOA + LIA + BAD).encode()


@pytest.fixture
def office(client):
    client.force_login(cast.staff(SCHOOL, "registrar"))
    return client


def give(office, content=LIST, name="liste.csv"):
    file = SimpleUploadedFile(name, content)
    return office.post(reverse("school:take_list"), {"file": file}, follow=True)


def rows():
    with system("test"):
        return list(Enrolment.objects.order_by("student_number"))


def counts():
    with system("test"):
        return enrolments.report(SCHOOL).counts


def mails():
    with system("test"):
        return list(Message.objects.filter(key__startswith="school:"))


def signed(number="1"):
    with system("test"):
        return invitations.token(Enrolment.objects.get(student_number=number))


def test_a_list_is_taken_in_and_its_wrong_rows_are_told(office):
    page = give(office).content.decode()
    assert [one.family_name for one in rows()] == ["Berg", "=Cmd"]
    assert "write the day as 15/06/1993" in page
    assert "Roux" in page


def test_the_same_list_again_changes_nothing(office):
    give(office)
    before = [one.pk for one in rows()]
    give(office)
    assert [one.pk for one in rows()] == before
    assert counts() == {"new": 0, "changed": 0, "same": 2, "repeated": 0, "wrong": 1, "left": 0}


def test_a_newer_list_corrects_and_marks_who_is_gone(office):
    give(office)
    give(office, (HEAD + NOA.replace("Berg", "Bergh")).encode())
    noa, lia = rows()
    assert noa.family_name == "Bergh"
    assert lia.left_on is not None
    give(office)
    assert rows()[1].left_on is None


def test_a_student_whose_row_became_unreadable_does_not_count_as_gone(office):
    give(office)
    give(office, (HEAD + NOA + LIA.replace("02/03", "31/02")).encode())
    assert [one.left_on for one in rows()] == [None, None]


def test_the_rows_to_mend_and_the_export_run_nowhere_and_can_be_given_again(office):
    give(office)
    mended = office.get(reverse("school:report_table")).content.decode("utf-8-sig")
    assert "Roux" in mended
    export = office.get(reverse("school:table")).content
    assert "'=Cmd" in export.decode("utf-8-sig")
    give(office, export, "export.csv")
    assert counts() == {"new": 0, "changed": 0, "same": 2, "repeated": 0, "wrong": 0, "left": 0}
    give(office, mended.replace("31/02", "28/02").encode())
    assert counts()["new"] == 1


def test_students_are_invited_once_and_reminded_after_a_week_and_no_more_than_thrice(
    office, settings
):
    give(office)
    for _again in range(2):
        office.post(reverse("school:invite"))
    assert sorted(one.recipient for one in mails()) == [
        "lia@decompte.example",
        "noa@decompte.example",
    ]
    assert any(signed() in one.body for one in mails())
    office.post(reverse("school:remind"))
    assert len(mails()) == 2
    for week in range(1, 6):
        settings.DAYS_BACK -= 7
        office.post(reverse("school:remind"))
        assert len(mails()) == 2 + 2 * min(week, 3)


def test_a_new_address_before_the_registration_begins_is_invited_anew(office):
    give(office)
    office.post(reverse("school:invite"))
    give(office, (HEAD + NOA.replace("noa@", "berg@") + LIA).encode())
    office.post(reverse("school:invite"))
    assert [one.recipient for one in mails()].count("berg@decompte.example") == 1


def test_an_invitation_leads_to_a_registration_that_begins_with_what_is_known(office, client):
    give(office)
    with system("test"):
        user = cast.account()
    client.force_login(user)
    address = reverse("school:invitation", args=[signed()])
    assert b"Begin" in client.get(address).content
    page = client.post(address, follow=True).content.decode()
    assert 'value="Berg"' in page
    assert 'value="1993-06-15"' in page
    assert rows()[0].user_id == user.pk


def test_the_school_follows_a_registration_to_its_end_and_sees_no_more(office):
    give(office)
    with system("test"):
        member = cast.student("lmde", "lmde")
        invitations.accept(signed(), member.user)
    page = office.get(reverse("school:students")).content.decode()
    assert "Registered" in page
    assert "LMDE" in page
    assert "FR14" not in page
    assert member.address_line not in page
    with entered(AgencyScope(SCHOOL)):
        assert registration.current(member.pk) is None


def test_an_invitation_serves_one_account_and_an_account_one_student(office):
    give(office)
    with system("test"):
        first, second = cast.account(), cast.account()
        invitations.accept(signed(), first)
        invitations.accept(signed(), first)
        for token, user in ((signed(), second), (signed("2"), first), (signed() + "x", second)):
            with pytest.raises(invitations.Refusal):
                invitations.accept(token, user)


def test_an_invitation_names_nobody_and_a_cut_one_is_said_to_be_cut(office, client):
    give(office)
    client.logout()
    page = client.get(reverse("school:invitation", args=[signed()]))
    assert page.status_code == 200
    assert b"Noa" not in page.content
    cut = client.get(reverse("school:invitation", args=[signed()[:-3]]))
    assert cut.status_code == 404
    assert b"was cut" in cut.content


def test_a_registrar_sees_no_other_school_and_no_member_and_staff_sees_no_school(office):
    give(office)
    with system("test"):
        made = cast.sent(cast.student())
        elsewhere = cast.staff("school:elsewhere", "registrar")
        agent = cast.staff("lmde")
    for name in ("agency:worklist", "mailroom:mailroom", "requests:list", "agency:payments"):
        assert office.get(reverse(name)).status_code == 404
    assert office.get(reverse("agency:review", args=[made.public_id])).status_code == 404
    with entered(AgencyScope(elsewhere.staff_role.agency)):
        assert not Enrolment.objects.exists()
    with entered(MemberScope(made.member_id)):
        assert not Enrolment.objects.exists()
    office.force_login(agent)
    assert office.get(reverse("school:students")).status_code == 404


def test_no_file_and_no_list_are_said_at_the_form(office):
    assert office.post(reverse("school:take_list")).status_code == 422
    page = give(office, b"hello")
    assert page.status_code == 422
    assert "a column is missing" in page.content.decode()


def test_the_page_of_a_large_school_asks_few_questions(office, django_assert_max_num_queries):
    many = "".join(f"{n};Nom;Prenom;15/06/1993;n{n}@decompte.example\n" for n in range(10, 400))
    give(office, (HEAD + many).encode())
    assert len(rows()) == 390
    with django_assert_max_num_queries(15):
        office.get(reverse("school:students"), {"page": "3", "text": "nom"})
