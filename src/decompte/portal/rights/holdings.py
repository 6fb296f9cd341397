"""Where what is known of a person is kept: one row a table, for export, retention and erasure.

This list is the whole of it. A table that is neither here nor in `WITHOUT_PEOPLE` fails a test, so
that nothing personal is kept that nobody exports and nobody erases.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from django.apps import apps
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX as UNUSABLE
from django.db.models import QuerySet, Value
from django.db.models.functions import Concat

from decompte.errors import Text
from decompte.portal import clock

NOBODY_BORN = date(1900, 1, 1)


class Goes(NamedTuple):
    """The rows go."""


class Stays(NamedTuple):
    """The rows stay: they name nobody, and others rest on them."""


class Emptied(NamedTuple):
    """The rows stay without their content: fields, each with what is left in it."""

    fields: Mapping[str, Any]


class Holding(NamedTuple):
    """A table that holds something of a person.

    Attributes:
        table: its label.
        name: what it holds, in words.
        kept: the period of `procedure.retention` that counts for it.
        member, user: path of the field that holds the member or the account; one of the two.
        request: path of the field that holds the request, for what goes with a request.
        end: what becomes of its rows at the end.
        sealed: sealed fields, each with the context that opens it.
        hidden: fields that mean nothing outside the program.
        file: field with the name of a sealed file.
        emptied_at: field that tells when its content was emptied.
    """

    table: str
    name: Text
    kept: str
    member: str = ""
    user: str = ""
    request: str = ""
    end: Goes | Stays | Emptied = Goes()
    sealed: Mapping[str, str] = {}
    hidden: tuple[str, ...] = ()
    file: str = ""
    emptied_at: str = ""

    @property
    def rows(self) -> QuerySet[Any]:
        """The rows of the table, those whose content is gone included."""
        found: QuerySet[Any] = apps.get_model(self.table)._base_manager.all()  # noqa: SLF001
        return found

    def leaves(self) -> dict[str, Any]:
        """Return what is written into a row whose content goes."""
        assert isinstance(self.end, Emptied)
        moment = {self.emptied_at: clock.now()} if self.emptied_at else {}
        return {**self.end.fields, **moment}


# In the order in which rows go: what hangs on others before them.
HOLDINGS = (
    Holding(
        "mailroom.Page",
        Text(fr="Pages numérisées de demandes postées", en="Scanned pages of posted requests"),
        "care",
        member="member",
        request="request",
        end=Emptied(
            {"member": None, "request": None, "reference": "", "kind": "", "note": ""}
            | {"file_token": "", "sha256": "", "role": "aside"}
        ),
        file="file_token",
    ),
    Holding(
        "api.Upload",
        Text(fr="Papiers en cours d'envoi", en="Papers on their way"),
        "care",
        member="member",
        request="request",
    ),
    Holding(
        "requests.Message",
        Text(fr="Messages", en="Messages"),
        "care",
        member="member",
        request="request",
    ),
    Holding(
        "requests.Word",
        Text(fr="Mots de vos demandes, pour la recherche", en="Words of requests, for the search"),
        "care",
        member="member",
        request="request",
    ),
    Holding(
        "requests.PaperWord",
        Text(fr="Mots lus sur vos papiers, en empreintes", en="Words read on papers, as digests"),
        "care",
        member="member",
        request="request",
    ),
    Holding(
        "requests.Letter",
        Text(fr="Lettres", en="Letters"),
        "care",
        member="member",
        request="request",
        sealed={"content_sealed": "letter"},
    ),
    Holding(
        "requests.Sample",
        Text(fr="Relectures", en="Second looks"),
        "care",
        member="member",
        request="request",
    ),
    Holding(
        "requests.Paper",
        Text(fr="Papiers", en="Papers"),
        "care",
        member="member",
        request="request",
        sealed={"read_sealed": "paper-code"},
        file="file_token",
    ),
    Holding(
        "requests.CareLine", Text(fr="Soins", en="Care"), "care", member="member", request="request"
    ),
    Holding(
        "appointments.Appointment",
        Text(fr="Rendez-vous", en="Appointments"),
        "care",
        member="member",
        request="request",
    ),
    Holding(
        "decisions.Amendment",
        Text(fr="Décisions proposées", en="Decisions proposed"),
        "care",
        member="member",
        request="request",
    ),
    Holding(
        "decisions.Decision",
        Text(fr="Décisions", en="Decisions"),
        "care",
        member="member",
        request="request",
        end=Emptied({"inputs": {}, "answers": {}, "by_hand": [], "words": ""}),
        emptied_at="forgotten_at",
    ),
    Holding(
        "decisions.Kept",
        Text(fr="Participations retenues", en="Participations kept back"),
        "care",
        member="member",
        request="decision__request",
    ),
    Holding(
        "requests.Request",
        Text(fr="Demandes", en="Requests"),
        "care",
        member="member",
        request="pk",
        end=Emptied({"returned_reason": "", "waiting_for": [], "remind_on": None}),
        emptied_at="forgotten_at",
    ),
    Holding(
        "payments.PaymentOrder",
        Text(fr="Ordres de paiement", en="Payment orders"),
        "books",
        member="member",
        end=Emptied({"holder": "", "iban_sealed": b"", "iban_last4": "", "bic": ""}),
        sealed={"iban_sealed": "iban"},
    ),
    Holding(
        "payments.BankLine",
        Text(fr="Lignes de relevé de la banque", en="Lines of the bank's statements"),
        "books",
        member="order__member",
        end=Emptied({"label": "", "resolution": ""}),
    ),
    Holding(
        "payments.Mandate",
        Text(fr="Mandats de prélèvement", en="Direct-debit mandates"),
        "books",
        member="member",
        end=Emptied({"holder": "", "iban_sealed": b"", "iban_last4": "", "bic": ""}),
        sealed={"iban_sealed": "iban"},
    ),
    Holding(
        "payments.Due",
        Text(fr="Cotisations dues", en="Contributions owed"),
        "books",
        member="member",
        end=Emptied({"reason": ""}),
    ),
    *(
        Holding(table, name, "books", member="member", end=Stays())
        for table, name in (
            ("payments.Collection", Text(fr="Prélèvements", en="Direct debits")),
            ("payments.Entry", Text(fr="Écritures", en="Entries")),
            ("payments.Posting", Text(fr="Montants des écritures", en="Postings")),
            ("payments.Debt", Text(fr="Sommes à reprendre", en="Amounts to take back")),
            ("payments.Taking", Text(fr="Sommes reprises", en="Amounts taken back")),
        )
    ),
    Holding(
        "payments.Proposal",
        Text(fr="Remises proposées", en="Remissions proposed"),
        "books",
        member="member",
        end=Emptied({"reason": ""}),
    ),
    Holding(
        "registration.Enrolment",
        Text(fr="Ligne de la liste de votre école", en="Row of your school's list"),
        "rights",
        user="user",
    ),
    Holding(
        "registration.Registration",
        Text(fr="Inscriptions et affiliations", en="Registrations and affiliations"),
        "rights",
        member="member",
    ),
    Holding(
        "guide.SavedAdvice",
        Text(fr="Réponses du guide gardées", en="Answers of the guide that were kept"),
        "account",
        member="member",
    ),
    Holding(
        "people.GPDeclaration",
        Text(fr="Médecins traitants déclarés", en="Declared GPs"),
        "rights",
        member="member",
    ),
    Holding(
        "people.IdentityNumber",
        Text(fr="Numéros de sécurité sociale", en="Social security numbers"),
        "rights",
        member="member",
        sealed={"number_sealed": "nir"},
        hidden=("number_index",),
    ),
    Holding(
        "people.SituationChange",
        Text(fr="Changements de situation", en="Changes of situation"),
        "rights",
        member="member",
    ),
    Holding(
        "people.BankAccount",
        Text(fr="Comptes bancaires", en="Bank accounts"),
        "rights",
        member="member",
        sealed={"iban_sealed": "iban"},
        hidden=("iban_index",),
    ),
    Holding(
        "people.EuropeanCard",
        Text(fr="Cartes européennes", en="European cards"),
        "rights",
        member="member",
        sealed={"personal_sealed": "card", "number_sealed": "card"},
    ),
    Holding(
        "people.SearchWord",
        Text(fr="Débuts de nom, pour la recherche", en="Beginnings of names, for the search"),
        "rights",
        member="member",
    ),
    Holding(
        "people.Conflict",
        Text(fr="Agents trop proches de vous", en="Agents too near to you"),
        "rights",
        member="member",
    ),
    Holding(
        "people.Membership",
        Text(fr="Organismes qui vous ont couvert", en="Agencies that covered you"),
        "books",
        member="member",
        end=Stays(),
    ),
    Holding(
        "people.Member",
        Text(fr="Identité et adresse", en="Identity and address"),
        "rights",
        member="pk",
        end=Emptied(
            {"given_name": "", "family_name": "", "birth_date": NOBODY_BORN, "nationality": ""}
            | {"address_line": "", "address_extra": "", "postal_code": "", "city": ""}
            | {"nir_sealed": None, "nir_index": None}
        ),
        sealed={"nir_sealed": "nir"},
        hidden=("nir_index",),
        emptied_at="erased_at",
    ),
    Holding(
        "people.Choice",
        Text(fr="Choix et lectures des notices", en="Choices, and notices read"),
        "account",
        user="user",
    ),
    Holding(
        "people.Typed",
        Text(fr="Formulaire arrivé après la fin d'une session", en="Form after a session's end"),
        "account",
        user="user",
        hidden=("digest", "content_sealed"),
    ),
    *(
        Holding(table, name, "account", user=path, hidden=hidden)
        for table, name, path, hidden in (
            (
                "api.Opened",
                Text(fr="Ce que vos applications ont lu", en="What your applications read"),
                "client__user",
                (),
            ),
            (
                "api.Delivery",
                Text(fr="Avis à vos applications", en="Notices to your applications"),
                "subscription__client__user",
                (),
            ),
            (
                "api.Subscription",
                Text(fr="Abonnements de vos applications", en="Your applications' subscriptions"),
                "client__user",
                (),
            ),
        )
    ),
    Holding(
        "api.Client",
        Text(fr="Vos applications", en="Your applications"),
        "rights",
        user="user",
        end=Emptied({"name": "", "return_addresses": []}),
        hidden=("token_digest", "signing_sealed"),
        emptied_at="revoked_at",
    ),
    Holding(
        "idempotency.Answer",
        Text(
            fr="Envois déjà reçus et leur réponse", en="What was received already, and its answer"
        ),
        "account",
        user="user",
        hidden=("body_sealed",),
    ),
    Holding(
        "account.EmailConfirmation",
        Text(fr="Confirmations d'adresse", en="Confirmations of an address"),
        "account",
        user="email_address__user",
        hidden=("key",),
    ),
    Holding(
        "account.EmailAddress",
        Text(fr="Adresses électroniques", en="Mail addresses"),
        "account",
        user="user",
    ),
    Holding(
        "socialaccount.SocialToken",
        Text(fr="Jetons d'un fournisseur d'identité", en="Tokens of an identity provider"),
        "account",
        user="account__user",
        hidden=("token", "token_secret"),
    ),
    Holding(
        "socialaccount.SocialAccount",
        Text(fr="Connexions par un fournisseur d'identité", en="Sign-ins through a provider"),
        "account",
        user="user",
    ),
    Holding(
        "mfa.Authenticator",
        Text(fr="Seconds facteurs", en="Second factors"),
        "account",
        user="user",
        hidden=("data",),
    ),
    Holding(
        "people.User",
        Text(fr="Compte", en="Account"),
        "rights",
        user="pk",
        end=Emptied(
            {"email": Concat("public_id", Value("@erased.invalid")), "password": UNUSABLE}
            | {"is_active": False, "last_login": None, "joined_at": None, "warned_at": None}
        ),
        hidden=("password",),
    ),
)
BY_MAIL = Holding("outbox.Message", Text(fr="Courriels envoyés", en="Mails sent"), "mail")
TRAIL = Holding("audit.Event", Text(fr="Piste d'audit", en="Audit trail"), "trail", end=Stays())

# Tables that hold nothing of a member, each with the reason.
WITHOUT_PEOPLE = {
    "api.Handover": "sealed, and gone once taken over or expired: purge.py",
    "appointments.Slot": "times an agency offers",
    "audit.Seal": "digests",
    "auth.Group": "not used",
    "auth.Permission": "not used",
    "background.Job": "periods, counts, random identifiers and amounts",
    "contenttypes.ContentType": "names of tables",
    "django_tasks_database.DBTaskResult": "tasks and random identifiers",
    "mailroom.Scan": "counts; its pages are in HOLDINGS",
    "payments.BankFile": "sealed; emptied by purge.py when the books no longer need it",
    "payments.Batch": "sealed; emptied by purge.py when the books no longer need it",
    "people.FactorReset": "staff, not members",
    "people.StaffRole": "staff, not members",
    "registration.ListReport": "rows a school got wrong, sealed, gone after a year: purge.py",
    "requests.ClosedWeek": "numbers of an agency's weeks",
    "rights.Scrap": "random names of files",
    "socialaccount.SocialApp": "not used: providers are configuration",
    "sessions.Session": "random keys; ended by closing, cleared by purge.py",
}


def holding_of(table: str) -> Holding:
    """Return the row of a table.

    Raises:
        KeyError: it holds nothing of a person.
    """
    return {one.table: one for one in HOLDINGS}[table]
