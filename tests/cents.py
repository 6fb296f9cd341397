"""`python -m tests.cents SPLITS TRANSFERS SEED`: no cent is made or lost, at size (M10, M14).

The parts of a million generated care lines sum to what was paid. Random debts taken from random
payments never take more than is owed or given, and what is left is the rest. A file of a hundred
thousand transfers, with names of every kind, is written and read again from its bytes to the same
sum. It prints one line.
"""

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq

from decompte.engine.recovery import KINDS, Owed, recover
from decompte.exchange import sepa

LINES_A_STUDENT = 11
DAY = date(2014, 3, 20)
PARTS = ("amo", "local", "solidarity", "amc", "patient")
ALPHABET = "éÀß漢字العربيةΩжя🙂&<>\"'@_\x00\u202e\u0301/\\- abZ09｡"
IBANS = ("FR1420041010050500013M02606", "DE89370400440532013000")
OURS = "FR7630004000030000312345635"
NOBODY = "UNKNOWN HOLDER"


def main():
    """Try all three, and say what was off."""
    splits, transfers, seed = (int(one) for one in sys.argv[1:])
    told = {"seed": seed, **paid(transfers, seed), **settled(splits, seed), **taken(splits, seed)}
    sys.stdout.write(json.dumps(told) + "\n")
    return 0 if not (told["lines_off"] or told["takings_off"] or told["file_off"]) else 1


def settled(lines, seed):
    """Settle generated care lines, and count those whose parts do not sum to what was paid."""
    with tempfile.TemporaryDirectory(prefix="decompte-cents-") as folder:
        care, found = Path(folder, "care.parquet"), Path(folder, "settled.parquet")
        size = ("--students", str(lines // LINES_A_STUDENT + 1), "--year", "2025")
        decompte("generate", care, *size, "--seed", str(seed))
        decompte("batch", care, found)
        price = pq.read_table(care, columns=["price_cents"])["price_cents"].to_pylist()
        parts = [pq.read_table(found, columns=[one])[one].to_pylist() for one in PARTS]
    assert len(price) == len(parts[0])
    rows = zip(price, *parts, strict=True)
    off = sum(whole != sum(rest) or min(rest) < 0 for whole, *rest in rows)
    return {"lines": len(price), "lines_off": off}


def taken(times, seed):
    """Take random debts from random payments, and count where a cent was made or lost."""
    chance, off = random.Random(seed), 0
    for _time in range(times):
        given = chance.randint(0, 5000)
        debts = [
            Owed(
                f"{name}",
                chance.choice(KINDS),
                DAY - timedelta(days=chance.randint(0, 2500)),
                chance.randint(1, 3000),
            )
            for name in range(chance.randint(1, 4))
        ]
        found = recover(debts, given, DAY)
        off += given != found.paid_cents + sum(one.taken_cents for one in found.debts)
        off += any(
            one.taken_cents < 0 or one.taken_cents + one.cancelled_cents > one.owed.amount_cents
            for one in found.debts
        )
        off += found.paid_cents < 0
    return {"takings": times, "takings_off": off}


def paid(transfers, seed):
    """Write one file of transfers and read it again; say how long it took, and how much memory."""
    chance = random.Random(seed)
    drawn = [transfer(chance, number) for number in range(transfers)]
    kept = [one for one in drawn if not sepa.problems_of(one)]
    refused = transfers - len(kept)
    kept += [transfer(chance, transfers + n)._replace(holder=NOBODY) for n in range(refused)]
    start, busy = time.monotonic(), time.process_time()
    file = sepa.PaymentFile(
        "DECOMPTE-1", "LMDE", OURS, "", DAY, datetime(2014, 3, 20, 9, tzinfo=UTC), tuple(kept)
    )
    written = sepa.write(file)
    whole = sepa.Sums("DECOMPTE-1", transfers, sum(one.amount_cents for one in kept))
    return {
        "transfers": len(kept),
        "names_refused": refused,
        "file_off": int(sepa.sums(written) != whole),
        "file_seconds": round(time.monotonic() - start, 1),
        "file_busy": round(time.process_time() - busy, 1),
        "mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def transfer(chance, number):
    """Return a transfer to somebody with a name of any kind."""
    return sepa.Transfer(
        end_to_end_id=f"D{number}",
        holder="".join(chance.choices(ALPHABET, k=chance.randint(1, 90))),
        iban=chance.choice(IBANS),
        bic="",
        amount_cents=chance.randint(1, 500_000),
        remittance=f"DECOMPTE {number}",
    )


def decompte(*words):
    """Run the program."""
    command = [sys.executable, "-m", "decompte.cli", *(str(word) for word in words)]
    subprocess.run(command, check=True, capture_output=True)


if __name__ == "__main__":
    sys.exit(main())
