"""Asks a virus scanner about a file: clamd, over its own protocol; the file never leaves the host.

An answer is clean or the name of what was found. Anything else (nobody there, too slow, cut off in
the middle, an answer that is none) is `Unavailable`: the file waits, it is not let through.
"""

import socket
import struct
from collections.abc import Sequence
from time import monotonic

CHUNK = 64 * 1024
LONGEST_ANSWER = 4_096
CLEAN, FOUND = "OK", "FOUND"


class Unavailable(Exception):  # noqa: N818  (an answer, not a failure of the house)
    """The scanner did not say anything about the file."""


def found_in(contents: Sequence[bytes], address: str, *, seconds: float) -> str | None:
    """Return what the scanner found in one of several files, or None when all are clean.

    Args:
        contents: the files.
        address: `unix:/run/clamav/clamd.ctl`, or `tcp:127.0.0.1:3310`.
        seconds: time for each file, from the connection to the answer.

    Raises:
        Unavailable: the scanner did not answer for one of them.
    """
    for data in contents:
        if name := _found(data, address, seconds):
            return name
    return None


def _found(data: bytes, address: str, seconds: float) -> str | None:
    until = monotonic() + seconds
    try:
        with _connected(address, seconds) as connection:
            connection.sendall(b"zINSTREAM\0")
            for start in range(0, len(data), CHUNK):
                chunk = data[start : start + CHUNK]
                connection.settimeout(_left(until))
                connection.sendall(struct.pack(">I", len(chunk)) + chunk)
            connection.sendall(struct.pack(">I", 0))
            answer = _answer(connection, until)
    except OSError as error:
        raise Unavailable(type(error).__name__) from None
    said, _colon, verdict = answer.rstrip("\0").partition(": ")
    if said == "stream" and verdict == CLEAN:
        return None
    if said == "stream" and verdict.endswith(f" {FOUND}"):
        return verdict.removesuffix(f" {FOUND}")
    raise Unavailable("no verdict")


def _connected(address: str, seconds: float) -> socket.socket:
    kind, _colon, place = address.partition(":")
    if kind == "unix":
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(seconds)
        try:
            connection.connect(place)
        except OSError:
            connection.close()
            raise
        return connection
    host, _colon, port = place.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=seconds)


def _answer(connection: socket.socket, until: float) -> str:
    received = b""
    while not received.endswith(b"\0") and len(received) < LONGEST_ANSWER:
        connection.settimeout(_left(until))
        part = connection.recv(LONGEST_ANSWER)
        if not part:
            break
        received += part
    return received.decode("utf-8", errors="replace")


def _left(until: float) -> float:
    left = until - monotonic()
    if left <= 0:
        raise TimeoutError
    return left
