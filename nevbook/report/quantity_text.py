"""Quantities in words, and the list of those that a chapter shows."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from nevbook.analysis.quantities import Quantity
from nevbook.common.formatting import in_sentence, interval_ends, number, period
from nevbook.common.i18n import gettext as _
from nevbook.common.vocabulary import KINDS, MEASURES, QUALIFIERS, UNIT_AFTER_ONE, UNITS_AFTER
from nevbook.data.dataset import Dataset
from nevbook.report import formulas


def plain(q: Quantity, unit: bool = True, size_only: bool = False, digits: int | None = None) -> str:
    """Write a quantity as text, with its qualifier and unit, as in ``more than 140 billion yuan``."""
    head, written, tail = parts(q, size_only, digits)
    if digits and q.unit == "percent":
        tail = "%"
    return head + written + (tail if unit else "")


def parts(q: Quantity, size_only: bool, digits: int | None = None) -> tuple[str, str, str]:
    """Write a quantity as its qualifier, its digits and its unit; parameters as of `plain`."""
    value = abs(q.value) if size_only else q.value
    if q.formula == "count" and q.unit == "count" and not q.value:
        return "", _("none"), ""
    head = _(QUALIFIERS[q.qualifier])
    place = q.place
    if place is None and q.observation is not None and q.qualifier in "<>" and q.observation.resolution:
        place = q.observation.resolution if q.unit in ("percent", "percentage_points") else None
    if digits and value:
        most = 10.0 ** (math.floor(math.log10(abs(value))) + 1 - digits)
        # an exact number of fewer digits gets no noughts added
        if place is not None or not math.isclose(round(value / most) * most, value, rel_tol=1e-12):
            place = max(place or 0.0, most)
    # a bound stays one: it is never rounded beyond what it bounds
    toward = {">": -1, "<": 1}.get(q.qualifier, 0) if q.derived else 0
    toward = -toward if size_only and q.value < 0 else toward
    written = number(value, q.unit, place, toward=toward)
    return head, written, unit_after(written, q.unit)


def unit_after(written: str, unit: str) -> str:
    """Write a unit as it follows a number that is written already: 1 percentage point, 2 percentage points."""
    one = written.strip("+\N{MINUS SIGN}") == "1" and unit in UNIT_AFTER_ONE
    return _((UNIT_AFTER_ONE if one else UNITS_AFTER)[unit])


def identity(q: Quantity) -> str:
    """Return the id under which a chapter lists a quantity, the same wherever it is shown."""
    if q.observation is not None:
        return "v-" + q.observation.id.replace("/", "-")
    return "v-" + "-".join([q.formula, *(identity(i)[2:] for i in q.inputs), f"{q.value:.6g}"]).replace("+", "")


@dataclass
class Register:
    """The quantities that a chapter shows, each listed once with where it comes from."""

    data: Dataset
    entries: dict[str, tuple[int, Quantity]] = field(default_factory=dict)

    def number_of(self, q: Quantity) -> int:
        """Return the place of a quantity in the chapter's list, adding it if it is new."""
        key = identity(q)
        if key not in self.entries:
            self.entries[key] = (len(self.entries) + 1, q)
        return self.entries[key][0]


def measure_suffix(measure: str) -> str:
    """Write what follows the name of an indicator whose growth or change it is."""
    return "" if measure == "level" else f", {_(MEASURES[measure])}"


def name_of(q: Quantity, data: Dataset) -> str:
    """Name a quantity in words: what, of whom, when, and of which kind."""
    if q.indicator not in data.indicators:
        return ""
    name = data.indicators[q.indicator].name
    if q.derived:
        name = formulas.named(q.formula, in_sentence(name))
    else:
        name += measure_suffix(q.measure)
    kind = _(KINDS[q.kind]) if q.kind != "stated" else ""
    return ", ".join(x for x in (name, data.entities[q.entity].name, period(q.period), kind) if x)


def interval_text(q: Quantity) -> str:
    """Say what interval rounding allows."""
    if q.qualifier == ">" and not q.derived:
        return _("A lower bound: the source gives no upper one.")
    if q.qualifier == "<" and not q.derived:
        return _("An upper bound: the source gives no lower one.")
    if q.low == q.high or q.place is None:
        return _("Exact.") if q.low == q.high else ""
    if q.derived and q.kind == "forecast":
        low, high = (number(x, q.unit, q.place, toward=t) for x, t in ((q.low, -1), (q.high, 1)))
        fan = _("No outcome. As wide as its fan: {low} to {high}, from what earlier forecasts missed by.")
        return fan.format(low=low, high=high)
    place = q.place / 10
    if math.isinf(q.high):
        low = number(q.low, q.unit, place, most=7, toward=-1) if math.isfinite(q.low) else ""
        return _("What it rests on allows {low} or more.", low=low) if low else ""
    if math.isinf(q.low):
        return _("What it rests on allows {high} or less.", high=number(q.high, q.unit, place, most=7, toward=1))
    low, high = interval_ends(q.value, q.low, q.high, q.unit)
    return _("Rounding allows {low} to {high}.", low=low, high=high)
