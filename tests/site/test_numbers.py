"""Numbers on the built pages: each lies in the interval that stands beside it, and one growth has one value."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag

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


def growths(page: BeautifulSoup) -> dict[tuple[str, ...], set[str]]:
    """The growth of each year that a page states or computes, apart from what the audit holds against each other."""
    found: dict[tuple[str, ...], set[str]] = {}
    for value in page.select("data.nev-value"):
        measure, year = value["data-measure"], value.get("data-period", "")
        two_levels = measure == "growth" and len(re.findall(r"\S+\.level\.\S+", value.get("data-from", ""))) == 2
        own = all(i.startswith(f"{value.get('data-entity', '').lower()}.{value.get('data-indicator')}.")
                  for i in value.get("data-from", "").split())  # fmt: skip
        if value.find_parent(class_="nev-finding") or not re.fullmatch(r"\d{4}", year):
            continue
        last = f".{int(year) - 1}.level." in value.get("data-from", "")
        if measure == "yoy_growth" or (two_levels and own and last):
            key = (value["data-indicator"], value["data-entity"], year, value.get("data-basis", ""))
            found.setdefault(key, set()).add(value.text.lstrip("\N{MINUS SIGN}"))  # a sentence may leave the sign out
    return found


def test_one_growth_has_one_value_on_every_page(published: Path) -> None:
    for edition in EDITIONS:
        seen: dict[tuple[str, ...], dict[str, set[str]]] = {}
        for path in sorted((published / edition).glob("*.html")):
            if path.stem not in ("evidence", "genindex"):  # the ledger sets what is claimed beside what is computed
                for key, texts in growths(BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")).items():
                    seen.setdefault(key, {})[path.stem] = texts
        assert len(seen) > 10 or edition != "2025"
        assert {k: v for k, v in seen.items() if len(set().union(*v.values())) > 1} == {}


def test_a_second_value_for_one_growth_is_found() -> None:
    form = (
        '<data class="nev-value" data-measure="{}" data-indicator="i" data-entity="e" data-period="2025"'
        ' data-basis="b" data-from="{}">{}</data>'
    )
    stated, computed = (
        form.format("yoy_growth", "", "36.6"),
        form.format("growth", "e.i.2025.level.s e.i.2024.level.s", "48"),
    )
    one, other = (growths(BeautifulSoup(text, "html.parser")) for text in (stated, computed))
    assert one.keys() == other.keys() and one != other
    assert not growths(BeautifulSoup(f'<span class="nev-finding">{stated}</span>', "html.parser"))


def shown(value: Tag) -> float:
    """What a number reads as, with the sign that a sentence may put into words."""
    (size,) = numbers(value.text)
    return -abs(size) if float(value["value"]) < 0 else size


def not_summing(page: BeautifulSoup) -> tuple[list[str], int]:
    """Parts of one change that do not sum to it as they are written; and how many sums were looked at."""
    wrong, seen = [], 0
    for one, other, whole in (
        ("contribution", "contribution_rest", "yoy_growth"),
        ("number_effect", "value_effect", "difference"),
    ):
        for part in page.select(f'data[data-measure="{one}"]'):
            same = f'[data-entity="{part["data-entity"]}"][data-period="{part["data-period"]}"]'
            rest = page.select_one(f'data[data-measure="{other}"]{same}')
            total = rest and page.select_one(
                f'data[data-measure="{whole}"][data-indicator="{rest["data-indicator"]}"]{same}'
            )
            if rest and total:
                seen += 1
                off = shown(part) + shown(rest) - shown(total)
                wrong += [] if abs(off) < 1e-9 * max(1, abs(shown(total))) else [f"{part} {rest} {total}"]
    for figure in page.select("figure#fig-split .nev-tools tbody"):
        before, after, *parts = (numbers(row.select("th, td")[2].text)[0] for row in figure.select("tr"))
        seen += 1
        wrong += [] if abs(before + sum(parts) - after) < 1e-6 * abs(after) else [figure.get_text(" ")]
    return wrong, seen


def test_parts_sum_to_the_whole_as_both_are_written(published: Path) -> None:
    looked = 0
    for edition in EDITIONS:
        for path in sorted((published / edition).glob("*.html")):
            wrong, seen = not_summing(BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser"))
            assert wrong == [], (edition, path.stem)
            looked += seen
    assert looked >= 2
    form = '<data data-measure="{}" data-indicator="i" data-entity="e" data-period="2025" value="{}">{}</data>'
    parts = form.format("contribution", "13.49", "13.5") + form.format("contribution_rest", "-3.8", "{}")
    for rest, told in (("3.8", 0), ("4", 1)):
        page = parts.format(rest) + form.format("yoy_growth", "9.7", "9.7")
        assert len(not_summing(BeautifulSoup(page, "html.parser"))[0]) == told


def stated(page: BeautifulSoup) -> dict[tuple[str, ...], set[str]]:
    """The outcomes that a page shows as published, apart from what the audit holds against each other."""
    found: dict[tuple[str, ...], set[str]] = {}
    for value in page.select("data.nev-value[data-source]:not([data-derived])"):
        about = ("indicator", "entity", "period", "measure", "basis", "kind")
        key = tuple(value.get(f"data-{one}", "") for one in about)
        if not value.find_parent(class_="nev-finding") and key[5] in ("stated", "estimate"):
            found.setdefault(key, set()).add(value["value"])
    return found


def test_one_thing_has_one_value_on_every_page(published: Path) -> None:
    for edition in EDITIONS:
        seen: dict[tuple[str, ...], dict[str, set[str]]] = {}
        for path in sorted((published / edition).glob("*.html")):
            # lessons compare sources, the ledger quotes the article; an owned firm has as many shares as owners
            if path.stem == "evidence" or path.stem.startswith("learn"):
                continue
            for key, values in stated(BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")).items():
                if key[0] != "ownership_share":
                    seen.setdefault(key, {})[path.stem] = values
        assert len(seen) > 50 or edition != "2025"
        assert {k: v for k, v in seen.items() if len(set().union(*v.values())) > 1} == {}
    form = '<data class="nev-value" data-indicator="i" data-kind="stated" data-source="s" value="{}">1</data>'
    both = stated(BeautifulSoup(form.format(1) + form.format(2), "html.parser"))
    assert [len(values) for values in both.values()] == [2]
