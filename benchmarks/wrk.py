"""Answers a second of one address, by wrk."""

import re
import subprocess


def rate(address: str, seconds: int, *more: str) -> float:
    """Return the answers a second of one address to four connections.

    Args:
        address: asked again and again.
        seconds: how long.
        more: other arguments of wrk, such as a header.

    Raises:
        AssertionError: an answer was none of the 200s.
    """
    told = subprocess.run(
        ["wrk", "-t1", "-c4", f"-d{seconds}s", *more, address],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "Non-2xx" not in told, told
    found = re.search(r"Requests/sec:\s+([\d.]+)", told)
    assert found, told
    return float(found.group(1))
