"""The batch against the single case: the same rows give the same cents, or the same refusals."""

import os
from itertools import groupby

import numba
import numpy as np
import pyarrow as pa
import pytest

from decompte.engine.batch_loop import line_of
from decompte.engine.batch_shapes import CHARGED, NOTHING_SPECIAL
from decompte.engine.periods import periods
from decompte.engine.rejections import APART
from decompte.engine.single import settle
from decompte.errors import Refusal
from decompte.exchange import case, columns, settler
from decompte.exchange.amounts import AMOUNTS
from decompte.exchange.generic import FIELDS as GENERICS
from decompte.rules import reasons
from decompte.rules.shapes import Line
from tests.engine import people

FIELDS = [name for name in AMOUNTS if name not in {"rate_bp", "reasons"}]
LINES = 1_000 if numba.config.DISABLE_JIT else int(os.environ.get("BATCH_LINES", "3000"))


def singly(rows):
    """Return the amounts of one person's rows by the single case."""
    settlement = settle(case.read(people.as_case(rows), today=people.TODAY))
    return [
        (*(getattr(line, f"{name}_cents") for name in FIELDS), line.rate_bp, line.reasons)
        for line in settlement.lines
    ]


def refusal(row):
    """Return the codes for which one row alone is refused by the single case, if any."""
    try:
        case.read(people.as_case([row]), today=people.TODAY)
    except Refusal as refused:
        return {problem.code for problem in refused.problems}
    return set()


@pytest.fixture(scope="module")
def lines():
    return people.table(lines=LINES, seed=20, spoilt=0.05)


@pytest.fixture(scope="module")
def both(lines):
    return settler.batch_with_rejects(lines, today=people.TODAY)


def test_random_lines_of_random_people_give_the_same_cents_and_reasons(lines, both):
    amounts, _rejected = both
    kept = set(amounts["line"].to_pylist())
    got = list(
        zip(*(amounts[name].to_pylist() for name in (*FIELDS, "rate_bp", "reasons")), strict=True)
    )
    wanted = []
    rows = [row for row in lines.to_pylist() if row["line"] in kept]
    for _person, owned in groupby(rows, key=lambda row: row["beneficiary"]):
        mine = list(owned)
        facts = ("birth_date", "scheme", "covers", "formula", "declared_gp_since")
        wanted += by_facts(mine, facts)
    assert len(got) > LINES / 3
    assert got == wanted


def by_facts(rows, facts):
    """Settle rows of one person; only tests spoil a fact in the middle of a person's rows."""
    if len({tuple(row[fact] for fact in facts) for row in rows}) == 1:
        return singly(rows)
    pytest.fail("a spoilt fact of a person should have been rejected")


def test_a_row_is_rejected_if_and_only_if_the_case_refuses_it(lines, both):
    _amounts, rejected = both
    refused = dict(zip(rejected["line"].to_pylist(), rejected["reasons"].to_pylist(), strict=True))
    for row in lines.slice(0, 20_000).to_pylist():
        codes = refusal(row) if row["date"] and row["act"] else {"field.missing"}
        told = {part.split(": ")[1] for part in refused.get(row["line"], "").split(APART) if part}
        assert bool(codes) == bool(told), (row, codes, told)


def test_an_act_for_some_ages_is_read_at_the_age_of_each_row():
    row = people.table(lines=1, seed=4).to_pylist()[0] | people.PLAIN
    births = [people.date(2024 - age, 2, 28 + (age % 4 == 0)) for age in range(84)]
    rows = [
        row | {"act": act, "birth_date": birth, "date": on}
        for on in (people.date(2024, 2, 29), people.date(2025, 5, 6))
        for act in ("COE", "MEG", "CEH", "GL1", "HDA", "BDA", "RDP", "BRP")
        for birth in births
    ]
    rows = [one | {"beneficiary": place} for place, one in enumerate(rows)]
    table = pa.Table.from_pylist(rows, schema=people.SCHEMA)
    amounts, rejected = settler.batch_with_rejects(table, today=people.TODAY)
    refused = {one["beneficiary"] for one in rejected.to_pylist()}
    assert refused == {place for place, one in enumerate(rows) if refusal(one)}
    assert len(amounts) > 50
    for got in amounts.to_pylist():
        ((*cents, rate, reasons),) = singly([rows[got["beneficiary"]]])
        assert [got[name] for name in (*FIELDS, "rate_bp", "reasons")] == [*cents, rate, reasons]


def test_rows_in_are_rows_out_and_rejected_rows(lines, both):
    amounts, rejected = both
    assert len(lines) == len(amounts) + len(rejected)
    assert sorted(amounts["line"].to_pylist() + rejected["line"].to_pylist()) == list(range(LINES))


def test_rare_rows_give_the_same_cents_and_reasons():
    amounts = settler.batch(people.rare(), today=people.TODAY)
    names = (*FIELDS, "rate_bp", "reasons")
    got = list(zip(*(amounts[name].to_pylist() for name in names), strict=True))
    rows = people.rare().to_pylist()
    owned = groupby(rows, key=lambda row: row["beneficiary"])
    assert got == [line for _person, mine in owned for line in singly(list(mine))]


def test_shuffled_rows_give_the_same_amounts(lines, both):
    order = np.random.default_rng(1).permutation(len(lines))
    shuffled, _rejected = settler.batch_with_rejects(lines.take(order), today=people.TODAY)
    assert shuffled.sort_by("line").equals(both[0].sort_by("line"))


def test_every_field_of_a_line_is_filled():
    from_row = {
        *("pathway", "formula", "price", "quantity", "age", "age_on_1_january", "has_gp", "covers"),
        *("is_ald_related", "is_local", "is_third_party_payment", "related"),
    }
    assert from_row | set(CHARGED) == set(Line._fields), "add the new field to `line_of`"
    assert line_of.__doc__


def test_what_is_not_special_is_what_a_line_has_unless_told_otherwise():
    bare = dict.fromkeys(NOTHING_SPECIAL._fields, 0) | Line._field_defaults
    assert {name: bare[name] for name in NOTHING_SPECIAL._fields} == NOTHING_SPECIAL._asdict()


def test_every_reason_that_rows_can_give_occurs_in_the_batch(both):
    told = {value: name for name, value in vars(reasons).items() if name.isupper() and value}
    rare = settler.batch(people.rare(), today=people.TODAY)
    met = int(np.bitwise_or.reduce(np.concatenate([one["reasons"] for one in (*both[:1], rare)])))
    assert met < 2 * max(told), "every reason has a name"
    assert {name for value, name in told.items() if not met & value} == people.OF_A_CASE


def test_text_dictionary_and_number_identifiers_are_the_same(lines):
    some = lines.slice(0, 3000)
    plain = settler.batch_with_rejects(some, today=people.TODAY)[0]
    as_text = [f"{value:09d}" for value in some["beneficiary"].to_pylist()]
    for kind in (
        pa.array(as_text),
        pa.array(as_text).dictionary_encode(),
        pa.array(as_text, pa.string_view()),
    ):
        table = some.set_column(0, "beneficiary", kind)
        for name in ("act", "specialty", "sector", "pathway"):
            place = table.schema.get_field_index(name)
            table = table.set_column(place, name, table[name].dictionary_encode())
        other = settler.batch_with_rejects(table, today=people.TODAY)[0]
        assert other.drop_columns("beneficiary").equals(plain.drop_columns("beneficiary"))


def test_a_table_with_wrong_rows_is_refused_and_tells_why():
    row = people.table(lines=1, seed=1).set_column(3, "act", pa.array(["NOPE"]))
    with pytest.raises(Refusal, match=r"act: act\.unknown"):
        settler.batch(row, today=people.TODAY)


@pytest.mark.parametrize("name", columns.REQUIRED)
def test_a_missing_column_is_named(name):
    with pytest.raises(Refusal, match=f"{name}: this column is needed"):
        settler.batch(people.table(lines=3, seed=1).drop_columns(name), today=people.TODAY)


def test_a_column_that_only_a_case_knows_is_refused_by_name():
    plain = people.table(lines=1, seed=4)
    for name in ("prevention", "modifiers", "association", *GENERICS):
        with pytest.raises(Refusal) as refused:
            columns.check_schema(plain.append_column(name, pa.array(["1"])).schema)
        assert [(one.code, one.field) for one in refused.value.problems] == [
            ("column.of_a_case", name)
        ]
        assert name in case.LINE


def test_a_column_nearly_named_and_a_wrong_type_are_refused_together():
    table = people.table(lines=3, seed=1).rename_columns({"pathway": "pathways"})
    place = table.schema.get_field_index("price_cents")
    table = table.set_column(place, "price_cents", pa.array([1.0, 2.0, 3.0]))
    with pytest.raises(Refusal, match=r"pathways.*perhaps 'pathway'") as refused:
        settler.batch(table, today=people.TODAY)
    assert {problem.code for problem in refused.value.problems} == {"column.unknown", "column.type"}


def test_five_columns_are_enough():
    table = people.table(lines=1, seed=1).select(list(columns.REQUIRED))
    table = pa.table(
        {
            "beneficiary": [7],
            "line": [1],
            "date": table["date"],
            "act": ["G"],
            "price_cents": [3000],
        }
    ).set_column(2, "date", pa.array([people.date(2025, 3, 3)]))
    amounts = settler.batch(table, today=people.TODAY).to_pylist()[0]
    assert (amounts["base"], amounts["gross"], amounts["participation"]) == (3000, 2100, 200)


def test_two_lines_of_a_person_with_one_number_are_both_rejected():
    table = people.table(lines=6, seed=3)
    twice = table.set_column(1, "line", pa.array([1, 2, 1, 4, 5, 6]))
    twice = twice.set_column(0, "beneficiary", pa.array([1] * 6))
    rejected = settler.batch_with_rejects(twice, today=people.TODAY)[1]
    told = [row["line"] for row in rejected.to_pylist() if "line.twice" in row["reasons"]]
    assert told == [1, 1]


def test_an_empty_table_gives_an_empty_one():
    empty = people.table(lines=3, seed=1).slice(0, 0)
    assert len(settler.batch(empty, today=people.TODAY)) == 0


def test_another_law_settles_the_lines_that_were_read_once():
    law = periods()
    dearer = law.law._replace(
        participation_per_act=tuple(2 * n for n in law.law.participation_per_act)
    )
    reform = settler.Settler(law._replace(law=dearer), people.TODAY)
    today = settler.Settler(law, people.TODAY)
    table = people.table(lines=500, seed=4, since=2024)
    lines = today.read(table)
    assert reform.takes(lines)
    before, after = today.amounts(lines), reform.amounts(lines)
    assert after.participation.sum() > before.participation.sum()
    read_again = settler.batch_with_rejects(table, today=people.TODAY, law=reform.law)[0]
    assert (
        read_again["participation"].to_pylist() == after.participation[after.problems == 0].tolist()
    )
    other = law.names._replace(formula={**law.names.formula, "reform": 9})
    assert not settler.Settler(law._replace(names=other), people.TODAY).takes(lines)
