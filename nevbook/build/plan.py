"""What an edition consists of, and what its result depends on."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from nevbook.common import config
from nevbook.common.config import PACKAGE, Edition
from nevbook.common.errors import BuildError
from nevbook.common.files import digest
from nevbook.data.dataset import Dataset, as_edition
from nevbook.data.glossary import terms
from nevbook.data.package import PACKAGE_FILE, read_descriptor

USES_MARKETS = re.compile(rb"book\.market|nevbook\.market|load_markets")  # a chapter that reads the market tables
MARKETS_FOLDER = "markets/"


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
    as_of : datetime.date
        The edition's day.
    frame : str
        What the rest of the edition depends on.
    markets : str
        Hash of the market tables, on which the edition's data rest, and the chapters that use them.
    """

    edition: Edition
    data: Dataset
    chapters: tuple[Path, ...]
    keys: dict[Path, str]
    as_of: dt.date
    frame: str
    markets: str = ""

    @property
    def key(self) -> str:
        """What the whole edition depends on."""
        return digest(self.frame, self.markets, *self.keys.values())


def package_hash() -> str:
    """Return the hash of everything in the package that a page may depend on."""
    files = sorted(p for p in PACKAGE.rglob("*") if p.is_file() and "__pycache__" not in p.parts)
    return digest(*(x for p in files for x in (str(p.relative_to(PACKAGE)), p.read_bytes())))


def chapters(root: Path) -> tuple[Path, ...]:
    """Return the chapters that ``_toc.yml`` names, in its order.

    Raises BuildError where the file is missing, or names a chapter that does not exist.
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

    Raises ChoiceError where the dataset knows nothing of the edition's year or region.
    """
    data = as_edition(everything, edition.year, edition.region, edition.as_of)
    day = data.as_of
    assert day is not None
    settings = config.settings(root)
    used = {r.source for r in data.observations}  # the others are the market tables'
    seen = digest(
        *(repr(r) for r in (*data.observations, *data.claims, *data.corrections)),
        *(repr(x) for t in (data.indicators, data.entities, data.bases) for x in t.values()),
        *(repr(s) for s in data.sources.values() if s.id in used),
    )
    before = config.edition_before(config.editions(root), edition.year, edition.region)
    frame = digest(
        json.dumps(settings, sort_keys=True, default=str),
        (root / config.TOC).read_text(encoding="utf-8"),
        repr(config.course(root)), repr(_terms(data_dir, everything)),
        seen, repr(edition), repr(before), day.isoformat(), lock, package, (data_dir / PACKAGE_FILE).read_bytes(),
    )  # fmt: skip
    found = chapters(root)
    markets = _markets(data_dir)

    def key(path: Path) -> str:
        text = path.read_bytes()
        return digest(frame, path.name, text, markets if USES_MARKETS.search(text) else "")

    return Plan(edition, data, found, {p: key(p) for p in found}, day, frame, markets)


def _terms(data_dir: Path, everything: Dataset) -> list:
    """What every page shows of the glossary, and the glossary of its sources."""
    return [(t, everything.sources.get(t.source)) for t in terms(data_dir)]


def _markets(data_dir: Path) -> str:
    paths = [r["path"] for r in read_descriptor(data_dir)["resources"] if r["path"].startswith(MARKETS_FOLDER)]
    files = [data_dir / p for p in (*paths, "sources.csv")] if paths else []
    return digest(*(f.read_bytes() for f in files if f.is_file()))
