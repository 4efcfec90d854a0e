"""Building and publishing: whole or not at all, never stale, the same bytes again."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from nevbook.build import plan
from nevbook.common.errors import BuildError
from nevbook.common.files import swap_in
from tests.conftest import EDITIONS, ROOT, copy_book, keep_few_markets, nevbook


def small_book(place: Path, *names: str) -> Path:
    """Copy the book with few chapters and few markets, enough for what the site does with any."""
    names = names or ("output", "about")
    root = copy_book(place)
    keep_few_markets(root / "data")
    listed = "".join(f"- file: chapters/{name}\n" for name in names)
    toc = f"format: jb-book\nroot: chapters/index\nchapters:\n{listed}"
    (root / "_toc.yml").write_text(toc, encoding="utf-8")
    here = "|".join(("index", *names))
    for name in ("index", *names):  # links to the chapters left out would be broken
        path = root / "chapters" / f"{name}.ipynb"
        book = nbformat.read(path, as_version=4)
        for cell in book.cells:
            cell.source = re.sub(rf"\[([^\]]+)\]\((?!{here})[a-z-]+\.ipynb\)", r"\1", cell.source)
        nbformat.write(book, path)
    return root


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A small book of which nothing is built."""
    return small_book(tmp_path / "book")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A small book with its editions built, and the checksums of its clean build; what a test changes it puts back."""
    root = small_book(tmp_path_factory.mktemp("built") / "book")
    done = nevbook(root, "build", "--jobs", "2")
    assert done.returncode == 0, done.stderr
    return root, checksums(root / "_build" / "html")


@contextmanager
def instead(path: Path, old: str, new: str) -> Iterator[None]:
    """Have a file say something else for a while."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    try:
        yield
    finally:
        path.write_text(text, encoding="utf-8")


def checksums(folder: Path) -> dict[str, str]:
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def test_the_first_page_leads_to_the_newest_edition(published: Path) -> None:
    first = (published / "index.html").read_text(encoding="utf-8")
    assert 'url=2025/index.html"' in first and 'href="2024/index.html"' in first
    assert (published / "2025" / "index.html").is_file() and (published / "2024" / "index.html").is_file()
    assert (published / "anhui" / "2025" / "index.html").is_file()
    listed = (published / "editions.js").read_text(encoding="utf-8")
    paths = [e["path"] for e in json.loads(listed[listed.index("[") : listed.rindex("]") + 1])]
    assert paths == [f"{e}/" for e in ("2025", "2024", "2023", "2020", "anhui/2025") if e in EDITIONS]


OUTPUT_2024 = "2024.level.people-cq-2025-01-21-stats,nev_production,chongqing,2024,level,=,953200,"


def test_nothing_is_done_twice_and_a_change_of_data_is_never_stale(built: tuple[Path, dict[str, str]]) -> None:
    root, _ = built
    again = nevbook(root, "build")
    assert "is up to date" in again.stdout and "executed" not in again.stdout
    site = root / "_build" / "html"
    before, beside = checksums(site / "2025"), checksums(site / "indicators")
    with instead(root / "data" / "observations.csv", OUTPUT_2024, OUTPUT_2024.replace("953200", "951300")):
        changed = nevbook(root, "build", "--year", "2024")
        assert changed.returncode == 0 and "executed" in changed.stdout and "indicators of" not in changed.stdout
        assert "951,300" in (site / "2024" / "output.html").read_text(encoding="utf-8")
        assert checksums(site / "2025") == before  # the edition not built stays as it was
        assert checksums(site / "indicators") == beside  # these pages tell of the newest one
        newest = nevbook(root, "build", "--year", "2025")
        assert newest.returncode == 0 and "indicators of 2025 drawn" in newest.stdout
        assert "951,300" in (site / "indicators" / "nev_production.html").read_text(encoding="utf-8")
        told = checksums(site / "indicators")
        with instead(root / "chapters" / "output.ipynb", "How large is", "How big is"):
            worded = nevbook(root, "build", "--year", "2025")
        assert worded.returncode == 0 and "executed" in worded.stdout and "indicators of" not in worded.stdout
        assert checksums(site / "indicators") == told and (site / "sources.html").is_file()


@pytest.mark.parametrize(
    ("added", "said"),
    [
        (new_code_cell("1 / 0"), "output.ipynb, cell {last}: ZeroDivisionError: division by zero"),
        (new_markdown_cell("See [nowhere](nowhere.ipynb)."), "nowhere"),  # Sphinx warns of it
    ],
    ids=["code", "link"],
)
def test_a_chapter_that_fails_leaves_the_book_as_it_was(
    built: tuple[Path, dict[str, str]], added: nbformat.NotebookNode, said: str
) -> None:
    root, _ = built
    before = checksums(root / "_build" / "html")
    path = root / "chapters" / "output.ipynb"
    text = path.read_text(encoding="utf-8")
    chapter = nbformat.reads(text, as_version=4)
    chapter.cells.append(added)
    with instead(path, text, nbformat.writes(chapter)):
        failed = nevbook(root, "build", "--year", "2025")
    assert failed.returncode == 1 and said.format(last=len(chapter.cells)) in failed.stderr
    assert checksums(root / "_build" / "html") == before


def test_two_clean_builds_are_the_same_bytes(built: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    other = small_book(tmp_path / "other folder" / "book")
    command = [sys.executable, "-m", "nevbook.cli", "build", "--jobs", "1"]
    odd = os.environ | {"TZ": "Asia/Shanghai", "PYTHONHASHSEED": "7", "LC_ALL": "C"}
    done = subprocess.run(command, cwd=other, capture_output=True, text=True, timeout=300, env=odd)
    assert done.returncode == 0, done.stderr
    assert checksums(other / "_build" / "html") == built[1]


@pytest.mark.parametrize("lock", ["nevbook/lock", ".html.lock"])  # of the working folder, of the site
def test_a_second_build_says_so_and_stops(book: Path, lock: str) -> None:
    place = book / "_build" / lock
    place.parent.mkdir(parents=True)
    with place.open("a+") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        second = nevbook(book, "build")
    assert second.returncode == 1 and "another build is at work" in second.stderr
    assert not (book / "_build" / "html").exists()


@contextmanager
def without(path: Path) -> Iterator[None]:
    """Have a file gone for a while."""
    aside = path.rename(path.with_name(f"{path.name}.aside"))
    try:
        yield
    finally:
        aside.rename(path)


@pytest.mark.parametrize("gone", ["_static/shell.html", "data/datapackage.json", "data/observations.csv"])
def test_an_edition_that_an_older_version_made_is_named_before_anything_runs(
    built: tuple[Path, dict[str, str]], gone: str
) -> None:
    root, _ = built
    site = root / "_build" / "html"
    before = checksums(site)
    with without(site / "2025" / gone):
        refused = nevbook(root, "build", "--year", "2023")
        assert refused.returncode == 1 and "Traceback" not in refused.stderr and "executed" not in refused.stdout
        assert f"edition 2025 has no {gone}" in refused.stderr
        assert "run `nevbook build --year 2025` first" in refused.stderr
        with without(site / "2024" / gone):  # each alone would be refused because of the other
            refused = nevbook(root, "build", "--year", "2023")
            assert "run `nevbook build --year 2024 --year 2025` first" in refused.stderr
    assert checksums(site) == before


@pytest.mark.slow
def test_of_two_builds_at_once_one_is_done_and_one_stops(book: Path) -> None:
    command = [sys.executable, "-m", "nevbook.cli", "build", "--year", "2025"]
    both = [subprocess.Popen(command, cwd=book, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
    said = [one.communicate(timeout=300)[1].decode() for one in both]
    assert sorted(one.returncode for one in both) == [0, 1], said
    assert sum("another build is at work" in one for one in said) == 1
    assert "is up to date" in nevbook(book, "build", "--year", "2025").stdout


@pytest.mark.slow
def test_a_build_killed_right_after_the_exchange_leaves_nothing_stale(book: Path) -> None:
    page, path = book / "_build" / "html" / "2024" / "output.html", book / "data" / "observations.csv"
    assert nevbook(book, "build", "--year", "2024").returncode == 0
    whole, text = page.read_bytes(), path.read_text(encoding="utf-8")
    path.write_text(text.replace(OUTPUT_2024, OUTPUT_2024.replace("953200", "951300")), encoding="utf-8")
    killed = (
        "import os\nfrom nevbook.common import files\nfrom nevbook.cli import main as cli\n"
        "swap = files.swap_in\n"
        "files.swap_in = lambda *a: (swap(*a), os._exit(9))\ncli.main(['build', '--year', '2024'])"
    )
    assert subprocess.run([sys.executable, "-c", killed], cwd=book, capture_output=True).returncode == 9
    assert b"951,300" in page.read_bytes()
    path.write_text(text, encoding="utf-8")
    assert nevbook(book, "build", "--year", "2024").returncode == 0
    assert page.read_bytes() == whole


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--year", "1999"], "unknown year 1999 for chongqing. The dataset has 2008"),
        (["--region", "chonqing"], "Did you mean chongqing"),
        (["--data", "nowhere"], "has no datapackage.json"),
        (["--jobs", "0"], "no number from 1 to 999"),
    ],
)
def test_a_wrong_choice_is_refused_before_anything_runs(book: Path, arguments: list[str], said: str) -> None:
    done = nevbook(book, "build", *arguments)
    assert done.returncode == 2 and said in done.stderr
    assert "Traceback" not in done.stderr and not (book / "_build" / "html").exists()


def test_a_chapter_that_is_missing_is_named(book: Path) -> None:
    (book / "chapters" / "about.ipynb").unlink()
    done = nevbook(book, "build")
    assert done.returncode == 1 and "names 'chapters/about'" in done.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "missing. Run from the repository"),
        ("", "is empty; write names with values"),
        ("root: [", "not valid YAML"),
        ("- chapters/index", "holds list"),
        ("format: jb-book", "names no chapter"),
    ],
)
def test_a_table_of_contents_that_is_none_is_one_sentence(tmp_path: Path, text: str | None, said: str) -> None:
    path = tmp_path / "_toc.yml"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(BuildError, match=rf"^\S+_toc\.yml: .*{said}"):
        plan.chapters(tmp_path)


def test_an_edition_that_is_none_is_named(book: Path) -> None:
    path = book / "_config.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("year: 2024", "yaer: 2024"), encoding="utf-8")
    done = nevbook(book, "build")
    assert done.returncode == 1 and "unknown key 'yaer'. Did you mean year" in done.stderr


@pytest.mark.slow
def test_what_a_stock_build_left_is_replaced(book: Path) -> None:
    left = book / "_build" / "html"
    (left / "chapters").mkdir(parents=True)
    (left / "index.html").write_text("left by jupyter-book", encoding="utf-8")
    assert nevbook(book, "build", "--year", "2025").returncode == 0
    assert not (left / "chapters").exists() and (left / "2025" / "index.html").is_file()


def test_a_directory_is_exchanged_whole(tmp_path: Path) -> None:
    old, new = tmp_path / "html", tmp_path / "html.new"
    for folder, text in ((old, "old"), (new, "new")):
        folder.mkdir()
        (folder / "page").write_text(text, encoding="utf-8")
    swap_in(new, old)
    assert (old / "page").read_text(encoding="utf-8") == "new" and not new.exists()


def test_each_edition_publishes_the_data_it_rests_on(published: Path) -> None:
    old, new = (
        (published / edition / "data" / "observations.csv").read_text(encoding="utf-8") for edition in ("2024", "2025")
    )
    assert len(old) < len(new) and ",2025-01/2025-09,level,=," not in old


@pytest.mark.slow
def test_a_stock_jupyter_book_builds_it(tmp_path: Path) -> None:
    root = copy_book(tmp_path / "stock")
    command = [str(Path(sys.executable).with_name("jupyter-book")), "build", "."]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr[-3000:]
    for chapter in plan.chapters(root):
        page = (root / "_build" / "html" / "chapters" / f"{chapter.stem}.html").read_text(encoding="utf-8")
        assert 'class="nev-value"' in page and "Traceback" not in page
    assert nevbook(root, "build", "--year", "2025").returncode == 0
    assert not (root / "_build" / "html" / "chapters").exists()


def test_what_finds_nothing_to_do_loads_nothing_that_is_slow() -> None:
    code = "import sys, nevbook.build.pipeline, nevbook.cli.main; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "yaml" in loaded and not {"altair", "pandas", "sphinx", "papermill", "babel.core", "rich"} & loaded
