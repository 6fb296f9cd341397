"""Messages of a bank, written by hand."""

from datetime import timedelta

from django.conf import settings

SPACE = "urn:iso:std:iso:20022:tech:xsd:"


def pain_002(msg_id, *, group="", rejected=(), reason="AC04"):
    payments = "".join(
        f"<TxInfAndSts><OrgnlEndToEndId>{one}</OrgnlEndToEndId><TxSts>RJCT</TxSts>"
        f"<StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn></StsRsnInf></TxInfAndSts>"
        for one in rejected
    )
    block = f"<OrgnlPmtInfAndSts>{payments}</OrgnlPmtInfAndSts>" if payments else ""
    status = f"<GrpSts>{group}</GrpSts>" if group else ""
    return (
        f'<Document xmlns="{SPACE}pain.002.001.03"><CstmrPmtStsRpt><GrpHdr><MsgId>B1</MsgId>'
        f"</GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>{msg_id}</OrgnlMsgId>{status}"
        f"</OrgnlGrpInfAndSts>{block}</CstmrPmtStsRpt></Document>"
    ).encode()


def entry(cents, *, day, end_to_end="", msg_id="", reason="", reference="", label=""):  # noqa: PLR0913
    refs = f"<MsgId>{msg_id}</MsgId>" if msg_id else ""
    refs += f"<EndToEndId>{end_to_end}</EndToEndId>" if end_to_end else ""
    told = f"<RtrInf><Rsn><Cd>{reason}</Cd></Rsn></RtrInf>" if reason else ""
    amount = f'<Amt Ccy="EUR">{abs(cents) // 100}.{abs(cents) % 100:02d}</Amt>'
    sign = f"<CdtDbtInd>{'CRDT' if cents > 0 else 'DBIT'}</CdtDbtInd>"
    details = f"<TxDtls><Refs>{refs}</Refs>{amount}{sign}{told}</TxDtls>" if refs or told else ""
    return (
        f"<Ntry>{amount}{sign}<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{day}</Dt></BookgDt>"
        f"<AcctSvcrRef>{reference}</AcctSvcrRef><NtryDtls>{details}</NtryDtls>"
        f"<AddtlNtryInf>{label}</AddtlNtryInf></Ntry>"
    )


def camt(entries, *, iban, opening=None, total=0, kind="camt.053", name="S1", version="08"):  # noqa: PLR0913
    outer, inner = (
        ("BkToCstmrStmt", "Stmt") if kind == "camt.053" else ("BkToCstmrDbtCdtNtfctn", "Ntfctn")
    )
    balances = ""
    if opening is not None:
        for code, cents in (("OPBD", opening), ("CLBD", opening + total)):
            balances += (
                f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
                f'<Amt Ccy="EUR">{abs(cents) // 100}.{abs(cents) % 100:02d}</Amt>'
                f"<CdtDbtInd>{'CRDT' if cents >= 0 else 'DBIT'}</CdtDbtInd></Bal>"
            )
    return (
        f'<Document xmlns="{SPACE}{kind}.001.{version}"><{outer}><GrpHdr><MsgId>{name}</MsgId>'
        f"</GrpHdr><{inner}><Id>{name}</Id><Acct><Id><IBAN>{iban}</IBAN></Id></Acct>"
        f"{balances}{''.join(entries)}</{inner}></{outer}></Document>"
    ).encode()


class Statements:
    """Writes an account's statements, one after the other, with balances that follow."""

    def __init__(self, agency, day, balance=5_000_000):
        self.iban, self.day = settings.DEBTORS[agency]["iban"], day
        self.balance, self.number = balance, 0

    def next(self, *moves, version="08"):
        """Return the next day's statement; a move is cents and what `entry` takes."""
        self.number += 1
        self.day += timedelta(days=1)
        entries = []
        for position, (cents, told) in enumerate(moves):
            reference = told.pop("reference", f"R{self.number}-{position}")
            entries.append(entry(cents, day=self.day, reference=reference, **told))
        total = sum(cents for cents, _told in moves)
        written = camt(
            entries,
            iban=self.iban,
            opening=self.balance,
            total=total,
            name=f"S{self.number}",
            version=version,
        )
        self.balance += total
        return written
