"""From executed chapters to the published site: keys, staging, Sphinx, publication."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from . import config, entrance, kept
from .config import Edition
from .datapackage import data_folder
from .dataset import load
from .errors import BuildError
from .plan import Plan, digest, package_hash, plan
from .pool import Standing, each
from .publish import swap_in
from .words import word

WORK = Path("_build") / "nevbook"  # all that may be deleted at any time
TIME_LIMIT = 600  # seconds for the pages of one edition; they take two or three


@contextlib.contextmanager
def _alone(lock: Path, folder: Path) -> Iterator[None]:
    """Hold the lock of a folder; a second build in it says so and stops."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise BuildError(f"another build is at work in {folder}; wait for it or stop it.") from None
        yield


def build(
    root: Path,
    wanted: list[Edition],
    data_dir: Path | None = None,
    out: Path | None = None,
    workers: int = 2,
    force: bool = False,
    say: Callable[[str], None] = print,
) -> Path:
    """Build editions and publish them beside those already there.

    Parameters
    ----------
    root : Path
        The repository.
    wanted : list of Edition
        What to build.
    data_dir : Path, optional
        The data folder; the repository's if not given.
    out : Path, optional
        The site; ``_build/html`` if not given.
    workers : int
        Processes at a time.
    force : bool
        Whether to build what is unchanged too.
    say : callable
        Takes a line of progress.

    Returns
    -------
    Path
        The site's ``index.html``.

    Raises
    ------
    NevbookError
        Where anything is wrong; what was published stays as it was.
    """
    started = time.monotonic()
    folder = data_folder(data_dir or root / "data")
    site = (out or root / "_build" / "html").absolute()
    work = root / WORK
    everything = load(folder)
    lock = root / "requirements.txt"
    lock_hash = digest(lock.read_bytes()) if lock.exists() else ""
    package = package_hash()
    plans = [plan(root, e, folder, everything, lock_hash, package) for e in wanted]
    with _alone(work / "lock", work), _alone(site.with_name(f".{site.name}.lock"), site):
        ledger = site.parent / f".{site.name}.keys.json"  # beside the site: no page carries it
        built: dict[str, str] = _read_json(ledger)
        if built.get("") != _outside(site):  # another tool wrote here
            built = {}
        due = [p for p in plans if force or built.get(p.edition.path) != p.key or kept.lacks(site, p.edition)]
        if due:
            kept.check(site, [p.edition for p in due])
            _make(root, folder, due, work, workers, force, say)
            keys = built | {p.edition.path: p.key for p in due}

            def pages(fresh: Path, newest: Edition) -> None:
                from . import beside, indicator_pages, market_pages

                for made in (indicator_pages, market_pages):  # once a site, each with a key of its own
                    name = made.FOLDER
                    keys[name] = beside.page_key(root, fresh, newest, package, made.reads)
                    same = not force and built.get(name) == keys[name]
                    if same and _take_over(site, fresh, made.OWN):
                        continue
                    since = time.monotonic()
                    count = made.write(root, fresh, newest, work / "drawings", workers)
                    say(f"{count} {name} of {newest.path} drawn and written in {time.monotonic() - since:.1f} s")

            fresh = _assemble(root, site, due, work, pages)
            ledger.unlink(missing_ok=True)  # after a kill here no ledger may tell of the old site
            swap_in(fresh, site)
            standing = {e: k for e, k in keys.items() if e and (site / e / "index.html").is_file()}
            _write_json(ledger, standing | {"": _outside(site)})
    index = site / "index.html"
    names = ", ".join(p.edition.path for p in plans)
    state = "is up to date" if not due else f"built in {time.monotonic() - started:.1f} s"
    say(f"{index}: {names} {state}")
    return index


def print_editions(
    root: Path, wanted: list[Edition], out: Path | None = None, say: Callable[[str], None] = print
) -> None:
    """Print published editions as PDF and link them.

    Parameters
    ----------
    root : Path
        The repository.
    wanted : list of Edition
        Which; all that are published if empty.
    out : Path, optional
        The site; ``_build/html`` if not given.
    say : callable
        Takes a line for each PDF.

    Raises
    ------
    BuildError
        Where an edition is not published, or no browser prints.
    """
    from . import pdf

    site = (out or root / "_build" / "html").absolute()
    with _alone(site.with_name(f".{site.name}.lock"), site):
        labels = {str(e["path"]): str(e["label"]) for e in entrance.listed(site)}
        paths = [f"{e.path}/" for e in wanted] or list(labels)
        strange = next((p for p in paths if p not in labels), "the book")
        if not paths or strange in paths:
            raise BuildError(f"{site}: {strange.rstrip('/')} is not there; run `nevbook build` for it first.")
        for path in paths:
            made = pdf.make(root, site, path.rstrip("/"), labels[path])
            say(word("look.pdf.made", path=made, size=f"{made.stat().st_size / 1000:,.0f}"))
        ledger = site.parent / f".{site.name}.keys.json"
        built = _read_json(ledger)
        ours = built.get("") == _outside(site)
        entrance.refresh(root, site)
        if ours:
            _write_json(ledger, built | {"": _outside(site)})


def _outside(site: Path) -> str:
    """What a site holds outside its editions: changes when another tool writes into it."""
    try:
        return digest(*sorted(p.name for p in site.iterdir()), (site / "index.html").read_bytes())
    except OSError:
        return ""


def _read_json(path: Path) -> dict:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _write_json(path: Path, content: dict) -> None:
    part = path.with_suffix(".part")
    part.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    part.replace(path)


def _make(
    root: Path, data_dir: Path, due: list[Plan], work: Path, workers: int, force: bool, say: Callable[[str], None]
) -> None:
    """Execute what has to be and draw it; stage and write each edition."""
    from . import indicator_pages, live
    from .drawing import draw_chapter
    from .execute import Job, check_parameters, execute, load_libraries
    from .staging import warm, write_edition

    jobs = []
    where: dict[Path, str] = {}
    for one in due:
        for chapter in one.chapters:
            parameters = {"year": one.edition.year, "region": one.edition.region, "data_dir": str(data_dir)}
            check_parameters(chapter, parameters)
            output = work / "chapters" / f"{one.keys[chapter]}.ipynb"
            where[output] = f"{one.edition.path} {chapter.stem}"
            if force or not output.exists():
                jobs.append(Job(chapter, output, parameters))
    cache = work / "drawings"
    newest = max(due, key=lambda p: (p.edition.region == config.DEFAULT_REGION, p.edition.year))
    count = 0

    def draw(task: tuple[str, str]) -> None:
        kind, name = task
        if kind == "chapter":
            draw_chapter(Path(name), cache)
        elif kind == "script":
            live.make(cache)
        else:
            indicator_pages.draw_ahead(root, newest, cache, name)

    def done(job: Job, seconds: float) -> None:
        nonlocal count
        count += 1
        say(f"[{count}/{len(jobs)}] {where[job.output]} executed in {seconds:.1f} s")
        drawers.give(("chapter", str(job.output)))

    load_libraries()
    with Standing(
        workers, draw, lambda task, failure: BuildError(f"{' '.join(task)}: {failure}"), TIME_LIMIT
    ) as drawers:
        drawers.give(("script", live.name()))
        for output in where:
            if output not in {job.output for job in jobs}:
                drawers.give(("chapter", str(output)))
        execute(jobs, workers, done, warm())
        for indicator in indicator_pages.paged(newest.data):
            drawers.give(("indicator", indicator.id))
        drawers.wait(("chapter", str(output)) for output in where)
        each(
            due,
            workers,
            lambda one: write_edition(root, data_dir, one, work),
            lambda one, seconds: say(f"{one.edition.path} written in {seconds:.1f} s"),
            lambda one, failure: BuildError(f"edition {one.edition.path}: {failure}"),
            TIME_LIMIT,
        )
        drawers.wait()


def _assemble(root: Path, site: Path, due: list[Plan], work: Path, pages: Callable[[Path, Edition], None]) -> Path:
    """Assemble the whole site beside the old one, `pages` what is made once a site; return where."""
    from . import feed, live  # with Altair, which a build of nothing need not load

    fresh = site.with_name(site.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    known = entrance.read(site)
    for one in due:
        known[one.edition.path] = one.edition
    for path in sorted(known):
        source = site / path
        if any(p.edition.path == path for p in due):
            (fresh / path).parent.mkdir(parents=True, exist_ok=True)
            (work / "pages" / path).rename(fresh / path)
        else:
            shutil.copytree(source, fresh / path, dirs_exist_ok=True, copy_function=_link)
    listed = entrance.ordered(known.values())
    live.gather(fresh, sorted(known), site, work / "drawings")
    pages(fresh, listed[0])
    entrance.write(root, fresh, entrance.entries(fresh, listed))
    feed.write(root, fresh, listed)
    return fresh


def _link(source: str, target: str) -> str:
    """Take over a file of the old site: by a second name, or a copy where the system has none."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
    return target


def _take_over(site: Path, fresh: Path, own: Sequence[str]) -> bool:
    """Copy files and folders that are made once a site; False where one is not there."""
    if not all((site / name).exists() for name in own):
        return False
    for name in own:
        if (site / name).is_dir():
            shutil.copytree(site / name, fresh / name, copy_function=_link)
        else:
            _link(str(site / name), str(fresh / name))
    return True
