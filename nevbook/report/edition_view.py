"""What an edition knows: its values, its periods, its entities, out of the dataset as it sees it."""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from nevbook.analysis import acceleration as accelerations, partial_year, quantities, source_selection
from nevbook.analysis.acceleration import Acceleration
from nevbook.analysis.audit import audit, findings
from nevbook.analysis.audit.findings import ClaimVerdict, Finding
from nevbook.analysis.edition_changes import Changes, compare
from nevbook.analysis.missing import MissingValue, missing
from nevbook.analysis.partial_year import Months
from nevbook.analysis.quantities import Quantity
from nevbook.analysis.targets import TargetOutcome, target_outcomes
from nevbook.common import config
from nevbook.common.config import Edition
from nevbook.common.errors import ChoiceError, unknown
from nevbook.common.periods import Period, parse
from nevbook.data.dataset import Dataset, as_edition, load
from nevbook.data.models import Entity, Observation
from nevbook.data.package import data_folder, open_package

_DATED = ("date", "from", "launch")  # columns that say when what a row tells came about


@dataclass(frozen=True, eq=False)
class EditionView:
    """The dataset as one edition sees it; what is asked of it is of its year and region unless said otherwise.

    Attributes
    ----------
    data : Dataset
        As the edition sees it, of the edition's day.
    year : int
        The edition's year.
    region : str
        Entity id of the region that the edition is about.
    """

    data: Dataset
    year: int
    region: str

    @classmethod
    def open(cls, year: int, region: str = config.DEFAULT_REGION, data_dir: Path | str | None = None) -> EditionView:
        """Open an edition of the dataset.

        Parameters
        ----------
        year : int
            The edition's year.
        region : str
            Entity id of the region.
        data_dir : path, optional
            Folder with ``datapackage.json``; found by walking up if not given.

        Raises
        ------
        ChoiceError
            Where the dataset knows nothing of the year or the region; names the choices.
        """
        folder = data_folder(data_dir)
        return cls(as_edition(load(folder), year, region, config.as_of(folder, year, region)), year, region)

    @property
    def as_of(self) -> dt.date:
        """The edition's day: from ``_config.yml``, or the newest day recorded."""
        assert self.data.as_of is not None
        return self.data.as_of

    @property
    def name(self) -> str:
        """The region's name."""
        return self.data.entities[self.region].name

    @property
    def home(self) -> bool:
        """Whether the region is the one that the article is about."""
        return self.region == config.DEFAULT_REGION

    @functools.cached_property
    def newest_source(self) -> Period | None:
        """When the newest source of the edition's figures was published; None where no date is known."""
        used = {r.source for r in self.data.observations}
        dates = [parse(s.published) for s in self.data.sources.values() if s.id in used and s.published]
        return max(dates, key=lambda p: p.start, default=None)

    @property
    def now(self) -> Period:
        """The edition's year."""
        return parse(str(self.year))

    @property
    def last(self) -> Period:
        """The year before."""
        return parse(str(self.year - 1))

    @functools.cached_property
    def until(self) -> Period | None:
        """The last month known of a year of which only months are published; None for a whole year."""
        return partial_year.until(self.data, self.year, self.region)

    def table(self, name: str) -> pd.DataFrame:
        """Return a table of the data package as the edition sees it.

        Parameters
        ----------
        name : str
            Of the table, such as ``milestones``, ``models``, ``ownership``.

        Returns
        -------
        pandas.DataFrame
            Its columns as text, oldest first where they are dated: rows recorded by the edition's day, of what
            came about by the end of its year; an undated row counts as of its source's day, and if that is not
            known either, as of the year before the edition's day.
        """
        table = open_package(self.data.folder).table(name).known(self.as_of)
        dated = next((c for c in _DATED if c in table.fields), "")
        ends: list[tuple[dt.date, dict[str, str]]] = []
        before = str(self.as_of.year - 1)
        for row in table.rows.values():
            when = row[dated] or self.data.sources[row["source"]].published or before if dated else "0001"
            end = parse(when).end
            if end <= self.now.end:
                ends.append((end, row))
        ordered = [row for _end, row in sorted(ends, key=lambda one: one[0])]
        return pd.DataFrame(ordered, columns=list(table.fields))

    def so_far(self, indicator: str) -> tuple[Quantity | None, Quantity | None]:
        """Return the region's level of the part of the year that is known, and its growth on the same months."""
        found = (m for m in self.months(self.region) if m.now.indicator == indicator)
        return next(((m.now, m.change) for m in found), (None, None))

    def months(self, *entities: str) -> list[Months]:
        """Return what is known of the edition's year in parts, each beside the same months of the year before.

        Parameters
        ----------
        *entities : str
            Of whom; the region and its firms, brands and models if not given.
        """
        own = (self.region, *(e.id for e in self.data.members(self.region)))
        return partial_year.months(self.data, entities or own, self.year)

    def when(self, period: str | int) -> Period:
        """Return a period for a sentence."""
        return parse(str(period))

    def day(self) -> Period:
        """Return the edition's day for a sentence."""
        return parse(self.as_of.isoformat())

    def called(self, entity: str) -> str:
        """Return an entity's name."""
        if entity not in self.data.entities:
            raise unknown("entity", entity, self.data.entities)
        return self.data.entities[entity].name

    def firms(self, kind: str = "company") -> list[Entity]:
        """Return the region's companies (or brands, or models) of which the edition knows a figure."""
        seen = {r.entity for r in self.data.observations}
        return [e for e in self.data.members(self.region) if e.kind == kind and e.id in seen]

    def peers(self) -> list[str]:
        """Return the ids of the regions of the same rank as this one's, itself included."""
        parent = self.data.entities[self.region].parent
        return [e.id for e in self.data.regions() if e.parent == parent]

    def level(
        self, indicator: str, entity: str | None = None, period: str | int | None = None, basis: str | None = None
    ) -> Quantity | None:
        """Return the outcome shown for an indicator; region and year are the edition's if not given."""
        return source_selection.value(
            self.data, indicator, entity or self.region, str(period or self.year), basis=basis
        )

    def growth(self, indicator: str, entity: str | None = None, year: int | None = None) -> Quantity | None:
        """Return growth on the year before in percent: stated, or computed in one way of counting."""
        return source_selection.yearly_growth(self.data, indicator, entity or self.region, year or self.year)

    def stated(
        self,
        indicator: str,
        measure: str,
        entity: str | None = None,
        period: str | int | None = None,
        basis: str | None = None,
    ) -> Quantity | None:
        """Return a stated ``yoy_growth`` or ``yoy_change``."""
        return source_selection.value(
            self.data, indicator, entity or self.region, str(period or self.year), measure, basis
        )

    def previous(self, indicator: str, entity: str | None = None, year: int | None = None) -> Quantity | None:
        """Return the level of the year before, worked back where nobody states it."""
        return source_selection.previous(self.data, indicator, entity or self.region, year or self.year)

    def newest(self, indicator: str, entity: str | None = None, measure: str = "level") -> Quantity | None:
        """Return the edition's year's outcome, or that of the longest part of the year which is known."""
        parts = {r.period: r.span for r in self.rows(indicator, entity, measure) if r.outcome}
        within = [p for p, span in parts.items() if span.year == self.year == span.start.year]
        longest = max(within, key=lambda p: (parts[p].end - parts[p].start, p), default=None)
        return longest and source_selection.value(self.data, indicator, entity or self.region, longest, measure)

    def target(self, indicator: str, entity: str | None = None, period: str | int | None = None) -> Quantity | None:
        """Return the target for a period that was published last."""
        return source_selection.target(self.data, indicator, entity or self.region, str(period or self.year))

    def series(self, indicator: str, entity: str | None = None, basis: str | None = None) -> list[Quantity]:
        """Return the yearly outcomes, oldest first; each names its way of counting."""
        return source_selection.series(self.data, indicator, entity or self.region, basis)

    def dated(self, indicator: str, entity: str | None = None) -> list[Quantity]:
        """Return the outcomes of years, parts of years and days alike, oldest first, one for each period."""
        spans = {r.period: r.span.end for r in self.rows(indicator, entity) if r.outcome}
        found = (self.level(indicator, entity, period) for period in sorted(spans, key=lambda p: (spans[p], p)))
        return [q for q in found if q is not None]

    def acceleration(self, indicator: str, entity: str | None = None, year: int | None = None) -> Acceleration:
        """Return level, speed, acceleration and verdict of an indicator."""
        return accelerations.acceleration(self.data, indicator, entity or self.region, year or self.year)

    def shares(
        self, part: str, whole: str, entity: str | None = None, basis: str | None = None, year: int | None = None
    ) -> list[Quantity]:
        """Return the yearly share of one indicator in another; as this edition sees it, or an earlier one."""
        data = self.data if year is None else self.seen_in(year)
        return source_selection.shares(data, part, whole, entity or self.region, basis)

    def seen_in(self, year: int) -> Dataset:
        """Return what an earlier edition of the region saw: by its day, if it has one, else by this one's."""
        day = config.as_of(self.data.folder, year, self.region) or self.as_of
        return self.data.vintage(year, min(day, self.as_of))

    @functools.cached_property
    def _awaited(self) -> dict[tuple[str, str], MissingValue]:
        # what the year itself still lacks comes before what the next one will bring
        listed: list[MissingValue] = []
        for year in (self.year + 1, self.year):
            with contextlib.suppress(ChoiceError):  # of the year before nothing is known: nothing can lack
                listed += missing(self.data, year)
        return {(a.last.indicator, a.last.entity): a for a in listed}

    def due(self, indicator: str, entity: str | None = None) -> tuple[Period | None, bool]:
        """Return the month in which the next figure is to be looked for, by when those of earlier years appeared.

        Parameters
        ----------
        indicator, entity : str
            What, of whom; the region if not given.

        Returns
        -------
        tuple of Period or None, and bool
            The month; whether it is late: of the own year, and over on the day of the edition.
        """
        awaited = self._awaited.get((indicator, entity or self.region))
        if awaited is None or awaited.about is None:
            return None, False
        month = parse(f"{awaited.about:%Y-%m}")
        return month, awaited.year == self.year and month.end < self.as_of

    def targets(self, *entities: str) -> list[TargetOutcome]:
        """Return the targets of entities that the edition knows, with what came of them, by year aimed at."""
        return target_outcomes(self.data, entities or (self.region,), self.year)

    @functools.cached_property
    def findings(self) -> list[Finding]:
        """What the audit finds among the figures that the edition sees."""
        return audit.audit(self.data, self.year)

    @functools.cached_property
    def _before(self) -> Edition | None:
        return config.edition_before(config.near(self.data.folder), self.year, self.region)

    def is_new(self, finding: Finding) -> bool:
        """Return whether a finding rests on a row recorded after the day of the edition before."""
        day = self._before.as_of if self._before else None
        return day is not None and finding.recorded > day

    @functools.cached_property
    def changes(self) -> Changes | None:
        """What changed since the edition before; None where the dataset knows nothing of an earlier year."""
        everything = load(self.data.folder)
        listed = self._before or Edition(self.year - 1, self.region)
        if listed.year not in everything.editions(self.region):
            return None
        # what was recorded after this edition's day is none of its business
        day = min(listed.as_of or self.as_of, self.as_of)
        seen = everything.vintage(listed.year, day)
        if listed.year not in seen.editions(self.region):
            return None
        return compare(Edition(listed.year, self.region, day), self._before is not None, seen, self.data, self.year)

    def judged(self) -> list[ClaimVerdict]:
        """Return the article's claims with their verdicts."""
        return audit.judge(self.data, self.findings)

    def said(
        self, indicator: str, entity: str | None = None, period: str | int | None = None, measure: str = "level"
    ) -> Quantity | None:
        """Return what the article that the book starts from says, whether or not it is the value shown."""
        when = str(period or self.year)
        rows = self.data.rows(indicator, entity or self.region, measure)
        found = [r for r in rows if r.source == findings.ARTICLE and r.period == when and r.outcome]
        return quantities.quantity(found[0]) if found else None

    def rows(self, indicator: str, entity: str | None = None, measure: str = "level") -> list[Observation]:
        """Return every row that the edition sees of an indicator and entity."""
        return self.data.rows(indicator, entity or self.region, measure)

    def ranking(self, indicator: str, basis: str | None = None, period: str | int | None = None) -> list[Quantity]:
        """Return the regions of this one's rank by an indicator, highest first, in one way of counting.

        Parameters
        ----------
        indicator : str
            What they are ranked by.
        basis : str, optional
            Way of counting; if not given, the one in which most regions are known.
        period : str or int, optional
            The edition's year if not given.
        """
        when = str(period or self.year)
        ways = [basis] if basis else dict.fromkeys(
            r.basis for e in self.peers() for r in self.rows(indicator, e) if r.period == when and r.outcome
        )  # fmt: skip
        found: list[Quantity] = []
        for way in ways:
            known = [q for e in self.peers() if (q := self.level(indicator, e, when, way)) is not None]
            if len(known) > len(found):
                found = known
        return sorted(found, key=lambda q: -q.value)

    def place(self, ranked: list[Quantity], entity: str | None = None) -> Quantity | None:
        """Return the place of an entity in a ranking, counted from one; None if it is not in it."""
        for place, one in enumerate(ranked, start=1):
            if one.entity == (entity or self.region):
                return quantities.counted(place, tuple(ranked), unit="rank")
        return None

    def of(self, q: Quantity | None) -> Period | None:
        """Return the period of a value, for a sentence."""
        return parse(q.period) if q else None
