"""What a lesson opens in the book: an edition, the tables that its class gets, the keys of its exercises."""

from __future__ import annotations

import ast
import dataclasses
import datetime as dt
import math
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
from IPython import get_ipython
from IPython.display import HTML, display
from markupsafe import Markup

from nevbook.analysis import source_selection
from nevbook.analysis.quantities import Quantity, quantity
from nevbook.common import config
from nevbook.common.i18n import N_, gettext as _
from nevbook.course.answers import seal
from nevbook.course.classroom import Lesson
from nevbook.course.mistakes import MISTAKES, SENTENCES
from nevbook.data.dataset import Dataset, load
from nevbook.data.markets.dataset import load_markets
from nevbook.data.package import data_folder
from nevbook.report.book import Book
from nevbook.report.edition_view import EditionView
from nevbook.report.parameters import refuse_strange_parameters

MIME = "application/vnd.nevbook.lesson.v1+json"
FIRST = 2024  # the year that the article tells of: before it, its figures are not known yet
BACK = 8  # years that are searched for what a lesson needs
NATION = "CHN"
ARCHIVE = "course.zip"  # in the folder of an edition


@dataclasses.dataclass(frozen=True)
class Case:
    """What a lesson works on."""

    indicator: str
    entity: str
    year: int  # the newest year that has what is needed
    basis: str


class LessonBook(Book):
    """An edition as a lesson uses it; parameters as of `EditionView.open`, with the lesson's name before them."""

    def __init__(self, name: str, year: int, region: str, data_dir: Path | str | None = None, variant: int = 0) -> None:
        self.lesson_name, self.asked = name, (year, region)  # of the edition; the lesson may need another one
        self.variant = variant
        folder = data_folder(data_dir)
        used = max(year, FIRST)
        if used not in load(folder).years(region):
            region = config.DEFAULT_REGION
        super().__init__(EditionView.open(used, region, folder))
        refuse_strange_parameters()

    def case(
        self,
        *indicators: str,
        years: int = 1,
        measure: str = "level",
        entities: tuple[str, ...] = (),
        also: tuple[str, ...] = (),
        beside: tuple[tuple[str, str], ...] = (),
        voices: int = 1,
        basis: str = "",
        story: bool = False,
    ) -> Case:
        """Return the newest case that has what a lesson needs, of the region if it has one; for a variant any.

        `also` are known in the same basis, `beside` are indicators with a measure that are known in any. A `story` is
        told in every variant alike.
        """
        found = self._cases(indicators, years, measure, entities, also, beside, voices, basis)
        if self.variant and not story:  # far from each other in the list, where neighbours are of one place
            every = list({(c.indicator, c.entity, c.year): c for c in found}.values())
            size = len(every)
            stride = next((n for n in range(int(size * 0.62), size + 1) if math.gcd(n, size) == 1), 0)
            found = iter(every[self.variant * stride % size :] if every else [])
        if case := next(found, None):
            return case
        self.stop()
        return Case(indicators[0], self.view.region, 0, "")

    def _cases(
        self, indicators: tuple[str, ...], years: int, measure: str, entities: tuple[str, ...], also: tuple[str, ...],
        beside: tuple[tuple[str, str], ...], voices: int, basis: str,
    ) -> Iterator[Case]:  # fmt: skip
        every = self.view.data.entities if self.variant else ()
        for entity in dict.fromkeys(entities or (self.view.region, NATION, config.DEFAULT_REGION, *every)):
            for year in range(self.view.year, self.view.year - BACK, -1):
                when = [year - n for n in range(years)]
                if not all(self.view.stated(*one, entity, y) for one in beside for y in when):
                    continue
                for indicator in indicators:
                    ways = source_selection.bases_of(self.view.data, indicator, entity, measure)
                    shared = (b for b in ways if all((b, i) in self.view.data.bases for i in also))
                    for way in (b for b in shared if basis in ("", b)):
                        span = [self.view.stated(i, measure, entity, y, way) for i in (indicator, *also) for y in when]
                        if all(q and q.qualifier == "=" and len(q.others) + 1 >= voices for q in span):
                            yield Case(indicator, entity, year, way)

    def choose(self, found: list[Any], variant: int | None = None) -> Any:
        """Return one of what would do, by turns from year to year and from variant to variant; None of nothing."""
        turn = self.view.year + (self.variant if variant is None else variant)
        return found[turn % len(found)] if found else None

    def twice(self, indicator: str, entities: tuple[str, ...] = ()) -> tuple[Case, Case, Case]:
        """Return a year that is counted in two ways, and a later year of the narrower one, most often the newest."""
        for entity in dict.fromkeys(entities or (self.view.region, config.DEFAULT_REGION)):
            known = {(int(q.period), q.basis): q for q in self.view.series(indicator, entity) if q.qualifier == "="}
            found = []
            for year in sorted({y for y, basis in known}, reverse=True):
                both = sorted((q for (y, basis), q in known.items() if y == year), key=lambda q: -q.value)
                wide, narrow = both[0].basis, both[-1].basis
                later = sorted(y for y, b in known if b == narrow and y > year)
                if len(both) > 1 and later:
                    last = self.choose(later) if self.variant else later[-1]
                    named = ((year, wide), (year, narrow), (last, narrow))
                    found.append(tuple(Case(indicator, entity, y, b) for y, b in named))
            if found:
                return self.choose(found)
        self.stop()
        none = Case(indicator, self.view.region, 0, "")
        return none, none, none

    def bounded(self, parts: dict[str, tuple[str, ...]]) -> tuple[Case, str]:
        """Return what is bounded from below, and an indicator that is a value; the newest, the region's first.

        `parts` has indicators, and for each those of the same unit that it may be compared with.
        """
        found = []
        for r in self.view.data.observations:
            if r.qualifier == ">" and r.measure == "level" and r.outcome and r.span.is_year and r.indicator in parts:
                known = (
                    i
                    for i in parts[r.indicator]
                    if (q := self.view.level(i, r.entity, r.period)) and q.qualifier == "="
                )
                if whole := next(known, None):
                    found.append((Case(r.indicator, r.entity, r.span.year, r.basis), whole))
        found.sort(key=lambda one: (one[0].year, one[0].entity == self.view.region), reverse=True)
        if found:
            return self.choose(list(dict.fromkeys(found))) if self.variant else found[0]
        self.stop()
        return Case(next(iter(parts)), self.view.region, 0, ""), ""

    def claim(self, exercise: str, right: str, wrong: str, mistake: str) -> str:
        """Write one of two claims, to be judged with yes or no, and declare the answer: by turns, as `choose`."""
        # not all claims turn at once: two variants then share half of them at most, or their seeds are far apart
        truth = self.choose(["yes", "no"], self.variant >> ord(exercise[0]) % 2)
        raw = {"right": repr(truth), "slips": {mistake: repr({"yes": "no", "no": "yes"}[truth])}, "to": 1}
        sealed = seal(exercise, truth, {n: (ast.literal_eval(a), 1) for n, a in raw["slips"].items()}, 1)
        self._declare(
            exercise,
            sealed,
            raw,
            f'<p class="nev-prose"><em>{self.phrase(right if truth == "yes" else wrong)}</em></p>',
        )
        return truth

    def events(self) -> pd.DataFrame:
        """Return the policy events that the class gets; where there are none, `stop` has been called."""
        found = _events(self.view.data).get("events")
        if found is None or found.empty:
            self.stop()
            return pd.DataFrame(columns=list(_EVENT))
        return found

    def stop(self) -> None:
        """Say that the data do not carry the lesson; the cells that follow do nothing."""
        why = _("The dataset has no figures on which this lesson could work.")
        display(HTML(Markup('<p class="nev-prose nev-gap">{}</p>').format(why)))
        display({MIME: {"stopped": True}, "text/plain": ""}, raw=True)
        get_ipython().input_transformers_cleanup.append(lambda lines: [])

    def begin(self, *cases: Case, dated: bool = True) -> None:
        """Say why a lesson works on another year or place than the edition's, if it does."""
        year, region = self.asked
        parts = []
        if self.view.year != year:
            later = N_(
                "The edition of {asked} ends before the figures that this lesson is about; it uses those known up to"
                " {used}."
            )
            parts.append(self.phrase(later, asked=self.view.when(year), used=self.view.now))
        for one in cases:
            if one.year and self.variant:
                template, gaps = N_("This variant works on {what} of {place} in {when}."), {}
            elif one.year and one.entity != region:
                gaps = {"region": self.view.called(region)}
                template = N_(
                    "For {what}, {region} has no figures that would do; the lesson uses those of {place} in {when}."
                )
            elif dated and one.year and one.year != self.view.year:
                template, gaps = N_("The newest year for {what} of {place} is {when}."), {}
            else:
                continue
            known = {"what": self.named(one.indicator), "place": self.view.called(one.entity)}
            parts.append(self.phrase(template, when=self.view.when(one.year), **known, **gaps))
        if parts:
            self.show(*parts)

    def fix(self, **names: object) -> list[object]:
        """Give the lesson its variables, in the book and in what is handed out."""
        told = {"lesson": self.lesson_name, "year": self.view.year, "region": self.view.region, "names": names}
        display({MIME: told, "text/plain": ""}, raw=True)
        return list(names.values())

    def archive(self) -> None:
        """Show where the whole course can be had; the build puts it beside the page."""
        link = Markup('<p class="nev-launch"><a href="{}" download>{}</a></p>')
        display(HTML(link.format(ARCHIVE, _("Download the whole course"))))

    def open(self) -> Lesson:
        """Return what the class works with: the tables as the edition sees them, and the checks."""
        self.checks: dict = {"words": check_words(), "slips": slips(), "exercises": {}}
        return Lesson(tables(self.view.data), self.checks, shows=False)

    def key(
        self,
        exercise: str,
        right: object,
        to: float = 0.1,
        unit: str = "",
        words: Iterable[str] = (),
        **known: object,
    ) -> None:
        """Declare the answer of an exercise, and the answers that common mistakes lead to; as of `seal`."""
        found = {name: (answer, to) for name, answer in known.items() if answer is not None}
        unknown = found.keys() - slips().keys()
        if unknown:
            raise KeyError(f"the catalogue has no mistake {', '.join(sorted(unknown))}")
        sealed = seal(exercise, right, found, to, unit, words)
        kept = {name for name, marks in sealed["slips"]}
        raw = {"right": _raw(right), "slips": {n: _raw(a) for n, (a, place) in found.items() if n in kept}, "to": to}
        self._declare(exercise, sealed, raw)

    def key_chart(self, exercise: str, case: Case) -> None:
        """Declare what a chart of yearly bars has to show."""
        series = self.view.series(case.indicator, case.entity, case.basis)
        indicator = self.view.data.indicators[case.indicator]
        words = re.findall(r"[a-z]{4,}", f"{indicator.id} {indicator.name}".casefold())
        names = {w[:6] for w in words} - {"vehicl", "units", "number"}
        wanted = {"rows": {q.period: q.value for q in series}, "names": sorted(names)}
        self._declare(exercise, {"chart": wanted | {"units": [indicator.unit.casefold()[:6], "cars"]}}, None)

    def _declare(self, exercise: str, sealed: dict, raw: dict | None, shown: str = "") -> None:
        self.checks["exercises"][exercise] = sealed
        told = {MIME: {"exercise": exercise, "sealed": sealed, "raw": raw}, "text/plain": ""}
        display(told | ({"text/html": shown} if shown else {}), raw=True)


def _raw(answer: object) -> str:
    """Write an answer as Python does, without numpy."""
    if isinstance(answer, tuple | list):
        return f"({', '.join(map(_raw, answer))})"
    return repr(answer.item() if hasattr(answer, "item") else answer)


def check_words() -> dict[str, str]:
    """Return what a check says."""
    return {name: _(text) for name, text in SENTENCES.items()}


def slips() -> dict[str, str]:
    """Return the known slips: what each is, by name."""
    return {name: _(text) for name, text in MISTAKES.items()}


_COLUMNS = (
    "indicator", "entity", "period", "year", "measure", "kind", "basis", "qualifier", "value", "low", "high",
    "unit", "resolution", "source", "publisher", "published", "observation",
)  # fmt: skip


def tables(data: Dataset) -> dict[str, pd.DataFrame]:
    """Return the tables of a lesson: ``values``, and the observations and sources they were chosen from."""
    groups: dict[tuple, list] = {}
    for row in data.observations:
        kind = "outcome" if row.outcome else row.kind
        groups.setdefault((row.indicator, row.entity, row.period, row.measure, kind, row.basis), []).append(row)
    shown = []
    for (indicator, entity, period, measure, kind, _basis), rows in groups.items():
        if kind == "target" and measure == "level":
            # several ways of counting share one target; the newest is told once
            one = source_selection.target(data, indicator, entity, period)
        else:
            one = source_selection.choose(data, rows)
        if one is not None:
            shown.append(_row(data, one, kind))
    found = pd.DataFrame(list(dict.fromkeys(shown)), columns=[*_COLUMNS, "_order"])
    keys = ["indicator", "entity", "period", "measure", "kind", "_order"]
    values = found.sort_values(keys, kind="stable").drop(columns="_order").reset_index(drop=True)
    seen = {r.source for r in data.observations}
    return {
        "values": values,
        "observations": _frame(data.observations),
        "sources": _frame(s for s in data.sources.values() if s.id in seen),
        "indicators": _frame(i for i in data.indicators.values() if ("indicators", i.id) not in data.later),
        "entities": _frame(e for e in data.entities.values() if ("entities", e.id) not in data.later),
    } | _events(data)


_EVENT = ("id", "market", "topic", "title", "status", "effective_from", "effective_to", "direction", "value", "unit")


def _events(data: Dataset) -> dict[str, pd.DataFrame]:
    """Return the policy events that are known on the edition's date, each as revised last; nothing where none is."""
    if not data.table("events"):
        return {}
    whole = load_markets(data.folder)
    events = whole.vintage(data.as_of or whole.as_of).events
    return {"events": pd.DataFrame([[getattr(e, c) for c in _EVENT] for e in events], columns=list(_EVENT))}


def _frame(rows: Iterable[object]) -> pd.DataFrame:
    listed = list(rows)
    columns = [f.name for f in dataclasses.fields(listed[0])] if listed else []  # type: ignore[arg-type]
    return pd.DataFrame([[_cell(getattr(r, c)) for c in columns] for r in listed], columns=columns)


def _cell(value: object) -> object:
    return value.isoformat() if isinstance(value, dt.date) else value


def _row(data: Dataset, q: Quantity, kind: str) -> tuple:
    row = q.observation or quantity(q.rows[0]).observation
    source = data.sources[row.source]
    year = row.span.year if row.span.is_year else None
    return (
        q.indicator, q.entity, q.period, year, q.measure, kind, q.basis, q.qualifier, q.value, q.low, q.high,
        q.unit, row.resolution, row.source, source.publisher, source.published, row.id,
        data.basis(q.indicator, q.basis).order,
    )  # fmt: skip


def open_lesson(
    name: str, year: int, region: str, data_dir: Path | str | None = None, variant: int = 0
) -> tuple[EditionView, LessonBook, Lesson]:
    """Open a lesson: the book as it uses it, and what its class works with; parameters as of `LessonBook`."""
    book = LessonBook(name, year, region, data_dir, variant)
    return book.view, book, book.open()


def open_course(year: int, region: str, data_dir: Path | str | None = None) -> tuple[EditionView, LessonBook]:
    """Open the page that leads to the lessons; parameters as of `LessonBook`."""
    book = LessonBook("", year, region, data_dir)
    return book.view, book
