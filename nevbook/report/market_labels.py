"""Labels, values, dates, verdicts and duties of the overseas markets, in words."""

from __future__ import annotations

from collections.abc import Callable

from nevbook.analysis.markets.fit import Fit, FitLine
from nevbook.analysis.markets.tariffs import Duty, DutyTotal
from nevbook.common import formatting, vocabulary
from nevbook.common.i18n import N_, gettext as _, pgettext
from nevbook.data.markets.dataset import Markets
from nevbook.data.markets.models import FRESH, Event, Fact, Sale

TOPICS = {
    "policy": N_("Policy"), "regulation": N_("Regulation"), "climate": N_("Climate"), "environment": N_("Environment"),
    "road": N_("Roads"), "culture": N_("Culture"), "habits_customs": N_("Habits and customs"),
    "economy": N_("Economy"), "ev_market": N_("Market for electric cars"),
}  # fmt: skip
TOPIC_ZH = {
    "policy": "政策", "regulation": "法规", "climate": "气候", "environment": "环境", "road": "道路", "culture": "文化",
    "habits_customs": "习惯习俗", "economy": "经济", "ev_market": "电动汽车市场",
}  # fmt: skip
UNITS = {
    "percent": N_("percent"), "percentage_points": N_("percentage points"), "deg_c": "°C", "sq_km": "km²", "m": "m",
    "km": "km", "km_per_100_sq_km": N_("km per 100 km²"), "ug_m3": "µg/m³", "g_co2_kwh": N_("g CO2 per kWh"),
    "mt_co2": N_("million tonnes of CO2"), "years": N_("years"), "litres_per_person": N_("litres a person"),
    "per_100_people": N_("per 100 people"), "people": N_("people"), "billion_usd": N_("billion US dollars"),
    "usd_ppp_2021": N_("US dollars of 2021 (purchasing power)"), "billion_kwh": N_("billion kWh"),
    "ports": N_("ports"), "charging_points": N_("charging points"), "vehicles": N_("vehicles"),
    "showrooms": N_("showrooms"),
}  # fmt: skip
KINDS = vocabulary.KINDS | {"plan": N_("plan")}
FRESHNESS = {"fresh": N_("fresh"), "stale": N_("stale"), "undated": N_("undated")}
STATES = {
    "in_force": N_("in force"), "coming": N_("coming"), "expired": N_("expired"), "happened": N_("happened"),
    "proposed": N_("not decided"),
}  # fmt: skip
STATUSES = {
    "adopted": N_("adopted"), "planned": N_("planned"), "proposed": N_("proposed"), "under_review": N_("under review"),
}  # fmt: skip
DIRECTIONS = {"headwind": N_("▼ headwind"), "neutral": N_("• neutral"), "tailwind": N_("▲ tailwind")}
POWERTRAINS = {
    "bev": N_("battery electric"), "phev": N_("plug-in hybrid"), "erev": N_("range extender"), "hev": N_("hybrid"),
    "ice": N_("combustion"), "heavy": N_("heavy vehicles"), "ev": N_("electric, both kinds"), "": N_("not known"),
}  # fmt: skip
SALES = {
    ("sales", "ev"): N_("Electric cars sold"), ("sales", "bev"): N_("Battery electric cars sold"),
    ("sales", "phev"): N_("Plug-in hybrids sold"), ("stock", "bev"): N_("Battery electric cars on the road"),
    ("stock", "phev"): N_("Plug-in hybrids on the road"), ("sales_share", "ev"): N_("Electric share of new cars"),
    ("stock_share", "ev"): N_("Electric share of cars on the road"),
}  # fmt: skip
METRICS = {
    "sales": N_("sales"), "stock": N_("in use"), "sales_share": N_("share of sales"),
    "stock_share": N_("share of cars in use"),
}  # fmt: skip
WHEELS = {"left": N_("on the right"), "right": N_("on the left"), "": N_("not known")}  # by the side of the traffic
REASONS = {
    "comes": N_("Coming"), "started": N_("In effect since"), "ended": N_("Ended since"),
    "recorded": N_("Recorded since, in effect or put forward before"),
}  # fmt: skip
VERDICTS = {
    "fits": (N_("fits"), "符合"), "must_adapt": (N_("must adapt"), "须改装"),
    "warning": (N_("warning"), "注意"), "not_known": (N_("not known"), "未知"),
}  # fmt: skip
POSSIBLE = N_("Whether it bears on this car depends on what is not recorded.")
ON_PROFILE = N_("On the profile: {note}.")
DISCLAIMER = N_("This is no legal advice: a reading of public sources on the day named. Ask the authority.")
DISCLAIMER_ZH = "本结果仅为公开资料整理,不构成法律意见。"
DUTY_ROLES = {
    "base": N_("ordinary duty"), "additional": N_("on top"), "quota": N_("within a quota"),
    "waiver": N_("on conditions"), "charge": N_("fee or tax beside duty"),
}  # fmt: skip
_DUTY_TOTAL = {
    "at_home": N_("Built where it is sold: no import duty. Fees that are recorded are listed."),
    "none": N_("No duty is recorded for this car."),
    "no_base": N_("The ordinary duty is not recorded, so that no sum can be given."),
    "no_sum": N_("The duties recorded do not add up to one sum: see each."),
    "base": N_("Ordinary duty of {amount} percent of the customs value."),
    "sum": N_("Ordinary and additional duty: {amount} percent of the customs value."),
    "open": N_("Which of the additional rates holds depends on the maker's standing, which no source tells."),
    "beside": N_("Quotas, waivers and fees apply beside it."),
    "coming": N_("A change is coming."),
}
_FIT = {
    "offered": N_("Asked for: {demand}. Sources name it for the {vehicle}."),
    "others_offered": N_("Asked for: {demand}. For the {vehicle} sources name {offered} only."),
    "offer_unknown": N_("Asked for: {demand}. No source tells what the {vehicle} has."),
    "within_limit": N_("Looked for: {demand}."),
    "beyond_limit": N_("Looked for, and not met: {demand}."),
    "no_number": N_("{name}: the fact is no number."),
    "no_exhaust": N_("The rule is {demand}; a battery electric car has no exhaust."),
    "engine_unknown": N_("The rule is {demand}; no source tells which one the engine of the {vehicle} meets."),
    "no_fact": N_("Nothing is recorded on this market: {attribute}."),
    "no_measure": N_("No headwind beside duty is recorded for this car; the record is not complete."),
}


def grouped(text: str) -> str:
    """Write the digits of a plain number in groups: 1059990 becomes 1,059,990."""
    whole, dot, rest = text.partition(".")
    sign, digits = ("\N{MINUS SIGN}", whole[1:]) if whole.startswith("-") else ("", whole)
    return f"{sign}{int(digits):,}{dot}{rest}" if digits.isdigit() else text


def _range(text: str) -> str:
    low, dash, high = text.partition("-")
    return _("{low} to {high}", low=grouped(low), high=grouped(high)) if dash and low else grouped(text)


def choice_text(code: str) -> str:
    """Name a choice; brands of plugs and the like have no other name than their code."""
    sides = {"left": pgettext("side of a car or road", "left"), "right": pgettext("side of a car or road", "right")}
    return sides.get(code, code)


def fact_text(markets: Markets, fact: Fact) -> str:
    """Write a fact's value with qualifier and unit: ``about 572,000 vehicles``."""
    attribute, value = markets.attributes[fact.attribute], fact.value
    unit = _(UNITS[attribute.unit]) if attribute.unit in UNITS else ""
    if attribute.datatype == "number":
        value = _("number {n}", n=value) if attribute.unit == "rank" else grouped(value)
    elif attribute.datatype == "range":
        value = _range(value)
    elif attribute.datatype == "choice":
        value = choice_text(value)
    elif attribute.datatype == "tags":
        value = ", ".join(fact.tags)
    if attribute.unit == "local_currency":
        unit = markets.places[fact.market].currency
    prefix = _(vocabulary.QUALIFIERS[fact.qualifier])
    return f"{prefix}{value} {unit}" if unit else f"{prefix}{value}"


def amount_text(event: Event) -> str:
    """Write how much an event is about: ``20 to 38 percent``; empty where it has no amount."""
    unit = _(UNITS[event.unit]) if event.unit in UNITS else event.unit
    return f"{_range(event.value)} {unit}".strip() if event.value else ""


def when_text(event: Event, write: Callable[[str], str] = formatting.period) -> str:
    """Write when an event holds, as precisely as it is known: ``from July 2022; no end seen``."""
    start = write(event.effective_from)
    if event.ending == "single":
        return start
    if event.effective_to:
        return _("{start} to {end}", start=start, end=write(event.effective_to))
    return _("from {start}; no end seen", start=start)


def sale_text(sale: Sale) -> str:
    """Write a figure of electric cars: cars, or percent."""
    return formatting.number(sale.value, sale.unit) + ("%" if sale.unit == "percent" else "")


def titled(event: Event, form: str = "{title} ({amount})") -> str:
    """Write the title of an event with its amount, if the title does not hold it."""
    amount = amount_text(event)
    return event.title if amount in event.title else form.format(title=event.title, amount=amount)


def line_text(markets: Markets, fit: Fit, line: FitLine) -> str:
    """Write why a verdict on a vehicle came out as it did."""
    if line.rule.test == "duty":
        return total_text(fit.total)
    if line.events:
        return _measure_text(markets, line)
    demand = ""
    if line.facts:
        value = fact_text(markets, line.facts[0])
        if line.rule.test == "offers":
            if not line.rule.mapping:
                value = "; ".join(line.wanted)
            elif "*" not in line.rule.mapping[0]:
                value = formatting.listing([choice_text(w) for w in line.wanted])
        limit = f"{line.rule.threshold:g}" if line.rule.threshold is not None else ""
        demand = line.rule.demand.format(value=value, threshold=limit)
    about = markets.attributes.get(line.rule.attribute)
    text = _(
        _FIT[line.reason], demand=demand, vehicle=fit.vehicle.name, name=line.rule.name,
        offered=formatting.listing([choice_text(o) for o in line.offered]), attribute=about.name if about else "",
    )  # fmt: skip
    if line.facts and markets.freshness(line.facts[0]) != FRESH:
        when = formatting.period(line.facts[0].period)
        text += " "
        text += _("The fact ({when}) is older than it lasts.", when=when) if when else _("The source gives no date.")
    return " ".join([text, *([_(ON_PROFILE, note="; ".join(line.notes))] if line.notes else [])])


def _measure_text(markets: Markets, line: FitLine) -> str:
    event = line.events[0]
    applies = _("applies to {what}", what=event.applies_to or _("all cars"))
    parts = [f"{titled(event)}: {when_text(event)}; {_(STATES[event.state(markets.as_of)])}; {applies}."]
    parts += [f"{event.note[:1].upper()}{event.note[1:]}."] if event.note else []
    parts += [] if line.sure else [_(POSSIBLE)]
    parts += [_("Only weak sources are known.")] if markets.is_weak(event) else []
    return " ".join(parts)


def duty_texts(markets: Markets, duty: Duty) -> dict[str, str]:
    """Write a duty's title, amount and dates."""
    row = duty.behind
    if isinstance(row, Event):
        return {"title": row.title, "amount": amount_text(row), "when": when_text(row)}
    when = formatting.period(row.period) or _("without a date")
    return {"title": markets.attributes[row.attribute].name, "amount": fact_text(markets, row), "when": when}


def total_text(total: DutyTotal) -> str:
    """Say what ordinary and additional duty come to, or why that cannot be told."""
    amount = f"{total.low:g}" if total.low == total.high else f"{total.low:g}-{total.high:g}"
    return " ".join([_(_DUTY_TOTAL[total.reason], amount=_range(amount)), *(_(_DUTY_TOTAL[r]) for r in total.remarks)])
