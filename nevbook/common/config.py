"""The book's settings: the editions that ``_config.yml`` names."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path

import yaml

from nevbook.common.errors import BuildError, nearest

PACKAGE = Path(__file__).parents[1]  # the folder of nevbook
CONFIG = "_config.yml"
TOC = "_toc.yml"
LANGUAGE = "en"  # that the book is written in
DEFAULT_REGION = "chongqing"
TIMEOUT = 300  # seconds for a cell, where _config.yml names none; a whole chapter takes one or two
_WRITE = "write {year: 2025, region: chongqing, as_of: 2026-11-22}"


@dataclass(frozen=True)
class Edition:
    """One edition of the book."""

    year: int  # the newest whose outcomes it tells
    region: str = DEFAULT_REGION  # id of an entity
    as_of: dt.date | None = None  # it sees what was recorded by this day; None for the newest day of the dataset

    @property
    def path(self) -> str:
        """Its folder in the site: ``2025``, or ``anhui/2025`` for another region."""
        return str(self.year) if self.region == DEFAULT_REGION else f"{self.region}/{self.year}"


def editions(root: Path) -> list[Edition]:
    """Return the published editions, oldest first."""
    path = root / CONFIG
    listed = _own(path).get("editions") or []
    if not isinstance(listed, list):
        raise BuildError(f"{path}: nevbook: editions holds {listed!r}; write a list, an edition a line.")
    found: list[Edition] = []
    for place, one in enumerate(listed, start=1):
        where = f"{path}: edition {place} of nevbook: editions"
        made = _edition(one, where)
        if any(made.path == other.path for other in found):
            raise BuildError(f"{where} is {made.path} once more; name each year of a region once.")
        found.append(made)
    if not found:
        raise BuildError(f"{path}: names no edition under nevbook: editions.")
    return sorted(found, key=lambda e: (e.region != DEFAULT_REGION, e.region, e.year))


def _own(path: Path) -> dict:
    """Return the settings that are this package's."""
    own = read_yaml(path).get("nevbook") or {}
    if not isinstance(own, dict):
        raise BuildError(f"{path}: nevbook holds {own!r}; write editions: below it, a list.")
    _only_known(own, ("editions", "languages", "course"), f"{path}: nevbook")
    return own


def languages(root: Path) -> list[str]:
    """Return the languages of the book as ``nevbook: languages`` names them, the one it is written in first."""
    from babel import Locale, UnknownLocaleError

    path = root / CONFIG
    listed = _own(path).get("languages") or [LANGUAGE]
    if not isinstance(listed, list) or listed[0] != LANGUAGE:
        raise BuildError(f"{path}: nevbook: languages holds {listed!r}; write a list that begins with {LANGUAGE}.")
    for place, name in enumerate(listed):
        try:
            Locale.parse(str(name))
        except (UnknownLocaleError, ValueError):
            raise BuildError(f"{path}: nevbook: languages: {name!r} is no language; write it as in zh_CN.") from None
        if name in listed[:place]:
            raise BuildError(f"{path}: nevbook: languages: {name} stands there twice.")
    return listed


def settings(root: Path) -> dict:
    """Return what ``_config.yml`` says to Jupyter Book: without the settings of our own."""
    told = read_yaml(root / CONFIG)
    return {"title": "My Jupyter Book"} | {k: v for k, v in told.items() if k != "nevbook"}  # Jupyter Book's default


def read_yaml(path: Path) -> dict:
    """Read settings or the table of contents; raises BuildError where they are not names with values."""
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise BuildError(f"{path}: missing. Run from the repository.") from None
    except (yaml.YAMLError, ValueError) as error:  # a day such as 2026-02-30 is a ValueError
        raise BuildError(f"{path}: not valid YAML ({' '.join(str(error).split())}).") from None
    if not isinstance(found, dict):
        what = "is empty" if found is None else f"holds {type(found).__name__}"
        raise BuildError(f"{path}: {what}; write names with values, as Jupyter Book reads them.")
    return found


def timeout(root: Path) -> float:
    """Return how many seconds a cell may take, as Jupyter Book's ``execute: timeout`` says; -1 there means any."""
    told = (settings(root).get("execute") or {}).get("timeout", TIMEOUT)
    if type(told) not in (int, float) or not (told > 0 or told == -1):
        raise BuildError(f"{root / CONFIG}: execute: timeout is {told!r}; write seconds, or -1 for no limit.")
    return float("inf") if told == -1 else float(told)


def _edition(one: object, where: str) -> Edition:
    """Read one edition of the settings, strictly."""
    if not isinstance(one, dict):
        raise BuildError(f"{where} is no edition ({one!r}): {_WRITE}.")
    _only_known(one, ("year", "region", "as_of"), where)
    year, region, day = one.get("year"), one.get("region", DEFAULT_REGION), one.get("as_of")
    if isinstance(year, str) and re.fullmatch(r"[0-9]{4}", year):
        year = int(year)
    if type(year) is not int or not 1900 <= year <= 9998:
        told = "names no year" if year is None else f"has the year {year!r}"
        raise BuildError(f"{where} is no edition: it {told}; {_WRITE}.")
    if not isinstance(region, str):
        raise BuildError(f"{where} has the region {region!r}; write an id of entities.csv, as in {_WRITE}.")
    if isinstance(day, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", day):
        with contextlib.suppress(ValueError):
            day = dt.date.fromisoformat(day)
    if day is not None and type(day) is not dt.date:  # a datetime is a date too, but no day
        raise BuildError(f"{where} has as_of {str(day)!r}, which is no day; {_WRITE}.")
    return Edition(year, region, day)


def _only_known(settings: dict, known: tuple[str, ...], where: str) -> None:
    for name in settings:
        if name not in known:
            close = nearest(str(name), known, n=1)
            hint = f" Did you mean {close[0]}?" if close else ""
            raise BuildError(f"{where}: unknown key {name!r}.{hint} Known: {', '.join(known)}.")


def course(root: Path) -> tuple[str, str]:
    """Return where the course is kept, as ``nevbook: course: {repository, branch}`` names it."""
    path = root / CONFIG
    told = _own(path).get("course") or {}
    if not isinstance(told, dict):
        raise BuildError(f"{path}: nevbook: course holds {told!r}; write {{repository: https://..., branch: main}}.")
    _only_known(told, ("repository", "branch"), f"{path}: nevbook: course")
    address = str(told.get("repository") or "").rstrip("/")
    if address and not address.startswith("https://"):
        raise BuildError(f"{path}: course: repository: {address!r} is no address; write https://HOST/OWNER/NAME.")
    return address, str(told.get("branch") or "main")


def as_of(data_dir: Path, year: int, region: str) -> dt.date | None:
    """Return the day of an edition, as ``_config.yml`` names it."""
    listed = near(data_dir)
    return next((e.as_of for e in listed if (e.year, e.region) == (year, region)), None)


def edition_before(listed: list[Edition], year: int, region: str) -> Edition | None:
    """Return the edition before one, of the same region."""
    earlier = [e for e in listed if e.region == region and e.year < year]
    return max(earlier, key=lambda e: e.year, default=None)


def near(data_dir: Path) -> list[Edition]:
    """Return the editions of the settings above the working directory, or else beside the data."""
    here = Path.cwd()
    for folder in (here, *here.parents, data_dir.parent):
        if (folder / CONFIG).is_file():
            return editions(folder)
    return []
