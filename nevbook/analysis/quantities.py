"""Arithmetic that knows rounding: quantities with intervals.

A stated value spans half its resolution to each side; ``>`` and ``<`` are open to one side;
a target is exact. Every operation returns an interval that holds the true result whatever
was rounded, and refuses values that are counted in different ways. A value that is not
known is ``None``, and what is computed from it is ``None`` too.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nevbook.common.intervals import interval, places_of_parts, shown_place
from nevbook.data.models import Observation


@dataclass(frozen=True)
class Quantity:
    """A value with the interval in which the true one lies.

    Attributes
    ----------
    value, low, high : float
        In `unit`; `low` or `high` may be infinite.
    unit : str
        A unit of the dataset.
    indicator, entity, period, measure, basis : str
        What it is; of a computed one, what its first input is.
    kind : str
        ``stated``, ``estimate``, ``target``, ``forecast``, ``scenario``; a computed one takes the
        weakest of its inputs.
    qualifier : str
        ``=``, ``~``, ``>`` or ``<``.
    observation : Observation or None
        The row it is, if it is stated.
    others : tuple of Observation
        Other sources' rows for the same thing.
    formula : str
        Name of the operation, of a computed one.
    inputs : tuple of Quantity
        What it was computed from.
    digit : float or None
        Place of the last digit to write, where `summing` chose a finer one than its interval asks for.
    """

    value: float
    low: float
    high: float
    unit: str
    indicator: str = ""
    entity: str = ""
    period: str = ""
    measure: str = "level"
    basis: str = ""
    kind: str = "stated"
    qualifier: str = "="
    observation: Observation | None = None
    others: tuple[Observation, ...] = ()
    formula: str = ""
    inputs: tuple[Quantity, ...] = ()
    digit: float | None = None

    @property
    def derived(self) -> bool:
        """Whether it was computed."""
        return bool(self.formula)

    @property
    def place(self) -> float | None:
        """Place of the last digit it supports; None where it is exact or a stated bound."""
        if self.derived and self.qualifier in "<>" and self.value:
            three = 10.0 ** (math.floor(math.log10(abs(self.value))) - 2)  # digits of a bound
            return shown_place(self.value, self.low, self.high, three, -1 if self.qualifier == ">" else 1)
        if self.derived and self.kind == "forecast" and self.high > self.low:
            # its interval is a fan, not rounding: the middle of it has a use to a fraction of its width
            quarter = 10.0 ** math.floor(math.log10((self.high - self.low) / 4))
            return shown_place(self.value, self.low, self.high, quarter)
        return self.digit or shown_place(self.value, self.low, self.high)

    @property
    def rows(self) -> tuple[Observation, ...]:
        """The observations it rests on, without repetition."""
        own = (self.observation,) if self.observation else ()
        return tuple(dict.fromkeys((*own, *(r for q in self.inputs for r in q.rows))))

    def overlaps(self, other: Quantity) -> bool:
        """Whether both may be the same true value."""
        return self.low <= other.high and other.low <= self.high

    def compare(self, other: Quantity | float) -> int:
        """Return 1 if surely more than `other`, -1 if surely less, 0 if rounding hides it."""
        low, high = (other.low, other.high) if isinstance(other, Quantity) else (other, other)
        return 1 if self.low > high else -1 if self.high < low else 0


def quantity(row: Observation, others: tuple[Observation, ...] = ()) -> Quantity:
    """Make a quantity of an observation.

    Parameters
    ----------
    row : Observation
        The row shown.
    others : tuple of Observation
        Other sources' rows for the same thing.
    """
    low, high = interval(row.value, row.resolution, row.qualifier)
    return Quantity(
        row.value, low, high, row.unit, row.indicator, row.entity, row.period, row.measure,
        row.basis, row.kind, row.qualifier, row, others,
    )  # fmt: skip


def tabled(row: Mapping[str, str], value: str, indicator: str, entity: str, unit: str, when: str = "date") -> Quantity:
    """Make a quantity of a row of another table than the observations; `when` is the column of its date."""
    recorded = dt.date.fromisoformat(row["recorded"])
    return quantity(
        Observation(
            row["id"], indicator, entity, row[when], "level", row.get("qualifier") or "=", float(value), unit, 0.0,
            "stated", "as_published", row["source"], row["locator"], "", recorded, row["note"],
        )
    )  # fmt: skip


def fixed(value: float, unit: str) -> Quantity:
    """Make an exact number that the text itself sets, as a threshold in a sentence."""
    return Quantity(value, value, value, unit, formula="threshold")


def assumed(value: float, unit: str) -> Quantity:
    """Make an exact number that a scenario sets."""
    return Quantity(value, value, value, unit, kind="scenario", formula="assumed")


def counted(value: int, inputs: tuple[Quantity, ...] = (), unit: str = "count") -> Quantity:
    """Make a number that was counted in the dataset, as how many regions a ranking has."""
    return Quantity(value, value, value, unit, formula="count", inputs=inputs)


def outward(low: float, high: float) -> tuple[float, float]:
    """Round outward by one step of the machine, so that no true value is lost."""
    return math.nextafter(low, -math.inf), math.nextafter(high, math.inf)


_WEAKER = {"stated": 0, "estimate": 1, "forecast": 2, "target": 3, "scenario": 4}


def weakest(*quantities: Quantity) -> str:
    """Return the kind of what is computed from quantities: that of the least certain of them."""
    return max((q.kind for q in quantities), key=_WEAKER.__getitem__)


def summing(parts: Sequence[Quantity], whole: Quantity) -> tuple[list[Quantity], Quantity]:
    """Return parts and whole, written with a digit more where rounding would hide that the parts sum to it."""
    places = [q.place for q in (*parts, whole) if q.place]
    if not places:
        return list(parts), whole
    digit = places_of_parts([q.value for q in parts], whole.value, min(places))
    return [dataclasses.replace(q, digit=digit) for q in parts], dataclasses.replace(whole, digit=digit)
