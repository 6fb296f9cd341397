"""Compiles the rules as they stand, and the law's tables as arrays beside them.

Every function of the modules in `rules/` and of `engine/memory.py` is registered with Numba
untouched, save for the division of `rounding.share`, which `quick_share` does in fewer steps; a
loop that calls them is compiled once and kept on disk. Numba looks only at the file of the loop to
know whether what it kept is still good, so the folder is named by a digest of every source that is
compiled and of Numba's version: old law never runs. `NUMBA_DISABLE_JIT=1` runs the same functions
uncompiled.
"""

import hashlib
import inspect
import os
import shutil
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import Any, TypeVar

import numba
import numpy as np
from numba import config
from numba.extending import overload, register_jitable

from decompte import rules
from decompte.engine import memory, quick_share
from decompte.rules import rounding
from decompte.rules.shapes import Law

POSITIONS = ("act_kind",)
KEPT_SECONDS = 30 * 24 * 3600
BORROWING = {"_nrt": False, "forceinline": True}
options: Any = BORROWING
Loop = TypeVar("Loop", bound=Callable[..., object])


def kept(*modules: ModuleType) -> None:
    """Register the rules, the memory and further modules; keep what is compiled from them on disk.

    They make no arrays, so Numba need not count who holds one, and every call is put in line: with
    some sixty tables passed from rule to rule, counting and passing took thirty times longer than
    the rules.

    Args:
        modules: where the loops stand, and what else they call.
    """
    sources = [*rule_modules(), memory, quick_share, *modules]
    settings: Any = config
    folder = cache_folder() / digest(sources)
    prune(folder)
    settings.CACHE_DIR = str(folder)
    for module in sources:
        for function in own_functions(module):
            if function is not rounding.share:
                register_jitable(**BORROWING)(function)


@overload(rounding.share, jit_options=options)
def _share(amount: int, points: int) -> Callable[..., object]:
    return quick_share.quick_share


def compiled(loop: Loop) -> Loop:
    """Return a loop compiled; other threads run while it does. It makes no arrays."""
    compile_loop: Any = partial(numba.njit, cache=True, nogil=True)
    machine: Loop = compile_loop(**BORROWING)(loop)
    return machine


def rule_modules() -> list[ModuleType]:
    """Return the modules of the rules."""
    names = sorted(found.name for found in iter_modules(rules.__path__))
    return [import_module(f"decompte.rules.{name}") for name in names]


def own_functions(module: ModuleType) -> list[Callable[..., object]]:
    """Return the functions that a module itself defines."""
    return [
        function
        for _name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__
    ]


def digest(modules: list[ModuleType]) -> str:
    """Return what names these sources under this Numba."""
    total = hashlib.sha256(numba.__version__.encode())
    for module in modules:
        assert module.__file__ is not None, "a module of ours has a file"
        total.update(module.__name__.encode() + b"\0" + Path(module.__file__).read_bytes() + b"\0")
    return total.hexdigest()[:16]


def cache_folder() -> Path:
    """Return where compiled loops are kept: a folder of this account."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "decompte" / "compiled"


def prune(used: Path) -> None:
    """Throw away what was compiled from older sources and not used for a month.

    Args:
        used: the folder of the sources of this run; its time says that it was.
    """
    used.mkdir(parents=True, exist_ok=True)
    os.utime(used)
    newest = used.stat().st_mtime
    for folder in used.parent.iterdir():
        if newest - folder.stat().st_mtime > KEPT_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)


def as_records(law: Law) -> Sequence[Law]:
    """Return the figures as one record a period, under the names of the law, for compiled code.

    A record has one address, and the shape of every table is known when the loop is compiled, so
    that reading a figure is one addition and one load; as some seventy arrays the law took more
    instructions than the rules. A period of its own has the figures of its days side by side and is
    period 0 of its record, and how many there are is no part of what is compiled. What only says
    where to look in another table has no sign: Numba then need not ask whether it counts from the
    end.

    Args:
        law: figures by period.
    """
    periods = len(law.participation_per_act)
    tables = {
        name: np.array(table, dtype=np.uint32 if name in POSITIONS else np.int64)
        for name, table in zip(law._fields, law, strict=True)
    }
    is_dated = {name: table.ndim > 0 and len(table) == periods for name, table in tables.items()}
    kinds: list[Any] = [
        (name, table.dtype, (1, *table.shape[1:]) if is_dated[name] else table.shape)
        for name, table in tables.items()
    ]
    records: Any = np.zeros(periods, dtype=np.dtype(kinds, align=True)).view(np.recarray)
    for name, table in tables.items():
        records[name] = table[:, np.newaxis] if is_dated[name] else table
    by_period: Sequence[Law] = records
    return by_period
