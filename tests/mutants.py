"""`python -m tests.mutants MODULE... [HOW_MANY SEED]`: break the rooms of money; who notices?

Modules of `portal/payments` are broken on purpose by mutmut, one place at a time, in a copy of the
program; the quick tests of money run against each broken one, on a database that is made once. With
two numbers at the end, so many mutants are drawn by that seed. It prints one line, then what lived.
"""

import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROOM = "src/decompte/portal/payments"
TESTS = ("money", "bank", "recoveries", "corrections", "statements", "journal")
COPIED = ("src", "tests", "examples", "docs", "benchmarks", "pyproject.toml", "README.md")
OPTIONS = '["-x", "-q", "-p", "no:randomly", "-p", "no:cacheprovider", "-p", "no:xdist"]'
MUTANT = re.compile(r"^def (x_\w+__mutmut_\d+)\(", re.MULTILINE)
LIVED = re.compile(r"^\s+(\S+): (survived|timeout|suspicious|no tests)$", re.MULTILINE)


def main(words):
    """Break modules and print what became of the mutants."""
    modules = [word for word in words if not word.isdigit()]
    numbers = [int(word) for word in words if word.isdigit()]
    with tempfile.TemporaryDirectory(prefix="decompte-mutants-") as folder:
        copy = Path(folder) / "copy"
        prepare(copy, modules)
        environment = ready(copy)
        mutmut(copy, environment, "run", "--max-children", "1", "nothing")
        names = [name for module in modules for name in mutants(copy, module)]
        if numbers:
            names = random.Random(numbers[1]).sample(names, min(numbers[0], len(names)))
        mutmut(copy, environment, "run", "--max-children", "1", *names)
        told = mutmut(copy, environment, "results")
    lived = [found for found in LIVED.findall(told) if found[0] in set(names)]
    sys.stdout.write(f"{len(names)} mutants, {len(lived)} not killed\n")
    sys.stdout.writelines(f"{name}: {why}\n" for name, why in lived)


def prepare(copy, modules):
    """Copy the program, and say in its settings what is to be broken and who is to notice."""
    copy.mkdir()
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, copy / name)
        else:
            shutil.copy(ROOT / name, copy / name)
    file = copy / "pyproject.toml"
    before, _law, after = re.split(r"(?s)(\[tool\.mutmut\].*?\n\n)", file.read_text(), maxsplit=1)
    broken = [f"{ROOM}/{module}.py" for module in modules]
    tests = [f"tests/portal/test_{name}.py" for name in TESTS]
    said = f"""[tool.mutmut]
source_paths = ["src"]
only_mutate = {broken}
also_copy = ["tests", "examples", "docs", "benchmarks", "pyproject.toml"]
pytest_add_cli_args = {OPTIONS}
pytest_add_cli_args_test_selection = {tests}

"""
    file.write_text(before + said.replace("'", '"') + after)


def ready(copy):
    """Make the database of the tests once; return the environment that names it."""
    var = copy.parent / "var"
    environment = {**os.environ, "PYTHONPATH": str(copy / "src"), "DECOMPTE_DEMONSTRATION": "1"}
    command = (sys.executable, "-m", "decompte.cli", "manage", "migrate", "--verbosity", "0")
    subprocess.run(command, cwd=copy, env={**environment, "DECOMPTE_VAR": str(var)}, check=True)
    environment.pop("PYTHONPATH")
    return {**environment, "DECOMPTE_TEST_READY": str(var / "decompte.sqlite3")}


def mutants(copy, module):
    """Return the names of a module's mutants."""
    text = (copy / "mutants" / ROOM / f"{module}.py").read_text()
    found = dict.fromkeys(MUTANT.findall(text))
    return [f"decompte.portal.payments.{module}.{name}" for name in found]


def mutmut(copy, environment, *words):
    """Run mutmut in the copy, at low priority; return what it says."""
    command = ("nice", "-n", "19", sys.executable, "-m", "mutmut", *words)
    done = subprocess.run(
        command, cwd=copy, env=environment, capture_output=True, text=True, check=False
    )
    return done.stdout


if __name__ == "__main__":
    main(sys.argv[1:])
