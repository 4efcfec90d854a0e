"""Verdicts and changes in words: whether an indicator accelerates, why a figure changed, what a claim says."""

from __future__ import annotations

import dataclasses
import re

from markupsafe import Markup, escape

from nevbook.analysis import quantities
from nevbook.analysis.acceleration import Acceleration
from nevbook.analysis.backtesting import Backtest
from nevbook.analysis.diffusion import BASELINES
from nevbook.analysis.edition_changes import CORRECTED, OTHER, Change
from nevbook.common.i18n import N_, gettext as _
from nevbook.data.claims import Claim
from nevbook.report import phrases, quantity_text
from nevbook.report.book import Book
from nevbook.report.phrases import Phrase

_VERDICTS = {"up": N_("speeds up"), "down": N_("slows down"), "none": N_("not known")}
_REASONS = {
    "missing": N_("a year is missing"), "basis": N_("the count changed"), "rounding": N_("rounding hides it"),
}  # fmt: skip


def verdict(one: Acceleration) -> str:
    """Return a verdict in words, with the reason where it is not known."""
    text = _(_VERDICTS[one.verdict])
    return f"{text}: {_(_REASONS[one.reason])}" if one.reason else text


def why(book: Book, one: Change) -> str:
    """Say why a figure differs from the edition before."""
    if one.why == CORRECTED:
        return _("corrected: {reason}", reason=one.reason)
    new = one.now.observation if one.now else None
    if one.why == OTHER and new is not None:
        return _("another source is shown: {publisher}", publisher=book.view.data.sources[new.source].publisher)
    return _("no row of it is left" if new is None else "its source says so now")


def claim(book: Book, claim: Claim) -> Phrase:
    """Write a claim; each of its figures that the edition sees leads to its source."""
    rows = {r.id: r for r in book.view.data.observations if r.id in claim.observations}
    marked, put = str(escape(claim.claim)), {}
    for name in claim.observations:
        if name not in rows:
            continue
        q = quantities.quantity(rows[name])
        digits = quantity_text.parts(q, size_only=True)[1]
        found = re.search(rf"(?<![\d.,#]){re.escape(digits)}(?![\d,]|\.\d)", marked)
        if found:
            put[f"\0{len(put)}\0"] = phrases.data_element(
                dataclasses.replace(q, qualifier="="), book.register, unit=False
            )
            marked = marked[: found.start()] + list(put)[-1] + marked[found.end() :]
    stamped = r'<time datetime="\1">\g<0></time>'
    marked = re.sub(r"\b(?:\d{1,2} [A-Z][a-z]+ )?((?:19|20)\d\d)\b", stamped, marked)
    for mark, element in put.items():
        marked = marked.replace(mark, element)
    # an edition that does not see what the claim states only quotes it
    kind = "nev-prose" if claim.observations[:1] and claim.observations[0] in rows else "nev-quoted"
    shown = Markup('<span id="claim-{}" class="{}">{}</span>').format(claim.id, kind, Markup(marked))
    return Phrase(claim.claim, shown)


def forecast_methods(book: Book, test: Backtest) -> None:
    """Show what each method of forecasting would have missed by, the best first."""
    heads = [N_("Mean miss, one year ahead"), N_("Two years ahead"), N_("Both"), N_("Largest miss"), N_("Checked")]
    body = [
        [
            f"{book.method(m)}{_(', chosen') if m == test.choice() else ''}",
            _("baseline") if m in BASELINES else _("curve"),
            *[book.phrase("{q:bare}", "", q=test.mean(m, h)) for h in (1, 2, None)],
            book.phrase("{q:bare}", q=test.worst(m)),
            quantities.counted(len(test.of(m))),
        ]
        for m in test.ranking()
    ]
    caption = N_("What each method would have missed by, in percentage points")
    book.grid([N_("Method"), N_("Kind"), *heads], body, caption)
