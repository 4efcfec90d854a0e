"""Figures that cannot be right: out of bounds, of a size that no neighbour supports, more or less than their parts.

Each row is held, within one basis, against the rows above it, which is what was known when it was added; an
implausible row supports no other. That sources disagree is no matter here: the audit tells of it.
"""

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
_PART_OF = {  # kinds: what is counted by the one is counted by the other too
    **dict.fromkeys(("nev_production", "passenger_production", "commercial_vehicle_production"), "vehicle_production"),
    **dict.fromkeys(("nev_sales", "passenger_sales", "own_brand_sales", "overseas_sales"), "vehicle_sales"),
    **dict.fromkeys(("domestic_vehicle_sales",), "vehicle_sales"),
    **dict.fromkeys(("nev_exports_units", "ev_exports_units"), "vehicle_exports_units"),
    **dict.fromkeys(("passenger_exports_value", "ev_exports_value"), "vehicle_exports_value"),
    **dict.fromkeys(("overseas_revenue", "revenue_nev", "gross_profit", "rd_spending"), "revenue"),
    **{"domestic_nev_sales": "domestic_vehicle_sales", "chinese_brand_passenger_sales": "passenger_sales"},
    **{"rd_expense": "rd_spending", "public_charging_piles": "charging_piles", "urban_noa_sales": "l2_sales"},
}
_DISJOINT = (("passenger_production", "commercial_vehicle_production"), ("domestic_vehicle_sales", "overseas_sales"))
_FACTOR, _YEARLY, _YEARS = 6.0, 1.5, 3.0  # nothing in the dataset but launches leaves six times 1.5 a year between
_ROUGHLY = 1.05
_Key = tuple[str, str, str]  # indicator, entity, basis


@dataclass(frozen=True)
class Implausible:
    """A row that cannot be right.

    Attributes
    ----------
    rule : str
        ``bounds``, ``size`` or ``parts``.
    row : Observation
        The row that came last.
    others : tuple of Observation
        What it is held against: the nearest neighbour; the whole and its parts, the row among them.
    """

    rule: str
    row: Observation
    others: tuple[Observation, ...] = ()

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
    """List the rows that cannot be right, in their order; `accepted` holds ids of rows with the rule they break.

    A row accepted by its size supports others of its size. It is listed all the same.
    """
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
        return (
            f"{_plain(row.value)} {row.unit} is no whole number",
            "write the unit that it is in, as in 万辆 or million",
        )
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
        ratio = _rate(row) / _rate(near)
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


class _Judge:
    """The plausible rows so far, by what they tell of."""

    def __init__(self, entities: Mapping[str, Entity], accepted: Collection[tuple[str, str]]) -> None:
        self.entities, self.accepted = entities, accepted
        self.series: dict[_Key, list[Observation]] = defaultdict(list)
        self.children: dict[str, list[str]] = defaultdict(list)
        for one in entities.values():
            self.children[one.parent].append(one.id)
        self.above = {one: self._above(one) for one in entities}
        self.kinds: dict[str, list[str]] = defaultdict(list)
        for part, whole in _PART_OF.items():
            self.kinds[whole].append(part)

    def take(self, row: Observation) -> Iterator[Implausible]:
        """Judge a row; one that is plausible supports those that follow."""
        if _bound(row):
            yield Implausible(BOUNDS, row)
        elif row.measure == "level" and row.entity in self.entities:
            parted = self._parts(row) if row.outcome else None
            sized = self._size(row)
            yield from (one for one in (parted, sized) if one)
            if row.outcome and not parted and (sized is None or (row.id, SIZE) in self.accepted):
                self.series[row.indicator, row.entity, row.basis].append(row)

    def _size(self, row: Observation) -> Implausible | None:
        """Hold a value against its own series; where that is new, against what it is a part of."""
        if row.value <= 0 or not (row.unit in (*_AMOUNTS, "times", "yuan_per_usd") or _SHARES.search(row.indicator)):
            return None
        own = [(o, _rate(row) / _rate(o), _years(row, o)) for o in self._series(row) if o.value > 0]
        if own:
            if any(1 / _allowed(gap) <= ratio <= _allowed(gap) or _open(row, o, ratio) for o, ratio, gap in own):
                return None
            near, _, _ = min(own, key=lambda found: found[2])
            return Implausible(SIZE, row, (near,))
        if self._firm(row.entity):  # whose launches leave any size between one year and the next
            return None
        for key in self._wholes(row):
            wider = sorted((o for o in self.series[key] if o.value > 0), key=lambda o: _years(row, o))
            if wider and row.unit in _AMOUNTS:
                ratio = _rate(row) / _rate(wider[0])
                if ratio > _allowed(_years(row, wider[0])) / _FACTOR and row.qualifier != "<":
                    return Implausible(SIZE, row, (wider[0],))
        return None

    def _series(self, row: Observation) -> list[Observation]:
        return self.series[row.indicator, row.entity, row.basis]

    def _wholes(self, row: Observation) -> Iterator[_Key]:
        """The series that a row's is a part of: of wider kinds, of whom it belongs to."""
        for kind, whose in itertools.product(self._up(row.indicator), self.above[row.entity]):
            if (kind, whose) != (row.indicator, row.entity):
                yield kind, whose, row.basis

    def _up(self, indicator: str) -> Iterator[str]:
        while indicator:
            yield indicator
            indicator = _PART_OF.get(indicator, "")

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

    def _parts(self, row: Observation) -> Implausible | None:
        """Hold a row against each whole that it is a part of, and against its own parts."""
        if row.unit not in _AMOUNTS or "profit" in row.indicator:  # which may be negative in a part
            return None
        flow = is_flow(row.indicator, row.unit)
        for key in self._wholes(row):
            for whole in self.series[key]:
                if _within(row, whole, flow) and _low(row) > _high(whole := self._most(whole)):
                    return Implausible(PARTS, row, (whole, row))
        for kind, whose in itertools.product(self._down(row.indicator), self._below(row.entity)):
            for part in self.series[kind, whose, row.basis] if (kind, whose) != (row.indicator, row.entity) else ():
                if _within(part, row, flow) and _low(part) > _high(self._most(row)):
                    return Implausible(PARTS, row, (row, part))
        return self._sums(row, flow)

    def _down(self, indicator: str) -> Iterator[str]:
        yield indicator
        for kind in self.kinds[indicator]:
            yield from self._down(kind)

    def _below(self, entity: str) -> list[str]:
        return [one for one in self.entities if entity in self.above[one]]

    def _most(self, whole: Observation) -> Observation:
        """The highest figure that any source gives for a whole: they may disagree on it."""
        return max((whole, *(o for o in self._series(whole) if _same(o, whole))), key=_high)

    def _sums(self, row: Observation, flow: bool) -> Implausible | None:
        """Add up what is disjoint: months of a series, regions of a nation, kinds of vehicles."""
        if flow:
            series = [*self._series(row), row]
            for whole in series:
                if _within(row, whole, flow):
                    found = self._periods(row, whole, series)
                    if found:
                        return found
        parent = self.entities[row.entity].parent
        families = [(row.indicator, parent, [(row.indicator, c) for c in self.children[parent] if self._region(c)])]
        families += [
            (row.indicator, row.entity, [(row.indicator, c) for c in self.children[row.entity] if self._region(c)])
        ]
        for pair in _DISJOINT:
            if row.indicator in (*pair, _PART_OF[pair[0]]):
                families.append((_PART_OF[pair[0]], row.entity, [(kind, row.entity) for kind in pair]))
        for kind, whose, members in families:
            wholes = [
                o for o in [*self.series[kind, whose, row.basis], row] if (o.indicator, o.entity) == (kind, whose)
            ]
            for whole in (o for o in wholes if _same(o, row)):
                parts = [
                    p for member in members if (p := self._least([*self.series[*member, row.basis], row], member, row))
                ]
                if len(parts) > 1 and sum(map(_low, parts)) > _high(self._most(whole)):
                    return Implausible(PARTS, row, (whole, *parts))
        return None

    def _region(self, entity: str) -> bool:
        return self.entities[entity].kind == "region"

    @staticmethod
    def _least(rows: list[Observation], member: tuple[str, str], like: Observation) -> Observation | None:
        """The lowest figure of one part in the period, for its sources may disagree."""
        return min((o for o in rows if (o.indicator, o.entity) == member and _same(o, like)), key=_low, default=None)

    def _periods(self, row: Observation, whole: Observation, series: list[Observation]) -> Implausible | None:
        """Hold a period against the shorter ones in it: more than it, or, of one source and without gap, less."""
        inside = [o for o in series if o is not whole and not _same(o, whole) and _within(o, whole, True)]
        highest = self._most(whole)
        single = max(inside, key=lambda o: (_low(o), o is row), default=None)
        if single and _low(single) > _high(highest):
            return Implausible(PARTS, row, (row if whole is row else highest, single))
        most = _chain(inside, whole, gaps=True)
        alone = len({o.source for o in (whole, *most)}) == 1  # what several sources say adds up less well
        if most and sum(map(_low, most)) > _high(highest) * (1 if alone else _ROUGHLY):
            return Implausible(PARTS, row, (row if whole is row else highest, *most))
        own = [o for o in inside if o.source == whole.source]
        least = _chain(own, whole, gaps=False)
        if least and sum(map(_high, least)) < _low(whole):
            return Implausible(PARTS, row, (whole, *least))
        return None


def _chain(parts: list[Observation], whole: Observation, gaps: bool) -> list[Observation]:
    """Choose disjoint parts of a whole: those that make most; where no gap is left, those that make least."""
    by_period: dict[tuple, Observation] = {}
    for one in parts:  # sources may disagree: the figure that speaks least against the whole
        span = (one.span.start, one.span.end)
        other = by_period.get(span, one)
        by_period[span] = min(one, other, key=_low) if gaps else max(one, other, key=_high)
    best: dict[int, list[Observation]] = {whole.span.start.toordinal(): []}
    for (start, end), one in sorted(by_period.items(), key=lambda item: item[0][1]):
        before = [day for day in best if day == start.toordinal() or (gaps and day < start.toordinal())]
        if not before:
            continue
        chains = [[*best[day], one] for day in before]
        until = end.toordinal() + 1
        chains += [best[until]] if until in best else []
        best[until] = (
            max(chains, key=lambda c: sum(map(_low, c))) if gaps else min(chains, key=lambda c: sum(map(_high, c)))
        )
    if gaps:
        return max(best.values(), key=lambda c: sum(map(_low, c)))
    return best.get(whole.span.end.toordinal() + 1, [])


def _low(row: Observation) -> float:
    return interval(row.value, row.resolution, row.qualifier)[0]


def _high(row: Observation) -> float:
    return interval(row.value, row.resolution, row.qualifier)[1]


def _same(one: Observation, other: Observation) -> bool:
    return (one.span.start, one.span.end) == (other.span.start, other.span.end)


def _within(part: Observation, whole: Observation, flow: bool) -> bool:
    """Whether a part's period lies in that of the whole; of a stock, both tell of one moment."""
    if not flow:
        return part.span.end == whole.span.end
    return whole.span.start <= part.span.start and part.span.end <= whole.span.end


def _rate(row: Observation) -> float:
    """A flow by day; anything else as it is."""
    days = (row.span.end - row.span.start).days + 1
    return row.value / days if is_flow(row.indicator, row.unit) else row.value


def _years(one: Observation, other: Observation) -> float:
    middle = [r.span.start.toordinal() + r.span.end.toordinal() for r in (one, other)]
    return abs(middle[0] - middle[1]) / 2 / 365.25


def _allowed(years: float) -> float:
    """By how much neighbours so far apart may differ."""
    return _FACTOR * _YEARLY ** min(years, _YEARS)


def _open(row: Observation, other: Observation, ratio: float) -> bool:
    """Whether a bound leaves the difference open."""
    below = ratio < 1
    return (row.qualifier == (">" if below else "<")) or (other.qualifier == ("<" if below else ">"))
