"""`python -m tests.mutants MODULE... [HOW_MANY SEED]`: break the rooms of money; who notices?

Modules of `portal/payments`, or others of `decompte` by their path (`documents/statement`), are
broken on purpose in a copy of the program, one place at a time, by mutmut; `tests/broken.py` tries
each. `all` stands for every module of payments and statements. With two numbers at the end, so many
mutants are drawn by that seed. It prints what lived, then a line a module.
"""

import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from mutmut.mutation.file_mutation import mutate_file_contents

ROOT = Path(__file__).resolve().parents[1]
TESTS = (
    *("money", "bank", "recoveries", "corrections", "debits", "contribution", "books"),
    *("statements", "journal", "scenarios", "test_documents"),
)
COPIED = ("src", "tests", "examples", "docs", "benchmarks", "pyproject.toml", "README.md")
MUTANT = re.compile(r"^\s*def (x\w+__mutmut_\d+)\(", re.MULTILINE)
ROOM, PAPERS = "portal/payments", ("documents/statement", "documents/summary")
NO_MONEY = ("__init__", "apps", "urls", "paying_urls", "invented", "failpoints")
LIVED, KILLED = "lived", "killed"


def main(words):
    """Break modules and print what became of the mutants."""
    numbers = [int(word) for word in words if word.isdigit()]
    modules = [one for word in words if not word.isdigit() for one in modules_of(word)]
    with tempfile.TemporaryDirectory(prefix="decompte-mutants-") as folder:
        copy = Path(folder)
        prepare(copy)
        names = [name for module in modules for name in break_(copy, module)]
        if numbers:
            names = random.Random(numbers[1]).sample(names, min(numbers[0], len(names)))
        (copy / "mutants.txt").write_text("\n".join(names))
        told = try_all(copy)
    sys.stdout.writelines(f"{name} lived\n" for name, verdict in told if verdict == LIVED)
    judged = Counter((name.rsplit(".", 1)[0], verdict) for name, verdict in told)
    for module in sorted({module for module, _verdict in judged}):
        killed = judged[module, KILLED]
        total = killed + judged[module, LIVED]
        sys.stdout.write(f"{module}: {killed} of {total} killed, {killed / total:.1%}\n")
    killed = sum(verdict == KILLED for _name, verdict in told)
    sys.stdout.write(f"{killed} of {len(told)} killed\n")


def modules_of(word):
    """Return the modules that a word of the command names, by their paths."""
    if word != "all":
        return [word if "/" in word else f"{ROOM}/{word}"]
    files = sorted((ROOT / "src" / "decompte" / ROOM).glob("*.py"))
    return [*(f"{ROOM}/{file.stem}" for file in files if file.stem not in NO_MONEY), *PAPERS]


def prepare(copy):
    """Copy the program."""
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, copy / name)
        else:
            shutil.copy(ROOT / name, copy / name)


def break_(copy, module):
    """Write a module with all its mutants inside, none of them in force; return their names."""
    file = copy / "src" / "decompte" / f"{module}.py"
    broken = mutate_file_contents(str(file), file.read_text()).code
    file.write_text(broken)
    return [f"decompte.{module.replace('/', '.')}.{name}" for name in MUTANT.findall(broken)]


def try_all(copy):
    """Try the mutants; return each with what became of it."""
    files = [
        next((copy / "tests").rglob(f"test_{name.removeprefix('test_')}.py")) for name in TESTS
    ]
    plain = ("-q", "-p", "no:randomly", "-p", "no:cacheprovider")
    command = (sys.executable, "-m", "pytest", *plain, "-p", "tests.broken")
    environment = {**os.environ, "PYTHONPATH": f"{copy / 'src'}:{copy}"}
    ran = subprocess.run([*command, *map(str, files)], cwd=copy, env=environment, check=False)
    assert ran.returncode == 0, "the tests fail without a mutant"
    lines = (copy / "told.txt").read_text().splitlines()
    return [tuple(line.split()[:2]) for line in lines]


if __name__ == "__main__":
    main(sys.argv[1:])
