"""Names of the dataset's codes, as messages: what a page, a command or a chapter calls them."""

from __future__ import annotations

from nevbook.common.i18n import N_

THEMES = {
    "output": N_("Output"),
    "market": N_("Market"),
    "high_end": N_("High end"),
    "research": N_("Research"),
    "intelligence": N_("Intelligence"),
    "globalization": N_("Globalization"),
    "supply_chain": N_("Supply chain"),
    "economy": N_("Economy"),
    "firms": N_("Firms"),
    "policy": N_("Policy"),
}
KINDS = {
    "stated": N_("stated"),
    "estimate": N_("estimate"),
    "target": N_("target"),
    "forecast": N_("forecast"),
    "derived": N_("computed"),
    "scenario": N_("scenario, no forecast"),
}
# how strong a source is, in a sign and a word
TIERS = {"official": N_("● official"), "press": N_("◐ press"), "secondary": N_("○ weak source")}
# above a list of sources
TIER_HEADINGS = {
    "official": N_("● Official sources ({n})"),
    "press": N_("◐ Press ({n})"),
    "secondary": N_("○ Weak sources ({n})"),
}
MEASURES = {
    "level": N_("level"),
    "yoy_growth": N_("growth on the year before"),
    "yoy_change": N_("change on the year before"),
}
# as a chart or a table names a unit
UNITS = {
    "vehicles": N_("vehicles"),
    "count": N_("number"),
    "rank": N_("place"),
    "yuan": N_("yuan"),
    "usd": N_("US dollars"),
    "yuan_per_usd": N_("yuan per US dollar"),
    "yuan_per_vehicle": N_("yuan per vehicle"),
    "percent": N_("percent"),
    "percentage_points": N_("percentage points"),
    "times": N_("times"),
    "km": N_("km"),
}
# as a unit follows a number in a sentence; vehicles and counts need none
UNITS_AFTER = {
    "vehicles": "",
    "count": "",
    "rank": "",
    "yuan": N_(" yuan"),
    "usd": N_(" US dollars"),
    "yuan_per_usd": N_(" yuan to the US dollar"),
    "yuan_per_vehicle": N_(" yuan"),
    "percent": N_(" percent"),
    "percentage_points": N_(" percentage points"),
    "times": N_(" times"),
    "km": N_(" km"),
}
# the same after one of them
UNIT_AFTER_ONE = {"percentage_points": N_(" percentage point"), "usd": N_(" US dollar")}
QUALIFIERS = {"=": "", "~": N_("about "), ">": N_("more than "), "<": N_("less than ")}
