"""Tables: markup in a cell stands as it was given, text is escaped; and room on a phone for long words."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from markupsafe import Markup

from nevbook.common.html import table


@pytest.mark.parametrize(
    ("cell", "long"),
    [
        ("short", False),
        ("<a href='x'>a word in a link with a long address</a>", False),
        ("letters of a cell that would be a tower", False),
        ("letters of a cell that would be a tower on a phone", True),
        ("\u6c7d" * 21, True),  # twice as wide as a Latin letter
    ],
)
def test_a_cell_of_many_letters_has_room(cell: str, long: bool) -> None:
    page = BeautifulSoup(table(["<a>", "b"], [["head", Markup(cell)]], "A & b"), "html.parser")
    found = page.select_one("tbody td")
    assert found and ("nev-words" in found.get("class", [])) == long
    assert found.decode_contents().replace('"', "'") == cell
    assert page.select_one("tbody th")["scope"] == "row" and page.thead.th.text == "<a>"


def test_a_cell_of_text_is_escaped() -> None:
    page = BeautifulSoup(table(["head"], [["<b>one</b>", "a & b"]], "caption"), "html.parser")
    assert not page.find("b") and page.td.text == "a & b" and page.tbody.th.text == "<b>one</b>"
