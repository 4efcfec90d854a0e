"""The mix of a brand's models by quarter."""

from __future__ import annotations

import pytest

from nevbook.analysis.product_mix import product_mix
from nevbook.data.dataset import as_edition, load
from tests.conftest import DATA

MODELS = ["aito_m7", "aito_m8", "aito_m9"]


def test_the_parts_of_each_quarter_are_those_of_the_brand() -> None:
    mix = product_mix(as_edition(load(DATA), 2025, "chongqing", None), "aito", MODELS, 2025)
    assert (mix.top, mix.second) == ("aito_m9", "aito_m8") and len(mix.whole) >= 2
    for whole, best, other, rest, part in zip(mix.whole, mix.best, mix.others, mix.rest, mix.part, strict=True):
        assert rest is not None and part is not None
        assert best.value + (other.value if other else 0) + rest.value == pytest.approx(whole.value)
        assert part.value == pytest.approx(100 * best.value / whole.value)


def test_without_quarters_or_a_brand_there_is_no_mix() -> None:
    data = as_edition(load(DATA), 2023, "chongqing", None)
    assert product_mix(data, "aito", MODELS, 2023).whole == () == product_mix(data, None, [], 2023).whole
