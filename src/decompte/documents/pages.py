"""Pages that were drawn anew, bound into one PDF: each as it is, none encoded a second time."""

import struct
from collections.abc import Sequence
from io import BytesIO

import pikepdf

from decompte.errors import Lang

A4_SHORT, A4_LONG = 595.276, 841.89
START_OF_FRAME = {0xC0, 0xC1, 0xC2}


def pages_pdf(jpegs: Sequence[bytes], *, title: str, lang: Lang) -> bytes:
    """Return pictures of pages as a PDF, each filling an A4 page upright or across.

    Args:
        jpegs: the pages, in colour.
        title: what the file is called.
        lang: language of the title.
    """
    document = pikepdf.new()
    for jpeg in jpegs:
        _add_page(document, jpeg)
    document.Root.Lang = pikepdf.String(lang)
    document.docinfo["/Title"] = title
    written = BytesIO()
    document.save(written, deterministic_id=True)
    return written.getvalue()


def _add_page(document: pikepdf.Pdf, jpeg: bytes) -> None:
    width, height = _size(jpeg)
    box = (A4_LONG, A4_SHORT) if width > height else (A4_SHORT, A4_LONG)
    scale = min(box[0] / width, box[1] / height)
    left, bottom = (box[0] - width * scale) / 2, (box[1] - height * scale) / 2
    picture = pikepdf.Stream(
        document,
        jpeg,
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=width,
        Height=height,
        ColorSpace=pikepdf.Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=pikepdf.Name.DCTDecode,
    )
    drawing = f"{width * scale:.3f} 0 0 {height * scale:.3f} {left:.3f} {bottom:.3f} cm /P Do"
    page = document.add_blank_page(page_size=box)
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(P=picture))
    page.Contents = pikepdf.Stream(document, f"q {drawing} Q".encode())


def _size(jpeg: bytes) -> tuple[int, int]:
    """Return width and height of a JPEG, from its frame header."""
    place = 2
    while True:
        _mark, code, length = struct.unpack_from(">BBH", jpeg, place)
        if code in START_OF_FRAME:
            height, width = struct.unpack_from(">HH", jpeg, place + 5)
            return width, height
        place += 2 + length
