"""The portal's settings with one more address, for the benchmark of the interfaces."""

from decompte.portal.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.api_urls"
CALLS_A_MINUTE_OPEN = 10_000_000
