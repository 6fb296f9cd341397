"""The schools: one data file each, with its place, its steps and its own notes."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from decompte.errors import Text
from decompte.procedure.agencies import read_address
from decompte.procedure.load import FOLDER, cited, data
from decompte.procedure.shapes import Address, Source

FOLDER_OF_SCHOOLS = FOLDER / "establishments"
ANY = "any"


class Note(NamedTuple):
    """Something a school adds, on the insurance years for which it is true."""

    text: Text
    since: date | None
    until: date | None
    sources: tuple[Source, ...]


class Establishment(NamedTuple):
    """A school.

    Attributes:
        id, name: who it is.
        residence: department that decides the regional society and the CPAM.
        step_of_complementary: step of the online registration in which a complementary is bought;
            None when the school has no steps.
        notes: what it adds.
        offices: the agencies' offices near the school, by agency; shown instead of the usual.
    """

    id: str
    name: Text
    residence: str
    step_of_complementary: int | None
    notes: tuple[Note, ...]
    offices: Mapping[str, tuple[Address, ...]]


@lru_cache(maxsize=1)
def establishments() -> Mapping[str, Establishment]:
    """Return the schools by id; the one that stands for any school comes last."""
    names = sorted(path.stem for path in FOLDER_OF_SCHOOLS.glob("*.yaml"))
    ordered = [name for name in names if name != ANY] + [ANY]
    return {name: read(name, data(f"establishments/{name}")) for name in ordered}


def read(name: str, entry: Mapping[str, Any]) -> Establishment:
    """Return a school from its data file.

    Args:
        name: its id, the name of the file.
        entry: the file's content.

    Raises:
        FiguresError: it, a note or an office has no source.
    """
    where = f"establishments/{name}.yaml"
    cited(entry, where)
    return Establishment(
        id=name,
        name=Text(**entry["name"]),
        residence=entry["residence"],
        step_of_complementary=entry["registration"].get("step_of_complementary"),
        notes=tuple(
            Note(Text(**note["text"]), note.get("from"), note.get("until"), cited(note, where))
            for note in entry["notes"]
        ),
        offices=_offices(name, entry, where),
    )


def _offices(name: str, entry: Mapping[str, Any], where: str) -> Mapping[str, tuple[Address, ...]]:
    found: dict[str, tuple[Address, ...]] = {}
    for office in entry.get("offices", ()):
        near = read_address(office, f"establishment.{name}", where)
        found[office["of"]] = (*found.get(office["of"], ()), near)
    return found
