"""A number's card: what it names, how other sources differ, and that nothing of the data is markup."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re

import pytest
from bs4 import BeautifulSoup, Tag
from hypothesis import given, strategies as st

from nevbook.analysis import source_selection
from nevbook.analysis.arithmetic import share
from nevbook.analysis.quantities import Quantity, counted, fixed, quantity
from nevbook.common.formatting import period
from nevbook.common.periods import parse
from nevbook.data import dataset
from nevbook.data.models import Observation, Source
from nevbook.report import source_cards
from nevbook.report.quantity_text import Register
from tests.analysis.test_quantities import observed, stated

MINUS = "\N{MINUS SIGN}"
# what compilers tell each other of a row
WORKING = re.compile(r"excerpt|better source|second source|other rows|not retrieved|TODO|\(derived\?|\?\)")


@pytest.fixture(scope="module")
def data() -> dataset.Dataset:
    return dataset.load().vintage(2024, dt.date(2026, 11, 22))


def entries(register: Register) -> list[Tag]:
    return BeautifulSoup(source_cards.sources_section(register), "html.parser").select("ol > li")


def rows(entry: Tag) -> dict[str, list[str]]:
    """The lines of an entry by their label."""
    found: dict[str, list[str]] = {}
    for one in entry.select("dl > *"):
        if one.name == "dt":
            found[one.get_text()] = []
        else:
            found[list(found)[-1]].append(one.get_text(" "))
    return found


@pytest.mark.parametrize(
    ("shown", "other", "said"),
    [
        (stated(953_200, 100), stated(953_200, 100), "the same"),
        (stated(953_200, 100), stated(953_000, 1000), "the same within rounding"),
        (stated(953_200, 100), stated(950_200, 100), f"{MINUS}3,000, {MINUS}0.31%"),
        (stated(1_383_000, 1000), stated(1_374_600, 100), f"{MINUS}8,000, {MINUS}0.6%"),
        (stated(100, 1, unit="yuan"), stated(150, 1, unit="yuan"), "+50 yuan, +50%"),
        (stated(2e9, 1e7, unit="yuan"), stated(3.5e9, 1e7, unit="yuan"), "+1.50 billion yuan, +75%"),
        (stated(30.3, 0.1, unit="percent"), stated(37, 1, unit="percent"), "+7 percentage points"),
        (stated(30, 1, unit="percent"), stated(31.6, 0.1, unit="percent"), "+2 percentage points"),
        (stated(-4.1, 0.1, unit="percent"), stated(-6.3, 0.1, unit="percent"), f"{MINUS}2.2 percentage points"),
        (stated(477_000, 1000), stated(470_000, 0, ">"), "does not contradict it"),
        (stated(477_000, 1000), stated(480_000, 0, ">"), "+2,500 or further"),
        (stated(477_000, 1000), stated(470_000, 0, "<"), f"{MINUS}6,500 or further"),
        (stated(5, 0, unit="rank"), stated(7, 0, unit="rank"), "+2"),
        (stated(1_300_000, 0, kind="target"), stated(1_200_000, 0, kind="target"), f"{MINUS}100,000, {MINUS}7.69%"),
    ],
)
def test_another_source_differs_by_what_both_support(shown: Quantity, other: Quantity, said: str) -> None:
    assert source_cards.difference(shown, other) == said


@given(
    st.integers(1, 10**7),
    st.integers(1, 10**7),
    st.sampled_from([0, 1, 10, 1000]),
    st.sampled_from([0, 1, 10, 1000]),
    st.sampled_from(["=", "~", ">", "<"]),
)
def test_a_difference_never_reads_as_none_and_has_its_sign(a: int, b: int, fine: int, rough: int, sign: str) -> None:
    shown, other = stated(a, fine), stated(b, rough, sign)
    said = source_cards.difference(shown, other)
    if shown.overlaps(other):
        assert said in ("the same", "the same within rounding", "does not contradict it")
    else:
        assert said.startswith("+" if b > a else MINUS)
        assert any(digit in said.split(",")[0] for digit in "123456789")


def test_the_card_of_a_stated_number_names_all_that_is_known(data: dataset.Dataset) -> None:
    q = source_selection.value(data, "nev_production", "chongqing", "2024")
    row, source = q.observation, data.sources[q.observation.source]
    register = Register(data)
    register.number_of(q)
    (entry,) = entries(register)
    assert entry.select_one("p strong").text == "953,200 vehicles"
    assert entry.p.text.endswith("New-energy vehicle output, Chongqing, 2024, stated")
    listed = rows(entry)
    (by,) = listed["Source"]
    for part in (source.title, source.publisher, period(source.published), row.locator):
        assert part in by
    assert entry.select_one("dd a")["href"] == source.url
    assert listed["What it counts"] == [data.indicators["nev_production"].definition]
    basis = data.basis("nev_production", q.basis)
    assert listed["Counted"][0].startswith(basis.name) and basis.definition[1:] in listed["Counted"][0]
    assert listed["Precision"] == ["Rounding allows 953,150 to 953,250."]


def test_the_card_of_a_computed_number_leads_to_its_inputs(data: dataset.Dataset) -> None:
    part = source_selection.value(data, "nev_production", "chongqing", "2024")
    whole = source_selection.value(data, "vehicle_production", "chongqing", "2024")
    register = Register(data)
    register.number_of(share(part, whole))
    first, *inputs = entries(register)
    listed = rows(first)
    assert first.p.text.endswith("as a share, Chongqing, 2024, computed")
    assert listed["Computed"] == ["953,200 / 2.54 million"] and len(listed["From"]) == 2
    assert "Source" not in listed
    assert [a["href"] for a in first.select("dd a")] == [f"#{i['id']}" for i in inputs]
    assert ["Source" in rows(i) for i in inputs] == [True, True]


def test_a_count_names_what_it_counted_and_a_threshold_that_it_is_one(data: dataset.Dataset) -> None:
    one = source_selection.value(data, "nev_production", "chongqing", "2024")
    register = Register(data)
    register.number_of(counted(1, (one,)))
    register.number_of(counted(7))
    register.number_of(fixed(10, "percent"))
    first, second, third, reached = entries(register)
    assert rows(first) == {"Counted among": ["953,200  Chongqing 2024"]}
    assert first.a["href"] == f"#{reached['id']}"
    assert not second.select("dl") and not third.select("dl")
    assert third.text.startswith("10 percent A threshold")


def _disagreeing(data: dataset.Dataset, *others: Observation) -> list[str]:
    q = source_selection.value(data, "nev_production", "chongqing", "2024")
    register = Register(data)
    register.number_of(dataclasses.replace(q, others=others))
    return rows(entries(register)[0]).get("Other sources", [])


def test_other_sources_are_listed_with_their_difference(data: dataset.Dataset) -> None:
    q = source_selection.value(data, "nev_production", "chongqing", "2024")
    ids = [s for s in data.sources if s != q.observation.source]
    shape = dataclasses.replace(q.observation, note="")

    def said(at: int, **fields: object) -> Observation:
        return dataclasses.replace(shape, id=f"x{at}", source=ids[at], **fields)

    listed = _disagreeing(
        data,
        said(0, value=950_200.0),
        said(1, value=950_200.0),
        said(2, value=953_000.0, resolution=1000.0),
        said(3, value=900_000.0, kind="estimate"),
        dataclasses.replace(shape, id="own", value=1.0),  # an older row of the source shown
    )
    assert len(listed) == 3  # two that say the same share a line
    assert listed[0].startswith(f"950,200  ({MINUS}3,000, {MINUS}0.31%)")
    assert all(data.sources[i].publisher in listed[0] for i in ids[:2])
    assert "the same within rounding" in listed[1] and "estimate)" in listed[2]


def test_a_source_of_the_dataset_that_differs_says_so(data: dataset.Dataset) -> None:
    """The growth of 2023 is stated as 30.3 and as 37 percent."""
    told = {
        (r.period, r.value)
        for r in data.rows("nev_production", "chongqing", "yoy_growth")
        if r.period == "2023" and r.outcome
    }
    assert {v for _, v in told} >= {30.3, 37.0}
    q = source_selection.value(data, "nev_production", "chongqing", "2023", "yoy_growth")
    register = Register(data)
    register.number_of(q)
    listed = rows(entries(register)[0])["Other sources"]
    assert any("percentage points" in line for line in listed), listed


def test_every_observation_has_a_card_and_no_id_stands_twice(data: dataset.Dataset) -> None:
    register = Register(data)
    for row in data.observations:
        register.number_of(quantity(row))
    section = BeautifulSoup(source_cards.sources_section(register), "html.parser")
    ids = [e["id"] for e in section.select("[id]")]
    assert len(ids) == len(set(ids)) == len(register.entries) == len(data.observations)
    for entry, row in zip(section.select("li"), data.observations, strict=True):
        assert data.sources[row.source].title in entry.text
        assert all(dd.text.strip() for dd in entry.select("dd")) and parse(row.period)
        strength = {"official": "● official", "press": "◐ press", "secondary": "○ weak source"}
        assert entry.select_one("dd").text.endswith(strength[data.sources[row.source].tier])
        assert row.source not in entry.text and not WORKING.search(entry.text), row.id


def test_nothing_of_the_data_is_markup(data: dataset.Dataset) -> None:
    evil = '"><script>alert(1)</script>'
    q = source_selection.value(data, "nev_production", "chongqing", "2024")
    other = dataclasses.replace(observed(1.0), indicator=q.indicator, source="evil", basis=q.basis)
    poisoned = dataclasses.replace(
        data,
        indicators={q.indicator: dataclasses.replace(data.indicators[q.indicator], name=evil, definition=evil)},
        entities={q.entity: dataclasses.replace(data.entities[q.entity], name=evil)},
        bases={
            (q.basis, q.indicator): dataclasses.replace(data.bases[q.basis, q.indicator], name=evil, definition=evil)
        },
        sources={
            "evil": Source("evil", evil, evil, "2024", "javascript:alert(1)", "en", "press", evil),
        },
    )
    row = dataclasses.replace(q.observation, source="evil", locator=evil, note=evil)
    register = Register(poisoned)
    register.number_of(dataclasses.replace(q, observation=row, others=(dataclasses.replace(other, source="evil"),)))
    register.number_of(share(dataclasses.replace(q, observation=row), dataclasses.replace(q, observation=row)))
    register.number_of(counted(1, (dataclasses.replace(q, observation=row),)))
    section = BeautifulSoup(source_cards.sources_section(register), "html.parser")
    assert not section.find("script") and section.text.count(evil) >= 8
    assert not [a for a in section.select("a") if not a["href"].startswith("#nev-")]
    assert {name for e in section.select("li *") for name in e.attrs} <= {"class", "href", "data-n"}


def test_a_card_shows_that_an_implausible_figure_was_accepted(data: dataset.Dataset) -> None:
    accepted = next(a for a in data.acceptances if a.row.startswith("avatr.deliveries.2023"))
    register = Register(data)
    register.number_of(quantity(next(r for r in data.observations if r.id == accepted.row)))
    (entry,) = entries(register)
    assert rows(entry)["Accepted although implausible"] == [accepted.reason]
