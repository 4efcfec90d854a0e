"""Verdicts and changes in words: what a group of indicators says together, why a figure changed, a claim."""

from __future__ import annotations

import dataclasses
import html
import re

from nevbook.analysis import quantities
from nevbook.analysis.acceleration import Acceleration
from nevbook.analysis.edition_changes import CORRECTED, OTHER, Change
from nevbook.common.formatting import in_sentence
from nevbook.common.i18n import N_, gettext as _
from nevbook.common.periods import Period
from nevbook.data.claims import Claim
from nevbook.report import phrases, quantity_text
from nevbook.report.book import Book
from nevbook.report.phrases import Phrase

_VERDICTS = {"up": N_("speeds up"), "down": N_("slows down"), "none": N_("cannot be told")}
_REASONS = {
    "missing": N_("a year is missing"), "basis": N_("the count changed"), "rounding": N_("rounding hides it"),
}  # fmt: skip
_EACH = {"up": N_("Speeding up: {each}."), "down": N_("Slowing down: {each}.")}
_OPEN = {
    "missing": N_("one of the years is missing ({n})"),
    "basis": N_("the count changed ({n})"),
    "rounding": N_("rounding hides it ({n})"),
}
_TOGETHER = {  # whether some speed up, whether some slow down
    (True, True): N_("The record is mixed: it supports the word for some of them only."),
    (True, False): N_("As far as can be told, this part does speed up."),
    (False, True): N_("As far as can be told, this part does not speed up."),
    (False, False): N_("So nothing on record supports the word, and nothing speaks against it."),
}


def verdict(one: Acceleration) -> str:
    """Return a verdict in words, with the reason where it cannot be told."""
    text = _(_VERDICTS[one.verdict])
    return f"{text}: {_(_REASONS[one.reason])}" if one.reason else text


def scoreboard(book: Book, motions: list[Acceleration]) -> tuple[list[str], list[list[object]]]:
    """Return head and rows of a table of level, speed, acceleration and verdict."""
    head = [_("Indicator"), _("Level"), _("Speed, year before"), _("Speed"), _("Acceleration"), _("Verdict")]
    rows = [[book.title_of(m), m.level, m.before, m.speed, m.acceleration, verdict(m)] for m in motions]
    return head, rows


def weigh(book: Book, motions: list[Acceleration], what: str, when: Period | None = None) -> Phrase:
    """Write the sentences that weigh the verdicts of a group in a year, the edition's if not given."""
    told = {v: [m for m in motions if m.verdict == v] for v in ("up", "down", "none")}
    why = {r: sum(m.reason == r for m in told["none"]) for r in ("missing", "basis", "rounding")}
    known = len(told["up"]) + len(told["down"])
    growing = [m for m in told["down"] if m.speed is not None and m.speed.compare(0.0) == 1]
    said = [
        book.phrase(
            "On {what}, {when}: indicators on record {all}, verdicts that they allow {told}.",
            "On {what}, {when}: indicators on record {all}, and no verdict that they allow.",
            "On {what}, {when}: nothing is on record.",
            what=what, when=when or book.view.now, all=quantities.counted(len(motions)) if motions else None,
            told=quantities.counted(known) if known else None,
        )
    ]  # fmt: skip
    for v in ("up", "down"):
        each = [
            book.phrase("{name} ({now} after {before})", "{name}", name=book.named(m), now=m.speed, before=m.before)
            for m in told[v]
        ]
        said += [book.phrase(_EACH[v], each=book.join(map(_inside, each)))] if each else []
    if growing:
        every = len(growing) == len(told["down"])
        said.append(
            book.phrase(
                "What slows down still grows, in each case." if every else "Of what slows down, {n} still grow.",
                n=quantities.counted(len(growing)),
            )
        )
    if motions:
        open_ = [book.phrase(_OPEN[r], n=quantities.counted(n)) for r, n in why.items() if n]
        said += [book.phrase("Where it cannot be told, {each}.", each=book.join(map(_inside, open_)))] if open_ else []
        said.append(book.phrase(_TOGETHER[bool(told["up"]), bool(told["down"])]))
    return Phrase(
        " ".join(p.text for p in said), " ".join(p.html for p in said), tuple(q for p in said for q in p.used)
    )


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
    marked, put = html.escape(claim.claim, quote=False), {}
    for name in claim.observations:
        if name not in rows:
            continue
        q = quantities.quantity(rows[name])
        digits = quantity_text.parts(q, size_only=True)[1]
        found = re.search(rf"(?<![\d.,]){re.escape(digits)}(?![\d,]|\.\d)", marked)
        if found:
            put[f"\0{len(put)}\0"] = phrases.data_element(
                dataclasses.replace(q, qualifier="="), book.register, unit=False
            )
            marked = marked[: found.start()] + list(put)[-1] + marked[found.end() :]
    marked = re.sub(r"\b(?:\d{1,2} [A-Z][a-z]+ )?(?:19|20)\d\d\b", _year, marked)
    for mark, element in put.items():
        marked = marked.replace(mark, element)
    # an edition that does not see what the claim states only quotes it
    kind = "nev-prose" if claim.observations[:1] and claim.observations[0] in rows else "nev-quoted"
    return Phrase(claim.claim, f'<span class="{kind}">{marked}</span>')


def _inside(written: Phrase) -> Phrase:
    """Write a phrase as it stands inside a sentence."""
    text, marked = in_sentence(written.text), written.html
    return Phrase(text, text[0] + marked[1:] if marked[:1] == written.text[:1] else marked, written.used)


def _year(found: re.Match[str]) -> str:
    return f'<time datetime="{found[0][-4:]}">{found[0]}</time>'
