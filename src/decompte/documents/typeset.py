"""Turns a template and data into an accessible PDF (PDF/UA-1), the same bytes for the same input.

Data reach the template as JSON, never as markup: a name such as `#panic()` is printed as it is.
"""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from functools import lru_cache
from pathlib import Path

import typst

TEMPLATES = Path(__file__).parent / "templates"


def typeset(template: str, data: Mapping[str, object], *, day: date) -> bytes:
    """Return a PDF/UA-1 document.

    Args:
        template: name of a file of `templates`, without its ending.
        data: what the template shows; must be fit for JSON.
        day: day of the document, written into the file instead of the machine's time.
    """
    pdf = _compiler(template).compile(
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards="ua-1",
        timestamp=datetime.combine(day, time(), tzinfo=UTC),
    )
    assert isinstance(pdf, bytes)
    return pdf


@lru_cache(maxsize=8)
def _compiler(template: str) -> typst.Compiler:
    return typst.Compiler(TEMPLATES / f"{template}.typ", root=TEMPLATES, ignore_system_fonts=True)
