"""For the teacher, from the same exercises: the answer key as a page to print, and a quiz in Moodle's XML."""

from __future__ import annotations

import ast
import dataclasses
import math
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markupsafe import Markup

from nevbook.common.i18n import N_, gettext as _
from nevbook.course.lesson import slips
from nevbook.course.notebooks import FENCE, Lesson, said, source

_RUBRIC = N_("""| Points | An open exercise |
|---|---|
| 4 | every point under *Marking* is there, and nothing that can be misread |
| 3 | one point is missing, or one phrase can be misread |
| 2 | half of the points are there; the unit or the counting method is not named |
| 1 | one point is there |
| 0 | no answer, or one that the figures contradict |
""")
_STYLE = "body{font:11pt/1.4 serif;max-width:45em;margin:2em auto}table{border-collapse:collapse;width:100%}\
td,th{border:1px solid #888;padding:.2em .5em;vertical-align:top;text-align:left}\
h2{break-before:page}tr{break-inside:avoid}"


@dataclasses.dataclass(frozen=True)
class Exercise:
    """A checked exercise in Markdown: what is asked, the hint, the answers to which mistakes lead."""

    label: str
    title: str
    text: str
    hint: str
    right: object
    to: float
    words: list[str]
    mistakes: dict[str, object]


def exercises(one: Lesson) -> Iterator[Exercise]:
    """Yield the checked exercises of a lesson whose answer is a number, a word or a pair."""
    cells = {c["id"]: c for c in one.cells}
    given = ", ".join(f"`{name}` = `{value!r}`" for name, value in sorted(one.names.items()))
    for label, key in one.keys.items():
        if key["raw"] is None or (found := FENCE.search(source(cells[label]))) is None:
            continue
        claim = said(cells[f"{label}-claim"]) if f"{label}-claim" in cells else ""
        hint = re.sub(r"</?(details|summary)>(Hint</summary>)?", "", source(cells[f"{label}-hint"])).strip()
        named = "" if claim else _("The exercise uses {names}.", names=given)
        text = "\n\n".join(filter(None, (found["text"], claim, named)))
        wrong = {name: ast.literal_eval(value) for name, value in key["raw"]["slips"].items()}
        right, to = ast.literal_eval(key["raw"]["right"]), key["raw"]["to"]
        yield Exercise(label, found["title"], text, hint, right, to, key["sealed"]["words"], wrong)


def _shown(answer: object, to: float) -> str:
    if isinstance(answer, tuple):
        return ", ".join(_shown(part, to) for part in answer)
    if isinstance(answer, float):
        return f"{answer:.{max(0, -round(math.log10(to)))}f}"
    return str(answer)


def answer_key(lessons: list[Lesson], label: str) -> bytes:
    """Return the answers with the mistakes that the checks know, and what open exercises are marked by."""
    parts = ["# " + _("Answer key: {label}", label=label), _(_RUBRIC)]
    for one in lessons:
        rows = [
            f"| {e.title} | **{_shown(e.right, e.to)}** | "
            + "<br>".join(f"{_shown(wrong, e.to)}: {slips()[name]}" for name, wrong in e.mistakes.items())
            + " |"
            for e in exercises(one)
        ]
        marking = re.search(r"## Marking\n\n(.*?)(\n##|$)", "\n".join(source(c) for c in one.cells), re.DOTALL)
        table = "\n".join([_("| Exercise | Answer | Mistakes and what leads to them |"), "|---|---|---|", *rows])
        parts += [f"## {one.title}", table, marking[1] if marking else ""]
    page = MarkdownIt("commonmark", {"html": True}).enable("table").render("\n\n".join(parts))
    head = Markup('<!doctype html><html lang="en"><meta charset="utf-8"><title>{}</title><style>{}</style>')
    return (head.format(_("Answer key"), Markup(_STYLE)) + Markup(page) + Markup("</html>\n")).encode()


def moodle(lessons: list[Lesson]) -> bytes:
    """Return the exercises as a quiz: numbers with their tolerance, words and pairs with mistakes to choose from."""
    quiz = ET.Element("quiz")
    for one in lessons:
        category = ET.SubElement(quiz, "question", type="category")
        _text(ET.SubElement(category, "category"), f"$course$/top/Made in Chongqing/{one.title}")
        for exercise in exercises(one):
            _question(quiz, exercise)
    ET.indent(quiz)
    return ET.tostring(quiz, encoding="utf-8", xml_declaration=True) + b"\n"


def _question(quiz: ET.Element, e: Exercise) -> None:
    number = isinstance(e.right, int | float)
    made = ET.SubElement(quiz, "question", type="numerical" if number else "multichoice")
    _text(ET.SubElement(made, "name"), f"{e.label} {e.title}")
    _text(ET.SubElement(made, "questiontext", format="markdown"), e.text)
    for name, value in (("defaultgrade", "2"), ("penalty", "0.3333333"), ("hidden", "0"), ("idnumber", e.label)):
        ET.SubElement(made, name).text = value
    if not number:
        for name, value in (("single", "true"), ("shuffleanswers", "true"), ("answernumbering", "abc")):
            ET.SubElement(made, name).text = value
    known = [(wrong, slips()[name]) for name, wrong in e.mistakes.items()]
    told = [e.right, *(wrong for wrong, _said in known)]
    rest = [] if number or isinstance(e.right, tuple) else [(w, "") for w in e.words if w not in told]
    whole = isinstance(e.right, int)
    for answer, feedback in [(e.right, _("Right.")), *known, *rest]:
        fraction = "100" if answer is e.right else "0"
        found = ET.SubElement(
            made, "answer", fraction=fraction, format="moodle_auto_format" if number else "plain_text"
        )
        _text(found, repr(answer) if number else _shown(answer, e.to))
        _text(ET.SubElement(found, "feedback", format="plain_text"), feedback)
        if number:
            ET.SubElement(found, "tolerance").text = "0" if whole else f"{e.to / 2:g}"
    _text(ET.SubElement(made, "hint", format="markdown"), e.hint)


def _text(parent: ET.Element, text: str) -> None:
    ET.SubElement(parent, "text").text = text
