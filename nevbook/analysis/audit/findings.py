"""What the audit found of one thing, and the verdict on a claim."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from nevbook.analysis.quantities import Quantity
from nevbook.data.claims import Claim

RECONCILES, CONFLICTS, AMBIGUOUS, UNKNOWN = "reconciles", "conflicts", "ambiguous", "cannot be checked"
ARTICLE = "ichongqing-2025-03-seed"  # the source whose claims the ledger lists
VERDICTS = (CONFLICTS, AMBIGUOUS, RECONCILES, UNKNOWN)  # the order in which one outweighs another
KINDS = ("sources", "growth", "change", "share", "collision", "reading", "gap", "counting", "wholes", "target")


@dataclass(frozen=True)
class Finding:
    """What the audit found of one thing.

    Attributes
    ----------
    id : str
        Stable: kind, entity, indicator, period, and what tells it from others.
    kind : str
        One of `KINDS`.
    verdict : str
        One of `VERDICTS`.
    indicator, entity, period : str
        What it is about.
    inputs : tuple of str
        Ids of the observations it rests on, the one it judges first.
    stated, computed : Quantity or None
        What is judged, and what it is held against.
    code : str
        Which sentence tells it; `report.findings` has the sentences.
    gaps : dict
        What fills the placeholders of the sentence.
    recorded : datetime.date
        Day on which the newest of its inputs entered the dataset.
    """

    id: str
    kind: str
    verdict: str
    indicator: str
    entity: str
    period: str
    inputs: tuple[str, ...]
    stated: Quantity | None
    computed: Quantity | None
    code: str
    gaps: dict[str, object] = field(repr=False, compare=False)
    recorded: dt.date = dt.date.min


@dataclass(frozen=True)
class ClaimVerdict:
    """A claim of the article with its verdict.

    Attributes
    ----------
    claim : Claim
        From ``claims.csv``.
    verdict : str
        One of `VERDICTS`, or the kind of a claim that is no statement of fact.
    finding : Finding or None
        The one that decides.
    """

    claim: Claim
    verdict: str
    finding: Finding | None


@dataclass(frozen=True)
class Attributed:
    """Values with who says so, written as a list in a sentence.

    Attributes
    ----------
    items : tuple of (Quantity, str)
        Each value with its publisher.
    """

    items: tuple[tuple[Quantity, str], ...]
