"""The rules of the audit; each returns its findings for a dataset."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Callable, Iterator

from nevbook.analysis import arithmetic, quantities, source_selection
from nevbook.analysis.audit import findings
from nevbook.analysis.audit.findings import Attributed, Finding, alike, finding_of, levels_counted_alike, outcomes
from nevbook.analysis.audit.growth_rules import changes, growths
from nevbook.analysis.quantities import Quantity, quantity
from nevbook.analysis.targets import target_outcomes
from nevbook.data.dataset import Dataset
from nevbook.data.models import Observation
from nevbook.data.validation import plausibility

# What a share is a share of: part and whole, and of whom the whole is if not of the same entity.
SHARES = (
    ("nev_share_of_production", "nev_production", "vehicle_production", ""),
    ("nev_penetration", "nev_sales", "vehicle_sales", ""),
    ("nev_share_of_sales", "nev_sales", "vehicle_sales", ""),
    ("nev_share_domestic_sales", "domestic_nev_sales", "domestic_vehicle_sales", ""),
    ("overseas_share", "overseas_sales", "vehicle_sales", ""),
    ("overseas_revenue_share", "overseas_revenue", "revenue", ""),
    ("share_of_china_vehicle_exports", "vehicle_exports_units", "vehicle_exports_units", "CHN"),
    ("share_of_china_vehicle_production", "vehicle_production", "vehicle_production", "CHN"),
    ("rd_intensity", "rd_spending", "revenue", ""),
    ("rd_expense_ratio", "rd_expense", "revenue", ""),
    ("chinese_brand_share", "chinese_brand_passenger_sales", "passenger_sales", ""),
    ("auto_contribution_to_industrial_growth", "auto_pull_on_industrial_growth", "industrial_value_added_growth", ""),
    ("gross_margin", "gross_profit", "revenue", ""),
    ("average_export_price", "vehicle_exports_value", "vehicle_exports_units", ""),
)
# A gap between an entity's percentage and the nation's.
GAPS = (("rd_intensity_gap_to_china", "rd_intensity", "CHN"),)
Key = tuple[str, str, str, str, str]


def _groups(data: Dataset, by: Callable[[Observation], tuple]) -> dict[tuple, list[Observation]]:
    groups: dict[tuple, list[Observation]] = defaultdict(list)
    for row in data.observations:
        if row.kind == "stated":
            groups[by(row)].append(row)
    return groups


def sources(data: Dataset, year: int) -> Iterator[Finding]:
    """For each thing that several sources state, whether they agree."""
    for rows in _groups(data, lambda r: (r.indicator, r.entity, r.period, r.measure, r.basis)).values():
        if len({r.source for r in rows}) < 2:
            continue
        shown = source_selection.choose(data, rows)
        if shown is None or shown.observation is None:
            continue
        row = shown.observation
        others = [r for r in rows if r.id != row.id]
        apart = [r for r in others if not quantity(r).overlaps(shown)]
        gaps = {"stated": shown, "measure": row.measure, "count": row.basis}
        more = tuple(x for x in (row.basis, row.measure) if x not in ("as_published", "level"))
        if apart:
            listed = [(quantity(r), r.source) for r in sorted(apart, key=lambda r: r.id)]
            gaps |= {"others": Attributed(tuple(listed))}
            yield finding_of(
                "sources", row, findings.CONFLICTS, "sources.differ", gaps, [*apart, *others], quantity(apart[0]), more
            )
        else:
            gaps |= {"n": quantities.counted(len({r.source for r in rows}), tuple(quantity(r) for r in rows))}
            yield finding_of(
                "sources", row, findings.REPEATED, "sources.agree", gaps, others, quantity(others[0]), more
            )


def countings(data: Dataset, year: int) -> Iterator[Finding]:
    """For each thing that is counted in two ways, whether the counts agree."""
    for rows in _groups(data, lambda r: (r.indicator, r.entity, r.period, r.measure)).values():
        bases = sorted({r.basis for r in rows}, key=lambda b: data.basis(rows[0].indicator, b).order)
        for one, other in itertools.combinations(bases, 2):
            a = source_selection.choose(data, [r for r in rows if r.basis == one])
            b = source_selection.choose(data, [r for r in rows if r.basis == other])
            if a is None or b is None or a.observation is None or b.observation is None:
                continue
            if {a.qualifier, b.qualifier} <= {"<", ">"}:
                continue  # two bounds neither agree nor differ
            same = a.overlaps(b)
            gaps = {"a": a, "b": b, "one": one, "other": other, "measure": a.measure}
            verdict, key = (findings.RECONCILES, "counting.same") if same else (findings.DIFFERS, "counting.apart")
            more = (a.measure, one, other)
            yield finding_of(
                "counting", a.observation, verdict, key, gaps, [b.observation], arithmetic.against(b, a), more
            )


def shares(data: Dataset, year: int) -> Iterator[Finding]:
    """For each stated share, its part and its whole."""
    for name, part_name, whole_name, nation in SHARES:
        if not {name, part_name, whole_name} <= set(data.indicators):
            continue
        for row, *others in alike(r for r in outcomes(data, "level") if r.indicator == name):
            whose = nation or row.entity
            if whose not in data.entities:
                continue
            parts = _by_basis(data, part_name, row.entity, row.period)
            wholes = _by_basis(data, whole_name, whose, row.period)
            if row.basis != "as_published":  # a share that names its count is checked in that count alone
                parts, wholes = ({b: q for b, q in known.items() if b == row.basis} for known in (parts, wholes))
            stated = quantity(row)
            gaps: dict[str, object] = {"stated": stated, "part": part_name, "whole": whole_name}
            ratio = arithmetic.share if row.unit == "percent" else arithmetic.per_unit
            same = [c for b in parts if b in wholes and (c := ratio(parts[b], wholes[b])) is not None]
            across = [(a, b) for a, b in itertools.product(parts, wholes) if a != b and row.unit == "percent"]
            mixed = [c for a, b in across if (c := arithmetic.rough_share(parts[a], wholes[b])) is not None]
            fit = next((c for c in same if c.overlaps(stated)), None)
            # a pair of counts that says what one count says is no sign of a mixture
            odd = next((c for c in mixed if c.overlaps(stated) and not any(map(c.overlaps, same))), None)
            if fit:
                computed, verdict, key = fit, findings.RECONCILES, "share.fits"
            elif odd:  # also where one count holds both and says otherwise
                computed, verdict, key = odd, findings.AMBIGUOUS, "share.mixed"
            elif same:
                computed, verdict, key = same[0], findings.CONFLICTS, "share.differs"
            else:
                yield finding_of("share", row, findings.UNKNOWN, "share.alone", gaps, others, None, (row.source,))
                continue
            a, b = computed.inputs
            gaps |= {"a": a, "b": b, "computed": computed}
            yield finding_of("share", row, verdict, key, gaps, [*others, *computed.rows], computed, (row.source,))


def _by_basis(data: Dataset, indicator: str, entity: str, period: str) -> dict[str, Quantity]:
    found = {}
    for basis in source_selection.bases_of(data, indicator, entity):
        q = source_selection.value(data, indicator, entity, period, basis=basis)
        if q is not None:
            found[basis] = q
    return found


def collisions(data: Dataset, year: int) -> Iterator[Finding]:
    """For each pair of indicators with one value, where the value is too odd for chance."""
    groups = _groups(data, lambda r: (r.entity, r.period, r.measure, r.unit, r.value))
    met: set[tuple[str, str, str, str]] = set()
    for step in ("level", "yoy_growth"):  # a rate says less: only where the levels collide too
        for rows in groups.values():
            if rows[0].measure != step:
                continue
            by_indicator = {r.indicator: r for r in sorted(rows, key=lambda r: r.id, reverse=True)}
            for one, other in itertools.combinations(sorted(by_indicator), 2):
                if plausibility.PART_OF.get(one) == other or plausibility.PART_OF.get(other) == one:
                    continue  # a part may be the whole, as of a maker of electric cars only
                a, b = by_indicator[one], by_indicator[other]
                key = (a.entity, a.period, one, other)
                if step == "level" and (a.unit == "percent" or len(f"{a.value:.0f}".rstrip("0")) < 4):
                    continue
                if step == "yoy_growth" and key not in met:
                    continue
                met.add(key)
                # judged is the one that stands alone: the other has more sources behind it
                backed = {i: len({r.source for r in rows if r.indicator == i}) for i in (one, other)}
                judged, held = (a, b) if backed[one] <= backed[other] else (b, a)
                gaps = {
                    "stated": quantity(judged), "held": held.indicator, "judged": judged.indicator,
                    "n": quantities.counted(backed[held.indicator]), "source": judged.source,
                }  # fmt: skip
                backing = [r for r in rows if r.indicator == held.indicator]
                more = (held.indicator, step)
                yield finding_of(
                    "collision", judged, findings.CONFLICTS, "collision", gaps, backing, quantity(held), more
                )


def readings(data: Dataset, year: int) -> Iterator[Finding]:
    """For each percentage that is said to grow by percent, the two readings: points, or percent of itself."""
    for row in outcomes(data, "yoy_growth"):
        if data.indicators[row.indicator].unit != "percent":
            continue
        now = source_selection.choose(data, levels_counted_alike(data, row, row.period))
        stated = quantity(row)
        if now is None:
            continue
        points, relative = arithmetic.step_back(now, stated), arithmetic.backcast(now, stated)
        before = source_selection.choose(data, levels_counted_alike(data, row, row.span.before))
        gaps = {"stated": stated, "level": now, "points": points, "relative": relative}
        if before is not None:
            fits = [q for q in (points, relative) if q is not None and q.overlaps(before)]
            verdict = findings.RECONCILES if fits else findings.CONFLICTS
            gaps |= {"before": before}
            yield finding_of(
                "reading", row, verdict, "reading.known", gaps, [*now.rows, *before.rows], points, (row.source,)
            )
            continue
        rise, brand, used = _dear_brand(data, row)
        key = "reading.open"
        if rise is not None and relative is not None:
            step = now.value - relative.value
            nearer = abs(rise.value - stated.value) < abs(rise.value - step)
            key = "reading.points" if nearer else "reading.relative"
            step_q = arithmetic.difference(now, relative)
            gaps |= {"rise": rise, "brand": brand, "step": step_q}
        yield finding_of("reading", row, findings.AMBIGUOUS, key, gaps, [*now.rows, *used], points, (row.source,))


def _dear_brand(data: Dataset, row: Observation) -> tuple[Quantity | None, str, list[Observation]]:
    """A brand of the region whose buyers pay more than the threshold: how its part of output rose."""
    year, last = row.period, row.span.before
    line = (
        source_selection.value(data, "high_end_threshold", row.entity, year)
        if "high_end_threshold" in data.indicators
        else None
    )
    if line is None:
        return None, "", []
    for brand in data.members(row.entity):
        price = source_selection.value(data, "average_transaction_price", brand.id, year)
        if brand.kind != "brand" or price is None or price.compare(line) != 1:
            continue
        whole = source_selection.value(data, "nev_production", row.entity, year)
        basis = whole.basis if whole else None
        rate = source_selection.value(data, "nev_production", row.entity, year, "yoy_growth", basis)
        now = arithmetic.rough_share(source_selection.value(data, "deliveries", brand.id, year), whole)
        then = arithmetic.rough_share(
            source_selection.value(data, "deliveries", brand.id, last), arithmetic.backcast(whole, rate)
        )
        rise = arithmetic.difference(now, then)
        if rise is not None:
            return rise, brand.id, [*rise.rows, *price.rows, *line.rows]
    return None, "", []


def gaps_to_nation(data: Dataset, year: int) -> Iterator[Finding]:
    """For each gap to the nation, the national figure that it implies."""
    for name, of, nation in GAPS:
        for row in (r for r in outcomes(data, "level") if r.indicator == name):
            level = source_selection.value(data, of, row.entity, row.period)
            known = source_selection.value(data, of, nation, row.period)
            implied = arithmetic.less(level, quantity(row))
            found = {"stated": quantity(row), "level": level, "implied": implied, "known": known, "nation": nation}
            if level is None or implied is None:
                yield finding_of("gap", row, findings.UNKNOWN, "gap.alone", found, (), None, (row.source,))
            elif known is None:
                yield finding_of("gap", row, findings.UNKNOWN, "gap.implied", found, level.rows, implied, (row.source,))
            else:
                verdict = findings.RECONCILES if implied.overlaps(known) else findings.CONFLICTS
                yield finding_of(
                    "gap", row, verdict, "gap.known", found, [*level.rows, *known.rows], implied, (row.source,)
                )


def wholes(data: Dataset, year: int) -> Iterator[Finding]:
    """For each pair of shares with one threshold and different wholes, that they are not one thing."""
    line = re.compile(r"priced above ([\d,]+ [a-z]+)")
    named = {i.id: m[1] for i in data.indicators.values() if i.unit == "percent" and (m := line.search(i.definition))}
    rows = [r for r in outcomes(data, "level") if r.indicator in named]
    first: dict[tuple[str, str, int], Observation] = {}
    for row in sorted(rows, key=lambda r: r.id):
        first.setdefault((row.indicator, row.entity, row.span.year), row)
    for a, b in itertools.combinations(first.values(), 2):
        if a.entity == b.entity and a.span.year == b.span.year and named[a.indicator] == named[b.indicator]:
            x, y = quantity(a), quantity(b)
            found = {"stated": x, "beside": y, "beside_what": b.indicator}
            yield finding_of("wholes", a, findings.AMBIGUOUS, "wholes", found, [b], y, (b.indicator,))


def plausibilities(data: Dataset, year: int) -> Iterator[Finding]:
    """For each figure that cannot be right and was not accepted, what it is held against."""
    accepted = {(a.row, a.rule) for a in data.acceptances}
    ordered = sorted(data.observations, key=lambda r: (r.recorded, r.id))  # what was known first is held against
    for found in plausibility.implausible(ordered, data.entities, accepted):
        row, held = found.row, [r for r in found.others if r is not found.row]
        others = Attributed(tuple((quantity(r), r.source) for r in held))
        gaps = {"stated": quantity(row), "others": others}
        if (row.id, found.rule) not in accepted:
            yield finding_of("plausibility", row, findings.CONFLICTS, f"plausibility.{found.rule}", gaps, held)


def due_targets(data: Dataset, year: int) -> Iterator[Finding]:
    """For each target that is due, its outcome."""
    everyone = {r.entity for r in data.observations if r.kind == "target"}
    for aim in target_outcomes(data, everyone, year):
        row = aim.target.observation
        if row is None or aim.state == "open" or aim.moved:  # what took its place is judged: one promise, once
            continue
        verdict = {"met": findings.MET, "missed": findings.MISSED}.get(aim.state, findings.UNKNOWN)
        found = {"target": aim.target, "outcome": aim.outcome, "gap": aim.gap, "reached": aim.reached}
        used = aim.outcome.rows if aim.outcome else ()
        key = f"target.{aim.state if aim.state in ('met', 'missed') else 'unknown'}"
        yield finding_of("target", row, verdict, key, found, used, aim.reached, (f"{row.value:g}", row.basis))


RULES: tuple[Callable[[Dataset, int], Iterator[Finding]], ...] = (
    sources, growths, changes, shares, collisions, readings, gaps_to_nation, countings, wholes,
    plausibilities, due_targets,
)  # fmt: skip
