"""The editions that a build keeps as they are: whether they have what the rest of the site is made from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from . import config, entrance
from .config import Edition
from .datapackage import PACKAGE_FILE, read_descriptor
from .errors import BuildError
from .shell import SHELL, Shell


def lacks(site: Path, one: Edition, newest: bool = False) -> str:
    """Return what an edition lacks that the rest of the site is made from.

    Parameters
    ----------
    site : Path
        The site.
    one : Edition
        The edition, which may not be there at all.
    newest : bool
        Whether the pages beside Sphinx are made from it: these ask for more.

    Returns
    -------
    str
        The first thing, to be read after "has"; empty where all is there.
    """
    folder = site / one.path
    for name in ("index.html", f"{SHELL}.html", f"data/{PACKAGE_FILE}"):
        if not (folder / name).is_file():
            return f"no {name}"
    for resource in read_descriptor(folder / "data")["resources"]:
        if not (folder / "data" / resource["path"]).is_file():
            return f"no data/{resource['path']}"
    if not newest:
        return ""
    if missing := {"as_of", "label"} - set(entrance.published(site, one)):
        return f"no {' and '.join(sorted(missing))} in data/{PACKAGE_FILE}"
    try:
        Shell(folder)
    except BuildError:
        return f"a {SHELL}.html of another kind"
    return ""


def check(site: Path, made: Sequence[Edition]) -> None:
    """Refuse to keep editions from which the rest of the site cannot be made.

    Parameters
    ----------
    site : Path
        The site as it is published; may be none yet.
    made : sequence of Edition
        What is built now, in place of what stands there.

    Raises
    ------
    BuildError
        Names the first such edition, what it lacks, and what to run.
    """
    there = entrance.read(site)
    newest = entrance.ordered([*there.values(), *made])[0].path
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
