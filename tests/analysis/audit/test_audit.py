"""The audit finds by itself what is known to clash, and its verdicts turn exactly where intervals part."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections import Counter
from collections.abc import Callable

import pytest

from nevbook.analysis.audit import audit
from nevbook.analysis.audit.findings import (
    AMBIGUOUS,
    ARTICLE,
    CONFLICTS,
    CROSSES,
    DIFFERS,
    MET,
    MISSED,
    OPEN,
    RECONCILES,
    REPEATED,
    STATED,
    UNKNOWN,
    VERDICTS,
    Finding,
)
from nevbook.data import dataset
from nevbook.data.dataset import Dataset
from nevbook.data.models import Observation
from nevbook.report import findings
from nevbook.report.book import Book
from nevbook.report.edition_view import EditionView
from nevbook.report.quantity_text import Register
from nevbook.report.verdicts import claim
from tests.conftest import ROOT, nevbook

AS_OF = dt.date(2026, 11, 22)


@pytest.fixture(scope="module")
def data() -> Dataset:
    return dataset.load()


@pytest.fixture(scope="module")
def found(data: Dataset) -> list[Finding]:
    return audit.audit(data, 2025)


def pick(found: list[Finding], kind: str, indicator: str, entity: str, period: str, **more: str) -> list[Finding]:
    return [
        f
        for f in found
        if (f.kind, f.indicator, f.entity, f.period) == (kind, indicator, entity, period)
        and all(v in f.id for v in more.values())
    ]


def only(found: list[Finding], *what: str, **more: str) -> Finding:
    some = pick(found, *what, **more)
    assert len(some) == 1, [f.id for f in some]
    return some[0]


def sentence(data: Dataset, finding: Finding) -> str:
    return findings.sentence(finding, Register(data)).text


def test_output_called_sales(data: Dataset, found: list[Finding]) -> None:
    finding = only(found, "collision", "nev_sales", "chongqing", "2024", step="level")
    assert finding.verdict == CONFLICTS and finding.stated is not None and finding.stated.value == 953_200
    assert "new-energy vehicle sales" in sentence(data, finding) and "new-energy vehicle output" in sentence(
        data, finding
    )
    assert only(found, "collision", "nev_sales", "chongqing", "2024", step="yoy_growth").verdict == CONFLICTS


def test_up_21_6_percent_has_two_readings_and_a_witness(data: Dataset, found: list[Finding]) -> None:
    finding = only(found, "reading", "high_end_nev_share", "chongqing", "2024")
    assert finding.verdict == AMBIGUOUS
    assert round(finding.gaps["points"].value, 1) == 26.7 and round(finding.gaps["relative"].value, 1) == 39.7
    assert 21 < finding.gaps["rise"].value < 23 and "far nearer to the first" in sentence(data, finding)


def test_two_shares_with_different_wholes(found: list[Finding]) -> None:
    finding = only(found, "wholes", "high_end_nev_share", "chongqing", "2024")
    assert finding.verdict == AMBIGUOUS
    assert finding.stated is not None and finding.computed is not None
    assert (finding.stated.value, finding.computed.value) == (48.3, 24.3)


def test_two_growth_rates_of_one_year(data: Dataset, found: list[Finding]) -> None:
    finding = only(found, "sources", "nev_production", "chongqing", "2023", measure="yoy_growth")
    assert finding.verdict == CONFLICTS
    assert "30.3 percent" in sentence(data, finding) and "37 percent" in sentence(data, finding)


def test_the_national_and_the_local_count_of_2016(found: list[Finding]) -> None:
    finding = only(found, "counting", "vehicle_production", "chongqing", "2016")
    assert finding.verdict == DIFFERS
    assert {round(finding.gaps[k].value, -2) for k in ("a", "b")} == {2_663_400, 3_156_200}


@pytest.mark.parametrize(
    ("indicator", "period"),
    [
        ("vehicle_exports_units", "2024"),
        ("vehicle_exports_units", "2025"),
        ("vehicle_exports_value", "2024"),
        ("vehicle_exports_value", "2025"),
    ],
)
def test_exports_agree_with_their_growth(found: list[Finding], indicator: str, period: str) -> None:
    some = pick(found, "growth", indicator, "chongqing", period)
    assert some and {f.verdict for f in some} == {RECONCILES}


def test_exports_of_the_first_year_imply_the_year_before(found: list[Finding]) -> None:
    some = pick(found, "growth", "vehicle_exports_units", "chongqing", "2023")
    assert some and {f.verdict for f in some} == {UNKNOWN}
    assert all(f.computed and f.computed.low < 283_513 < f.computed.high and f.computed.period == "2022" for f in some)


def test_the_research_gap_implies_the_nation(found: list[Finding]) -> None:
    finding = only(found, "gap", "rd_intensity_gap_to_china", "chongqing", "2024")
    assert finding.verdict == UNKNOWN and finding.computed is not None
    assert round(finding.computed.value, 1) == 1.8 and finding.computed.low < 1.75 and finding.computed.high > 1.85


def test_one_target_missed_by_a_hair_and_one_met(data: Dataset, found: list[Finding]) -> None:
    missed = only(found, "target", "nev_production", "chongqing", "2025")
    assert missed.verdict == MISSED and missed.computed is not None
    assert missed.computed.low > 99.6 and missed.computed.high < 99.8
    assert only(found, "target", "vehicle_production", "chongqing", "2025").verdict == MET


def test_the_contribution_follows_from_pull_and_growth(found: list[Finding]) -> None:
    some = pick(found, "share", "auto_contribution_to_industrial_growth", "chongqing", "2024")
    fits = [f for f in some if f.stated and f.stated.value == 66.7]
    assert fits and {f.verdict for f in fits} == {RECONCILES}
    assert all(f.computed and round(f.computed.value, 1) == 67.1 for f in fits)


def test_a_share_that_mixes_two_counts_is_ambiguous(found: list[Finding]) -> None:
    finding = only(found, "share", "share_of_china_vehicle_exports", "chongqing", "2025")
    assert finding.verdict == AMBIGUOUS


def test_the_rd_intensity_of_seres_reconciles(found: list[Finding]) -> None:
    some = pick(found, "share", "rd_intensity", "seres", "2023")
    assert [f.verdict for f in some] == [RECONCILES]


# --- mutation: the verdict turns where the intervals part, and not before -----------------


def changed(data: Dataset, row_id: str, change: Callable[[Observation], Observation]) -> Dataset:
    rows = tuple(change(r) if r.id == row_id else r for r in data.observations)
    return dataclasses.replace(data, observations=rows)


def moved(data: Dataset, finding: Finding, value: float) -> str:
    """The verdict after the judged value is moved."""
    other = changed(data, finding.inputs[0], lambda r: dataclasses.replace(r, value=value))
    again = {f.id: f for f in audit.audit(other, 2025)}
    return again[finding.id].verdict


def alone(data: Dataset, finding: Finding) -> bool:
    """Whether one row each stands behind now and before, so that nothing else can fit."""
    rows = {r.id: r for r in data.observations}
    judged = rows[finding.inputs[0]]
    around = [
        [
            r
            for r in data.rows(judged.indicator, judged.entity)
            if r.period == p and r.basis == judged.basis and r.outcome
        ]
        for p in (judged.period, judged.span.before)
    ]
    return all(len(some) == 1 for some in around)


def test_a_growth_turns_exactly_where_its_interval_ends(data: Dataset, found: list[Finding]) -> None:
    some = [f for f in found if f.kind == "growth" and f.verdict == RECONCILES and alone(data, f)][:6]
    assert len(some) == 6
    for finding in some:
        assert finding.computed is not None and finding.stated is not None
        half = (finding.stated.high - finding.stated.low) / 2
        inside, outside = finding.computed.high + half * 0.9, finding.computed.high + half * 1.1
        if half == 0:
            continue
        assert moved(data, finding, inside) == RECONCILES, finding.id
        assert moved(data, finding, outside) == CONFLICTS, finding.id
        low_inside, low_outside = finding.computed.low - half * 0.9, finding.computed.low - half * 1.1
        assert moved(data, finding, low_inside) == RECONCILES, finding.id
        assert moved(data, finding, low_outside) == CONFLICTS, finding.id


def test_a_share_turns_exactly_where_its_interval_ends(data: Dataset, found: list[Finding]) -> None:
    finding = pick(found, "share", "rd_intensity", "seres", "2023")[0]
    assert finding.computed is not None
    assert moved(data, finding, finding.computed.high + 0.0045) == RECONCILES
    assert moved(data, finding, finding.computed.high + 0.0055) == CONFLICTS


def test_a_second_source_turns_when_it_parts_from_the_shown_one(data: Dataset, found: list[Finding]) -> None:
    finding = only(found, "sources", "vehicle_exports_units", "chongqing", "2023", basis="customs")
    assert finding.verdict == REPEATED
    other = next(i for i in finding.inputs[1:])

    def verdict(value: float) -> str:
        again = audit.audit(changed(data, other, lambda r: dataclasses.replace(r, value=value)), 2025)
        return only(again, "sources", "vehicle_exports_units", "chongqing", "2023", basis="customs").verdict

    assert verdict(368_900) == REPEATED
    assert verdict(369_100) == CONFLICTS


def test_a_collision_ends_when_the_values_part(data: Dataset, found: list[Finding]) -> None:
    finding = only(found, "collision", "nev_sales", "chongqing", "2024", step="level")
    other = changed(data, finding.inputs[0], lambda r: dataclasses.replace(r, value=953_300))
    assert not pick(audit.audit(other, 2025), "collision", "nev_sales", "chongqing", "2024", step="level")


def test_what_its_own_source_has_revised_conflicts_with_nothing(data: Dataset, found: list[Finding]) -> None:
    old = next(r for r in data.observations if r.id.endswith(".2022.level.people-2023-07-25-nev-lines"))
    new = next(r for r in data.observations if r.id == f"{old.id}.2026-11-25")
    assert old.id not in {i for f in found for i in f.inputs} and new.id in {i for f in found for i in f.inputs}
    kept = dataclasses.replace(data, observations=tuple(r for r in data.observations if r.id != new.id))
    assert old.id in {i for f in audit.audit(kept, 2025) for i in f.inputs}


def test_a_target_turns_with_its_outcome(data: Dataset, found: list[Finding]) -> None:
    finding = only(found, "target", "nev_production", "chongqing", "2025")
    rows = {r.id for r in data.rows("nev_production", "chongqing") if r.period == "2025" and r.outcome}

    def verdict(value: float) -> str:
        other = tuple(
            dataclasses.replace(r, value=value, resolution=1) if r.id in rows else r for r in data.observations
        )
        again = audit.audit(dataclasses.replace(data, observations=other), 2025)
        return only(again, "target", "nev_production", "chongqing", "2025").verdict

    assert finding.verdict == MISSED
    assert verdict(1_299_999) == MISSED
    assert verdict(1_300_001) == MET


# --- as it is used ------------------------------------------------------------------------


def test_ids_are_unique_and_the_same_rows_give_the_same_findings(data: Dataset, found: list[Finding]) -> None:
    ids = [f.id for f in found]
    assert len(ids) == len(set(ids)), sorted({i for i in ids if ids.count(i) > 1})
    turned = dataclasses.replace(data, observations=tuple(reversed(data.observations)))
    assert [f.id for f in audit.audit(turned, 2025)] == ids
    assert [f.verdict for f in audit.audit(turned, 2025)] == [f.verdict for f in found]


def test_the_command_prints_json_with_arithmetic_and_inputs(data: Dataset) -> None:
    done = nevbook(ROOT, "audit", "--json")
    assert done.returncode == 0, done.stderr
    whole = json.loads(done.stdout)
    rows = {r.id for r in data.observations}
    assert sum(whole["counts"].values()) == len(whole["findings"]) > 400
    for finding in whole["findings"]:
        assert finding["verdict"] in VERDICTS and finding["sentence"] and set(finding["inputs"]) <= rows
        if finding["verdict"] != UNKNOWN:
            assert finding["arithmetic"], finding["id"]


def test_the_command_says_what_conflicts() -> None:
    done = nevbook(ROOT, "audit")
    assert done.returncode == 0 and "953,200 is given for two different things of Chongqing in 2024" in done.stdout
    assert "findings:" in done.stdout.splitlines()[-1]


def test_an_edition_audits_only_what_it_sees(data: Dataset) -> None:
    findings = audit.audit(data.vintage(2024, AS_OF), 2024)
    assert not [f for f in findings if f.period.startswith("2025") and f.kind != "target"]
    assert not pick(findings, "target", "nev_production", "chongqing", "2025")
    assert all(f.recorded == AS_OF for f in findings)


def test_a_finding_that_the_edition_before_could_not_know_is_marked(data: Dataset) -> None:
    book = Book(EditionView.open(2025))
    finding = next(f for f in book.view.findings if f.verdict == CONFLICTS)
    assert not book.view.is_new(finding) and not book.finding(finding).text.startswith("New: ")
    later = dataclasses.replace(finding, recorded=book.view.as_of + dt.timedelta(days=1))
    assert book.view.is_new(later) and book.finding(later).text.startswith("New: ")


def test_each_claim_has_a_verdict_with_arithmetic_or_the_reason_why_not(data: Dataset, found: list[Finding]) -> None:
    ledger = audit.judge(data, found)
    assert len(ledger) == len(data.claims) >= 40
    for one in ledger:
        assert one.verdict in (*VERDICTS, "opinion", STATED, OPEN, "event")
        if one.claim.kind in ("figure", "comparison"):
            assert (one.finding and findings.arithmetic(one.finding)) or one.claim.note or one.verdict == UNKNOWN, (
                one.claim.id
            )
        if one.claim.kind == "opinion":
            assert one.verdict == "opinion"


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        ("chongqing.nev_sales.2024.level", CONFLICTS),
        ("chongqing.high_end_nev_share.2024.yoy_growth", AMBIGUOUS),
        ("chongqing.vehicle_exports_units.2024.level", REPEATED),
        ("chongqing.vehicle_exports_value.2024.level", CONFLICTS),
        ("chongqing.rd_intensity.2024.level", UNKNOWN),
        ("seres.revenue.2024.level", REPEATED),
        ("chongqing.nev_production.2025.level.target", MISSED),
        ("chongqing.vehicle_production.2025.level.target", MET),
    ],
)
def test_the_claims_verdicts_are_those_of_their_figures(
    data: Dataset, found: list[Finding], row: str, verdict: str
) -> None:
    some = [j for j in audit.judge(data, found) if j.claim.observations[:1] == (f"{row}.{ARTICLE}",)]
    assert some and verdict in {j.verdict for j in some}


def test_the_figures_of_a_claim_lead_to_their_sources() -> None:
    book = Book(EditionView.open(2024))
    sold = next(j.claim for j in book.view.judged() if "953,200" in j.claim.claim)
    written = claim(book, sold)
    assert 'value="953200"' in written.html and 'data-source="ichongqing-2025-03-seed"' in written.html
    assert written.text == sold.claim
    evil = dataclasses.replace(sold, claim="<b>953,200</b> in 2024")
    assert "<b>" not in claim(book, evil).html and '<time datetime="2024">' in claim(book, evil).html


@pytest.mark.parametrize(("indicator", "before"), [("vehicle_production", 2_541_000), ("nev_production", 953_000)])
def test_growth_across_two_counts_is_said_to_cross_them(
    data: Dataset, found: list[Finding], indicator: str, before: float
) -> None:
    finding = only(found, "growth", indicator, "chongqing", "2025")
    assert finding.verdict == CROSSES
    now, then = finding.computed.inputs
    assert (now.basis, then.basis) == ("place", "registration") and abs(then.value / before - 1) < 0.001
    # the same count for the year before settles it: then it reconciles, and no pair across two counts is asked
    row = then.observation
    alike = dataclasses.replace(row, id=f"{row.id}.place", basis="place")
    settled = dataclasses.replace(data, observations=(*data.observations, alike))
    assert only(audit.audit(settled, 2025), "growth", indicator, "chongqing", "2025").verdict == RECONCILES


def test_no_finding_stands_twice(found: list[Finding]) -> None:
    rates = [f for f in found if f.kind in ("growth", "change") and f.stated is not None]
    what = [
        (f.kind, f.indicator, f.entity, f.period, f.stated.basis, f.stated.value, f.stated.qualifier) for f in rates
    ]
    assert len(what) > 50 and len(set(what)) == len(what)


def test_a_part_that_is_the_whole_conflicts_with_nothing(data: Dataset, found: list[Finding]) -> None:
    electric = [r for r in data.observations if (r.entity, r.value) == ("seres_automobile", 106_703)]
    assert {r.indicator for r in electric} == {"nev_sales", "vehicle_sales"}  # the firm builds no others
    assert not {f.entity for f in found if f.kind == "collision"} - {"chongqing"}


def test_a_wrong_growth_is_told_of_once(data: Dataset, found: list[Finding]) -> None:
    told = [f for f in found if f.verdict == CONFLICTS and any("justauto-2026-01-caam" in i for i in f.inputs[:2])]
    assert [f.kind for f in told if f.indicator == "vehicle_production"] == ["sources"]


def test_coarse_levels_check_no_growth(data: Dataset, found: list[Finding]) -> None:
    checked = [f for f in found if f.kind == "growth" and f.verdict in (CROSSES, RECONCILES, REPEATED)]
    assert len(checked) > 60
    assert all(f.computed.high - f.computed.low <= abs(f.stated.value) / 2 for f in checked), checked
    coarse = only(found, "growth", "vehicle_sales", "changan", "2021")
    assert (coarse.verdict, coarse.code) == (UNKNOWN, "growth.coarse")
    finding = next(f for f in pick(found, "growth", "vehicle_production", "chongqing", "2025") if f.verdict == CROSSES)
    levels = {r.id for r in data.rows("vehicle_production", "chongqing") if r.period == "2024" and r.outcome}
    rows = tuple(
        dataclasses.replace(r, resolution=500_000) if r.id in levels and r.measure == "level" else r
        for r in data.observations
    )
    again = {f.id: f for f in audit.audit(dataclasses.replace(data, observations=rows), 2025)}
    assert again[finding.id].verdict != CROSSES


def test_no_finding_says_what_another_says(data: Dataset, found: list[Finding]) -> None:
    said = Counter(sentence(data, f) for f in found if f.verdict != UNKNOWN)
    assert not {text: n for text, n in said.items() if n > 1}
