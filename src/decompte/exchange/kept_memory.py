"""Memory that a run has once taken stays its own until it ends.

Blocks of some megabytes come and go in several threads. A machine that is itself a guest of another
takes microseconds for every page of 4 KiB that it gives: giving blocks back and asking for them
again took a tenth of a batch's processor time.
"""

import ctypes

import pyarrow as pa

TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3  # as glibc numbers what `mallopt` sets
MOST_BYTES = 1 << 30


def keep_memory() -> None:
    """Give no memory back to the system; where the C library cannot be told, it does as it does."""
    pa.set_memory_pool(pa.system_memory_pool())
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(MMAP_THRESHOLD, MOST_BYTES)
        mallopt(TRIM_THRESHOLD, MOST_BYTES)
