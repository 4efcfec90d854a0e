"""Findings of the audit in words, and the audit for machines."""

from __future__ import annotations

import datetime as dt
import json

from nevbook.analysis.audit.audit import counts, judge
from nevbook.analysis.audit.findings import Attributed, Finding
from nevbook.analysis.quantities import Quantity
from nevbook.common.formatting import in_sentence
from nevbook.common.i18n import N_
from nevbook.common.periods import parse
from nevbook.data.dataset import Dataset
from nevbook.report import formulas
from nevbook.report.phrases import Phrase, phrase
from nevbook.report.quantity_text import Register, measure_suffix, plain

SENTENCES = {
    "sources.agree": N_("{what}{measure} of {who}, {when}: the {n} sources agree on {stated}."),
    "sources.differ": N_("{what}{measure}, {who}, {when}{count}: {stated} shown; {others}."),
    "growth.fits": N_("{what} of {who}, {when}: growth is stated as {stated}; {a} after {b} gives {computed}."),
    "growth.differs": N_("{what} of {who}, {when}: growth is stated as {stated}, but {a} after {b} gives {computed}."),
    "growth.crosses": N_(
        "{what} of {who}, {when}: growth is stated as {stated}; it fits from {b} ({other}) to {a} ({one}),"
        " which gives {computed}. Either both counting methods give the same, or the growth crosses them."
    ),
    "growth.coarse": N_(
        "{what} of {who}, {when}: growth is stated as {stated}; {a} after {b} leaves too much room to check it."
    ),
    "growth.before": N_(
        "{what} of {who}, {when}: growth is stated as {stated}; {level} then implies {implied} for the year before,"
        " which no source states by this counting method."
    ),
    "growth.alone": N_("{what} of {who}, {when}: growth is stated as {stated}; the level is not known."),
    "change.fits": N_("{what} of {who}, {when}: the change is stated as {stated}; {a} after {b} gives {computed}."),
    "change.differs": N_(
        "{what} of {who}, {when}: the change is stated as {stated}, but {a} after {b} gives {computed}."
    ),
    "change.crosses": N_(
        "{what} of {who}, {when}: a change of {stated} is stated; it fits from {b} ({other}) to {a} ({one}),"
        " which gives {computed}. Either both counting methods give the same, or the change crosses them."
    ),
    "change.coarse": N_(
        "{what} of {who}, {when}: the change is stated as {stated}; {a} after {b} leaves too much room to check it."
    ),
    "change.before": N_(
        "{what} of {who}, {when}: the change is stated as {stated}; {level} then implies {implied} for the year before,"
        " which no source states by this counting method."
    ),
    "change.alone": N_("{what} of {who}, {when}: the change is stated as {stated}; what surrounds it is not known."),
    "share.fits": N_("{what} of {who}, {when}: stated as {stated}; {a} divided by {b} gives {computed}."),
    "share.differs": N_("{what} of {who}, {when}: stated as {stated}, but {a} divided by {b} gives {computed}."),
    "share.mixed": N_(
        "{what} of {who}, {when}: stated as {stated}; it fits {a} divided by {b}, which are counted in two different"
        " ways."
    ),
    "share.alone": N_(
        "{what} of {who}, {when}: stated as {stated}; its part ({part}) and its whole ({whole}) are not both known."
    ),
    "collision": N_(
        "{stated} is given for two different things of {who} in {when}: {source} gives it as {judged}, the other"
        " sources ({n}) as {held}."
    ),
    "reading.open": N_(
        "{what} of {who}, {when}: a change of {stated} is stated. Read as points, the year before was {points}; read as"
        " a relative change, {relative}."
    ),
    "reading.points": N_(
        "{what} of {who}, {when}: a change of {stated} is stated. Read as points, the year before was {points}; read as"
        " a relative change, {relative}, and the change {step}. The part of {brand} in output changed by {rise}, which"
        " is far nearer to the first."
    ),
    "reading.relative": N_(
        "{what} of {who}, {when}: a change of {stated} is stated. Read as points, the year before was {points}; read as"
        " a relative change, {relative}, and the change {step}. The part of {brand} in output changed by {rise}, which"
        " is nearer to the second."
    ),
    "reading.known": N_(
        "{what} of {who}, {when}: a change of {stated} is stated. Read as points, the year before was {points}, read as"
        " a relative change {relative}; it is stated as {before}."
    ),
    "gap.implied": N_(
        "{what} of {who}, {when}: {level} less {stated} implies {implied} for {nation}, which no source states."
    ),
    "gap.known": N_("{what} of {who}, {when}: {level} less {stated} implies {implied}; {nation} has {known}."),
    "gap.alone": N_("{what} of {who}, {when}: stated as {stated}; what it is a gap between is not known."),
    "counting.same": N_("{what}{measure} of {who}, {when}: {a} ({one}) and {b} ({other}) agree."),
    "counting.apart": N_("{what}{measure} of {who}, {when}: {a} ({one}), but {b} ({other})."),
    "wholes": N_(
        "{what} of {who}, {when}: {stated}, beside {beside} for {beside_what}: one threshold, two wholes, so neither"
        " checks the other."
    ),
    "plausibility.bounds": N_("{what} of {who}, {when}: stated as {stated}, which cannot be."),
    "plausibility.size": N_("{what} of {who}, {when}: stated as {stated}, far from its nearest neighbour: {others}."),
    "plausibility.parts": N_("{what} of {who}, {when}: stated as {stated}; {others}: parts and whole do not fit."),
    "target.met": N_("{what} of {who}, {when}: the target of {target} was met with {outcome}, {reached} of it."),
    "target.missed": N_(
        "{what} of {who}, {when}: the target of {target} was missed with {outcome}, {reached} of it ({gap})."
    ),
    "target.unknown": N_(
        "{what} of {who}, {when}: what came of the target of {target} is not known by this counting method."
    ),
}
KINDS = {
    "sources": N_("Several sources of one figure"),
    "growth": N_("A growth and the levels around it"),
    "change": N_("A change in points and the percentages around it"),
    "share": N_("A share, its part and its whole"),
    "collision": N_("One value for two things"),
    "reading": N_("A rise that can be read in two ways"),
    "gap": N_("A gap to the nation"),
    "counting": N_("Two counting methods for one thing"),
    "wholes": N_("Shares of different wholes"),
    "plausibility": N_("A figure that cannot be right"),
    "target": N_("A target and its outcome"),
}
VERDICTS = {
    "reconciles": N_("reconciles"),
    "conflicts": N_("conflicts"),
    "ambiguous": N_("ambiguous"),
    "cannot be checked": N_("cannot be checked"),
    "opinion": N_("opinion, not a statement of fact"),
    "crosses counts": N_("fits only across counting methods"),
    "differs as expected": N_("differs as expected"),
    "missed": N_("missed"),
    "met": N_("met"),
    "repeated": N_("repeated by several"),
    "stated": N_("stated as a plan"),
    "open": N_("open"),
    "plan": N_("plan, not an outcome"),
    "event": N_("event; no outcome on record"),
}


def sentence(finding: Finding, register: Register) -> Phrase:
    """Write the sentence of a finding, its figures listed in a chapter's register."""
    data = register.data
    values = {
        "what": data.indicators[finding.indicator].name,
        "who": data.entities[finding.entity].name,
        "when": parse(finding.period),
        **{key: _named(key, code, finding, data) for key, code in finding.gaps.items()},
    }
    return phrase(register, SENTENCES[finding.code], **values)


def _named(key: str, code: object, finding: Finding, data: Dataset) -> object:
    """Return what an id of a finding stands for; what is no id stays."""
    if isinstance(code, Attributed):
        return [(q, data.sources[source].publisher) for q, source in code.items]
    if not isinstance(code, str):
        return code
    match key:
        case "measure":
            return measure_suffix(code)
        case "count":
            return "" if code == "as_published" else f" ({in_sentence(data.basis(finding.indicator, code).name)})"
        case "one" | "other":
            return data.basis(finding.indicator, code).name
        case "source":
            return data.sources[code].publisher
        case "brand" | "nation":
            return data.entities[code].name
    return in_sentence(data.indicators[code].name)


def as_json(data: Dataset, findings: list[Finding], year: int, as_of: dt.date) -> str:
    """Write the audit of an edition for machines: JSON with sorted keys, without numbers that have no end."""
    register = Register(data)
    plainly = ("id", "kind", "verdict", "indicator", "entity", "period", "inputs")
    listed = [
        {name: getattr(f, name) for name in plainly}
        | {
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
    about = {"as_of": as_of.isoformat(), "year": year, "counts": counts(findings)}
    whole = about | {"findings": listed, "claims": claims}
    return json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _number(q: Quantity | None) -> dict[str, object] | None:
    if q is None:
        return None
    ends = {k: round(v, 9) for k, v in (("low", q.low), ("high", q.high)) if abs(v) != float("inf")}
    return {"value": round(q.value, 9), "unit": q.unit, "qualifier": q.qualifier, **ends}


def arithmetic(finding: Finding) -> str:
    """Write what was computed, from which figures, as text."""
    q = finding.computed
    if q is None:
        return ""
    return f"{formulas.arithmetic(q, list(map(plain, q.inputs)))} = {plain(q)}" if q.derived else plain(q)
