"""`make conformance`: every published worked example beside what this program computes."""

import sys
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from decompte.engine.single import settle
from decompte.exchange import case

FOLDER = Path(__file__).parent
PAGE = FOLDER.parents[1] / "docs" / "law" / "conformance.md"
HEAD = """# Conformance: what others published, and what comes out here

Worked examples published by others (official pages, insurers, unions, newspapers), each computed
here to the cent. A difference would be in bold. Where sources contradict one another, the example
followed here is the one that agrees with the text of law; [coverage](coverage.yaml) and the pages
of each subject name the doubts. What is published and not followed stands at the end, with the
reason. Made by `make conformance`.

"""


def examples() -> list[tuple[str, dict]]:
    """Return the published examples by name: subject/file."""
    return [
        (f"{path.parent.name}/{path.stem}", yaml.safe_load(path.read_text()))
        for path in sorted(FOLDER.glob("*/*.yaml"))
    ]


def conflicts() -> list[dict]:
    """Return the published figures that are not followed, each with what is computed and why."""
    return yaml.safe_load((FOLDER / "conflicts.yaml").read_text())


def computed(example: dict) -> list[dict]:
    """Return the lines of an example as this program answers them."""
    read = case.read(example["case"], today=date.max)  # an example may be of a law to come
    return case.write(settle(read), "en")["lines"]


def differences(example: dict) -> list[str]:
    """Return one text a figure that comes out otherwise than published."""
    return [
        f"{name}: published {published}, computed {line[name]}"
        for line, expected in zip(computed(example), example["expect"], strict=True)
        for name, published in expected.items()
        if line[name] != published
    ]


def publisher(example: dict) -> str:
    """Return the site that published an example, without `www`."""
    return urlsplit(example["source"]["url"]).netloc.removeprefix("www.")


def report() -> str:
    """Return the page."""
    found = examples()
    publishers = sorted({publisher(example) for _, example in found})
    wrong = sum(1 for _, example in found if differences(example))
    lines = [
        f"{len(found)} examples from {len(publishers)} publishers; {wrong} with a difference.\n",
        "| example | day | act | published | difference | source |",
        "|---|---|---|---|---|---|",
    ]
    for name, example in found:
        cares = example["case"]["lines"]
        acts = " + ".join(f"{care['act']} {care.get('coefficient', '')}".strip() for care in cares)
        told = "; ".join(
            ", ".join(f"{key} {amount}" for key, amount in expected.items())
            for expected in example["expect"]
        )
        off = ", ".join(f"**{one}**" for one in differences(example)) or "none"
        source = f"[{example['source']['title']}]({example['source']['url']})"
        lines.append(f"| `{name}` | {cares[0]['date']} | {acts} | {told} | {off} | {source} |")
    lines += ["\n## Published and not followed\n", *not_followed()]
    return HEAD + "\n".join(lines) + "\n"


def not_followed() -> list[str]:
    """Return the table of published figures that are not followed."""
    lines = ["| published | day | it says | here | why | source |", "|---|---|---|---|---|---|"]
    for one in conflicts():
        says, here = (
            ", ".join(f"{key} {amount}" for key, amount in one[side].items())
            for side in ("published", "computed")
        )
        source = f"[{one['source']['title']}]({one['source']['url']})"
        day = one["case"]["lines"][0]["date"]
        lines.append(f"| {one['title']} | {day} | {says} | {here} | {one['why']} | {source} |")
    return lines


if __name__ == "__main__":
    PAGE.write_text(report())
    print(report().split("\n\n")[2])  # noqa: T201  (a command answers)
    sys.exit(any(differences(example) for _, example in examples()))
