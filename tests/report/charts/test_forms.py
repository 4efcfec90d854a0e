"""The named chart forms: each is drawn on a wide page and on a phone, and keeps its letters apart."""

from __future__ import annotations

import re
from collections.abc import Callable

import altair as alt
import pandas as pd
import pytest
from bs4 import BeautifulSoup

from nevbook.report.book import open_edition
from nevbook.report.charts import comparisons, lines, parts, places, theme, timeline
from nevbook.report.charts.frame import WIDTHS, drawable
from nevbook.report.charts.labels import height_of, wrapped
from nevbook.report.charts.svg import draw

LONG = "Xinjiang Production and Construction Corps Automotive Zone"


def rows(*told: dict) -> pd.DataFrame:
    known = {"entity": "chongqing", "kind": "stated", "basis": "By place of production", "year": 2025}
    return pd.DataFrame([known | one for one in told])


def growths() -> pd.DataFrame:
    pairs = [("Vehicle output", 9.7, 10.4), ("New-energy vehicle output", 36.0, 29.0), (wrapped(LONG), 28.7, 30.0)]
    return rows(
        *({"series": n, "entity": "chongqing", "value": a, "label": f"{a}%", "bare": f"{a}"} for n, a, _ in pairs),
        *({"series": n, "entity": "CHN", "value": b, "label": f"{b}%", "bare": f"{b}"} for n, _, b in pairs),
    )


def yearly() -> pd.DataFrame:
    told = [(2016, 3.16e6, "a"), (2017, 2.99e6, "a"), (2019, 1.38e6, "a"), (2023, 2.32e6, "a"), (2024, 2.54e6, "a")]
    told += [(2025, 2.79e6, "b")]
    frame = rows(*({"series": "Chongqing", "year": y, "value": v, "basis": b} for y, v, b in told))
    run = frame["year"].diff().ne(1) | frame["basis"].ne(frame["basis"].shift())
    return frame.assign(segment=run.cumsum().astype(str), last=[False] * 5 + [True], label="2.79 million")


def prices() -> pd.DataFrame:
    told = [("Aito M9", 469_800, 569_800), ("Avatr 12", 265_800, 428_000), ("Deepal S07", 149_900, 149_900)]
    return rows(*({"series": n, "entity": n, "low": a, "high": b, "label": f"{a:,}"} for n, a, b in told))


def grid() -> pd.DataFrame:
    told = [("Anhui", 0, 0, 3.69e6), ("Chongqing", 1, 0, 2.79e6), ("Tibet", 0, 1, None), ("Shanghai", 1, 1, 0.2e6)]
    labels = ["3.7m", "2.8m", "", "0.2m"]
    return pd.DataFrame(
        [
            {"short": n[:2], "series": n, "entity": n, "column": c, "row": r, "value": v, "label": t}
            for (n, c, r, v), t in zip(told, labels, strict=True)
        ]
    )


def steps() -> pd.DataFrame:
    told = [
        ("2024", 43.1, True),
        ("More vehicles", 12.3, False),
        ("Value per vehicle", -2.4, False),
        ("2025", 53.0, True),
    ]
    return rows(*({"series": n, "value": v, "whole": w, "label": f"{v} billion"} for n, v, w in told))


FORMS: dict[str, Callable[[], tuple[alt.LayerChart, dict]]] = {
    "dumbbell": lambda: (
        comparisons.dumbbell(growths(), "percent", "chongqing"),
        {"height": height_of(["one", "two", wrapped(LONG)]), "room": 30},
    ),
    "bars": lambda: (
        comparisons.bars(
            growths().assign(kind=["stated", "target"] * 3), "percent", ["one", "two", wrapped(LONG)], "chongqing"
        ),
        {"height": height_of(["one", "two", wrapped(LONG)]), "room": 60},
    ),
    "interval_dots": lambda: (
        comparisons.interval_dots(prices().assign(value=lambda t: (t["low"] + t["high"]) / 2), "yuan", "Aito M9"),
        {"height": height_of(["one", "two", wrapped(LONG)]), "room": 60},
    ),
    "ladder": lambda: (
        comparisons.ladder(prices(), "yuan", 200_000, "200,000 yuan", ["Aito M9"]),
        {"height": height_of(["one", "two", wrapped(LONG)]), "room": 60},
    ),
    "broken_lines": lambda: (
        lines.broken_lines(yearly(), "vehicles", "Chongqing"),
        {"room": 70},
    ),
    "months_of_years": lambda: (
        lines.months_of_years(
            rows(*({"year": y, "month": m, "value": m * 2e5} for y in (2024, 2025) for m in (2, 3, 6, 12))),
            "vehicles",
            2025,
        ),
        {"room": 40},
    ),
    "waterfall": lambda: (parts.waterfall(steps(), "yuan", ["More vehicles"]), {"room": 70}),
    "stacked": lambda: (
        parts.stacked(
            rows(
                *({"series": s, "year": y, "value": v} for y, s, v in (
                    (2024, "NEVs", 19.0), (2024, "other", -9.0), (2025, "NEVs", 13.5), (2025, "other", -3.8)))
            ),
            "percentage_points", ["NEVs", "other"], "NEVs",
        ),
        {},
    ),
    "ranks": lambda: (
        places.ranks(
            rows(
                *({"series": n, "entity": n, "year": y, "rank": r} for y, n, r in (
                    (2016, "Chongqing", 1), (2016, "Shanghai", 2), (2025, "Shanghai", 2), (2025, "Chongqing", 1)))
            ),
            "Chongqing",
        ),
        {"room": 80},
    ),
    "tiles": lambda: (
        places.tiles(grid(), [5e5, 1e6, 2e6], ["less", "0.5 million", "1 million", "2 million"], "no figure"),
        {"height": 300},
    ),
    "timeline": lambda: (
        timeline.timeline(
            pd.DataFrame(
                [
                    {"date": "2018-06", "what": "Changan opens its plant for new-energy cars", "theme": "plant"},
                    {"date": "2021-12-02", "what": "Aito M5 is shown", "theme": "launch"},
                    {"date": "2025-03-01", "what": "Plan for the 33618 clusters is renewed", "theme": "policy"},
                ]
            ),
            "launch",
        ),
        {"height": 200},
    ),
}  # fmt: skip


@pytest.fixture(autouse=True)
def look() -> None:
    alt.theme.enable(theme.NAME)


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("size", WIDTHS)
def test_a_form_is_drawn_with_its_letters(name: str, size: str) -> None:
    chart, more = FORMS[name]()
    spec = chart.properties(height=more.get("height", 260)).to_dict()  # validates
    spec["usermeta"] = {"nevbook": {"id": name, "room": more.get("room", 0)}}
    svg = draw(spec, WIDTHS[size])
    page = BeautifulSoup(svg, "html.parser")
    assert f'width="{WIDTHS[size]}"' in svg and not re.search(r"NaN|undefined|null", svg)
    assert len([t for t in page.find_all("text") if t.text.strip()]) >= 2
    assert page.select("[class*=mark-] path, [class*=mark-] line, path")
    assert drawable(spec, 360)["width"] == 360


def test_a_long_name_is_broken_between_words() -> None:
    assert max(map(len, wrapped(LONG).split("|"))) <= 20
    assert wrapped(LONG).replace("|", " ") == LONG
    assert wrapped("Deepal") == "Deepal" and wrapped("") == ""


def test_a_waterfall_ends_where_its_parts_lead() -> None:
    spec = parts.waterfall(steps(), "yuan", []).to_dict()
    (data,) = (d for d in spec["datasets"].values())
    assert data[2]["end"] == pytest.approx(data[3]["end"]) and data[1]["start"] == pytest.approx(data[0]["end"])
    wrong = steps().assign(value=[43.1, 12.3, -9.4, 53.0])
    (other,) = (d for d in parts.waterfall(wrong, "yuan", []).to_dict()["datasets"].values())
    assert other[2]["end"] != pytest.approx(other[3]["end"])


def test_each_tile_of_the_map_has_a_place_of_its_own_and_the_value_of_its_region() -> None:
    view, book = open_edition(2025)
    known = {q.entity: q.value for q in view.ranking("vehicle_production")}
    frame = book.laid_out(view.ranking("vehicle_production"), "china")
    assert len(frame) == 31 and not frame.duplicated(["column", "row"]).any() and not frame.duplicated("short").any()
    assert set(known) <= set(frame["entity"]) and {view.data.entities[e].parent for e in frame["entity"]} == {"CHN"}
    for entity, value, label in zip(frame["entity"], frame["value"], frame["label"], strict=True):
        assert value == known[entity] if entity in known else pd.isna(value) and label == ""


def test_a_target_is_a_tick_and_never_a_bar() -> None:
    frame = growths().assign(kind=["stated", "target"] * 3)
    made, aims, _text = comparisons.bars(frame, "percent", list(frame["series"]), "chongqing").to_dict()["layer"]
    assert made["mark"]["type"] == "bar" and made["transform"] == [{"filter": "datum.kind != 'target'"}]
    assert aims["mark"]["type"] == "tick" and aims["transform"] == [{"filter": "datum.kind == 'target'"}]
