"""What is told sound at a glance, the stock validator finds sound too."""

from __future__ import annotations

import pytest
from frictionless import Package, Resource, Schema

from nevbook.data.package import read_descriptor
from nevbook.data.validation.soundness import distinct, sound
from tests.conftest import DATA

CELLS = [
    *(
        "",
        " ",
        "a",
        "A b",
        "-",
        "1",
        "01",
        "-3",
        "+3",
        "1.5",
        "1.",
        ".5",
        "1e5",
        "1_000",
        "1,000",
        "NaN",
        "INF",
        "true",
    ),
    *("2026-11-22", "2026-13-01", "2026-2-1", "20261122", "2026-11-22T00:00:00", "CHN", "chn", "\u0661", " 1", "1 "),
]
FIELDS = [
    {"type": "string"},
    {"type": "string", "constraints": {"required": True}},
    {"type": "string", "constraints": {"pattern": "^[A-Z]{3}$"}},
    {"type": "string", "constraints": {"enum": ["a", "CHN"]}},
    {"type": "number"},
    {"type": "number", "constraints": {"minimum": 0, "maximum": 100}},
    {"type": "integer", "constraints": {"minimum": 1}},
    {"type": "date"},
    {"type": "date", "constraints": {"required": True}},
    {"type": "boolean"},
    {"type": "string", "constraints": {"minLength": 2}},
    {"type": "date", "format": "%d/%m/%Y"},
]


@pytest.mark.parametrize("field", FIELDS, ids=str)
def test_no_cell_is_sound_that_frictionless_refuses(field: dict) -> None:
    for cell in CELLS:
        if sound({"x": field}, [], [], [{"x": cell, "y": "1"}]):
            schema = {"fields": [{"name": "x"} | field, {"name": "y", "type": "string"}], "missingValues": [""]}
            told = Resource(data=[["x", "y"], [cell, "1"]], schema=Schema.from_descriptor(schema))
            assert told.validate().valid, (field, cell)


def test_keys_that_repeat_or_lead_nowhere_are_not_sound() -> None:
    fields = {"a": {"type": "string"}, "b": {"type": "string"}}
    rows = [{"a": "1", "b": "x"}, {"a": "1", "b": "y"}, {"a": "", "b": "z"}]
    assert sound(fields, ["b"], [], rows) and sound(fields, [], [(["a"], {"1"})], rows)
    assert not sound(fields, ["a"], [], rows)
    assert not sound(fields, [], [(["a"], {"2"})], rows)
    assert not sound({"a": {"type": "string", "constraints": {"unique": True}}, "b": fields["b"]}, [], [], rows)
    assert sound(fields, ["a", "b"], [(["a", "b"], distinct(rows, ["a", "b"]))], rows[:2])
    assert not sound(fields, [], [(["a", "b"], {("1", "x")})], rows[:2])


def test_the_tables_of_the_book_are_sound_and_frictionless_agrees() -> None:
    for resource in Package(str(DATA / "datapackage.json")).resources:
        declared = next(r for r in read_descriptor(DATA)["resources"] if r["name"] == resource.name)
        if resource.name in ("fit_rules", "vehicles", "memberships", "attributes"):
            rows = [dict(zip(resource.schema.field_names, cells, strict=True)) for cells in _cells(declared["path"])]
            fields = {f["name"]: f for f in declared["schema"]["fields"]}
            assert sound(fields, list(resource.schema.primary_key), [], rows), resource.name


def _cells(path: str) -> list[list[str]]:
    import csv

    with (DATA / path).open(encoding="utf-8", newline="") as handle:
        return list(csv.reader(handle))[1:]
