"""What stands at the root of the site: the way in, the list of editions, what is not found, the map."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from urllib.parse import quote, urlsplit

from nevbook.common import config
from nevbook.common.config import PACKAGE, Edition
from nevbook.common.errors import BuildError
from nevbook.common.files import write_whole
from nevbook.data.package import PACKAGE_FILE, read_descriptor
from nevbook.site.layout import template

EDITIONS = "editions.js"
PDF = "made-in-chongqing.pdf"  # in an edition's folder, where `nevbook pdf` has made it
_UNLISTED = ("search.html", "404.html", "shell.html")


def entries(site: Path, known: Iterable[Edition]) -> list[dict[str, object]]:
    """Return what the switcher and the entrance say of each edition."""
    found = []
    for one in known:
        entry: dict[str, object] = {
            "path": one.path + "/",
            "label": published(site, one).get("label", one.path),
            "year": one.year,
            "region": one.region,
            "pages": sorted(p.name for p in (site / one.path).glob("*.html")),
        }
        if (site / one.path / PDF).is_file():
            entry["pdf"] = f"{one.path}/{PDF}"
        found.append(entry)
    return found


def write(root: Path, site: Path, known: Sequence[dict[str, object]]) -> None:
    """Write the landing page, ``editions.js``, ``404.html``, and a sitemap if the site has an address."""
    settings = config.settings(root)
    address = str((settings.get("html") or {}).get("baseurl") or "")
    first = next((e for e in known if e["region"] == config.DEFAULT_REGION), known[0])
    said = {
        "title": settings["title"],
        "first": first,
        "editions": known,
        "base": (urlsplit(address).path.rstrip("/") if address else "") + "/",
        "address": address.rstrip("/") + "/" if address else "",
        "icon": quote((PACKAGE / "site" / "static" / "favicon.svg").read_text(encoding="utf-8")),
    }
    write_whole(site / EDITIONS, f"window.nevEditions = {json.dumps(list(known), ensure_ascii=False)};\n")
    write_whole(site / "index.html", template("nev-entrance.html").render(said))
    write_whole(site / "404.html", template("nev-404.html").render(said))
    for name in ("sitemap.xml", "robots.txt"):
        (site / name).unlink(missing_ok=True)
    if address:
        write_whole(site / "sitemap.xml", _map(site, address.rstrip("/")))
        write_whole(site / "robots.txt", f"User-agent: *\nAllow: /\nSitemap: {address.rstrip('/')}/sitemap.xml\n")


def refresh(root: Path, site: Path) -> list[dict[str, object]]:
    """Write the entrance anew, with the PDFs that are there now; return the entries."""
    known = entries(site, read(site).values())
    write(root, site, known)
    return known


def _map(site: Path, address: str) -> str:
    if not address.startswith(("http://", "https://")):
        raise BuildError(f"{config.CONFIG}: html: baseurl is {address!r}; give a whole address, as https://host/book.")
    pages = sorted(p.relative_to(site).as_posix() for p in site.rglob("*.html") if p.name not in _UNLISTED)
    found = "".join(f"<url><loc>{address}/{quote(p)}</loc></url>\n" for p in pages if p != "index.html")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{found}</urlset>\n'


def published(site: Path, one: Edition) -> dict[str, str]:
    """Return what the data package of a published edition says of it: its year, region, day, and its name."""
    folder = site / one.path / "data"
    return read_descriptor(folder).get("nevbook", {}).get("edition", {}) if (folder / PACKAGE_FILE).is_file() else {}


def listed(site: Path) -> list[dict[str, object]]:
    """Return what the entrance of a site says of its editions."""
    try:
        text = (site / EDITIONS).read_text(encoding="utf-8")
        return json.loads(text[text.index("[") : text.rindex("]") + 1])
    except (OSError, ValueError):
        return []


def read(site: Path) -> dict[str, Edition]:
    """Return the editions that stand in a site, by path."""
    found = {str(e["path"]).rstrip("/"): Edition(int(str(e["year"])), str(e["region"])) for e in listed(site)}
    return {p: e for p, e in found.items() if (site / p / "index.html").is_file()}


def ordered(known: Iterable[Edition]) -> list[Edition]:
    """Return editions as they are listed: the book's own region first, newest first."""
    return sorted(known, key=lambda e: (e.region != config.DEFAULT_REGION, e.region, -e.year))
