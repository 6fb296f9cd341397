"""The house keeps its own rules. No exception lists: a rule that hurts is a design question."""

import ast
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from decompte.cli import parser
from decompte.engine.sentences import SENTENCES
from decompte.law.load import law
from decompte.rules import reasons
from tests.house import generate, register, sizes, states, translations

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "decompte"
MODULES = {path: path.read_text() for path in sorted(SOURCE.rglob("*.py"))}
TREES = {path: ast.parse(text) for path, text in MODULES.items()}
FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)
FREE_NUMBERS = {0, 1, 2, 10_000}
PLAIN = (
    ast.Module,
    ast.FunctionDef,
    ast.arguments,
    ast.arg,
    ast.Return,
    ast.Assign,
    ast.AugAssign,
    ast.AnnAssign,
    ast.If,
    ast.For,
    ast.IfExp,
    ast.BinOp,
    ast.UnaryOp,
    ast.BoolOp,
    ast.Compare,
    ast.Call,
    ast.Name,
    ast.Constant,
    ast.Tuple,
    ast.Attribute,
    ast.Subscript,
    ast.Expr,
    ast.Import,
    ast.ImportFrom,
    ast.alias,
    ast.ClassDef,
    ast.expr_context,
    ast.operator,
    ast.unaryop,
    ast.boolop,
    ast.cmpop,
    ast.keyword,
)
SUBJECTS = (
    "base",
    "rate",
    "pathway",
    "participation",
    "franchise",
    "local",
    "solidarity",
    "complementary",
    "deferral",
    "prevention",
    "basket",
    "sessions",
    "generic",
)


def where(path, node=None):
    line = f":{node.lineno}" if node is not None and hasattr(node, "lineno") else ""
    return f"{path.relative_to(ROOT)}{line}"


def rules():
    return [path for path in MODULES if path.parent.name == "rules"]


def docstrings(tree):
    owners = (ast.Module, ast.ClassDef, *FUNCTION)
    return {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, owners) and node.body and ast.get_docstring(node)
    }


def test_files_and_functions_stay_small():
    for kind, found in sizes.measured().items():
        for (lines, name), bar in zip(sizes.marks(found), sizes.BARS[kind], strict=True):
            assert lines <= bar, f"{kind} {name} has {lines} lines, more than {bar} at its place"


def test_a_function_of_the_rules_fits_on_a_screen():
    found = [
        f"{where(path, node)}: {node.name}"
        for path in rules()
        for node in ast.walk(TREES[path])
        if isinstance(node, FUNCTION) and _body(node) > 30
    ]
    assert found == []


def _body(node):
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0


def test_a_rule_holds_plain_arithmetic_only():
    found = []
    for path in rules():
        told = docstrings(TREES[path])
        for node in ast.walk(TREES[path]):
            if not isinstance(node, PLAIN):
                found.append(f"{where(path, node)}: {type(node).__name__} in a rule")
            if isinstance(node, ast.Div) or (
                isinstance(node, ast.FloorDiv) and path.stem != "rounding"
            ):
                found.append(f"{where(path)}: divide in rounding.py only")
            is_free = isinstance(node, ast.Constant) and (
                node.value is ... or node.value in FREE_NUMBERS
            )
            if isinstance(node, ast.Constant) and id(node) not in told and not is_free:
                found.append(f"{where(path, node)}: {node.value!r} belongs in law/figures")
    assert found == []


def test_the_contents_of_the_rules_name_every_one_of_them():
    told = ast.get_docstring(TREES[SOURCE / "rules" / "__init__.py"])
    modules = {path.stem for path in rules()} - {"__init__"}
    assert set(re.findall(r"`([a-z]+)`", told)) == modules | {"law"}


def cited():
    ids = set()
    for path in rules():
        for node in ast.walk(TREES[path]):
            if isinstance(node, FUNCTION):
                section = (ast.get_docstring(node) or "").partition("Law:")[2]
                named = set(re.findall(r"[a-z_]+(?:\.[a-z_0-9]+)?", section))
                assert named, f"{where(path, node)}: {node.name} names no figure"
                ids |= named
    return ids


def test_every_figure_a_rule_cites_exists_and_every_figure_is_used():
    figures = set(law().figures)
    known = figures | {"tariff", "overseas"}
    assert sorted(cited() - known) == []
    readers = ("engine/periods.py", "law/formulas.py", *(SOURCE / "engine").glob("sentences_*.py"))
    joined = "".join(MODULES[SOURCE / reader] for reader in readers)
    unused = {
        name
        for name in figures - cited()
        if not name.startswith(("tariff.", "overseas.")) and f'"{name}"' not in joined
    }
    assert sorted(unused) == []


def test_every_reason_has_a_bit_of_its_own_and_a_sentence():
    bits = {
        name: value
        for name, value in vars(reasons).items()
        if isinstance(value, int) and name != "NONE"
    }
    assert len(set(bits.values())) == len(bits)
    assert {sentence.bit for sentence in SENTENCES} == set(bits.values())
    assert generate.REASONS.read_text() == generate.reasons(), "run `make docs`"


def test_the_page_of_the_figures_is_up_to_date():
    assert generate.FIGURES.read_text() == generate.figures(), "run `make docs`"


def test_the_page_of_the_states_is_drawn_from_the_table():
    assert generate.STATES.read_text() == states.page(), "run `make docs`"


def test_the_record_of_what_is_known_of_people_is_up_to_date():
    assert generate.REGISTER.read_text() == register.page(), "run `make docs`"


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_subject_has_its_four_files(subject):
    figures = "tariffs" if subject == "base" else f"{subject}.yaml"
    needed = [
        SOURCE / "law" / "figures" / figures,
        SOURCE / "rules" / f"{subject}.py",
        ROOT / "docs" / "law" / f"{subject}.md",
        ROOT / "tests" / "published" / subject,
    ]
    assert [where(path) for path in needed if not path.exists()] == []
    assert list((ROOT / "tests" / "published" / subject).glob("*.yaml"))


def test_no_drawer_for_odds_and_ends():
    names = {"utils", "common", "helpers", "core", "misc", "manager"}
    assert [
        where(path) for path in MODULES if path.stem in names or path.parent.name in names
    ] == []


def test_no_import_inside_a_function_and_no_broad_except():
    found = []
    for path, tree in TREES.items():
        for function in (node for node in ast.walk(tree) if isinstance(node, FUNCTION)):
            found += [
                where(path, node)
                for node in ast.walk(function)
                if isinstance(node, ast.Import | ast.ImportFrom)
            ]
        if path.name != "worker.py":
            found += [
                where(path, node)
                for node in ast.walk(tree)
                if isinstance(node, ast.ExceptHandler)
                and (
                    node.type is None
                    or getattr(node.type, "id", "") in {"Exception", "BaseException"}
                )
            ]
    assert found == []


def test_queries_do_not_cross_rooms_by_strings():
    rooms = {
        "people": "member|user",
        "requests": "request|paper|lines",
        "decisions": "decision",
        "payments": "order|batch|entry",
    }
    found = []
    for path, text in MODULES.items():
        if "portal" in path.parts and "migrations" not in path.parts:
            for room, names in rooms.items():
                if room not in path.parts:
                    pattern = rf"(?<!\w)({names})__(?!in\b|isnull)\w+\s*="
                    found += [f"{where(path)}: {m.group(0)}" for m in re.finditer(pattern, text)]
    assert found == []


def test_every_setting_read_from_the_environment_is_documented():
    text = MODULES[SOURCE / "portal" / "settings.py"] + MODULES[SOURCE / "portal" / "serve.py"]
    names = set(re.findall(r'"(DECOMPTE_[A-Z_]+|PORT)"', text))
    documented = (ROOT / "docs" / "operations" / "settings.md").read_text()
    assert sorted(name for name in names if f"`{name}`" not in documented) == []


def test_every_command_is_documented():
    actions = [a for a in parser()._actions if a.choices and not a.option_strings]
    commands = set(actions[0].choices)
    documented = (ROOT / "docs" / "commands.md").read_text()
    assert sorted(name for name in commands if f"decompte {name}" not in documented) == []


def test_links_in_the_docs_lead_somewhere():
    found = []
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\((?!http|#|mailto)([^)#]+)", page.read_text()):
            if not (page.parent / target).exists():
                found.append(f"{where(page)}: {target}")
    assert found == []


def test_the_journey_page_names_what_exists():
    page = (ROOT / "docs" / "journey.md").read_text()
    hops = re.findall(r"`([a-z_/]+\.py)` · `([A-Za-z_]+)", page)
    assert len(hops) == 8
    missing = [
        f"{path} · {name}"
        for path, name in hops
        if not re.search(rf"^(def|class) {name}\b", (SOURCE / path).read_text(), re.M)
    ]
    assert missing == []


def test_every_sentence_of_the_seed_is_tested_or_said_to_be_open():
    page = (ROOT / "docs" / "seed.md").read_text()
    names = " ".join(
        node.name
        for path in (ROOT / "tests").rglob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, FUNCTION)
    )
    wanted = [f"s{n:02d}" for n in range(1, 30)] + [f"d{n}" for n in range(1, 6)]
    untold = [
        one
        for one in wanted
        if not re.search(rf"_{one}(_|\b)", names) and f"**{one.upper()}** open" not in page
    ]
    assert untold == []


def test_every_text_of_the_portal_is_in_french_and_compiled():
    words, written, program = translations.said(), translations.french(), translations.compiled()
    assert {one.id for one in words} == {one.id for one in written}, "run `make docs`"
    assert [one.id for one in written if one.id and (not one.string or one.fuzzy)] == []
    assert translations.strings(written) == translations.strings(program)
    wrong = [(one.id, str(error)) for one in written for error in one.check()]
    assert wrong == []


def tracked():
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.split("\n") if name and (ROOT / name).is_file()]


def test_no_text_hides_in_a_formatted_string_where_it_is_not_found_to_be_translated():
    hidden = [
        where(path, node)
        for path, tree in TREES.items()
        for shown in ast.walk(tree)
        if isinstance(shown, ast.FormattedValue)
        for node in ast.walk(shown)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in translations.KEYWORDS
    ]
    assert hidden == []


def test_nothing_tracked_is_too_big_names_a_registry_or_a_machine():
    found = []
    for path in tracked():
        if path.stat().st_size > 1_500_000 or path.name == "uv.lock":
            found.append(f"{where(path)} does not belong in the repository")
        if path.suffix in {".txt", ".toml", ".md", ".py", ".yaml", ".yml", ""}:
            text = path.read_text(errors="ignore")
            if re.search(r"index-url\s+http|pypi\.org/simple|registry\.npm", text):
                found.append(f"{where(path)} names a registry")
            if re.search(r"(?<![\w.])/(?:work|farm|root)/", text.replace("/(?:work", "")):
                found.append(f"{where(path)} names a path of one machine")
    assert found == []


def test_no_contract_has_an_exception():
    assert "ignore_imports =" not in (ROOT / "pyproject.toml").read_text()


def test_coverage_of_the_law_names_examples_that_exist():
    subjects = yaml.safe_load((ROOT / "docs" / "law" / "coverage.yaml").read_text())
    assert subjects
    for subject in subjects:
        for name in subject["verified_by"]:
            assert (ROOT / "tests" / "published" / f"{name}.yaml").exists(), name
