"""The wheel holds everything the program needs, and building it twice gives the same bytes.

With `DECOMPTE_TIER=1` the collected styles and scripts are compared too.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
KEPT = ("src", "pyproject.toml", "README.md", "LICENSE")


def built(folder):
    """Build a copy of the project in a folder; return its wheel, which lies beside the sources."""
    for name in KEPT:
        source, copy = ROOT / name, folder / name
        if source.is_dir():
            shutil.copytree(source, copy, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, copy)
    environment = os.environ | {"SOURCE_DATE_EPOCH": "1600000000"}
    command = [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-t", "wheel"]
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
    (wheel,) = (folder / "dist").glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return built(tmp_path_factory.mktemp("first"))


def test_the_wheel_holds_every_file_of_the_package(wheel):
    with zipfile.ZipFile(wheel) as archive:
        packed = set(archive.namelist())
    sources = (path for path in (ROOT / "src").rglob("*") if path.is_file())
    wanted = {
        path.relative_to(ROOT / "src").as_posix()
        for path in sources
        if "__pycache__" not in path.parts
    }
    assert wanted - packed == set()


def digests(folder):
    """Return the digest of every file of a folder, by its place."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {
        path.relative_to(folder): hashlib.sha256(path.read_bytes()).hexdigest() for path in files
    }


def test_a_wheel_built_elsewhere_is_the_same(wheel, tmp_path):
    first = digests(wheel.parent)
    assert {path.suffix for path in first} == {".whl", ".gz"}
    assert digests(built(tmp_path).parent) == first


@pytest.mark.skipif(os.environ.get("DECOMPTE_TIER") != "1", reason="slow: DECOMPTE_TIER=1")
def test_styles_and_scripts_collected_elsewhere_are_the_same(tmp_path):
    command = [sys.executable, "-m", "decompte.cli", "manage", "collectstatic", "--no-input"]
    for name in ("here", "there"):
        environment = os.environ | {"DECOMPTE_VAR": str(tmp_path / name)}
        subprocess.run(command, env=environment, check=True, capture_output=True)
    here = digests(tmp_path / "here" / "static")
    assert len(here) > 20
    assert digests(tmp_path / "there" / "static") == here


def test_the_wheel_alone_answers_a_case(wheel, tmp_path):
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    case = ROOT / "examples" / "seed-visit.yaml"
    command = [sys.executable, "-m", "decompte.cli", "reimburse", str(case)]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert "€15.10" in done.stdout
