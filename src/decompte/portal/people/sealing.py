"""Keeps identity numbers, bank details and papers unreadable at rest, yet findable.

AES-256-GCM with a key derived for each context from the host's sealing key; a keyed digest
(HMAC-SHA256) finds a value without opening it. Who holds the database alone reads nothing.
"""

import hashlib
import hmac
import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

NONCE_BYTES = 12
KEY_BYTES = 32


class Secret(str):
    """A value that never shows itself in a log or an error: only `reveal()` gives it."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Return a mask."""
        return "Secret(…)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        """Return a mask."""
        return repr(self)

    def reveal(self) -> str:
        """Return the value itself."""
        return str.__str__(self)


def seal(data: bytes, context: str) -> bytes:
    """Return data made unreadable; only the same context opens it."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(_key(context)).encrypt(nonce, data, context.encode())


def open_sealed(data: bytes | memoryview, context: str) -> bytes:
    """Return what was sealed.

    Raises:
        cryptography.exceptions.InvalidTag: wrong context or key, or changed data.
    """
    sealed = bytes(data)
    nonce, rest = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    return AESGCM(_key(context)).decrypt(nonce, rest, context.encode())


def index(value: str, context: str) -> bytes:
    """Return the keyed digest by which a sealed value is found."""
    return hmac.new(_key(f"index:{context}"), value.encode(), hashlib.sha256).digest()


def _key(context: str) -> bytes:
    derivation = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=context.encode())
    return derivation.derive(settings.SEALING_KEY.encode())
