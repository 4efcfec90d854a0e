"""The editions that a build keeps as they are: whether they have what the rest of the site is made from."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from nevbook.build.plan import Plan
from nevbook.common import config
from nevbook.common.config import Edition
from nevbook.common.errors import BuildError
from nevbook.common.files import beside
from nevbook.data.package import PACKAGE_FILE, read_descriptor
from nevbook.site import landing
from nevbook.site.layout import SHELL, PageLayout


def lacks(site: Path, one: Edition, newest: bool = False) -> str:
    """Return what an edition lacks that the rest of the site is made from."""
    folder = site / one.path
    for name in ("index.html", f"{SHELL}.html", f"data/{PACKAGE_FILE}"):
        if not (folder / name).is_file():
            return f"no {name}"
    for resource in read_descriptor(folder / "data")["resources"]:
        if not (folder / "data" / resource["path"]).is_file():
            return f"no data/{resource['path']}"
    if not newest:
        return ""
    if missing := {"as_of", "label"} - set(landing.published(site, one)):
        return f"no {' and '.join(sorted(missing))} in data/{PACKAGE_FILE}"
    try:
        PageLayout(folder)
    except BuildError:
        return f"a {SHELL}.html of another kind"
    return ""


def check(site: Path, made: Sequence[Edition]) -> None:
    """Refuse to keep editions from which the rest of the site cannot be made."""
    there = landing.read(site)
    newest = landing.ordered([*there.values(), *made])[0].path
    faults = {p: lack for p, e in there.items() if (lack := lacks(site, e, p == newest))}
    first = next((p for p in faults if p not in {e.path for e in made}), None)
    if first is None:
        return
    # all of them at once: of two, each alone would be refused because of the other
    again = [there[p] for p in sorted(faults)]
    regions = {e.region for e in again}
    if len(regions) == 1:
        years = "".join(f" --year {e.year}" for e in again)
        region = "" if regions == {config.DEFAULT_REGION} else f" --region {again[0].region}"
        what = f"run `nevbook build{years}{region}`"
    else:
        what = f"name {', '.join(sorted(faults))} in {config.CONFIG} and run `nevbook build`"
    raise BuildError(
        f"{site}: edition {first} has {faults[first]}, as this version of the package makes it"
        f" and the rest of the site needs it; {what} first. Nothing was changed."
    )


def gather(fresh: Path, editions: list[str], site: Path, cache: Path) -> None:
    """Put the scripts that the editions of a site name into it; raises BuildError where one is nowhere."""
    from nevbook.report.charts.vega import FOLDER, LICENCES

    for path in editions:
        page = (fresh / path / f"{SHELL}.html").read_text(encoding="utf-8")
        found = re.search(rf'data-vega="[^"]*{FOLDER}/(vega-[0-9a-f]+\.js)"', page)
        target = found and fresh / FOLDER / found[1]
        if not target or target.exists():
            continue
        source = next((p for p in (cache / target.name, site / FOLDER / target.name) if p.is_file()), None)
        if source is None:
            raise BuildError(f"edition {path}: its charts need {target.name}, which is gone; build it with --force.")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target)
        shutil.copy2(config.PACKAGE / "site" / "static" / LICENCES, target.parent)


def assemble_site(root: Path, site: Path, due: list[Plan], work: Path, pages: Callable[[Path, Edition], None]) -> Path:
    """Assemble the whole site beside the old one, `pages` what is made once a site; return where."""
    from nevbook.site import feed

    fresh = beside(site, "new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    known = landing.read(site)
    for one in due:
        known[one.edition.path] = one.edition
    for path in sorted(known):
        source = site / path
        if any(p.edition.path == path for p in due):
            (fresh / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.move(work / "pages" / path, fresh / path)  # a copy, where the site is on another file system
        else:
            shutil.copytree(source, fresh / path, dirs_exist_ok=True, copy_function=_link)
    listed = landing.ordered(known.values())
    gather(fresh, sorted(known), site, work / "drawings")
    pages(fresh, listed[0])
    landing.write(root, fresh, landing.entries(fresh, listed))
    feed.write(root, fresh, listed)
    return fresh


def _link(source: str, target: str) -> str:
    """Take over a file of the old site: by a second name, or a copy where the system has none."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
    return target


def take_over(site: Path, fresh: Path, own: Sequence[str]) -> bool:
    """Copy files and folders that are made once a site; False where one is not there."""
    if not all((site / name).exists() for name in own):
        return False
    for name in own:
        if (site / name).is_dir():
            shutil.copytree(site / name, fresh / name, copy_function=_link)
        else:
            _link(str(site / name), str(fresh / name))
    return True
