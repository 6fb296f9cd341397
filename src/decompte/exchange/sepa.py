"""Credit transfers and direct debits for the bank, checked against their schema before use.

`sepaxml` writes the payments, a few hundred at a time, so that a file of a hundred thousand stays
small in memory; the finished file is read again from its bytes, against the official schema.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from typing import Any, NamedTuple

import yaml
from lxml import etree
from sepaxml import SepaDD, SepaTransfer

from decompte.exchange import characters

TRANSFERS, DEBITS = "pain.001.001.09", "pain.008.001.08"
OLDER = ("pain.001.001.03", "pain.008.001.02")
DEBITS_BESIDE = dict(zip((TRANSFERS, OLDER[0]), (DEBITS, OLDER[1]), strict=True))
NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:"
ROWS = 400
MOST = 100_000
FORM = "structured"


class Address(NamedTuple):
    """Where an account's holder lives: street, postal code, town, country."""

    street: str
    postal_code: str
    town: str
    country: str


class Transfer(NamedTuple):
    """One payment: who, where, how much in cents, and the words the bank shows."""

    end_to_end_id: str
    holder: str
    iban: str
    bic: str
    amount_cents: int
    remittance: str
    address: Address | None = None


class Debit(NamedTuple):
    """One direct debit under a mandate: from whom, how much in cents, signed when."""

    end_to_end_id: str
    holder: str
    iban: str
    bic: str
    amount_cents: int
    remittance: str
    mandate: str
    signed_on: date
    is_first: bool


class PaymentFile(NamedTuple):
    """A message to the bank.

    Attributes:
        msg_id: identity at the bank, never used twice.
        debtor, debtor_iban, debtor_bic: whose account pays, or is paid by direct debits.
        execution_date: day of payment.
        created_at: moment of the file.
        transfers: the payments, or direct debits.
        version: the message, such as `pain.001.001.09`.
        creditor_id: who may take direct debits; empty for transfers.
    """

    msg_id: str
    debtor: str
    debtor_iban: str
    debtor_bic: str
    execution_date: date
    created_at: datetime
    transfers: Sequence[Transfer] | Sequence[Debit]
    version: str = TRANSFERS
    creditor_id: str = ""


class Sums(NamedTuple):
    """What a message holds, read from its bytes: its identity, how many, how many cents."""

    msg_id: str
    payments: int
    total_cents: int


class InvalidFile(ValueError):  # noqa: N818  (a defect of the file, named)
    """The file does not hold against its schema, its own sums, or what banks take."""


def problems(file: PaymentFile) -> list[tuple[str, str]]:
    """Return what a bank would refuse: the payment's identity, and a stable code of the reason."""
    found = [(file.msg_id, "count")] if not 1 <= len(file.transfers) <= MOST else []
    found += [(file.msg_id, "identity")] if not characters.is_identity(file.msg_id) else []
    kinds = {getattr(one, "is_first", None) for one in file.transfers}
    found += [(file.msg_id, "sequence")] if len(kinds) > 1 else []
    seen: set[str] = set()
    for one in file.transfers:
        codes = problems_of(one) or (["identity"] if one.end_to_end_id in seen else [])
        found += [(one.end_to_end_id, code) for code in codes]
        seen.add(one.end_to_end_id)
    return found


def problems_of(one: Transfer | Debit) -> list[str]:
    """Return what a bank would refuse in one payment, as stable codes."""
    found = [] if characters.is_identity(one.end_to_end_id) else ["identity"]
    found += [] if characters.name(one.holder) else ["name"]
    found += [] if one.amount_cents > 0 else ["amount"]
    if needs_address(one.iban) and not (one.bic and getattr(one, "address", True)):
        found.append("address")
    return found


def needs_address(iban: str) -> bool:
    """Return whether an account outside the European Economic Area needs BIC and address."""
    return iban[:2] in scheme()["outside_the_eea"]["countries"]


def forms_of_address(day: date) -> tuple[str, ...]:
    """Return the forms of address allowed on a day of execution."""
    rules = [rule for rule in scheme()["addresses"] if rule["from"] <= day]
    return tuple(rules[-1]["forms"])


def debit_rules(day: date) -> dict[str, Any]:
    """Return the rules of direct debits in force on a day."""
    found: dict[str, Any] = [rule for rule in scheme()["debits"] if rule["from"] <= day][-1]
    return found


def write(file: PaymentFile) -> bytes:
    """Return the message as XML, valid against its schema and its own sums.

    Raises:
        InvalidFile: it is not, or a bank would refuse one of its payments.
    """
    if found := problems(file):
        raise InvalidFile("; ".join(f"{identity}: {code}" for identity, code in found))
    assert FORM in forms_of_address(file.execution_date)
    total = sum(one.amount_cents for one in file.transfers)
    content = b"".join(_pieces(file, total))
    if sums(content) != Sums(file.msg_id, len(file.transfers), total):
        raise InvalidFile("the sums of the file are not those of its payments")
    return content


def sums(content: bytes) -> Sums:
    """Return what a message holds, each payment read from the bytes, its schema checked.

    Raises:
        InvalidFile: it is not XML, or not of a version we write, or not valid.
    """
    msg_id, count, total, told, is_whole = "", 0, 0, ["", ""], False
    try:
        for _event, element in etree.iterparse(
            BytesIO(content),
            events=("end",),
            schema=_schema(_version(content)),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=True,
        ):
            tag = etree.QName(element).localname
            if tag == "InstdAmt":
                count, total = count + 1, total + cents(element.text or "")
            elif tag == "Document":
                is_whole = True
            elif tag == "GrpHdr":
                msg_id = _text(element, "MsgId")
                told = [_text(element, "NbOfTxs"), _text(element, "CtrlSum")]
            elif tag in {"CdtTrfTxInf", "DrctDbtTxInf"}:
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise InvalidFile(str(error)) from None
    if not is_whole:
        raise InvalidFile("the file ends before its end")
    if told != [str(count), decimal(total)]:
        raise InvalidFile("the file's own count and sum are not those of its payments")
    return Sums(msg_id, count, total)


def decimal(amount_cents: int) -> str:
    """Return cents as a message writes them: `15.10`."""
    return f"{amount_cents // 100}.{amount_cents % 100:02d}"


def cents(amount: str) -> int:
    """Return an amount of a message in cents, exactly.

    Raises:
        InvalidFile: it is no amount in euros and cents.
    """
    whole, _dot, decimals = amount.partition(".")
    exact = decimals.rstrip("0")
    if not (whole.isascii() and whole.isdigit() and len(exact) <= len("00")):
        raise InvalidFile("an amount is not in euros and cents")
    if exact and not (exact.isascii() and exact.isdigit()):
        raise InvalidFile("an amount is not in euros and cents")
    return int(whole) * 100 + int((exact + "00")[:2])


@lru_cache(maxsize=1)
def scheme() -> dict[str, Any]:
    """Return the dated rules of the SEPA schemes."""
    loaded: dict[str, Any] = yaml.safe_load(files(__package__).joinpath("sepa.yaml").read_text())
    return loaded


def _pieces(file: PaymentFile, total_cents: int) -> Iterator[bytes]:
    """Give the message piece by piece: its head, its payments, its end."""
    tag = b"DrctDbtTxInf" if file.creditor_id else b"CdtTrfTxInf"
    first, end = b"<" + tag + b">", b"</" + tag + b">"
    for start in range(0, len(file.transfers), ROWS):
        written = _message(file, file.transfers[start : start + ROWS])
        begins, ends = written.index(first), written.rindex(end) + len(end)
        if start == 0:
            yield _head(written[:begins], written[ends:], file, total_cents)
            tail = written[ends:]
        yield written[begins:ends]
    yield tail


def _head(head: bytes, tail: bytes, file: PaymentFile, total_cents: int) -> bytes:
    """Return what stands before the payments, with the identity and the sums of the whole file."""
    mark = b"<Mark/>"
    root = etree.fromstring(head + mark + tail, parser=etree.XMLParser(resolve_entities=False))
    told = {
        "MsgId": file.msg_id,
        "PmtInfId": file.msg_id,
        "CreDtTm": file.created_at.replace(microsecond=0, tzinfo=None).isoformat(),
        "NbOfTxs": str(len(file.transfers)),
        "CtrlSum": decimal(total_cents),
    }
    for element in list(root.iter()):
        if (name := etree.QName(element).localname) in told:
            element.text = told[name]
        elif name == "FinInstnId" and not len(element):
            space = f"{{{etree.QName(element).namespace}}}"
            etree.SubElement(
                etree.SubElement(element, f"{space}Othr"), f"{space}Id"
            ).text = "NOTPROVIDED"
    whole: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return whole[: whole.index(mark)]


def _message(file: PaymentFile, some: Sequence[Transfer] | Sequence[Debit]) -> bytes:
    """Return a message with some of the payments, as the library writes it."""
    config: dict[str, Any] = {
        "name": characters.name(file.debtor),
        "IBAN": file.debtor_iban,
        "batch": True,
        "currency": "EUR",
    }
    if file.debtor_bic:
        config["BIC"] = file.debtor_bic
    if file.creditor_id:
        config["creditor_id"] = file.creditor_id
    kind = SepaDD if file.creditor_id else SepaTransfer
    message = kind(config, schema=file.version, clean=False)
    for one in some:
        payment = {
            "name": characters.name(one.holder),
            "IBAN": one.iban,
            "amount": one.amount_cents,
            "description": characters.words(one.remittance),
            "endtoend_id": one.end_to_end_id,
            **({"BIC": one.bic} if one.bic else {}),
            **_terms(one, file.execution_date),
        }
        message.add_payment(payment)
    written: bytes = message.export(validate=False)
    return written


def _terms(one: Transfer | Debit, day: date) -> dict[str, Any]:
    if isinstance(one, Debit):
        return {
            "collection_date": day,
            "mandate_id": one.mandate,
            "mandate_date": one.signed_on,
            "type": "FRST" if one.is_first else "RCUR",
        }
    if one.address and needs_address(one.iban):
        address = {
            "address_type": "",
            "street_name": characters.name(one.address.street),
            "postcode": characters.name(one.address.postal_code),
            "town": characters.name(one.address.town),
            "country": one.address.country,
        }
        return {"execution_date": day, "address": address}
    return {"execution_date": day}


def _version(content: bytes) -> str:
    """Return which message it is, among those we write; read from its head only."""
    head = content[:2000].decode("utf-8", "replace")
    for version in (TRANSFERS, DEBITS, *OLDER):
        if f'"{NAMESPACE}{version}"' in head:
            return version
    raise InvalidFile("this is no message of ours")


@lru_cache(maxsize=4)
def _schema(version: str) -> etree.XMLSchema:
    with files("sepaxml").joinpath("schemas", f"{version}.xsd").open("rb") as file:
        return etree.XMLSchema(etree.parse(file))


def _text(element: etree._Element, name: str) -> str:
    return next((child.text or "" for child in element if etree.QName(child).localname == name), "")
