"""Papers and payments: DocumentReference, Binary, PaymentReconciliation; papers inside a Claim."""

import base64
from collections.abc import Mapping
from typing import Any, NamedTuple

from decompte.errors import Problem, Refusal, Text
from decompte.exchange.fhir.names import (
    PAPER,
    PAYMENT_TYPE,
    PROFILES,
    Resource,
    code_of,
    concept,
    money,
)


class Attached(NamedTuple):
    """A paper inside a Claim."""

    kind: str
    name: str
    data: bytes


def document(
    *, identity: str, kind: str, patient: Resource, claim: Resource, at: str, pages: list[str]
) -> Resource:
    """Return a paper as a DocumentReference to its pages, drawn anew as JPEG."""
    return {
        "resourceType": "DocumentReference",
        "id": identity,
        "status": "current",
        "type": concept(PAPER, kind),
        "subject": patient,
        "date": at,
        "content": [
            {"attachment": {"contentType": "image/jpeg", "url": f"Binary/{page}"}} for page in pages
        ]
        or [{"attachment": {"title": "by post"}}],
        "context": {"related": [claim]},
    }


def binary(identity: str, media_type: str, data: bytes) -> Resource:
    """Return the bytes of a page."""
    return {
        "resourceType": "Binary",
        "id": identity,
        "contentType": media_type,
        "data": base64.b64encode(data).decode(),
    }


def attached(claim: Mapping[str, Any]) -> list[Attached]:
    """Return the papers that a Claim carries as supporting information.

    Raises:
        Refusal: one is not base64.
    """
    found = []
    for place, info in enumerate(claim.get("supportingInfo", ())):
        kind = code_of(info.get("category"), PAPER)
        attachment = info.get("valueAttachment")
        if kind is None or not attachment:
            continue
        try:
            data = base64.b64decode(str(attachment.get("data", "")), validate=True)
        except ValueError:
            field = f"Claim.supportingInfo[{place}].valueAttachment.data"
            text = Text(fr="pas du base64", en="no base64")
            raise Refusal([Problem("file.base64", field, text)]) from None
        found.append(Attached(kind, str(attachment.get("title", "paper.jpg")), data))
    return found


def reconciliation(  # noqa: PLR0913  (a payment says who, when, how much, for what)
    *,
    identity: str,
    number: str,
    created: str,
    paid_on: str,
    total: str,
    payer: Resource,
    details: list[tuple[str, str]],
) -> Resource:
    """Return a payment file as a PaymentReconciliation.

    Args:
        identity: FHIR id.
        number: the message id at the bank.
        created: the moment it was made.
        paid_on: the day of execution.
        total: euros.
        payer: reference to the agency.
        details: EndToEndId and euros of each transfer.
    """
    return {
        "resourceType": "PaymentReconciliation",
        "id": identity,
        "meta": {"profile": [f"{PROFILES}payment"]},
        "identifier": [{"system": "urn:iso:std:iso:20022:MsgId", "value": number}],
        "status": "active",
        "created": created,
        "paymentIssuer": payer,
        "paymentDate": paid_on,
        "paymentAmount": money(total),
        "detail": [
            {
                "identifier": {"system": "urn:iso:std:iso:20022:EndToEndId", "value": end_to_end},
                "type": concept(PAYMENT_TYPE, "payment"),
                "amount": money(amount),
            }
            for end_to_end, amount in details
        ],
    }
