"""What the audit found of one thing, and the verdict on a claim."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from nevbook.analysis.quantities import Quantity, quantity
from nevbook.data.claims import Claim
from nevbook.data.dataset import Dataset
from nevbook.data.models import Observation

# Two figures of one counting method that cannot both be true conflict; a growth that fits only between two counting
# methods crosses them; methods differ as expected; what one office announced and others print is repeated.
CONFLICTS, CROSSES, AMBIGUOUS, DIFFERS = "conflicts", "crosses counts", "ambiguous", "differs as expected"
MISSED, MET, RECONCILES, REPEATED, UNKNOWN = "missed", "met", "reconciles", "repeated", "cannot be checked"
STATED, OPEN = "stated", "open"  # of a plan: no target with a figure, one that is not due
ARTICLE = "ichongqing-2025-03-seed"  # the source whose claims the ledger lists
# in the order in which one outweighs another
VERDICTS = (CONFLICTS, CROSSES, AMBIGUOUS, MISSED, DIFFERS, MET, RECONCILES, REPEATED, UNKNOWN)
ARGUABLE = (CONFLICTS, CROSSES, AMBIGUOUS)  # what a reader should know before using a figure
KINDS = ("sources", "growth", "change", "share", "collision", "reading", "gap", "counting", "wholes")
KINDS += ("plausibility", "target")


@dataclass(frozen=True)
class Finding:
    """What the audit found of one thing."""

    id: str  # stable: kind, entity, indicator, period, and what tells it from others
    kind: str  # one of `KINDS`
    verdict: str  # one of `VERDICTS`
    indicator: str  # what it is about
    entity: str
    period: str
    inputs: tuple[str, ...]  # ids of the observations it rests on, the one it judges first
    stated: Quantity | None  # what is judged
    computed: Quantity | None  # and what it is held against
    code: str  # which sentence `report.findings` writes of it
    gaps: dict[str, object] = field(repr=False, compare=False)  # quantities and ids for its sentence
    recorded: dt.date = dt.date.min  # day on which the newest of its inputs entered the dataset


@dataclass(frozen=True)
class ClaimVerdict:
    """A claim of the article with its verdict."""

    claim: Claim  # from ``claims.csv``
    verdict: str  # one of `VERDICTS`, or the kind of a claim that is no statement of fact
    finding: Finding | None  # the one that decides


@dataclass(frozen=True)
class Attributed:
    """Values with who says so, for a list in a sentence."""

    items: tuple[tuple[Quantity, str], ...]  # each value with the id of its source


def outcomes(data: Dataset, measure: str) -> list[Observation]:
    """Return the outcomes of one measure."""
    return [r for r in data.observations if r.outcome and r.measure == measure]


def alike(rows: Iterable[Observation]) -> Iterator[list[Observation]]:
    """Group what says the same of one thing in one counting method: told once, however many print it."""
    groups: dict[tuple, list[Observation]] = {}
    for row in sorted(rows, key=lambda r: (r.source != ARTICLE, r.id)):  # a claim of the article is judged itself
        key = row.indicator, row.entity, row.period, row.basis, row.qualifier, row.value
        groups.setdefault(key, []).append(row)
    yield from groups.values()


def levels_counted_alike(data: Dataset, like: Observation, period: str) -> list[Observation]:
    """Outcomes in the way of counting of a row, for a period."""
    return [
        r for r in data.rows(like.indicator, like.entity) if r.outcome and r.basis == like.basis and r.period == period
    ]


def finding_of(
    kind: str,
    row: Observation,
    verdict: str,
    key: str,
    gaps: dict[str, object],
    inputs: Iterable[Observation],
    computed: Quantity | None = None,
    more: tuple[str, ...] = (),
) -> Finding:
    """Make the finding that judges a row."""
    used = [row, *inputs]
    if verdict == RECONCILES and len({r.source for r in used}) == 1:
        verdict = REPEATED  # figures of one source agree with each other: nobody else says so
    ids = tuple(dict.fromkeys(r.id for r in used))
    name = ".".join([kind, row.entity, row.indicator, row.period.replace("/", "_to_"), *more])
    about = (row.indicator, row.entity, row.period)
    return Finding(name, kind, verdict, *about, ids, quantity(row), computed, key, gaps)
