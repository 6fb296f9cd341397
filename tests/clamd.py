"""Virus scanners of the tests: a small one that behaves as told, and the real one if installed."""

import shutil
import socket
import struct
import subprocess
import threading
import time
from contextlib import contextmanager

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SIGNATURE = f"Eicar-Local:0:*:{EICAR.hex()}\n"


@contextmanager
def pretended(folder, manner="answers"):
    """Serve clamd's protocol on a socket: `answers`, `slow`, `dies` in the stream, or `mumbles`."""
    path = folder / "clamd.sock"
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen(8)
    listener.settimeout(0.1)
    stopped = threading.Event()

    def serve():
        while not stopped.is_set():
            try:
                connection, _ = listener.accept()
            except TimeoutError:
                continue
            with connection:
                connection.settimeout(5)
                _converse(connection, manner, stopped)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"unix:{path}"
    finally:
        stopped.set()
        thread.join()
        listener.close()
        path.unlink()


def _converse(connection, manner, stopped):
    stream = connection.makefile("rb")
    assert stream.read(10) == b"zINSTREAM\0"
    if manner == "dies":
        stream.read(8)
        return
    data = b""
    while length := struct.unpack(">I", stream.read(4))[0]:
        data += stream.read(length)
    if manner == "slow":
        stopped.wait(3)
        return
    if manner == "mumbles":
        connection.sendall(b"INSTREAM size limit exceeded. ERROR\0")
        return
    connection.sendall(b"stream: Eicar FOUND\0" if EICAR in data else b"stream: OK\0")


@contextmanager
def real(folder):
    """Start clamd with one local signature, without internet; gives its address, or None."""
    program = shutil.which("clamd", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    if program is None:
        yield None
        return
    base, path = folder / "signatures", folder / "real.sock"
    base.mkdir()
    (base / "local.ndb").write_text(SIGNATURE)
    config = folder / "clamd.conf"
    config.write_text(
        f"LocalSocket {path}\nDatabaseDirectory {base}\nForeground yes\n"
        f"TemporaryDirectory {folder}\n"
    )
    started = subprocess.Popen(
        [program, f"--config-file={config}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        until = time.monotonic() + 60
        while not path.exists() and started.poll() is None and time.monotonic() < until:
            time.sleep(0.05)
        yield f"unix:{path}" if path.exists() else None
    finally:
        started.terminate()
        started.wait(20)
