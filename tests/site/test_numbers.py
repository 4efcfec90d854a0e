"""Numbers on the built pages: each lies in the interval that stands beside it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tests.conftest import EDITIONS

SCALES = {"million": 1e6, "billion": 1e9, "trillion": 1e12}
NUMBER = r"(\N{MINUS SIGN}?)(\d[\d,]*(?:\.\d+)?)(?:[ \N{NO-BREAK SPACE}](million|billion|trillion))?"
ALLOWS = re.compile(rf"Rounding allows {NUMBER} to {NUMBER}\.")


def numbers(text: str) -> list[float]:
    found = re.findall(NUMBER, text)
    return [(-1 if sign else 1) * float(d.replace(",", "")) * SCALES.get(scale, 1.0) for sign, d, scale in found]


def outside(page: BeautifulSoup) -> tuple[list[str], int]:
    """What lies outside its interval: rows of figure tables, entries of numbers; and how many were looked at."""
    wrong, seen = [], 0
    for row in page.select("figure.nev-figure .nev-tools tbody tr"):
        value, low, high = (numbers(cell.text)[0] for cell in row.select("th, td")[2:5])
        seen += 1
        wrong += [] if low <= value <= high else [row.get_text(" ")]
    for entry in page.select("li[id^=nev-]"):
        allowed = ALLOWS.search(entry.get_text(" "))
        shown = entry.select_one(".nev-what strong")
        if not (allowed and shown):
            continue
        low, high = numbers(allowed[0])
        (value, *_) = numbers(shown.text)
        seen += 1
        wrong += [] if low <= value <= high else [entry.get_text(" ")[:200]]
    return wrong, seen


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_number_lies_in_its_interval(published: Path, edition: str) -> None:
    wrong, seen = [], 0
    for path in sorted((published / edition).glob("*.html")):
        found, looked = outside(BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser"))
        wrong, seen = wrong + [f"{path.stem}: {one}" for one in found], seen + looked
    assert seen > 100
    assert wrong == []


def test_a_number_outside_its_interval_is_found() -> None:
    cells = "".join(f"<td>{cell}</td>" for cell in ("a", "2027", "{}", "50", "80"))
    row = f"<figure class=nev-figure><div class=nev-tools><table><tbody><tr>{cells}</tr></tbody></table></div></figure>"
    entry = (
        "<li id=nev-1><p class=nev-what><strong>{} million</strong></p>Rounding allows 1.5 million to 2.5 million.</li>"
    )
    for text, good, bad in ((row, "70", "100"), (entry, "2", "3")):
        assert outside(BeautifulSoup(text.format(good), "html.parser")) == ([], 1)
        assert len(outside(BeautifulSoup(text.format(bad), "html.parser"))[0]) == 1
