"""The rows of the dataset: what is measured, of whom, how it is counted, who says so, and what they say."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from nevbook.common.periods import Period, parse
from nevbook.data.tables import column


@dataclass(frozen=True)
class Indicator:
    """What is measured; fields as in ``indicators.csv``."""

    id: str
    name: str
    name_zh: str
    theme: str
    unit: str
    direction: str
    definition: str
    definition_zh: str

    @property
    def is_stock(self) -> bool:
        """Whether it counts what is there at one moment, as its definition then says."""
        return "at the end of the period" in self.definition


@dataclass(frozen=True)
class Entity:
    """Who or what a figure is about; fields as in ``entities.csv``."""

    id: str
    name: str
    name_zh: str
    kind: str
    parent: str


@dataclass(frozen=True)
class Basis:
    """A way of counting one indicator; fields as in ``bases.csv``."""

    id: str
    indicator: str
    name: str
    definition: str
    first: dt.date | None = column("from")
    last: dt.date | None = column("to")
    order: int = column(None, default=0)


@dataclass(frozen=True)
class Source:
    """Where figures were read; fields as in ``sources.csv``."""

    id: str
    title: str
    publisher: str
    published: str
    url: str
    language: str
    tier: str
    licence: str


@dataclass(frozen=True)
class Observation:
    """One published figure; fields as in ``observations.csv``, value in `unit`."""

    id: str
    indicator: str
    entity: str
    period: str
    measure: str
    qualifier: str
    value: float
    unit: str
    resolution: float
    kind: str
    basis: str
    source: str
    locator: str
    announced: str  # of a target; the day of a report on it is another
    recorded: dt.date
    note: str

    def __post_init__(self) -> None:
        parse(self.period)  # what is no period has no figure

    @property
    def span(self) -> Period:
        """The period, as days."""
        return parse(self.period)

    @property
    def outcome(self) -> bool:
        """Whether it tells what happened, and not what is aimed at or expected."""
        return self.kind in ("stated", "estimate")


@dataclass(frozen=True)
class Acceptance:
    """An implausible figure that is kept all the same; fields as in ``acceptances.csv``."""

    row: str
    rule: str
    reason: str
    recorded: dt.date
