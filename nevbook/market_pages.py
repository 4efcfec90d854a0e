"""The pages of the overseas markets: once a site, beside Sphinx, as of the newest edition's day.

A page for each market; and the world, the coverage, a comparison, the fit of vehicles, the
alerts. They tell what the newest edition sees, read from the data package that it publishes.
"""

from __future__ import annotations

import base64
import csv
import datetime as dt
import html
import io
import posixpath
from collections.abc import Callable
from pathlib import Path

from . import citation, drawing, figures, market_chart, market_lists, market_page, words
from .citation import Work
from .config import Edition
from .dataset import read_descriptor
from .errors import BuildError
from .indicator_pages import page_key
from .market_cards import Entries
from .market_page import Told
from .market_rows import TOPICS, Market
from .markets import Markets, load_markets
from .pool import each
from .shell import Shell, template
from .tables import table
from .words import period, word

FOLDER = "markets"
OWN = (FOLDER,)  # what stands in the site
LISTS = ("index", "compare", "fit", "alerts", "coverage")  # pages that are not of one market, in this order
_ALSO = ("sources.csv", "entities.csv")
TIME_LIMIT = 300  # seconds for one worker's share; it takes a few


class Site:
    """What the pages are made from: the newest edition of a site as it is published.

    Parameters
    ----------
    root : Path
        The repository, for ``_config.yml``.
    folder : Path
        The site, with the edition in it.
    edition : Edition
        The one that the pages tell of.
    cache : Path
        Folder of drawings.
    """

    def __init__(self, root: Path, folder: Path, edition: Edition, cache: Path) -> None:
        self.folder, self.edition, self.cache = folder, edition, cache
        package = folder / edition.path / "data"
        descriptor = read_descriptor(package)
        everything = load_markets(package)
        told = descriptor.get("nevbook", {}).get("edition", {}).get("as_of")
        self.data: Markets = everything.as_seen(dt.date.fromisoformat(told) if told else everything.as_of)
        paged = [m for m in self.data.listed("market", "home", "bloc") if m.kind != "bloc" or self.data.events_of(m.id)]
        self.told = {m.id: Told(self.data, m) for m in paged}
        self.shell = Shell(folder / edition.path)
        region = next(r["name"] for r in _entities(package) if r["id"] == edition.region)
        self.work: Work = citation.work(root, edition.year, edition.region, edition.path, region, self.data.as_of)
        self.prefix = posixpath.relpath(edition.path, FOLDER) + "/"
        static = f"{self.prefix}_static/markets"
        self.head = f'<link rel="stylesheet" href="{static}.css">\n<script defer src="{static}.js"></script>'

    def write(self, page: str, title: str, look: str, **parts: object) -> None:
        """Write a page from a template."""
        kin = [(f"{n}.html", word(f"market.kin.{n}"), n == page) for n in LISTS]
        box = self.work.box("data", word("market.cite", name=title), f"{FOLDER}/{page}.html")
        article = template(look).render(kin=kin, box=box, **parts)
        target = self.folder / FOLDER / f"{page}.html"
        target.write_text(self.shell.page(title, article, self.prefix, self.head), encoding="utf-8")


def _entities(package: Path) -> list[dict[str, str]]:
    with (package / "entities.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def key(root: Path, folder: Path, edition: Edition, package: str) -> str:
    """Return what the pages depend on: the edition's market data and look, how it is cited, and the package.

    Parameters
    ----------
    root, folder, edition
        As of `Site`.
    package : str
        Hash of nevbook.

    Returns
    -------
    str
    """
    return page_key(root, folder, edition, package, lambda p: p.startswith("markets/") or p in _ALSO)


def write(root: Path, folder: Path, edition: Edition, cache: Path, workers: int) -> int:
    """Write the pages of markets into a site that is not published yet.

    Parameters
    ----------
    root, folder, edition, cache
        As of `Site`.
    workers : int
        Processes at a time.

    Returns
    -------
    int
        How many markets have a page.

    Raises
    ------
    BuildError
        Where a page cannot be made.
    """
    site = Site(root, folder, edition, cache)
    (folder / FOLDER / "data").mkdir(parents=True)
    # shares of about equal work: what takes time is to draw
    listed = sorted(site.told.values(), key=lambda t: (-len(market_page.points(t.data.sales_of(t.market.id))), t.market.id))
    shares: list[list[Told] | None] = [None, *(listed[n::workers] for n in range(workers))]
    each(
        shares,
        workers,
        lambda share: _lists(site) if share is None else _write_share(site, share),
        lambda share, seconds: None,
        lambda share, failure: BuildError(f"market pages ({share[0].market.id} and others): {failure}" if share else f"market pages: {failure}"),
        TIME_LIMIT,
    )
    return len(listed)


def _lists(site: Site) -> None:
    for name in LISTS:
        made: Callable[[Site], dict[str, object]] = getattr(market_lists, name)
        parts = made(site.data, site.told)
        site.write(name, word(f"market.title.{name}"), f"nev-market-{name}.html", **parts)


def _write_share(site: Site, share: list[Told]) -> None:
    for told in share:
        _market(site, told)
        script = market_lists.script(told)
        (site.folder / FOLDER / "data" / f"{told.market.id}.js").write_text(script, encoding="utf-8")


def _market(site: Site, told: Told) -> None:
    data, market, entries = site.data, told.market, Entries(site.data)
    stale = sum(data.freshness(f) != "fresh" for listed in told.facts.values() for f in listed)
    site.write(
        market.id,
        market.name,
        "nev-market.html",
        name=market.name,
        where=_where(site, market),
        blocs=[(b, data.places[b].name) for b in data.blocs(market.id)],
        glance=market_page.glance(told, entries),
        groups=[
            (
                state,
                word(f"market.state.{state}", n=len(told.events[state])),
                state == "expired",
                market_page.event_rows(data, told.events[state], entries, market),
            )
            for state in market_page.GROUPS
            if state in told.events
        ],
        chart=_chart(site, told, entries),
        facts_intro=word(
            "market.facts.intro", known=sum(map(len, told.facts.values())), stale=stale, date=words.date(data.as_of)
        ),
        topics=[
            (t, word(f"market.topic.{t}"), shown) for t in TOPICS if (shown := market_page.topic_table(told, t, entries))
        ],
        gaps=market_page.gaps(told),
        vehicles=[],
        disclaimer="",
        downloads=[
            (f"{site.prefix}data/markets/{market.id}.json", word("market.download.json"), True),
            (f"compare.html#{market.id}", word("market.download.compare"), False),
        ],
        entries=entries.section(),
    )


def _where(site: Site, market: Market) -> str:
    said = word("market.where", region=market.region, subregion=market.subregion, id=market.id)
    for name in ("capital", "currency"):
        if getattr(market, name):
            said += word(f"market.where.{name}", **{name: getattr(market, name)})
    if market.kind == "home":
        said += word("market.home")
    return said + word("market.as_of", date=words.date(site.data.as_of))


def _chart(site: Site, told: Told, entries: Entries) -> str:
    sales = [s for s in site.data.sales_of(told.market.id) if s.metric == "sales"]
    points = market_page.points(sales)
    if not market_chart.drawable_points(points):
        return ""
    name = told.market.name
    share, sold = told.sale("sales_share"), told.sale("sales")
    title = text = word("market.figure.title", name=name)
    if share and sold and share.year == sold.year:
        parts = {"year": share.year, "name": name}
        text = word("market.figure.title.share", share=market_page.sale_text(share), **parts)
        title = word("market.figure.title.share", share="\0", year=share.year, name=html.escape(name)).replace(
            "\0", entries.sale(share, market_page.sale_text(share))
        )
    publishers = list(dict.fromkeys(site.data.sources[s.source].title for s in sales))
    foot = f"{word('figure.sources')}: {html.escape('; '.join(publishers))}. {word('figure.as_of', date=words.date(site.data.as_of))}."
    identity = f"sales-{told.market.id.lower()}"
    frame = {
        "id": identity,
        "title": title if title != text else html.escape(text),
        "subtitle": html.escape(word("market.figure.sub", name=name)),
        "alt": f"{text}. {_alt(points)}",
        "note": html.escape(word("market.figure.note")) if len({s.source for s in sales}) > 1 else "",
        "foot": foot,
        "table": _table(site, told),
        "csv": _csv(told),
        "cite": site.work.box("figure", text, f"{FOLDER}/{told.market.id}.html#fig-{identity}", full=False),
    }
    drawn = drawing.pictures(market_chart.spec(points) | {"usermeta": {"nevbook": frame}}, site.cache)
    return figures.frame_html(frame, drawn)


def _alt(points: list[market_chart.Point]) -> str:
    first, last = min(p.year for p in points), max(p.year for p in points)
    return word("market.figure.alt", first=first, last=last)


def _table(site: Site, told: Told) -> str:
    kinds = list(dict.fromkeys((s.source, s.powertrain, s.metric) for s in site.data.sales_of(told.market.id)))
    heads = [word("column.period"), word("market.column.what"), word("column.value"), word("column.source")]
    body = []
    for s in sorted(site.data.sales_of(told.market.id), key=lambda s: (-s.year, kinds.index((s.source, s.powertrain, s.metric)))):
        body.append(
            [
                str(s.year),
                html.escape(word(f"market.sale.{s.metric}.{s.powertrain}")),
                f'<data class="nev-value" value="{s.value:.12g}" data-market="{s.market}">{market_page.sale_text(s)}</data>',
                html.escape(site.data.sources[s.source].title),
            ]
        )
    return table(heads, body, word("market.figure.title", name=told.market.name))


def _csv(told: Told) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    columns = ("market", "year", "powertrain", "metric", "value", "unit", "source")
    writer.writerow(columns)
    writer.writerows([f"{s.value:.12g}" if c == "value" else getattr(s, c) for c in columns] for s in told.data.sales_of(told.market.id))
    return "data:text/csv;base64," + base64.b64encode(out.getvalue().encode()).decode()
