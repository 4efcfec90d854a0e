"""Sentences: what fills them, what stands where something is missing, and what is escaped."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from bs4 import BeautifulSoup

from nevbook.analysis import source_selection
from nevbook.analysis.arithmetic import share
from nevbook.common.errors import NevbookError
from nevbook.data import dataset
from nevbook.report import phrases
from nevbook.report.phrases import phrase
from nevbook.report.quantity_text import Register
from nevbook.report.source_cards import sources_section
from tests.analysis.test_quantities import stated


@pytest.fixture(scope="module")
def data() -> dataset.Dataset:
    return dataset.load().vintage(2024, dt.date(2026, 11, 22))


def test_a_number_is_a_data_element_that_leads_to_its_source(data: dataset.Dataset) -> None:
    register = Register(data)
    q = source_selection.value(data, "nev_production", "chongqing", "2024")
    made = phrase(register, "They built {n} of them.", n=q)
    element = BeautifulSoup(made.html, "html.parser").find("data")
    assert element["class"] == ["nev-value"] and element["value"] == "953200" and element.text == "953,200"
    assert element["data-indicator"] == "nev_production" and element["data-entity"] == "chongqing"
    assert element["data-period"] == "2024" and element["data-measure"] == "level"
    assert element["data-source"] in data.sources
    assert made.text == "They built 953,200 of them."
    listed = BeautifulSoup(sources_section(register), "html.parser")
    entry = listed.find(id=element.parent["href"].lstrip("#"))
    assert data.sources[element["data-source"]].title in entry.text
    assert "953,150" in entry.text and "953,250" in entry.text


def test_a_computed_number_names_what_it_came_from(data: dataset.Dataset) -> None:
    register = Register(data)
    part = source_selection.value(data, "nev_production", "chongqing", "2024")
    whole = source_selection.value(data, "vehicle_production", "chongqing", "2024")
    made = phrase(register, "{s} of all", s=share(part, whole))
    element = BeautifulSoup(made.html, "html.parser").find("data")
    assert element["data-derived"] == "true" and "data-source" not in element.attrs
    for q in (part, whole):
        assert q.observation.id in element["data-from"].split()
    listed = BeautifulSoup(sources_section(register), "html.parser")
    inputs = [a["href"] for a in listed.find(id="nev-1").select("a[href^='#nev-']")]
    assert len(inputs) == 2 and all(listed.find(id=i.lstrip("#")) for i in inputs)


def test_the_first_template_that_can_be_filled_is_written(data: dataset.Dataset) -> None:
    register = Register(data)
    q = source_selection.value(data, "nev_production", "chongqing", "2024")
    assert phrase(register, "{a} and {b}", "{a} only", "none", a=q, b=None).text == "953,200 only"
    assert phrase(register, "{a} and {b}", "{a} only", "nothing", a=None, b=None).text == "Nothing"
    assert phrase(register, "{a} only", "nothing known", a=None).text == "Nothing known"


def test_a_sentence_without_wording_for_what_is_missing_is_an_error(data: dataset.Dataset) -> None:
    with pytest.raises(NevbookError, match="no wording"):
        phrase(Register(data), "{a}", a=None)


def test_a_gap_that_nothing_fills_is_an_error(data: dataset.Dataset) -> None:
    with pytest.raises(NevbookError, match="'b'"):
        phrase(Register(data), "{b}", a=None)


def test_a_bare_number_is_refused(data: dataset.Dataset) -> None:
    with pytest.raises(NevbookError, match="give a quantity"):
        phrase(Register(data), "{a}", a=3.1)


def test_what_comes_from_the_data_is_escaped(data: dataset.Dataset) -> None:
    q = source_selection.value(data, "nev_production", "chongqing", "2024")
    evil = dataclasses.replace(
        data.sources[q.observation.source],
        title="<script>alert(1)</script>",
        url="javascript:alert(1)",
        publisher='"><b>',
    )
    poisoned = dataclasses.replace(data, sources=data.sources | {evil.id: evil})
    register = Register(poisoned)
    phrase(register, "{n} {word}", n=q, word="<i>x</i>")
    page = BeautifulSoup(sources_section(register), "html.parser")
    assert not page.find("script") and not page.find("b") and "<script>" in page.text
    assert not [a for a in page.select("a") if a.get("href", "").startswith("javascript")]
    assert phrase(register, "{word}", word="<i>x</i>").html == "&lt;i&gt;x&lt;/i&gt;"


def test_size_and_bare_leave_out_sign_and_unit(data: dataset.Dataset) -> None:
    q = source_selection.value(
        dataset.load().vintage(2019, dt.date(2026, 11, 22)), "auto_value_added_growth", "chongqing", "2019"
    )
    register = Register(data)
    assert phrase(register, "{q}", q=q).text == "\N{MINUS SIGN}4.1 percent"
    assert phrase(register, "{q:size}", q=q).text == "4.1 percent"
    assert phrase(register, "{q:bare}", q=q).text == "\N{MINUS SIGN}4.1"


def test_verbs_follow_the_interval(data: dataset.Dataset) -> None:
    assert phrases.trend(stated(2, 1, unit="percent")) == "rose"
    assert phrases.trend(stated(-2, 1, unit="percent")) == "fell"
    assert phrases.trend(stated(0.2, 1, unit="percent")) == "barely moved"
    assert phrases.trend(None) is None


def test_a_gap_may_be_the_time_of_a_quantity_or_a_whole_number(data: dataset.Dataset) -> None:
    made = source_selection.value(data, "nev_production", "chongqing", "2024")
    register = Register(data)
    assert phrase(register, "{made} in {made:period}", "none", made=made).text == "953,200 in 2024"
    assert phrase(register, "{made:period}", "None.", made=None).text == "None."
    written = phrase(register, "{n} regions, {m} more.", n=7, m=0)
    assert written.text == "7 regions, none more." and [q.formula for q in written.used] == ["count", "count"]


def test_a_template_is_translated_and_an_empty_one_stays_empty(
    data: dataset.Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(phrases, "gettext", lambda m: {"{n} regions.": "{n} 个地区。"}.get(m, m))
    assert phrase(Register(data), "{n} regions.", n=7).text == "7 个地区。"
    assert phrase(Register(data), "").text == ""
