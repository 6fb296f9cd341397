"""What the door lets in, in one place; the pages and the documentation show the same figures."""

MOST_BYTES = 10_000_000
MOST_PAGES = 20
MOST_PIXELS = 50_000_000
RENDERED_SIDE = 1_754
SCAN_PAGES = 500
SCAN_BYTES = 200_000_000
SCAN_PAGES_AT_ONCE = 12
SECONDS = 10
WAIT_SECONDS = 14
MEMORY_BYTES = 1_500_000_000
MOST_CHARACTERS = 500_000
READER_LANGUAGE = "fra"
NAME_CHARACTERS = 100
ENDINGS = {
    "application/pdf": (".pdf",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "image/heic": (".heic", ".heif"),
}
