"""Findings of the audit in words, and the audit for machines."""

from __future__ import annotations

import datetime as dt
import json

from nevbook.analysis.audit.audit import counts, judge
from nevbook.analysis.audit.findings import Finding
from nevbook.analysis.quantities import Quantity
from nevbook.common.i18n import word
from nevbook.data.dataset import Dataset
from nevbook.report.phrases import Phrase, phrase
from nevbook.report.quantity_text import Register


def sentence(finding: Finding, register: Register) -> Phrase:
    """Write the sentence of a finding, its figures listed in a chapter's register."""
    return phrase(register, word(f"audit.{finding.code}"), **finding.gaps)


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
            "sentence": sentence(f, register).text,
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
    from nevbook.report.quantity_text import plain

    q = finding.computed
    if q is None:
        return ""
    if not q.derived:
        return plain(q)
    letters = dict(zip("ab", (plain(one) for one in q.inputs), strict=False))
    return f"{word('formula.' + q.formula).format(**letters)} = {plain(q)}"
