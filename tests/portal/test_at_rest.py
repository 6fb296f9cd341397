"""What lies on the disks gives nothing away: numbers, accounts and papers, in any usual writing.

A few people by default; a thousand with `DECOMPTE_TIER=1`. Names, addresses and what was written
to the agency are readable in the database: they are searched, and behind its walls alone.
"""

import base64
import hashlib
import os
import random
from pathlib import Path

import pytest
from django.conf import settings
from schwifty import IBAN

from decompte.portal.people import services
from decompte.portal.people.scope import system
from decompte.portal.requests import store
from tests import cast
from tests.portal.test_rights import everything_in_the_database

pytestmark = pytest.mark.django_db
PEOPLE = 1000 if os.environ.get("DECOMPTE_TIER") == "1" else 6


@pytest.fixture
def planted():
    """Numbers, accounts and the text of a paper of people who were never born."""
    draw = random.Random(2014)
    with system("test"):
        return [word for _n in range(PEOPLE) for word in planted_for(draw)]


def planted_for(draw):
    nir = number(draw)
    account = str(IBAN.generate("FR", "30006", f"{draw.randrange(10**11):011d}"))
    text = f"%PDF-1.4 planted text of paper {draw.randrange(10**12)}"
    member = services.save_identity(cast.student().user, {"given_name": "N", "nir": nir})
    services.set_bank_account(member, holder="N", iban=account)
    store.keep(text.encode(), (), "lmde")
    return nir, account, text


def number(draw):
    """Return an identity number with a month that no birth has, and its key."""
    body = f"1{draw.randrange(100):02d}20{draw.randrange(10**8):08d}"
    return f"{body}{97 - int(body) % 97:02d}"


def writings(word):
    """Return a word as a dump might hold it: in clear, base64 at any place, hex, plain digests."""
    data = word.encode()
    yield data
    yield data.hex().encode()
    for shift in range(3):
        inside = base64.b64encode(b"\0" * shift + data)
        yield inside[4 if shift else 0 : len(inside) // 4 * 4 - 4]
    for name in ("md5", "sha1", "sha256"):
        digest = hashlib.new(name, data)
        yield digest.digest()
        yield digest.hexdigest().encode()
        yield base64.b64encode(digest.digest())


def lying_about():
    """Return all that lies in the database and in the folder of the installation."""
    rows = everything_in_the_database().encode("latin-1", "replace")
    folders = (one for one in Path(settings.VAR).iterdir() if one.name != "static")
    files = (path for one in folders for path in (one, *one.rglob("*")) if path.is_file())
    return rows + b"\n".join(path.read_bytes() for path in files)


def test_p4_neither_database_nor_folder_holds_a_number_an_account_or_a_paper(planted):
    found = lying_about()
    assert [one for word in planted for one in writings(word) if one in found] == []


def test_p4_the_same_search_finds_what_lies_open(planted, monkeypatch, tmp_path):
    monkeypatch.setattr(settings, "VAR", tmp_path)
    open_file = tmp_path / "left-behind"
    for word in planted[:3]:
        inside = base64.b64encode(b"account " + word.encode() + b" of a member")
        hashed = hashlib.sha256(word.encode()).hexdigest().encode()
        for lying in (word.encode(), word.encode().hex().encode(), inside, hashed):
            open_file.write_bytes(b"before" + lying + b"after")
            found = lying_about()
            assert any(one in found for one in writings(word))
