"""A comparison as a folder: a page with tables and plots, the cells as CSV and Parquet, the JSON.

The folder gets its name when everything in it is complete.
"""

import io
import json
import shutil
from pathlib import Path
from xml.etree import ElementTree as ET

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from decompte.engine.tally import SIDES
from decompte.errors import Lang, Text
from decompte.exchange.compare import Comparison
from decompte.exchange.compared import (
    Heading,
    Section,
    document,
    in_order,
    opening,
    people,
    sections,
)
from decompte.exchange.compared_plots import plots

EVERY_ROW = 10_000
SCHEMA = pa.schema(
    {
        "table": pa.string(),
        "name": pa.string(),
        "lines": pa.int64(),
        "people": pa.int64(),
        "measure": pa.string(),
        **{f"{side}_cents": pa.int64() for side in SIDES},
    }
)
PLOT_OF = {"total": "payers"}
STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; margin: 1rem 0; display: block; overflow-x: auto }
caption { text-align: left; font-weight: 600 }
th, td { padding: .2rem .8rem .2rem 0; border-bottom: 1px solid #999; text-align: right }
th:first-child { text-align: left }
svg { max-width: 100%; height: auto }
@media print { table, svg { break-inside: avoid } }
"""
PAGE = Text("Deux droits sur les mêmes soins", "Two laws over the same care")


def write(target: Path, heading: Heading, found: Comparison, lang: Lang) -> None:
    """Write a comparison as a folder.

    Args:
        target: the folder, whose name is free.
        heading: what is compared.
        found: what came out.
        lang: of the page and the plots.

    Raises:
        OSError: the disk is full, or may not be written; nothing has the name then.
    """
    drawings = plots(found, lang)
    cells = table(found)
    files = {
        "report.html": page(heading, found, drawings, lang),
        "report.json": _json(document(heading, found, lang)),
        "cells.csv": _csv(cells),
        "cells.parquet": _parquet(cells),
        **drawings,
    }
    partial = target.with_name(target.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        partial.mkdir()
        for name, content in files.items():
            (partial / name).write_bytes(content)
        partial.replace(target)
    except OSError:
        shutil.rmtree(partial, ignore_errors=True)
        raise


def table(found: Comparison) -> pa.Table:
    """Return every cell and measure of a comparison as one table."""
    rows = []
    for name, cells in {"total": found.total, "bands": found.bands, **found.tables}.items():
        if cells is None:
            continue
        for at in in_order(name, cells) if name in found.tables else range(len(cells.names)):
            for measure in cells.measures:
                about = (name, cells.names[at], int(cells.lines[at]), people(cells, at), measure)
                amounts = (cells.amount(at, measure, side) for side in SIDES)
                rows.append(dict(zip(SCHEMA.names, (*about, *amounts), strict=True)))
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def _json(told: dict[str, object]) -> bytes:
    return (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode()


def _csv(cells: pa.Table) -> bytes:
    sink = io.BytesIO()
    pyarrow.csv.write_csv(cells, sink)
    return sink.getvalue()


def _parquet(cells: pa.Table) -> bytes:
    sink = io.BytesIO()
    pq.write_table(cells, sink)
    return sink.getvalue()


def page(heading: Heading, found: Comparison, drawings: dict[str, bytes], lang: Lang) -> bytes:
    """Return a comparison as one page that needs nothing beside it."""
    html = ET.Element("html", {"lang": lang})
    head = ET.SubElement(html, "head")
    ET.SubElement(head, "meta", {"charset": "utf-8"})
    ET.SubElement(head, "meta", {"name": "viewport", "content": "width=device-width"})
    ET.SubElement(head, "title").text = f"{heading.title.to(lang)} · Décompte"
    ET.SubElement(head, "style").text = STYLE
    main = ET.SubElement(ET.SubElement(html, "body"), "main")
    ET.SubElement(main, "h1").text = PAGE.to(lang)
    for line in opening(heading, found, lang):
        ET.SubElement(main, "p").text = line.strip()
    for section in sections(found, lang, most=EVERY_ROW):
        ET.SubElement(main, "h2").text = section.title
        drawing = drawings.get(f"{PLOT_OF.get(section.name, section.name)}.svg")
        if drawing:
            main.append(ET.fromstring(drawing))  # noqa: S314  (made by ourselves just now)
        _table(main, section)
    told = f"{heading.versions[0]} → {heading.versions[1]}"
    ET.SubElement(main, "p").text = told
    written: bytes = ET.tostring(html, encoding="utf-8", method="html")
    return b"<!DOCTYPE html>\n" + written


def _table(main: ET.Element, section: Section) -> None:
    if section.note:
        ET.SubElement(main, "p").text = section.note
    if not section.rows:
        return
    element = ET.SubElement(main, "table")
    ET.SubElement(element, "caption").text = section.title
    row = ET.SubElement(ET.SubElement(element, "thead"), "tr")
    for cell in section.head:
        ET.SubElement(row, "th", {"scope": "col"}).text = cell
    body = ET.SubElement(element, "tbody")
    for cells in section.rows:
        row = ET.SubElement(body, "tr")
        ET.SubElement(row, "th", {"scope": "row"}).text = cells[0]
        for cell in cells[1:]:
            ET.SubElement(row, "td").text = cell
