"""From executed chapters to the published site: keys, staging, Sphinx, publication."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import platformdirs

from nevbook.build import assemble
from nevbook.build.assemble import assemble_site, take_over
from nevbook.build.plan import Plan, package_hash, plan
from nevbook.common import config, files
from nevbook.common.config import Edition
from nevbook.common.errors import BuildError
from nevbook.common.i18n import gettext as _
from nevbook.common.processes import WorkerPool, each
from nevbook.data.dataset import load
from nevbook.data.package import readable_folder
from nevbook.site import landing

WORK = Path("_build", "nevbook")  # all that may be deleted at any time
BUSY = "another build is at work in {}; wait for it or stop it."


def build(
    root: Path,
    wanted: list[Edition],
    data_dir: Path | None = None,
    out: Path | None = None,
    workers: int = 2,
    force: bool = False,
    say: Callable[..., None] = lambda text, share=0.0: print(text),
    going_on: bool = False,
) -> Path:
    """Build editions and publish them; where any fails nothing changes, or if `going_on`, only that edition."""
    started = time.monotonic()
    folder = readable_folder(data_dir or root / "data")
    site = _site(root, out, folder)
    work = _work(root)
    everything = load(folder)
    lock = root / "requirements.txt"
    lock_hash = files.digest(lock.read_bytes()) if lock.exists() else ""
    package = package_hash()
    failures: dict[str, str] = {}
    plans = [plan(root, e, folder, everything, lock_hash, package) for e in wanted]
    with files.locked(work / "lock", BUSY.format(work)), files.locked(files.beside(site, "lock"), BUSY.format(site)):
        ledger = files.beside(site, "keys.json")  # no page carries it
        built: dict[str, str] = files.read_json(ledger)
        if built.get("") != _outside(site):  # another tool wrote here
            built = {}
        due = [p for p in plans if force or built.get(p.edition.path) != p.key or assemble.lacks(site, p.edition)]
        if due:
            assemble.check(site, [p.edition for p in due])
            failures = _make(root, folder, due, work, workers, force, say, going_on)
            due = [p for p in due if p.edition.path not in failures]
        if due:
            keys = built | {p.edition.path: p.key for p in due}

            def pages(fresh: Path, newest: Edition) -> None:
                from nevbook.site import standalone
                from nevbook.site.indicators import pages as indicator_pages
                from nevbook.site.markets import pages as market_pages

                for made in (indicator_pages, market_pages):  # once a site, each with a key of its own
                    name = made.FOLDER
                    keys[name] = standalone.page_key(root, fresh, newest, package, made.reads)
                    same = not force and built.get(name) == keys[name]
                    if same and take_over(site, fresh, made.OWN):
                        continue
                    since = time.monotonic()
                    count = made.write(root, fresh, newest, work / "drawings", workers)
                    say(f"{count} {name} of {newest.path} drawn and written in {time.monotonic() - since:.1f} s", 0.9)

            try:
                with files.writing(site):
                    fresh = assemble_site(root, site, due, work, pages)
                    if out and site.exists() and (lost := sorted(set(os.listdir(site)) - set(os.listdir(fresh)))):
                        raise BuildError(f"{site}: holds {', '.join(lost)}, which is not the book's; move it away.")
                    ledger.unlink(missing_ok=True)  # after a kill here no ledger may tell of the old site
                    files.swap_in(fresh, site)
            finally:
                shutil.rmtree(files.beside(site, "new"), ignore_errors=True)
            standing = {e: k for e, k in keys.items() if e and (site / e / "index.html").is_file()}
            files.write_json(ledger, standing | {"": _outside(site)})
    if failures:
        told = "\n".join(f"{path}: {failure}" for path, failure in failures.items())
        raise BuildError(f"{len(failures)} of {len(plans)} editions failed, the others are published:\n{told}")
    index = site / "index.html"
    names = ", ".join(p.edition.path for p in plans) if len(plans) < 9 else f"{len(plans)} editions"
    state = "is up to date" if not due else f"built in {time.monotonic() - started:.1f} s"
    say(f"{index}: {names} {state}", 1.0)
    return index


def print_editions(
    root: Path, wanted: list[Edition], out: Path | None = None, say: Callable[[str], None] = print
) -> None:
    """Print published editions as PDF and link them."""
    from nevbook.site import pdf

    site = _site(root, out)
    with files.locked(files.beside(site, "lock"), BUSY.format(site)):
        labels = {str(e["path"]): str(e["label"]) for e in landing.listed(site)}
        paths = [f"{e.path}/" for e in wanted] or list(labels)
        strange = next((p for p in paths if p not in labels), "the book")
        if not paths or strange in paths:
            raise BuildError(f"{site}: {strange.rstrip('/')} is not there; run `nevbook build` for it first.")
        if warning := pdf.missing_font():
            say(_("warning: {what}", what=warning))
        for path in paths:
            made = pdf.make(root, site, path.rstrip("/"), labels[path])
            say(_("{path}: {size} KB", path=made, size=f"{made.stat().st_size / 1000:,.0f}"))
        ledger = files.beside(site, "keys.json")
        built = files.read_json(ledger)
        ours = built.get("") == _outside(site)
        landing.refresh(root, site)
        if ours:
            files.write_json(ledger, built | {"": _outside(site)})


def _site(root: Path, out: Path | None, *kept: Path) -> Path:
    """Return where the site goes; any other place than the default one holds a book of ours, or nothing."""
    default = root / "_build" / "html"
    return files.writable_place(out or default, "book" if out and out.absolute() != default else "site", *kept)


def _work(root: Path) -> Path:
    """Return where work files go: into the repository, or where that cannot be written to into the user's cache."""
    name = files.digest(str(root))[:16]
    places = (root / WORK, platformdirs.user_cache_path("nevbook") / name,
              Path(tempfile.gettempdir()) / f"nevbook-{os.getuid()}" / name)  # fmt: skip
    place = next((p for p in places if p.is_absolute() and files.writable(p)), None)
    if place is None:
        raise BuildError(f"{', '.join(map(str, places))}: none can be written to; name one in XDG_CACHE_HOME.")
    return place


def _outside(site: Path) -> str:
    """What a site holds outside its editions: changes when another tool writes into it."""
    try:
        return files.digest(*sorted(p.name for p in site.iterdir()), (site / "index.html").read_bytes())
    except OSError:
        return ""


def _make(
    root: Path,
    data_dir: Path,
    due: list[Plan],
    work: Path,
    workers: int,
    force: bool,
    say: Callable[..., None],
    going_on: bool,
) -> dict[str, str]:
    """Execute what has to be and draw it; stage and write each edition; return what failed, if `going_on`."""
    from nevbook.build.edition import write_edition
    from nevbook.build.execute import Job, check_parameters, execute, load_libraries
    from nevbook.build.sphinx import warm
    from nevbook.report.charts import vega
    from nevbook.report.charts.svg import draw_chapter
    from nevbook.site.indicators import pages as indicator_pages

    jobs = []
    where: dict[Path, str] = {}
    of: dict[Path, Plan] = {}  # by output
    failures: dict[str, str] = {}

    def passed_over(one: Plan, failure: object) -> bool:
        failures.setdefault(one.edition.path, str(failure).splitlines()[0])
        return going_on

    for one in due:
        for chapter in one.chapters:
            parameters = {"year": one.edition.year, "region": one.edition.region, "data_dir": str(data_dir)}
            check_parameters(chapter, parameters)
            output = one.output(chapter, work)
            where[output], of[output] = f"{one.edition.path} {chapter.stem}", one
            if force or one.stale(chapter, work):
                jobs.append(Job(chapter, output, parameters, one.tables))
    cache = work / "drawings"
    newest = max(due, key=lambda p: (p.edition.region == config.DEFAULT_REGION, p.edition.year))
    count = finished = 0

    def draw(task: tuple[str, str]) -> None:
        kind, name = task
        if kind == "chapter":
            draw_chapter(Path(name), cache)
        elif kind == "script":
            vega.make(cache)
        else:
            indicator_pages.draw_ahead(root, newest.data, newest.edition, cache, name)

    def done(job: Job, seconds: float) -> None:
        nonlocal count
        count += 1
        say(f"[{count}/{len(jobs)}] {where[job.output]} executed in {seconds:.1f} s", 0.6 * count / len(jobs))
        drawers.give(("chapter", str(job.output)))

    def written(one: Plan, seconds: float) -> None:
        nonlocal finished
        finished += 1
        say(f"{one.edition.path} written in {seconds:.1f} s", 0.6 + 0.3 * finished / len(due))

    def not_drawn(task: tuple[str, str], failure: str) -> BuildError | None:
        kind, name = task
        if kind != "chapter":
            return BuildError(f"drawing {kind} {name}: {failure}")
        error = BuildError(f"drawing {where[Path(name)]}: {failure}")
        return None if passed_over(of[Path(name)], error) else error

    def not_written(one: Plan, failure: str) -> BuildError | None:
        error = BuildError(f"edition {one.edition.path}: {failure}")
        return None if passed_over(one, error) else error

    load_libraries()
    with WorkerPool(workers, draw, not_drawn) as drawers:
        drawers.give(("script", vega.name()))
        for output in where:
            if output not in {job.output for job in jobs}:
                drawers.give(("chapter", str(output)))
        limit = config.timeout(root)
        execute(jobs, workers, done, warm(), limit, lambda job, error: passed_over(of[job.output], error))
        for indicator in indicator_pages.paged(newest.data):
            drawers.give(("indicator", indicator.id))
        drawers.wait(("chapter", str(output)) for output in where)
        whole = [one for one in due if one.edition.path not in failures]
        each(whole, workers, lambda one: write_edition(root, data_dir, one, work), written, not_written)
        drawers.wait()
    return failures
