"""Compiles the rules as they stand, and the law's tables as arrays beside them.

Every function of the modules in `rules/` and of `engine/memory.py` is registered with Numba
untouched; a loop that calls them is compiled once and kept on disk. Numba looks only at the file
of the loop to know whether what it kept is still good, so the folder is named by a digest of every
source that is compiled and of Numba's version: old law never runs. `NUMBA_DISABLE_JIT=1` runs the
same functions uncompiled.
"""

import hashlib
import inspect
import os
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import Any, TypeVar

import numba
import numpy as np
from numba import config
from numba.extending import register_jitable

from decompte import rules
from decompte.engine import memory
from decompte.rules.shapes import Law

BORROWING = {"_nrt": False, "forceinline": True}
Loop = TypeVar("Loop", bound=Callable[..., object])


def kept(*modules: ModuleType) -> None:
    """Register the rules, the memory and further modules; keep what is compiled from them on disk.

    They make no arrays, so Numba need not count who holds one, and every call is put in line: with
    some sixty tables passed from rule to rule, counting and passing took thirty times longer than
    the rules.

    Args:
        modules: where the loops stand, and what else they call.
    """
    sources = [*rule_modules(), memory, *modules]
    settings: Any = config
    settings.CACHE_DIR = str(cache_folder() / digest(sources))
    for module in sources:
        for function in own_functions(module):
            register_jitable(**BORROWING)(function)


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


def as_arrays(law: Law) -> Law:
    """Return the figures as contiguous arrays under the same names; single figures stay numbers."""
    tables: list[Any] = [
        np.array(table, dtype=np.int64) if isinstance(table, tuple) else int(table) for table in law
    ]
    return Law(*tables)
