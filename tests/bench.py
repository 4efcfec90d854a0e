"""What a build takes, ours against stock tools on the same chapters, in one run: ``make bench``.

Stock is what one does without us: papermill for each chapter, one after the other, then
``jupyter-book build`` with execution off. Each runs in a clean copy. Quote the ratios: the
seconds depend on the machine and on what else it does.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import yaml

from nevbook import plan

from .conftest import ROOT, copy_book

YEAR = "2025"
ROW = "2025.level.zaker-2026-01-16-first-city,nev_production,chongqing,2025,level,=,1296000,"


def run(root: Path, *command: str) -> None:
    done = subprocess.run(command, cwd=root, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


def stock(root: Path) -> None:
    """Execute each chapter with papermill, then have Jupyter Book write the pages."""
    binary = Path(sys.executable).parent
    stage = root / "executed"
    (stage / "chapters").mkdir(parents=True, exist_ok=True)
    for chapter in plan.chapters(root):
        run(
            root,
            str(binary / "papermill"),
            f"chapters/{chapter.name}",
            str(stage / "chapters" / chapter.name),
            "-p",
            "year",
            YEAR,
        )
    settings = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))
    settings["execute"]["execute_notebooks"] = "off"
    settings["sphinx"]["config"] = {}
    (stage / "_config.yml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    shutil.copy(root / "_toc.yml", stage)
    run(stage, str(binary / "jupyter-book"), "build", ".")


def ours(root: Path, year: str = YEAR) -> None:
    run(root, sys.executable, "-m", "nevbook.cli", "build", "--year", year)


def timed(step: Callable[[], None]) -> float:
    started = time.perf_counter()
    step()
    return time.perf_counter() - started


def change(root: Path) -> None:
    path = root / "data" / "observations.csv"
    text = path.read_text(encoding="utf-8")
    assert ROW in text
    path.write_text(text.replace(ROW, ROW.replace("1296000", "1297000")), encoding="utf-8")


def main() -> None:
    """Measure, and print a table."""
    with tempfile.TemporaryDirectory() as place:
        theirs, mine = copy_book(Path(place) / "stock"), copy_book(Path(place) / "ours")
        rows = [("cold", timed(lambda: stock(theirs)), timed(lambda: ours(mine)))]
        rows.append(("nothing changed", timed(lambda: stock(theirs)), timed(lambda: ours(mine))))
        change(theirs)
        change(mine)
        rows.append(("one figure changed", timed(lambda: stock(theirs)), timed(lambda: ours(mine))))
        further = timed(lambda: ours(mine, "2024"))
    count = len(plan.chapters(ROOT))
    print(f"{count} chapters, one edition; stock: papermill for each, then jupyter-book; ours draws every chart to SVG")
    print(f"{'':20}{'stock, s':>10}{'ours, s':>10}{'ours/stock':>12}")
    for name, a, b in rows:
        print(f"{name:20}{a:10.1f}{b:10.2f}{b / a:12.3f}")
    print(f"a further edition takes {further / rows[0][2]:.2f} of the first")


if __name__ == "__main__":
    main()
