"""The audit: which published figures agree with each other, which do not, which cannot be told.

Every finding is computed from the observations: the figures it rests on, the arithmetic, the
interval that rounding leaves, and a verdict that follows from whether the intervals overlap.
The rules stand in `audit_rules`; here is what a finding is, and what a claim's verdict is.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from dataclasses import dataclass, field

from .claims import Claim
from .dataset import Dataset
from .measures import Quantity
from .prose import Phrase, Register, phrase
from .words import word

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
    template : str
        The sentence, with gaps.
    gaps : dict
        What fills them.
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
    template: str
    gaps: dict[str, object] = field(repr=False, compare=False)
    recorded: dt.date = dt.date.min

    def phrase(self, register: Register) -> Phrase:
        """Write its sentence, its figures listed in a chapter's register."""
        return phrase(register, self.template, **self.gaps)


@dataclass(frozen=True)
class Judged:
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


def audit(data: Dataset, year: int) -> list[Finding]:
    """Audit the dataset, or what an edition sees of it.

    Parameters
    ----------
    data : Dataset
        The rows.
    year : int
        Targets for later years are not due.

    Returns
    -------
    list of Finding
        By kind, then what it is about; the same rows give the same list.
    """
    from .audit_rules import RULES

    found = [finding for rule in RULES for finding in rule(data, year)]
    days = {r.id: r.recorded for r in data.observations}
    dated = [
        Finding(**{**f.__dict__, "recorded": max((days[i] for i in f.inputs), default=dt.date.min)}) for f in found
    ]
    return sorted(dated, key=lambda f: (KINDS.index(f.kind), f.entity, f.indicator, f.period, f.id))


def counts(findings: list[Finding]) -> dict[str, int]:
    """Count findings by verdict, every verdict named."""
    tally = Counter(f.verdict for f in findings)
    return {v: tally[v] for v in VERDICTS}


def judge(data: Dataset, findings: list[Finding]) -> list[Judged]:
    """Give each claim the verdict of the finding that weighs most on what it rests on.

    Parameters
    ----------
    data : Dataset
        As the edition sees it; holds the claims.
    findings : list of Finding
        Of the same rows.

    Returns
    -------
    list of Judged
        In the order of the ledger.
    """
    sources = {r.id: r.source for r in data.observations}
    out = []
    for claim in data.claims:
        # the row that the claim itself states; rows that only bear on it decide nothing
        stated = next((o for o in claim.observations[:1] if sources.get(o) == ARTICLE), "")
        about = [f for f in findings if stated and _judges(f, stated)]
        about.sort(key=lambda f: (_weight(f, stated), f.id))
        if claim.kind in ("figure", "comparison"):
            out.append(Judged(claim, about[0].verdict if about else UNKNOWN, about[0] if about else None))
        else:
            aim = next((f for f in about if f.kind == "target"), None)
            out.append(Judged(claim, aim.verdict if aim else claim.kind, aim))
    return out


def _judges(finding: Finding, row: str) -> bool:
    """Whether a finding judges a row, and does not only use it."""
    return finding.inputs[:1] == (row,) or (
        finding.kind in ("sources", "collision", "target") and row in finding.inputs
    )


def _weight(finding: Finding, row: str) -> tuple:
    """A finding that judges the row itself outweighs one that only uses it; then the verdict, then the kind."""
    aside = finding.kind in ("counting", "wholes")
    told = finding.verdict == UNKNOWN
    own = finding.inputs[0] == row or finding.kind in ("sources", "collision")
    return (told, aside, not own, VERDICTS.index(finding.verdict), KINDS.index(finding.kind))


def as_json(data: Dataset, findings: list[Finding], year: int, as_of: dt.date) -> str:
    """Write the audit for machines.

    Parameters
    ----------
    data : Dataset
        As audited.
    findings : list of Finding
        Of these rows.
    year : int
        The edition's year.
    as_of : datetime.date
        The edition's day.

    Returns
    -------
    str
        JSON; keys sorted, numbers that have no end left out.
    """
    register = Register(data)
    listed = [
        {
            "id": f.id,
            "kind": f.kind,
            "verdict": f.verdict,
            "indicator": f.indicator,
            "entity": f.entity,
            "period": f.period,
            "inputs": list(f.inputs),
            "stated": _number(f.stated),
            "computed": _number(f.computed),
            "arithmetic": arithmetic(f),
            "sentence": f.phrase(register).text,
            "recorded": f.recorded.isoformat(),
        }
        for f in findings
    ]
    claims = [
        {
            "id": j.claim.id,
            "kind": j.claim.kind,
            "claim": j.claim.claim,
            "verdict": j.verdict,
            "finding": j.finding.id if j.finding else None,
            "arithmetic": arithmetic(j.finding) if j.finding else "",
        }
        for j in judge(data, findings)
    ]
    whole = {
        "as_of": as_of.isoformat(),
        "year": year,
        "counts": counts(findings),
        "findings": listed,
        "claims": claims,
    }
    return json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _number(q: Quantity | None) -> dict[str, object] | None:
    if q is None:
        return None
    ends = {k: round(v, 9) for k, v in (("low", q.low), ("high", q.high)) if abs(v) != float("inf")}
    return {"value": round(q.value, 9), "unit": q.unit, "qualifier": q.qualifier, **ends}


def arithmetic(finding: Finding) -> str:
    """Write what was computed, from which figures, as text."""
    from .prose import plain

    q = finding.computed
    if q is None:
        return ""
    if not q.derived:
        return plain(q)
    letters = dict(zip("ab", (plain(one) for one in q.inputs), strict=False))
    return f"{word('formula.' + q.formula).format(**letters)} = {plain(q)}"
