"""The pages of the overseas markets: once a site, beside Sphinx, as of the newest edition's day.

A page for each market; and the world, the coverage, a comparison, the fit of vehicles, the
alerts. They tell what the newest edition sees, read from the data package that it publishes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from nevbook.common import formatting
from nevbook.common.config import Edition
from nevbook.common.errors import BuildError
from nevbook.common.i18n import gettext as _, word
from nevbook.common.processes import each
from nevbook.data.markets.dataset import Markets, load_markets
from nevbook.data.markets.models import TOPICS, Event, Market
from nevbook.site.layout import template
from nevbook.site.markets import chart, feeds, fit, overview, profile
from nevbook.site.markets.cards import Entries
from nevbook.site.markets.profile import Told
from nevbook.site.standalone import StandaloneSite

FOLDER = "markets"
OWN = (FOLDER,)  # what stands in the site
LISTS = ("index", "compare", "fit", "alerts", "coverage")  # pages that are not of one market, in this order
_ALSO = ("sources.csv", "entities.csv")
TIME_LIMIT = 300  # seconds for one worker's share; it takes a few


class Site(StandaloneSite):
    """The edition with its markets, as `markets/` tells of them."""

    def __init__(self, root: Path, folder: Path, edition: Edition, cache: Path) -> None:
        super().__init__(root, folder, edition, cache)
        self.data: Markets = load_markets(self.package).vintage(self.as_of)
        paged = [m for m in self.data.listed("market", "home", "bloc") if m.kind != "bloc" or self.data.events_of(m.id)]
        self.told = {m.id: Told(self.data, m) for m in paged}
        self.way = self.prefix(f"{FOLDER}/index.html")  # to the edition, from any of these pages
        static = f"{self.way}_static/markets"
        self.head = f'<link rel="stylesheet" href="{static}.css">\n<script defer src="{static}.js"></script>'

    def render(self, page: str, title: str, look: str, **parts: object) -> None:
        """Write a page from a template."""
        kin = [(f"{n}.html", word(f"markets.kin.{n}"), n == page) for n in LISTS]
        place = f"{FOLDER}/{page}.html"
        box = self.work.box(_("Cite this page"), word("markets.cite", name=title), place)
        article = template(look).render(kin=kin, box=box, **parts)
        about = word("markets.about.all" if page in LISTS else "markets.about", name=title)
        self.put(place, title, article, about, self.head)


def reads(table: str) -> bool:
    """Whether these pages read a table, given its path in the data package."""
    return table.startswith("markets/") or table in _ALSO


def write(root: Path, folder: Path, edition: Edition, cache: Path, workers: int) -> int:
    """Write the pages of markets into a site that is not published yet.

    Raises BuildError where a page cannot be made.
    """
    site = Site(root, folder, edition, cache)
    (folder / FOLDER / "data").mkdir(parents=True)
    # shares of about equal work: what takes time is to draw
    listed = sorted(site.told.values(), key=lambda t: (-len(site.data.sales_of(t.market.id)), t.market.id))
    shares = [[], *(listed[n::workers] for n in range(workers))]
    each(
        [share for n, share in enumerate(shares) if share or not n],
        workers,
        lambda share: _write_share(site, share) if share else _lists(site),
        lambda share, seconds: None,
        lambda share, failure: BuildError(f"pages of markets: {failure}"),
        TIME_LIMIT,
    )
    return len(listed)


def _lists(site: Site) -> None:
    made: dict[str, Callable[[Markets, dict[str, Told]], dict[str, object]]] = {
        "index": overview.index, "compare": overview.compare, "fit": fit.fits,
        "alerts": overview.alerts, "coverage": overview.coverage,
    }  # fmt: skip
    for name in LISTS:
        site.render(name, word(f"markets.title.{name}"), f"nev-market-{name}.html", **made[name](site.data, site.told))
    _subscribe(site, None)


def _subscribe(site: Site, market: str | None) -> None:
    """Write the feed and the calendar of a market, or of all."""
    name = market or "alerts"

    def there(event: Event) -> str:
        return f"{site.work.at(f'{FOLDER}/{event.market}.html')}#e-{event.id}"

    # without an address of the site, an event leads to its source: a feed is read far from its folder
    link = there if site.work.address else None
    home = site.work.at(f"{FOLDER}/{name}.html")
    known = {"home": home, "feed_url": site.work.at(f"{FOLDER}/{name}.xml")} if home else {}
    (site.folder / FOLDER / f"{name}.xml").write_bytes(feeds.atom(site.data, market, link=link, **known))
    (site.folder / FOLDER / f"{name}.ics").write_bytes(feeds.calendar(site.data, market, link))


def _write_share(site: Site, share: Sequence[Told]) -> None:
    for told in share:
        try:
            _market(site, told)
            _subscribe(site, told.market.id)
        except Exception as error:
            error.add_note(f"on the page of {told.market.id}")
            raise
        script = overview.script(told)
        (site.folder / FOLDER / "data" / f"{told.market.id}.js").write_text(script, encoding="utf-8")


def _market(site: Site, told: Told) -> None:
    data, market, entries = site.data, told.market, Entries(site.data)
    stale = sum(data.freshness(f) != "fresh" for listed in told.facts.values() for f in listed)
    site.render(
        market.id,
        market.name,
        "nev-market.html",
        name=market.name,
        where=_where(site, market),
        blocs=[(b, data.places[b].name) for b in data.blocs(market.id)],
        glance=profile.glance(told, entries),
        groups=[
            (
                state,
                word(f"markets.state.{state}", n=len(told.events[state])),
                state == "expired",
                profile.event_rows(data, told.events[state], entries, market),
            )
            for state in profile.GROUPS
            if state in told.events
        ],
        chart=chart.figure(data, market, told.sale("sales_share"), entries, site.work, site.cache, site.folder / FOLDER)
        or "",
        facts_intro=word(
            "markets.facts.intro",
            known=sum(map(len, told.facts.values())),
            stale=stale,
            date=formatting.date(data.as_of),
        ),
        topics=[
            (topic, word(f"market.topic.{topic}"), shown)
            for topic in TOPICS
            if (shown := profile.topic_table(told, topic, entries))
        ],
        gaps=profile.gaps(told),
        vehicles=fit.fits_of(told),
        downloads=_downloads(site, market),
        entries=entries.section(),
    )


def _downloads(site: Site, market: Market) -> list[tuple[str, str, bool]]:
    found = [
        (f"{market.id}.xml", word("markets.download.feed"), False),
        (f"{market.id}.ics", word("markets.download.calendar"), True),
        (f"compare.html#{market.id}", word("markets.download.compare"), False),
    ]
    told = f"data/markets/{market.id}.json"
    if (site.folder / site.edition.path / told).is_file():
        found.insert(0, (f"{site.way}{told}", word("markets.download.json"), True))
    return found


def _where(site: Site, market: Market) -> str:
    said = word("markets.where", region=market.region, subregion=market.subregion, id=market.id)
    for name in ("capital", "currency"):
        if getattr(market, name):
            said += word(f"markets.where.{name}", **{name: getattr(market, name)})
    if market.kind == "home":
        said += word("markets.home")
    return said + word("markets.as_of", date=formatting.date(site.data.as_of))
