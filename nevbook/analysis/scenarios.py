"""What would follow from assumptions: plain calculations that a reader can redo. None of them is a forecast.

Output grows by so many percent a year. So many percent of it are new-energy vehicles, so many
percent go abroad, and each of those brings so many yuan. Everything else follows by
multiplication. What matters most is found by letting one assumption at a time go from its
first value to its last while the others stay at their middle one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from nevbook.analysis.arithmetic import by_corners, ignoring_basis
from nevbook.analysis.quantities import Quantity, assumed, counted
from nevbook.common.errors import NevbookError

ASSUMPTIONS = {"output_growth": "percent", "nev_share": "percent", "export_share": "percent", "value_per_car": "yuan"}


@dataclass(frozen=True)
class Scenario:
    """What follows from one set of assumptions."""

    assumptions: Mapping[str, Quantity]  # by the names of `ASSUMPTIONS`
    output: Quantity  # vehicles in the year
    nevs: Quantity  # the new-energy ones among them
    exports: Quantity  # those that go abroad
    value: Quantity  # what those that go abroad bring, in yuan
    nev_value: Quantity  # with the share and the value a vehicle of all exports


@dataclass(frozen=True)
class Swing:
    """By how much one assumption moves a result, the others held at their middle value."""

    name: str  # one of `ASSUMPTIONS`
    first: Quantity  # the result with the first value of the assumption, and with its last
    last: Quantity

    @property
    def width(self) -> float:
        """Their distance, in the unit of the result."""
        return abs(self.last.value - self.first.value)


def scenario(output: Quantity, years: int, assumptions: Mapping[str, Quantity]) -> Scenario:
    """Compute what follows from one set of assumptions."""
    period = str(int(output.period) + years)
    like = replace(output, period=period, basis="", kind="scenario", indicator=output.indicator)
    now, rate = ignoring_basis(output), assumptions["output_growth"]
    assert now is not None
    after = counted(years)
    part = {k: assumptions[k] for k in ("nev_share", "export_share", "value_per_car")}

    def made(formula: str, unit: str, function, *inputs: Quantity) -> Quantity:
        return replace(by_corners(formula, unit, function, inputs, like), kind="scenario", basis="", qualifier="=")

    built = made("scenario_output", "vehicles", lambda a, b, n: a * (1 + b / 100) ** n, now, rate, after)
    share = made("scenario_share", "vehicles", lambda a, b: a * b / 100, built, part["nev_share"])
    sent = made("scenario_share", "vehicles", lambda a, b: a * b / 100, built, part["export_share"])
    brought = made("scenario_value", "yuan", lambda a, b: a * b, sent, part["value_per_car"])
    electric = made("scenario_share", "yuan", lambda a, b: a * b / 100, brought, part["nev_share"])
    return Scenario(dict(assumptions), built, share, sent, brought, electric)


def scenarios(
    output: Quantity | None, until: int, given: Mapping[str, Sequence[float | None]], now: Mapping[str, Quantity | None]
) -> list[Scenario]:
    """Compute the scenarios that a chapter's parameters set: all first values, all second ones, and so on.

    Parameters
    ----------
    output : Quantity or None
        Vehicles built in the newest year.
    until : int
        The year they are for.
    given : mapping of str to sequence
        The values of each assumption, by the names of `ASSUMPTIONS`; None stands for that of now.
    now : mapping of str to Quantity or None
        What each is in the newest year, as far as it is known.

    Returns
    -------
    list of Scenario
        Empty where output or a value of now that is asked for is not known, or the year is not ahead.

    Raises
    ------
    NevbookError
        Where an assumption is missing or strange, or has more or fewer values than the others.
    """
    values = _values(given, now)
    if output is None or int(output.period) >= until or any(q is None for found in values.values() for q in found):
        return []
    years = until - int(output.period)
    sets = zip(*values.values(), strict=True)
    return [scenario(output, years, dict(zip(values, one, strict=True))) for one in sets]  # type: ignore[arg-type]


def swings(
    output: Quantity | None,
    until: int,
    given: Mapping[str, Sequence[float | None]],
    now: Mapping[str, Quantity | None],
    result: str = "nev_value",
) -> list[Swing]:
    """Return by how much each assumption moves a result, the widest first; parameters as of `scenarios`.

    Parameters
    ----------
    result : str
        A field of `Scenario`.

    Returns
    -------
    list of Swing
        Empty where there are no scenarios.
    """
    values = _values(given, now)
    if not scenarios(output, until, given, now) or output is None:
        return []
    middle = {k: found[len(found) // 2] for k, found in values.items()}
    years, found = until - int(output.period), []
    for name, one in values.items():
        ends = [getattr(scenario(output, years, middle | {name: end}), result) for end in (one[0], one[-1])]  # type: ignore[arg-type]
        found.append(Swing(name, *ends))
    return sorted(found, key=lambda s: -s.width)


def _values(
    given: Mapping[str, Sequence[float | None]], now: Mapping[str, Quantity | None]
) -> dict[str, list[Quantity | None]]:
    if set(given) != set(ASSUMPTIONS):
        raise NevbookError(f"a scenario needs {', '.join(ASSUMPTIONS)}; it was given {', '.join(given)}.")
    lengths = {len(v) for v in given.values()}
    if len(lengths) > 1 or lengths == {0}:
        listed = ", ".join(f"{k} {len(v)}" for k, v in given.items())
        raise NevbookError(f"each assumption of the scenarios has as many values as the others; found {listed}.")
    for name, row in given.items():
        for x in row:
            if x is not None and (x < -100 or (x < 0 and name != "output_growth")):
                raise NevbookError(f"the assumption {name} of a scenario is {x}: give zero or more.")
    return {
        name: [now.get(name) if x is None else assumed(float(x), unit) for x in given[name]]
        for name, unit in ASSUMPTIONS.items()
    }
