"""The audit: which published figures agree with each other, which do not, which cannot be told."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import replace

from nevbook.analysis.audit.findings import (
    ARTICLE,
    CONFLICTS,
    KINDS,
    OPEN,
    STATED,
    UNKNOWN,
    VERDICTS,
    ClaimVerdict,
    Finding,
)
from nevbook.analysis.audit.rules import RULES
from nevbook.data.dataset import Dataset
from nevbook.data.models import Observation


def audit(data: Dataset, year: int) -> list[Finding]:
    """Audit the dataset, or what an edition sees of it."""
    data = _current(data)
    found = [finding for rule in RULES for finding in rule(data, year)]
    apart = {i for f in found if f.kind == "sources" and f.verdict == CONFLICTS for i in f.inputs[1:]}
    found = [f for f in found if f.kind == "sources" or f.verdict != CONFLICTS or f.inputs[0] not in apart]  # told so
    days = {r.id: r.recorded for r in data.observations}
    dated = [replace(f, recorded=max((days[i] for i in f.inputs), default=dt.date.min)) for f in found]
    return sorted(dated, key=lambda f: (KINDS.index(f.kind), f.entity, f.indicator, f.period, f.id))


def _current(data: Dataset) -> Dataset:
    """Leave out the rows that their own source has revised: nobody holds to them any more."""

    def thing(row: Observation) -> tuple[object, ...]:
        return row.indicator, row.entity, row.period, row.measure, row.kind, row.basis, row.source

    newest: dict[tuple[object, ...], dt.date] = {}
    for row in data.observations:
        newest[thing(row)] = max(row.recorded, newest.get(thing(row), dt.date.min))
    return replace(data, observations=tuple(r for r in data.observations if r.recorded == newest[thing(r)]))


def counts(findings: list[Finding]) -> dict[str, int]:
    """Count findings by verdict, every verdict named."""
    tally = Counter(f.verdict for f in findings)
    return {v: tally[v] for v in VERDICTS}


def judge(data: Dataset, findings: list[Finding]) -> list[ClaimVerdict]:
    """Give each claim the verdict of the finding that weighs most on what it rests on."""
    sources = {r.id: r.source for r in data.observations}
    targets = {r.id for r in data.observations if r.kind == "target"}
    out = []
    for claim in data.claims:
        # the row that the claim itself states; rows that only bear on it decide nothing
        stated = next((o for o in claim.observations[:1] if sources.get(o) == ARTICLE), "")
        about = [f for f in findings if stated and _judges(f, stated)]
        about.sort(key=lambda f: (_weight(f, stated), f.id))
        if claim.kind in ("figure", "comparison"):
            out.append(ClaimVerdict(claim, about[0].verdict if about else UNKNOWN, about[0] if about else None))
        else:
            aim = next((f for f in about if f.kind == "target"), None)
            verdict = OPEN if stated in targets else STATED if claim.kind == "plan" else claim.kind
            out.append(ClaimVerdict(claim, aim.verdict if aim else verdict, aim))
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
