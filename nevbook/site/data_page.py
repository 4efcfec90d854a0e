"""The page of an edition's data: its files, licence, citation."""

from __future__ import annotations

import json
from pathlib import Path

from markupsafe import Markup

from nevbook.common.html import table
from nevbook.common.i18n import gettext as _, ngettext
from nevbook.data.package import read_descriptor
from nevbook.export import tables
from nevbook.site import metadata
from nevbook.site.citation import Citation
from nevbook.site.layout import PageLayout, template


def write_data_page(pages: Path, written: list[Path], cited: Citation, described: str) -> None:
    """Write the page of the edition's data: its files, licence, citation."""
    folder = pages / "data"
    descriptor = read_descriptor(folder)
    what = {
        written[0]: _("Data package: describes all tables"),
        written[1]: _("What is here, in a few lines"),
        written[-1]: _("All tables in one SQLite database"),
        written[-2]: _("What Datasette shows with the database: descriptions, facets, ready-made queries"),
    }
    for resource in descriptor["resources"]:
        rows = len(json.loads((folder / tables.json_path(resource)).read_text(encoding="utf-8")))
        for path, kind in ((resource["path"], "CSV"), (tables.json_path(resource), "JSON")):
            what[folder / path] = _(
                "{title}, {rows} rows, {format}", title=resource["title"], rows=f"{rows:,}", format=kind
            )
    body = []
    for path in written:
        link = Markup('<a href="{0}" download>{0}</a>').format(path.relative_to(folder).as_posix())
        body.append([link, what[path], _size(path.stat().st_size)])
    each = sorted((folder / "markets").glob("*.json"))
    if each:  # hundreds; their pages link to them
        size = _size(sum(p.stat().st_size for p in each))
        text = _("A file for each of {n} markets, as JSON; the page of a market links to its own", n=f"{len(each):,}")
        body.append(["markets/*.json", text, size])
    columns = [_("File"), _("Content"), _("Size")]
    article = template("nev-data.html").render(
        files=table(columns, body, _("Files")),
        licence=descriptor["licenses"][0],
        box=cited.box(_("Cite these data"), descriptor["title"], f"{cited.path}/data/index.html"),
        described=described,
    )
    name = _("The data of this edition")
    address = cited.at(f"{cited.path}/data/index.html")
    page = PageLayout(pages).page(name, article, "../", metadata.of_page(name, cited), address)
    (folder / "index.html").write_text(page, encoding="utf-8")


def _size(octets: int) -> str:
    if octets < 1000:
        return ngettext("{n} byte", "{n} bytes", octets)
    return _("{n} KB", n=f"{round(octets / 1000):,}")
