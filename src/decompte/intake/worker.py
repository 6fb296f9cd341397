"""The fenced child: opens foreign files, draws their pages anew, answers in JSON and JPEG.

It reads the files from standard input and writes to standard output. It has no environment, no
network need, little memory and little time. Whatever goes wrong in here is a refusal outside.

`worker TASK KIND:LENGTH…`: the task, and for each file its media type and length in bytes; for a
scan also the first page to read and how many, for a reading the program that reads pictures.
"""

import json
import resource
import struct
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from typing import Any

import cv2
import numpy as np
import pikepdf
import pillow_heif
import pypdfium2
import zxingcpp
from PIL import Image, ImageOps

from decompte.intake import photos
from decompte.intake.limits import (
    MEMORY_BYTES,
    MOST_CHARACTERS,
    MOST_PAGES,
    MOST_PIXELS,
    READER_LANGUAGE,
    RENDERED_SIDE,
    SCAN_PAGES,
    SECONDS,
)

FORBIDDEN_NAMES = ("/OpenAction", "/AA")
FORBIDDEN_TREES = ("/JavaScript", "/EmbeddedFiles")
CODES = zxingcpp.BarcodeFormat.QRCode | zxingcpp.BarcodeFormat.DataMatrix
QUALITY = 85
DECODED_SIDE = 2_600
MOST_CODE_CHARACTERS = 2_000
UPSIDE_DOWN = 90
PDF = "application/pdf"
Answer = tuple[dict[str, Any], list[bytes]]
Files = list[tuple[str, bytes]]


class Refused(Exception):  # noqa: N818  (an answer, not a failure)
    """The file is one that the house does not take."""


def main() -> None:
    """Answer for the files on standard input."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    cv2.setNumThreads(1)
    pillow_heif.register_heif_opener()
    task, *announced = sys.argv[1:]
    try:
        files = _files(announced)
        answer, pages = TASKS[task](files, announced)
    except Refused as refused:
        answer, pages = {"refused": str(refused)}, []
    except Exception as error:  # noqa: BLE001  (whatever a foreign file does is a refusal)
        answer, pages = {"refused": "unreadable", "error": type(error).__name__}, []
    head = json.dumps(answer).encode()
    sys.stdout.buffer.write(struct.pack(">I", len(head)) + head + b"".join(pages))


def _files(announced: list[str]) -> Files:
    found = []
    for one in announced:
        media_type, _, length = one.partition(":")
        if length:
            found.append((media_type, sys.stdin.buffer.read(int(length))))
    return found


def _draw(files: Files, _announced: list[str]) -> Answer:
    """Draw every page of every file; photos are flattened, levelled and judged.

    A code that was lost when a photo was made level is looked for in the photo as it came.
    """
    drawn, codes, counts = [], [], []
    for media_type, data in files:
        photo = None if media_type == PDF else _opened_picture(data)
        pages = _pdf(data) if photo is None else [_photo(photo)]
        drawn += [_jpeg(page) for page in pages]
        found = [_codes(page) for page in pages]
        if photo is not None and not found[0]:
            found = [_codes(photo)]
        codes += [[text for text, _turn in one] for one in found]
        counts.append(len(pages))
    if len(drawn) > MOST_PAGES:
        raise Refused("pages")
    return {"pages": [len(page) for page in drawn], "counts": counts, "codes": codes}, drawn


def _text(files: Files, _announced: list[str]) -> Answer:
    ((_media_type, data),) = files
    document = _opened(data, MOST_PAGES)
    pages = [document[number].get_textpage().get_text_bounded() for number in range(len(document))]
    return {"text": "\n".join(pages)[:MOST_CHARACTERS]}, []


def _read(files: Files, announced: list[str]) -> Answer:
    """Have a picture read by Tesseract, which stands in the same fence; one page, one thread."""
    ((_media_type, data),) = files
    read = subprocess.run(  # noqa: S603  (the program the host names)
        [announced[1], "stdin", "stdout", "-l", READER_LANGUAGE],
        input=_jpeg(_opened_picture(data)),
        capture_output=True,
        timeout=SECONDS,
        check=True,
        env={"OMP_THREAD_LIMIT": "1"},
    )
    return {"text": read.stdout.decode(errors="replace")[:MOST_CHARACTERS]}, []


def _scan(files: Files, announced: list[str]) -> Answer:
    """Draw some pages of a scanned stack: upright where a code tells, level, or told blank."""
    ((media_type, data),) = files
    first, count = int(announced[1]), int(announced[2])
    if media_type == PDF:
        document = _opened(data, SCAN_PAGES)
        total = len(document)
        pages = [_page(document[n]) for n in range(first, min(first + count, total))]
    else:
        total, pages = 1, [_opened_picture(data)][first : first + count]
    sheets, drawn = [], []
    for page in pages:
        upright, codes = _upright(page)
        sheets.append({"codes": codes, "is_blank": photos.is_blank(upright)})
        drawn.append(_jpeg(photos.level(upright)))
    return {"pages": [len(page) for page in drawn], "sheets": sheets, "total": total}, drawn


def _upright(page: photos.Picture) -> tuple[photos.Picture, list[str]]:
    """Return a page turned as its first code stands, and the codes on it."""
    found = _codes(page)
    if not found:
        return page, []
    turn = round(found[0][1] / UPSIDE_DOWN) % 4
    turned = np.ascontiguousarray(np.rot90(page, turn)) if turn else page
    return turned, [text for text, _angle in found]


def _codes(page: photos.Picture) -> list[tuple[str, int]]:
    """Return the QR and 2D-Doc codes on a page, with how far each is turned, in degrees.

    Plain text keeps the control characters that part the fields of a 2D-Doc.
    """
    found = zxingcpp.read_barcodes(page, formats=CODES, text_mode=zxingcpp.TextMode.Plain)
    return [(code.text[:MOST_CODE_CHARACTERS], int(code.orientation)) for code in found]


def _pdf(data: bytes) -> list[photos.Picture]:
    document = _opened(data, MOST_PAGES)
    return [_page(document[number]) for number in range(len(document))]


def _opened(data: bytes, most_pages: int) -> pypdfium2.PdfDocument:
    """Return a PDF that holds neither program nor attachment, opened to be read."""
    with pikepdf.open(BytesIO(data)) as document:
        if document.is_encrypted:
            raise Refused("encrypted")
        names = document.Root.get("/Names", pikepdf.Dictionary())
        if any(name in document.Root for name in FORBIDDEN_NAMES) or any(
            tree in names for tree in FORBIDDEN_TREES
        ):
            raise Refused("active")
        if len(document.pages) > most_pages:
            raise Refused("pages")
    drawn = pypdfium2.PdfDocument(data)
    if len(drawn) == 0 or len(drawn) > most_pages:
        raise Refused("pages")
    return drawn


def _page(page: pypdfium2.PdfPage) -> photos.Picture:
    width, height = page.get_size()
    scale = RENDERED_SIDE / max(width, height, 1)
    if width * height * scale * scale > MOST_PIXELS:
        raise Refused("pixels")
    return np.asarray(page.render(scale=scale).to_numpy()[:, :, :3], np.uint8)


def _photo(photo: photos.Picture) -> photos.Picture:
    page = photos.page(photo)
    if fault := photos.fault(page if min(page.shape[:2]) >= photos.SMALLEST else photo):
        raise Refused(fault)
    return page


def _opened_picture(data: bytes) -> photos.Picture:
    with Image.open(BytesIO(data)) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise Refused("pixels")
        opened.draft("RGB", (DECODED_SIDE, DECODED_SIDE))
        upright = ImageOps.exif_transpose(opened).convert("RGB")
    whole = np.asarray(cv2.cvtColor(np.asarray(upright), cv2.COLOR_RGB2BGR), np.uint8)
    return photos.within(whole, DECODED_SIDE)


def _jpeg(picture: photos.Picture) -> bytes:
    written, encoded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    if not written:
        raise Refused("unreadable")
    return encoded.tobytes()


TASKS: dict[str, Callable[[Files, list[str]], Answer]] = {
    "draw": _draw,
    "text": _text,
    "read": _read,
    "scan": _scan,
}

if __name__ == "__main__":
    main()
