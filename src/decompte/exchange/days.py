"""Columns of days, as numbers since 1970-01-01, in the calendar that people use."""

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]
YEAR, MONTH = 10_000, 100


def civil_days(days: npt.NDArray[np.integer]) -> Numbers:
    """Return days since 1970-01-01 as numbers YYYYMMDD."""
    dates = days.astype("datetime64[D]")
    year = dates.astype("datetime64[Y]").astype(np.int64) + 1970
    month = dates.astype("datetime64[M]").astype(np.int64) % 12 + 1
    day = (dates - dates.astype("datetime64[M]")).astype(np.int64) + 1
    civil: Numbers = year * YEAR + month * MONTH + day
    return civil


def next_month(days: npt.NDArray[np.integer]) -> Numbers:
    """Return the first day of the month after each day, since 1970-01-01."""
    months = days.astype("datetime64[D]").astype("datetime64[M]") + 1
    first: Numbers = months.astype("datetime64[D]").astype(np.int64)
    return first
