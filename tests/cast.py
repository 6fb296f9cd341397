"""The people of the tests, made through the services the portal uses."""

from datetime import date
from functools import lru_cache
from io import BytesIO
from itertools import count

from PIL import Image, ImageDraw

from decompte.portal.people import services as people
from decompte.portal.people.scope import system
from decompte.portal.registration import services as registration
from decompte.portal.requests import services as requests

SCHOOL = "school:sciences-po"
PASSWORD = "a-password-of-2014"
IBAN = "FR1420041010050500013M02606"
STUDY = ("2013-09-02", "2014-06-30")
_numbers = count(1)


def account(name="student"):
    return people.create_account(f"{name}{next(_numbers)}@decompte.example", PASSWORD)


def staff(agency, role="agent"):
    user = account(f"{role}.{agency}")
    is_elsewhere = role == "registrar" and not agency.startswith("school:")
    people.add_staff(user, SCHOOL if is_elsewhere else agency, role, f"{role} {agency}")
    return user


def sign_in(client, user):
    """Sign in and give the password once more, as a change of bank account asks."""
    client.force_login(user)
    answer = client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert answer.status_code == 302


def student(
    agency="lmde", complementary="", *, born="1993-06-15", has_gp=True, card=False, study=STUDY
):
    with system("cast"):
        user = account(agency or "european")
        member = people.save_identity(
            user,
            {
                "given_name": "Noa",
                "family_name": "Berg",
                "birth_date": date.fromisoformat(born),
                "nationality": "DE" if card else "US",
                "address_line": "27 rue Saint-Guillaume",
                "address_extra": "",
                "postal_code": "75007",
                "city": "Paris",
            },
        )
        register(member, agency, complementary, born=born, has_gp=has_gp, card=card, study=study)
    return member


def register(  # noqa: PLR0913
    member, agency, complementary, *, born="1993-06-15", has_gp=True, card=False, study=STUDY
):
    opened = registration.open_registration(member)
    registration.save_answers(opened, answers(born, card=card, study=study))
    if card:
        people.add_european_card(member, country="DE", expires_on=date(2014, 12, 31))
    registration.choose(opened, agency=agency, complementary=complementary)
    people.set_bank_account(member, holder=member.name, iban=IBAN)
    if has_gp and people.current_gp(member) is None:
        signed = date.fromisoformat(study[0]).replace(month=10, day=15)
        people.declare_gp(
            member, doctor_name="Dr Lambert", doctor_number="10001234567", since=signed
        )
    registration.pass_step_3(opened)
    registration.confirm(opened)


def answers(born="1993-06-15", *, card=False, study=STUDY):
    return {
        "person": {
            "birth_date": born,
            "nationality": "DE" if card else "US",
            "residence": "FR-75",
            "cards": ["ehic"] if card else [],
            "parents": {"scheme": "abroad"},
        },
        "study": {"from": study[0], "to": study[1]},
    }


def visit(**changes):
    return {
        "care_date": date(2014, 3, 12),
        "act": "G",
        "price_cents": 2300,
        "practitioner_name": "Dr Lambert",
        "practitioner_number": "10001234567",
        "specialty": "general-practice",
        "sector": "1",
        "pathway": "declared-gp",
        "has_prescription": False,
        "is_third_party_payment": False,
        **changes,
    }


def draft(member, **changes):
    with system("cast"):
        line = visit(**changes)
        made = requests.begin(member, line)
        for needed in requests.required_papers(made):
            requests.add_paper(made, needed.kind, picture(), f"{needed.kind}.jpg", "cast")
    return made


def sent(member, **changes):
    made = draft(member, **changes)
    with system("cast"):
        assert requests.submit(made, "cast")
    return made


@lru_cache(maxsize=64)
def picture(kind="JPEG", size=(620, 877), *, text="Noa Berg"):
    """A sheet that can be read, as a phone or a scanner gives it."""
    sheet = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(sheet)
    for row in range(60, min(size[1], 900) - 60, 40):
        pen.text((60, row), f"{text} · 12/03/2014 · 23,00", fill="#222222", font_size=22)
    written = BytesIO()
    sheet.save(written, kind)
    return written.getvalue()
