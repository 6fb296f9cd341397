"""What a newcomer types wrong is told in a line, and costs them no file."""

import pyarrow.parquet as pq
import pytest

from decompte.cli import main
from decompte.commands.batch import apart
from decompte.errors import CAUSES, Refusal, cause
from tests.engine import people


@pytest.fixture
def lines(tmp_path):
    path = tmp_path / "lines.parquet"
    pq.write_table(people.table(lines=5, seed=1), path)
    return path


def test_a_result_never_takes_the_place_of_the_lines(lines, tmp_path, capsys):
    before = lines.read_bytes()
    (tmp_path / "link.parquet").symlink_to(lines)
    for target in (lines, tmp_path / "link.parquet"):
        assert main(["batch", str(lines), str(target)]) == 2
        assert "would take the place of the care lines" in capsys.readouterr().err
    out = str(tmp_path / "out.parquet")
    assert main(["batch", str(lines), out, "--rejects", str(lines), "--lang", "fr"]) == 2
    assert "remplacerait les lignes de soins" in capsys.readouterr().err
    assert lines.read_bytes() == before


def test_rejected_rows_never_take_the_place_of_the_result(lines, tmp_path):
    with pytest.raises(Refusal, match="the place of the result"):
        apart(lines, tmp_path / "out.parquet", tmp_path / "out.parquet")


@pytest.mark.parametrize("command", ["batch", "generate"])
def test_a_folder_where_a_file_is_expected_is_told_before_anything_is_done(
    command, lines, tmp_path, capsys
):
    folder = tmp_path / "folder"
    folder.mkdir()
    words = {"batch": [str(lines)], "generate": []}[command]
    options = {"batch": [], "generate": ["--students", "5", "--year", "2013"]}[command]
    assert main([command, *words, str(folder), *options]) == 2
    assert "a folder, a file is expected" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "lines.parquet"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\x7fELF\x02\x00\x00", "line 1: no text in UTF-8"),
        ("beneficiary,line\né,1\n".encode("latin-1"), "line 2: no text in UTF-8"),
        (b"", "Empty CSV"),
    ],
)
def test_a_csv_that_is_no_text_is_told_with_its_line(content, told, tmp_path, capsys):
    path = tmp_path / "lines.csv"
    path.write_bytes(content)
    assert main(["batch", str(path), str(tmp_path / "out.parquet")]) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"{path}: ")
    assert told in error
    assert "Traceback" not in error


def test_the_system_s_causes_are_told_in_both_languages():
    for number, text in CAUSES.items():
        assert cause(OSError(number, "")) == text
        assert text.fr != text.en
    assert cause(OSError("odd")).fr == "odd"


def test_an_option_that_is_no_day_says_what_a_day_is(capsys):
    with pytest.raises(SystemExit):
        main(["law", "show", "participation.per_act", "--on", "tomorrow"])
    assert "not a day such as 2014-03-12" in capsys.readouterr().err
