"""The certificate of affiliation, as PDF/UA, with a code that anybody can check."""

from datetime import date
from typing import NamedTuple

import segno

from decompte.documents.typeset import typeset
from decompte.documents.words import day_in_words
from decompte.errors import Lang, Text

TITLE = Text(fr="Attestation d'affiliation", en="Certificate of affiliation")
LEAD = Text(
    fr="La personne nommée ci-dessous est affiliée pour l'assurance maladie, comme suit.",
    en="The person named below is affiliated for health insurance, as follows.",
)
LABELS = {
    "name": Text(fr="Nom", en="Name"),
    "birth_date": Text(fr="Née ou né le", en="Born on"),
    "number": Text(fr="Numéro de sécurité sociale", en="Social security number"),
    "agency": Text(fr="Organisme", en="Agency"),
    "period": Text(fr="Période", en="Period"),
    "complementary": Text(fr="Complémentaire", en="Complementary insurance"),
}
PERIOD = Text(fr="du {since} au {until}", en="from {since} to {until}")
NONE = Text(fr="aucune", en="none")
NO_NUMBER = Text(fr="pas encore attribué", en="not given yet")
CHECK = Text(
    fr="Cette attestation se vérifie à l'adresse ci-dessous, avec ce code :",
    en="This certificate can be checked at the address below, with this code:",
)
CODE_ALT = Text(fr="Code qui mène à la vérification", en="Code that leads to the check")
NOTE = Text(
    fr="Établie le {day}. Elle vaut pour la première demande de remboursement et pour "
    "l'établissement.",
    en="Made on {day}. It serves for the first request for reimbursement and for the school.",
)


class Certificate(NamedTuple):
    """Who is affiliated, where, when.

    Attributes:
        name, birth_date: of the person.
        number: identity number, or empty while there is none.
        agency, sender: name of the agency with its centre; its address lines.
        complementary: its name, or empty.
        since, until: the period, both days included.
        code, address: what to check, and where.
        day: day of the paper.
    """

    name: str
    birth_date: date
    number: str
    agency: str
    sender: tuple[str, ...]
    complementary: str
    since: date
    until: date
    code: str
    address: str
    day: date


def certificate_pdf(certificate: Certificate, *, lang: Lang) -> bytes:
    """Return the certificate as PDF/UA."""
    period = PERIOD.fill(
        since=day_in_words(certificate.since, lang), until=day_in_words(certificate.until, lang)
    )
    facts = {
        "name": certificate.name,
        "birth_date": day_in_words(certificate.birth_date, lang),
        "number": certificate.number or NO_NUMBER.to(lang),
        "agency": certificate.agency,
        "period": period.to(lang),
        "complementary": certificate.complementary or NONE.to(lang),
    }
    code = segno.make(certificate.address, error="m", micro=False)
    drawn = code.svg_inline(border=2, scale=4, dark="#000000", light="#ffffff")
    data = {
        "lang": lang,
        "title": TITLE.to(lang),
        "footer": certificate.code,
        "sender": certificate.sender,
        "lead": LEAD.to(lang),
        "facts": [
            {"label": LABELS[name].to(lang), "value": value} for name, value in facts.items()
        ],
        "notes": [NOTE.fill(day=day_in_words(certificate.day, lang)).to(lang)],
        "check": CHECK.to(lang),
        "code": certificate.code,
        "address": certificate.address,
        "code_picture": drawn.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1),
        "code_alt": CODE_ALT.to(lang),
    }
    return typeset("certificate", data, day=certificate.day)
