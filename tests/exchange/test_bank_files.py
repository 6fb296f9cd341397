"""Files for the bank and from it: what banks take, and what is refused of what they send."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decompte.errors import Refusal
from decompte.exchange import bank, cfonb, characters, sepa
from tests import bank as messages

DAY = date(2014, 3, 21)
IBAN = "FR1420041010050500013M02606"
OURS = "FR7630004000030000312345635"
SWISS = "CH9300762011623852957"
HOME = sepa.Address("27 rue Saint-Guillaume", "75007", "Paris", "FR")


def transfer(number=1, **changes):
    given_ = {
        "end_to_end_id": f"D{number}",
        "holder": "Ana Souza",
        "iban": IBAN,
        "bic": "",
        "amount_cents": 1510,
        "remittance": "DECOMPTE 1",
        **changes,
    }
    return sepa.Transfer(**given_)


def debit(number=1, **changes):
    made = sepa.Debit(
        f"C{number}", "Ana", IBAN, "", 21100, "COTISATION", "M1", signed_on=DAY, is_first=True
    )
    return made._replace(**changes)


def file(*transfers, **changes):
    made = sepa.PaymentFile(
        "DECOMPTE-1", "LMDE", OURS, "", DAY, datetime(2014, 3, 20, 9, tzinfo=UTC), transfers
    )
    return made._replace(**changes)


@pytest.mark.parametrize("version", ["pain.001.001.09", "pain.001.001.03"])
def test_a_file_says_its_own_identity_count_and_sum(version):
    written = sepa.write(file(transfer(1), transfer(2, amount_cents=7), version=version))
    assert sepa.sums(written) == ("DECOMPTE-1", 2, 1517)
    assert written.count(b"DECOMPTE-1<") == 2
    assert b"T09:00:00<" in written


def test_a_file_of_more_payments_than_one_piece_is_one_file():
    written = sepa.write(file(*(transfer(n) for n in range(901))))
    assert sepa.sums(written) == ("DECOMPTE-1", 901, 901 * 1510)
    assert written.count(b"<PmtInf>") == 1


@pytest.mark.parametrize("version", ["pain.008.001.08", "pain.008.001.02"])
def test_direct_debits_are_one_sequence_a_file(version):
    terms = {"version": version, "creditor_id": "FR72ZZZ123456", "debtor_bic": "BNPAFRPPXXX"}
    written = sepa.write(file(debit(1), debit(2), **terms))
    assert sepa.sums(written) == ("DECOMPTE-1", 2, 42200)
    with pytest.raises(sepa.InvalidFile, match="sequence"):
        sepa.write(file(debit(1), debit(2, is_first=False), **terms))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"holder": "…"}, "name"),
        ({"amount_cents": 0}, "amount"),
        ({"end_to_end_id": "D/1"}, "identity"),
        ({"end_to_end_id": "D" * 36}, "identity"),
        ({"iban": SWISS, "bic": "", "address": HOME}, "address"),
        ({"iban": SWISS, "bic": "POFICHBEXXX"}, "address"),
    ],
)
def test_what_a_bank_would_refuse_is_named_before_it_leaves(changes, code):
    with pytest.raises(sepa.InvalidFile, match=code):
        sepa.write(file(transfer(1, **changes)))


def test_the_same_payment_twice_or_none_is_no_file():
    with pytest.raises(sepa.InvalidFile, match="identity"):
        sepa.write(file(transfer(1), transfer(1)))
    with pytest.raises(sepa.InvalidFile, match="count"):
        sepa.write(file())


def test_an_account_outside_the_eea_has_its_structured_address():
    written = sepa.write(file(transfer(1, iban=SWISS, bic="POFICHBEXXX", address=HOME)))
    assert b"<TwnNm>Paris</TwnNm><Ctry>FR</Ctry>" in written
    assert b"AdrLine" not in written


def test_lines_of_address_end_on_15_november_2026():
    last = date(2026, 11, 14)
    assert "lines" in sepa.forms_of_address(last)
    assert sepa.forms_of_address(last + timedelta(days=1)) == ("structured", "hybrid")


@pytest.mark.parametrize(
    "change",
    [
        (b"<NbOfTxs>1<", b"<NbOfTxs>2<"),
        (b"15.10</InstdAmt>", b"15.11</InstdAmt>"),
        (b"<PmtMtd>TRF</PmtMtd>", b""),
        (b"pain.001.001.09", b"pain.001.001.99"),
        (b"</Document>", b""),
    ],
)
def test_a_file_that_was_touched_does_not_hold(change):
    written = sepa.write(file(transfer()))
    with pytest.raises(sepa.InvalidFile):
        sepa.sums(written.replace(*change))


def test_m14_a_thousand_hostile_names_are_made_legible_or_refused():
    source = random.Random(20141120)
    alphabet = "éÀß漢字العربيةΩжя🙂&<>\"'@_\x00\u202e\u0301/\\- abZ09｡"
    for number in range(1000):
        name = "".join(source.choices(alphabet, k=source.randint(0, 90)))
        made = characters.name(name)
        assert len(made) <= 70
        assert not made or characters.is_let_through(made)
        if made:
            written = sepa.write(file(transfer(number, holder=name)))
            assert made.encode() in written.replace(b"&amp;", b"&")
        else:
            assert sepa.problems_of(transfer(number, holder=name)) == ["name"]


@given(st.integers(min_value=0, max_value=10**12))
def test_m10_cents_survive_the_way_to_the_bank_and_back(cents):
    assert sepa.cents(sepa.decimal(cents)) == cents


@pytest.mark.parametrize("text", ["", "1,50", "-1.00", "1.005", "١.٠٠", "1.0x", "1e2", " 1"])
def test_an_amount_that_is_not_euros_and_cents_is_refused(text):
    with pytest.raises(sepa.InvalidFile):
        sepa.cents(text)


def refused(content):
    with pytest.raises(Refusal) as caught:
        bank.read(content)
    return {problem.code for problem in caught.value.problems}


def statement(**changes):
    entries = [messages.entry(-100, day=DAY, reference="R1")]
    return messages.camt(entries, **{"iban": OURS, "opening": 500, "total": -100, **changes})


@pytest.mark.parametrize("version", bank.VERSIONS["camt.053"])
def test_every_version_of_a_statement_is_read(version):
    report = bank.read(statement(version=version))[0]
    assert (report.opening_cents, report.closing_cents, len(report.items)) == (500, 400, 1)


def test_the_same_movement_has_one_identity_in_two_files_and_two_in_one():
    twice = [messages.entry(-100, day=DAY, reference="R1")] * 2
    one = bank.read(statement())[0].items
    two = bank.read(messages.camt(twice, iban=OURS, opening=500, total=-200, name="S2"))[0].items
    assert one[0].identity == two[0].identity != two[1].identity


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (statement(total=-99), "statement.sums"),
        (statement(opening=None), "statement.sums"),
        (statement(iban=""), "account.missing"),
        (statement().replace(b'Ccy="EUR"', b'Ccy="USD"'), "amount.wrong"),
        (statement().replace(b"DBIT", b"BOTH"), "amount.wrong"),
        (statement(version="99"), "file.kind"),
        (statement().replace(b"urn:iso", b"urn:so"), "file.kind"),
        (statement()[:-9], "file.xml"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]>" + statement(), "file.doctype"),
        (b'<!DOCTYPE Document SYSTEM "file:///etc/passwd">' + statement(), "file.doctype"),
        (("<!DOCTYPE a><a/>").encode("utf-16"), "file.doctype"),
        (statement().replace(b"<Ntry>", b"<!-- x --><Ntry>"), "file.xml"),
        (b"<a>" * 5000, "file.xml"),
        (b"", "file.cfonb"),
        (b"PK\x03\x04", "file.cfonb"),
        (b"<" + b" " * (bank.MOST_BYTES + 1), "file.large"),
    ],
)
def test_a_file_of_the_bank_that_is_not_right_is_refused_whole(content, code):
    assert code in refused(content)


def test_hostile_xml_reaches_nothing(shared):
    files = [one for one in (shared / "hostile").rglob("*") if one.suffix in {".xml", ".svg"}]
    assert files
    for one in files:
        assert refused(one.read_bytes())


def test_every_wrong_amount_of_a_file_is_named():
    entries = [messages.entry(-100, day=DAY).replace("1.00", wrong) for wrong in ("x", "1.001")]
    with pytest.raises(Refusal) as caught:
        bank.read(messages.camt(entries, iban=OURS, opening=0))
    fields = [one.field for one in caught.value.problems if one.code == "amount.wrong"]
    assert fields == ["S1/Ntry[1]", "S1/Ntry[2]"]


def test_an_entry_of_several_payments_is_as_many_movements():
    one, two = (
        messages.entry(-cents, day=DAY, end_to_end=f"D{cents}")
        .split("<TxDtls>")[1]
        .split("</Tx")[0]
        for cents in (100, 200)
    )
    whole = messages.entry(-300, day=DAY, end_to_end="D").split("<TxDtls>")
    entry = f"{whole[0]}<TxDtls>{one}</TxDtls><TxDtls>{two}</TxDtls></NtryDtls></Ntry>"
    items = bank.read(messages.camt([entry], iban=OURS, opening=300, total=-300))[0].items
    assert [(item.end_to_end_id, item.amount_cents) for item in items] == [
        ("D100", -100),
        ("D200", -200),
    ]


def test_a_rejected_block_rejects_each_of_its_payments():
    content = messages.pain_002("M", rejected=["D1"])
    block = content.replace(b"<TxSts>RJCT</TxSts>", b"").replace(
        b"<TxInfAndSts>", b"<PmtInfSts>RJCT</PmtInfSts><TxInfAndSts>"
    )
    assert [item.end_to_end_id for item in bank.read(block)[0].items] == ["D1"]
    whole = messages.pain_002("M", group="RJCT")
    assert [item.batch_id for item in bank.read(whole)[0].items] == ["M"]


def test_the_cfonb_examples_are_read_or_refused_for_a_reason(shared):
    folder = shared / "data" / "cfonb"
    reports = bank.read((folder / "complex-test.txt").read_bytes())
    assert len(reports) == 8
    assert reports[0].items[0].amount_cents == -2279
    assert len(bank.read((folder / "simple-test.txt").read_bytes())) == 1
    assert refused((folder / "cfonb.240-complex-test.txt").read_bytes()) == {"file.cfonb"}


def cfonb_line(code, *, day="200314", amount="", **at):
    line = [" "] * 120
    places = {0: code, 2: "30004", 11: "00003", 16: "EUR2", 21: "00003123456", 34: day, 90: amount}
    for place, text in {**places, **{int(k[1:]): v for k, v in at.items()}}.items():
        line[place : place + len(text)] = text
    return "".join(line)


def test_a_return_in_a_cfonb_statement_names_its_payment():
    lines = [
        cfonb_line("01", amount="0000000005000{"),
        cfonb_line("04", amount="0000000000151{", p42="210314", p48="VIR SEPA REJETE"),
        cfonb_line("05", p45="RCN", p48="DABCDEFGHJK"),
        cfonb_line("07", amount="0000000005151{", day="210314"),
    ]
    report = bank.read("\n".join(lines).encode())[0]
    item = report.items[0]
    assert (item.end_to_end_id, item.amount_cents, item.is_return) == ("DABCDEFGHJK", 1510, True)
    assert (report.opening_cents, report.closing_cents) == (50000, 51510)


@pytest.mark.parametrize(
    "lines",
    [
        [cfonb_line("07", amount="0000000005151{")],
        [cfonb_line("01", amount="0000000005000{")],
        [cfonb_line("01", amount="0000000005000{"), cfonb_line("07", amount="0000000005001{")],
        [cfonb_line("01", amount="000000000500X{"), cfonb_line("07", amount="0000000005000{")],
        [
            cfonb_line("01", amount="0000000005000{", day="320314"),
            cfonb_line("07", amount="0000000005000{"),
        ],
        [
            cfonb_line("01", amount="0000000005000{").replace("EUR2", "USD2"),
            cfonb_line("07", amount="0000000005000{"),
        ],
        [
            cfonb_line("01", amount="0000000005000{"),
            cfonb_line("05", p45="LIB"),
            cfonb_line("07", amount="0000000005000{"),
        ],
        [
            cfonb_line("01", amount="0000000005000{"),
            cfonb_line("04", amount="0000000000000{").replace("00003123456", "00003999999"),
            cfonb_line("07", amount="0000000005000{"),
        ],
        [cfonb_line("01", amount="0000000005000{")[:-1]],
        [cfonb_line("01").replace("30004", "ABCD!"), cfonb_line("07")],
    ],
)
def test_a_cfonb_statement_that_is_not_right_is_refused_with_its_line(lines):
    with pytest.raises(Refusal) as caught:
        cfonb.read("\n".join(lines).encode())
    assert caught.value.problems[0].field.startswith("line ")


def test_operations_of_a_cfonb_240_are_notices():
    def line(code, amount, **at):
        made = [" "] * 240
        places = {0: code, 2: "000001", 8: "20", 10: "200314", 16: "E", 21: "30004"}
        places |= {26: "00003", 31: "00003123456", 228: amount}
        for place, text in {**places, **{int(k[1:]): v for k, v in at.items()}}.items():
            made[place : place + len(text)] = text
        return "".join(made)

    lines = [
        line("31", " " * 12),
        line("34", "000000001510", p128="RETOUR DABCDEFGHJK"),
        line("39", "000000001510"),
    ]
    report = bank.read("\n".join(lines).encode())[0]
    assert (report.kind, report.items[0].end_to_end_id) == ("cfonb240", "DABCDEFGHJK")
    assert not report.items[0].is_movement
    lines[2] = line("39", "000000001511")
    assert refused("\n".join(lines).encode()) == {"file.cfonb"}
