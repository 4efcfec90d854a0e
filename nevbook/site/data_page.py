"""The page of an edition's data: its files, licence, citation."""

from __future__ import annotations

import html
import json
from pathlib import Path

from nevbook.common.html import table
from nevbook.common.i18n import word
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
        written[0]: word("export.descriptor"),
        written[1]: word("export.readme.what"),
        written[-1]: word("export.database"),
        written[-2]: word("database.metadata"),
    }
    for resource in descriptor["resources"]:
        rows = len(json.loads((folder / tables.json_path(resource)).read_text(encoding="utf-8")))
        for path, kind in ((resource["path"], "CSV"), (tables.json_path(resource), "JSON")):
            what[folder / path] = word("export.table", title=resource["title"], rows=f"{rows:,}", format=kind)
    body = []
    for path in written:
        name = html.escape(path.relative_to(folder).as_posix())
        body.append([f'<a href="{name}" download>{name}</a>', html.escape(what[path]), _size(path.stat().st_size)])
    each = sorted((folder / "markets").glob("*.json"))
    if each:  # hundreds; their pages link to them
        size = _size(sum(p.stat().st_size for p in each))
        body.append(["markets/*.json", html.escape(word("export.each_market", n=f"{len(each):,}")), size])
    columns = [word(f"export.{k}") for k in ("file", "content", "size")]
    article = template("nev-data.html").render(
        files=table(columns, body, word("export.files")),
        licence=descriptor["licenses"][0],
        box=cited.box("data", descriptor["title"], f"{cited.path}/data/index.html"),
        described=described,
    )
    name = word("export.heading")
    address = cited.at(f"{cited.path}/data/index.html")
    page = PageLayout(pages).page(name, article, "../", metadata.of_page(name, cited), address)
    (folder / "index.html").write_text(page, encoding="utf-8")


def _size(octets: int) -> str:
    key, n = ("export.bytes", octets) if octets < 1000 else ("export.kilobytes", round(octets / 1000))
    return word(key, n=f"{n:,}")
