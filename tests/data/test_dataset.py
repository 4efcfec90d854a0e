"""Finding, loading and refusing the dataset."""

from __future__ import annotations

from pathlib import Path

import pytest

from nevbook.common.errors import ChoiceError, DataError
from nevbook.data import dataset
from nevbook.data.dataset import check_choices, load
from nevbook.data.package import find_data


def test_the_data_are_found_from_a_folder_below(data_copy: Path) -> None:
    below = data_copy.parent / "chapters" / "deep"
    below.mkdir(parents=True)
    assert find_data(below) == data_copy


def test_no_data_above_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no data/datapackage\.json"):
        find_data(tmp_path)


def test_a_missing_table_is_named(data_copy: Path) -> None:
    (data_copy / "sources.csv").unlink()
    with pytest.raises(DataError, match=r"sources\.csv — missing"):
        load(data_copy)


def test_a_wrong_header_is_named(data_copy: Path) -> None:
    path = data_copy / "entities.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("name_zh", "chinese", 1), encoding="utf-8")
    with pytest.raises(DataError, match="the header is not the declared one; write id,name,name_zh"):
        load(data_copy)


def test_a_file_in_another_encoding_is_named(data_copy: Path) -> None:
    path = data_copy / "entities.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("gb18030"))
    with pytest.raises(DataError, match="not UTF-8"):
        load(data_copy)


def test_a_row_that_cannot_be_read_is_named_with_its_line(data_copy: Path) -> None:
    path = data_copy / "observations.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[4] = (
        lines[4].replace(",2016,", ",2016-13,", 1) if ",2016," in lines[4] else lines[4].replace(",=,", ",=,x", 1)
    )
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"observations\.csv, row 5"):
        load(data_copy)


def test_a_changed_file_is_read_again(data_copy: Path) -> None:
    before = len(load(data_copy).observations)
    path = data_copy / "observations.csv"
    path.write_text("\n".join(path.read_text(encoding="utf-8").splitlines()[:-1]) + "\n", encoding="utf-8")
    assert len(load(data_copy).observations) == before - 1


def test_an_id_that_looks_like_missing_stays_an_id() -> None:
    assert "CHN" in load().entities
    assert all(isinstance(e.id, str) and e.id for e in load().entities.values())


def test_unknown_regions_and_years_name_the_choices() -> None:
    data = load()
    with pytest.raises(ChoiceError, match="Did you mean chongqing"):
        check_choices(data, 2025, "chonqing")
    with pytest.raises(ChoiceError, match=r"unknown year 1999 for chongqing.*2024, 2025"):
        check_choices(data, 1999, "chongqing")
    with pytest.raises(ChoiceError, match="seres"):
        check_choices(data, 2025, "seres")  # a company is no region


def test_unknown_indicators_name_the_nearest() -> None:
    with pytest.raises(ChoiceError, match="nev_production"):
        load().rows("nev_prodution", "chongqing")


def test_the_regions_firms_are_those_below_it() -> None:
    below = [e.id for e in load().members("chongqing")]
    assert {"seres", "aito", "aito_m9", "changan", "deepal", "avatr"} <= set(below)
    assert "tesla_shanghai" not in below


def test_every_source_of_a_row_exists_and_every_basis_is_declared() -> None:
    data = dataset.load()
    for row in data.observations:
        assert row.source in data.sources
        assert (row.basis, row.indicator) in data.bases
