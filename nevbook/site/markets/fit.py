"""How the vehicles fit the markets: the tables of the pages."""

from __future__ import annotations

import html
from collections.abc import Mapping

from nevbook.analysis.markets.fit import VERDICTS, Fit, Line, fit
from nevbook.analysis.markets.tariffs import Duty
from nevbook.common import formatting
from nevbook.common.html import table
from nevbook.common.i18n import word
from nevbook.data.markets.dataset import Markets
from nevbook.data.markets.models import Vehicle
from nevbook.report.source_cards import linked
from nevbook.site.markets.profile import Told

_PROPERTIES = (
    *("powertrains", "steering", "dc_connector", "ac_connector", "battery_kwh"),
    *("price", "approval", "languages"),
)


def fits_of(told: Told) -> list[dict[str, str]]:
    """Return how each vehicle fits a market, as the template lists it; an area or bloc is no market to fit."""
    if told.market.kind != "market":
        return []
    found = []
    for vehicle in told.data.vehicles.values():
        one = fit(told.data, vehicle.id, told.market.id)
        version = word(f"market.powertrain.{one.powertrain}") if one.powertrain else word("market.unknown")
        found.append(
            {
                "id": vehicle.id,
                "name": vehicle.name,
                "name_zh": vehicle.name_zh,
                "version": word("markets.fit.version", version=version, origin=told.data.places[one.origin].name),
                "summary": _summary(one),
                "table": _lines(one),
                "duties": _duties(one.duties),
            }
        )
    return found


def _summary(one: Fit) -> str:
    return ", ".join(word(f"markets.tally.{v}", n=n) for v, n in one.tally().items() if n)


def verdict_html(verdict: str) -> str:
    """Write a verdict in both languages, as a mark that is read without its colour."""
    shown = f"{word(f'markets.sign.{verdict}')} {word(f'fit.{verdict}')}"
    zh = f'<span lang="zh">{html.escape(word(f"fit.{verdict}.zh"))}</span>'
    return f'<span class="nev-tag nev-{verdict.replace("_", "-")}">{html.escape(shown)} {zh}</span>'


def _lines(one: Fit) -> str:
    body = [
        [
            f'{html.escape(line.rule.name)} <span lang="zh">{html.escape(line.rule.name_zh)}</span>',
            verdict_html(line.verdict),
            html.escape(line.text),
            _behind(line),
        ]
        for line in one.lines
    ]
    heads = [word(f"markets.fit.{k}") for k in ("demand", "verdict", "why", "behind")]
    return table(heads, body, word("markets.fit.caption", vehicle=one.vehicle.name))


def _behind(line: Line) -> str:
    """Link the facts and events on which a verdict rests, and say when they were last checked."""
    links = [f'<a href="#f-{html.escape(f.attribute)}">{html.escape(word("markets.fit.fact"))}</a>' for f in line.facts]
    links += [f'<a href="#e-{html.escape(e.id)}">{html.escape(word("markets.fit.event"))}</a>' for e in line.events]
    shown = ", ".join(dict.fromkeys(links))
    if line.checked:
        day = html.escape(word("market.checked", day=formatting.date(line.checked)))
        shown += f"{'; ' if shown else ''}<small>{day}</small>"
    return shown or word("markets.dash")


def _duties(stack: tuple[Duty, ...]) -> list[str]:
    said = []
    for one in stack:
        anchor = f"f-{one.behind.attribute}" if hasattr(one.behind, "attribute") else f"e-{one.behind.id}"
        parts = [one.amount, one.when, word("market.state.coming") if one.coming else ""]
        parts.append("" if one.sure else word("fit.measure.possible"))
        rest = html.escape("; ".join(p for p in parts if p))
        role = html.escape(word(f"duty.role.{one.role}"))
        said.append(f'{role}: <a href="#{html.escape(anchor)}">{html.escape(one.title)}</a>: {rest}')
    return said


def fits(data: Markets, told: Mapping[str, Told]) -> dict[str, object]:
    """Return what the page of the fit shows."""
    cars = list(data.vehicles.values())
    body = []
    for market in data.listed():
        cells = [_tally(fit(data, car.id, market.id), f"{market.id}.html#fit-{car.id}") for car in cars]
        body.append(
            [f'<a href="{market.id}.html#fit">{html.escape(market.name)}</a> <small>{market.id}</small>', *cells]
        )
    rules = []
    for rule in data.rules:
        about = data.attributes.get(rule.attribute)
        limit = f"{rule.threshold:g}" if rule.threshold is not None else ""
        demand = rule.demand.format(value=word("markets.rules.value"), threshold=limit) if rule.demand else ""
        rules.append(
            [
                f'{html.escape(rule.name)} <span lang="zh">{html.escape(rule.name_zh)}</span>',
                html.escape(demand) or word("markets.dash"),
                html.escape(word(f"markets.test.{rule.test}")),
                html.escape(about.name) if about else word("markets.dash"),
            ]
        )
    heads = [word(f"markets.rules.{k}") for k in ("rule", "demand", "test", "fact")]
    return {
        "intro": word("markets.fit.all", date=formatting.date(data.as_of)),
        "disclaimer": word("fit.disclaimer"),
        "disclaimer_zh": word("fit.disclaimer.zh"),
        "vehicles": [_vehicle(data, car) for car in cars],
        "rules": table(heads, rules, word("markets.rules")),
        "signs": [verdict_html(v) for v in VERDICTS],
        "table": table([word("markets.list.market"), *(car.name for car in cars)], body, word("markets.verdicts")),
    }


def _tally(one: Fit, there: str) -> str:
    counts = one.tally()
    shown = " ".join(f"{word(f'markets.sign.{v}')}{counts[v]}" for v in VERDICTS if counts[v])
    return f'<a href="{there}"><data value="{counts["fits"] - counts["must_adapt"]}">{shown}</data></a>'


def _vehicle(data: Markets, car: Vehicle) -> dict[str, object]:
    """Return a vehicle's profile; what no source tells is left as a gap."""
    rows = []
    for name in _PROPERTIES:
        value = getattr(car, name)
        shown = value if isinstance(value, str) else ", ".join(_option(name, v) for v in value)
        read = [s for s in car.sources if s.property == name]
        sources = "; ".join(
            linked(data.sources[s.source].publisher, data.sources[s.source])
            + (f" ({html.escape(s.note)})" if s.note else "")
            for s in read
        )
        gap = f'<span class="nev-gap">{html.escape(word("missing.figure"))}</span>'
        rows.append(
            [html.escape(word(f"markets.vehicle.{name}")), html.escape(shown) or gap, sources or word("markets.dash")]
        )
    heads = [word(f"markets.vehicle.{k}") for k in ("property", "value", "source")]
    checked = word("market.checked", day=formatting.date(car.checked))
    return {"id": car.id, "name": car.name, "name_zh": car.name_zh, "note": car.note, "checked": checked,
            "table": table(heads, rows, car.name)}  # fmt: skip


def _option(name: str, value: str) -> str:
    if name == "powertrains":
        return word(f"market.powertrain.{value}")
    return word(f"markets.wheel.of.{value}") if name == "steering" else value
