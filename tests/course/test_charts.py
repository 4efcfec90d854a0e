"""The repaired chart: what passes and what does not, with the sentence each gets."""

from __future__ import annotations

import altair as alt
import pandas as pd
import pytest

from nevbook.course.charts import chart_faults
from nevbook.course.mistakes import MISTAKES

KNOWN = pd.DataFrame({"year": [2021, 2022, 2023, 2024], "value": [300_000.0, 350_000.0, 340_000.0, 477_000.0]})
WANTED = {
    "rows": {str(y): v for y, v in zip(KNOWN["year"], KNOWN["value"], strict=True)},
    "names": ["export"], "units": ["vehicl", "cars"],
}  # fmt: skip
TITLE = "Vehicle exports of Chongqing"
UNIT = alt.Y("value:Q").title("vehicles")
PLAIN = alt.Chart(KNOWN, title=TITLE).mark_bar()
THOUSANDS = KNOWN.assign(value=KNOWN["value"] / 1000)

HONEST = {
    "plain": PLAIN.encode(x="year:O", y=UNIT),
    "the two bars of the bad chart": alt.Chart(KNOWN.tail(2), title=TITLE).mark_bar().encode(x="year:O", y=UNIT),
    "least value set to zero": PLAIN.encode(x="year:O", y=alt.Y("value:Q").scale(domainMin=0).title("vehicles")),
    "domain from zero": PLAIN.encode(x="year:O", y=alt.Y("value:Q").scale(domain=[0, 600_000]).title("cars")),
    "lying bars": PLAIN.encode(y="year:O", x=alt.X("value:Q").title("vehicles")),
    "in thousands": alt.Chart(THOUSANDS, title=TITLE).mark_bar().encode(
        x="year:O", y=alt.Y("value").title("thousand vehicles")),
    "direct labels for the axis": PLAIN.encode(x="year:O", y=UNIT.axis(None))
    + alt.Chart(KNOWN, title="in vehicles").mark_text(dy=-8).encode(x="year:O", y="value:Q", text="value:Q"),
    "settings that bars do not follow": PLAIN.encode(x="year:O", y=UNIT).configure_scale(zero=False),
    "unit in the subtitle": alt.Chart(KNOWN, title=alt.Title(TITLE, subtitle="Number of vehicles")).mark_bar(
        color="teal").encode(x="year:O", y="value:Q"),
}  # fmt: skip
BAD = {
    "one value that repairs nothing": (
        alt.Chart(pd.DataFrame({"v": [1]}), title="Any").mark_bar().encode(y="v:Q"), "other_data"),
    "made-up values": (alt.Chart(KNOWN.assign(value=[1, 2, 3, 4]), title=TITLE).mark_bar().encode(
        x="year:O", y=UNIT), "other_data"),
    "without the newest year": (alt.Chart(KNOWN.head(2), title=TITLE).mark_bar().encode(x="year:O", y=UNIT),
                                "other_data"),
    "rows counted": (PLAIN.encode(x="year:O", y="count()"), "other_data"),
    "logarithm": (PLAIN.encode(x="year:O", y=UNIT.scale(type="log")), "bent_scale"),
    "root": (PLAIN.encode(x="year:O", y=UNIT.scale(type="sqrt")), "bent_scale"),
    "values as names": (PLAIN.encode(x="year:O", y=alt.Y("value:O").title("vehicles")), "bent_scale"),
    "cut below": (PLAIN.encode(x="year:O", y=UNIT.scale(zero=False)), "cut_axis"),
    "cut by its domain": (PLAIN.encode(x="year:O", y=UNIT.scale(domain=[200_000, 500_000])), "cut_axis"),
    "cut by its least value": (PLAIN.encode(x="year:O", y=UNIT.scale(domainMin=250_000)), "cut_axis"),
    "cut by a second end": (PLAIN.encode(x="year:O", y=UNIT, y2=alt.datum(200_000)), "cut_axis"),
    "cut above": (PLAIN.encode(x="year:O", y=UNIT.scale(domain=[0, 400_000], clamp=True)), "cut_top"),
    "turned": (PLAIN.encode(x="year:O", y=UNIT.scale(reverse=True)), "upside_down"),
    "labels hidden": (PLAIN.encode(x="year:O", y=UNIT.axis(labels=False)), "no_labels"),
    "labels hidden by settings": (PLAIN.encode(x="year:O", y=UNIT).configure_axis(labels=False), "no_labels"),
    "no axis": (PLAIN.encode(x="year:O", y=alt.Y("value:Q").axis(None)), "no_labels"),
    "no title": (alt.Chart(KNOWN).mark_bar().encode(x="year:O", y=UNIT), "no_title"),
    "any title": (alt.Chart(KNOWN, title="My chart").mark_bar().encode(x="year:O", y=UNIT), "title_without_measure"),
    "no unit": (alt.Chart(KNOWN, title="Exports").mark_bar().encode(x="year:O", y="value:Q"), "no_unit"),
    "thousands not named": (alt.Chart(THOUSANDS, title=TITLE).mark_bar().encode(x="year:O", y=UNIT), "no_unit"),
    "colour twice": (PLAIN.encode(x="year:O", y=UNIT, color="year:N"), "rainbow"),
    "points": (alt.Chart(KNOWN, title=TITLE).mark_point().encode(x="year:O", y=UNIT), "no_bars"),
    "by size": (PLAIN.encode(x=alt.X("year:O").sort("-y"), y=UNIT), "order"),
    "rows hidden inside": (PLAIN.encode(x="year:O", y=UNIT).transform_filter("datum.value > 320000"), "transformed"),
    "two pictures": (PLAIN.encode(x="year:O", y=UNIT) | PLAIN.encode(x="year:O", y=UNIT), "several"),
    "two scales": ((PLAIN.encode(x="year:O", y=UNIT) + alt.Chart(KNOWN).mark_line().encode(
        x="year:O", y="value:Q")).resolve_scale(y="independent"), "two_scales"),
    "a mark that is none": (PLAIN.encode(x="year:O", y=alt.Y("nothing")), "not_drawn"),
}  # fmt: skip


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_chart_passes(name: str) -> None:
    assert chart_faults(HONEST[name], WANTED) == []


@pytest.mark.parametrize("name", BAD)
def test_a_chart_that_deceives_is_told_how(name: str) -> None:
    chart, fault = BAD[name]
    assert fault in chart_faults(chart, WANTED) and f"chart_{fault}" in MISTAKES


def test_every_fault_is_shown_by_a_chart() -> None:
    known = {name.removeprefix("chart_") for name in MISTAKES if name.startswith("chart_")}
    assert known == {fault for _, fault in BAD.values()}
