"""`rules.rounding.share` as it is compiled: the rules take shares four times a line."""

import numpy as np


def quick_share(amount: int, points: int) -> int:
    """Return a share as `rounding.share` does, of what is not negative.

    Dividing numbers without a sign takes fewer steps.
    """
    halves = np.uint64(amount) * np.uint64(points) * np.uint64(2) + np.uint64(10_000)
    return int(np.int64(halves // np.uint64(20_000)))
