"""What the codes on a paper say: kept sealed with it, shown as read and not verified.

An account number is shown by its last characters, and compared with the account in use, so that
member and agent see at once whether the paper is about another account.
"""

import json
from collections.abc import Sequence
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from decompte.exchange import two_d_doc
from decompte.portal.people import sealing
from decompte.portal.people.facts import Facts, facts
from decompte.portal.requests.models import Paper

CONTEXT = "paper-code"
LAST = 4
LABELS: dict[str, Promise | str] = {
    "holder": gettext_lazy("Account holder"),
    "iban": gettext_lazy("IBAN"),
    "bic": "BIC",
    "name": gettext_lazy("Name"),
    "street": gettext_lazy("Street and number"),
    "postal_code": gettext_lazy("Postal code"),
    "town": gettext_lazy("City"),
    "number": gettext_lazy("Number of the CVEC certificate"),
    "family_name": gettext_lazy("Family name"),
    "given_names": gettext_lazy("Given name"),
}


class Said(NamedTuple):
    """One thing that a code says, and a word on it where it was compared."""

    label: Promise | str
    value: str
    remark: str


def sealed(pages: Sequence[Sequence[str]]) -> bytes | None:
    """Return what the codes on the pages of a paper say, sealed; None when they say nothing."""
    found = two_d_doc.first(pages)
    if found is None:
        return None
    said = json.dumps({"kind": found.kind, "values": dict(found.values)})
    return sealing.seal(said.encode(), CONTEXT)


def said_by(paper: Paper, known: Facts | None = None) -> list[Said]:
    """Return what the codes of a paper say, for the member and the agent; read, not verified.

    Args:
        paper: that bears them.
        known: what is known of its member, where it was read already.
    """
    if not paper.read_sealed or not paper.page_count:
        return []
    values = json.loads(sealing.open_sealed(paper.read_sealed, CONTEXT))["values"]
    return [
        Said(label, _shown(name, values[name]), _remark(paper, name, values[name], known))
        for name, label in LABELS.items()
        if values.get(name)
    ]


def _shown(name: str, value: str) -> str:
    return f"•••• {value[-LAST:]}" if name == "iban" else value


def _remark(paper: Paper, name: str, value: str, known: Facts | None) -> str:
    if name != "iban":
        return ""
    account = (known or facts(paper.member_id)).account
    if account is None:
        return ""
    is_same = account.is_of(value)
    return _("the account in use") if is_same else _("another account than the one in use")
