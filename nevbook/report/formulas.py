"""Computed values in words: what a formula is called, and its arithmetic with the inputs in it."""

from __future__ import annotations

from nevbook.analysis.quantities import Quantity
from nevbook.common.i18n import N_, gettext as _

# a to h stand for the inputs, in their order; what has no words is the same in every language
ARITHMETIC = {
    "growth": "{a} / {b} − 1",
    "backcast": "{a} / (1 + {b})",
    "less": "{a} − {b}",
    "step_back": N_("{a} − {b}, in percentage points"),
    "rough_share": N_("{a} / {b}, two different counting methods, so only approximate"),
    "total": "{a} + {b}",
    "share": "{a} / {b}",
    "difference": "{a} − {b}",
    "ratio": "{a} / {b}",
    "against": "{a} / {b}",
    "per_unit": "{a} / {b}",
    "rest": "{a} − {b}",
    "scale": "{a} × {b}",
    "required": N_("({a} / {b}) ^ (1 / years) − 1"),
    "number_effect": N_("({d} − {c}) × mean of ({a} / {c}) and ({b} / {d})"),
    "value_effect": N_("(({b} / {d}) − ({a} / {c})) × mean of {c} and {d}"),
    "contribution": "({c} − {b}) / {a}",
    "contribution_rest": "(({b} − {d}) − ({a} − {c})) / {a}",
    "same_speed": N_("{a}, moved on at the same growth"),
    "same_points": "{a} + {b}",
    "extrapolated": N_("a method chosen by its misses in earlier years, from the shares below"),
    "mean_miss": N_("mean size of what forecasts from the years before missed by, over the shares below"),
    "largest_miss": N_("largest miss of forecasts from the years before, over the shares below"),
    "fan_low": N_("the forecast less the miss that holds four of five earlier ones, from the shares below"),
    "fan_high": N_("the forecast and the miss that holds four of five earlier ones, from the shares below"),
    "miss": "{a} − {b}",
    "scenario_output": "{a} × (1 + {b}) ^ {c}",
    "scenario_share": "{a} × {b}",
    "scenario_value": "{a} × {b}",
}
NAMES = {
    "growth": N_("growth of {name}"),
    "backcast": N_("{name}, worked back"),
    "less": N_("{name} less the gap"),
    "step_back": N_("{name}, worked back"),
    "rough_share": N_("{name} over a total that is counted differently"),
    "total": N_("{name} and the class beside it, together"),
    "share": N_("{name} as a share"),
    "difference": N_("difference of {name}"),
    "ratio": N_("ratio of {name}"),
    "against": N_("{name}, one count against the other"),
    "per_unit": N_("{name} per vehicle"),
    "rest": N_("{name}, the rest"),
    "scale": N_("{name}, part"),
    "required": N_("{name}, growth a year that the target needs"),
    "number_effect": N_("change of {name} due to the number"),
    "value_effect": N_("change of {name} due to the value of each"),
    "contribution": N_("what {name} adds to the growth of the whole"),
    "contribution_rest": N_("what the rest of {name} adds to its growth"),
    "same_speed": N_("{name} at an unchanged speed"),
    "same_points": N_("{name} at an unchanged speed"),
    "extrapolated": N_("{name} as a share, carried on"),
    "mean_miss": N_("mean miss of forecasts of {name} as a share"),
    "largest_miss": N_("largest miss of forecasts of {name} as a share"),
    "fan_low": N_("lower end of a fan for {name} as a share"),
    "fan_high": N_("upper end of a fan for {name} as a share"),
    "miss": N_("what came less what was forecast, {name} as a share"),
    "scenario_output": N_("{name} in a scenario"),
    "scenario_share": N_("part of {name} in a scenario"),
    "scenario_value": N_("value of {name} in a scenario"),
}
# what no indicator names
ALONE = {
    "threshold": N_("A threshold that the text sets, not a figure from a source."),
    "count": N_("Counted in the dataset."),
    "assumed": N_("An assumption of a scenario, set in the parameters of the chapter; no figure from a source."),
}


def named(formula: str, name: str) -> str:
    """Name what a formula computes of something, as a line of its own."""
    text = _(NAMES[formula], name=name)
    return text[0].upper() + text[1:]


def arithmetic(q: Quantity, written: list[str]) -> str:
    """Write the arithmetic of a computed quantity, its inputs as they are written."""
    return _(ARITHMETIC[q.formula]).format(**dict(zip("abcdefgh", written, strict=False)))
