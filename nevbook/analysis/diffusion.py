"""Curves by which a new thing spreads, and the plain baselines that they have to beat.

All of them say what a yearly share will be in years to come, from nothing but the share of the
years so far. The three curves are the field's own: the logistic (Verhulst), the Gompertz,
which is fast early and slow late, and the Bass, in which some act by themselves and the others
follow. Each has two free parameters and a ceiling that is set, not fitted: with a dozen years
and no year near the end, the data do not hold it.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Sequence
from statistics import linear_regression

import numpy as np

CEILING = 100.0  # percent: every vehicle
LEAST = 3  # years: a curve of two parameters through two points is no fit
BASELINES = ("last_value", "last_step", "line", "last_growth")
CURVES = ("logistic", "gompertz", "bass")
METHODS = (*BASELINES, *CURVES)  # from the plainest on: of two that err alike, the first is taken
_Curve = Callable[..., np.ndarray]


def _logistic(t: np.ndarray, rate: float, middle: float) -> np.ndarray:
    return 1 / (1 + np.exp(-rate * (t - middle)))


def _gompertz(t: np.ndarray, rate: float, middle: float) -> np.ndarray:
    return np.exp(-np.exp(-rate * (t - middle)))


def _bass(t: np.ndarray, own: float, follow: float) -> np.ndarray:
    """Share reached `t` years after nothing; both parameters as logarithms, so that they stay above zero."""
    p, q = np.exp(own), np.exp(follow)
    gone = np.exp(-(p + q) * t)
    return (1 - gone) / (1 + q / p * gone)


def _start(name: str, t: np.ndarray, share: np.ndarray) -> tuple[float, float]:
    """Where the search begins: the straight line through the curve made straight; no chance in it."""
    straight = -np.log(-np.log(share)) if name == "gompertz" else np.log(share / (1 - share))
    slope, at = linear_regression(t, straight)
    slope = max(slope, 1e-3)
    if name != "bass":
        return slope, -at / slope
    first = float(share[0]) * slope / max(math.expm1(slope * float(t[0])), 1e-6)
    return math.log(max(first, 1e-9)), math.log(slope)


def extrapolate(
    name: str, years: Sequence[int], values: Sequence[float], ahead: Sequence[int], ceiling: float = CEILING
) -> list[float] | None:
    """Say what a share will be, by one method; None where years are too few or the curve cannot be fitted."""
    if len(years) < LEAST:
        return None
    last, before = values[-1], values[-2]
    if name == "last_value":
        return [last for _ in ahead]
    if name == "last_step":
        return [last + h * (last - before) for h in ahead]
    if name == "last_growth":
        return [last * (last / before) ** h for h in ahead] if before > 0 else None
    t = np.array([y - years[0] + 1 for y in years], float)  # the year before the first is zero
    later = t[-1] + np.array(ahead, float)
    if name == "line":
        slope, at = linear_regression(t, values)
        return [float(x) for x in at + slope * later]
    fitted = fit(name, t, np.array(values, float) / ceiling)
    if fitted is None:
        return None
    with np.errstate(over="ignore"):  # far from its middle a curve is at one of its ends
        return [float(x) * ceiling for x in curve(name)(later, *fitted)]


def curve(name: str) -> _Curve:
    """Return the function of a curve: of years since nothing and two parameters, with a ceiling of one."""
    return {"logistic": _logistic, "gompertz": _gompertz, "bass": _bass}[name]


def fit(name: str, t: np.ndarray, share: np.ndarray) -> tuple[float, float] | None:
    """Fit a curve by least squares and return its two parameters; None where no fit is found."""
    if share.min() <= 0 or share.max() >= 1:
        return None
    from scipy.optimize import OptimizeWarning, curve_fit  # takes long to load, and few chapters fit anything

    with warnings.catch_warnings(), np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        warnings.simplefilter("ignore", OptimizeWarning)  # it is about the covariance, which is not used
        try:
            found, _ = curve_fit(
                curve(name), t, share, p0=_start(name, t, share), maxfev=2_000, xtol=1e-12, ftol=1e-12, gtol=1e-12
            )
        except RuntimeError:  # the search did not end
            return None
    return (float(found[0]), float(found[1])) if np.isfinite(found).all() else None
