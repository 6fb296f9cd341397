"""Care lines of any file, block by block, in order of beneficiary, date and line number.

Parquet is read as it is as long as it turns out to be in order; what is not is sorted by DuckDB
outside the memory. CSV is first written as Parquet with the format's types; a cell that has not its
type leaves its row marked.
"""

import codecs
import hashlib
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from decompte.errors import Problem, Refusal, Text, cause
from decompte.exchange.columns import BY_NAME, COLUMNS, UNREADABLE

BLOCK = 1 << 18
MEMORY_LIMIT = "512MB"
KINDS = {
    "text": pa.string(),
    "identifier": pa.string(),
    "whole": pa.int64(),
    "number": pa.float64(),
    "date": pa.date32(),
    "flag": pa.bool_(),
}
SHAPES = {
    "whole": r"^-?\d{1,18}$",
    "number": r"^-?\d{1,15}(\.\d{1,15})?$",
    "date": r"^\d{4}-\d{2}-\d{2}$",
    "flag": r"^(true|false|True|False|0|1)$",
}


class Blocks:
    """The blocks of a Parquet file: its row groups, and large ones in slices."""

    def __init__(self, path: Path) -> None:
        """Open a file.

        Raises:
            Refusal: it is no Parquet that can be read.
        """
        self.path = path
        try:
            self._metadata = pq.read_metadata(path)
            self.schema = pq.read_schema(path)
        except (OSError, pa.ArrowException) as error:
            raise unreadable(path, error) from None
        self.rows = self._metadata.num_rows
        self.texts = [
            field.name
            for field in self.schema
            if field.name in BY_NAME and BY_NAME[field.name].kind == "text"
        ]
        groups = range(self._metadata.num_row_groups)
        sizes = [self._metadata.row_group(group).num_rows for group in groups]
        self.plan = [
            (group, start, min(start + BLOCK, size))
            for group, size in enumerate(sizes)
            for start in range(0, size, BLOCK)
        ]

    def starts(self) -> list[int]:
        """Return the first row of every block in the file, and one more at the end."""
        starts = [0]
        for _group, first, last in self.plan:
            starts.append(starts[-1] + last - first)
        return starts

    def read(self, block: int) -> pa.Table:
        """Return a block; texts stay the dictionaries that they are in the file.

        Raises:
            Refusal: the file is damaged there.
        """
        group, first, last = self.plan[block]
        try:
            with pq.ParquetFile(
                self.path,
                metadata=self._metadata,  # read once: a long file's takes longer than a block
                read_dictionary=self.texts,
            ) as file:
                if file.metadata.row_group(group).num_rows == last - first:
                    return file.read_row_group(group, use_threads=False).combine_chunks()
                return self._slice(file, group, first // BLOCK)
        except (OSError, pa.ArrowException) as error:
            raise unreadable(self.path, error) from None

    def _slice(self, file: pq.ParquetFile, group: int, slice_number: int) -> pa.Table:
        batches = file.iter_batches(batch_size=BLOCK, row_groups=[group], use_threads=False)
        for number, batch in enumerate(batches):
            if number == slice_number:
                return pa.Table.from_batches([batch])
        raise pa.ArrowInvalid(f"row group {group} ends early")


def fingerprint(path: Path) -> str:
    """Return what tells one input from another: size, time of change, last bytes."""
    status = path.stat()
    with path.open("rb") as file:
        file.seek(max(0, status.st_size - BLOCK))
        tail = hashlib.sha256(file.read()).hexdigest()
    return f"{status.st_size}-{status.st_mtime_ns}-{tail[:32]}"


def sort(source: Path, target: Path, folder: Path, workers: int) -> None:
    """Write a Parquet file in order of beneficiary, date and line, outside the memory.

    Raises:
        Refusal: the disk is full, or the file is damaged.
    """
    partial = folder / "sorting"
    try:
        with duckdb.connect(config={"threads": workers, "memory_limit": MEMORY_LIMIT}) as base:
            base.execute("SET temp_directory = $folder", {"folder": str(folder / "spill")})
            lines = base.read_parquet(str(source)).order("beneficiary, date, line")
            lines.write_parquet(str(partial), row_group_size=BLOCK)
    except (duckdb.Error, OSError) as error:
        raise unreadable(source, error) from None
    partial.replace(target)


def typed(source: Path, target: Path) -> None:
    """Write a CSV file as Parquet with the types of the format; unreadable rows are marked.

    Raises:
        Refusal: it is no CSV that can be read.
    """
    partial = target.with_suffix(".partial")
    wrong_rows: list[int] = []
    _check_text(source)
    try:
        with source.open("rb") as raw:
            reader = pyarrow.csv.open_csv(
                raw,
                parse_options=pyarrow.csv.ParseOptions(
                    invalid_row_handler=lambda row: _note(wrong_rows, row)
                ),
                convert_options=pyarrow.csv.ConvertOptions(
                    column_types={column.name: pa.string() for column in COLUMNS},
                    strings_can_be_null=True,
                    null_values=[""],
                    quoted_strings_can_be_null=True,
                ),
            )
            _write_typed(reader, partial, wrong_rows)
    except (OSError, pa.ArrowException) as error:
        raise unreadable(source, error) from None
    partial.replace(target)


def _check_text(source: Path) -> None:
    """Refuse what is no text in UTF-8, by its beginning.

    Raises:
        Refusal: it is none, with the line; or the file cannot be read.
    """
    try:
        with source.open("rb") as raw:
            head = raw.read(BLOCK)
    except OSError as error:
        raise unreadable(source, error) from None
    wrong = head.find(b"\0")
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError as error:
        wrong = error.start
    if wrong >= 0:
        line = head[:wrong].count(b"\n") + 1
        told = Text(f"ligne {line} : ce n'est pas un texte UTF-8", f"line {line}: no text in UTF-8")
        raise Refusal([Problem("file.encoding", source.name, told)])


def _note(wrong_rows: list[int], _row: object) -> str:
    wrong_rows.append(1)
    return "skip"


def _write_typed(
    reader: pyarrow.csv.CSVStreamingReader, partial: Path, wrong_rows: list[int]
) -> None:
    first = _cast(pa.Table.from_batches([], reader.schema))
    with pq.ParquetWriter(partial, first.schema) as writer:
        for batch in reader:
            writer.write_table(_cast(pa.Table.from_batches([batch])), row_group_size=BLOCK)
        if wrong_rows:
            nulls = [pa.nulls(len(wrong_rows), field.type) for field in first.schema][:-1]
            marks = pa.array([True] * len(wrong_rows))
            writer.write_table(pa.Table.from_arrays([*nulls, marks], schema=first.schema))


def _cast(table: pa.Table) -> pa.Table:
    marks = pa.array([False] * len(table), pa.bool_())
    for place, field in enumerate(table.schema):
        column = BY_NAME.get(field.name)
        if column is None or column.kind not in SHAPES:
            continue
        texts = table.column(place).combine_chunks()
        values, bad = _values(texts, column.kind)
        marks = pc.or_(marks, bad)
        table = table.set_column(place, pa.field(field.name, KINDS[column.kind]), values)
    return table.append_column(UNREADABLE, marks)


def _values(texts: pa.Array, kind: str) -> tuple[pa.Array, pa.Array]:
    trimmed = pc.utf8_trim_whitespace(texts)
    fits = pc.fill_null(pc.match_substring_regex(trimmed, SHAPES[kind]), fill_value=False)
    clean = pc.if_else(fits, trimmed, pa.scalar(None, pa.string()))
    if kind == "date":
        days = pc.strptime(clean, format="%Y-%m-%d", unit="s", error_is_null=True).cast(pa.date32())
        same = pc.fill_null(pc.equal(days.cast(pa.string()), clean), fill_value=False)
        days = pc.if_else(same, days, pa.scalar(None, pa.date32()))
        return days, pc.and_(pc.is_valid(texts), pc.is_null(days))
    values = clean.cast(KINDS[kind])
    return values, pc.and_(pc.is_valid(texts), pc.is_null(values))


def unreadable(path: Path, error: Exception) -> Refusal:
    """Return the refusal of a file that cannot be read or written, with the library's word."""
    word = (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
    why = cause(error) if isinstance(error, OSError) else Text(word, word)
    return Refusal(
        [
            Problem(
                "file.unreadable",
                path.name,
                Text(
                    fr=f"lecture ou écriture impossible : {why.fr}",
                    en=f"cannot be read or written: {why.en}",
                ),
            )
        ]
    )
