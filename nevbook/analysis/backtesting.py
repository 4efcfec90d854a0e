"""How far past forecasts would have missed, which method is chosen for it, and how wide a fan must be.

Rolling origin: for every year that the data allow, each method sees the years up to it and no
more, says what the next year and the one after will be, and is held against what came. The
method with the least mean miss is chosen, never the one that fits best what it has seen. The
fan around a forecast is made of the misses that were known when it was made, and how many
outcomes such fans would have held is counted.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from nevbook.analysis import diffusion
from nevbook.analysis.quantities import Quantity
from nevbook.common.errors import NevbookError

HORIZONS = (1, 2)  # years ahead
LEVEL = 80  # percent of outcomes that a fan is meant to hold
_WHOLE = 0.5  # of a percent: ends of a fan are written without decimals
_DIGIT = 0.05  # half of a tenth of a point: what the rounded totals leave of a mean miss


@dataclass(frozen=True)
class Miss:
    """One forecast of the past, held against what came; in percent."""

    method: str  # one of `diffusion.METHODS`
    origin: int  # the last year that the method saw
    horizon: int  # years ahead
    forecast: float  # what it said
    outcome: float  # what came

    @property
    def error(self) -> float:
        """Outcome less forecast, in points: above zero where more came than was said."""
        return self.outcome - self.forecast


@dataclass(frozen=True)
class Scored:
    """A forecast as it would have been made, with its fan, and what came."""

    origin: int  # the last year it saw
    horizon: int  # years ahead
    method: str  # the one chosen then
    forecast: Quantity  # its interval is the fan
    outcome: Quantity  # what came
    error: Quantity  # outcome less forecast, in points
    inside: bool  # whether the fan held the outcome


class Backtest:
    """The methods of `diffusion` held against a series.

    Parameters
    ----------
    series : sequence of Quantity
        Yearly shares in percent, counted in one way, oldest first. Of a series with a gap the
        newest run without one is used: no method is asked to bridge a year that nobody knows.

    Attributes
    ----------
    series : tuple of Quantity
        The run that is used.
    misses : tuple of Miss
        Every forecast that could be made and checked.
    """

    def __init__(self, series: Sequence[Quantity]) -> None:
        if len({q.basis for q in series}) > 1:
            raise NevbookError("a forecast is tested on one way of counting; the series has more.")
        run: list[Quantity] = []
        for q in series:
            run = [*run, q] if run and int(q.period) == int(run[-1].period) + 1 else [q]
        self.series = tuple(run)
        self._known = {int(q.period): q for q in run}
        self._fitted: dict[tuple[str, int], list[float] | None] = {}
        found = []
        for origin in self._known:
            for method in diffusion.METHODS:
                for horizon in HORIZONS:
                    said = self._said(method, origin, horizon)
                    if said is not None and origin + horizon in self._known:
                        found.append(Miss(method, origin, horizon, said, self._known[origin + horizon].value))
        self.misses = tuple(found)

    def _said(self, method: str, origin: int, horizon: int) -> float | None:
        """What a method says, fitted once for all horizons."""
        if (method, origin) not in self._fitted:
            years = [y for y in self._known if y <= origin]
            values = [self._known[y].value for y in years]
            self._fitted[method, origin] = diffusion.extrapolate(method, years, values, HORIZONS)
        said = self._fitted[method, origin]
        return None if said is None else said[HORIZONS.index(horizon)]

    @property
    def last(self) -> int | None:
        """The newest year of the series."""
        return max(self._known, default=None)

    def of(self, method: str, horizon: int | None = None, until: int | None = None) -> list[Miss]:
        """Return the misses of a method, of one horizon or of all, known by the end of a year or by now."""
        return [
            m
            for m in self.misses
            if m.method == method and horizon in (None, m.horizon) and (until is None or m.origin + m.horizon <= until)
        ]

    def mean(self, method: str, horizon: int | None = None) -> Quantity | None:
        """Return the mean of the misses' sizes, in points; None where nothing could be checked."""
        sizes = [abs(m.error) for m in self.of(method, horizon)]
        return self._points(sum(sizes) / len(sizes), "mean_miss") if sizes else None

    def ranking(self) -> list[str]:
        """Return the methods that were checked, that of the smallest mean miss first."""
        means = {m: q.value for m in diffusion.METHODS if (q := self.mean(m))}
        return sorted(means, key=means.__getitem__)

    def worst(self, method: str, horizon: int | None = None) -> Quantity | None:
        """Return the largest miss with its sign, in points."""
        errors = [m.error for m in self.of(method, horizon)]
        return self._points(max(errors, key=abs), "largest_miss") if errors else None

    def _points(self, value: float, formula: str) -> Quantity:
        like = self.series[-1]
        return replace(
            like, value=value, low=value - _DIGIT, high=value + _DIGIT, unit="percentage_points", kind="estimate",
            qualifier="=", observation=None, others=(), formula=formula, inputs=self.series,
        )  # fmt: skip

    def choice(self, until: int | None = None) -> str | None:
        """Return the method whose misses known by the end of a year were least in the mean.

        Parameters
        ----------
        until : int, optional
            The year; the newest of the series if not given.

        Returns
        -------
        str or None
            Over both horizons together, among the methods that could be checked as often as the
            one checked most; of two that err alike the plainer. None where too little could be
            checked for a fan of the next year.
        """
        year = until if until is not None else self.last
        if year is None:
            return None
        checked = {m: [abs(x.error) for x in self.of(m, until=year)] for m in diffusion.METHODS}
        most = max(map(len, checked.values()))
        able = {m: sum(sizes) / most for m, sizes in checked.items() if most and len(sizes) == most}
        able = {m: v for m, v in able.items() if self._reach(m, HORIZONS[0], year) is not None}
        return min(able, key=able.__getitem__, default=None)

    def _reach(self, method: str, horizon: int, until: int) -> float | None:
        """Half the width of a fan: the miss that holds so many of all known ones, counting the next as unknown."""
        sizes = sorted(abs(m.error) for m in self.of(method, horizon, until))
        place = math.ceil(LEVEL / 100 * (len(sizes) + 1))
        return sizes[place - 1] if place <= len(sizes) else None

    def forecast(self, horizon: int, at: int | None = None) -> Quantity | None:
        """Return a forecast with its fan, as it could have been made at the end of a year.

        Parameters
        ----------
        horizon : int
            Years ahead.
        at : int, optional
            The year; the newest of the series if not given.

        Returns
        -------
        Quantity or None
            In percent, of kind ``forecast``; its interval is the fan. None where too few misses
            were known for one.
        """
        origin = at if at is not None else self.last
        method = self.choice(origin) if origin is not None else None
        if origin is None or method is None or origin not in self._known:
            return None
        reach, said = self._reach(method, horizon, origin), self._said(method, origin, horizon)
        if reach is None or said is None:
            return None
        seen = tuple(q for y, q in self._known.items() if y <= origin)
        middle, low, high = (min(max(x, 0.0), 100.0) for x in (said, said - reach, said + reach))
        return replace(
            seen[-1], value=middle, low=low, high=high, period=str(origin + horizon), kind="forecast", qualifier="=",
            observation=None, others=(), formula="extrapolated", inputs=seen,
        )  # fmt: skip

    def score(self, forecast: Quantity | None, method: str | None = None) -> Scored | None:
        """Hold a forecast against what came; None where it was not made or nothing came yet."""
        if forecast is None or int(forecast.period) not in self._known:
            return None
        outcome = self._known[int(forecast.period)]
        origin = int(forecast.inputs[-1].period)
        error = self._points(outcome.value - forecast.value, "miss")
        error = replace(error, period=forecast.period, inputs=(outcome, forecast))
        inside = forecast.low <= outcome.value <= forecast.high
        chosen = method or self.choice(origin) or ""
        return Scored(origin, int(forecast.period) - origin, chosen, forecast, outcome, error, inside)

    def record(self) -> list[Scored]:
        """Return every forecast that this way of working would have made, choice and fan included, with its score."""
        made = [self.forecast(h, at) for at in self._known for h in HORIZONS]
        return [s for f in made if (s := self.score(f)) is not None]

    def edges(self, forecast: Quantity | None) -> tuple[Quantity | None, Quantity | None]:
        """Return the two ends of a forecast's fan, each to the percent, outward as in a figure's table."""
        if forecast is None:
            return None, None
        ends = (("fan_low", math.floor(forecast.low)), ("fan_high", math.ceil(forecast.high)))
        low, high = (
            replace(forecast, value=x, low=x - _WHOLE, high=x + _WHOLE, kind="estimate", formula=name)
            for name, x in ends
        )
        return low, high
