"""The messages of the book, as translators get them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from nevbook.build import messages
from nevbook.common import config
from nevbook.common.errors import BuildError
from tests.conftest import ROOT


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('_("Rows: {n}", n=3)', [("Rows: {n}", None)]),
        ("f\"<b>{_('Solution')}</b>\"", [("Solution", None)]),
        ('ngettext("{n} row", "{n} rows", n)', [(("{n} row", "{n} rows"), None)]),
        ('pgettext("of a road", "Side")', [("Side", "of a road")]),
        ('KINDS = {"stated": N_("stated" " twice")}', [("stated twice", None)]),
        ("_(text); other('Not this')", []),
        ('_("one" if x == "not this" else "two")', [("one", None), ("two", None)]),
        (
            'book.phrase("{a} is {b}", "" if x else "Not known", a=q, b="more" if y else "less")',
            [("{a} is {b}", None), ("Not known", None), ("more", None), ("less", None)],
        ),
        (
            'book.figure(c, "id", title, "Vehicles, by year", title, q, by=["a", "b"], note="Old" if x else "")',
            [("Vehicles, by year", None), ("Old", None)],
        ),
        (
            'book.grid(["What", "Now"], [[x.name, "no year"] for x in xs if x.kind == "own kind"], "A caption")',
            [("What", None), ("Now", None), ("no year", None), ("A caption", None)],
        ),
    ],
)
def test_messages_are_found_in_code(source: str, found: list[tuple]) -> None:
    assert list(messages.in_code(source, messages.WRITERS)) == found


def test_a_sentence_that_a_chapter_keeps_under_a_name_is_found() -> None:
    code = 'under = "{n} of {all} models" if n else "Prices in yuan"\nlook = "datum.last && datum.year > 2020"\n'
    cells = [{"cell_type": "code", "source": code + 'year, region = 2025, "chongqing"'}]
    found = [text for text, _ in messages.in_notebook(json.dumps({"cells": cells}))]
    assert found == ["{n} of {all} models", "Prices in yuan"]


def test_messages_are_found_in_templates() -> None:
    source = '<p title="{{ _("A title") }}">{% if x %}{{ ngettext("{n} row", "{n} rows", n) }}{% endif %}</p>'
    assert list(messages.in_template(source)) == [("A title", None), (("{n} row", "{n} rows"), None)]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book of two chapters and two languages."""
    root = tmp_path_factory.mktemp("small")
    (root / "chapters").mkdir()
    settings = (ROOT / config.CONFIG).read_text(encoding="utf-8")
    (root / config.CONFIG).write_text(settings.replace("languages: [en]", "languages: [en, fr]"), encoding="utf-8")
    (root / config.TOC).write_text("format: jb-book\nroot: chapters/index\nchapters: [{file: chapters/b}]\n")
    _chapter(root, "index", "# The cover\n\nA first sentence.", 'book.say("A sentence of the cover.")')
    _chapter(root, "b", "# Second\n\nA first sentence.", "")
    return root


def _chapter(root: Path, name: str, text: str, code: str) -> None:
    cells = [
        {"cell_type": "markdown", "id": "a", "metadata": {}, "source": text},
        {"cell_type": "code", "id": "b", "metadata": {}, "source": code, "outputs": [], "execution_count": None},
    ]
    book = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (root / "chapters" / f"{name}.ipynb").write_text(json.dumps(book), encoding="utf-8")


def test_catalogues_are_written_the_same_again_and_translations_are_kept(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messages, "PACKAGE", small / "nevbook")
    written = messages.write(small)
    names = [p.relative_to(small / "locale").as_posix() for p in written]
    po = small / "locale" / "fr" / "LC_MESSAGES"
    assert names == ["nevbook.pot", "fr/LC_MESSAGES/nevbook.po", "chapters.pot", "fr/LC_MESSAGES/chapters.po"]
    with (small / "locale" / "chapters.pot").open("rb") as handle:
        chapters = {m.id: [name for name, _ in m.locations] for m in read_po(handle) if m.id}
    assert chapters["A first sentence."] == ["chapters/b.ipynb", "chapters/index.ipynb"]
    assert "The cover" in chapters
    own = (po / "nevbook.po").read_text(encoding="utf-8")
    before = 'msgid "A sentence of the cover."\nmsgstr ""\n'
    assert before in own and str(small) not in own
    done = own.replace(before, before.replace('""', '"Une phrase."')) + '\nmsgid "Gone"\nmsgstr "Disparu"\n'
    (po / "nevbook.po").write_text(done, encoding="utf-8")
    texts = {}
    for _ in range(2):
        messages.write(small)
        texts[(po / "nevbook.po").read_text(encoding="utf-8")] = True
    assert len(texts) == 1
    assert 'msgid "A sentence of the cover."\nmsgstr "Une phrase."\n' in next(iter(texts))
    assert "Gone" not in next(iter(texts)).split("#~")[0]


@pytest.mark.parametrize(
    ("languages", "fault"),
    [
        ("[zh_CN, en]", "begins with en"),
        ("en", "write a list"),
        ("[en, zh_XX]", "'zh_XX' is no language"),
        ("[en, zh-CN]", "'zh-CN' is no language"),
        ("[en, 7]", "7 is no language"),
        ("[en, fr, fr]", "twice"),
    ],
)
def test_languages_of_the_settings_are_read_strictly(tmp_path: Path, languages: str, fault: str) -> None:
    (tmp_path / config.CONFIG).write_text(f"nevbook: {{languages: {languages}}}\n", encoding="utf-8")
    with pytest.raises(BuildError, match=fault):
        config.languages(tmp_path)


def test_the_book_is_in_english_where_no_language_is_named(tmp_path: Path) -> None:
    (tmp_path / config.CONFIG).write_text("nevbook: {}\n", encoding="utf-8")
    assert config.languages(tmp_path) == ["en"]
    (tmp_path / config.CONFIG).write_text("nevbook: {languages: [en, zh_CN]}\n", encoding="utf-8")
    assert config.languages(tmp_path) == ["en", "zh_CN"]
