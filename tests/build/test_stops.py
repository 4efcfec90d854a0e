"""Builds that are stopped, or fail for what the machine does: told in a sentence, nothing lost, no process left."""

from __future__ import annotations

import contextlib
import ctypes
import os
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
import psutil
import pytest

from tests.build.test_pipeline import checksums, small_book
from tests.conftest import nevbook

RUN = [sys.executable, "-m", "nevbook.cli"]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small book of which nothing is built."""
    return small_book(tmp_path_factory.mktemp("stops") / "book")


@contextlib.contextmanager
def cell(root: Path, source: str):
    """Have a chapter end on a cell for a while."""
    path = root / "chapters" / "output.ipynb"
    text = path.read_text(encoding="utf-8")
    book = nbformat.reads(text, as_version=4)
    book.cells.append(nbformat.v4.new_code_cell(source))
    path.write_text(nbformat.writes(book), encoding="utf-8")
    try:
        yield len(book.cells)
    finally:
        path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("one", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_all_that_a_build_started_and_frees_its_lock(root: Path, tmp_path: Path, one: int) -> None:
    mark = tmp_path / "spinning"
    spins = f"import pathlib, subprocess\nsubprocess.Popen(['sleep', '600'])\npathlib.Path({str(mark)!r}).touch()\n"
    with (
        cell(root, spins + "while True: pass"),
        subprocess.Popen([*RUN, "build", "--year", "2025"], cwd=root, stderr=subprocess.PIPE, text=True) as build,
    ):
        while not mark.exists():
            assert build.poll() is None
            time.sleep(0.1)
        started = [*psutil.Process(build.pid).children(recursive=True)]
        assert any(p.name() == "sleep" for p in started) and len(started) > 2
        build.send_signal(one)
        assert not psutil.wait_procs(started, timeout=2)[1]
        said = build.communicate(timeout=20)[1]
        assert build.returncode == 1 and said == "nevbook: stopped; what was published stays as it was.\n"
    assert not list(root.glob("_build/**/*lock")) and not (root / "_build" / "html").exists()


def test_a_cell_that_takes_too_long_is_named_as_the_settings_say(root: Path) -> None:
    path = root / "_config.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("timeout: 300", "timeout: 3"), encoding="utf-8")
    try:
        with cell(root, "import time\ntime.sleep(600)") as last:
            done = nevbook(root, "build", "--year", "2025")
    finally:
        path.write_text(text, encoding="utf-8")
    assert done.returncode == 1
    assert f"output.ipynb, cell {last}: not finished after 3 seconds" in done.stderr


KILL = "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"
STAGES = {  # what the error names, and what dies there
    "drawing": (r"drawing 2025 \w+: figure '\w+': ", "nevbook.report.charts.svg._drawer"),
    "indicator pages": (r"pages of indicators: page of \w+: ", "nevbook.site.indicators.pages._indicator"),
    "market pages": (r"pages of markets: page of \w+: ", "nevbook.site.markets.pages._market"),
    "Sphinx": ("edition 2025: pages by Sphinx: ", "sphinx.application.Sphinx.build"),
    "downloads": ("edition 2025: downloads: ", "nevbook.export.package.write_all"),
}


@pytest.mark.slow
@pytest.mark.parametrize("stage", ["chapter", *STAGES])
def test_a_worker_that_is_killed_is_an_error_that_names_the_step(root: Path, stage: str) -> None:
    site = root / "_build" / "html"
    assert nevbook(root, "build", "--year", "2025").returncode == 0
    before = checksums(site)
    if stage == "chapter":
        with cell(root, KILL) as last:
            done = nevbook(root, "build", "--year", "2025", "--force")
        named = rf"output\.ipynb, cell {last}: "
    else:
        named, dies = STAGES[stage]
        place, name = dies.rsplit(".", 1)
        code = (
            "import os, signal, pkgutil\nfrom nevbook.cli.main import main\n"
            "def dies(*a, **k): os.kill(os.getpid(), signal.SIGKILL)\n"
            f"setattr(pkgutil.resolve_name({place!r}), {name!r}, dies)\n"
            "raise SystemExit(main(['build', '--year', '2025', '--force']))"
        )
        cache = root / "_build" / "nevbook" / "drawings"
        for drawn in cache.glob("*.svg") if stage == "drawing" else ():
            drawn.unlink()
        done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, timeout=300)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert re.search(rf"^nevbook: {named}its process was killed \(SIGKILL\)$", done.stderr, re.MULTILINE), done.stderr
    assert checksums(site) == before
    assert sorted(p.name for p in site.parent.iterdir()) == [".html.keys.json", "html", "nevbook"]


def limited(bytes_a_file: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_a_file, bytes_a_file))


def unprivileged() -> None:
    """Give up what lets the superuser pass over permissions."""
    for capability in (1, 2, 3):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_FOWNER
        ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP


def test_a_disk_that_is_full_is_one_sentence(root: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [*RUN, "export", "--to", str(tmp_path / "out")], cwd=root, capture_output=True, text=True,
        preexec_fn=limited(20_000),
    )  # fmt: skip
    assert done.returncode == 1 and done.stderr.count("\n") == 1, done.stderr
    assert done.stderr.startswith(f"nevbook: {tmp_path / 'out'}") and "write elsewhere" in done.stderr


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="permissions of the superuser are Linux's to drop")
@pytest.mark.slow
def test_a_checkout_that_cannot_be_written_to_is_built_elsewhere(root: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o555)
    folders = [p for p in (root, *root.rglob("*")) if p.is_dir()]
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    for folder in folders:
        folder.chmod(0o555)
    try:
        for environment in ({"HOME": str(home)}, {"HOME": str(tmp_path / "other")}):
            out = tmp_path / f"out {len(environment['HOME'])}"
            done = subprocess.run(
                [*RUN, "build", "--year", "2025", "--out", str(out)], cwd=root, capture_output=True, text=True,
                env={"PATH": os.environ["PATH"], "TMPDIR": str(temporary), **environment}, preexec_fn=unprivileged,
            )  # fmt: skip
            assert done.returncode == 0, done.stderr
            assert (out / "2025" / "index.html").is_file()
        refused = subprocess.run([*RUN, "build"], cwd=root, capture_output=True, text=True, preexec_fn=unprivileged)
        assert refused.returncode == 1 and "cannot be written to" in refused.stderr
    finally:
        for folder in folders:
            folder.chmod(0o755)
    assert not list(home.iterdir()) and (tmp_path / "other" / ".cache" / "nevbook").is_dir()


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="needs a second file system")
@pytest.mark.slow
def test_a_site_on_another_file_system_is_swapped_in_there(root: Path) -> None:
    with tempfile.TemporaryDirectory(dir="/dev/shm") as place:
        site = Path(place) / "site"
        assert os.stat(place).st_dev != os.stat(root).st_dev
        for force in ((), ("--force",)):
            done = nevbook(root, "build", "--year", "2025", "--out", str(site), *force)
            assert done.returncode == 0, done.stderr
            assert (site / "2025" / "index.html").is_file()
            assert sorted(os.listdir(place)) == [".site.keys.json", "site"]
        (site / "CNAME").write_text("book.example", encoding="utf-8")  # somebody's
        done = nevbook(root, "build", "--year", "2025", "--out", str(site), "--force")
        assert done.returncode == 1 and "holds CNAME, which is not the book's" in done.stderr
        assert (site / "CNAME").is_file() and sorted(os.listdir(place)) == [".site.keys.json", "site"]
