"""What a file is, by its first bytes, whatever its name says."""

SIGNATURES = (
    ("application/pdf", 0, (b"%PDF-",)),
    ("image/jpeg", 0, (b"\xff\xd8\xff",)),
    ("image/png", 0, (b"\x89PNG\r\n\x1a\n",)),
    ("image/heic", 4, (b"ftypheic", b"ftypheix", b"ftyphevc", b"ftypmif1", b"ftypmsf1")),
)


def kind(data: bytes) -> str | None:
    """Return the media type of the content, or None for what is not let in."""
    for media_type, offset, signatures in SIGNATURES:
        if any(data.startswith(signature, offset) for signature in signatures):
            return media_type
    return None
