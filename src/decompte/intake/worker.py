"""The fenced child: opens one foreign file, draws its pages anew, answers in JSON and JPEG.

It reads the file from standard input and writes to standard output. It has no environment, no
network need, little memory and little time. Whatever goes wrong in here is a refusal outside.
"""

import json
import resource
import struct
import sys
from collections.abc import Callable
from io import BytesIO

import pikepdf
import pillow_heif
import pypdfium2
from PIL import Image, ImageOps

from decompte.intake.limits import (
    MEMORY_BYTES,
    MOST_CHARACTERS,
    MOST_PAGES,
    MOST_PIXELS,
    RENDERED_WIDTH,
    SECONDS,
)

FORBIDDEN_NAMES = ("/OpenAction", "/AA")
FORBIDDEN_TREES = ("/JavaScript", "/EmbeddedFiles")
QUALITY = 85
PDF = "application/pdf"
Answer = tuple[dict[str, object], list[bytes]]


class Refused(Exception):  # noqa: N818  (an answer, not a failure)
    """The file is one that the house does not take."""


def main() -> None:
    """Answer for the file on standard input."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    task, media_type = sys.argv[1:3]
    data = sys.stdin.buffer.read()
    try:
        answer, pages = TASKS[task](data, media_type)
    except Refused as refused:
        answer, pages = {"refused": str(refused)}, []
    except Exception as error:  # noqa: BLE001  (whatever a foreign file does is a refusal)
        answer, pages = {"refused": "unreadable", "error": type(error).__name__}, []
    head = json.dumps(answer).encode()
    sys.stdout.buffer.write(struct.pack(">I", len(head)) + head + b"".join(pages))


def _draw(data: bytes, media_type: str) -> Answer:
    pages = _pdf(data) if media_type == PDF else _image(data)
    return {"pages": [len(page) for page in pages]}, pages


def _text(data: bytes, _media_type: str) -> Answer:
    document = _opened(data)
    pages = [document[number].get_textpage().get_text_bounded() for number in range(len(document))]
    return {"text": "\n".join(pages)[:MOST_CHARACTERS]}, []


def _pdf(data: bytes) -> list[bytes]:
    document = _opened(data)
    return [_page(document[number]) for number in range(len(document))]


def _opened(data: bytes) -> pypdfium2.PdfDocument:
    """Return a PDF that holds neither program nor attachment, opened to be read."""
    with pikepdf.open(BytesIO(data)) as document:
        if document.is_encrypted:
            raise Refused("encrypted")
        names = document.Root.get("/Names", pikepdf.Dictionary())
        if any(name in document.Root for name in FORBIDDEN_NAMES) or any(
            tree in names for tree in FORBIDDEN_TREES
        ):
            raise Refused("active")
        if len(document.pages) > MOST_PAGES:
            raise Refused("pages")
    drawn = pypdfium2.PdfDocument(data)
    if len(drawn) == 0 or len(drawn) > MOST_PAGES:
        raise Refused("pages")
    return drawn


def _page(page: pypdfium2.PdfPage) -> bytes:
    width, height = page.get_size()
    scale = RENDERED_WIDTH / max(width, height, 1)
    if width * height * scale * scale > MOST_PIXELS:
        raise Refused("pixels")
    return _jpeg(page.render(scale=scale).to_pil())


def _image(data: bytes) -> list[bytes]:
    pillow_heif.register_heif_opener()
    with Image.open(BytesIO(data)) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise Refused("pixels")
        upright = ImageOps.exif_transpose(opened)
        upright.thumbnail((RENDERED_WIDTH, RENDERED_WIDTH))
        return [_jpeg(upright)]


def _jpeg(picture: Image.Image) -> bytes:
    written = BytesIO()
    picture.convert("RGB").save(written, "JPEG", quality=QUALITY)
    return written.getvalue()


TASKS: dict[str, Callable[[bytes, str], Answer]] = {"draw": _draw, "text": _text}

if __name__ == "__main__":
    main()
