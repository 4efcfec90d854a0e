"""The overseas markets: the same told everywhere, blocs by time, freshness, fit, alerts, feeds, the terminal."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import re
import sqlite3
import unicodedata
from pathlib import Path
from types import SimpleNamespace

import pytest

from nevbook.analysis.markets import fit
from nevbook.analysis.markets.alerts import alerts
from nevbook.analysis.markets.describe import describe
from nevbook.cli.main import main
from nevbook.cli.market_text import fit_dict, market_lines
from nevbook.common.errors import ChoiceError
from nevbook.data.dataset import load
from nevbook.data.markets.dataset import Markets, load_markets
from nevbook.data.markets.models import COMING, EXPIRED, HAPPENED, IN_FORCE, PROPOSED, STALE, TOPICS, Event
from nevbook.export.sqlite import write_sqlite
from nevbook.export.tables import markets_of
from nevbook.report.market_labels import fact_text, line_text, total_text, when_text
from nevbook.report.markets import MarketChapter
from nevbook.site.markets.feeds import atom, calendar
from tests.conftest import DATA, Sheets, nevbook

DAY = dt.date(2026, 11, 25)


@pytest.fixture(scope="module")
def markets() -> Markets:
    return load_markets(DATA).vintage(DAY)


@pytest.fixture(scope="module")
def left(markets: Markets) -> Markets:
    """The markets, and a car with the wheel on the left only."""
    car = dataclasses.replace(markets.vehicle("deepal_s05"), steering=("left",))
    return dataclasses.replace(markets, vehicles=markets.vehicles | {car.id: car})


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main([*arguments, "--data", str(DATA)]) == 0
    return capsys.readouterr().out


# --- the tables --------------------------------------------------------------------


def test_every_row_has_a_source_a_day_and_a_market(markets: Markets) -> None:
    assert len(markets.listed()) == 248 and markets.places["CHN"].kind == "home"
    assert len(markets.facts) > 9_000 and len(markets.events) > 130 and len(markets.sales) > 4_000
    assert {markets.attributes[f.attribute].topic for f in markets.facts} == set(TOPICS)
    for row in (*markets.facts, *markets.events):
        assert row.sources and all(markets.sources[s].licence for s in row.sources), row.id
        assert row.recorded <= row.checked <= DAY, row.id


def test_computed_facts_follow_from_the_stated_ones(markets: Markets) -> None:
    def number(market: str, attribute: str) -> float:
        fact = markets.latest(market, attribute)
        assert fact is not None and fact.number is not None
        return fact.number

    rows = [f for f in markets.facts if f.kind == "derived" and f.attribute in ("paved_share", "road_density")]
    assert len(rows) > 300
    for row in rows:
        roads = number(row.market, "roadways_total_km")
        if row.attribute == "paved_share":
            expected = 100 * number(row.market, "roadways_paved_km") / roads
        else:
            expected = 100 * roads / number(row.market, "area_total_sqkm")
        assert row.number == pytest.approx(expected, abs=0.06, rel=0.005), row.id


def test_aggregates_and_the_home_market_are_kept_apart(markets: Markets) -> None:
    listed = {p.id for p in markets.listed()}
    assert not listed & {"CHN", "EU", "EU27", "EUR", "WLD", "GCC"}
    assert {p.id for p in markets.listed("area")} >= {"EU27", "EUR", "WLD"}
    assert {m.bloc for m in markets.memberships} <= {p.id for p in markets.listed("bloc")}


# --- what depends on a day -----------------------------------------------------------


def test_a_bloc_s_event_appears_for_each_member_of_that_time_and_no_other(markets: Markets) -> None:
    members = set(markets.members("EU"))
    assert len(members) == 27 and "GBR" not in members and "GBR" in markets.members("EU", dt.date(2020, 1, 31))
    assert "HRV" not in markets.members("EU", dt.date(2013, 6, 30))
    for bloc in ("EU", "GCC"):
        own = {e.id for e in markets.events if e.market == bloc}
        assert own
        for place in markets.listed():
            shown = {e.id for e in markets.events_of(place.id) if e.market == bloc}
            assert shown == (own if place.id in markets.members(bloc) else set()), place.id


def event(**more: str) -> Event:
    told = {
        "id": "x", "market": "AUS", "topic": "policy", "title": "X", "title_zh": "", "status": "adopted",
        "effective_from": "2026-01-01", "effective_to": "", "ending": "unknown", "measure": "tariff",
        "direction": "headwind", "value": "", "unit": "", "duty_role": "", "applies_to": "",
        "contributor": "", "note": "",
    } | more  # fmt: skip
    if told["effective_to"]:
        told["ending"] = "stated"
    return Event(**told, powertrains=(), makers=(), origins=(), recorded=DAY, checked=DAY)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("told", "day", "state"),
    [
        ({}, "2025-12-31", COMING),
        ({}, "2026-01-01", IN_FORCE),
        ({"effective_to": "2026-06-30"}, "2026-06-30", IN_FORCE),
        ({"effective_to": "2026-06-30"}, "2026-07-01", EXPIRED),
        ({"effective_to": "2026-06"}, "2026-06-30", IN_FORCE),
        ({"effective_from": "2026-03"}, "2026-03-15", COMING),
        ({"effective_from": "2026-03"}, "2026-03-31", IN_FORCE),
        ({"effective_from": "2026"}, "2026-11-22", COMING),
        ({"ending": "single"}, "2027-01-01", HAPPENED),
        ({"status": "proposed"}, "2027-01-01", PROPOSED),
        ({"status": "planned"}, "2025-01-01", COMING),
        ({"status": "planned"}, "2026-02-01", PROPOSED),
        ({"status": "proposed", "effective_to": "2026-06-30"}, "2026-07-01", EXPIRED),
    ],
)
def test_the_state_of_an_event_on_a_day(told: dict[str, str], day: str, state: str) -> None:
    assert event(**told).state(dt.date.fromisoformat(day)) == state


def test_an_expired_event_is_not_shown_as_in_force(markets: Markets, capsys: pytest.CaptureFixture[str]) -> None:
    told = run(capsys, "market", "THA")
    now, past = told.split("Policy events, expired")
    assert "EV3.5 cash subsidy 2024" in past and "EV3.5 cash subsidy 2024" not in now
    earlier = run(capsys, "market", "BRA", "--as-of", "2026-11-22")
    assert "Policy events, in force" in earlier


def test_a_fact_grows_stale_with_the_day(markets: Markets) -> None:
    fact = markets.latest("AUS", "emission_standard_light")
    assert fact is not None and markets.freshness(fact) == "fresh"
    late = markets.vintage(dt.date(2032, 1, 1))
    assert late.freshness(fact) == STALE
    before, after = describe(markets, "AUS").coverage, describe(late, "AUS").coverage
    for topic in TOPICS:
        assert sum(before[topic].values()) == sum(after[topic].values())
        assert after[topic]["stale"] >= before[topic]["stale"] and after[topic]["missing"] == before[topic]["missing"]
    assert after["regulation"]["stale"] > before["regulation"]["stale"]


def test_nothing_is_seen_before_it_was_recorded() -> None:
    earlier = load_markets(DATA).vintage(dt.date(2026, 11, 21))
    assert not earlier.facts and not earlier.events and not earlier.sales


# --- the same everywhere -----------------------------------------------------------------


def test_database_json_and_terminal_tell_the_same_of_every_market(published: Path, markets: Markets) -> None:
    folder = published / "2025" / "data"
    with sqlite3.connect(folder / "made-in-chongqing.sqlite") as base:
        base.row_factory = sqlite3.Row
        assert base.execute("SELECT as_of, year, region FROM edition").fetchone()[:] == (
            "2026-11-25",
            2025,
            "chongqing",
        )
        for place in markets.places:
            told = describe(markets, place).as_dict()
            assert json.loads((folder / "markets" / f"{place}.json").read_text(encoding="utf-8")) == told
            facts = {
                (f["id"], f["value"], f["period"] or None, f["unit"] or None, f["freshness"])
                for some in told["facts"].values() for f in some
            }  # fmt: skip
            query = "SELECT id, value, period, unit, freshness FROM market_facts WHERE market = ?"
            assert {tuple(r) for r in base.execute(query, (place,))} == facts, place
            query = "SELECT id, state, weak, effective_from FROM market_events WHERE market = ?"
            events = {(e["id"], e["state"], int(e["weak"]), e["effective_from"]) for e in told["events"]}
            assert {tuple(r) for r in base.execute(query, (place,))} == events, place
            if markets.places[place].kind == "market":
                query = "SELECT topic, known, stale, missing FROM coverage WHERE market = ?"
                counts = {r[0]: {"known": r[1], "stale": r[2], "missing": r[3]} for r in base.execute(query, (place,))}
                assert counts == told["coverage"], place


def test_the_terminal_prints_what_the_json_holds(markets: Markets, capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads(run(capsys, "market", "AUS", "--json"))
    assert told == describe(markets, "AUS").as_dict()
    text = " ".join(run(capsys, "market", "AUS").split())
    for fact in markets.facts_of("AUS"):
        assert fact_text(markets, fact) in text, fact.id
    for one in markets.events_of("AUS"):
        assert one.title in text and when_text(one) in text
    for source in told["sources"].values():
        assert source["id"] == markets.places["AUS"].source or source["url"] in text


def test_the_views_follow_the_day_of_the_edition(tmp_path: Path) -> None:
    data = load(DATA).vintage(2025, dt.date(2029, 6, 1))
    path = write_sqlite(data, DATA, tmp_path, {"as_of": "2029-06-01"})
    late = markets_of(data, DATA)
    assert late is not None
    with sqlite3.connect(path) as base:
        states = dict(base.execute("SELECT id, state FROM market_events WHERE market = 'DEU'"))
        assert states == {e.id: e.state(late.as_of) for e in late.events_of("DEU")}
        ages = dict(base.execute("SELECT id, freshness FROM market_facts WHERE market = 'DEU'"))
        assert ages == {f.id: late.freshness(f) for f in late.facts_of("DEU")}


# --- fit -----------------------------------------------------------------------------------


def line(found: fit.Fit, rule: str) -> fit.FitLine:
    return next(one for one in found.lines if one.rule.id == rule)


def test_the_fit_of_a_vehicle_names_rule_facts_sources_and_day(markets: Markets) -> None:
    found = fit.fit(markets, "deepal_s07", "AUS")
    steering = line(found, "steering")
    assert steering.verdict == fit.FITS and steering.reason == "offered" and steering.wanted == ("right",)
    assert [f.id for f in steering.facts] == ["AUS.driving_side.2026-08"]
    assert steering.checked == dt.date(2026, 11, 22) and "mk-newsbeep-uk" in steering.sources
    assert line(found, "heat").verdict == fit.WARNING
    told = fit_dict(markets, found)
    assert told["lines"][0]["rule"] == "steering" and "on the right" in told["lines"][0]["text"]
    assert "no legal advice" in told["disclaimer"] and "不构成法律意见" in told["disclaimer_zh"]
    assert all(re.search(r"[\u4e00-\u9fff]", one["name_zh"] + one["verdict_zh"]) for one in told["lines"])


def test_a_car_with_the_wheel_on_the_left_must_adapt_where_traffic_keeps_left(markets: Markets, left: Markets) -> None:
    assert line(fit.fit(left, "deepal_s05", "GBR"), "steering").verdict == fit.ADAPT
    assert line(fit.fit(left, "deepal_s05", "NOR"), "steering").verdict == fit.FITS
    assert line(fit.fit(markets, "deepal_s05", "GBR"), "steering").verdict == fit.FITS  # built at Rayong on the right


def test_nothing_fits_for_want_of_data(markets: Markets) -> None:
    for place in markets.listed():
        for car in markets.vehicles.values():
            for one in fit.fit(markets, car.id, place.id).lines:
                if one.verdict == fit.FITS:
                    assert one.facts or one.events, (place.id, car.id, one.rule.id)
                    assert all(markets.freshness(f) == "fresh" for f in one.facts), (place.id, one.rule.id)
                    assert one.rule.test != "offers" or getattr(car, one.rule.property)
                    assert one.rule.test not in ("events",)


def test_a_recall_of_one_model_warns_about_no_other(markets: Markets) -> None:
    recall = next(e for e in markets.events if "deepal_e07" in e.makers)
    assert [e.id for e in line(fit.fit(markets, "deepal_e07", "AUS"), "measures").events] == [recall.id]
    assert line(fit.fit(markets, "deepal_s07", "AUS"), "measures").reason == "no_measure"
    assert recall.id not in {a.event.id for a in alerts(markets, dt.date(2026, 1, 1), "AUS", "deepal_s07")}
    whole = tuple(dataclasses.replace(e, makers=("deepal",)) if e is recall else e for e in markets.events)
    brand = dataclasses.replace(markets, events=whole)
    assert [e.id for e in line(fit.fit(brand, "deepal_s07", "AUS"), "measures").events] == [recall.id]


def test_a_fact_about_other_models_or_powertrains_judges_no_car(markets: Markets) -> None:
    fact = markets.latest("DEU", "dc_connector")
    assert fact is not None and line(fit.fit(markets, "deepal_s07", "DEU"), "dc_connector").facts == (fact,)
    for about in ({"makers": ("avatr_11",)}, {"powertrains": ("erev",)}):
        rows = tuple(dataclasses.replace(f, **about) if f.attribute == "dc_connector" else f for f in markets.facts)
        told = dataclasses.replace(markets, facts=rows)
        assert line(fit.fit(told, "deepal_s07", "DEU"), "dc_connector").reason == "no_fact"
    told = line(fit.fit(told, "deepal_s07", "DEU", "erev"), "dc_connector")
    assert [f.attribute for f in told.facts] == ["dc_connector"]
    named = {f.attribute for f in markets.facts if f.makers}
    assert {"model_launch", "model_launch_plan", "model_price_from"} <= named
    assert all(f.makers for f in markets.facts if f.attribute in named - {"brand_event"})
    assert all(f.powertrains == ("bev",) for f in markets.facts if f.attribute == "base_duty_bev")


def test_the_fit_tells_what_the_profile_adds_where_a_car_must_adapt(left: Markets) -> None:
    found = fit.fit(left, "deepal_s05", "GBR")
    text = line_text(left, found, line(found, "steering"))
    assert "left only" in text and text.endswith("announced for the United Kingdom.")
    assert line(fit.fit(left, "deepal_s05", "DEU"), "steering").notes == ()


def test_of_the_languages_of_a_market_the_first_is_asked_for(markets: Markets) -> None:
    assert "Mandarin" in markets.latest("AUS", "main_languages").tags
    assert line(fit.fit(markets, "deepal_s07", "AUS"), "languages").wanted == ("English",)


def test_measures_are_as_the_sources_were_verified(markets: Markets) -> None:
    told = {e.id.split(".")[0]: e for e in markets.events}
    next_step = min((e for e in markets.events_of("AUS") if e.state(DAY) == "coming"), key=lambda e: e.order)
    assert (next_step.effective_from, next_step.value) == ("2027-01-01", "92")
    starts = {"gbr-09": "2025-07-16", "usa-04": "2025-03-17", "usa-06": "2029-01-01", "eu-22": "2027-11-29"}
    assert {i: told[i].effective_from for i in starts} == starts
    assert told["gbr-11"].value == "66" and told["aus-02"].value == "50-100"
    assert told["aus-11"].makers == ("deepal_e07",) and "ADR 34/03" in told["aus-11"].note
    assert "battery" in told["eu-16"].unit and "brands already" in told["mys-03"].applies_to
    assert markets.latest("VAT", "area_total_sqkm").number == 0.44


def test_share_and_count_of_a_card_are_of_the_same_cars(markets: Markets) -> None:
    summed = 0
    for place in markets.listed():
        told = describe(markets, place.id)
        shown = [s for metric in ("sales", "sales_share") if (s := told.newest_sale(metric))]
        assert {s.powertrain for s in shown} <= {"ev"}, place.id
        for sale in (s for s in shown if s not in told.sales):
            same = [s for s in told.sales if (s.metric, s.year, s.source) == ("sales", sale.year, sale.source)]
            kinds = {s.powertrain: s.value for s in same}
            assert sale.value == kinds["bev"] + kinds["phev"] > kinds["bev"], place.id
            summed += 1
    assert summed > 15 and describe(markets, "RUS").newest_sale("sales") not in markets.sales
    less = dataclasses.replace(markets, sales=tuple(s for s in markets.sales if s.powertrain != "phev"))
    assert describe(less, "RUS").newest_sale("sales") is None


def test_what_singles_out_makers_of_the_vehicles_stands_first_in_a_chapter() -> None:
    chapter = MarketChapter(SimpleNamespace(as_of=DAY, year=2025, region="chongqing"), DATA)
    shown = chapter.events("EU", "in_force", "headwind")
    assert shown is not None and "20.7 percent" in shown.text and "35.3 percent" in shown.text
    assert shown.text.endswith("6 more")


def test_duties_go_by_powertrain_maker_and_origin(markets: Markets) -> None:
    found = fit.fit(markets, "deepal_s07", "DEU")
    assert {(d.role, d.low, d.sure) for d in found.duties} == {
        ("base", 10.0, True), ("additional", 20.7, False), ("additional", 35.3, False),
    }  # fmt: skip
    assert "30.7 to 45.3 percent" in total_text(found.total)
    assert fit.fit(markets, "deepal_s07", "DEU", origin="DEU").duties == ()
    thai = fit.fit(markets, "deepal_s07", "DEU", origin="THA")
    assert [d.role for d in thai.duties] == ["base"]
    brazil = [total_text(fit.fit(markets, "deepal_s07", "BRA", p).total) for p in ("bev", "erev")]
    assert all("35 percent" in total for total in brazil)
    none = line(fit.fit(markets, "deepal_s07", "AUS"), "duty")
    assert none.verdict == fit.NOT_KNOWN


def test_duties_follow_the_day() -> None:
    before = dataclasses.replace(load_markets(DATA), as_of=dt.date(2026, 6, 30))
    assert "25 percent" in total_text(fit.fit(before, "deepal_s07", "BRA").total)
    assert "A change is coming" in total_text(fit.fit(before, "deepal_s07", "BRA").total)


# --- alerts ------------------------------------------------------------------------------------


def test_alerts_put_what_comes_first_and_leave_out_what_had_expired(markets: Markets) -> None:
    found = alerts(markets, dt.date(2026, 1, 1))
    reasons = [a.reason for a in found]
    assert reasons == sorted(reasons, key=["comes", "started", "ended", "recorded"].index)
    coming = [a.event.start.start for a in found if a.reason == "comes"]
    assert coming and coming == sorted(coming)
    assert not [a for a in found if a.state == EXPIRED and a.event.last < dt.date(2026, 1, 1)]
    germany = {a.event.id for a in alerts(markets, dt.date(2026, 1, 1), "DEU")}
    assert {"eu-17", "deu-01"} <= germany
    mine = alerts(markets, dt.date(2026, 1, 1), "DEU", "deepal_s07")
    assert {a.event.id for a in mine} < germany and not {a.event.id for a in mine} & {"eu-06", "eu-18"}
    assert [a.sure for a in mine if a.event.id == "eu-09"] == [False]


# --- the terminal ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ("market", "AUS"), ("market", "EU"), ("market", "ALA"), ("compare", "THA", "AUS", "DEU", "BRA", "RUS"),
        ("alerts", "--since", "2026-01-01"), ("alerts", "--since", "2026-01-01", "--vehicle", "avatr_11"),
        ("fit", "deepal_s07", "AUS"), ("fit", "aito_m9", "XKX"), ("market", "Brazil"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_output_fits_a_terminal_of_eighty_columns(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    text = run(capsys, *arguments)
    for row in text.splitlines():
        wide = sum(unicodedata.east_asian_width(c) in "WF" for c in row)
        assert len(row) + wide <= 80 or "://" in row, row
    assert "None" not in text and "nan" not in text.split() and "{" not in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("market", "THAI"), "Did you mean THA"),
        (("market", "Thailnd"), "Did you mean Thailand"),
        (("fit", "deepal_s7", "AUS"), "Did you mean deepal_s07"),
        (("fit", "deepal_s07", "AUS", "--powertrain", "phev"), "Known: bev, erev"),
        (("compare", "AUS"), "two to five"),
        (("alerts", "--since", "1.1.2026"), "write year, month and day"),
    ],
)
def test_what_is_not_known_is_named_with_the_nearest(
    arguments: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments, "--data", str(DATA)]) == 2
    assert said in capsys.readouterr().err


def test_the_commands_do_without_what_is_slow_to_import() -> None:
    from tests.conftest import ROOT

    code = (
        "import sys; from nevbook.cli.main import main; main(['fit', 'deepal_s07', 'AUS']);"
        "print(sorted({'pandas', 'altair', 'numpy', 'frictionless', 'sphinx'} & set(sys.modules)))"
    )
    import subprocess
    import sys

    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0 and done.stdout.splitlines()[-1] == "[]", done.stderr


def test_an_unknown_vehicle_raises(markets: Markets) -> None:
    with pytest.raises(ChoiceError, match="avatr_11"):
        markets.vehicle("avatr_1")


# --- a new row -----------------------------------------------------------------------------------


def test_a_new_event_shows_wherever_events_are_told(sheets: Sheets, data_copy: Path) -> None:
    header, *_ = sheets.read("markets/events.csv")
    values = {
        "id": "aus-99", "market": "AUS", "topic": "policy", "title": "A levy on everything", "status": "adopted",
        "effective_from": "2027-03", "ending": "unknown", "measure": "fee", "direction": "headwind",
        "recorded": "2026-11-26", "checked": "2026-11-26",
    }  # fmt: skip
    assert set(values) < set(header)
    sheets.append("markets/events.csv", values)
    sheets.append("markets/event_sources.csv", {"event": "aus-99", "source": "mk-aph-au"})
    done = nevbook(data_copy.parent, "check", "--data", str(data_copy))
    assert done.returncode == 0, done.stdout
    seen = load_markets(data_copy)
    assert seen.as_of == dt.date(2026, 11, 26)
    assert "aus-99" in {e.id for e in seen.events_of("AUS")}
    assert "aus-99" in {a.event.id for a in alerts(seen, dt.date(2026, 11, 26), "AUS")}
    assert b"A levy on everything" in atom(seen, "AUS") and b"A levy on everything" in calendar(seen)
    assert "aus-99" not in {e.id for e in seen.vintage(DAY).events_of("AUS")}


def test_a_revised_event_takes_the_place_of_the_old_one_from_its_day_on(
    sheets: Sheets, data_copy: Path, tmp_path: Path
) -> None:
    header, *_ = rows = sheets.read("markets/events.csv")
    old = dict(zip(header, rows[sheets.row_of("markets/events.csv", "aus-01") - 1], strict=True))
    new = {"id": "aus-01b", "effective_to": "2028-06-30", "ending": "stated"}
    sheets.append("markets/events.csv", old | new | {"recorded": "2027-01-10", "checked": "2027-01-10"})
    sheets.append("markets/event_sources.csv", {"event": "aus-01b", "source": "mk-aph-au"})
    later = load_markets(data_copy)
    ids = {e.id for e in later.events_of("AUS")}
    assert "aus-01b" in ids and "aus-01" not in ids
    assert "aus-01" in {e.id for e in later.vintage(DAY).events_of("AUS")}
    data = load(data_copy).vintage(2025, dt.date(2027, 2, 1))
    with sqlite3.connect(write_sqlite(data, data_copy, tmp_path, {"as_of": "2027-02-01"})) as base:
        assert {r[0] for r in base.execute("SELECT id FROM market_events WHERE market = 'AUS'")} == ids


def test_the_terminal_names_the_gaps_that_the_json_names(markets: Markets) -> None:
    # Chile has planned an emission standard: a plan is no outcome
    for place in ("CHL", "THA", "AUS"):
        said = " ".join(" ".join(market_lines(describe(markets, place))).split())
        told = describe(markets, place).as_dict()["missing"]
        for topic, ids in told.items():
            names = "; ".join(markets.attributes[i].name for i in ids)
            assert not ids or f"Not recorded: {names}" in said, (place, topic)
