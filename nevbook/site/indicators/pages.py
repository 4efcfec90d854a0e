"""A page for each indicator, an index of them, and the list of sources, as the newest edition sees them."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from markupsafe import Markup

from nevbook.analysis.quantities import quantity
from nevbook.common.config import Edition
from nevbook.common.downloads import people_csv
from nevbook.common.errors import BuildError
from nevbook.common.formatting import period
from nevbook.common.html import table
from nevbook.common.i18n import gettext as _, ngettext
from nevbook.common.processes import each, tell
from nevbook.common.vocabulary import KINDS, MEASURES, THEMES, TIER_HEADINGS, UNITS
from nevbook.data.corrections import corrected
from nevbook.data.dataset import Dataset, load
from nevbook.data.models import Indicator, Observation, Source
from nevbook.data.package import read_table
from nevbook.report import quantity_text, source_cards
from nevbook.report.book import Book
from nevbook.report.charts import renderer
from nevbook.report.edition_view import EditionView
from nevbook.site import citation
from nevbook.site.indicators.chart import chart
from nevbook.site.layout import template
from nevbook.site.search_index import Entry, chinese, write_index
from nevbook.site.standalone import StandaloneSite

FOLDER = "indicators"
SOURCES = "sources.html"
OWN = (FOLDER, SOURCES)  # what stands in the site
LEAST = 3  # observations of an indicator that has a page of its own
TIERS = ("official", "press", "secondary")


class Site(StandaloneSite):
    """The edition with its figures, as `indicators/` and `sources.html` tell of them."""

    def __init__(self, root: Path, folder: Path, edition: Edition, cache: Path) -> None:
        super().__init__(root, folder, edition, cache)
        self.data: Dataset = replace(load(self.package), as_of=self.as_of)
        self.rows: dict[str, list[Observation]] = {}
        for row in self.data.observations:
            self.rows.setdefault(row.indicator, []).append(row)
        self.raw: dict[str, list[dict[str, str]]] = {}
        for stated in read_table(self.package, "observations"):
            if cells := corrected(stated, self.data.corrections):
                self.raw.setdefault(cells["indicator"], []).append(cells)


def paged(data: Dataset) -> list[Indicator]:
    """Return the indicators that have a page, those with most rows first."""
    many = Counter(r.indicator for r in data.observations)
    return sorted((i for i in data.indicators.values() if many[i.id] >= LEAST), key=lambda i: -many[i.id])


def draw_ahead(root: Path, data: Dataset, edition: Edition, cache: Path, indicator: str) -> None:
    """Draw the chart of an indicator into the cache, before the edition has its pages."""
    renderer.use_in_build()
    assert data.as_of is not None
    rows = [r for r in data.observations if r.indicator == indicator]
    cited = citation.work(root, "", edition.path, data.as_of)
    chart(_book(data, edition), data.indicators[indicator], rows, cache, None, cited, "")


def _book(data: Dataset, edition: Edition) -> Book:
    return Book(EditionView(data, edition.year, edition.region))


def reads(table: str) -> bool:
    """Whether these pages read a table, given its path in the data package: any but the text of chapters."""
    return not table.startswith("markets/")


def write(root: Path, folder: Path, edition: Edition, cache: Path, workers: int) -> int:
    """Write the pages of indicators and sources into a site that is not published yet."""
    site = Site(root, folder, edition, cache)
    listed = paged(site.data)
    if any(i.id == "index" for i in listed):
        raise BuildError("an indicator named 'index' would take the place of the list of indicators.")
    # shares of about equal work: a page takes time by what it draws and lists
    shares = [listed[n::workers] for n in range(min(workers, len(listed)))]
    each(
        [*shares, []],
        workers,
        lambda share: _write_share(site, share),
        lambda share, seconds: None,
        lambda share, failure: BuildError(f"pages of indicators: {failure}"),
    )
    return len(listed)


def _write_share(site: Site, share: Sequence[Indicator]) -> None:
    for one in share:
        tell(f"page of {one.id}")
        site.put(f"{FOLDER}/{one.id}.html", one.name, _indicator(site, one))
        text = people_csv(list(site.raw[one.id][0]), site.raw[one.id])
        (site.folder / FOLDER / f"{one.id}.csv").write_text(text, encoding="utf-8", newline="\n")
    if not share:  # the lists are a share of their own
        site.put(f"{FOLDER}/index.html", _("Indicators"), _index(site))
        site.put(SOURCES, _("Sources"), _sources(site))
        write_index(site.folder / FOLDER, f"{FOLDER}/", _searched(site))


def _searched(site: Site) -> Iterator[Entry]:
    """Return indicators and sources as the search finds them: names in English and Chinese, of whom, from where."""
    data, own = site.data, {i.id for i in paged(site.data)}
    used: set[str] = set()
    for name, rows in site.rows.items():
        one, sources = data.indicators[name], {r.source for r in rows}
        whom = "; ".join(f"{e.name} {e.name_zh}" for e in data.entities.values() if e.id in {r.entity for r in rows})
        used |= sources
        address = f"{name}.html" if name in own else f"index.html#i-{name}"
        said = [("", "", f"{one.definition} {whom}")]
        read = chinese(" ".join(data.sources[s].title for s in sorted(sources)))
        yield Entry(_("Indicator"), 1, address, one.name, f"{one.name_zh};{name}", said, read)
    for source in sorted(used):
        one = data.sources[source]
        about = f"{one.publisher}, {period(one.published)}".strip(", ")
        yield Entry(_("Source"), 0.15, f"../{SOURCES}#s-{source}", one.title, source, [("", "", about)])


def anchor(row: Observation) -> str:
    """Return the id of an observation's row on the page of its indicator."""
    return f"o-{row.id}"


def _entry(source: Source) -> Markup:
    """Write a source: publisher, title, day, terms."""
    when = f", {period(source.published)}" if source.published else ""
    title = source_cards.linked(source.title, source)
    return Markup("{}: {}{}. {}.").format(source.publisher, title, when, source.licence)


def _by_tier(sources: list[Source]) -> list[tuple[str, list[Source]]]:
    ordered = sorted(sources, key=lambda s: (s.publisher, s.published, s.id))
    found = [(t, [s for s in ordered if s.tier == t]) for t in TIERS]
    return [(t, listed) for t, listed in found if listed]


def _observations(site: Site, rows: list[Observation]) -> Markup:
    head = [
        _("Of whom"), _("Period"), _("Measure"), _("Value"), _("Kind"), _("Counting method"), _("Source"),
        _("Where in it"), _("Recorded"), _("Note"),
    ]  # fmt: skip
    data = site.data
    order = {e: n for n, e in enumerate(data.entities)}
    body = []
    for row in sorted(rows, key=lambda r: (order[r.entity], r.measure, r.span.end, r.span.start, r.id)):
        source, value = data.sources[row.source], quantity_text.plain(quantity(row)).strip()
        where = Markup('<span id="{}">{}</span>').format(anchor(row), data.entities[row.entity].name)
        when = Markup('<time datetime="{0}">{0}</time>').format(row.recorded.isoformat())
        basis, title = data.basis(row.indicator, row.basis).name, source_cards.linked(source.title, source)
        what = [where, period(row.period), _(MEASURES[row.measure]), value, _(KINDS[row.kind])]
        body.append([*what, basis, title, row.locator, when, row.note])
    return table(head, body, _("All observations"))


def _indicator(site: Site, one: Indicator) -> str:
    rows = site.rows[one.id]
    page = _book(site.data, site.edition)
    address = f"{FOLDER}/{one.id}.html"
    drawn = chart(page, one, rows, site.cache, site.folder / FOLDER, site.work, address)
    used = dict.fromkeys(r.basis for r in rows)
    ways = [b for (b_id, i), b in site.data.bases.items() if i == one.id and b_id in used]
    sources = list(dict.fromkeys(site.data.sources[r.source] for r in rows))
    return template("nev-indicator.html").render(
        one=one,
        chart=drawn or "",
        least=LEAST,
        ways=sorted(ways, key=lambda b: b.order),
        table=_observations(site, rows),
        count=_counted(len(rows)),
        tiers=[(_(TIER_HEADINGS[t], n=len(s)), [_entry(x) for x in s]) for t, s in _by_tier(sources)],
        data=f"{site.prefix(address)}data/index.html",
        theme=_(THEMES[one.theme]),
        unit=_(UNITS[one.unit]),
        box=site.work.box(_("Cite this page"), one.name, address),
        figures=source_cards.sources_section(page.register) if page.register.entries else "",
    )


def _counted(n: int) -> str:
    return ngettext("{n} observation", "{n} observations", n, n=f"{n:,}")


def _index(site: Site) -> str:
    own = {i.id for i in paged(site.data)}
    shown = [i for i in site.data.indicators.values() if i.id in site.rows]
    themes = dict.fromkeys(i.theme for i in site.data.indicators.values())
    groups = [(t, [i for i in shown if i.theme == t]) for t in themes]
    return template("nev-indicators.html").render(
        intro=_(
            "Everything that is measured, by theme. An indicator with {least} observations or more has a page"
            " of its own, with all its figures, sources and a download. The pages tell what the edition {label} sees.",
            least=LEAST,
            label=site.work.label,
        ),
        groups=[
            (t, _(THEMES[t]), [(i, i.id in own, _counted(len(site.rows[i.id]))) for i in found])
            for t, found in groups
            if found
        ],
        few=_("fewer than {least} observations, no page of its own", least=LEAST),
    )


def _sources(site: Site) -> str:
    own = {i.id for i in paged(site.data)}
    resting: dict[str, list[Observation]] = {}
    for row in site.data.observations:
        resting.setdefault(row.source, []).append(row)
    tally = Counter(len(rows) for rows in resting.values())
    said = {n: ngettext("{n} figure rests on it", "{n} figures rest on it", n, n=f"{n:,}") for n in tally}
    number = functools.partial(_number, site.data, own)
    return template("nev-sources.html").render(
        intro=_(
            "Every source that a figure of the edition {label} was read in, by tier, each with the figures"
            " that rest on it.",
            label=site.work.label,
        ),
        tiers=[
            (
                t,
                _(TIER_HEADINGS[t], n=len(listed)),
                [(s.id, _entry(s), said[len(resting[s.id])], [number(r) for r in resting[s.id]]) for s in listed],
            )
            for t, listed in _by_tier([site.data.sources[s] for s in resting])
        ],
    )


def _number(data: Dataset, paged: set[str], row: Observation) -> tuple[str, str]:
    """Return where an observation is on the site, and what it says."""
    one = quantity(row)
    there = f"{row.indicator}.html#{anchor(row)}" if row.indicator in paged else f"index.html#i-{row.indicator}"
    return f"{FOLDER}/{there}", f"{quantity_text.name_of(one, data)}: {quantity_text.plain(one).strip()}"
