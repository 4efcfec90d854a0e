"""The words of the book: what is to be avoided is found, what is said well is left alone."""

from __future__ import annotations

import pytest

from tests import prose

PLACE = ("chapters/output.ipynb", "title")
LONG = "One " + "word " * prose.LONGEST + "too many."


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("How dear is it?", "dear ==> expensive"),
        ("The ruler changed.", "ruler ==> counting method"),
        ("Teh output rose.", "Teh ==> The"),
        ("It cannot be told.", "say what is missing"),
        ("This tells of output.", "say what it says"),
        ("It is counted in another way of counting.", "counting method"),
        ("We hold each figure against another.", "compare"),
        ("The row stands there.", "is"),
        ("It brought {each} a vehicle.", "per vehicle"),
        ("Due in {year}. Met: {met}.", "a sentence with a verb"),
        (LONG, f"{prose.LONGEST + 3} words in a sentence"),
    ],
)
def test_what_should_read_otherwise_is_found(line: str, found: str) -> None:
    lines = [(PLACE, "A line before."), (PLACE, line)]
    said = [*prose.misspelt(lines), *prose.clumsy(lines)]
    assert [s for s in said if s.startswith("chapters/output.ipynb, cell title: ") and found in s], said


def test_what_is_said_again_and_again_is_found() -> None:
    lines = [((f"chapters/{n}.ipynb", ""), "Nobody knows how many cars were sold.") for n in "abc"]
    assert any("said 3 times: nobody knows how many cars were" in s for s in prose.clumsy(lines))
    assert not list(prose.clumsy(lines[:2]))


@pytest.mark.parametrize(
    "line", ["A value stands for all that round to it.", "It brought {each} per vehicle.", "{a}: {b}"]
)
def test_what_is_said_well_is_left_alone(line: str) -> None:
    assert not [*prose.misspelt([(PLACE, line)]), *prose.clumsy([(PLACE, line)])]


def test_markdown_and_the_templates_of_sentences_are_read() -> None:
    lines = list(prose.paragraphs())
    assert {p for p, _ in lines} >= {("chapters/output.ipynb", ""), PLACE, ("nevbook/report/findings.py", "")}
    assert len(lines) > 1500 and not any("\n" in line or "```" in line for _, line in lines)
