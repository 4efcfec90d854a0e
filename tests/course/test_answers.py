"""What a check says of an answer: a table of answers to the exercises of one edition, read by a person."""

from __future__ import annotations

import contextlib
import io
import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import altair as alt
import numpy as np
import pandas as pd
import pytest

from nevbook.course.answers import seal
from nevbook.course.classroom import Lesson, NotThere
from nevbook.course.lesson import check_words, slips
from nevbook.course.mistakes import SENTENCES

TABLE = Path(__file__).parent / "answers.json"
NAMES = {"np": np, "pd": pd, "alt": alt, "Decimal": Decimal, "Fraction": Fraction}


def value(written: str) -> object:
    """An answer as it is written in Python."""
    return eval(written, NAMES)


def lesson(exercise: str, one: dict) -> Lesson:
    known = {name: (value(written), one["to"]) for name, written in one["slips"].items()}
    key = seal(exercise, value(one["right"]), known, one["to"], one["unit"], one["words"])
    return Lesson({}, {"words": check_words(), "slips": slips(), "exercises": {exercise: key}})


def said(exercise: str, one: dict, written: str) -> str:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        lesson(exercise, one).check(exercise, value(written))
    return " ".join(out.getvalue().split())


def table() -> dict[str, dict]:
    return json.loads(TABLE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("exercise", table())
def test_each_answer_gets_its_sentence(exercise: str) -> None:
    one = table()[exercise]
    for written, sentence in one["answers"].items():
        assert said(exercise, one, written) == sentence, written


def test_the_table_has_two_hundred_answers_every_mistake_and_every_sentence() -> None:
    told = [sentence for one in table().values() for sentence in one["answers"].values()]
    assert len(told) >= 200 and told.count("Right.") >= len(table())
    mistakes = {name for one in table().values() for name in one["slips"]}
    assert {f"Not right. {slips()[name]}" for name in mistakes} <= set(told)
    for name, text in SENTENCES.items():
        if name not in ("chart", "exercise", "indicator", "entity"):  # not said of an answer
            assert any(text.partition("{")[0].strip() in sentence for sentence in told), name


def test_an_allowed_word_that_is_wrong_never_goes_without_a_sentence() -> None:
    for exercise, one in table().items():
        for word in one["words"]:
            assert said(exercise, one, repr(word)) != "Not right.", (exercise, word)


def test_what_is_not_there_is_told_with_what_is_near() -> None:
    values = pd.DataFrame({"indicator": ["nev_sales"], "entity": ["CHN"], "period": ["2024"]})
    names = pd.DataFrame({"id": ["CHN"], "name": ["China"]})
    one = Lesson({"values": values, "entities": names}, {"words": check_words(), "exercises": {"points-1": {}}})
    for ask, near in (
        (lambda: one.check("point-1", 1), '"points-1"'),
        (lambda: one.known("nev_sales", "China"), '"CHN"'),
        (lambda: one.pick("nev_sale", "CHN", 2024), '"nev_sales"'),
    ):
        with pytest.raises(NotThere, match=near) as found:
            ask()
        assert found.value._render_traceback_() == [str(found.value)]


def test_where_a_chart_is_asked_for_something_else_is_told_so(capsys: pytest.CaptureFixture[str]) -> None:
    one = Lesson({}, {"words": check_words(), "slips": slips(), "exercises": {"chart-3": {"chart": {}}}})
    for answer in ("a chart", pd.DataFrame(), 3):
        one.check_chart("chart-3", answer)
        assert capsys.readouterr().out.replace("\n", " ").strip() == f"Not right. {SENTENCES['chart']}"
    one.check_chart("chart-3", ...)
    assert capsys.readouterr().out.startswith("No answer yet")
