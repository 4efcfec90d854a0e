"""From executed chapters to the published site: keys, staging, Sphinx, publication."""

from __future__ import annotations

import contextlib
import csv
import dataclasses
import fcntl
import hashlib
import html
import io
import json
import multiprocessing
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import yaml

from . import config
from .config import Edition
from .dataset import PACKAGE_FILE, Dataset, check_choices, data_folder, load, read_descriptor, read_table
from .errors import BuildError, NevbookError
from .publish import swap_in
from .words import word

PACKAGE = Path(__file__).parent
WORK = Path("_build") / "nevbook"  # all that may be deleted at any time


@dataclasses.dataclass(frozen=True)
class Plan:
    """What is to be built of one edition.

    Attributes
    ----------
    edition : Edition
        Year, region, day.
    data : Dataset
        As the edition sees it.
    chapters : tuple of Path
        In the order of ``_toc.yml``.
    keys : dict
        What each chapter's result depends on, by chapter.
    frame : str
        What the rest of the edition depends on.
    """

    edition: Edition
    data: Dataset
    chapters: tuple[Path, ...]
    keys: dict[Path, str]
    frame: str

    @property
    def key(self) -> str:
        """What the whole edition depends on."""
        return _hash(self.frame, *self.keys.values())


def _hash(*parts: str | bytes) -> str:
    out = hashlib.sha256()
    for part in parts:
        raw = part.encode() if isinstance(part, str) else part
        out.update(len(raw).to_bytes(8, "big"))
        out.update(raw)
    return out.hexdigest()


def _package_hash() -> str:
    files = sorted(p for p in PACKAGE.rglob("*") if p.is_file() and "__pycache__" not in p.parts)
    return _hash(*(x for p in files for x in (str(p.relative_to(PACKAGE)), p.read_bytes())))


def chapters(root: Path) -> tuple[Path, ...]:
    """Return the chapters that ``_toc.yml`` names, in its order.

    Parameters
    ----------
    root : Path
        The folder that holds ``_toc.yml``.

    Returns
    -------
    tuple of Path

    Raises
    ------
    BuildError
        Where the file is missing, or names a chapter that does not exist.
    """
    path = root / config.TOC
    if not path.is_file():
        raise BuildError(f"{path}: missing. Run from the repository.")
    found = []
    for name in _files(yaml.safe_load(path.read_text(encoding="utf-8"))):
        notebook = root / f"{name}.ipynb"
        if not notebook.is_file():
            raise BuildError(f"{path}: names {name!r}, but {notebook} does not exist.")
        found.append(notebook)
    return tuple(found)


def _files(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("file", "root"):
                yield value
            else:
                yield from _files(value)
    elif isinstance(node, list):
        for one in node:
            yield from _files(one)


def plan(root: Path, edition: Edition, data_dir: Path, everything: Dataset, lock: str, package: str) -> Plan:
    """Work out what an edition consists of and depends on.

    Parameters
    ----------
    root : Path
        The repository.
    edition : Edition
        What to build.
    data_dir : Path
        The data folder.
    everything : Dataset
        The whole dataset.
    lock, package : str
        Hashes of the lock file and of nevbook.

    Returns
    -------
    Plan

    Raises
    ------
    ChoiceError
        Where the dataset knows nothing of the edition's year or region.
    """
    check_choices(everything, edition.year, edition.region)
    day = edition.as_of or max(r.recorded for r in everything.observations)
    data = everything.as_seen(edition.year, day)
    settings = yaml.safe_load((root / config.CONFIG).read_text(encoding="utf-8"))
    settings.pop("nevbook", None)
    seen = _hash(
        *(repr(r) for r in data.observations),
        *(repr(x) for t in (data.indicators, data.entities, data.bases, data.sources) for x in t.values()),
    )
    frame = _hash(
        json.dumps(settings, sort_keys=True, default=str),
        (root / config.TOC).read_text(encoding="utf-8"),
        seen, repr(edition), day.isoformat(), lock, package, (data_dir / PACKAGE_FILE).read_bytes(),
    )  # fmt: skip
    found = chapters(root)
    return Plan(edition, data, found, {p: _hash(frame, p.name, p.read_bytes()) for p in found}, frame)


@contextlib.contextmanager
def _alone(work: Path) -> Iterator[None]:
    """Hold the lock of a working folder; a second build in it says so and stops."""
    work.mkdir(parents=True, exist_ok=True)
    with (work / "lock").open("a+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise BuildError(f"another build is at work in {work}; wait for it or stop it.") from None
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
    lock_hash = _hash(lock.read_bytes()) if lock.exists() else ""
    package = _package_hash()
    plans = [plan(root, e, folder, everything, lock_hash, package) for e in wanted]
    with _alone(work):
        ledger = site.parent / f".{site.name}.keys.json"  # beside the site: no page carries it
        built: dict[str, str] = _read_json(ledger) if (site / "index.html").exists() else {}
        due = [
            p
            for p in plans
            if force or built.get(p.edition.path) != p.key or not (site / p.edition.path / "index.html").is_file()
        ]
        if due:
            _make(root, folder, due, work, workers, force, say)
            _publish(site, due, work, everything)
            kept = {e: k for e, k in built.items() if (site / e / "index.html").is_file()}
            _write_json(ledger, kept | {p.edition.path: p.key for p in due})
    index = site / "index.html"
    names = ", ".join(p.edition.path for p in plans)
    state = "is up to date" if not due else f"built in {time.monotonic() - started:.1f} s"
    say(f"{index}: {names} {state}")
    return index


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
    """Execute what has to be, then stage and write each edition."""
    from .execute import Job, check_parameters, execute

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
    count = 0

    def done(job: Job, seconds: float) -> None:
        nonlocal count
        count += 1
        say(f"[{count}/{len(jobs)}] {where[job.output]} executed in {seconds:.1f} s")

    execute(jobs, workers, done)
    _each(due, workers, lambda one: _write_edition(root, data_dir, one, work), say)


def _each(due: list[Plan], workers: int, step: Callable[[Plan], None], say: Callable[[str], None]) -> None:
    """Run a step for each edition in a process of its own, several at a time."""
    context = multiprocessing.get_context("fork" if hasattr(os, "fork") else "spawn")
    waiting, running = list(due), {}

    def child(one: Plan, result: multiprocessing.connection.Connection) -> None:
        try:
            step(one)
            result.send("")
        except NevbookError as error:
            result.send(str(error))
        except Exception:  # whatever it is, the parent must hear of it
            import traceback

            result.send(traceback.format_exc())

    try:
        while waiting or running:
            while waiting and len(running) < workers:
                one = waiting.pop(0)
                ours, theirs = context.Pipe(duplex=False)
                process = context.Process(target=child, args=(one, theirs))
                process.start()
                theirs.close()
                running[process.sentinel] = (one, process, ours, time.monotonic())
            for sentinel in multiprocessing.connection.wait(list(running)):
                one, process, ours, started = running.pop(sentinel)
                process.join()
                failure = ours.recv() if ours.poll() else f"its process ended ({process.exitcode})"
                if failure:
                    raise BuildError(f"edition {one.edition.path}: {failure}")
                say(f"{one.edition.path} drawn and written in {time.monotonic() - started:.1f} s")
    finally:
        for _, process, _, _ in running.values():
            process.kill()
            process.join()


def _write_edition(root: Path, data_dir: Path, one: Plan, work: Path) -> None:
    """Stage an edition's chapters with their figures drawn, run Sphinx, add its data."""
    stage = work / "stage" / one.edition.path
    pages = work / "pages" / one.edition.path
    for folder in (stage, pages):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    for chapter in one.chapters:
        book = json.loads((work / "chapters" / f"{one.keys[chapter]}.ipynb").read_text(encoding="utf-8"))
        _draw_figures(book, work / "drawings")
        (stage / chapter.name).write_text(json.dumps(book, ensure_ascii=False), encoding="utf-8")
    toc = yaml.safe_load((root / config.TOC).read_text(encoding="utf-8"))
    (stage / config.TOC).write_text(yaml.safe_dump(_flat(toc), sort_keys=False), encoding="utf-8")
    _sphinx(root, stage, pages, one.edition)
    write_package(one.data, data_dir, pages / "data")


def _draw_figures(book: dict, cache: Path) -> None:
    from . import drawing, figures

    for cell in book["cells"]:
        for output in cell.get("outputs", []):
            spec = output.get("data", {}).pop(figures.MIME, None)
            if spec is not None:
                drawn = drawing.pictures(spec, cache)
                output["data"] = {"text/html": figures.frame_html(spec["usermeta"]["nevbook"], drawn)}


def _flat(node: object) -> object:
    """Return the table of contents with the chapters at the top of the edition's folder."""
    if isinstance(node, dict):
        return {k: Path(v).name if k in ("file", "root") else _flat(v) for k, v in node.items()}
    if isinstance(node, list):
        return [_flat(one) for one in node]
    return node


def _sphinx(root: Path, stage: Path, pages: Path, edition: Edition) -> None:
    """Run Sphinx as Jupyter Book sets it up; a warning is an error."""
    from jupyter_book.config import get_final_config
    from sphinx.application import Sphinx
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    os.environ.setdefault("SOURCE_DATE_EPOCH", "0")  # nothing on a page may depend on the clock
    settings = yaml.safe_load((root / config.CONFIG).read_text(encoding="utf-8"))
    settings.pop("nevbook", None)
    settings.setdefault("execute", {})["execute_notebooks"] = "off"
    settings["exclude_patterns"] = []
    overrides, _ = get_final_config(
        user_yaml=settings, sourcedir=stage, cli_config={"latex_individualpages": False}, validate=False
    )
    overrides.pop("comments_config", None)  # Jupyter Book sets it for an extension that is not used
    depth = len(Path(edition.path).parts)
    title = f"{settings['title']} {edition.year}"
    overrides |= {
        "html_title": title,
        "html_static_path": [str(PACKAGE / "static")],
        "templates_path": [str(PACKAGE / "templates")],
        "html_context": {"nev_root": "../" * depth, "nev_edition": edition.path + "/", "default_mode": "auto"},
        "nitpicky": True,
    }
    said = io.StringIO()
    with contextlib.chdir(stage), patch_docutils(), docutils_namespace():
        app = Sphinx(
            srcdir=stage, confdir=None, outdir=pages, doctreedir=stage / ".doctrees", buildername="html",
            confoverrides=overrides, status=None, warning=said, freshenv=True, warningiserror=True, keep_going=True,
        )  # fmt: skip
        app.build()
    if app.statuscode or said.getvalue().strip():
        raise BuildError(f"Sphinx is not content:\n{said.getvalue().strip()}")
    for left in (".buildinfo", "objects.inv", ".nojekyll"):
        (pages / left).unlink(missing_ok=True)


def write_package(data: Dataset, data_dir: Path, out: Path) -> None:
    """Write the data package that an edition rests on.

    Parameters
    ----------
    data : Dataset
        As the edition sees it.
    data_dir : Path
        Where the whole package is.
    out : Path
        Folder for the edition's package.
    """
    out.mkdir(parents=True, exist_ok=True)
    seen = {r.id for r in data.observations}
    descriptor = read_descriptor(data_dir)
    for resource in descriptor["resources"]:
        name = resource["name"]
        rows = read_table(data_dir, name)
        if name == "observations":
            rows = [r for r in rows if r["id"] in seen]
        target = out / resource["path"]
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, [f["name"] for f in resource["schema"]["fields"]], lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    text = json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n"
    (out / PACKAGE_FILE).write_text(text, encoding="utf-8")


def _publish(site: Path, due: list[Plan], work: Path, everything: Dataset) -> None:
    """Assemble the whole site beside the old one, and swap it in."""
    fresh = site.with_name(site.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    known = _read_editions(site)
    for one in due:
        known[one.edition.path] = one.edition
    for path in sorted(known):
        source = site / path
        if any(p.edition.path == path for p in due):
            source = work / "pages" / path
        shutil.copytree(source, fresh / path, dirs_exist_ok=True)
    listed = sorted(known.values(), key=lambda e: (e.region != config.DEFAULT_REGION, e.region, -e.year))
    entries = [
        {
            "path": e.path + "/",
            "label": word("edition.label", region=everything.entities[e.region].name, year=e.year),
            "year": e.year,
            "region": e.region,
        }
        for e in listed
    ]
    (fresh / "editions.js").write_text(
        f"window.nevEditions = {json.dumps(entries, ensure_ascii=False)};\n", encoding="utf-8"
    )
    first = next((e for e in listed if e.region == config.DEFAULT_REGION), listed[0])
    links = "".join(
        f'<li><a href="{html.escape(e["path"])}index.html">{html.escape(e["label"])}</a></li>' for e in entries
    )
    (fresh / "index.html").write_text(
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="refresh" content="0; url={first.path}/index.html"><title>Made in Chongqing</title></head>'
        f'<body><main><h1>Made in Chongqing</h1><p><a href="{first.path}/index.html">'
        f"{html.escape(word('site.redirect'))}</a></p><ul>{links}</ul></main></body></html>\n",
        encoding="utf-8",
    )
    swap_in(fresh, site)


def _read_editions(site: Path) -> dict[str, Edition]:
    """Return the editions that stand in a site, by path."""
    try:
        text = (site / "editions.js").read_text(encoding="utf-8")
        entries = json.loads(text[text.index("[") : text.rindex("]") + 1])
    except (OSError, ValueError):
        return {}
    found = {e["path"].rstrip("/"): Edition(int(e["year"]), e["region"]) for e in entries}
    return {p: e for p, e in found.items() if (site / p / "index.html").is_file()}
