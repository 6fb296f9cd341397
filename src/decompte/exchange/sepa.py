"""Credit transfers for the bank: pain.001.001.09, checked against its schema before use."""

from datetime import date, datetime
from typing import NamedTuple

from lxml import etree
from sepaxml import SepaTransfer
from sepaxml.validation import ValidationError

SCHEMA = "pain.001.001.09"
NAMESPACE = {"p": f"urn:iso:std:iso:20022:tech:xsd:{SCHEMA}"}


class Transfer(NamedTuple):
    """One payment: who, where, how much in cents, and the words the bank shows."""

    end_to_end_id: str
    holder: str
    iban: str
    bic: str
    amount_cents: int
    remittance: str


class PaymentFile(NamedTuple):
    """A message to the bank.

    Attributes:
        msg_id: identity at the bank, never used twice.
        debtor, debtor_iban, debtor_bic: whose account pays.
        execution_date: day of payment.
        created_at: moment of the file.
        transfers: the payments.
    """

    msg_id: str
    debtor: str
    debtor_iban: str
    debtor_bic: str
    execution_date: date
    created_at: datetime
    transfers: tuple[Transfer, ...]


class InvalidFile(ValueError):  # noqa: N818  (a defect of the file, named)
    """The file does not hold against its schema, or against its own sums."""


def write(file: PaymentFile) -> bytes:
    """Return the message as XML, valid against its schema and its own sums.

    Raises:
        InvalidFile: it is not.
    """
    message = SepaTransfer(
        {
            "name": file.debtor,
            "IBAN": file.debtor_iban,
            "batch": True,
            "currency": "EUR",
        }
        | ({"BIC": file.debtor_bic} if file.debtor_bic else {}),
        schema=SCHEMA,
        clean=True,
    )
    message.msg_id = file.msg_id
    for transfer in file.transfers:
        payment = {
            "name": transfer.holder,
            "IBAN": transfer.iban,
            "amount": transfer.amount_cents,
            "execution_date": file.execution_date,
            "description": transfer.remittance,
            "endtoend_id": transfer.end_to_end_id,
        }
        message.add_payment(payment | ({"BIC": transfer.bic} if transfer.bic else {}))
    try:
        written = message.export(validate=True)
    except ValidationError as error:
        raise InvalidFile(str(error)) from error
    root = etree.fromstring(written, parser=_parser())
    _only(root, ".//p:GrpHdr/p:CreDtTm").text = file.created_at.replace(
        microsecond=0, tzinfo=None
    ).isoformat()
    content = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    if sums(content) != (len(file.transfers), sum(t.amount_cents for t in file.transfers)):
        raise InvalidFile("the sums of the file are not those of its payments")
    return content


def sums(content: bytes) -> tuple[int, int]:
    """Return how many payments a message holds and their sum in cents, read from the payments."""
    root = etree.fromstring(content, parser=_parser())
    amounts = root.findall(".//p:CdtTrfTxInf/p:Amt/p:InstdAmt", NAMESPACE)
    return len(amounts), sum(_cents(amount.text or "") for amount in amounts)


def _only(root: etree._Element, path: str) -> etree._Element:
    found = root.findall(path, NAMESPACE)
    if len(found) != 1:
        raise InvalidFile(f"{path} stands {len(found)} times")
    return found[0]


def _cents(amount: str) -> int:
    whole, _dot, decimals = amount.partition(".")
    return int(whole) * 100 + int((decimals + "00")[:2])


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
