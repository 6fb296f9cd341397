"""`make screens`: the page of the docs that shows every screen, from the pictures just taken."""

from pathlib import Path

from PIL import Image

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
            picture = f"![{words}: {title(one)}](screens/{reader}/{one.name})"
            parts.append(f"\n**{title(one)}** · `{address}`\n\n{picture}\n")
    return "".join(parts)


def title(picture: Path) -> str:
    """Return the heading of the page that a picture shows."""
    with Image.open(picture) as opened:
        told: str = opened.text["Title"]
    return told


if __name__ == "__main__":
    (DOCS / "screens.md").write_text(page())
