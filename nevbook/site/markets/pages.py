"""The pages of the overseas markets, once a site, as of the newest edition's day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from nevbook.analysis.markets.describe import MarketProfile, describe
from nevbook.common.config import Edition
from nevbook.common.errors import BuildError
from nevbook.common.i18n import N_, gettext as _
from nevbook.common.processes import each, tell
from nevbook.data.markets.dataset import Markets, load_markets
from nevbook.data.markets.models import Event
from nevbook.data.names import also_named
from nevbook.report import market_labels as labels
from nevbook.site.layout import template
from nevbook.site.markets import chart, feeds, fit, overview, profile
from nevbook.site.markets.cards import Entries
from nevbook.site.search_index import Entry, write_index
from nevbook.site.standalone import StandaloneSite

FOLDER = "markets"
OWN = (FOLDER,)  # what stands in the site
LISTS = {  # pages that are not of one market, in this order: name in the row of links, title
    "index": (N_("World"), N_("Overseas car markets")), "compare": (N_("Compare"), N_("Compare markets")),
    "fit": (N_("Vehicle fit"), N_("Vehicle fit")), "alerts": (N_("Alerts"), N_("Alerts")),
    "coverage": (N_("Coverage"), N_("Coverage of the markets")),
}  # fmt: skip
_CALLED = {  # what readers look for and these pages name otherwise
    "alerts": N_("tariffs;import duties;policy events"), "compare": N_("comparison;side by side"),
    "fit": N_("homologation;requirements"), "index": N_("countries;world;exports by country"),
}  # fmt: skip
_ALSO = ("sources.csv", "entities.csv")


class Site(StandaloneSite):
    """The edition with its markets, as `markets/` tells of them."""

    def __init__(self, root: Path, folder: Path, edition: Edition, cache: Path) -> None:
        super().__init__(root, folder, edition, cache)
        self.data: Markets = load_markets(self.package).vintage(self.as_of)
        paged = [m for m in self.data.listed("market", "home", "bloc") if m.kind != "bloc" or self.data.events_of(m.id)]
        self.profiles = {m.id: describe(self.data, m.id) for m in paged}
        self.way = self.prefix(f"{FOLDER}/index.html")  # to the edition, from any of these pages
        static = f"{self.way}_static/markets"
        self.head = f'<link rel="stylesheet" href="{static}.css">\n<script defer src="{static}.js"></script>'

    def render(self, page: str, title: str, look: str, **parts: object) -> None:
        """Write a page from a template."""
        kin = [(f"{name}.html", _(label), name == page) for name, (label, _title) in LISTS.items()]
        place = f"{FOLDER}/{page}.html"
        box = self.work.box(_("Cite this page"), _("{name}, overseas market", name=title), place)
        article = template(look).render(kin=kin, box=box, labels=labels, data=self.data, **parts)
        about = N_("{name} as a market for electric cars: rules, duties, dates, facts and gaps, each with its source.")
        if page in LISTS:
            about = N_("{name}: facts, policy events and gaps of the world's car markets, each with its source.")
        self.put(place, title, article, _(about, name=title), self.head)


def reads(table: str) -> bool:
    """Whether these pages read a table, given its path in the data package."""
    return table.startswith("markets/") or table in _ALSO


def write(root: Path, folder: Path, edition: Edition, cache: Path, workers: int) -> int:
    """Write the pages of markets into a site that is not published yet."""
    site = Site(root, folder, edition, cache)
    (folder / FOLDER / "data").mkdir(parents=True)
    # shares of about equal work: what takes time is to draw
    listed = sorted(site.profiles.values(), key=lambda p: (-len(p.sales), p.market.id))
    shares = [[], *(listed[n::workers] for n in range(workers))]
    each(
        [share for n, share in enumerate(shares) if share or not n],
        workers,
        lambda share: _write_share(site, share) if share else _lists(site),
        lambda share, seconds: None,
        lambda share, failure: BuildError(f"pages of markets: {failure}"),
    )
    return len(listed)


def _lists(site: Site) -> None:
    parts: dict[str, Callable[[Markets, dict[str, MarketProfile]], dict[str, object]]] = {
        "index": overview.index, "compare": overview.compare, "fit": fit.of_all,
        "alerts": overview.alerts, "coverage": overview.coverage,
    }  # fmt: skip
    for name, (_label, title) in LISTS.items():
        site.render(name, _(title), f"nev-market-{name}.html", **parts[name](site.data, site.profiles))
    _subscribe(site, None)
    write_index(site.folder / FOLDER, f"{FOLDER}/", _searched(site))


def _searched(site: Site) -> Iterator[Entry]:
    """Return the pages as the search finds them: names in English and Chinese, dated events, facts in words."""
    also: dict[str, list[str]] = {}
    told = {i: {f.attribute for f in p.all_facts()} for i, p in site.profiles.items()}
    many = Counter(a for attributes in told.values() for a in attributes)
    chinese = {a.id: f"{a.name_zh} {a.definition_zh}" for a in site.data.attributes.values()}
    for name, market in also_named(site.data.folder, "countries"):
        also.setdefault(market, []).append(name)
    for known in site.profiles.values():
        place, events = known.market, [e for e in known.all_events() if e.market == known.market.id]
        facts = [f for f in known.newest.values() if site.data.attributes[f.attribute].datatype in ("text", "choice")]
        said = [x for e in events for x in (e.title, e.title_zh, e.applies_to)]
        said += [f"{site.data.attributes[f.attribute].name}: {f.value}" for f in facts]
        names = ";".join((place.id, *also.get(place.id, ()), place.capital))
        yield Entry(
            _("Market"), 1, f"{place.id}.html", place.name, names, [("", "", "; ".join(filter(None, said)))],
            # what every page holds leads to none of them
            " ".join(chinese[a] for a in sorted(told[place.id]) if many[a] < len(told) / 2),
        )  # fmt: skip
    listed = [f"{a.name} {a.name_zh}" for a in site.data.attributes.values()]
    texts = {
        "compare": listed, "coverage": listed,
        "alerts": [f"{site.data.places[e.market].name}: {e.title} {e.title_zh}" for e in site.data.events],
        "fit": [f"{x.name} {x.name_zh}" for x in (*site.data.vehicles.values(), *site.data.rules)],
    }  # fmt: skip
    for page, (_label, title) in LISTS.items():
        said = "; ".join(texts.get(page, ()))
        yield Entry(_("All markets"), 1, f"{page}.html", _(title), _(_CALLED.get(page, "")), [("", "", said)])


def _subscribe(site: Site, market: str | None) -> None:
    """Write the feed and the calendar of a market, or of all."""
    name = market or "alerts"

    def page(event: Event) -> str:
        return f"{site.work.at(f'{FOLDER}/{event.market}.html')}#e-{event.id}"

    # without an address of the site, an event leads to its source: a feed is read far from its folder
    link = page if site.work.address else None
    home = site.work.at(f"{FOLDER}/{name}.html")
    known = {"home": home, "feed_url": site.work.at(f"{FOLDER}/{name}.xml")} if home else {}
    (site.folder / FOLDER / f"{name}.xml").write_bytes(feeds.atom(site.data, market, link=link, **known))
    (site.folder / FOLDER / f"{name}.ics").write_bytes(feeds.calendar(site.data, market, link))


def _write_share(site: Site, share: Sequence[MarketProfile]) -> None:
    for market in share:
        tell(f"page of {market.market.id}")
        _market(site, market)
        _subscribe(site, market.market.id)
        script = overview.script(market)
        (site.folder / FOLDER / "data" / f"{market.market.id}.js").write_text(script, encoding="utf-8")


def _market(site: Site, market: MarketProfile) -> None:
    entries, name = Entries(site.data), market.market.id
    json_file = f"data/markets/{name}.json"
    parts = profile.page(market, entries)
    parts["chart"] = chart.figure(market, entries, site.work, site.cache, site.folder / FOLDER)
    parts["json"] = f"{site.way}{json_file}" if (site.folder / site.edition.path / json_file).is_file() else ""
    parts |= {"fits": fit.of_market(market), "entries": entries.section()}
    site.render(name, market.market.name, "nev-market.html", **parts)
