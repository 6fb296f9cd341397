"""What the columns of care lines are: the format of `decompte batch`, and its check.

`COLUMNS` is the format; the documentation shows it. A column of the wrong type is a refusal of the
table; what is wrong with a value is found when it is read (`exchange.column_values`).
"""

import difflib
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import pyarrow as pa

from decompte.engine import rejections as why
from decompte.errors import Problem, Refusal, Text

COVER_BITS = ("ald", "maternity", "c2s", "acs", "ame", "military-pension", "work-accident")
UNREADABLE = "unreadable"


class Column(NamedTuple):
    """A column of care lines.

    Attributes:
        name: what it is called.
        kind: text, identifier (text or whole number), whole, number, date or flag.
        missing: the mask of a row without a value, or 0 where `default` stands.
        default: what a row without a value has.
        about: what it holds.
    """

    name: str
    kind: str
    missing: int
    default: object
    about: str


COLUMNS = (
    Column("beneficiary", "identifier", why.BENEFICIARY_MISSING, None, "whose care it is"),
    Column("line", "whole", why.LINE_MISSING, None, "number of the line, once a beneficiary"),
    Column("date", "date", why.DATE_MISSING, None, "day of care"),
    Column("act", "text", why.ACT_MISSING, None, "letter, or code of a nomenclature"),
    Column("price_cents", "whole", why.PRICE_MISSING, None, "paid for the whole quantity"),
    Column("quantity", "whole", 0, 1, "number of acts"),
    Column("coefficient", "number", 0, None, "of one act, where the act has one"),
    Column("practitioner", "identifier", 0, None, "who did it; without one, one and the same"),
    Column("specialty", "text", 0, None, "as in a case; the act's own"),
    Column("sector", "text", 0, "1", "as in a case"),
    Column("place", "text", 0, "mainland", "where the practitioner works, as in a case"),
    Column("pathway", "text", 0, "not-concerned", "as in a case"),
    Column("birth_date", "date", 0, date(1970, 1, 1), "an adult on every day computed here"),
    Column("declared_gp_since", "date", 0, None, "none declared"),
    Column("scheme", "text", 0, "general", "as in a case"),
    Column("covers", "whole", 0, 0, "covers in force on the day of care, a bit each"),
    Column("related", "whole", 0, 0, "which of these covers the care is related to"),
    Column("formula", "text", 0, None, "id of a formula; none"),
    Column(
        "third_party_payment", "flag", 0, default=False, about="the insurance paid the practitioner"
    ),
)
BY_NAME = {column.name: column for column in COLUMNS}
REQUIRED = tuple(column.name for column in COLUMNS if column.missing)
KEYS = ("beneficiary", "date", "line")
# What changes an amount in a case and what no batch reads: better refused than not used.
OF_A_CASE = (
    "prevention",
    "modifiers",
    "association",
    "generic_refused",
    "generic_price",
    "generic_since",
    "reference_tariff",
)
FITS: Mapping[str, Callable[[pa.DataType], bool]] = {
    "text": lambda kind: _is_text(kind) or pa.types.is_null(kind),
    "identifier": lambda kind: (
        _is_text(kind) or pa.types.is_integer(kind) or pa.types.is_null(kind)
    ),
    "whole": lambda kind: pa.types.is_integer(kind) or pa.types.is_null(kind),
    "number": lambda kind: (
        pa.types.is_floating(kind) or pa.types.is_integer(kind) or pa.types.is_null(kind)
    ),
    "date": lambda kind: pa.types.is_date(kind) or pa.types.is_null(kind),
    "flag": lambda kind: pa.types.is_boolean(kind) or pa.types.is_null(kind),
}


def check_schema(schema: pa.Schema) -> tuple[str, ...]:
    """Return the columns of a table that are not used; they are none of the format's names.

    Args:
        schema: of the table.

    Raises:
        Refusal: a needed column is missing, one has the wrong type, comes twice, is known to a case
            only, or its name is nearly one of the format's.
    """
    problems = []
    for name in REQUIRED:
        if name not in schema.names:
            problems.append(
                column_problem(
                    name, "column.missing", "cette colonne est nécessaire", "this column is needed"
                )
            )
    unused = []
    for field in schema:
        column = BY_NAME.get(field.name)
        if schema.names.count(field.name) > 1:
            problems.append(
                column_problem(
                    field.name,
                    "column.twice",
                    "cette colonne vient deux fois",
                    "this column comes twice",
                )
            )
        elif field.name in OF_A_CASE:
            problems.append(
                column_problem(
                    field.name,
                    "column.of_a_case",
                    "un lot ne le calcule pas ; `decompte reimburse` le fait, ligne à ligne",
                    "a batch does not compute it; `decompte reimburse` does, line by line",
                )
            )
        elif column is None and field.name != UNREADABLE:
            unused.append(field.name)
            problems += _near(field.name, schema.names)
        elif column is not None and not FITS[column.kind](field.type):
            problems.append(
                column_problem(
                    field.name,
                    "column.type",
                    f"type {field.type} ; attendu : {KINDS_FR[column.kind]}",
                    f"type {field.type}; expected: {KINDS_EN[column.kind]}",
                )
            )
    if problems:
        raise Refusal(problems)
    return tuple(unused)


KINDS_FR = {
    "text": "texte ou dictionnaire de textes",
    "identifier": "texte ou nombre entier",
    "whole": "nombre entier",
    "number": "nombre",
    "date": "date (jour)",
    "flag": "booléen",
}
KINDS_EN = {
    "text": "text or a dictionary of texts",
    "identifier": "text or whole number",
    "whole": "whole number",
    "number": "number",
    "date": "date (day)",
    "flag": "boolean",
}


def plain_type(kind: pa.DataType) -> pa.DataType:
    """Return the type of the values of a dictionary, any other type as it is."""
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def plain_schema(schema: pa.Schema) -> pa.Schema:
    """Return a schema without dictionaries."""
    return pa.schema([pa.field(field.name, plain_type(field.type)) for field in schema])


def _is_text(kind: pa.DataType) -> bool:
    plain = plain_type(kind)
    return bool(pa.types.is_string(plain) or pa.types.is_large_string(plain))


def _near(name: str, given: Sequence[str]) -> list[Problem]:
    near = difflib.get_close_matches(name.lower(), BY_NAME, n=1, cutoff=0.85)
    if not near or near[0] in given:
        return []
    return [
        column_problem(
            name,
            "column.unknown",
            f"colonne inconnue ; {near[0]!r} peut-être ?",
            f"unknown column; perhaps {near[0]!r}?",
        )
    ]


def column_problem(field: str, code: str, fr: str, en: str) -> Problem:
    """Return what is wrong with a column of a table."""
    return Problem(code, field, Text(fr=fr, en=en))
