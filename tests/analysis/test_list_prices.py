"""List prices: the newest of each model, in yuan, as the edition sees them."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import shutil
from pathlib import Path

from nevbook.analysis.list_prices import list_prices
from nevbook.data.dataset import as_edition, load
from tests.conftest import DATA


def prices(year: int = 2025) -> dict[str, tuple[float, float | None]]:
    found = list_prices(as_edition(load(DATA), year, "chongqing", None), "chongqing", year)
    return {r.low.entity: (r.low.value, r.high and r.high.value) for r in found}


def test_a_model_has_the_prices_of_its_newest_list() -> None:
    assert prices()["aito_m7"] == (249800, 329800)
    assert prices(2023)["aito_m7"] == (249800, 309800)
    assert prices(2022)["aito_m7"] == (319800, None)
    assert prices()["aito_m9"] == (509800, None)  # what was expected before its launch is no list price
    assert "changan_nevo_e07" not in prices()  # known in euros only


def test_the_most_expensive_model_comes_first() -> None:
    tops = [high or low for low, high in prices().values()]
    assert tops == sorted(tops, reverse=True) and len(tops) > 5


def test_a_price_recorded_later_or_of_another_region_is_left_out() -> None:
    data = as_edition(load(DATA), 2025, "chongqing", None)
    assert not list_prices(dataclasses.replace(data, as_of=dt.date(2026, 11, 24)), "chongqing", 2025)
    assert not list_prices(data, "anhui", 2025)


def test_of_sources_that_disagree_the_stronger_is_shown_and_the_other_beside_it(tmp_path: Path) -> None:
    assert prices()["avatr_06"] == (191900, None)  # two prices to start from are no range
    shutil.copytree(DATA, tmp_path / "data")
    table = tmp_path / "data" / "model_prices.csv"
    rows = list(csv.DictReader(table.open(encoding="utf-8")))
    one = next(r for r in rows if r["model"] == "deepal_s07" and r["market"] == "CHN")
    weak = {"id": "weak", "low": "150000", "source": "h7-evmagz-avatr06"}
    with table.open("a", encoding="utf-8", newline="") as handle:
        csv.DictWriter(handle, one).writerows([one | weak, one | {"id": "top", "low": "200000", "version": "top"}])
    found = list_prices(as_edition(load(tmp_path / "data"), 2025, "chongqing", None), "chongqing", 2025)
    low, high = next((r.low, r.high) for r in found if r.low.entity == "deepal_s07")
    assert (low.value, high and high.value) == (169900, 200000)
    assert [r.id for r in low.others] == ["weak"]
