"""Figures that cannot be right, judged in one basis against the rows above: what was known when added."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from nevbook.common.intervals import interval
from nevbook.data.models import Entity, Observation

BOUNDS, SIZE, PARTS = "bounds", "size", "parts"
_AMOUNTS = ("vehicles", "count", "yuan", "usd")
_LEAST = {"vehicles": 0, "count": 0, "rank": 1}  # units that are whole
_SHARES = re.compile("share|penetration|intensity|local_supply_rate")
_FLOWS = re.compile("production|sales|retail|deliveries|exports|revenue|spending|expense|output_value|added$|profit")
PART_OF = {  # kinds: what is counted by the one is counted by the other too
    **dict.fromkeys(("nev_production", "passenger_production", "commercial_vehicle_production"), "vehicle_production"),
    **dict.fromkeys(("ice_production", "icv_production"), "vehicle_production"),
    **dict.fromkeys(("nev_sales", "passenger_sales", "own_brand_sales", "overseas_sales"), "vehicle_sales"),
    **dict.fromkeys(("domestic_vehicle_sales",), "vehicle_sales"),
    **dict.fromkeys(("nev_exports_units", "ev_exports_units", "ice_exports_units"), "vehicle_exports_units"),
    **dict.fromkeys(("passenger_exports_units", "commercial_exports_units"), "vehicle_exports_units"),
    **dict.fromkeys(("bev_exports_units", "phev_exports_units"), "nev_exports_units"),
    **dict.fromkeys(("passenger_exports_value", "ev_exports_value"), "vehicle_exports_value"),
    **dict.fromkeys(("overseas_revenue", "revenue_nev", "gross_profit", "rd_spending"), "revenue"),
    **{"domestic_nev_sales": "domestic_vehicle_sales", "chinese_brand_passenger_sales": "passenger_sales"},
    **{"private_charging_piles": "charging_piles", "passenger_exports_value_usd": "vehicle_exports_value_usd"},
    **{"hev_exports_units": "vehicle_exports_units", "own_brand_passenger_sales": "own_brand_sales"},
    **{"rd_expense": "rd_spending", "public_charging_piles": "charging_piles", "urban_noa_sales": "l2_sales"},
}
_DISJOINT = (
    *(("passenger_production", "commercial_vehicle_production"), ("domestic_vehicle_sales", "overseas_sales")),
    *(("nev_production", "ice_production"), ("nev_exports_units", "ice_exports_units")),
    *(("passenger_exports_units", "commercial_exports_units"), ("bev_exports_units", "phev_exports_units")),
    ("public_charging_piles", "private_charging_piles"),
)
_FACTOR, _YEARLY, _YEARS = 6.0, 1.5, 3.0  # nothing in the dataset but launches leaves six times 1.5 a year between
_ROUGHLY = 1.05
_WHOLE = 2.0  # by how much a part may be above its whole of another year, beyond growth
_Key = tuple[str, str, str]  # indicator, entity, basis


@dataclass(frozen=True)
class Implausible:
    """A row that cannot be right."""

    rule: str  # ``bounds``, ``size`` or ``parts``
    row: Observation  # the row that came last
    others: tuple[Observation, ...] = ()  # what it is held against: the nearest neighbour, or whole and parts

    @property
    def references(self) -> list[Observation]:
        """The other rows, as `told` numbers them."""
        return [other for other in self.others if other is not self.row]


def is_flow(indicator: str, unit: str) -> bool:
    """Whether an indicator counts what happens in a period, so that its periods add up."""
    return unit in _AMOUNTS and bool(_FLOWS.search(indicator)) and "cumulative" not in indicator


def implausible(
    rows: Iterable[Observation], entities: Mapping[str, Entity], accepted: Collection[tuple[str, str]] = ()
) -> list[Implausible]:
    """List the rows that cannot be right; `accepted` holds ids of rows with the rule they break."""
    judge = _Judge(entities, accepted)
    return [found for row in rows for found in judge.take(row)]


def _bound(row: Observation) -> tuple[str, str] | None:
    """Say which bound a row breaks and what would do: whole units, no fewer than none, shares, growth."""
    if row.measure == "yoy_growth" and row.value < -100:
        return "nothing falls by more than 100 percent", "write percent, -100 or more"
    if row.measure != "level":
        return None
    if row.unit == "percent" and _SHARES.search(row.indicator) and not 0 <= row.value <= 100:
        other = "yoy_growth" if row.value > 100 else "yoy_change with unit percentage_points"
        remedy = f"write percent from 0 to 100; if it is a change, write measure {other}"
        return "a share lies between 0 and 100 percent", remedy
    if row.value < _LEAST.get(row.unit, row.value):
        least = f"{_LEAST[row.unit]:g}"
        return f"{row.unit} cannot be under {least}", f"write {least} or more; if it is a change, write its measure"
    if row.unit in _LEAST and row.value != round(row.value):
        remedy = "write a whole number" if row.unit == "rank" else "write the unit that it is in, as in 万辆 or million"
        return f"{_plain(row.value)} {row.unit} is no whole number", remedy
    return None


def told(found: Implausible) -> tuple[str, str]:
    """Say what is wrong with an implausible row, with a placeholder for each of its references, and what would do."""
    row = found.row
    keep = f"to keep it, nevbook add --accept '{row.id}=REASON' (a row of acceptances.csv)"

    def name(one: Observation) -> str:
        whose = "".join(f" {x}" for x in (one.entity, one.indicator) if x not in (row.entity, row.indicator))
        where = "" if one is row else f" ({{{found.references.index(one)}}}, {one.source})"
        return f"{_plain(one.value)} in {one.period}{whose}{where}"

    if found.rule == BOUNDS:
        problem, remedy = _bound(row) or ("", "")
        return problem, f"{remedy}; {keep}"
    if found.rule == SIZE:
        near = found.others[0]
        ratio = _Figure(row).rate / _Figure(near).rate
        off = max(ratio, 1 / ratio)
        times = f"{off:,.{0 if off >= 100 else 1}f}"
        times = f"{times} times" if ratio >= 1 else f"1/{times} of"
        by_day = " by the day" if is_flow(row.indicator, row.unit) else ""
        problem = f"{_plain(row.value)} {row.unit} is{by_day} {times} {name(near)}"
        return problem, f"correct value, unit or period; {keep}"
    whole, *parts = found.others
    total = sum(p.value for p in parts)
    makes = f", together {_plain(total)}, are" if len(parts) > 1 else " is"
    than = "more than the whole" if total > whole.value else "less than the whole that they make up"
    problem = f"{' + '.join(map(name, parts))}{makes} {than}, {name(whole)}"
    return problem, f"correct value, unit or period; {keep}"


def _plain(value: float) -> str:
    return f"{value:,.15g}"


class _Figure:
    """A row with what is asked of it again and again: its interval, and its period as days."""

    __slots__ = ("row", "key", "start", "end", "low", "high", "flow", "rate")

    def __init__(self, row: Observation) -> None:
        span = row.span
        self.row, self.key = row, (row.indicator, row.entity, row.basis)
        self.start, self.end = span.start.toordinal(), span.end.toordinal()
        self.low, self.high = interval(row.value, row.resolution, row.qualifier)
        self.flow = is_flow(row.indicator, row.unit)
        self.rate = row.value / (self.end - self.start + 1) if self.flow else row.value

    @property
    def period(self) -> tuple[int, int]:
        return self.start, self.end

    def within(self, whole: _Figure) -> bool:
        """Whether the period lies in that of a whole; of a stock, both tell of one moment."""
        return whole.start <= self.start and self.end <= whole.end if self.flow else self.end == whole.end

    def years(self, other: _Figure) -> float:
        return abs(self.start + self.end - other.start - other.end) / 2 / 365.25


class _Judge:
    """The plausible rows so far, by what they tell of and by their periods."""

    def __init__(self, entities: Mapping[str, Entity], accepted: Collection[tuple[str, str]]) -> None:
        self.entities, self.accepted = entities, accepted
        self.series: dict[_Key, dict[tuple[int, int], list[_Figure]]] = defaultdict(lambda: defaultdict(list))
        self.children: dict[str, list[str]] = defaultdict(list)
        for one in entities.values():
            self.children[one.parent].append(one.id)
        self.above = {one: self._above(one) for one in entities}
        self.kinds: dict[str, list[str]] = defaultdict(list)
        for part, whole in PART_OF.items():
            self.kinds[whole].append(part)

    def take(self, row: Observation) -> Iterator[Implausible]:
        """Judge a row; one that is plausible supports those that follow."""
        if _bound(row):
            yield Implausible(BOUNDS, row)
        elif row.measure == "level" and row.entity in self.entities:
            figure = _Figure(row)
            parted = self._parts(figure) if row.outcome else None
            sized = self._size(figure)
            if parted:
                yield Implausible(PARTS, row, tuple(other.row for other in parted))
            if sized:
                yield Implausible(SIZE, row, (sized.row,))
            if row.outcome and not parted and (sized is None or (row.id, SIZE) in self.accepted):
                self.series[figure.key][figure.period].append(figure)

    def _size(self, figure: _Figure) -> _Figure | None:
        """Hold a value against its own series; where that is new, against what it is a part of."""
        row = figure.row
        if row.value <= 0 or not (row.unit in (*_AMOUNTS, "times", "yuan_per_usd") or _SHARES.search(row.indicator)):
            return None
        own = [o for o in self._all(figure.key) if o.row.value > 0]
        if any(_supports(o, figure) for o in own):
            return None
        if own:
            return min(own, key=figure.years)
        if self._firm(row.entity) or row.unit not in _AMOUNTS:  # launches leave any size between two years
            return None
        for key in self._wholes(row):
            near = min((o for o in self._all(key) if o.row.value > 0), key=figure.years, default=None)
            if near and row.qualifier != "<" and figure.rate / near.rate > _WHOLE * _grown(figure.years(near)):
                return near
        return None

    def _all(self, key: _Key) -> Iterator[_Figure]:
        return itertools.chain.from_iterable(self.series[key].values() if key in self.series else ())

    def _wholes(self, row: Observation) -> Iterator[_Key]:
        """The series that a row's is a part of: of wider kinds, of whom it belongs to."""
        for kind, whose in itertools.product(self._up(row.indicator), self.above[row.entity]):
            if (kind, whose) != (row.indicator, row.entity):
                yield kind, whose, row.basis

    def _up(self, indicator: str) -> Iterator[str]:
        while indicator:
            yield indicator
            indicator = PART_OF.get(indicator, "")

    def _firm(self, entity: str) -> bool:
        return self.entities[entity].kind in ("company", "brand", "model")

    def _above(self, entity: str) -> list[str]:
        """An entity and what it belongs to; a firm builds and sells outside the region where it sits, too."""
        line: list[str] = []
        while entity in self.entities:
            if entity in line:  # parents in a circle have their own issue
                return line[:1]
            line.append(entity)
            entity = self.entities[entity].parent
        firm = self._firm(line[0])
        return [one for one in line if not (firm and self.entities[one].kind in ("region", "bloc"))]

    def _parts(self, figure: _Figure) -> tuple[_Figure, ...] | None:
        """Hold a figure against each whole that it is a part of, and against its own parts: returns whole and parts."""
        row = figure.row
        if row.unit not in _AMOUNTS or "profit" in row.indicator:  # which may be negative in a part
            return None
        for key in self._wholes(row):
            for whole in self._all(key):
                if figure.within(whole) and figure.low > (most := self._most(whole)).high:
                    return most, figure
        highest = self._most(figure).high
        below = [one for one in self.entities if row.entity in self.above[one]]
        for kind, whose in itertools.product(self._down(row.indicator), below):
            for part in self._all((kind, whose, row.basis)) if (kind, whose) != (row.indicator, row.entity) else ():
                if part.low > highest and part.within(figure):
                    return figure, part
        return (self._periods(figure) if figure.flow else None) or self._members(figure)

    def _down(self, indicator: str) -> Iterator[str]:
        yield indicator
        for kind in self.kinds[indicator]:
            yield from self._down(kind)

    def _most(self, whole: _Figure) -> _Figure:
        """The highest figure that any source gives for a whole: they may disagree on it."""
        return max((whole, *self.series[whole.key][whole.period]), key=lambda o: o.high)

    def _members(self, figure: _Figure) -> tuple[_Figure, ...] | None:
        """Add up the regions of a nation and the kinds of a whole, in one period."""
        row = figure.row
        families = [
            (
                row.indicator,
                whose,
                [(row.indicator, c) for c in self.children[whose] if self.entities[c].kind == "region"],
            )
            for whose in (self.entities[row.entity].parent, row.entity)
        ]
        for pair in _DISJOINT:
            if row.indicator in (*pair, PART_OF[pair[0]]):
                families.append((PART_OF[pair[0]], row.entity, [(kind, row.entity) for kind in pair]))
        for kind, whose, members in families:
            for whole in self._alike(figure, kind, whose):
                # the lowest figure of each part, for its sources may disagree
                parts = [min(told, key=lambda o: o.low) for member in members if (told := self._alike(figure, *member))]
                if len(parts) > 1 and sum(p.low for p in parts) > self._most(whole).high:
                    return whole, *parts
        return None

    def _alike(self, figure: _Figure, kind: str, whose: str) -> list[_Figure]:
        """The figures of a series in the period of a figure, itself among them."""
        key = (kind, whose, figure.row.basis)
        return [*self.series[key][figure.period], *([figure] if key == figure.key else ())]

    def _periods(self, figure: _Figure) -> tuple[_Figure, ...] | None:
        """Hold each period against the shorter ones in it: more than it, or, of one source and without gap, less."""
        series = [*self._all(figure.key), figure]
        for whole in (o for o in series if figure.within(o)):
            inside = [o for o in series if o.period != whole.period and o.within(whole)]
            highest = self._most(whole)
            shown = figure if whole is figure else highest
            single = max(inside, key=lambda o: (o.low, o is figure), default=None)
            if single and single.low > highest.high:
                return shown, single
            most = _chain(inside, whole, gaps=True)
            alone = len({o.row.source for o in (whole, *most)}) == 1  # what several sources say adds up less well
            if most and sum(o.low for o in most) > highest.high * (1 if alone else _ROUGHLY):
                return shown, *most
            least = _chain([o for o in inside if o.row.source == whole.row.source], whole, gaps=False)
            if least and sum(o.high for o in least) < whole.low:
                return whole, *least
        return None


def _chain(parts: list[_Figure], whole: _Figure, gaps: bool) -> list[_Figure]:
    """Choose disjoint parts of a whole: those that make most; where no gap is left, those that make least."""
    by_period: dict[tuple[int, int], _Figure] = {}
    for one in parts:  # sources may disagree: the figure that speaks least against the whole
        other = by_period.get(one.period, one)
        by_period[one.period] = min(one, other, key=lambda o: o.low) if gaps else max(one, other, key=lambda o: o.high)
    best: dict[int, tuple[float, list[_Figure]]] = {whole.start: (0.0, [])}  # by the day after the last
    for one in sorted(by_period.values(), key=lambda o: o.end):
        made = one.low if gaps else -one.high
        before = [best[day] for day in best if day == one.start or (gaps and day < one.start)]
        chains = [(total + made, [*chain, one]) for total, chain in before]
        if chains:
            chains += [best[one.end + 1]] if one.end + 1 in best else []
            best[one.end + 1] = max(chains, key=lambda chain: chain[0])
    found = max(best.values(), key=lambda chain: chain[0]) if gaps else best.get(whole.end + 1, (0.0, []))
    return found[1]


def _grown(years: float) -> float:
    return _YEARLY ** min(years, _YEARS)


def _supports(other: _Figure, figure: _Figure) -> bool:
    """Whether a neighbour is of the size of a figure, as far apart as they are, or a bound leaves that open."""
    ratio, allowed = figure.rate / other.rate, _FACTOR * _grown(figure.years(other))
    below = ratio < 1
    bound = figure.row.qualifier == (">" if below else "<") or other.row.qualifier == ("<" if below else ">")
    return bound or 1 / allowed <= ratio <= allowed
