"""French bank files of fixed width: account statements (CFONB 120), operations (CFONB 240).

Every line has its exact length, every statement its two balances, and the movements between them
sum exactly. An amount's last character carries its sign. Doubtful, for want of a public text of
the norm: that code 05 `RCN` carries the payment's own identity in its first 35 characters, and
that the operations of a CFONB 240 name it in their free words; they are only ever notices here.
"""

import re
from datetime import date
from typing import NamedTuple

from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

from decompte.errors import Problem, Refusal, Text

PLUS, MINUS = "{ABCDEFGHI", "}JKLMNOPQR"
WIDTHS = {"cfonb120": 120, "cfonb240": 240}
FIRST = {"01": "cfonb120", "31": "cfonb240"}
OURS = re.compile(r"\bD[A-Z0-9]{8,14}(?:-\d+)?\b")
ACCOUNT = re.compile(r"[0-9A-Z]+", re.ASCII)
RETURNED = re.compile(r"REJET|RETOUR|IMPAYE", re.ASCII)


class Movement(NamedTuple):
    """One movement or operation: signed cents, and what the bank says about it."""

    day: date
    amount_cents: int
    reference: str
    end_to_end_id: str
    reject_code: str
    is_return: bool
    label: str


class Statement(NamedTuple):
    """A statement of account, or a list of operations."""

    kind: str
    name: str
    account: str
    first_day: date
    last_day: date
    opening_cents: int | None
    closing_cents: int | None
    movements: tuple[Movement, ...]


class _WrongError(ValueError):
    """A line that is not as it must be, in both languages."""

    def __init__(self, fr: str, en: str) -> None:
        super().__init__(en)
        self.text = Text(fr=fr, en=en)


def read(content: bytes) -> list[Statement]:
    """Return the statements of a file.

    Raises:
        Refusal: a line is not as it must be, or sums do not hold; each with its number.
    """
    lines = [line.rstrip("\r") for line in content.decode("latin-1").split("\n")]
    numbered = [(number, line) for number, line in enumerate(lines, start=1) if line.strip()]
    kind = FIRST.get(numbered[0][1][:2]) if numbered else None
    if kind is None:
        raise Refusal([_problem(1, "ni XML, ni CFONB 120 ou 240", "neither XML nor CFONB 120/240")])
    wrong = [
        _problem(
            number,
            f"{len(line)} caractères ; attendu : {WIDTHS[kind]}",
            f"{len(line)} characters; expected: {WIDTHS[kind]}",
        )
        for number, line in numbered
        if len(line) != WIDTHS[kind]
    ]
    if wrong:
        raise Refusal(wrong)
    found: list[Statement] = []
    for block in _blocks(numbered, kind, wrong):
        try:
            found.append(_statement(block) if kind == "cfonb120" else _operations(block))
        except _WrongError as error:
            wrong.append(_problem(block[0][0], error.text.fr, error.text.en))
    if wrong:
        raise Refusal(wrong)
    return found


Block = list[tuple[int, str]]


def _blocks(numbered: Block, kind: str, wrong: list[Problem]) -> list[Block]:
    """Return the lines from each opening record to its closing one; anything else is wrong."""
    opens, closes = ("01", "07") if kind == "cfonb120" else ("31", "39")
    inside = {"04", "05"} if kind == "cfonb120" else {"34"}
    blocks: list[Block] = []
    is_open = False
    for number, line in numbered:
        code = line[:2]
        if code == opens and not is_open:
            blocks.append([])
            is_open = True
        elif not is_open or code not in {*inside, closes}:
            wrong.append(
                _problem(number, f"enregistrement {code} inattendu", f"unexpected record {code}")
            )
            return []
        blocks[-1].append((number, line))
        is_open = code != closes
    if is_open:
        wrong.append(_problem(numbered[-1][0], "fin de relevé absente", "the statement has no end"))
    return blocks if not is_open else []


def _statement(block: Block) -> Statement:
    opening, closing = block[0][1], block[-1][1]
    account, movements = _account(opening, 2, 11, 21), []
    for number, line in block[1:-1]:
        if line[11:16] + line[21:32] != opening[11:16] + opening[21:32]:
            raise _WrongError(f"ligne {number} : autre compte", f"line {number}: another account")
        if line[:2] == "04":
            movements.append([line])
        elif movements:
            movements[-1].append(line)
        else:
            raise _WrongError(f"ligne {number} : 05 sans 04", f"line {number}: 05 without 04")
    if line_currency(opening) != "EUR":
        raise _WrongError("relevé qui n'est pas en euros", "a statement that is not in euros")
    read_ = tuple(_movement(lines) for lines in movements)
    before, after = _amount(opening[90:104]), _amount(closing[90:104])
    if before + sum(one.amount_cents for one in read_) != after:
        raise _WrongError("soldes et mouvements en désaccord", "balances and movements disagree")
    first, last = _day(opening[34:40]), _day(closing[34:40])
    return Statement(
        "cfonb120", f"{account[-8:]}-{last:%Y%m%d}", account, first, last, before, after, read_
    )


def line_currency(line: str) -> str:
    """Return the currency of a record of CFONB 120, when it has two decimals."""
    return line[16:19] if line[19] == "2" else ""


def _movement(lines: list[str]) -> Movement:
    line = lines[0]
    said = {more[45:48]: more[48:118].strip() for more in lines[1:]}
    label = " ".join([line[48:79].strip(), *said.values()])
    told = said.get("RCN", "")[:35].strip() or _ours(label)
    return Movement(
        day=_day(line[34:40]),
        amount_cents=_amount(line[90:104]),
        reference=line[81:88].strip().strip("0") + line[104:120].strip(),
        end_to_end_id=told,
        reject_code=line[40:42].strip(),
        is_return=bool(line[40:42].strip()) or bool(RETURNED.search(label.upper())),
        label=" ".join(label.split())[:250],
    )


def _operations(block: Block) -> Statement:
    """Return the operations of a CFONB 240; its last record's total must be theirs."""
    opening, closing = block[0][1], block[-1][1]
    movements = tuple(_operation(line) for _number, line in block[1:-1])
    if sum(one.amount_cents for one in movements) != _digits(closing[228:240]):
        raise _WrongError(
            "total qui n'est pas celui des lignes", "the total is not that of the lines"
        )
    day = _day(opening[10:16])
    account = _account(opening, 21, 26, 31)
    name = f"{account[-8:]}-{day:%Y%m%d}-{opening[2:8]}"
    return Statement("cfonb240", name, account, day, day, None, None, movements)


def _operation(line: str) -> Movement:
    words = " ".join(line[98:216].split())
    return Movement(
        day=_day(line[10:16]),
        amount_cents=_digits(line[228:240]),
        reference=line[2:8],
        end_to_end_id=_ours(words),
        reject_code=line[8:10].strip(),
        is_return=True,
        label=f"{line[42:66].strip()} {words}".strip()[:250],
    )


def _ours(words: str) -> str:
    found = OURS.search(words)
    return found.group() if found else ""


def _account(line: str, bank: int, branch: int, number: int) -> str:
    """Return the IBAN of an account from where its bank, branch and number stand in a line."""
    parts = (line[bank : bank + 5], line[branch : branch + 5], line[number : number + 11])
    if not all(ACCOUNT.fullmatch(part) for part in parts):
        raise _WrongError("compte illisible", "an account that cannot be read")
    try:
        return str(
            IBAN.generate("FR", bank_code=parts[0], branch_code=parts[1], account_code=parts[2])
        )
    except SchwiftyException:
        raise _WrongError("compte illisible", "an account that cannot be read") from None


def _amount(text: str) -> int:
    """Return signed cents: the last character is a digit with a sign."""
    digits, last = text[:-1], text[-1]
    for signs, sign in ((PLUS, 1), (MINUS, -1)):
        if digits.isascii() and digits.isdigit() and last in signs:
            return sign * (int(digits) * 10 + signs.index(last))
    raise _WrongError("montant illisible", "an amount that cannot be read")


def _digits(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise _WrongError("montant illisible", "an amount that cannot be read")
    return int(text)


def _day(text: str) -> date:
    _digits(text)
    try:
        return date(2000 + int(text[4:6]), int(text[2:4]), int(text[:2]))
    except ValueError:
        raise _WrongError("date illisible", "a date that cannot be read") from None


def _problem(number: int, fr: str, en: str) -> Problem:
    return Problem("file.cfonb", f"line {number}", Text(fr=fr, en=en))
