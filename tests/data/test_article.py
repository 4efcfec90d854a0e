"""Every figure of the article is in the data as the article gives it."""

from __future__ import annotations

import pytest

from nevbook.data.dataset import load

ARTICLE = "ichongqing-2025-03-seed"

# indicator, entity, period, measure, qualifier, value, unit, kind
FIGURES = [
    ("auto_value_added_growth", "chongqing", "2024", "level", "=", 26.7, "percent", "stated"),
    ("auto_contribution_to_industrial_growth", "chongqing", "2024", "level", "=", 66.7, "percent", "stated"),
    ("nev_sales", "chongqing", "2024", "level", "=", 953_200, "vehicles", "stated"),
    ("nev_sales", "chongqing", "2024", "yoy_growth", "=", 90.5, "percent", "stated"),
    ("high_end_threshold", "chongqing", "2024", "level", "=", 200_000, "yuan", "stated"),
    ("high_end_threshold_usd", "chongqing", "2024", "level", "=", 27_618.4, "usd", "stated"),
    ("exchange_rate", "CHN", "2025-03-08", "level", "=", 7.24155, "yuan_per_usd", "estimate"),
    ("high_end_nev_share", "chongqing", "2024", "level", "=", 48.3, "percent", "stated"),
    ("high_end_nev_share", "chongqing", "2024", "yoy_growth", "=", 21.6, "percent", "stated"),
    ("rd_intensity", "chongqing", "2024", "level", "=", 3.1, "percent", "stated"),
    ("rd_intensity_gap_to_china", "chongqing", "2024", "level", "=", 1.3, "percentage_points", "stated"),
    ("revenue", "seres", "2024", "level", ">", 140e9, "yuan", "stated"),
    ("nev_sales", "seres", "2024", "level", "=", 426_900, "vehicles", "stated"),
    ("nev_sales", "seres", "2024", "yoy_growth", "=", 183, "percent", "stated"),
    ("deliveries", "aito_m9", "2024", "level", ">", 150_000, "vehicles", "stated"),
    ("model_price_class", "aito_m9", "2024", "level", "=", 500_000, "yuan", "stated"),
    ("vehicle_exports_units", "chongqing", "2024", "level", "=", 477_000, "vehicles", "stated"),
    ("vehicle_exports_units", "chongqing", "2024", "yoy_growth", "=", 29.6, "percent", "stated"),
    ("vehicle_exports_value", "chongqing", "2024", "level", "=", 43.11e9, "yuan", "stated"),
    ("vehicle_exports_value", "chongqing", "2024", "yoy_growth", "=", 30, "percent", "stated"),
    ("ev_exports_units", "chongqing", "2024", "level", "=", 60_000, "vehicles", "stated"),
    ("ev_exports_units", "chongqing", "2024", "yoy_growth", "=", 96.5, "percent", "stated"),
    ("vehicle_production", "chongqing", "2025", "level", "=", 2_600_000, "vehicles", "target"),
    ("nev_production", "chongqing", "2025", "level", "=", 1_300_000, "vehicles", "target"),
]


@pytest.mark.parametrize("figure", FIGURES, ids=lambda f: f"{f[0]}-{f[1]}-{f[3]}-{f[7]}")
def test_the_figure_is_in_the_data(figure: tuple) -> None:
    indicator, entity, period, measure, qualifier, value, unit, kind = figure
    found = [r for r in load().rows(indicator, entity, measure) if r.source == ARTICLE and r.period == period]
    assert len(found) == 1
    row = found[0]
    assert (row.qualifier, row.unit, row.kind) == (qualifier, unit, kind)
    assert row.value == pytest.approx(value, rel=1e-6)
    assert (row.resolution == 0) == (kind == "target" or indicator in ("high_end_threshold", "model_price_class"))


def test_output_and_sales_stand_as_two_things() -> None:
    data = load()
    sales = [r for r in data.rows("nev_sales", "chongqing") if r.period == "2024"]
    output = [r for r in data.rows("nev_production", "chongqing") if r.period == "2024" and r.kind == "stated"]
    assert {r.source for r in sales} == {ARTICLE}
    assert 953_200 in {r.value for r in output} and ARTICLE not in {r.source for r in output}


def test_conflicting_sources_stand_side_by_side() -> None:
    data = load()
    assert {r.value for r in data.rows("vehicle_production", "chongqing") if r.period == "2019"} == {
        1_383_000,
        1_374_600,
    }
    growth = {r.value for r in data.rows("nev_production", "chongqing", "yoy_growth") if r.period == "2023"}
    assert {30.3, 37} <= growth
    sixteen = {(r.basis, r.value) for r in data.rows("vehicle_production", "chongqing") if r.period == "2016"}
    assert {("registration", 2_663_400), ("local", 3_156_200)} <= sixteen
