"""The command line, as people and scripts use it."""

import json
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from decompte.cli import main

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
SEED = str(EXAMPLES / "seed-visit.yaml")


def test_the_seed_visit_gives_15_10_of_23_00_and_names_the_law(capsys):
    assert main(["reimburse", SEED, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    line = answer["lines"][0]
    amounts = {name: line[name] for name in ("gross", "participation", "amo", "patient", "rate")}
    assert amounts == {
        "gross": "16.10",
        "participation": "1.00",
        "amo": "15.10",
        "patient": "7.90",
        "rate": "70",
    }
    assert answer["totals"]["amo"] == "15.10"
    assert any("2004-810" in reason["source"]["title"] for reason in line["reasons"])


def test_the_explanation_comes_in_french(capsys):
    assert main(["reimburse", SEED, "--lang", "fr"]) == 0
    assert "15,10\u00a0€" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("seed-situation.yaml", "compulsory"),
        ("european-situation.yaml", "exempt"),
        ("today-situation.yaml", "compulsory"),
    ],
)
def test_the_examples_are_advised(name, status, capsys):
    assert main(["advise", str(EXAMPLES / name), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["affiliation"]["status"] == status


def test_a_reader_that_stops_early_ends_the_command_quietly():
    command = [sys.executable, "-m", "decompte.cli", "law", "list"]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    running.stdout.close()
    assert running.stderr.read() == b""
    running.stderr.close()
    assert running.wait() == 0


def test_pdfs_are_written(tmp_path, capsys):
    assert main(["reimburse", SEED, "--pdf", str(tmp_path / "a.pdf")]) == 0
    situation = str(EXAMPLES / "seed-situation.yaml")
    assert main(["advise", situation, "--pdf", str(tmp_path / "b.pdf")]) == 0
    assert all((tmp_path / name).read_bytes().startswith(b"%PDF") for name in ("a.pdf", "b.pdf"))


@pytest.mark.parametrize(
    "content",
    [
        "a: [",
        "a: &x 1\nb: *x",
        "person: {birth_date: 1, birth_date: 2}",
        "\x00",
        "- 1",
    ],
)
def test_a_file_that_cannot_be_read_is_one_clear_line(content, tmp_path, capsys):
    file = tmp_path / "wrong.yaml"
    file.write_text(content)
    assert main(["reimburse", str(file)]) == 2
    assert capsys.readouterr().err.startswith(str(file))


def test_a_missing_file_and_an_unknown_figure_are_wrong_input(capsys):
    assert main(["reimburse", "nowhere.yaml"]) == 2
    assert main(["law", "show", "pathway.nothing"]) == 2
    assert "pathway.penalty_cap" in capsys.readouterr().err


def test_figures_are_shown_with_their_history(capsys):
    assert main(["law", "show", "participation.per_act", "--json"]) == 0
    values = json.loads(capsys.readouterr().out)["values"]
    assert [value["since"] for value in values][:2] == ["2005-01-01", "2024-05-15"]
    assert main(["law", "show", "participation.per_act", "--on", "2014-03-12"]) == 0
    assert "1.00 €" in capsys.readouterr().out


def test_the_law_has_no_gap(capsys):
    assert main(["law", "check"]) == 0
    assert main(["law", "list"]) == 0


def test_one_case_is_answered_without_the_portal_or_number_libraries():
    code = (
        "import sys; from decompte.cli import main; main(['reimburse', sys.argv[1], '--json']);"
        "bad = {'django', 'numpy', 'numba', 'typst', 'lxml'} & set(sys.modules); sys.exit(len(bad))"
    )
    done = subprocess.run([sys.executable, "-c", code, SEED], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_no_hostile_json_breaks_the_command(shared, capsys):
    met = 0
    for path in sorted((shared / "hostile" / "json").rglob("*.json")):
        met += 1
        assert main(["reimburse", str(path), "--json"]) == 2, path.name
        assert main(["advise", str(path), "--json"]) == 2, path.name
    assert met > 20


def test_the_guide_asks_in_the_terminal_and_answers_on_one_page(capsys, monkeypatch, tmp_path):
    lines = ["2022-09-05 2023-06-30", "1", "2023-01-02 x", "2023-12-31", "ES", ""]
    monkeypatch.setattr("sys.stdin", StringIO("\n".join(lines) + "\n"))
    pdf = tmp_path / "advice.pdf"
    assert main(["advise", "--ask", "--json", "--pdf", str(pdf)]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["affiliation"]["status"] == "exempt"
    assert "Until which day is your European card valid?" in told.err
    assert len(PdfReader(pdf).pages) == 1


def test_a_conversation_that_ends_early_is_wrong_input(capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", StringIO("2022-09-05 2023-06-30\n"))
    assert main(["advise", "--ask"]) == 2
    assert main(["advise"]) == 2
    assert "--ask" in capsys.readouterr().err


def test_advice_is_given_without_the_portal_or_number_libraries():
    code = (
        "import sys; from decompte.cli import main; main(['advise', sys.argv[1], '--json']);"
        "bad = {'django', 'numpy', 'numba', 'typst', 'lxml', 'stdnum'} & set(sys.modules);"
        "sys.exit(len(bad))"
    )
    seed = str(EXAMPLES / "seed-situation.yaml")
    done = subprocess.run([sys.executable, "-c", code, seed], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_full_disk_under_the_output_is_told_in_a_line(capsys, monkeypatch):
    with open("/dev/full", "w") as full:
        monkeypatch.setattr("sys.stdout", full)
        assert main(["law", "show", "tariff.C"]) == 2
        monkeypatch.undo()
        with pytest.raises(OSError, match="space"):
            full.close()
    assert capsys.readouterr().err == "decompte: the disk is full\n"
