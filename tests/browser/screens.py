"""`make screens`: the page of the docs that shows every screen, from the pictures just taken."""

from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"
READERS = {
    "visitor": "Anybody",
    "member": "A member",
    "agent": "An agent",
    "finance": "A finance officer",
    "supervisor": "A supervisor",
    "auditor": "An auditor",
    "dpo": "A data-protection officer",
    "administrator": "An administrator",
    "registrar": "A school's registrar",
}
HEAD = """# What does each screen look like?

Made by `make screens` from the demonstration (20 March 2014, invented people). The same walk, on a
phone's width, holds every page to the rules of accessibility.
"""


def page() -> str:
    """Return the page: the pictures of each reader; one that was shown before is taken away."""
    parts, shown = [HEAD], set()
    for reader, words in READERS.items():
        parts.append(f"\n## {words}\n")
        for one in sorted((DOCS / "screens" / reader).glob("*.png")):
            if one.stem in shown:
                one.unlink()
                continue
            shown.add(one.stem)
            address = "/" if one.stem == "home" else f"/{one.stem.replace('--', '/')}/"
            parts.append(f"\n`{address}`\n\n![{words}: {address}](screens/{reader}/{one.name})\n")
    return "".join(parts)


if __name__ == "__main__":
    (DOCS / "screens.md").write_text(page())
