"""The Atom feed of the book: its editions, and the days on which figures were revised."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from markupsafe import Markup

from nevbook.analysis import edition_changes
from nevbook.analysis.edition_changes import Change
from nevbook.common import config, formatting
from nevbook.common.config import Edition
from nevbook.common.errors import BuildError
from nevbook.common.files import write_whole
from nevbook.common.i18n import gettext as _, ngettext
from nevbook.data.dataset import Dataset, load
from nevbook.data.package import open_package
from nevbook.report import quantity_text
from nevbook.site import atom, landing
from nevbook.site.atom import Entry

FILE = "feed.xml"


def write(root: Path, site: Path, listed: Sequence[Edition]) -> None:
    """Write the feed of a site; raises BuildError where ``html: baseurl`` is no whole address."""
    settings = config.settings(root)
    address = str((settings.get("html") or {}).get("baseurl") or "").rstrip("/")
    if address and not address.startswith(("http://", "https://")):
        raise BuildError(f"{config.CONFIG}: html: baseurl is {address!r}; give a whole address, as https://host/book.")
    base = f"{address}/" if address else ""
    entries = [_edition(site, one) for one in listed] + _revisions(site, listed[0])
    entries.sort(key=lambda e: e.updated, reverse=True)  # of one day as they are listed
    text = atom.write(
        "editions", "feed", str(settings["title"]), f"{base}index.html",
        _("New editions of the book, and figures that were revised"),
        str(settings.get("author") or settings["title"]), entries[0].updated,
        [dataclasses.replace(e, link=base + e.link) for e in entries], f"{base}{FILE}",
    )  # fmt: skip
    write_whole(site / FILE, text)


def _edition(site: Path, one: Edition) -> Entry:
    told = landing.published(site, one)
    rows = open_package(site / one.path / "data").rows("observations")
    day = dt.date.fromisoformat(told["as_of"]) if told else max(dt.date.fromisoformat(r["recorded"]) for r in rows)
    figures, sources = f"{len(rows):,}", f"{len({r['source'] for r in rows}):,}"
    template = _("It rests on {n} figures from {m} sources, as they were known on {day}.")
    said = template.format(n=figures, m=sources, day=formatting.date(day))
    title = _("Edition {label}", label=told.get("label", one.path))
    return Entry(f"edition/{one.path}", title, f"{one.path}/index.html", Markup("<p>{}</p>").format(said), day, day)


def _revisions(site: Path, newest: Edition) -> list[Entry]:
    """Make an entry of each day on which something was recorded that revises a figure or drops it."""
    data = load(site / newest.path / "data")
    days = sorted({r.recorded for r in (*data.raw, *data.observations, *data.corrections)})
    found = []
    for before, day in zip(days, days[1:], strict=False):
        old, new = (edition_changes.shown(data.vintage(newest.year, d)) for d in (before, day))
        told = edition_changes.revisions(data.vintage(newest.year, day), old, new)
        if told:
            title = ngettext("{n} figure revised", "{n} figures revised", len(told))
            body = Markup("").join(Markup("<li>{}</li>").format(_line(data, one)) for one in told)
            page = f"{newest.path}/changes.html" if (site / newest.path / "changes.html").is_file() else "index.html"
            found.append(Entry(f"revised/{day.isoformat()}", title, page, f"<ul>{body}</ul>", day, day))
    return found


def _line(data: Dataset, one: Change) -> str:
    about = one.now or one.before
    assert about is not None
    values = [quantity_text.plain(q).strip() if q else _("shown no more") for q in (one.before, one.now)]
    what = quantity_text.name_of(about, data)
    return _("{what}: {before} before, {now} now", what=what, before=values[0], now=values[1])
