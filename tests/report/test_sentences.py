"""Sentences follow their numbers: every call of a chapter, a lesson and the audit is walked with other values.

A chapter is run once; each sentence that it writes is then written again with every quantity turned positive,
negative, zero, into a bound, counted another way, or missing. Words that `Book.more`, `above`, `trend` and
`counted_by` choose are chosen again; all other words stand as they were typed, so one that does not fit is found.
"""

from __future__ import annotations

import dataclasses
import json
import math
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, NavigableString

from nevbook.analysis.quantities import Quantity
from nevbook.build import plan
from nevbook.common.errors import NevbookError
from nevbook.report import findings, phrases
from nevbook.report.book import Book
from nevbook.report.edition_view import EditionView
from nevbook.report.quantity_text import Register
from tests.conftest import ROOT

UP = r"more|up|higher|above|ahead|rose|rises|grew|grows|gained|increased|added|rise of|increase of"
DOWN = r"less|fewer|down|lower|below|behind|fell|falls|shrank|lost|decreased|fall of|decrease of|drop of"
UNIT = r"(?: percent(?:age points?)?| yuan| US dollars?| times| million| billion| trillion| vehicles)*"
DOUBLED = r"(?i)\b(?:about|more than|less than|at least|at most|over|nearly|exactly) (?:about|more than|less than)\b"
SIGNED = ("growth", "difference", "rest", "total_change")  # formulas whose value may be below zero
BASES = r"\b(?:customs|CAAM|registration|place of production|consolidated|all-scope)\b"


class Following(str):
    """A word that follows a quantity: of which, and how."""

    def __new__(cls, word: str, of: Quantity, how: Callable[[Quantity], str | None]) -> Following:
        made = super().__new__(cls, word)
        made.of, made.how = of, how  # type: ignore[attr-defined]
        return made


def signed(q: Quantity) -> bool:
    """Whether a quantity may be below zero."""
    return q.measure in ("yoy_growth", "yoy_change") and not q.derived or q.formula in SIGNED


def variants(q: Quantity) -> Iterator[tuple[str, Quantity | None]]:
    """Yield the values that a quantity may take in another year, by name."""
    size = abs(q.value) or 1.0
    half = min((q.high - q.low) / 2, size / 4) if math.isfinite(q.high - q.low) else size / 4
    yield "positive", dataclasses.replace(q, value=size, low=size - half, high=size + half, qualifier="=")
    if signed(q):
        yield "negative", dataclasses.replace(q, value=-size, low=-size - half, high=half - size, qualifier="=")
        yield "zero", dataclasses.replace(q, value=0.0, low=-half - 0.05, high=half + 0.05, qualifier="=")
    if q.low != q.high:  # an exact one is no bound
        yield "bound", dataclasses.replace(q, value=size, low=size, high=math.inf, qualifier=">")
    if q.basis:
        yield "basis", dataclasses.replace(q, basis="local" if q.basis != "local" else "place")
    yield "missing", None


def walk(register: Register, templates: tuple[str, ...], gaps: dict[str, object]) -> Iterator[str]:
    """Yield what is wrong with a sentence once one of its values is another."""
    used = {name for t in templates for name in re.findall(r"\{(\w+)", t)}
    walked = {n: q for n, q in gaps.items() if isinstance(q, Quantity) and n in used}
    for name, q in walked.items():
        if q.formula in ("count", "threshold"):
            continue
        for what, other in variants(q):
            if other is None and f"{{{name}" in templates[-1]:
                continue  # the last wording is only reached where this is known
            changed = {k: _changed(v, q, other) for k, v in gaps.items()}
            try:
                written = phrases.phrase(Register(register.data), *templates, **changed)
            except NevbookError as error:
                yield f"{name} {what}: {error}"
                continue
            yield from (f"{name} {what}: {fault}: {written.text}" for fault in faults(written.html))
            if what == "basis" and re.search(BASES, " ".join(templates)):
                yield f"{name} {what}: the way of counting is typed: {written.text}"


def _changed(value: object, q: Quantity, other: Quantity | None) -> object:
    if value is q:
        return other
    if isinstance(value, Following) and value.of == q:  # type: ignore[attr-defined]
        return value.how(other)  # type: ignore[attr-defined]
    return value


def faults(html: str) -> Iterator[str]:
    """Yield what in a written sentence does not fit the numbers in it."""
    page = BeautifulSoup(html, "html.parser")
    text = page.get_text()
    if found := re.search(DOUBLED, text):
        yield f"doubled {found[0]!r}"
    if re.search(r"\bNone\b|  |\bas than\b", text):
        yield "broken"
    for number in page.select("data"):
        value, shown = float(number["value"]), number.get_text()
        if number.get("data-measure") not in ("yoy_growth", "yoy_change", *SIGNED):
            continue
        link = number.parent
        before = "".join(
            s if isinstance(s, NavigableString) else s.get_text() for s in reversed([*link.previous_siblings])
        )
        after = "".join(s if isinstance(s, NavigableString) else s.get_text() for s in link.next_siblings)
        near = " ".join(
            x[0] for x in (
                re.search(rf"\b(?:{UP}|{DOWN})(?: by| about| more than| less than)*\s*$", before),
                re.match(rf"{UNIT} (?:{UP}|{DOWN})\b", after),
            ) if x
        )  # fmt: skip
        rises, falls = re.search(rf"\b(?:{UP})\b", near), re.search(rf"\b(?:{DOWN})\b", near)
        if rises and falls:
            continue  # "more or less": a word for neither
        if shown.startswith("\N{MINUS SIGN}") and near:
            yield f"a sign beside {near.strip()!r}"
        elif value < 0 and rises or value > 0 and falls:
            yield f"{value:g} beside {near.strip()!r}"
        elif value < 0 and not near and not shown.startswith("\N{MINUS SIGN}"):
            yield f"{value:g} without a sign or a word for it"


def run(path: Path, year: int, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Run a chapter; return what is wrong with its sentences."""
    found: list[str] = []
    seen: set[tuple[str, ...]] = set()
    real = phrases.phrase

    def phrase(register: Register, *templates: str, **gaps: object) -> phrases.Phrase:
        if templates not in seen:
            seen.add(templates)
            monkeypatch.setattr(phrases, "phrase", real)
            found.extend(walk(register, templates, gaps))
            monkeypatch.setattr(phrases, "phrase", phrase)
        return real(register, *templates, **gaps)

    def following(name: str) -> None:
        choose = getattr(Book, name)
        bound = name == "trend"

        def chosen(self: Book, q: Quantity | None) -> str | None:
            again = choose if bound else lambda other: choose(self, other)
            word = again(q)
            return Following(word, q, again) if word and q else word

        monkeypatch.setattr(Book, name, chosen)

    for name in ("more", "above", "trend", "counted_by"):
        following(name)
    monkeypatch.setattr(phrases, "phrase", phrase)
    monkeypatch.setattr(findings, "phrase", phrase)
    monkeypatch.setattr(Book, "figure", lambda *_, **__: None)
    monkeypatch.chdir(ROOT)
    names: dict[str, object] = {}
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), f"{path.stem}, {cell['id']}", "exec"), names)
            if "parameters" in cell["metadata"].get("tags", []):
                names["year"] = year
    assert seen or path.stem in ("about", "glossary")
    return found


@pytest.mark.parametrize(
    "path",
    [pytest.param(p, marks=pytest.mark.slow) if p.stem.startswith("learn-") else p for p in plan.chapters(ROOT)],
    ids=lambda p: p.stem,
)
def test_sentences_follow_their_numbers(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(path, 2025, monkeypatch) == []


@pytest.mark.parametrize(
    ("templates", "fault"),
    [
        (("Output rose by {rate:size}.", ""), "negative: -9.7 beside 'rose by'"),
        (("It was {rate} more than before.", ""), "negative: a sign beside 'percent more'"),
        (("The rate was {rate:size}.", ""), "negative: -9.7 without a sign"),
        (("Output was {rate:size} {more} than before.", "None."), "missing: broken"),
        (("At least {level}.", ""), "bound: doubled 'At least more than'"),
        (("By registration it was {level}.", ""), "basis: the way of counting is typed"),
        (("{level}.", "Nothing but {word}."), "missing: no wording"),
        (("It was {rate:size} {more} than in {level:period}.", "Not published."), ""),
        (("It was {level}, counted {way}.", "Not published."), ""),
    ],
)
def test_a_sentence_that_does_not_follow_is_found(templates: tuple[str, ...], fault: str) -> None:
    view = EditionView.open(2025)
    book = Book(view)
    rate, level = view.growth("vehicle_production"), view.level("vehicle_production")
    assert rate is not None and level is not None
    words = {"more": (rate, book.more), "way": (level, book.counted_by)}
    values: dict[str, object] = {n: Following(str(how(q)), q, how) for n, (q, how) in words.items()}
    found = list(walk(book.register, templates, values | {"rate": rate, "level": level, "word": None}))
    assert [f for f in found if fault in f] if fault else found == []
