"""Identifiers that go into addresses: random, so that nobody can guess another's."""

import secrets


def new_public_id() -> str:
    """Return 128 random bits in 22 characters, fit for an address."""
    return secrets.token_urlsafe(16)
