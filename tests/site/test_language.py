"""A book in a made-up language: every message is marked, and a sentence without a mark was seen by no translator."""

from __future__ import annotations

import json
import os
import re
import string
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from bs4 import BeautifulSoup, Comment, Doctype

from nevbook.build import messages, plan
from nevbook.common import config
from nevbook.common.i18n import CHAPTERS
from nevbook.report.reference_tables import SHOWN_VERSIONS
from tests.conftest import ROOT, Sheets, copy_book, once

LANGUAGE = "ru"  # Babel writes its dates and lists, Sphinx what is its own, in letters that no English word has
FORGOTTEN = "The data of this edition"  # the one message that is left as it is: what is looked for would be found
# What the data say: names, titles and notes reach the pages as they are, and are marked in the data, by column.
SAID = {
    "name", "definition", "term", "title", "publisher", "licence", "locator", "note", "claim", "reason", "region",
    "subregion", "capital", "applies_to", "demand", "what", "question", "looked_in", "version",
}  # fmt: skip
SAID_IN = {"facts": {"value"}, "events": {"unit"}}  # columns that hold codes elsewhere
CODES = ("percent", "percentage_points", "left", "right")  # that the package knows: a message names each
CHAPTERS_READ = [path.stem for path in plan.chapters(ROOT) if not path.stem.startswith("learn")]
PAGES = (
    *(f"2025/{name}.html" for name in CHAPTERS_READ), "2025/data/index.html", "markets/THA.html",
    "indicators/nev_production.html", "index.html",
)  # fmt: skip
# not km, CSV, or a part of a path
_WORDS = re.compile(r"(?<![\w./])[A-Za-z]*[a-z]{3,}[A-Za-z]*(?![\w/])")
# code, ids, what is in another language; a file's name that leads to the file
_NO_TEXT = "script, style, pre, code, time, kbd, [lang=zh], a[download]"
_READ_OUT = ("title", "alt", "aria-label", "placeholder")  # and data-*, which scripts show, but for ids
_LABEL = re.compile(r"[A-Z][a-z]|.* ")
_IDS = ("data-source", "data-from", "data-basis")

pytestmark = pytest.mark.slow  # it builds the chapters and all pages that are made once a site


def marked(text: str) -> str:
    """Mark a text outside its placeholders: what fills them has marks of its own."""
    try:
        parts = [(text, name, f":{spec}" if spec else "") for text, name, spec, _ in string.Formatter().parse(text)]
    except ValueError:
        return f"⟦{text}⟧"
    return "".join(
        (f"⟦{literal}⟧" if re.search("[A-Za-z]", literal) else literal) + (f"{{{name}{spec}}}" if name else "")
        for literal, name, spec in parts
    )


def _translated(made: Catalog) -> Catalog:
    for message in made:
        if message.id and message.id != FORGOTTEN:
            ids = message.id if isinstance(message.id, tuple) else (message.id,)
            texts = [f"⟦{i}⟧" if made.domain == CHAPTERS else marked(i) for i in ids]
            message.string = (texts[-1],) * made.num_plurals if isinstance(message.id, tuple) else texts[-1]
    return made


def _cut_down(chapters: Path) -> None:
    """Leave of the lessons, to which chapters lead, a heading and no more."""
    heading = {"cell_type": "markdown", "id": "heading", "metadata": {}, "source": "# A heading"}
    for path in chapters.glob("learn*.ipynb"):
        book = json.loads(path.read_text(encoding="utf-8"))
        kept = [c for c in book["cells"] if "parameters" in c["metadata"].get("tags", [])]
        path.write_text(json.dumps(book | {"cells": [heading, *kept]}), encoding="utf-8")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The chapters but for the lessons, and all that is made once a site, in the language of the test."""

    def make(root: Path) -> None:
        copy_book(root)
        sheets = Sheets(root / "data")
        package = json.loads((root / "data" / "datapackage.json").read_text(encoding="utf-8"))
        for resource in package["resources"]:
            resource["title"] = f"⟦{resource['title']}⟧"
            head, *rows = sheets.read(resource["path"])
            said = SAID | SAID_IN.get(resource["name"], set())
            places = [place for place, column in enumerate(head) if column in said]
            for row in rows:
                for place in places:
                    row[place] = row[place] if row[place] in CODES else marked(row[place])
            sheets.write(resource["path"], [head, *rows])
        package["licenses"][0]["title"] = package["title"] = "⟦a title⟧"
        (root / "data" / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
        settings = (root / config.CONFIG).read_text(encoding="utf-8")
        for name in ("title", "author", "copyright"):
            settings = re.sub(rf"^{name}: .*$", f"{name}: ⟦a {name}⟧", settings, flags=re.MULTILINE)
        (root / config.CONFIG).write_text(settings, encoding="utf-8")
        _cut_down(root / "chapters")
        place = root / "locale" / LANGUAGE / "LC_MESSAGES"
        place.mkdir(parents=True)
        for made in (messages.package_messages(config.PACKAGE.parent), messages.chapter_messages(root)):
            made.locale = LANGUAGE
            with (place / f"{made.domain}.po").open("wb") as handle:
                write_po(handle, _translated(made))
        run = (
            "from nevbook.common import i18n; from nevbook.cli.main import main\n"
            f"i18n.use({LANGUAGE!r}); raise SystemExit(main(['build', '--year', '2025']))"
        )
        done = subprocess.run(
            [sys.executable, "-c", run], cwd=root, capture_output=True, text=True, timeout=300,
            env=os.environ | {"PYTHONPATH": str(root)},
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr

    return once(tmp_path_factory, "marked", make) / "_build" / "html"


def unmarked(page: Path) -> list[str]:
    """Return what a page says, or has read out, outside any mark."""
    soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
    names = [key.get_text() for key in soup.select("kbd")] + [*SHOWN_VERSIONS, *_corrected()]  # of keys, libraries, ids
    for element in soup.select(_NO_TEXT):
        element.decompose()
    for link in soup.select("a[href$='.html']"):
        if link["href"] == f"{link.get_text()}.html":  # named as its file is
            link.decompose()
    texts = [" ".join(t for t in soup.find_all(string=True) if not isinstance(t, Comment | Doctype))]
    for element in soup.find_all(True):
        for name, value in element.attrs.items():
            if name in _READ_OUT or (name.startswith("data-") and name not in _IDS and _LABEL.match(str(value))):
                texts.append(str(value))
    texts += [
        str(meta["content"])
        for meta in soup.select("meta[name=description], meta[property$=title], meta[property$=description]")
    ]
    for name in names:
        texts = [text.replace(name, "") for text in texts]
    return [piece for text in texts for piece in unmarked_text(text)]


def _corrected() -> list[str]:
    """Return the ids that a correction takes the place of, and those that it puts there."""
    head, *rows = Sheets(ROOT / "data").read("corrections.csv")
    return [
        row[head.index(c)] for row in rows for c in ("expected", "value") if re.search("[a-z]{3}", row[head.index(c)])
    ]


def unmarked_text(text: str) -> list[str]:
    """Return the pieces of a text outside any mark that have a word."""
    pieces = re.sub(r"⟦[^⟦⟧]*(⟧|…$)", "⟦⟧", text).split("⟦⟧")
    return [" ".join(piece.split()) for piece in pieces if _WORDS.search(piece)]


@pytest.mark.parametrize("page", PAGES)
def test_no_sentence_of_a_page_is_without_a_translation(site: Path, page: str) -> None:
    found = unmarked(site / page)
    seen = (site / page).read_text(encoding="utf-8")
    assert seen.count("⟦") > 5
    assert [text for text in found if FORGOTTEN not in text] == []
    assert any(FORGOTTEN in text for text in found) == (FORGOTTEN in seen)


def test_a_message_that_is_forgotten_is_found(site: Path) -> None:
    assert FORGOTTEN in unmarked(site / "2025/data/index.html")


def test_marks_stand_outside_placeholders() -> None:
    assert marked("{a} of {n:size}, {b}") == "{a}⟦ of ⟧{n:size}, {b}"
    assert unmarked_text("⟦One⟧ two ⟦three⟧") == ["two"]
