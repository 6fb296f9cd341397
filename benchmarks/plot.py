"""`python -m benchmarks.plot FIGURES SVG`: lines a second of processor time, as a picture.

FIGURES is what `python -m benchmarks.batch FIGURES` kept. Readable in black and white.
"""

import json
import sys
from pathlib import Path

import matplotlib as mpl
from matplotlib import pyplot

from benchmarks.measure import Measured, Turn

OURS, OTHERS = "0.25", "0.85"


def main(figures: Path, target: Path) -> None:
    """Draw the picture."""
    mpl.rcParams["svg.hashsalt"] = "decompte"
    found = [
        Measured(one["name"], one["lines"], [Turn(*turn) for turn in one["turns"]])
        for one in json.loads(figures.read_text(encoding="utf-8"))
    ]
    found.sort(key=lambda one: one.rate("processor")[0])
    picture, axes = pyplot.subplots(figsize=(9, 4.2), layout="constrained")
    for place, one in enumerate(found):
        middle, slow, quick = one.rate("processor")
        is_ours = one.name.startswith(("batch", "rules", "generated", "one case"))
        colour, hatch = (OURS, "") if is_ours else (OTHERS, "///")
        axes.barh(place, middle, color=colour, edgecolor="black", hatch=hatch)
        axes.plot([slow, quick], [place, place], color="black", marker="|")
        axes.text(quick * 1.1, place, f"{middle:.2f}", va="center")
    axes.set_yticks(range(len(found)), [one.name for one in found])
    axes.set_xscale("log")
    axes.set_xlim(right=100)
    axes.set_xlabel("million lines a second of processor time: median, slowest to quickest turn")
    picture.savefig(target, metadata={"Date": None})


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
