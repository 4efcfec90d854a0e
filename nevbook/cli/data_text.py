"""What the commands on data print: what a merge means, what a year still lacks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from nevbook.analysis.audit import audit
from nevbook.analysis.audit.findings import CONFLICTS
from nevbook.analysis.missing import MissingValue, missing
from nevbook.analysis.quantities import quantity
from nevbook.common.formatting import date, in_sentence, listing, period as period_words
from nevbook.common.i18n import gettext as _, language, ngettext
from nevbook.data.dataset import Dataset
from nevbook.data.ingest.add import MAIN, SOURCES, Added
from nevbook.data.ingest.merge import Change
from nevbook.report.findings import sentence
from nevbook.report.quantity_text import Register, name_of, plain


def conflicts(done: Added) -> tuple[str, ...]:
    """Sentences of the conflicts that the audit finds now and did not find before; none without new observations."""
    if not done.observations:
        return ()
    year = max(r.span.year for r in done.after.observations if r.outcome)
    old = {f.id for f in audit.audit(done.before, year) if f.verdict == CONFLICTS}
    fresh = [f for f in audit.audit(done.after, year) if f.verdict == CONFLICTS and f.id not in old]
    register = Register(done.after)
    return tuple(sentence(f, register).text for f in fresh)


def told(done: Added, fresh: tuple[str, ...]) -> Iterator[str]:
    """Say what adding a file means, a line each: new values, revisions, conflicts, what the year still lacks."""
    rows = {r.id: r for r in (*done.before.observations, *done.after.observations)}
    for change in done.changes:
        cells = change.cells
        if change.table != MAIN:
            yield from _row(change)
            continue
        new = quantity(rows[cells["id"]])
        said = {"name": name_of(new, done.after), "value": plain(new), "source": cells["source"]}
        if change.earlier:
            old = plain(quantity(rows[change.earlier["id"]]))
            yield _("revised: {name}: {value}, before {old} ({source})", old=old, **said)
        else:
            yield _("new: {name}: {value} ({source})", **said)
    for one in fresh:
        yield _("new conflict: {sentence}", sentence=one)
    yield from _still_missing(done)


def _row(change: Change) -> Iterator[str]:
    """Say what a row of another table brings; what only links a row to its source goes without saying."""
    if change.table != SOURCES and not change.figure:
        return
    shown = ", ".join(c for c in list(change.cells.values())[:6] if c)
    if change.earlier:
        old = ", ".join(v for k, v in change.earlier.items() if k != "id" and v != change.cells[k])
        yield _("revised in {table}: {row}, before {old}", table=change.table, row=shown, old=old)
    else:
        yield _("new in {table}: {row}", table=change.table, row=shown)


def _still_missing(done: Added) -> Iterator[str]:
    """Name what the year of the newest outcome lacks, for each region and firm that the rows are about."""
    outcomes = [r for r in done.observations if r.outcome]
    if not outcomes:
        return
    year = max(r.span.year for r in outcomes)
    about = dict.fromkeys(r.entity for r in outcomes if r.span.year == year)
    awaited = missing(done.after, year)
    for entity in about:
        names = [in_sentence(done.after.indicators[a.last.indicator].name) for a in awaited if a.last.entity == entity]
        if names:
            text = _("still missing for {year}, {who}: {what}; nevbook missing --year {year} says where they come from")
            what = listing(list(dict.fromkeys(names)))
            yield text.format(year=year, who=done.after.entities[entity].name, what=what)


def awaited_line(data: Dataset, one: MissingValue) -> str:
    """Write a missing series as one line, and a further one for what is known of parts of the year."""
    when = _("not known when it appears")
    if one.about is not None:
        told = "; ".join(f"{a.period}: {period_words(a.published.text)}" for a in one.earlier)
        when = ngettext(
            "may appear about {day}, as one earlier year did ({told})", "usually appears about {day} ({told})",
            len(one.earlier), day=date(one.about), told=told,
        )  # fmt: skip
    published = f", {period_words(one.source.published)}" if one.source.published else ""
    line = _(
        "{name}: {value}, from {publisher}{published} ({source}); {when}", name=name_of(one.last, data), when=when,
        value=plain(one.last), publisher=one.source.publisher, source=one.source.id, published=published,
    )  # fmt: skip
    if one.partial:
        parts = "; ".join(f"{period_words(q.period)} {plain(q)}" for q in one.partial)
        line += "\n" + _("    so far: {parts}", parts=parts)
    return line


def question_line(row: dict[str, str]) -> str:
    """Write what was looked for and not found as one line, in the language of the command."""
    question, places = ("question_zh", "looked_in_zh") if language() == "zh_CN" else ("question", "looked_in")
    day, template = (
        date(dt.date.fromisoformat(row["recorded"])),
        _("not found by {day}: {question}. Looked in: {places}"),
    )
    return template.format(day=day, question=row[question], places=row[places])
