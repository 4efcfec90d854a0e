"""The shared dataset: load it, and see it as an edition does."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from operator import itemgetter
from pathlib import Path

from nevbook.common.errors import ChoiceError, DataError, nearest, unknown
from nevbook.common.periods import parse
from nevbook.data.claims import Claim
from nevbook.data.corrections import EXCLUDE, Correction, holds
from nevbook.data.models import Acceptance, Basis, Entity, Indicator, Observation, Source
from nevbook.data.package import Package, cached, open_package
from nevbook.data.tables import Kind, Table, day, known

MEASURES = ("level", "yoy_growth", "yoy_change")


@dataclass(frozen=True)
class Dataset:
    """The whole dataset, or the part of it that an edition sees.

    Attributes
    ----------
    folder : Path
        Where it was read from.
    indicators, entities, sources : dict
        By id.
    bases : dict
        By (basis, indicator).
    observations : tuple of Observation
        In the order of the file.
    claims : tuple of Claim
        Those of the article, all of them in every edition; an observation that one names
        may be none that the edition sees.
    as_of : datetime.date or None
        The edition's day; None for the whole dataset.
    later : frozenset of (str, str)
        Table and id of the indicators and entities that only rows recorded after the day use.
    corrections : tuple of Correction
        Those made in `observations`.
    raw : tuple of Observation
        All rows as their sources have them, the excluded ones too; empty where nothing is corrected.
    uses : tuple of (str, str, datetime.date)
        Table and id of the indicators and entities that rows of other tables name, and the date of the row.
    acceptances : tuple of Acceptance
        Of rows that are implausible and kept all the same.
    """

    folder: Path
    indicators: dict[str, Indicator]
    entities: dict[str, Entity]
    bases: dict[tuple[str, str], Basis]
    sources: dict[str, Source]
    observations: tuple[Observation, ...]
    claims: tuple[Claim, ...] = ()
    as_of: dt.date | None = None
    later: frozenset[tuple[str, str]] = frozenset()
    corrections: tuple[Correction, ...] = ()
    raw: tuple[Observation, ...] = ()
    uses: tuple[tuple[str, str, dt.date], ...] = ()
    acceptances: tuple[Acceptance, ...] = ()
    _index: dict[tuple[str, str, str], list[Observation]] = field(init=False, default_factory=dict, repr=False)
    agreements: dict[str, int] = field(init=False, default_factory=dict, repr=False, compare=False)  # kept by `levels`

    def __post_init__(self) -> None:
        for row in self.observations:
            self._index.setdefault((row.indicator, row.entity, row.measure), []).append(row)

    def rows(self, indicator: str, entity: str, measure: str = "level") -> list[Observation]:
        """Return the observations of one indicator and entity.

        Parameters
        ----------
        indicator, entity : str
            Ids; both must be in the dataset.
        measure : str
            ``level``, ``yoy_growth`` or ``yoy_change``.

        Raises
        ------
        ChoiceError
            Where the id is not known.
        """
        if indicator not in self.indicators:
            raise unknown("indicator", indicator, self.indicators)
        if entity not in self.entities:
            raise unknown("entity", entity, self.entities)
        if measure not in MEASURES:
            raise unknown("measure", measure, MEASURES)
        return self._index.get((indicator, entity, measure), [])

    def table(self, name: str) -> list[dict[str, str]]:
        """Return the rows of another table as text, those known on `as_of`; none where there is no such table."""
        package = open_package(self.folder)
        return list(package.table(name).known(self.as_of).rows.values()) if name in package.resources else []

    def basis(self, indicator: str, basis: str) -> Basis:
        """Return the way of counting `basis` of an indicator."""
        try:
            return self.bases[basis, indicator]
        except KeyError:
            raise unknown(f"basis of {indicator}", basis, [b for b, i in self.bases if i == indicator]) from None

    def regions(self) -> list[Entity]:
        """Return the regions of which the dataset knows the vehicle or NEV output."""
        made = {r.entity for r in self.observations if r.indicator in ("vehicle_production", "nev_production")}
        return [e for e in self.entities.values() if e.kind == "region" and e.id in made]

    def region(self, entity: str) -> Entity:
        """Return one of `regions`, or raise `ChoiceError` with the choices."""
        choices = {e.id: e for e in self.regions()}
        if entity not in choices:
            raise unknown("region", entity, choices, most=40)
        return choices[entity]

    def members(self, entity: str) -> list[Entity]:
        """Return what belongs to an entity, at any depth, in the order of the file; nothing added after the day."""
        found: list[Entity] = []
        for one in self.entities.values():
            parent = one.parent
            while parent and parent != entity:
                parent = self.entities[parent].parent
            if parent == entity and ("entities", one.id) not in self.later:
                found.append(one)
        return found

    def years(self, region: str) -> list[int]:
        """Return the years of which the dataset tells what happened in a region."""
        return self._years({region})

    def editions(self, region: str) -> list[int]:
        """Return the years that can have an edition: those of the region, and those of its firms."""
        return self._years({region, *(e.id for e in self.members(region))})

    def _years(self, entities: set[str]) -> list[int]:
        spans = (row.span for row in self.observations if row.entity in entities and row.outcome)
        return sorted({span.year for span in spans if span.start.year == span.year})

    def due(self, year: int) -> int:
        """Return the last year, up to `year`, that was over on the edition's day: what is aimed at later is open."""
        return year if self.as_of is None else min(year, self.as_of.year - 1)

    def vintage(self, year: int, as_of: dt.date) -> Dataset:
        """Return what an edition sees.

        Parameters
        ----------
        year : int
            The edition's year.
        as_of : datetime.date
            The edition's day.

        Returns
        -------
        Dataset
            Rows recorded by `as_of`: outcomes of periods that end by `year`, targets and
            forecasts published before 1 July of the year after.
        """
        made = known(self.corrections, as_of)
        stated = known(self.raw or self.observations, as_of)
        raw = {r.id: r for r in stated}
        seen = [r for r in _corrected(stated, made) if self._sees(r, year)]
        ids = {r.id for r in seen}
        made = [c for c in made if c.row in ids or (c.action == EXCLUDE and self._sees(raw[c.row], year))]
        ids |= {c.row for c in made}
        return Dataset(
            self.folder, self.indicators, self.entities, self.bases, self.sources, tuple(seen), self.claims, as_of,
            self._later(as_of), tuple(made), tuple(r for r in stated if r.id in ids) if made else (), self.uses,
            tuple(a for a in self.acceptances if a.row in ids),
        )  # fmt: skip

    def _later(self, as_of: dt.date) -> frozenset[tuple[str, str]]:
        """Find the indicators and entities that only rows recorded after a day use."""
        rows = self.raw or self.observations
        uses = {*self.uses, *(("indicators", r.indicator, r.recorded) for r in rows)}
        uses |= {("entities", r.entity, r.recorded) for r in rows}
        there = {(table, name) for table, name, _ in known(uses, as_of, itemgetter(2))}
        for table, name in tuple(there):  # what something known belongs to was there as well
            while table == "entities" and (name := self.entities[name].parent):
                there.add((table, name))
        return self.later | {(table, name) for table, name, _ in uses} - there

    def _sees(self, row: Observation, year: int) -> bool:
        if row.outcome:
            return row.span.end <= dt.date(year, 12, 31)
        return self._known_by(row) < dt.date(year + 1, 7, 1)

    def _known_by(self, row: Observation) -> dt.date:
        """Day by which an aim was surely published: when it was told of, or the end of what it aims at."""
        told = self.told(row)
        return min(parse(told).end, row.span.end) if told else row.span.end

    def told(self, row: Observation) -> str:
        """Return when an aim was announced; where that is not known, when its source was published."""
        return row.announced or self.sources[row.source].published


def _corrected(rows: Iterable[Observation], made: Sequence[Correction]) -> Iterator[Observation]:
    """Make corrections; the rows that they exclude are left out."""
    by_row: dict[str, list[Correction]] = {}
    for one in made:
        by_row.setdefault(one.row, []).append(one)
    for row in rows:
        mine = by_row.get(row.id, ())
        if any(one.action == EXCLUDE for one in mine):
            continue
        cells = {one.column: type(getattr(row, one.column))(one.value) for one in mine}
        yield replace(row, **cells) if cells else row


def _uses(package: Package, known: dict[str, dict]) -> Iterator[tuple[str, str, dt.date]]:
    """Find which indicators and entities the rows of other tables name, and on which date."""
    for name, resource in package.resources.items():
        declared = Table(resource)
        keys = [(mine[0], target) for mine, target, _ in declared.keys if target in known and len(mine) == 1]
        if not keys or "recorded" not in declared.fields or name == "observations":
            continue
        table = package.sound(name)  # nobody is told of it: all that an edition sees of it is `later`
        for number, row in table.rows.items():
            for column, target in keys:
                if row[column] and row[column] not in known[target]:
                    raise table.error(number, unknown(column, row[column], known[target]))
                if row[column]:
                    yield target, row[column], table.cell(number, "recorded", day)


@cached
def _load(package: Package, stamp: tuple[object, ...]) -> Dataset:
    raw = tuple(package.objects("observations", Observation))
    stated = {row["id"]: row for row in package.rows("observations")}
    order = itertools.count()

    def optional(name: str, kind: type[Kind]) -> list[Kind]:
        return package.objects(name, kind) if name in package.resources else []

    indicators = {i.id: i for i in package.objects("indicators", Indicator)}
    entities = {e.id: e for e in package.objects("entities", Entity)}
    corrections, claims = optional("corrections", Correction), optional("claims", Claim)
    for number, made in zip(package.table("corrections").rows if corrections else (), corrections, strict=True):
        row = stated.get(made.row, {})
        if made.column not in row or not holds(made.expected, row[made.column]):
            problem = (
                f"{made.row} expects {made.column} {made.expected!r}, but the row now has {row.get(made.column)!r};"
                " remove the correction, or write what it expects"
            )
            raise package.table("corrections").error(number, problem)
    for number, claim in zip(package.table("claims").rows if claims else (), claims, strict=True):
        for name in claim.observations:
            if name not in stated:
                hint = "".join(f"; did you mean {close}?" for close in nearest(name, stated, n=1))
                raise package.table("claims").error(number, f"observations.csv has no {name!r}{hint}")
    try:
        observations = tuple(_corrected(raw, corrections))
    except (TypeError, ValueError) as error:
        raise DataError(f"corrections.csv: {error}. `nevbook check` lists every issue.") from None
    data = Dataset(
        package.folder,
        indicators,
        entities,
        {(b.id, b.indicator): b for b in package.objects("bases", Basis, order=lambda row: next(order))},
        {s.id: s for s in package.objects("sources", Source)},
        observations,
        tuple(claims),
        corrections=tuple(corrections),
        raw=raw if corrections else (),
        uses=tuple(_uses(package, {"indicators": indicators, "entities": entities})),
        acceptances=tuple(optional("acceptances", Acceptance)),
    )
    for number, entity in zip(package.table("entities").rows, data.entities.values(), strict=False):
        above = [entity.id]
        while parent := data.entities[above[-1]].parent:
            if parent not in data.entities or parent in above:
                problem = f"{parent} is not in entities.csv" if parent not in above else "its parents go in a circle"
                raise package.table("entities").error(number, problem)
            above.append(parent)
    for number, row in zip(package.table("observations").rows, raw, strict=True):
        for column, ids in (("indicator", data.indicators), ("entity", data.entities), ("source", data.sources)):
            if getattr(row, column) not in ids:
                raise package.table("observations").error(number, unknown(column, getattr(row, column), ids))
        if (row.basis, row.indicator) not in data.bases:
            problem = f"bases.csv has no basis {row.basis!r} for {row.indicator!r}"
            raise package.table("observations").error(number, problem)
    return data


def load(data_dir: Path | str | None = None) -> Dataset:
    """Load the dataset.

    Parameters
    ----------
    data_dir : path, optional
        Folder with ``datapackage.json``; found by walking up from the working directory
        if not given.

    Raises
    ------
    DataError
        Where a file is missing or a row cannot be read; names file and row.
    """
    package = open_package(data_dir)
    # part of the cache's key, so that a file changed within one process is read again
    return _load(package, package.stamp(*package.resources))


def check_choices(data: Dataset, year: int, region: str) -> None:
    """Refuse a year or a region that the dataset cannot tell anything about."""
    data.region(region)
    years = data.editions(region)
    if type(year) is not int or year not in years:
        listed = ", ".join(map(str, years))
        text = " It is text; give it as a number." if isinstance(year, str) and year.isdigit() else ""
        raise ChoiceError(f"unknown year {year!r} for {region}.{text} The dataset has {listed}.")


def as_edition(data: Dataset, year: int, region: str, as_of: dt.date | None) -> Dataset:
    """Return the dataset as an edition sees it, or say why there is no such edition.

    Parameters
    ----------
    data : Dataset
        The whole dataset.
    year, region
        The edition.
    as_of : datetime.date or None
        Its day; None for the newest day recorded.

    Returns
    -------
    Dataset
        Its `as_of` is the edition's day.

    Raises
    ------
    ChoiceError
        Where the dataset, or the part of it recorded by the day, knows nothing of the year or
        the region; names the choices.
    """
    check_choices(data, year, region)
    seen = data.vintage(year, as_of or max(r.recorded for r in data.observations))
    if year not in seen.editions(region):
        first = min(r.recorded for r in data.observations if r.entity == region)
        raise ChoiceError(
            f"nothing of {region} in {year} was recorded by {seen.as_of}, the as_of of this edition;"
            f" the first figures of {region} were recorded on {first}. Name a later as_of in _config.yml."
        )
    return seen
