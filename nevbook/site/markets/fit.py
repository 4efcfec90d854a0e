"""How the vehicles fit the markets: the tables of the pages."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup, escape

from nevbook.analysis.markets.describe import MarketProfile
from nevbook.analysis.markets.fit import VERDICTS, Fit, FitLine, fit
from nevbook.common import formatting
from nevbook.common.html import table
from nevbook.common.i18n import N_, gettext as _
from nevbook.data.markets.dataset import Markets
from nevbook.data.markets.models import Fact, Vehicle
from nevbook.report import market_labels as labels
from nevbook.report.source_cards import linked
from nevbook.site.markets.cards import DASH, bilingual, link, number

_PROPERTY = {
    "powertrains": N_("Versions"), "steering": N_("Steering wheel"), "dc_connector": N_("Fast-charging connector"),
    "ac_connector": N_("Slow-charging connector"), "battery_kwh": N_("Battery, kWh"), "price": N_("Price"),
    "approval": N_("Type approval"), "languages": N_("Languages of the interface"),
}  # fmt: skip
_OPTION = {
    "powertrains": labels.POWERTRAINS, "steering": {"left": N_("on the left"), "right": N_("on the right")},
}  # fmt: skip
_SIGN = {"fits": "\N{CHECK MARK}", "must_adapt": "\N{MULTIPLICATION SIGN}", "warning": "!", "not_known": "?"}
_TALLY = {
    "fits": N_("{n} fit"), "must_adapt": N_("{n} must adapt"), "warning": N_("{n} warnings"),
    "not_known": N_("{n} not known"),
}  # fmt: skip
_TEST = {
    "offers": N_("fits if sources name it for the vehicle, must adapt if they name others only"),
    "clean": N_("fits if the vehicle has no exhaust"),
    "over": N_("a warning below the threshold"),
    "under": N_("a warning above the threshold"),
    "duty": N_("a warning with the duties, if any is recorded"),
    "events": N_("a warning with each headwind in force or coming that bears on the vehicle"),
}


def of_market(profile: MarketProfile) -> list[dict[str, object]]:
    """Return how each vehicle fits a market, as the template lists it; an area or bloc is no market to fit."""
    if profile.market.kind != "market":
        return []
    data, rows = profile.markets, []
    for vehicle in data.vehicles.values():
        result = fit(data, vehicle.id, profile.market.id)
        version = _(
            "Looked at: {version}, built in {origin}. Other versions: nevbook fit --powertrain.",
            version=_(labels.POWERTRAINS[result.powertrain]), origin=data.places[result.origin].name,
        )  # fmt: skip
        rows.append(
            {
                "vehicle": vehicle,
                "version": version,
                "summary": ", ".join(_(_TALLY[v], n=n) for v, n in result.tally().items() if n),
                "table": _lines(data, result),
                "duties": _duties(data, result),
            }
        )
    return rows


def verdict_html(verdict: str) -> Markup:
    """Write a verdict in both languages, as a mark that is read without its colour."""
    label, label_zh = labels.VERDICTS[verdict]
    shown = bilingual(f"{_SIGN[verdict]} {_(label)}", label_zh)
    return Markup('<span class="nev-tag nev-{}">{}</span>').format(verdict.replace("_", "-"), shown)


def _lines(data: Markets, result: Fit) -> str:
    body = [
        [
            bilingual(line.rule.name, line.rule.name_zh),
            verdict_html(line.verdict),
            escape(labels.line_text(data, result, line)),
            _behind(line),
        ]
        for line in result.lines
    ]
    caption = _("What is asked of the {vehicle}", vehicle=result.vehicle.name)
    return table([_("Demand"), _("Verdict"), _("Why"), _("Rests on")], body, caption)


def _behind(line: FitLine) -> Markup:
    """Link the facts and events on which a verdict rests, and say when they were last checked."""
    links = [link(f"#f-{f.attribute}", _("fact")) for f in line.facts]
    links += [link(f"#e-{e.id}", _("event")) for e in line.events]
    parts = [Markup(", ").join(dict.fromkeys(links))] if links else []
    if line.checked:
        parts.append(Markup("<small>{}</small>").format(_("checked {day}", day=formatting.date(line.checked))))
    return Markup("; ").join(parts) or escape(DASH)


def _duties(data: Markets, result: Fit) -> list[Markup]:
    rows = []
    for duty in result.duties:
        texts, row = labels.duty_texts(data, duty), duty.behind
        anchor = f"#f-{row.attribute}" if isinstance(row, Fact) else f"#e-{row.id}"
        parts = [texts["amount"], texts["when"], _("coming") if duty.coming else ""]
        parts.append("" if duty.sure else _(labels.POSSIBLE))
        title, rest = link(anchor, texts["title"]), "; ".join(p for p in parts if p)
        rows.append(Markup("{}: {}: {}").format(_(labels.DUTY_ROLES[duty.role]), title, rest))
    return rows


def of_all(data: Markets, profiles: Mapping[str, MarketProfile]) -> dict[str, object]:
    """Return what the page of the fit shows."""
    vehicles = list(data.vehicles.values())
    body = []
    for market in data.listed():
        name = Markup("{} <small>{}</small>").format(link(f"{market.id}.html#fit", market.name), market.id)
        tallies = {v.id: fit(data, v.id, market.id).tally() for v in vehicles}
        body.append([name, *(_tally(counts, f"{market.id}.html#fit-{v}") for v, counts in tallies.items())])
    rules = []
    for rule in data.rules:
        about = data.attributes.get(rule.attribute)
        limit = f"{rule.threshold:g}" if rule.threshold is not None else ""
        demand = rule.demand.format(value="\N{HORIZONTAL ELLIPSIS}", threshold=limit)
        cells = (demand or DASH, _(_TEST[rule.test]), about.name if about else DASH)
        rules.append([bilingual(rule.name, rule.name_zh), *map(escape, cells)])
    heads = [_("Rule"), _("What is asked"), _("How it is judged"), _("Fact of the market")]
    return {
        "vehicles": [(v, _vehicle(data, v)) for v in vehicles],
        "rules": table(heads, rules, _("The rules")),
        "signs": [verdict_html(v) for v in VERDICTS],
        "table": table([_("Market"), *(v.name for v in vehicles)], body, _("All markets")),
    }


def _tally(counts: dict[str, int], address: str) -> Markup:
    shown = " ".join(f"{_SIGN[v]}{n}" for v, n in counts.items() if n)
    return link(address, number(counts["fits"] - counts["must_adapt"], shown))


def _vehicle(data: Markets, vehicle: Vehicle) -> str:
    """Write a vehicle's profile; what no source tells is left as a gap."""
    rows = []
    for name, label in _PROPERTY.items():
        value, options = getattr(vehicle, name), _OPTION.get(name)
        shown = value if isinstance(value, str) else ", ".join(_(options[v]) if options else v for v in value)
        sources = []
        for read in (s for s in vehicle.sources if s.property == name):
            source = data.sources[read.source]
            sources.append(Markup(linked(source.publisher, source)) + (f" ({read.note})" if read.note else ""))
        gap = Markup('<span class="nev-gap">{}</span>').format(_("not known"))
        rows.append([escape(_(label)), escape(shown) or gap, Markup("; ").join(sources) or escape(DASH)])
    return table([_("Property"), _("Value"), _("Source")], rows, vehicle.name)
