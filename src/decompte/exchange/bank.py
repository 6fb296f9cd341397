"""What the bank sends, read strictly: pain.002, camt.053, camt.054, CFONB 120 and 240.

A file is read whole or refused, with everything that is wrong in it. XML that declares a document
type is refused before anything of it is used. What a payment means for us is not decided here.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from lxml import etree

from decompte.errors import Problem, Refusal, Text
from decompte.exchange import cfonb
from decompte.exchange.sepa import NAMESPACE, InvalidFile, cents

MOST_BYTES = 60_000_000
VERSIONS = {
    "pain.002": ("03", "10", "12", "14", "15"),
    "camt.053": ("02", "06", "08", "14"),
    "camt.054": ("02", "06", "08", "14"),
}
REJECTED = "RJCT"
NOT_PROVIDED = "NOTPROVIDED"


class Item(NamedTuple):
    """One thing the bank tells.

    Attributes:
        identity: names it, whichever file tells it; the same thing told twice has the same.
        day: when it was booked, or None.
        amount_cents: credit positive, debit negative; 0 where only a payment is named.
        is_movement: it changes the balance; otherwise it is a notice.
        end_to_end_id, batch_id: the payment and the message it is about, where told.
        reason: ISO 20022 code of a rejection or return.
        is_return: money comes back, or never left.
        label: what the bank writes.
    """

    identity: str
    day: date | None
    amount_cents: int
    is_movement: bool
    end_to_end_id: str = ""
    batch_id: str = ""
    reason: str = ""
    is_return: bool = False
    label: str = ""


class Report(NamedTuple):
    """One report of the bank.

    Attributes:
        kind: pain.002, camt.053, camt.054, cfonb120 or cfonb240.
        message_id: the bank's own name of it.
        account: IBAN it is about; empty for pain.002.
        first_day, last_day: period of a statement.
        opening_cents, closing_cents: its balances, or None.
        items: what it tells, in its order.
    """

    kind: str
    message_id: str
    account: str
    first_day: date | None
    last_day: date | None
    opening_cents: int | None
    closing_cents: int | None
    items: tuple[Item, ...]


def read(content: bytes) -> list[Report]:
    """Return the reports of a file of the bank.

    Raises:
        Refusal: it is of no kind we read, or something in it is wrong; all of it is named.
    """
    if len(content) > MOST_BYTES:
        raise Refusal([_problem("file", "file.large", "fichier trop grand", "file too large")])
    if content.lstrip()[:1] != b"<" and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return [_of_cfonb(statement) for statement in cfonb.read(content)]
    return _read_xml(content)


def _read_xml(content: bytes) -> list[Report]:
    root = _parsed(content)
    kind, _version = _kind(root)
    wrong: list[Problem] = []
    if kind == "pain.002":
        reports = [_status(root)]
    else:
        tag = "Stmt" if kind == "camt.053" else "Ntfctn"
        reports = [_account_report(kind, one, wrong) for one in _all(root, f"*/{tag}")]
    if not reports:
        wrong.append(_problem("file", "file.empty", "aucun relevé", "no report in it"))
    if wrong:
        raise Refusal(wrong)
    return reports


def _parsed(content: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(content, parser=parser)
    except etree.XMLSyntaxError as error:
        where = str(error).splitlines()[0][:200]
        raise Refusal(
            [_problem("file", "file.xml", f"XML illisible : {where}", f"not XML: {where}")]
        ) from None
    tree: Any = root.getroottree()
    if tree.docinfo.doctype:
        raise Refusal(
            [
                _problem(
                    "file",
                    "file.doctype",
                    "un fichier de banque ne déclare pas de type de document",
                    "a bank's file declares no document type",
                )
            ]
        )
    for element in root.iter(etree.Comment, etree.ProcessingInstruction, etree.Entity):
        parent = element.getparent()
        if parent is not None:
            raise Refusal(
                [
                    _problem(
                        "file",
                        "file.xml",
                        "commentaires et entités refusés",
                        "comments and entities are refused",
                    )
                ]
            )
    return root


def _kind(root: etree._Element) -> tuple[str, str]:
    space = etree.QName(root).namespace or ""
    kind, _dot, version = space.removeprefix(NAMESPACE).rpartition(".001.")
    if not space.startswith(NAMESPACE) or version not in VERSIONS.get(kind, ()):
        told = ", ".join(f"{name}.001.{'/'.join(them)}" for name, them in VERSIONS.items())
        raise Refusal(
            [
                _problem(
                    "file",
                    "file.kind",
                    f"message inconnu ; lus : {told}, CFONB 120 et 240",
                    f"unknown message; read are: {told}, CFONB 120 and 240",
                )
            ]
        )
    return kind, version


def _status(root: etree._Element) -> Report:
    """Return the rejections of a pain.002: of the file, of a payment block, of one payment."""
    about = _text(root, "*/OrgnlGrpInfAndSts/OrgnlMsgId")
    items = []
    if _text(root, "*/OrgnlGrpInfAndSts/GrpSts") == REJECTED:
        items.append(_rejected(about, "", root, "*/OrgnlGrpInfAndSts"))
    for block in _all(root, "*/OrgnlPmtInfAndSts"):
        if _text(block, "PmtInfSts") == REJECTED and not _all(block, "TxInfAndSts"):
            items.append(_rejected(about, "", block, "."))
        for one in _all(block, "TxInfAndSts"):
            if _text(one, "TxSts") == REJECTED or _text(block, "PmtInfSts") == REJECTED:
                items.append(_rejected(about, _text(one, "OrgnlEndToEndId"), one, "."))
    message_id = _text(root, "*/GrpHdr/MsgId")
    return Report("pain.002", message_id, "", None, None, None, None, tuple(items))


def _rejected(about: str, end_to_end_id: str, node: etree._Element, path: str) -> Item:
    return Item(
        identity=f"rejected:{about}:{end_to_end_id}",
        day=None,
        amount_cents=0,
        is_movement=False,
        end_to_end_id=end_to_end_id,
        batch_id=about,
        reason=_text(node, f"{path}/StsRsnInf/Rsn/Cd")[:4],
        is_return=True,
        label=_text(node, f"{path}/StsRsnInf/AddtlInf")[:250],
    )


def _account_report(kind: str, node: etree._Element, wrong: list[Problem]) -> Report:
    account, name = _text(node, "Acct/Id/IBAN"), _text(node, "Id")
    if not account:
        wrong.append(_problem(name, "account.missing", "compte absent", "no account"))
    balances = {_text(one, "Tp/CdOrPrtry/Cd"): one for one in _all(node, "Bal")}
    opening = _balance(balances.get("OPBD", balances.get("PRCD")), wrong)
    closing = _balance(balances.get("CLBD"), wrong)
    items: list[Item] = []
    for position, entry in enumerate(_all(node, "Ntry"), start=1):
        if (_text(entry, "Sts/Cd") or _text(entry, "Sts")) == "BOOK":
            items += _entry(entry, f"{name}/Ntry[{position}]", wrong)
    is_statement = kind == "camt.053"
    if is_statement:
        moved = sum(item.amount_cents for item in items)
        if opening is None or closing is None or opening + moved != closing:
            wrong.append(
                _problem(
                    name,
                    "statement.sums",
                    "les soldes et les mouvements ne s'accordent pas",
                    "balances and movements do not agree",
                )
            )
    days = [item.day for item in items if item.day]
    return Report(
        kind=kind,
        message_id=name,
        account=account,
        first_day=_day(_text(node, "FrToDt/FrDtTm")) or min(days, default=None),
        last_day=_day(_text(node, "FrToDt/ToDtTm")) or max(days, default=None),
        opening_cents=opening if is_statement else None,
        closing_cents=closing if is_statement else None,
        items=_named(account, kind, items),
    )


def _entry(entry: etree._Element, where: str, wrong: list[Problem]) -> list[Item]:
    """Return the movements of one entry: one for each payment where each has its amount."""
    whole = _amount(entry, where, wrong)
    details = _all(entry, "NtryDtls/TxDtls")
    parts = [_amount(one, where, [], entry) for one in details]
    if len(details) > 1 and whole is not None and None not in parts:
        known = [part for part in parts if part is not None]
        if sum(known) == whole:
            pairs = zip(details, known, strict=True)
            return [_item(entry, one, cents_) for one, cents_ in pairs]
    only = details[0] if len(details) == 1 else None
    return [_item(entry, only, whole or 0)]


def _item(entry: etree._Element, one: etree._Element | None, amount_cents: int) -> Item:
    node = entry if one is None else one
    end_to_end = "" if one is None else _text(one, "Refs/EndToEndId")
    batch = _text(entry, "NtryDtls/Btch/MsgId") or _text(entry, "NtryDtls/Btch/PmtInfId")
    if one is not None:
        batch = _text(one, "Refs/MsgId") or _text(one, "Refs/PmtInfId") or batch
    reason = "" if one is None else _text(one, "RtrInf/Rsn/Cd")
    family = _text(entry, "BkTxCd/Domn/Fmly/SubFmlyCd")
    reference = _text(node, "Refs/AcctSvcrRef") if one is not None else ""
    return Item(
        identity=reference or _text(entry, "AcctSvcrRef") or _text(entry, "NtryRef"),
        day=_day(_text(entry, "BookgDt/Dt") or _text(entry, "BookgDt/DtTm")),
        amount_cents=amount_cents,
        is_movement=True,
        end_to_end_id="" if end_to_end == NOT_PROVIDED else end_to_end[:35],
        batch_id=batch[:35],
        reason=reason[:4],
        is_return=bool(reason) or family == "RRTN" or _text(entry, "RvslInd") == "true",
        label=(_text(node, "RmtInf/Ustrd") or _text(entry, "AddtlNtryInf"))[:250],
    )


def _named(account: str, kind: str, items: Iterable[Item]) -> tuple[Item, ...]:
    """Return the items with an identity of their own, the same whichever file tells them."""
    seen: Counter[str] = Counter()
    named = []
    for item in items:
        base = "|".join(
            (
                "notice" if kind == "camt.054" else "booked",
                account,
                item.day.isoformat() if item.day else "",
                item.identity,
                item.end_to_end_id,
                item.batch_id,
                str(item.amount_cents),
            )
        )
        seen[base] += 1
        named.append(item._replace(identity=f"{base}|{seen[base]}", is_movement=kind != "camt.054"))
    return tuple(named)


def _of_cfonb(statement: cfonb.Statement) -> Report:
    kind = statement.kind
    items = [
        Item(
            identity=one.reference,
            day=one.day,
            amount_cents=one.amount_cents,
            is_movement=kind == "cfonb120",
            end_to_end_id=one.end_to_end_id,
            reason=one.reject_code,
            is_return=one.is_return,
            label=one.label,
        )
        for one in statement.movements
    ]
    return Report(
        kind=kind,
        message_id=statement.name,
        account=statement.account,
        first_day=statement.first_day,
        last_day=statement.last_day,
        opening_cents=statement.opening_cents,
        closing_cents=statement.closing_cents,
        items=_named(statement.account, "camt.054" if kind == "cfonb240" else kind, items),
    )


def _amount(
    node: etree._Element, where: str, wrong: list[Problem], entry: etree._Element | None = None
) -> int | None:
    found = _first(node, "Amt")
    if found is None and entry is not None:
        found = _first(node, "AmtDtls/TxAmt/Amt")
    sign = _text(node, "CdtDbtInd") or (_text(entry, "CdtDbtInd") if entry is not None else "")
    is_known = found is not None and found.get("Ccy") == "EUR" and sign in {"CRDT", "DBIT"}
    try:
        amount = cents((found.text or "").strip() if is_known and found is not None else "")
    except InvalidFile:
        wrong.append(
            _problem(
                where,
                "amount.wrong",
                "montant, devise ou sens illisible ; attendu : euros et centimes",
                "amount, currency or direction not readable; expected: euros and cents",
            )
        )
        return None
    return amount if sign == "CRDT" else -amount


def _balance(node: etree._Element | None, wrong: list[Problem]) -> int | None:
    return None if node is None else _amount(node, "Bal", wrong)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _all(node: etree._Element, path: str) -> list[etree._Element]:
    steps = "/".join(step if step in {"*", "."} else f"{{*}}{step}" for step in path.split("/"))
    return node.findall(steps)


def _first(node: etree._Element, path: str) -> etree._Element | None:
    return next(iter(_all(node, path)), None)


def _text(node: etree._Element, path: str) -> str:
    found = _first(node, path)
    return "" if found is None or found.text is None else str(found.text).strip()


def _problem(field: str, code: str, fr: str, en: str) -> Problem:
    return Problem(code, field, Text(fr=fr, en=en))
