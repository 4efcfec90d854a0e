"""Standalone pages, once a site: what they read of a published edition, and where they are written."""

from __future__ import annotations

import datetime as dt
import json
import posixpath
from collections.abc import Callable
from pathlib import Path

from nevbook.common import config
from nevbook.common.config import Edition
from nevbook.common.files import digest
from nevbook.data.package import PACKAGE_FILE, read_descriptor
from nevbook.site import citation, landing, metadata
from nevbook.site.citation import Citation
from nevbook.site.layout import SHELL, PageLayout


class StandaloneSite:
    """What the pages of a site are made from: its newest edition as it is published."""

    def __init__(self, root: Path, folder: Path, edition: Edition, cache: Path) -> None:
        self.folder, self.edition, self.cache = folder, edition, cache
        self.package = folder / edition.path / "data"
        told = landing.published(folder, edition)
        self.as_of = dt.date.fromisoformat(told["as_of"])
        self.shell = PageLayout(folder / edition.path)
        self.work: Citation = citation.work(root, told["label"], edition.path, self.as_of)

    def prefix(self, page: str) -> str:
        """Return the way from a page of the site to the edition's folder."""
        return posixpath.relpath(self.edition.path, posixpath.dirname(page) or ".") + "/"

    def put(self, page: str, title: str, article: str, about: str = "", head: str = "") -> None:
        """Write a page of the site."""
        target = self.folder / page
        target.parent.mkdir(parents=True, exist_ok=True)
        said = about or metadata.of_page(title, self.work)
        whole = self.shell.page(title, article, self.prefix(page), said, self.work.at(page), head)
        target.write_text(whole, encoding="utf-8")


def page_key(root: Path, folder: Path, edition: Edition, package: str, wanted: Callable[[str], bool]) -> str:
    """Return what pages made from an edition depend on."""
    pages = folder / edition.path
    tables = [p for r in read_descriptor(pages / "data")["resources"] if wanted(p := r["path"])]
    looked_at = [pages / f"{SHELL}.html", *(pages / "data" / name for name in (PACKAGE_FILE, *tables))]
    settings = config.settings(root)
    said = json.dumps(settings, sort_keys=True, default=str)
    return digest(edition.path, package, said, *(p.read_bytes() for p in looked_at if p.is_file()))
