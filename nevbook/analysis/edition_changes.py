"""What changed since the edition before, each edition as a view of one dataset, in one basis only."""

from __future__ import annotations

from dataclasses import dataclass

from nevbook.analysis import source_selection
from nevbook.analysis.arithmetic import difference, growth
from nevbook.analysis.audit import audit
from nevbook.analysis.audit.findings import CONFLICTS, Finding
from nevbook.analysis.quantities import Quantity, quantity
from nevbook.analysis.source_selection import yearly_change, yearly_growth
from nevbook.common.config import Edition
from nevbook.data.dataset import Dataset
from nevbook.data.models import Observation

# by whom a revised figure is shown now, or why one is shown no more
SOURCE, CORRECTED, OTHER = "source", "corrected", "other"
_Key = tuple[str, str, str, str, str, str, str]


@dataclass(frozen=True)
class Change:
    """One figure that two editions tell differently."""

    before: Quantity | None  # None of a new figure
    now: Quantity | None  # None of a dropped one
    why: str = ""  # ``source`` (says something else now), ``corrected`` or ``other`` (source)
    reason: str = ""  # of the correction, in the words of the dataset


@dataclass(frozen=True)
class Step:
    """A yearly figure of the edition's year beside the one that the edition before told as its newest."""

    before: Quantity
    now: Quantity  # in the same basis
    change: Quantity | None  # growth in percent; of a percentage, the change in points


@dataclass(frozen=True)
class Changes:
    """What changed since the edition before."""

    edition: Edition  # the one before, with its day
    published: bool  # if not, it is what one of that year would have told on the same day
    steps: tuple[Step, ...]  # series that go on: the year beside the one before
    new: tuple[Change, ...]  # by what they are about, in the order of the dataset
    revised: tuple[Change, ...]
    dropped: tuple[Change, ...]
    conflicts: tuple[Finding, ...]  # what the audit finds in conflict now and did not then
    settled: tuple[Finding, ...]  # and the other way round
    one_day: bool  # whether all that either sees was recorded on one day: nothing can have been revised


def _key(row: Observation) -> _Key:
    # an aim of another source is another aim; outcomes of several sources tell of one thing
    kind, source = ("outcome", "") if row.outcome else (row.kind, row.source)
    return row.indicator, row.entity, row.period, row.measure, row.basis, kind, source


def shown(data: Dataset) -> dict[_Key, Quantity]:
    """Return what a view of the dataset shows of each thing, in each way of counting."""
    rows: dict[_Key, list[Observation]] = {}
    for row in data.observations:
        rows.setdefault(_key(row), []).append(row)
    found = {}
    for key, same in rows.items():
        one = quantity(same[0]) if len(same) == 1 else source_selection.choose(data, same)
        if one is not None:
            found[key] = one
    return found


def compare(edition: Edition, published: bool, before: Dataset, now: Dataset, year: int) -> Changes:
    """Work out what changed from one edition to the next."""
    old, new = shown(before), shown(now)
    clashes = [{f.id: f for f in conflicts(d, y)} for d, y in ((before, edition.year), (now, year))]
    steps, going_on = [], set()
    for key, one in new.items():
        last = old.get((*key[:2], str(year - 1), *key[3:]))
        if one.period == str(year) and key not in old and last and one.measure == "level" and key[5] == "outcome":
            rate, between = (yearly_change, difference) if one.unit == "percent" else (yearly_growth, growth)
            stated, computed = rate(now, one.indicator, one.entity, year, one.basis), between(one, last)
            # a stated rate that the two levels deny belongs to another count
            steps.append(Step(last, one, stated if stated and computed and stated.overlaps(computed) else computed))
            going_on.add(key)
    differing = revisions(now, old, new)
    return Changes(
        edition,
        published,
        tuple(steps),
        tuple(Change(None, q) for k, q in new.items() if k not in old and k not in going_on),
        tuple(one for one in differing if one.now),
        tuple(one for one in differing if not one.now),
        tuple(f for i, f in clashes[1].items() if i not in clashes[0]),
        tuple(f for i, f in clashes[0].items() if i not in clashes[1]),
        len({r.recorded for d in (before, now) for r in (*d.observations, *d.corrections)}) < 2,
    )


def revisions(now: Dataset, old: dict[_Key, Quantity], new: dict[_Key, Quantity]) -> list[Change]:
    """Return what is shown otherwise than before, and then what is shown no more."""
    revised = [_change(now, old[k], q) for k, q in new.items() if k in old and not _same(old[k], q)]
    return revised + [_change(now, q, None) for k, q in old.items() if k not in new]


def conflicts(data: Dataset, year: int) -> list[Finding]:
    """Return what the audit finds in conflict, save what is expected to differ."""
    return [f for f in audit.audit(data, year) if f.verdict == CONFLICTS]


def _same(a: Quantity, b: Quantity) -> bool:
    return (a.value, a.low, a.high, a.qualifier, a.kind) == (b.value, b.low, b.high, b.qualifier, b.kind)


def _change(now: Dataset, before: Quantity, after: Quantity | None) -> Change:
    """Say why a figure is shown otherwise, or no more."""
    rows = [q.observation for q in (before, after) if q is not None and q.observation is not None]
    if correction := next((c for c in now.corrections if c.row in {r.id for r in rows}), None):
        return Change(before, after, CORRECTED, correction.reason)
    same_source = len(rows) == 2 and rows[0].source == rows[1].source
    return Change(before, after, SOURCE if same_source else OTHER)
