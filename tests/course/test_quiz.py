"""What lecturers take over: the quiz in Moodle's XML, the answer key, what a machine elsewhere installs."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tests.course.test_course import NAMES, course  # noqa: F401  a fixture

# https://docs.moodle.org/en/Moodle_XML_format: what every question has, and what a kind adds
SHARED = {"name", "questiontext", "defaultgrade", "penalty", "hidden", "idnumber", "answer", "hint"}
KINDS = {"numerical": SHARED, "multichoice": SHARED | {"single", "shuffleanswers", "answernumbering"}}


def wrong(quiz: ET.Element) -> list[str]:
    """What of a quiz Moodle does not document."""
    found = [] if quiz.tag == "quiz" else ["no quiz"]
    for one in quiz:
        kind, name = one.get("type"), one.findtext("name/text", "")
        if kind == "category":
            found += [] if one.findtext("category/text", "").startswith("$course$/") else ["a category without a place"]
            continue
        found += [] if {part.tag for part in one} == KINDS.get(kind, set()) else [f"{name}: parts"]
        fractions = [answer.get("fraction") for answer in one.findall("answer")]
        found += [] if fractions.count("100") == 1 == len({*fractions} - {"0"}) else [f"{name}: {fractions}"]
        for answer in one.findall("answer"):
            found += [] if answer.findtext("text") and answer.find("feedback/text") is not None else [f"{name}: answer"]
            if kind == "numerical":
                found += [] if float(answer.findtext("tolerance", "-1")) >= 0 else [f"{name}: tolerance"]
                found += (
                    [] if re.fullmatch(r"-?\d+(\.\d+)?(e-?\d+)?", answer.findtext("text", "")) else [f"{name}: number"]
                )
        found += [] if kind == "numerical" or len(fractions) > 1 else [f"{name}: nothing to choose"]
        found += (
            [] if one.findtext("questiontext/text") and one.find("questiontext").get("format") else [f"{name}: text"]
        )
    return found


def test_the_quiz_is_what_moodle_documents(course: Path) -> None:  # noqa: F811
    quiz = ET.parse(course / "quiz-moodle.xml").getroot()
    assert wrong(quiz) == [] and len(quiz.findall("question[@type='category']")) == len(NAMES)
    labels = [q.findtext("idnumber") for q in quiz if q.get("type") != "category"]
    checks = json.loads((course / "student" / "checks.json").read_text(encoding="utf-8"))["exercises"]
    assert sorted(labels) == sorted(label for label, key in checks.items() if "chart" not in key)
    feedback = " ".join(f.text or "" for f in quiz.iter("text"))
    assert "Points for percent" in feedback and "nevbook" not in feedback


@pytest.mark.parametrize("poison", ["fraction", "tolerance", "text", "single", "category"])
def test_a_quiz_that_moodle_would_refuse_is_found(course: Path, poison: str) -> None:  # noqa: F811
    quiz = ET.parse(course / "quiz-moodle.xml").getroot()
    if poison == "fraction":
        quiz.find(".//answer").set("fraction", "0")
    elif poison == "tolerance":
        quiz.find(".//tolerance").text = "-2"
    elif poison == "category":
        quiz.find(".//category/text").text = "elsewhere"
    else:
        parent = quiz.find(".//answer" if poison == "text" else ".//question[@type='multichoice']")
        parent.remove(parent.find(poison))
    assert wrong(quiz)


def test_the_key_shows_every_answer_and_mistake(course: Path) -> None:  # noqa: F811
    page = BeautifulSoup((course / "KEY.html").read_text(encoding="utf-8"), "html.parser")
    quiz = ET.parse(course / "quiz-moodle.xml").getroot()
    assert [h.get_text() for h in page.select("h2")] == [
        q.findtext("category/text", "").rpartition("/")[2] for q in quiz.findall("question[@type='category']")
    ]
    rows = [r for t in page.select("h2 ~ table") for r in t.select("tbody tr")]
    assert len(rows) == len(quiz) - len(NAMES) and all(r.select("td")[1].get_text() for r in rows)
    text = " ".join(page.get_text().split())
    for answer in quiz.iter("answer"):
        assert answer.get("fraction") == "100" or " ".join(answer.findtext("feedback/text", "").split()) in text


def test_a_machine_elsewhere_installs_what_the_course_needs(course: Path) -> None:  # noqa: F811
    container = json.loads((course / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8"))
    needs = (course / "requirements.txt").read_text(encoding="utf-8")
    assert container["postCreateCommand"].endswith("install -r requirements.txt") and "jupyterlab" in needs
    assert (course / "binder" / "requirements.txt").read_text(encoding="utf-8") == needs
    assert (course / "binder" / "runtime.txt").read_text(encoding="utf-8").strip() == "python-3.12"
