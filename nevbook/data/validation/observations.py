"""What a schema cannot say: figures that contradict their indicator, period, source or each other."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from urllib.parse import urlsplit

from nevbook.common.periods import Period
from nevbook.data.claims import Claim
from nevbook.data.corrections import Correction
from nevbook.data.issues import OTHER, Issue, either, near
from nevbook.data.models import Acceptance, Basis, Entity, Indicator, Observation, Source
from nevbook.data.package import columns_issue
from nevbook.data.tables import NUMBER, PACKAGE_FILE, Table, columns_of, day, read_row
from nevbook.data.validation import plausibility
from nevbook.data.validation.corrections import corrected
from nevbook.data.validation.hints import day_remedy, last_year, likely, number_remedy, period_issue, span_of

_KINDS = {  # what `dataset` reads of the tables
    "indicators": Indicator, "entities": Entity, "sources": Source, "bases": Basis, "observations": Observation,
    "claims": Claim, "corrections": Correction, "acceptances": Acceptance,
}  # fmt: skip
_GROWTH_UNITS = {"yoy_growth": "percent", "yoy_change": "percentage_points"}
_POINTS = ("percent", "percentage_points", "times")  # whose change can be told in points
_PRICES = ("yuan", "usd", "yuan_per_usd")


@dataclass(frozen=True)
class _Figure:
    """A row of ``observations.csv``; None where a cell cannot be read."""

    row: int
    cells: dict[str, str]
    value: Decimal | None
    resolution: Decimal | None
    span: Period | None
    recorded: dt.date | None

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    @property
    def thing(self) -> tuple[object, ...] | None:
        """What the source tells of; two spellings of one period are one."""
        if self.span is None:
            return None
        columns = ("indicator", "entity", "measure", "kind", "basis", "source")
        return (self.span.start, self.span.end, *(self[c] for c in columns))


class View:
    """The tables, with the lookups that several rules need."""

    def __init__(self, tables: dict[str, Table]) -> None:
        self.tables = tables
        self.observations = tables["observations"]
        self.sources = tables["sources"]
        self.bases = tables["bases"]

    @cached_property
    def figures(self) -> list[_Figure]:
        """The rows of the observations, as corrected, with what can be read of them."""
        return [_read(n, cells) for n, cells in corrected(self.tables).items()]

    @cached_property
    def units(self) -> dict[str, str]:
        """Unit by indicator."""
        return {r["id"]: r["unit"] for r in self.tables["indicators"].rows.values()}

    def wanted_unit(self, figure: _Figure) -> str | None:
        """The unit that a row's indicator and measure ask for; None where the indicator is not known."""
        unit = self.units.get(figure["indicator"])
        return unit and _GROWTH_UNITS.get(figure["measure"], unit)

    def day_of_flow(self, figure: _Figure) -> bool:
        """Whether a row tells of one day what is counted over months and years."""
        one_day = figure.span is not None and figure.span.start == figure.span.end
        return one_day and plausibility.is_flow(figure["indicator"], self.units.get(figure["indicator"], ""))

    @cached_property
    def published(self) -> dict[str, Period]:
        """Publication period by source."""
        return {r["id"]: p for r in self.sources.rows.values() if (p := span_of(r["published"])) and likely(p)}


def _number(text: str) -> Decimal | None:
    return Decimal(text) if NUMBER.fullmatch(text) else None


def _day(text: str) -> dt.date | None:
    try:
        return day(text)
    except ValueError:
        return None


def _read(number: int, cells: dict[str, str]) -> _Figure:
    recorded = _day(cells["recorded"])
    if recorded and not 1900 <= recorded.year <= last_year():  # which has its issue
        recorded = None
    value, resolution = _number(cells["value"]), _number(cells["resolution"])
    return _Figure(number, cells, value, resolution, span_of(cells["period"]), recorded)


def _plain(number: Decimal) -> str:
    return f"{number:f}"


def _place(value: Decimal) -> Decimal:
    """Place of the last digit that is not nought."""
    shortest = value.normalize() if value else value
    return Decimal(1).scaleb(int(shortest.as_tuple().exponent))


def _unreadable(view: View) -> Iterator[Issue]:
    """Cells that the schema lets through, and that `dataset.load` could not read."""
    for table in view.tables.values():
        for column, declared in table.fields.items():
            kind = declared.get("type")
            for number, row in table.rows.items() if kind in ("date", "number") else ():
                cell = row[column]
                if cell and kind == "date" and _day(cell) is None:
                    yield table.issue(number, column, "is no day as ISO 8601 writes it", day_remedy(cell))
                if cell and kind == "number" and _number(cell) is None:
                    yield table.issue(number, column, "is no plain number", number_remedy(cell))


def _dates(view: View) -> Iterator[Issue]:
    """Days and outcomes of years in which nothing of this dataset was recorded, published or counted."""
    told = [(t, c, None) for t in view.tables.values() for c in ("recorded", "checked", "published") if c in t.fields]
    for table, column, kinds in [*told, (view.observations, "period", ("stated", "estimate"))]:
        for number, row in table.rows.items():
            span = span_of(row[column])
            if span and (kinds is None or row["kind"] in kinds) and not likely(span):
                yield table.issue(
                    number, column, f"lies outside the years 1900 to {last_year()}", "write the year in full"
                )


def _periods(view: View) -> Iterator[Issue]:
    for figure in view.figures:
        if figure.span is None:
            yield view.observations.issue(figure.row, "period", *period_issue(figure["period"]))
        elif view.day_of_flow(figure):
            month = figure["period"][:7]
            problem = f"is a day, and {figure['indicator']} is counted over months and years"
            yield view.observations.issue(figure.row, "period", problem, f"write {month} if the month is meant")
        elif figure["kind"] in ("stated", "estimate") and figure.recorded and figure.span.end > figure.recorded:
            problem = f"is not over on {figure.recorded}, when the row was recorded as an outcome"
            remedy = f"write kind forecast or target, or a recorded day from {figure.span.end} on"
            yield view.observations.issue(figure.row, "period", problem, remedy)


def _units(view: View) -> Iterator[Issue]:
    for figure in view.figures:
        unit, measure, wanted = view.units.get(figure["indicator"]), figure["measure"], view.wanted_unit(figure)
        if unit is None or measure not in ("level", *_GROWTH_UNITS):
            continue
        if figure["unit"] != wanted:
            whose = figure["indicator"] if measure == "level" else measure
            yield view.observations.issue(figure.row, "unit", f"is not the unit of {whose}", f"write {wanted}")
        if measure == "yoy_change" and unit not in _POINTS:
            problem = f"a change in percentage points needs an indicator in percent; {figure['indicator']} is in {unit}"
            yield view.observations.issue(figure.row, "measure", problem, "write yoy_growth, with unit percent")


def _plausible(view: View) -> Iterator[Issue]:
    """Rows that cannot be right, but for those that were accepted."""
    entities = {r["id"]: read_row(Entity, r) for r in view.tables["entities"].rows.values()}
    readable = [f for f in view.figures if f.span and f.recorded and None not in (f.value, f.resolution)]
    readable = [f for f in readable if not view.day_of_flow(f)]  # which has its issue
    rows = [read_row(Observation, f.cells) for f in readable if f["unit"] == view.wanted_unit(f)]
    numbers = {f["id"]: f.row for f in readable}
    accepted = (
        {(r["row"], r["rule"]) for r in table.rows.values()} if (table := view.tables.get("acceptances")) else set()
    )
    told: set[str] = set()
    for found in plausibility.implausible(rows, entities, accepted):
        if (found.row.id, found.rule) not in accepted and found.row.id not in told:
            told.add(found.row.id)  # what is more than its whole is often of another size, too
            others = [(view.observations.file, numbers[other.id]) for other in found.references]
            yield view.observations.issue(numbers[found.row.id], "value", *plausibility.told(found), *others)


def _resolutions(view: View) -> Iterator[Issue]:
    for figure in view.figures:
        value, resolution = figure.value, figure.resolution
        if value is None or resolution is None:
            continue
        place = _plain(_place(value))
        if resolution < 0:
            yield view.observations.issue(figure.row, "resolution", "cannot be negative", f"write {place}")
        elif figure["kind"] == "target":
            if resolution:
                yield view.observations.issue(figure.row, "resolution", "a target is exact", "write 0")
        elif not resolution:
            told = figure["kind"] in ("stated", "estimate", "forecast") and figure["qualifier"] in ("=", "~")
            if told and figure["unit"] not in _PRICES:
                problem = "only targets, prices and bounds are exact"
                remedy = f"write the place of the last digit that the source states, {place} for {figure['value']}"
                yield view.observations.issue(figure.row, "resolution", problem, remedy)
        else:
            steps = value / resolution
            # a float written out in full is off by far less than this
            if abs(steps - steps.to_integral_value()) > Decimal("1e-9"):
                problem = f"is no multiple of its resolution {figure['resolution']}"
                remedy = f"write resolution {place}, or the value as the source states it"
                yield view.observations.issue(figure.row, "value", problem, remedy)


def _repeats(view: View) -> Iterator[Issue]:
    things: dict[tuple[object, ...], list[_Figure]] = defaultdict(list)
    for figure in view.figures:
        if figure.thing and figure.recorded and figure.value is not None:
            things[figure.thing].append(figure)
    for same in things.values():
        first: dict[dt.date | None, _Figure] = {}
        for figure in same:
            other = first.setdefault(figure.recorded, figure)
            if other is figure or other["id"] == figure["id"]:
                continue
            where = f"{OTHER} ({other['id']})"
            problem, remedy = f"says what {where} says", "remove one of the two"
            if other.value != figure.value:
                problem = f"tells the same thing of the same source as {where}, there {other['value']}"
                problem += f", here {figure['value']}"
                remedy = "keep what the source states, or tell the two apart by indicator, period or basis"
            yield view.observations.issue(figure.row, "id", problem, remedy, (view.observations.file, other.row))
        ordered = sorted(first.values(), key=lambda f: f["recorded"])
        for old, new in itertools.pairwise(ordered):
            # the same number told more finely, or no longer as a bound, is a revision too
            if (old.value, old.resolution, old["qualifier"]) == (new.value, new.resolution, new["qualifier"]):
                problem = f"revises nothing: {OTHER} ({old['id']}), recorded {old.recorded}, says the same"
                remedy, place = "remove this row, or write the revised value", (view.observations.file, old.row)
                yield view.observations.issue(new.row, "value", problem, remedy, place)


def _growth_alone(view: View) -> Iterator[Issue]:
    # a measure that cannot be read may be a level
    levels = {f["indicator"] for f in view.figures if f["measure"] not in _GROWTH_UNITS}
    for figure in view.figures:
        indicator = figure["indicator"]
        if indicator in view.units and indicator not in levels:
            problem = f"has {figure['measure']} but no level anywhere"
            remedy = f"add a level of {indicator}, or remove the row"
            yield view.observations.issue(figure.row, "indicator", problem, remedy)


def _counting(view: View) -> Iterator[Issue]:
    uses: dict[str, dict[str, tuple[dt.date, dt.date]]] = defaultdict(dict)
    for number, row in view.bases.rows.items():
        first, last = _day(row["from"]) or dt.date.min, _day(row["to"]) or dt.date.max
        uses[row["indicator"]][row["id"]] = (first, last)
        if last < first:
            yield view.bases.issue(number, "to", f"lies before from, {first}", "write from and to the other way round")
    for figure in view.figures:
        bases = uses[figure["indicator"]]
        if figure.span is None or figure["basis"] not in bases:
            continue
        fits = [b for b, (first, last) in bases.items() if first <= figure.span.start and figure.span.end <= last]
        first, last = bases[figure["basis"]]
        if figure["basis"] not in fits and first <= last:
            since = f"from {first}" if first > dt.date.min else ""
            until = f"to {last}" if last < dt.date.max else ""
            problem = f"is in use {' '.join(filter(None, (since, until)))} only; the period is {figure['period']}"
            remedy = (f"write {either(fits)}" if fits else "correct the period") + f", or mend {view.bases.file}"
            yield view.observations.issue(figure.row, "basis", problem, remedy)


def _unused(view: View) -> Iterator[Issue]:
    for target, columns in ((view.sources, ("id",)), (view.bases, ("id", "indicator"))):
        known = {tuple(r[c] for c in columns): n for n, r in target.rows.items()}
        keys = [(t, mine) for t in view.tables.values() for mine, name, _ in t.keys if name == target.name]
        if not keys or not all(table.readable for table in (view.observations, *(t for t, _ in keys))):
            continue
        used = {tuple(row[f] for f in fields) for table, fields in keys for row in table.rows.values()}
        if target is view.bases:
            used |= {(f["basis"], f["indicator"]) for f in view.figures}  # as the corrections leave them
        # A row that is torn or misspells an id needs it all the same: "remove it" would mislead.
        ids = tuple(dict.fromkeys(k[0] for k in known))
        meant = {(near(lost[0], ids), lost[1:]) for lost in used - known.keys()}
        for key, number in known.items():
            if key in used or any(key[0] in m or key[1:] == rest != () for m, rest in meant):
                continue
            if any(table.may_hold(key[0]) for table, _ in keys):
                continue
            whose = f"no row of {key[1]} uses it" if len(key) > 1 else "no row uses it"
            yield target.issue(number, "id", whose, "remove it, or add the row that needs it")


def _circles(view: View) -> Iterator[Issue]:
    table = view.tables["entities"]
    parents = {r["id"]: r["parent"] for r in table.rows.values()}
    rows = {r["id"]: n for n, r in table.rows.items()}
    told: set[str] = set()
    for start in parents:
        path: list[str] = []
        here = start
        while here in parents and here not in path:
            path.append(here)
            here = parents[here]
        if here in path and here not in told:
            circle = path[path.index(here) :]
            told.update(circle)
            chain = " in ".join([*circle, circle[0]])
            yield table.issue(
                rows[circle[0]], "parent", f"goes in a circle: {chain}", "leave the parent of one of them empty"
            )


def _is_address(text: str) -> bool:
    try:
        address = urlsplit(text)
    except ValueError:
        return False
    return address.scheme in ("http", "https") and bool(address.netloc) and not re.search(r"\s", text)


def _wording(view: View) -> Iterator[Issue]:
    table = view.tables["indicators"]
    for number, row in table.rows.items():
        for column, stop in (("definition", "."), ("definition_zh", "。")):
            if row[column] and not row[column].endswith(stop):
                yield table.issue(number, column, "does not end with a full stop", f"end it with {stop}")
    for number, row in view.sources.rows.items():
        if row["url"] and not _is_address(row["url"]):
            remedy = "write it whole with http:// or https://, or leave it empty"
            yield view.sources.issue(number, "url", "is no web address", remedy)


RULES: tuple[Callable[[View], Iterator[Issue]], ...] = (
    *(_unreadable, _dates, _periods, _units, _plausible, _resolutions, _repeats),
    *(_growth_alone, _counting, _unused, _circles, _wording),
)


def expected(tables: dict[str, Table]) -> Iterator[Issue]:
    """Tables that nevbook reads and the package does not declare so; puts an empty one in their place."""
    for name, kind in _KINDS.items():
        table = tables.get(name)
        if table is None and name in ("claims", "corrections", "acceptances"):
            continue  # data need not be about an article, nor have errors
        if table is None:
            yield Issue(PACKAGE_FILE, None, "resources", None, f"declares no table {name}", "declare it")
        elif issue := columns_issue(table, columns_of(kind)):
            yield issue
        else:
            continue
        fields = [{"name": column} for column in columns_of(kind)]
        tables[name] = Table({"name": name, "path": f"{name}.csv", "schema": {"fields": fields}})
