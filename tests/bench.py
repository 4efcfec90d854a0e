"""What a build takes, ours against stock tools on the same chapters, in one run: ``make bench``.

Stock is what one does without us: papermill for each chapter, one after the other, then
``jupyter-book build`` with execution off. Each runs in a clean copy. Quote the ratios: the
seconds depend on the machine and on what else it does.
"""

from __future__ import annotations

import argparse
import functools
import json
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import psutil
import yaml

from nevbook.build import plan
from nevbook.data.dataset import load
from tests import bench_pages
from tests.conftest import ROOT, copy_book

YEAR = "2025"
SIZES = (1, 3, 10, 30)  # editions of one site
ROW = "2025.level.zaker-2026-01-16-first-city,nev_production,chongqing,2025,level,=,1296000,"


def run(root: Path, *command: str) -> str:
    done = subprocess.run(command, cwd=root, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


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


def ours(root: Path, year: str = YEAR) -> str:
    return run(root, sys.executable, "-m", "nevbook.cli", "build", "--year", year)


def timed(step: Callable[[], object]) -> float:
    started = time.perf_counter()
    step()
    return time.perf_counter() - started


class Peak:
    """The most memory that this process's children hold at a time, shared pages counted once."""

    def __enter__(self) -> Peak:
        self.octets, self._ended = 0, threading.Event()
        self._watch = threading.Thread(target=self._look)
        self._watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._watch.join()

    def _look(self) -> None:
        while not self._ended.wait(0.1):
            total = 0
            for process in psutil.Process().children(recursive=True):
                try:
                    total += getattr(process.memory_full_info(), "pss", 0) or process.memory_info().rss
                except psutil.Error:
                    continue
            self.octets = max(self.octets, total)


def change_figure(root: Path) -> None:
    path = root / "data" / "observations.csv"
    text = path.read_text(encoding="utf-8")
    assert ROW in text
    path.write_text(text.replace(ROW, ROW.replace("1296000", "1297000")), encoding="utf-8")


def change_chapter(root: Path) -> None:
    path = root / "chapters" / "output.ipynb"
    book = json.loads(path.read_text(encoding="utf-8"))
    cell = next(c for c in book["cells"] if c["cell_type"] == "markdown")
    cell["source"] = [*cell["source"], "\n\nA sentence more."]
    path.write_text(json.dumps(book), encoding="utf-8")


def against_stock(place: Path) -> None:
    """Compare one edition, built by stock tools and by ours, four times over."""
    theirs, mine = copy_book(place / "stock"), copy_book(place / "ours")
    rows, said = [], ""
    with Peak() as peak_stock:
        cold_stock = timed(lambda: stock(theirs))
    with Peak() as peak_ours:
        started = time.perf_counter()
        said = ours(mine)
        cold = time.perf_counter() - started
    rows.append(("cold", cold_stock, cold))
    rows.append(("nothing changed", timed(lambda: stock(theirs)), timed(lambda: ours(mine))))
    for name, change in (("one figure changed", change_figure), ("one chapter changed", change_chapter)):
        change(theirs)
        change(mine)
        rows.append((name, timed(lambda: stock(theirs)), timed(lambda: ours(mine))))
    later = timed(lambda: ours(mine, "2024"))
    two = copy_book(place / "two")
    both = timed(lambda: run(two, sys.executable, "-m", "nevbook.cli", "build", "--year", YEAR, "--year", "2024"))
    count = len(plan.chapters(ROOT))
    print(f"{count} chapters, one edition; stock: papermill for each, then jupyter-book; ours draws every chart to SVG")
    print(f"{'':20}{'stock, s':>10}{'ours, s':>10}{'ours/stock':>12}")
    for name, a, b in rows:
        print(f"{name:20}{a:10.1f}{b:10.2f}{b / a:12.3f}")
    print(f"{'peak memory, MB':20}{peak_stock.octets / 1e6:10.0f}{peak_ours.octets / 1e6:10.0f}")
    together, alone = both / cold - 1, later / cold
    print(f"a further edition takes {together:.2f} of the first in one build, {alone:.2f} in a build of its own\n")
    where(said, cold)


def where(said: str, whole: float) -> None:
    """Print where the time of a cold build went, as the build says it; steps run beside each other."""
    steps: Counter[str] = Counter()
    for line in said.splitlines():
        if found := re.search(r" (\w+) in ([\d.]+) s$", line):
            step = found[1] if line.startswith("[") else re.sub(r"^\S*\d\S* ", "", line[: found.start(2) - 4])
            steps[step] += float(found[2])
    print(f"where the time goes (steps run beside each other; the whole took {whole:.1f} s)")
    for step, seconds in steps.most_common():
        print(f"  {step:60}{seconds:8.1f} s")
    print()


def growth(place: Path) -> None:
    """Print what sites of several editions take, each built cold with one call a region."""
    data = load(ROOT / "data")
    regions = [e.id for e in data.entities.values() if e.kind == "region"]
    listed = sorted(((y, r) for r in regions for y in data.years(r)), key=lambda p: (p[1] != "chongqing", -p[0], p[1]))
    first = 0.0
    print(f"{'editions':>10}{'s':>10}{'s each':>10}{'against one alone':>20}{'nothing changed, s':>20}")
    for size in SIZES:
        root = copy_book(place / f"of-{size}")
        settings = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))
        settings["nevbook"]["editions"] = [{"year": y, "region": r} for y, r in listed[:size]]
        (root / "_config.yml").write_text(yaml.safe_dump(settings), encoding="utf-8")
        build = (sys.executable, "-m", "nevbook.cli", "build")
        whole = timed(functools.partial(run, root, *build))
        again = timed(functools.partial(run, root, *build))
        first = first or whole
        print(f"{size:10}{whole:10.1f}{whole / size:10.2f}{whole / size / first:20.2f}{again:20.2f}")


def pages(place: Path) -> None:
    """Compare what pages weigh, and what Lighthouse thinks of them."""
    theirs, mine = copy_book(place / "stock"), copy_book(place / "ours")
    stock(theirs)
    ours(mine)
    bench_pages.compare(theirs / "executed" / "_build" / "html", mine / "_build" / "html" / YEAR)


def main() -> None:
    """Measure what is asked for, and print it."""
    parts = {"stock": against_stock, "pages": pages, "growth": growth}
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("part", nargs="*", choices=[*parts, []], help="what to measure (default: all)")
    for name in asked.parse_args().part or parts:
        with tempfile.TemporaryDirectory() as place:
            parts[name](Path(place))


if __name__ == "__main__":
    main()
