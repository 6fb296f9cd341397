"""How passwords are kept."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2id46(Argon2PasswordHasher):
    """Argon2id with 46 MiB, one pass, one lane: strong, and quick enough for September's rush."""

    time_cost = 1
    memory_cost = 46 * 1024
    parallelism = 1
