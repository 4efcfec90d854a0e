"""What an edition consists of, and what its result depends on."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from nevbook.common import config
from nevbook.common.config import PACKAGE, Edition
from nevbook.common.errors import BuildError
from nevbook.common.files import digest, read_json, read_regular
from nevbook.common.i18n import LOCALE
from nevbook.data.dataset import Dataset, as_edition
from nevbook.data.package import PACKAGE_FILE, read_descriptor

READ = "tables"  # beside an executed chapter: digest of each table that it read, by name


@dataclasses.dataclass(frozen=True)
class Plan:
    """What is to be built of one edition."""

    edition: Edition
    data: Dataset  # as the edition sees it
    chapters: tuple[Path, ...]  # in the order of the table of contents
    keys: dict[Path, str]  # what each chapter's result depends on besides the tables that it reads
    as_of: dt.date
    frame: str  # what the rest of the edition depends on, the tables apart
    tables: dict[str, str]  # digest of what the edition sees of each table, by name

    @property
    def key(self) -> str:
        """What the whole edition depends on."""
        return digest(self.frame, *self.keys.values(), *self.tables.values())

    def output(self, chapter: Path, work: Path) -> Path:
        """Where a chapter's executed notebook is kept; beside it, as JSON, the tables that it read."""
        return work / "chapters" / f"{self.keys[chapter]}.ipynb"

    def stale(self, chapter: Path, work: Path) -> bool:
        """Whether a chapter has to be executed: it never was, or a table that it read has changed."""
        output = self.output(chapter, work)
        read = read_json(output.with_suffix(".json")).get(READ)
        return read is None or not output.exists() or any(self.tables.get(t) != seen for t, seen in read.items())


def package_hash() -> str:
    """Return the hash of everything in the package that a page may depend on."""
    files = sorted(p for p in PACKAGE.rglob("*") if p.is_file() and "__pycache__" not in p.parts)
    files += sorted(LOCALE.glob("**/*.po"))
    return digest(*(x for p in files for x in (p.relative_to(PACKAGE.parent).as_posix(), p.read_bytes())))


def chapters(root: Path) -> tuple[Path, ...]:
    """Return the chapters that ``_toc.yml`` names, in its order."""
    path = root / config.TOC
    found = []
    for name in _files(config.read_yaml(path)):
        notebook = root / f"{name}.ipynb"
        if not notebook.is_file():
            raise BuildError(f"{path}: names {name!r}, but {notebook} does not exist.")
        found.append(notebook)
    if not found:
        raise BuildError(f"{path}: names no chapter; write root: chapters/index.")
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
    """Work out what an edition consists of and depends on."""
    data = as_edition(everything, edition.year, edition.region, edition.as_of)
    assert data.as_of is not None
    before = config.edition_before(config.editions(root), edition.year, edition.region)
    shared = digest(
        json.dumps(config.settings(root), sort_keys=True, default=str), repr(config.course(root)),
        repr(edition), repr(before), data.as_of.isoformat(), lock, package, (data_dir / PACKAGE_FILE).read_bytes(),
    )  # fmt: skip
    found = chapters(root)
    keys = {p: digest(shared, p.name, p.read_bytes()) for p in found}
    frame = digest(shared, (root / config.TOC).read_text(encoding="utf-8"))
    return Plan(edition, data, found, keys, data.as_of, frame, _tables(data, data_dir))


def _tables(data: Dataset, data_dir: Path) -> dict[str, str]:
    """Return a digest of each table: of the rows that the edition sees, or of the file where it sees all."""
    used = {r.source for r in data.observations}  # other sources are those of the tables that are seen whole
    seen: dict[str, Iterable[object]] = {
        "indicators": data.indicators.values(),
        "entities": (*data.entities.values(), *sorted(data.later)),
        "bases": data.bases.values(),
        "sources": [s for s in data.sources.values() if s.id in used],
        "observations": (*data.observations, *data.raw),
        "claims": data.claims,
        "corrections": data.corrections,
        "acceptances": data.acceptances,
    }
    sources = digest(*map(repr, data.sources.values()))
    found = {}
    for resource in read_descriptor(data_dir)["resources"]:
        name, path = resource["name"], data_dir / resource["path"]
        found[name] = digest(*map(repr, seen[name])) if name in seen else digest(sources, read_regular(path))
    return found
