"""`decompte manage demonstration`: people and requests of March 2014, made through the services."""

import json
import shutil
from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import timezone
from PIL import Image, ImageDraw

from decompte.portal.agency import services as agency
from decompte.portal.agency.rehearsal import RehearsalBank
from decompte.portal.appointments import services as appointments
from decompte.portal.decisions import amendments
from decompte.portal.payments import services as payments
from decompte.portal.people import services as people
from decompte.portal.people.scope import system
from decompte.portal.registration import enrolments, invitations
from decompte.portal.registration import services as registration
from decompte.portal.requests import review
from decompte.portal.requests import services as requests

DAY = date(2014, 3, 20)
DAYS_AT_THE_BANK = 8
INTERNATIONAL = "cpam-paris-international"
PASSWORD = "un-mot-de-passe-2014"  # noqa: S105  (printed for everybody on purpose)
STAFF = (
    ("agent.lmde@decompte.example", "lmde", "agent", "Camille Martin"),
    ("finance1.lmde@decompte.example", "lmde", "finance", "Dominique Petit"),
    ("finance2.lmde@decompte.example", "lmde", "finance", "Claude Roux"),
    ("agent.smerep@decompte.example", "smerep", "agent", "Alex Moreau"),
    ("finance1.smerep@decompte.example", "smerep", "finance", "Sacha Blanc"),
    ("finance2.smerep@decompte.example", "smerep", "finance", "Lou Garnier"),
    ("adjudicator.lmde@decompte.example", "lmde", "adjudicator", "Andrea Simon"),
    ("supervisor.lmde@decompte.example", "lmde", "supervisor", "Charlie Faure"),
    ("auditor.lmde@decompte.example", "lmde", "auditor", "Noor Perrin"),
    ("dpo.lmde@decompte.example", "lmde", "dpo", "Yaël Marchand"),
    ("administrator.lmde@decompte.example", "lmde", "administrator", "Morgan Lefort"),
    ("adjudicator.smerep@decompte.example", "smerep", "adjudicator", "Sam Renard"),
    ("supervisor.smerep@decompte.example", "smerep", "supervisor", "Jo Besson"),
    ("agent.cpam@decompte.example", INTERNATIONAL, "agent", "Dana Weiss"),
    ("registrar@decompte.example", "school:sciences-po", "registrar", "Maxime Colin"),
)
SCHOOL = "school:sciences-po"
SCHOOL_LIST = """Numéro étudiant;Nom;Prénom;Date de naissance;Courriel
1300001;SOUZA;Ana;15/06/1993;ana@decompte.example
1300002;MILLER;John;03/02/1992;john@decompte.example
1300003;CHEN;Wei;20/09/1991;wei@decompte.example
1300004;ORTEGA;Lucía;02/05/1994;lucia@decompte.example
1300005;NGUYEN;Minh;30/11/1994;minh@decompte.example
1300006;O'BRIEN;Siobhán;08/01/1993;siobhan@decompte.example
1300007;HADDAD;Yasmine;31/02/1994;yasmine@decompte.example
"""
STUDENTS = (
    ("ana@decompte.example", "Ana", "Souza", "BR", "1993-06-15", "lmde", "lmde", True),
    ("john@decompte.example", "John", "Miller", "US", "1992-02-03", "smerep", "", False),
    ("wei@decompte.example", "Wei", "Chen", "CN", "1991-09-20", "smerep", "smerep", True),
    ("lucia@decompte.example", "Lucía", "Ortega", "ES", "1994-05-02", "", "", False),
)
PAID_VISITS = (
    ("ana@decompte.example", "2014-01-07", "G", 2300, "general-practice", "declared-gp", "direct"),
    ("ana@decompte.example", "2014-01-14", "G", 2300, "general-practice", "declared-gp", "decided"),
    ("wei@decompte.example", "2014-01-21", "G", 2300, "general-practice", "declared-gp", "decided"),
)
VISITS = (
    (
        "ana@decompte.example",
        "2014-03-12",
        "G",
        2300,
        "general-practice",
        "declared-gp",
        "submitted",
    ),
    (
        "john@decompte.example",
        "2014-02-18",
        "G",
        2300,
        "general-practice",
        "declared-gp",
        "decided",
    ),
    (
        "john@decompte.example",
        "2014-03-04",
        "CS",
        4000,
        "dermatology",
        "out-of-pathway",
        "submitted",
    ),
    (
        "wei@decompte.example",
        "2014-02-11",
        "CS",
        4000,
        "dermatology",
        "out-of-pathway",
        "contested",
    ),
    (
        "wei@decompte.example",
        "2014-03-10",
        "CS",
        2300,
        "ophthalmology",
        "direct-access",
        "returned",
    ),
    (
        "lucia@decompte.example",
        "2014-03-11",
        "G",
        2300,
        "general-practice",
        "referred",
        "announced",
    ),
)
IBANS = (
    "FR1420041010050500013M02606",
    "FR7630006000011234567890189",
    "DE89370400440532013000",
    "ES9121000418450200051332",
)


class Command(BaseCommand):
    """Makes the demonstration once; a second call brings its tables and styles up to the code."""

    help = "make the demonstration's people and requests"

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Make it, and print the accounts."""
        settings.DAYS_BACK = (timezone.localdate() - DAY).days
        marker = Path(settings.VAR) / "demonstration.json"
        begun = marker.with_suffix(".begun")
        if begun.exists() and not marker.exists():
            start_over()
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        if not marker.exists():
            if not get_user_model().objects.exists():
                begun.touch()
            with transaction.atomic():
                members = self.make()
            self.pay()
            with transaction.atomic(), system("demonstration"):
                for visit in VISITS:
                    self.visit(members[visit[0]], visit)
                self.propose(members["ana@decompte.example"])
                self.receive(members["lucia@decompte.example"])
            marker.write_text(json.dumps({"days_back": settings.DAYS_BACK}))
            begun.unlink(missing_ok=True)
        students = [(row[0], f"student, {row[5].upper() or 'European card'}") for row in STUDENTS]
        staff = [(email, f"{role}, {where}") for email, where, role, _name in STAFF]
        for email, words in (*students, *staff):
            self.stdout.write(f"  {email:36} {PASSWORD}  {words}")

    def make(self) -> dict[str, Any]:
        """Make staff, students, and the requests that are paid."""
        for email, where, role, name in STAFF:
            people.add_staff(account(email), where, role, name)
        with system("demonstration"):
            members = {}
            for student, iban in zip(STUDENTS, IBANS, strict=True):
                members[student[0]] = self.student(student, iban)
            for visit in PAID_VISITS:
                self.visit(members[visit[0]], visit)
            self.enrol(members)
        return members

    def enrol(self, members: dict[str, Any]) -> None:
        """Take a school's list in, with a row to mend; who is registered stands for themselves."""
        enrolments.take_list(SCHOOL, SCHOOL_LIST.encode(), "liste-2013.csv", "system")
        for one in enrolments.students(SCHOOL):
            if one.email in members:
                invitations.accept(invitations.token(one), members[one.email].user)

    def student(self, row: tuple[Any, ...], iban: str) -> Any:
        """Register one student for 2013-14."""
        email, given, family, country, born, chosen, complementary, has_gp = row
        user = account(email)
        member = people.save_identity(
            user,
            {
                "given_name": given,
                "family_name": family,
                "nationality": country,
                "birth_date": date.fromisoformat(born),
                "address_line": "27 rue Saint-Guillaume",
                "address_extra": "",
                "postal_code": "75007",
                "city": "Paris",
            },
        )
        opened = registration.open_registration(member)
        registration.save_answers(
            opened,
            {
                "person": {
                    "birth_date": born,
                    "nationality": country,
                    "residence": "FR-75",
                    "cards": [] if chosen else ["ehic"],
                    "scholarship": False,
                    "work": {"hours_per_month": 0, "whole_year": False},
                    "parents": {"scheme": "abroad"},
                    "partner_covered": False,
                },
                "study": {"from": "2013-09-02", "to": "2014-06-30"},
            },
        )
        if not chosen:
            people.add_european_card(member, country=country, expires_on=date(2014, 12, 31))
        registration.choose(opened, agency=chosen, complementary=complementary)
        people.set_bank_account(member, holder=member.name, iban=iban)
        if has_gp:
            people.declare_gp(
                member,
                doctor_name="Dr Hélène Lambert",
                doctor_number="10001234567",
                since=date(2013, 10, 15),
            )
        registration.pass_step_3(opened)
        registration.confirm(opened)
        return member

    def visit(self, member: Any, row: tuple[Any, ...]) -> None:
        """Make one request and take it as far as its state."""
        _email, day, act, cents, specialty, pathway, state = row
        made = requests.begin(
            member,
            {
                "care_date": date.fromisoformat(day),
                "act": act,
                "price_cents": cents,
                "practitioner_name": "Dr Hélène Lambert",
                "practitioner_number": "10001234567",
                "specialty": specialty,
                "sector": "1",
                "pathway": pathway,
                "has_prescription": False,
                "is_third_party_payment": state == "direct",
            },
        )
        actor = member.user.public_id
        if state == "announced":
            requests.announce(made, actor)
            return
        for needed in requests.required_papers(made):
            requests.add_paper(
                made,
                needed.kind,
                picture(needed.label.fr, f"{member.name}, {day}"),
                f"{needed.kind}.jpg",
                actor,
            )
        requests.submit(made, actor)
        if state == "returned":
            papers = requests.current_papers(made)
            review.refuse_paper(papers["care-form"], "The care form is not signed.", "system")
            review.send_back(made, "", "system")
        if state in {"decided", "direct", "contested"}:
            agency.settle_request(made, "system")
        if state == "contested":
            requests.appeal(made, "Dr Lambert sent me; her letter is attached.", member.user)

    def propose(self, member: Any) -> None:
        """Propose a correction of what was paid last: the doctor was not the declared one."""
        made = next(one for one in requests.requests_of(member.pk) if one.state == "paid")
        lines = [
            amendments.written(one) | {"pathway": "out-of-pathway"} for one in made.lines.all()
        ]
        words = "The care form shows another doctor than the declared one."
        proposal = amendments.Proposal(lines, (), "keyed", words)
        agent = people.account_of("agent.lmde@decompte.example")
        amendments.propose(made, proposal, agent, made.version)

    def receive(self, member: Any) -> None:
        """Let the international department offer a morning; its European student comes."""
        first = timezone.make_aware(datetime.combine(DAY + timedelta(days=1), time(9)))
        appointments.open_slots(
            INTERNATIONAL,
            first,
            first + timedelta(hours=3),
            minutes=30,
            way="desk",
            place="Guichet 4, 2e étage",
            actor="system",
        )
        made = requests.requests_of(member.pk)[0]
        slot = appointments.free_slots(INTERNATIONAL)[1]
        appointments.book(made, slot, member.user.public_id)

    def pay(self) -> None:
        """Pay at both agencies; SMEREP's bank sends the payment back, its account being closed."""
        banks = {
            "lmde": RehearsalBank("lmde", DAY),
            "smerep": RehearsalBank("smerep", DAY, "return-later", {"days": 2, "reason": "AC04"}),
        }
        for where, bank in banks.items():
            first, second = (
                people.account_of(f"finance{n}.{where}@decompte.example") for n in (1, 2)
            )
            with system("demonstration"):
                batch = payments.prepare(where, first, DAY + timedelta(days=1))
                payments.release(batch, second, batch.sha256)
                bank.take(payments.content(batch))
                bank.wait(DAYS_AT_THE_BANK)
                for answer in bank.answers():
                    payments.read_bank_file(where, answer, "system")


def start_over() -> None:
    """Throw away a demonstration that was stopped half-way: nobody else's data is beside it.

    Raises:
        CommandError: it is on PostgreSQL, which only its owner may empty.
    """
    if connection.vendor != "sqlite":
        raise CommandError("the demonstration was stopped half-way: give it an empty database")
    connection.close()
    for path in Path(settings.VAR).glob("decompte.sqlite3*"):
        path.unlink()
    for name in ("papers", "outgoing", "register", "mail"):
        shutil.rmtree(Path(settings.VAR) / name, ignore_errors=True)


def account(email: str) -> Any:
    """Return an account of the demonstration, whose mail address needs no confirmation."""
    made = people.create_account(email, PASSWORD)
    people.take_address(made)
    return made


def picture(title: str, name: str) -> bytes:
    """Return a small picture that stands for a scanned paper (JPEG)."""
    sheet = Image.new("RGB", (620, 877), "#fbf7ef")
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((30, 30, 590, 847), outline="#8a6d3b", width=3)
    pen.text((60, 70), title, fill="#5a3d10", font_size=26)
    pen.text((60, 130), name, fill="#333333", font_size=22)
    for row in range(200, 780, 60):
        pen.line((60, row, 560, row), fill="#c9b48a")
    written = BytesIO()
    sheet.save(written, "JPEG")
    return written.getvalue()
