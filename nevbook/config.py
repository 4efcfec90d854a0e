"""The book's settings: the editions that ``_config.yml`` names."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import yaml

from .errors import BuildError

CONFIG = "_config.yml"
TOC = "_toc.yml"
DEFAULT_REGION = "chongqing"


@dataclass(frozen=True)
class Edition:
    """One edition of the book.

    Attributes
    ----------
    year : int
        The newest year whose outcomes it tells.
    region : str
        Entity id of the region it is about.
    as_of : datetime.date or None
        It sees what was recorded by this day; None for the newest day of the dataset.
    """

    year: int
    region: str = DEFAULT_REGION
    as_of: dt.date | None = None

    @property
    def path(self) -> str:
        """Its folder in the site: ``2025``, or ``anhui/2025`` for another region."""
        return str(self.year) if self.region == DEFAULT_REGION else f"{self.region}/{self.year}"


def editions(root: Path) -> list[Edition]:
    """Return the published editions, oldest first.

    Parameters
    ----------
    root : Path
        The folder that holds ``_config.yml``.

    Returns
    -------
    list of Edition

    Raises
    ------
    BuildError
        Where the file is missing or names an edition that is none.
    """
    path = root / CONFIG
    if not path.is_file():
        raise BuildError(f"{path}: missing. Run from the repository.")
    settings = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    found = []
    for place, one in enumerate((settings.get("nevbook") or {}).get("editions") or [], start=1):
        try:
            day = one.get("as_of")
            if isinstance(day, str):
                day = dt.date.fromisoformat(day)
            found.append(Edition(int(one["year"]), str(one.get("region", DEFAULT_REGION)), day))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise BuildError(
                f"{path}: edition {place} of nevbook: editions is no edition ({error}): "
                "write {year: 2025, region: chongqing, as_of: 2026-11-22}."
            ) from None
    if not found:
        raise BuildError(f"{path}: names no edition under nevbook: editions.")
    return sorted(found, key=lambda e: (e.region != DEFAULT_REGION, e.region, e.year))


def course(root: Path) -> tuple[str, str]:
    """Return where the course is kept, as ``nevbook: course: {repository, branch}`` names it.

    Parameters
    ----------
    root : Path
        The folder that holds ``_config.yml``.

    Returns
    -------
    tuple of str
        Address, empty if none is set, and branch.

    Raises
    ------
    BuildError
        Where the address is none.
    """
    path = root / CONFIG
    settings = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    told = (settings.get("nevbook") or {}).get("course") or {}
    address = str(told.get("repository") or "").rstrip("/")
    if address and not address.startswith("https://"):
        raise BuildError(f"{path}: course: repository: {address!r} is no address; write https://HOST/OWNER/NAME.")
    return address, str(told.get("branch") or "main")


def as_of(data_dir: Path, year: int, region: str) -> dt.date | None:
    """Return the day of an edition, as ``_config.yml`` names it.

    Parameters
    ----------
    data_dir : Path
        The data folder.
    year, region
        The edition.

    Returns
    -------
    datetime.date or None
        From the settings above the working directory, which are those of the book that is
        built; without any there, from those beside the data.
    """
    listed = _near(data_dir)
    return next((e.as_of for e in listed if (e.year, e.region) == (year, region)), None)


def day_before(data_dir: Path, year: int, region: str) -> dt.date | None:
    """Return the day of the edition before, of the same region.

    Parameters
    ----------
    data_dir : Path
        The data folder.
    year, region
        The edition.

    Returns
    -------
    datetime.date or None
        None for a first edition, and where the one before names no day.
    """
    earlier = [e for e in _near(data_dir) if e.region == region and e.year < year]
    return max(earlier, key=lambda e: e.year).as_of if earlier else None


def _near(data_dir: Path) -> list[Edition]:
    here = Path.cwd()
    for folder in (here, *here.parents, data_dir.parent):
        if (folder / CONFIG).is_file():
            return editions(folder)
    return []
