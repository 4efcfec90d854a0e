"""The ledger of the article's claims: whole, in our words, and tied to the data."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from nevbook.build.plan import plan
from nevbook.common.config import Edition
from nevbook.common.errors import DataError
from nevbook.data.claims import UNSEEN, Claim, seen_row
from nevbook.data.dataset import Dataset, load
from nevbook.data.issues import Issue
from nevbook.data.validation.check import check
from nevbook.export.package import write_package
from tests.conftest import DATA, ROOT, Sheets

ARTICLE = "ichongqing-2025-03-seed"
PARAGRAPHS = 28
CLAIMS = "claims.csv"
SALES = "chongqing.nev_sales.2024.level.ichongqing-2025-03-seed"
# a claim that is well: each test spoils one thing of it
GOOD = {
    "id": "c99-test",
    "paragraph": "5",
    "claim": "A claim for a test.",
    "kind": "figure",
    "observations": SALES,
    "chapter": "output",
}


@pytest.fixture(scope="module")
def data() -> Dataset:
    return load(DATA)


def only(issues: list[Issue]) -> Issue:
    assert len(issues) == 1, "\n".join(map(str, issues))
    return issues[0]


def place(issue: Issue) -> tuple[str, int | None, str | None, str | None]:
    return issue.file, issue.row, issue.column, issue.value


# the ledger


def test_the_ledger_covers_the_article(data: Dataset) -> None:
    assert len(data.claims) >= 80
    assert {c.paragraph for c in data.claims} == set(range(1, PARAGRAPHS + 1))
    assert {c.kind for c in data.claims} == {"figure", "comparison", "event", "plan", "opinion"}
    assert len({c.id for c in data.claims}) == len(data.claims) == len({c.claim for c in data.claims})


def test_the_claims_stand_in_the_order_of_the_article(data: Dataset) -> None:
    assert [c.paragraph for c in data.claims] == sorted(c.paragraph for c in data.claims)
    assert all(re.fullmatch(r"c\d\d-[a-z0-9-]+", c.id) for c in data.claims)


def test_every_figure_of_the_article_is_claimed(data: Dataset) -> None:
    article = {r.id for r in data.observations if r.source == ARTICLE}
    assert len(article) >= 24
    assert article <= {one for c in data.claims for one in c.observations}


def test_a_figure_rests_first_on_the_article(data: Dataset) -> None:
    source = {r.id: r.source for r in data.observations}
    for claim in data.claims:
        own = [source[one] == ARTICLE for one in claim.observations]
        assert own == sorted(own, reverse=True), claim.id
        assert claim.kind != "figure" or own[0], claim.id


def test_what_the_article_says_itself_stands_in_the_paragraph_of_the_claim(data: Dataset) -> None:
    rows = {r.id: r for r in data.observations}
    told = set()
    for claim in data.claims:
        first = [rows[one] for one in claim.observations][:1]
        for row in first:
            if row.source == ARTICLE and claim.kind in ("figure", "plan"):
                said = row.locator.replace("last paragraph", f"paragraph {PARAGRAPHS}")
                assert said == f"paragraph {claim.paragraph}", claim.id
                told.add(claim.paragraph)
    assert told == {5, 13, 15, 17, 28}


def test_the_collision_of_sales_and_output_is_on_record(data: Dataset) -> None:
    rows = {r.id: r for r in data.observations}
    sales = next(c for c in data.claims if SALES in c.observations)
    against = [rows[one] for one in sales.observations[1:]]
    assert against and {r.indicator for r in against} == {"nev_production"}
    assert 953_200 in {r.value for r in against if r.source != ARTICLE}


def test_each_claim_has_a_chapter_and_what_is_measured_has_figures_or_a_reason(data: Dataset) -> None:
    for claim in data.claims:
        assert (ROOT / "chapters" / f"{claim.chapter}.ipynb").is_file(), claim.id
        assert claim.kind not in ("figure", "comparison") or claim.observations or claim.note, claim.id


def test_notes_hold_no_figure(data: Dataset) -> None:
    # a note may reach a page, where no number stands without its source
    assert [c.id for c in data.claims if re.search(r"\d", c.note)] == []


def test_claims_are_sentences(data: Dataset) -> None:
    for text in (t for c in data.claims for t in (c.claim, c.note) if t):
        assert text == text.strip() and text[0].isupper() and text[-1] == ".", text


# loading


def test_an_edition_keeps_every_claim(data: Dataset) -> None:
    seen = data.vintage(2023, dt.date(2026, 11, 22))
    assert seen.claims == data.claims
    assert not {r.id for r in seen.observations} & {SALES}


def test_a_copy_with_other_claims_leaves_the_rows_alone(data: Dataset) -> None:
    before = len(data.rows("nev_sales", "chongqing"))
    copy = dataclasses.replace(data, claims=data.claims[:1])
    assert len(copy.claims) == 1 and copy.observations == data.observations
    assert len(copy.rows("nev_sales", "chongqing")) == len(data.rows("nev_sales", "chongqing")) == before > 0


def test_an_edition_is_built_again_when_a_claim_changes(data: Dataset) -> None:
    def key(everything: Dataset) -> str:
        return plan(ROOT, Edition(2024, "chongqing"), DATA, everything, "lock", "package").key

    first, *rest = data.claims
    changed = dataclasses.replace(data, claims=(dataclasses.replace(first, note="Another note."), *rest))
    assert key(data) == key(dataclasses.replace(data)) != key(changed)


def test_data_without_claims_load(data: Dataset, sheets: Sheets) -> None:
    assert Dataset(data.folder, {}, {}, {}, {}, ()).claims == ()
    path = sheets.folder / "datapackage.json"
    undeclare(path)
    assert load(sheets.folder).claims == ()
    assert check(sheets.folder) == []


def undeclare(path: Path) -> None:
    package = json.loads(path.read_text(encoding="utf-8"))
    package["resources"] = [r for r in package["resources"] if r["name"] != "claims"]
    path.write_text(json.dumps(package), encoding="utf-8")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"observations": SALES.replace("sales", "sale")}, rf"no 'chong.*did you mean {re.escape(SALES)}\?"),
        ({"observations": f"{SALES};"}, "no ''"),
        ({"paragraph": "0"}, "paragraph 0 is no number from 1 up"),
        ({"paragraph": "last"}, "paragraph 'last' is no plain number"),
    ],
)
def test_a_claim_that_cannot_be_read_is_named(sheets: Sheets, changes: dict[str, str], said: str) -> None:
    row = sheets.append(CLAIMS, GOOD | changes)
    with pytest.raises(DataError, match=rf"claims\.csv, row {row} \(c99-test\): .*{said}"):
        load(sheets.folder)
    assert {(f.file, f.row) for f in check(sheets.folder)} == {(CLAIMS, row)}


def test_a_claim_of_its_row(sheets: Sheets) -> None:
    ids = tuple(sheets.cell("observations.csv", row, "id") for row in (2, 3))
    sheets.append(CLAIMS, GOOD | {"observations": ";".join(ids), "note": ""})
    claim = load(sheets.folder).claims[-1]
    assert claim == Claim("c99-test", 5, "A claim for a test.", "figure", ids, "output", "")


# checking


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"observations": "", "note": "Nobody counts it."},
        {"observations": "", "kind": "opinion"},
        {"observations": "", "kind": "event"},
        {"chapter": "not-there"},  # no chapters beside this copy of the data
    ],
)
def test_a_claim_that_is_well_is_no_issue(sheets: Sheets, changes: dict[str, str]) -> None:
    sheets.append(CLAIMS, GOOD | changes)
    assert check(sheets.folder) == []
    assert load(sheets.folder).claims[-1].id == "c99-test"


@pytest.mark.parametrize(
    ("changes", "column", "value", "problem", "remedy"),
    [
        pytest.param(
            {"observations": f"{SALES};{SALES.replace('sales', 'sale')}"},
            "observations",
            SALES.replace("sales", "sale"),
            "observations.csv has no such observation",
            f"write {SALES}, or add it to observations.csv",
            id="unknown observation, nearest",
        ),
        pytest.param(
            {"observations": "?"}, "observations", "?", "is no observations", "joined by ';'", id="no id at all"
        ),
        pytest.param({"observations": "q9"}, "observations", "q9", "no such", "one that stands there", id="far off"),
        pytest.param(
            {"observations": f"{SALES};{SALES}"}, "observations", SALES, "named twice", "remove one", id="named twice"
        ),
        pytest.param({"paragraph": "0"}, "paragraph", "0", "under 1", "write 1 or more", id="paragraph 0"),
        pytest.param({"paragraph": "-3"}, "paragraph", "-3", "under 1", "write 1 or more", id="paragraph negative"),
        pytest.param({"paragraph": "5th"}, "paragraph", "5th", "is no integer", "write digits", id="paragraph, word"),
        pytest.param({"kind": "figur"}, "kind", "figur", "no kind known here", "write figure", id="kind, nearest"),
        pytest.param({"claim": ""}, "claim", "", "must not be empty", "in our words", id="no claim"),
        pytest.param({"chapter": ""}, "chapter", "", "must not be empty", "write the chapter", id="no chapter"),
        pytest.param(
            {"observations": ""}, "observations", "", "a figure that rests on no", "say in note why", id="bare figure"
        ),
        pytest.param(
            {"observations": "", "kind": "comparison", "note": "  "},
            "observations",
            "",
            "a comparison that rests on no",
            "say in note why",
            id="bare comparison",
        ),
    ],
)
def test_an_issue_of_a_claim(
    sheets: Sheets, changes: dict[str, str], column: str, value: str, problem: str, remedy: str
) -> None:
    row = sheets.append(CLAIMS, GOOD | changes)
    issue = only(check(sheets.folder))
    assert place(issue) == (CLAIMS, row, column, value)
    assert problem in issue.problem
    assert remedy in issue.remedy


def test_a_claim_that_stands_twice(sheets: Sheets) -> None:
    row = sheets.append(CLAIMS, GOOD | {"id": "c01-photo-avatr-line"})
    issue = only(check(sheets.folder))
    assert place(issue) == (CLAIMS, row, "id", "c01-photo-avatr-line")
    assert "stands in row 2 too" in str(issue)


def test_a_chapter_that_is_not_there(sheets: Sheets) -> None:
    chapters = sheets.folder.parent / "chapters"
    chapters.mkdir()
    for path in (ROOT / "chapters").glob("*.ipynb"):
        (chapters / path.name).touch()
    assert check(sheets.folder) == []
    row = sheets.append(CLAIMS, GOOD | {"chapter": "globalisation"})
    issue = only(check(sheets.folder))
    assert place(issue) == (CLAIMS, row, "chapter", "globalisation")
    assert issue.problem == "chapters/ has no such chapter"
    assert issue.remedy == "write globalization"


def test_observations_that_cannot_be_read_have_their_own_issue(sheets: Sheets) -> None:
    path = sheets.folder / "observations.csv"
    whole = path.read_text(encoding="utf-8")
    lines = whole.splitlines()
    torn = next(n for n, line in enumerate(lines) if line.startswith(f"{SALES},"))
    lines[torn] += ",one too many"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert {(f.file, f.row) for f in check(sheets.folder)} == {("observations.csv", torn + 1)}
    path.write_text(whole.replace("id,", "ident,", 1), encoding="utf-8")
    assert {f.file for f in check(sheets.folder)} == {"observations.csv"}


def test_cells_of_any_kind_raise_nothing(sheets: Sheets) -> None:
    nasty = ["", " ", "0", "1.5", "9" * 5000, ";", "a;;b", "/", "../about", "٣", "\n", "\0", "x" * 999]
    rows = sheets.read(CLAIMS)
    model = rows[1]
    for column in range(len(model)):
        rows += [[*model[:column], cell, *model[column + 1 :]] for cell in nasty]
    sheets.write(CLAIMS, rows)
    issues = check(sheets.folder)
    assert {f.file for f in issues} == {CLAIMS}
    assert all("\n" not in str(f) for f in issues)


# the package of an edition


def test_a_row_keeps_what_the_edition_sees() -> None:
    row = GOOD | {"observations": "a;b", "note": "As told."}
    assert seen_row(row, {"a", "b"}) == row
    assert seen_row(row, {"b"}) == row | {"observations": "b"}
    assert seen_row(row, set()) == row | {"observations": "", "note": f"As told. {UNSEEN}"}
    assert seen_row(row | {"note": ""}, set())["note"] == UNSEEN
    bare = GOOD | {"observations": "", "note": ""}
    assert seen_row(bare, set()) == bare


@pytest.mark.parametrize("year", [2020, 2023, 2024, 2025])
def test_the_package_of_an_edition_stays_valid(data: Dataset, tmp_path: Path, year: int) -> None:
    seen = data.vintage(year, dt.date(2026, 11, 22))
    write_package(seen, DATA, tmp_path / "data")
    published = load(tmp_path / "data")
    ids = {r.id for r in seen.observations}
    assert [c.id for c in published.claims] == [c.id for c in data.claims]
    for claim, whole in zip(published.claims, data.claims, strict=True):
        assert claim.observations == tuple(one for one in whole.observations if one in ids)
    lost = [c for c, w in zip(published.claims, data.claims, strict=True) if w.observations and not c.observations]
    assert all(c.note.endswith(UNSEEN) for c in lost)
    assert bool(lost) == any(w.observations and not ids & set(w.observations) for w in data.claims)
    assert [f for f in check(tmp_path / "data") if f.file == CLAIMS] == []
    command = [sys.executable, "-m", "frictionless", "validate", "datapackage.json"]
    done = subprocess.run(command, cwd=tmp_path / "data", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
