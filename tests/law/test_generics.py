"""Groups of generics: the dearest one of the same size is what a refused one is worth."""

from datetime import date

import pytest

from decompte.cli import main
from decompte.errors import FiguresError
from decompte.law.nomenclature import store
from decompte.law.nomenclature.generics import generics
from decompte.law.nomenclature.official import Rejected

DAY = date(2026, 7, 24)
CODES = {
    "3400930065662": ("10", "plaquette(s) de 30 comprimé(s)", "65%", "9,00"),
    "3400931823902": ("10", "plaquette(s) de 90 comprimé(s)", "65%", "25,00"),
    "3400931824091": ("20", "1 flacon(s) de 30 comprimé(s)", "65 %", "5,00"),
    "3400931863014": ("30", "plaquette(s) de 30 comprimé(s)", "65%", "6,00"),
    "3400931886075": ("40", "plaquette(s) de 30 comprimé(s)", "", ""),
}
SOLD: dict[str, str] = {}
ORIGIN = next(iter(CODES))
GROUPS = (
    "1\tX 5 mg - ORIGINE 5 mg, comprimé\t10\t0\t1",
    "1\tX 5 mg - ORIGINE 5 mg, comprimé\t20\t1\t2",
    "1\tX 5 mg - ORIGINE 5 mg, comprimé\t30\t2\t3",
    "1\tX 5 mg - ORIGINE 5 mg, comprimé\t40\t4\t4",
    "1\tX 5 mg - ORIGINE 5 mg, comprimé\t50\t1\t5",
)


def presentation(code):
    medicine, label, rate, price = CODES[code]
    sold = SOLD.get(medicine, "16/03/2011")
    cells = [medicine, "1", label, "active", "commercialisée", sold, code, "oui", rate]
    return "\t".join([*cells, price, price, "1,02", ""])


def files(tmp_path, *groups):
    path = tmp_path / "CIS_GENER_bdpm.txt"
    path.write_bytes(("\r\n".join(groups) + "\r\n").encode("cp1252"))
    prices = "\n".join([*map(presentation, CODES), "truncated\trow"])
    (tmp_path / "CIS_CIP_bdpm.txt").write_text(prices + "\n")
    return path


def read(path):
    rows = list(generics(path, DAY))
    return [row for row in rows if not isinstance(row, Rejected)], [
        (row.code, row.why) for row in rows if isinstance(row, Rejected)
    ]


def test_a_medicine_of_origin_has_the_price_of_its_dearest_generic_of_the_same_size(tmp_path):
    (found,), left = read(files(tmp_path, *GROUPS))
    assert (found.code, found.since, found.act, found.tariff) == (ORIGIN, DAY, "PH7", 600)
    assert found.label == "X 5 mg - ORIGINE 5 mg, comprimé"
    assert left == [("3400931823902", "no generic of this size is reimbursed")]


def test_of_two_groups_the_dearer_generic_counts(tmp_path):
    cheap, dear = GROUPS[:2], [line.replace("1\t", "2\t", 1) for line in (GROUPS[0], GROUPS[2])]
    for groups in ([*cheap, *dear], [*dear, *cheap]):
        (found,), _left = read(files(tmp_path, *groups))
        assert found.tariff == 600


@pytest.mark.parametrize(
    ("sold", "since"),
    [
        ("24/07/2024", date(2026, 7, 24)),
        ("25/07/2024", date(2026, 7, 25)),
        ("29/02/2024", date(2026, 7, 24)),
        ("31/12/2021", date(2026, 7, 24)),
        ("01/06/2026", date(2028, 6, 1)),
    ],
)
def test_in_a_young_group_the_price_counts_two_years_after_the_first_generic(
    tmp_path, monkeypatch, sold, since
):
    for medicine in ("20", "30"):
        monkeypatch.setitem(SOLD, medicine, sold)
    (found,), _left = read(files(tmp_path, *GROUPS))
    assert found.since == since


def test_a_row_that_is_no_group_is_told(tmp_path):
    _found, left = read(files(tmp_path, *GROUPS, "7\tname"))
    assert left[0] == ("7", "not the columns of a group")


def test_the_day_and_the_prices_are_needed(tmp_path):
    path = files(tmp_path, *GROUPS)
    with pytest.raises(FiguresError, match="--since"):
        list(generics(path, None))
    (tmp_path / "CIS_CIP_bdpm.txt").unlink()
    with pytest.raises(FiguresError, match="CIS_CIP_bdpm"):
        list(generics(path, DAY))


def test_the_price_of_a_generic_counts_from_the_day_of_its_import(tmp_path, monkeypatch):
    monkeypatch.setenv("DECOMPTE_VAR", str(tmp_path / "var"))
    store._text.cache_clear()
    command = ["import", "generics", str(files(tmp_path, *GROUPS)), "--since", "2026-08-24"]
    assert main(command) == 0
    store._text.cache_clear()
    days = (date(2026, 7, 23), DAY, date(2026, 8, 23), date(2026, 8, 24))
    assert [store.generic_price(ORIGIN, day) for day in days] == [None, 200, 200, 600]
    assert store.generic_price("3400931823902", DAY) == 261, "the extract that ships is kept"
    store._text.cache_clear()
