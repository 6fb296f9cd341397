"""What others made and we install: hashed, as asked, under a known licence, with a reason."""

import re
import subprocess
import tomllib
from importlib.metadata import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

# What keys of services look like, and addresses that hold a password.
KEY = re.compile(
    rb"-----BEGIN [A-Z ]*PRIVATE KEY-----|AKIA[0-9A-Z]{16}|AIza[\w-]{35}|gh[pousr]_\w{36}"
    rb"|xox[abp]-\w{10}|eyJ[\w-]{20,}\.eyJ[\w-]{20,}\.|postgres(?:ql)?://\w+:[\w!%$-]{4,}@"
)
OPAQUE = {".png", ".jpg", ".pdf", ".mo", ".parquet", ".gz", ".zip"}
ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)((?: \\\n    --hash=sha256:[0-9a-f]{64})+)", re.M)
# As packages name them; the weak copyleft ones are used unchanged. The last is pypdfium2's word for
# what PDFium contains (BSD, MIT, Zlib and the like).
ALLOWED = {
    "0BSD", "Apache Software License", "Apache-2.0", "Apache-2.0 WITH LLVM-exception",
    "Artistic License", "BSD", "BSD License", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC",
    "ISC License (ISCL)", "LGPL-2.1-only", "LGPL-3.0-only", "MIT", "MIT License", "MIT-0",
    "MIT-CMU", "MPL-2.0", "Mozilla Public License 2.0 (MPL 2.0)", "PSF-2.0",
    "GNU Lesser General Public License v2 or later (LGPLv2+)", "Python Software Foundation License",
    "Zlib", "dependency licenses",
}  # fmt: skip


def locked(name):
    """Return the locked version of each package; every one has a hash."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    found = {canonicalize_name(one): version for one, version, _hashes in LOCKED.findall(text)}
    assert len(found) == len(re.findall(r"^\S+==", text, re.M)), "a package without hashes"
    return found


@pytest.mark.parametrize(("lock", "asked"), [("runtime", ["build"]), ("dev", ["build", "dev"])])
def test_the_lock_holds_what_the_project_asks_for(lock, asked):
    found = locked(lock)
    words = list(PROJECT["project"]["dependencies"])
    words += PROJECT["project"]["optional-dependencies"]["postgres"]
    for group in asked:
        words += PROJECT["dependency-groups"][group]
    for requirement in map(Requirement, words):
        version = found.get(canonicalize_name(requirement.name))
        assert version is not None, f"{requirement.name} is not locked: make lock"
        assert requirement.specifier.contains(version), (
            f"{requirement} against {version}: make lock"
        )


@pytest.mark.parametrize("lock", ["runtime", "dev"])
def test_packages_are_installed_by_their_hashes_only(lock):
    lines = [line for line in (ROOT / "Makefile").read_text().splitlines() if f"{lock}.txt" in line]
    installs = [line for line in lines if "pip install" in line]
    assert installs
    assert all("--require-hashes" in line and "--no-deps" in line for line in installs)


def test_what_runs_at_an_agency_has_a_licence_that_lets_it():
    unknown = {name: told for name in locked("runtime") if not _is_allowed(told := licence(name))}
    assert not unknown


def test_every_library_chosen_has_its_reason():
    table = (ROOT / "docs" / "decisions" / "0003-libraries.md").read_text().lower()
    chosen = [Requirement(word).name.lower() for word in PROJECT["project"]["dependencies"]]
    assert [name for name in chosen if name not in table] == []


def test_a17_no_key_lies_in_the_tree():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    texts = (path for path in paths if path.is_file() and path.suffix not in OPAQUE)
    found = {path.name: KEY.search(path.read_bytes()) for path in texts}
    assert [name for name, match in found.items() if match] == []


@pytest.mark.parametrize(
    "line",
    [
        "-----BEGIN EC" + " PRIVATE KEY-----",
        "AKIA" + "ABCDEFGH12345678",
        "ghp_" + "a1B2" * 9,
        "postgresql://owner:" + "hunter22@db/decompte",
    ],
)
def test_a17_a_key_in_the_tree_would_be_found(line):
    assert KEY.search(f"given = '{line}'".encode())


def licence(name):
    """Return the licence of an installed package, as it names it."""
    told = metadata(name)
    classed = [c.split(" :: ")[-1] for c in told.get_all("Classifier", []) if "License ::" in c]
    return told.get("License-Expression") or " OR ".join(classed) or told.get("License", "")


def _is_allowed(told):
    """Return whether one of the alternatives (OR) consists of licences (AND, commas) we know."""
    return any(
        all(part.strip() in ALLOWED for part in re.split(r" AND |, ", one))
        for one in told.split(" OR ")
    )
