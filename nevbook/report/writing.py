"""What a chapter writes: sentences, lists, cards and tables that follow the numbers."""

from __future__ import annotations

import dataclasses
import html
import re

from IPython.display import HTML, display

from nevbook.analysis.acceleration import Acceleration
from nevbook.analysis.audit.findings import ClaimVerdict, Finding
from nevbook.analysis.edition_changes import CORRECTED, OTHER, Change
from nevbook.analysis.quantities import Quantity
from nevbook.analysis.targets import TargetOutcome
from nevbook.common import i18n
from nevbook.common.formatting import in_sentence
from nevbook.common.html import table
from nevbook.common.periods import Period
from nevbook.data.claims import Claim
from nevbook.data.models import Observation
from nevbook.report import findings, key_figures, phrases, quantity_text, source_cards
from nevbook.report.edition_view import EditionView
from nevbook.report.phrases import Phrase


class Writing(EditionView):
    """An edition with words for what it knows."""

    def phrase(self, *templates: str, **gaps: object) -> Phrase:
        """Write the first template whose gaps can be filled; see `phrases.phrase`."""
        return phrases.phrase(self.register, *templates, **gaps)

    def say(self, *templates: str, **gaps: object) -> None:
        """Show a paragraph; see `phrase`."""
        self.show(self.phrase(*templates, **gaps))

    def show(self, *parts: Phrase) -> None:
        """Show phrases as one paragraph."""
        text = " ".join(p.html for p in parts)
        display(HTML(f'<p class="nev-prose">{text}</p>'))

    def points(self, *parts: Phrase | tuple[str, Phrase]) -> None:
        """Show phrases as a list, each behind the word that says what it is about, if it has one."""
        named = [p if isinstance(p, tuple) else ("", p) for p in parts]
        labels = [label and f"<strong>{html.escape(i18n.gettext(label))}.</strong> " for label, _ in named]
        items = "".join(f"<li>{label}{one.html}</li>" for label, (_, one) in zip(labels, named, strict=True))
        display(HTML(f'<ul class="nev-prose">{items}</ul>'))

    def cards(self, *parts: tuple[str, Quantity | None, Phrase, list[Quantity]]) -> None:
        """Show key figures as small cards: a label, the figure, what it means, the years that a line shows."""
        inner = (key_figures.card(label, q, meaning, self.register, series) for label, q, meaning, series in parts)
        display(HTML(f'<div class="nev-cards">{"".join(inner)}</div>'))

    def grid(self, head: list[str], body: list[list[object]], caption: str) -> None:
        """Show a table; a cell is a phrase, a quantity, a period or a word, None is not known."""
        head, caption = [i18n.gettext(h) for h in head], i18n.gettext(caption)
        if not body:
            why = i18n.word("table.missing", what=caption)
            display(HTML(f'<p class="nev-prose nev-gap">{html.escape(why)}</p>'))
            return
        display(HTML(table(head, [[self._cell(c) for c in row] for row in body], caption)))

    def _cell(self, cell: object) -> str:
        if cell is None:
            return f'<span class="nev-gap">{html.escape(i18n.word("missing.figure"))}</span>'
        if isinstance(cell, Phrase):
            return cell.html
        return self.phrase("{cell}", cell=cell).html

    def sources(self) -> None:
        """Show where every figure of the chapter comes from; the last call of a chapter."""
        display(HTML(source_cards.sources_section(self.register)))

    def more(self, rate: Quantity | None) -> str | None:
        """Return more, fewer, or a word for neither, after a growth rate."""
        if rate is None:
            return None
        return i18n.word({1: "more.up", -1: "more.down", 0: "more.flat"}[rate.compare(0.0)])

    def above(self, rate: Quantity | None) -> str | None:
        """Return more, less, or a word for neither, of an amount after a growth rate."""
        if rate is None:
            return None
        return i18n.word({1: "more.above", -1: "more.below", 0: "more.level"}[rate.compare(0.0)])

    trend = staticmethod(phrases.trend)
    join = staticmethod(phrases.join)

    def text(self, q: Quantity) -> str:
        """Return a value as plain text, for a label in a chart."""
        return quantity_text.plain(q, digits=3)

    def counted_by(self, q: Quantity | None) -> str | None:
        """Return the name of the way in which a value is counted, for a sentence."""
        if q is None or (q.basis, q.indicator) not in self.data.bases:
            return None
        return in_sentence(self.data.bases[q.basis, q.indicator].name)

    def basis_name(self, row: Observation) -> str:
        """Return the name of the way in which a row is counted."""
        return self.data.basis(row.indicator, row.basis).name

    def state(self, aim: TargetOutcome) -> str:
        """Return the state of a target in words."""
        return i18n.word(f"target.{aim.state}")

    def quoted(self, text: str) -> Phrase:
        """Return text from the data as it stands."""
        return Phrase(text, f'<span class="nev-quoted">{html.escape(text, quote=False)}</span>')

    def claim(self, claim: Claim) -> Phrase:
        """Write a claim; each of its figures that the edition sees leads to its source."""
        rows = {r.id: r for r in self.data.observations if r.id in claim.observations}
        marked, put = html.escape(claim.claim, quote=False), {}
        for name in claim.observations:
            if name not in rows:
                continue
            q = self.quantity(rows[name])
            digits = quantity_text.parts(q, size_only=True)[1]
            found = re.search(rf"(?<![\d.,]){re.escape(digits)}(?![\d,]|\.\d)", marked)
            if found:
                put[f"\0{len(put)}\0"] = phrases.data_element(
                    dataclasses.replace(q, qualifier="="), self.register, unit=False
                )
                marked = marked[: found.start()] + list(put)[-1] + marked[found.end() :]
        marked = re.sub(r"\b(?:\d{1,2} [A-Z][a-z]+ )?(?:19|20)\d\d\b", _year, marked)
        for mark, element in put.items():
            marked = marked.replace(mark, element)
        # an edition that does not see what the claim states only quotes it
        kind = "nev-prose" if claim.observations[:1] and claim.observations[0] in rows else "nev-quoted"
        return Phrase(claim.claim, f'<span class="{kind}">{marked}</span>')

    def chapter_link(self, chapter: str) -> Phrase:
        """Return a link to a chapter of this edition."""
        return Phrase(chapter, f'<a href="{html.escape(chapter)}.html">{html.escape(chapter)}</a>')

    def finding(self, one: Finding) -> Phrase:
        """Write what the audit found of one thing, marked where the edition before could not know it."""
        written = findings.sentence(one, self.register)
        if not self.is_new(one):
            return written
        mark = i18n.word("audit.new")
        return Phrase(f"{mark}: {written.text}", f"<strong>{html.escape(mark)}</strong>: {written.html}", written.used)

    def why(self, one: Change) -> str:
        """Say why a figure differs from the edition before."""
        if one.why == CORRECTED:
            return i18n.word("changes.corrected", reason=one.reason)
        new = one.now.observation if one.now else None
        if one.why == OTHER and new is not None:
            return i18n.word("changes.other", publisher=self.data.sources[new.source].publisher)
        return i18n.word("changes.gone" if new is None else "changes.source")

    def audit_kind(self, kind: str) -> str:
        """Return the name of a kind of finding."""
        return i18n.word(f"audit.kind.{kind}")

    def audit_verdict(self, one: Finding | ClaimVerdict) -> str:
        """Return a verdict of the audit in words."""
        return i18n.word(f"audit.verdict.{one.verdict}")

    def verdict(self, one: Acceleration) -> str:
        """Return a verdict in words, with the reason where it cannot be told."""
        text = i18n.word(f"verdict.{one.verdict}")
        return f"{text}: {i18n.word(f'reason.{one.reason}')}" if one.reason else text

    def title_of(self, one: Acceleration | TargetOutcome | Quantity) -> str:
        """Name what a motion, a target or a value is about: the indicator, and whose it is if not the region's."""
        what = one.target if isinstance(one, TargetOutcome) else one
        name = self.data.indicators[what.indicator].name
        return name if what.entity == self.region else f"{name}, {self.called(what.entity)}"

    def scoreboard(self, motions: list[Acceleration]) -> tuple[list[str], list[list[object]]]:
        """Return head and rows of a table of level, speed, acceleration and verdict."""
        head = [i18n.word(f"score.{c}") for c in ("indicator", "level", "before", "speed", "acceleration", "verdict")]
        rows = [[self.title_of(m), m.level, m.before, m.speed, m.acceleration, self.verdict(m)] for m in motions]
        return head, rows

    def weigh(self, motions: list[Acceleration], what: str, when: Period | None = None) -> Phrase:
        """Write the sentences that weigh the verdicts of a group in a year, the edition's if not given."""
        told = {v: [m for m in motions if m.verdict == v] for v in ("up", "down", "none")}
        why = {r: sum(m.reason == r for m in told["none"]) for r in ("missing", "basis", "rounding")}
        known = len(told["up"]) + len(told["down"])
        growing = [m for m in told["down"] if m.speed is not None and m.speed.compare(0.0) == 1]
        said = [
            self.phrase(
                *(i18n.word(f"weigh.{k}") for k in ("count", "nothing", "empty")),
                what=what, when=when or self.now, all=self.counted(len(motions)) if motions else None,
                told=self.counted(known) if known else None,
            )
        ]  # fmt: skip
        for v in ("up", "down"):
            each = [
                self.phrase(
                    i18n.word("weigh.one"), i18n.word("weigh.bare"), name=self.named(m), now=m.speed, before=m.before
                )
                for m in told[v]
            ]
            said += [self.phrase(i18n.word(f"weigh.{v}"), each=self.join(map(_inside, each)))] if each else []
        if growing:
            key = "weigh.all_grow" if len(growing) == len(told["down"]) else "weigh.some_grow"
            said.append(self.phrase(i18n.word(key), n=self.counted(len(growing))))
        if motions:
            open_ = [self.phrase(i18n.word(f"weigh.why.{r}"), n=self.counted(n)) for r, n in why.items() if n]
            said += [self.phrase(i18n.word("weigh.open"), each=self.join(map(_inside, open_)))] if open_ else []
            key = {(True, True): "mixed", (True, False): "faster", (False, True): "slower", (False, False): "silent"}
            said.append(self.phrase(i18n.word("weigh.verdict." + key[bool(told["up"]), bool(told["down"])])))
        return Phrase(
            " ".join(p.text for p in said), " ".join(p.html for p in said), tuple(q for p in said for q in p.used)
        )

    def named(self, one: Acceleration | TargetOutcome) -> str:
        """Name what a motion or a target is about, inside a sentence."""
        return in_sentence(self.title_of(one))

    def method(self, name: str | None) -> str | None:
        """Return the name of a way of forecasting."""
        return name and i18n.word(f"method.{name}")

    def assumption(self, name: str) -> str:
        """Return the name of an assumption of the scenarios."""
        return i18n.word(f"assumption.{name}")

    def when_due(self, indicator: str, entity: str | None = None) -> Phrase:
        """Write when the next figure of a series is to be looked for."""
        when, late = self.due(indicator, entity)
        return self.phrase(i18n.word("due.overdue") if late else "{when}", i18n.word("due.unknown"), when=when)


def _inside(written: Phrase) -> Phrase:
    """Write a phrase as it stands inside a sentence."""
    text, marked = in_sentence(written.text), written.html
    return Phrase(text, text[0] + marked[1:] if marked[:1] == written.text[:1] else marked, written.used)


def _year(found: re.Match[str]) -> str:
    return f'<time datetime="{found[0][-4:]}">{found[0]}</time>'
