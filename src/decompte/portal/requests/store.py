"""Where papers lie: sealed files under random names, on the disk before the row is committed."""

import os
import secrets
import shutil
from pathlib import Path

from cryptography.exceptions import InvalidTag
from django.conf import settings

from decompte.portal.people import sealing

Unreadable = (OSError, InvalidTag)


def keep(
    original: bytes, pages: tuple[bytes, ...], agency: str, more: tuple[bytes, ...] = ()
) -> str:
    """Keep a paper and its drawn pages; return the token under which they lie.

    Args:
        original: the file as it came.
        pages: its pages drawn anew.
        agency: whose key seals it.
        more: the further files of a paper that came as several photos.
    """
    token = secrets.token_urlsafe(16)
    folder = _folder(token)
    folder.mkdir(parents=True, mode=0o700)
    files = [("original", original)]
    files += [(f"original-{place}", data) for place, data in enumerate(more, start=1)]
    files += [(str(place), page) for place, page in enumerate(pages)]
    for name, data in files:
        with (folder / name).open("xb") as file:
            file.write(sealing.seal(data, _context(agency, token)))
            file.flush()
            os.fsync(file.fileno())
    for directory in (folder, folder.parent):
        descriptor = os.open(directory, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)
    return token


def discard(token: str) -> None:
    """Take away what no row will ever name: a file stored for work that was then not done."""
    shutil.rmtree(_folder(token), ignore_errors=True)


def page(token: str, number: int, agency: str) -> bytes:
    """Return a drawn page (JPEG).

    Raises:
        FileNotFoundError: the paper has no such page.
    """
    return sealing.open_sealed((_folder(token) / str(number)).read_bytes(), _context(agency, token))


def original(token: str, agency: str) -> bytes:
    """Return the original as it came.

    Raises:
        FileNotFoundError: there is none.
    """
    return sealing.open_sealed((_folder(token) / "original").read_bytes(), _context(agency, token))


def originals(token: str, agency: str) -> list[bytes]:
    """Return every file of a paper as it came, in order.

    Raises:
        FileNotFoundError: there is none.
    """
    names = [one.name for one in _folder(token).glob("original-*")]
    further = sorted(names, key=lambda name: int(name.rpartition("-")[2]))
    context = _context(agency, token)
    return [
        sealing.open_sealed((_folder(token) / name).read_bytes(), context)
        for name in ("original", *further)
    ]


def page_count(token: str) -> int:
    """Return how many drawn pages a paper has in the store."""
    return sum(one.name.isdecimal() for one in _folder(token).iterdir())


def _folder(token: str) -> Path:
    return Path(settings.VAR) / "papers" / token[:2] / token


def _context(agency: str, token: str) -> str:
    return f"paper:{agency}:{token}"
