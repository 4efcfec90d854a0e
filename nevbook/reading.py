"""What an edition knows: its values, its periods, its entities, and arithmetic on them."""

from __future__ import annotations

import ast
import contextlib
import datetime as dt
import functools
from collections.abc import Iterable
from pathlib import Path

import altair as alt
from IPython import get_ipython

from . import audit, config, decompose, levels, measures, partial
from .audit import Finding, Judged
from .backtest import Backtest
from .changes import Changes, compare
from .config import Edition
from .datapackage import data_folder
from .dataset import Dataset, as_edition, load
from .decompose import Race
from .errors import ChoiceError, unknown
from .measures import Quantity
from .missing import Awaited, missing
from .motion import Motion, motion
from .partial import Months
from .periods import Period, parse
from .prose import Register
from .rows import Entity, Observation
from .scenarios import scenarios, swings
from .stretches import Course, course
from .targets import Aim, aims

PARAMETERS = ("year", "region", "data_dir")  # of every chapter


class Reading:
    """The dataset as one edition sees it.

    Parameters
    ----------
    year : int
        The edition's year.
    region : str
        Entity id of the region that the edition is about.
    data_dir : path, optional
        Folder with ``datapackage.json``; found by walking up if not given.

    Attributes
    ----------
    data : Dataset
        As the edition sees it.
    year : int
        The edition's year.
    region : str
        Entity id of the region.
    as_of : datetime.date
        The edition's day: from ``_config.yml``, or the newest day recorded.

    Raises
    ------
    ChoiceError
        Where the dataset knows nothing of the year or the region; names the choices.
    """

    def __init__(self, year: int, region: str = "chongqing", data_dir: Path | str | None = None) -> None:
        _refuse_strange_parameters()
        folder = data_folder(data_dir)
        self.year, self.region = year, region
        self.data: Dataset = as_edition(load(folder), year, region, config.as_of(folder, year, region))
        assert self.data.as_of is not None
        self.as_of: dt.date = self.data.as_of
        self.register = Register(self.data)
        alt.theme.enable("nevbook")

    @property
    def name(self) -> str:
        """The region's name."""
        return self.data.entities[self.region].name

    @property
    def home(self) -> bool:
        """Whether the region is the one that the article is about."""
        return self.region == "chongqing"

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
        return partial.until(self.data, self.year, self.region)

    def months(self, *entities: str) -> list[Months]:
        """Return what is known of the edition's year in parts, each beside the same months of the year before.

        Parameters
        ----------
        *entities : str
            Of whom; the region and its firms, brands and models if not given.

        Returns
        -------
        list of Months
        """
        own = (self.region, *(e.id for e in self.data.members(self.region)))
        return partial.months(self.data, entities or own, self.year)

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
        return levels.value(self.data, indicator, entity or self.region, str(period or self.year), basis=basis)

    def growth(self, indicator: str, entity: str | None = None, year: int | None = None) -> Quantity | None:
        """Return growth on the year before in percent: stated, or computed in one way of counting."""
        return levels.yearly_growth(self.data, indicator, entity or self.region, year or self.year)

    def stated(
        self,
        indicator: str,
        measure: str,
        entity: str | None = None,
        period: str | int | None = None,
        basis: str | None = None,
    ) -> Quantity | None:
        """Return a stated ``yoy_growth`` or ``yoy_change``."""
        return levels.value(self.data, indicator, entity or self.region, str(period or self.year), measure, basis)

    def previous(self, indicator: str, entity: str | None = None, year: int | None = None) -> Quantity | None:
        """Return the level of the year before, worked back where nobody states it."""
        return levels.previous(self.data, indicator, entity or self.region, year or self.year)

    def newest(self, indicator: str, entity: str | None = None, measure: str = "level") -> Quantity | None:
        """Return the edition's year's outcome, or that of the longest part of the year which is known."""
        parts = {r.period: r.span for r in self.rows(indicator, entity, measure) if r.outcome}
        within = [p for p, span in parts.items() if span.year == self.year == span.start.year]
        longest = max(within, key=lambda p: (parts[p].end - parts[p].start, p), default=None)
        return longest and levels.value(self.data, indicator, entity or self.region, longest, measure)

    def target(self, indicator: str, entity: str | None = None, period: str | int | None = None) -> Quantity | None:
        """Return the target for a period that was published last."""
        return levels.target(self.data, indicator, entity or self.region, str(period or self.year))

    def series(self, indicator: str, entity: str | None = None, basis: str | None = None) -> list[Quantity]:
        """Return the yearly outcomes, oldest first; each names its way of counting."""
        return levels.series(self.data, indicator, entity or self.region, basis)

    def motion(self, indicator: str, entity: str | None = None, year: int | None = None) -> Motion:
        """Return level, speed, acceleration and verdict of an indicator."""
        return motion(self.data, indicator, entity or self.region, year or self.year)

    def by_kind(
        self, part: str, whole: str, entity: str | None = None, year: int | None = None
    ) -> dict[str, tuple[Quantity, Quantity]] | None:
        """Return levels of a year and the year before, by kind; see `decompose.by_kind`."""
        return decompose.by_kind(self.data, part, whole, entity or self.region, year or self.year)

    def race(self, indicator: str, year: int | None = None) -> Race | None:
        """Return the region's growth beside the nation's; see `decompose.race`."""
        return decompose.race(self.data, indicator, self.region, "CHN", year or self.year)

    def course(self, indicator: str, part: str, entity: str | None = None) -> Course:
        """Return the edition's year in stretches; see `stretches.course`."""
        return course(self.data, indicator, part, entity or self.region, self.year)

    def shares(
        self, part: str, whole: str, entity: str | None = None, basis: str | None = None, year: int | None = None
    ) -> list[Quantity]:
        """Return the yearly share of one indicator in another; as this edition sees it, or an earlier one."""
        data = self.data if year is None else self.seen_in(year)
        return levels.shares(data, part, whole, entity or self.region, basis)

    def seen_in(self, year: int) -> Dataset:
        """Return what an earlier edition of the region saw: by its day, if it has one, else by this one's."""
        day = config.as_of(self.data.folder, year, self.region) or self.as_of
        return self.data.as_seen(year, min(day, self.as_of))

    @functools.cached_property
    def _awaited(self) -> dict[tuple[str, str], Awaited]:
        # what the year itself still lacks comes before what the next one will bring
        listed: list[Awaited] = []
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
            The month; whether it is the edition's own year that still lacks the figure.
        """
        awaited = self._awaited.get((indicator, entity or self.region))
        if awaited is None or awaited.about is None:
            return None, False
        return parse(f"{awaited.about:%Y-%m}"), awaited.year == self.year

    def targets(self, *entities: str) -> list[Aim]:
        """Return the targets of entities that the edition knows, with what came of them, by year aimed at."""
        return aims(self.data, entities or (self.region,), self.year)

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
        seen = everything.as_seen(listed.year, day)
        if listed.year not in seen.editions(self.region):
            return None
        return compare(Edition(listed.year, self.region, day), self._before is not None, seen, self.data, self.year)

    def judged(self) -> list[Judged]:
        """Return the article's claims with their verdicts."""
        return audit.judge(self.data, self.findings)

    def said(
        self, indicator: str, entity: str | None = None, period: str | int | None = None, measure: str = "level"
    ) -> Quantity | None:
        """Return what the article that the book starts from says, whether or not it is the value shown."""
        when = str(period or self.year)
        rows = self.data.rows(indicator, entity or self.region, measure)
        found = [r for r in rows if r.source == audit.ARTICLE and r.period == when and r.outcome]
        return measures.quantity(found[0]) if found else None

    def quantity(self, row: Observation) -> Quantity:
        """Return a row as a quantity."""
        return measures.quantity(row)

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

        Returns
        -------
        list of Quantity
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
                return measures.counted(place, tuple(ranked), unit="rank")
        return None

    def first(self, found: list[Quantity]) -> Quantity | None:
        """Return the oldest value of a series."""
        return found[0] if found else None

    def top(self, found: list[Quantity]) -> Quantity | None:
        """Return the highest value of a series."""
        return max(found, key=lambda q: q.value, default=None)

    def bottom(self, found: list[Quantity]) -> Quantity | None:
        """Return the lowest value of a series."""
        return min(found, key=lambda q: q.value, default=None)

    def span(self, found: Iterable[Quantity | None]) -> list[int]:
        """Return every year from the first to the last of some values, so that a missing one is a gap."""
        held = [parse(q.period).year for q in found if q is not None]
        return list(range(min(held), max(held) + 1)) if held else []

    def of(self, q: Quantity | None) -> Period | None:
        """Return the period of a value, for a sentence."""
        return parse(q.period) if q else None

    against = staticmethod(measures.against)
    share = staticmethod(measures.share)
    ratio = staticmethod(measures.ratio)
    per_unit = staticmethod(measures.per_unit)
    difference = staticmethod(measures.difference)
    rest = staticmethod(measures.rest)
    scale = staticmethod(measures.scale)
    backcast = staticmethod(measures.backcast)
    less = staticmethod(measures.less)
    step_back = staticmethod(measures.step_back)
    loosely = staticmethod(measures.loosely)
    rough_share = staticmethod(measures.rough_share)
    total = staticmethod(measures.total)
    change = staticmethod(measures.growth)
    required = staticmethod(measures.required)
    volume_and_value = staticmethod(decompose.volume_and_value)
    contributions = staticmethod(decompose.contributions)
    against_nation = staticmethod(decompose.against_nation)
    shift_share = staticmethod(decompose.shift_share)
    fixed = staticmethod(measures.fixed)
    backtest = staticmethod(Backtest)
    scenarios = staticmethod(scenarios)
    swings = staticmethod(swings)
    counted = staticmethod(measures.counted)


def _refuse_strange_parameters() -> None:
    """Refuse a parameter that papermill injected and the chapter has not; papermill itself only warns of it."""
    shell = get_ipython()
    declared = [*PARAMETERS]
    for cell in shell.user_ns.get("In", ()) if shell is not None else ():
        if cell.startswith("# Parameters\n"):  # how papermill marks the cell it injects
            for name in _assigned(cell):
                if name not in declared:
                    raise unknown("parameter", name, declared)
        elif declared == [*PARAMETERS]:  # a chapter's own cell of parameters stands before it, and may have more
            own = _assigned(cell)
            declared += [n for n in own if n not in declared] if set(PARAMETERS) <= set(own) else []


def _assigned(cell: str) -> list[str]:
    """Return the names that a cell of parameters assigns; none of a cell that is no plain Python."""
    try:
        body = ast.parse(cell).body
    except SyntaxError:  # a magic, in somebody's own notebook
        return []
    targets = [t for line in body if isinstance(line, ast.Assign) for t in line.targets]
    return [t.id for t in targets if isinstance(t, ast.Name)]
