"""The files a long run writes, and what of them is sure: a killed run continues where it stood.

Everything stands in a work folder beside the result. A unit of work is appended to the files, then
noted in the journal with its checksum; when a run begins again, what is noted and whole is kept and
the rest is cut off. Nothing gets the final name before it is complete and on the disk.
"""

import fcntl
import json
import os
import shutil
import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from io import BufferedRandom
from pathlib import Path
from typing import NamedTuple

from decompte.exchange.parquet_parts import MAGIC, Part, joined, read, split


class Unit(NamedTuple):
    """One unit of work that is done.

    Attributes:
        row: first row of the input that no unit has settled.
        block: first block of the input that was not read.
        kept, rejected: rows.
        pieces: of each file under work: size, checksum and, of Parquet, the footer.
    """

    row: int
    block: int
    kept: int
    rejected: int
    pieces: tuple[tuple[int, int, str], ...]


class Target(NamedTuple):
    """A file of the run: its final name, and whether it is made of parts of Parquet."""

    path: Path
    is_parquet: bool


class Journal:
    """The work folder of one result; only one run may have it open."""

    def __init__(
        self, folder: Path, targets: Sequence[Target], about: Mapping[str, object]
    ) -> None:
        """Open the folder; what another input or another law left there is thrown away.

        Args:
            folder: of the work.
            targets: the files to make.
            about: what the work depends on; any difference begins anew.

        Raises:
            BlockingIOError: another run is at work there.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.targets = folder, tuple(targets)
        self._lock = (folder / "lock").open("w")
        fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self._path = folder / "journal"
        self._files = [self._open(place) for place in range(len(self.targets))]
        self._syncs = ThreadPoolExecutor(1)
        self._synced: list[Future[None]] = []
        self.units = self._sure(json.dumps(about, sort_keys=True))
        self._parts: list[list[Part]] = [[] for _ in self.targets]
        self._ends = [len(MAGIC) if target.is_parquet else 0 for target in self.targets]
        for unit in self.units:
            self._place(unit)
        for place, file in enumerate(self._files):
            file.truncate(self._ends[place])
            file.seek(self._ends[place])
        self._write_journal(json.dumps(about, sort_keys=True))

    def append(self, unit: Unit, contents: Sequence[bytes]) -> None:
        """Append one unit: what it adds to each file, then its line in the journal.

        What was appended goes to the disk meanwhile, so that little is left to wait for in the end.
        """
        pieces = []
        for file, target, content in zip(self._files, self.targets, contents, strict=True):
            pages, footer = split(content) if target.is_parquet and content else (content, b"")
            file.write(pages)
            file.flush()
            pieces.append((len(pages), zlib.crc32(pages), b64encode(footer).decode()))
        done = unit._replace(pieces=tuple(pieces))
        self._noted.write(json.dumps(done) + "\n")
        self._noted.flush()
        self.units.append(done)
        self._place(done)
        if all(sync.done() for sync in self._synced):
            self._check_synced()
            self._synced = [self._syncs.submit(os.fsync, file.fileno()) for file in self._files]

    def finish(self, empty: Sequence[bytes]) -> None:
        """Give the files their final names, complete and on the disk, and clear the folder.

        Args:
            empty: of each file, a whole one without rows: it gives the schema when there are none.
        """
        self._check_synced()
        for place, (file, target) in enumerate(zip(self._files, self.targets, strict=True)):
            if target.is_parquet:
                schema = Part(len(MAGIC), read(split(empty[place])[1]))
                file.write(joined([schema, *self._parts[place]]))
            elif self._ends[place] == 0:
                file.write(empty[place])
            file.flush()
            os.fsync(file.fileno())
            file.close()
        for place, target in enumerate(self.targets):
            self._file(place).replace(target.path)
            folder = os.open(target.path.parent, os.O_RDONLY)
            os.fsync(folder)
            os.close(folder)
        self.close()
        shutil.rmtree(self.folder)

    def close(self) -> None:
        """Leave the folder as it is, for the next run."""
        self._syncs.shutdown()
        for file in (*self._files, self._noted, self._lock):
            file.close()

    def _check_synced(self) -> None:
        """Wait for what is on its way to the disk: what went wrong there is told only once."""
        for sync in self._synced:
            sync.result()

    def _file(self, place: int) -> Path:
        return self.folder / f"file-{place}"

    def _open(self, place: int) -> BufferedRandom:
        path = self._file(place)
        if not path.exists():
            path.write_bytes(MAGIC if self.targets[place].is_parquet else b"")
        return path.open("r+b")

    def _sure(self, about: str) -> list[Unit]:
        """Return the noted units that stand whole in every file."""
        lines = self._path.read_text().splitlines() if self._path.exists() else []
        if not lines or lines[0] != about:
            return []
        at = [len(MAGIC) if target.is_parquet else 0 for target in self.targets]
        sure: list[Unit] = []
        for line in lines[1:]:
            unit = _unit(line)
            if unit is None or not self._stands(unit, at):
                break
            sure.append(unit)
            at = [start + piece[0] for start, piece in zip(at, unit.pieces, strict=True)]
        return sure

    def _stands(self, unit: Unit, at: Sequence[int]) -> bool:
        for file, start, (size, checksum, _footer) in zip(
            self._files, at, unit.pieces, strict=True
        ):
            file.seek(start)
            if zlib.crc32(file.read(size)) != checksum:
                return False
        return True

    def _place(self, unit: Unit) -> None:
        for place, (size, _checksum, footer) in enumerate(unit.pieces):
            if footer:
                self._parts[place].append(Part(self._ends[place], read(b64decode(footer))))
            self._ends[place] += size

    def _write_journal(self, about: str) -> None:
        self._noted = self._path.open("w")
        self._noted.write("\n".join([about, *(json.dumps(unit) for unit in self.units)]) + "\n")
        self._noted.flush()


def _unit(line: str) -> Unit | None:
    """Return a line of the journal, or None where a kill left half of it."""
    try:
        row, block, kept, rejected, pieces = json.loads(line)
    except ValueError:
        return None
    return Unit(row, block, kept, rejected, tuple(tuple(piece) for piece in pieces))
