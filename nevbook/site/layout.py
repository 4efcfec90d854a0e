"""Standalone pages in the look of one that Sphinx wrote: hundreds of pages would take Sphinx minutes."""

from __future__ import annotations

import functools
import html
import posixpath
import re
from pathlib import Path

import jinja2
from markupsafe import Markup

from nevbook.common import formatting
from nevbook.common.config import PACKAGE
from nevbook.common.errors import BuildError
from nevbook.common.i18n import gettext as _, language_tag, ngettext

SHELL = "_static/shell"  # the page that Sphinx writes for it
MARKS = {name: f"{{{{nev:{name}}}}}" for name in ("title", "about", "article", "contents")}
_HEADING = re.compile(r'<h2 id="([^"]+)">(.*?)</h2>', re.DOTALL)
_LINK = re.compile(r'\b(href|src|action|data-root|data-base|data-vega)="([^"#?]*)([^"]*)"')
_OUTSIDE = re.compile(r"[a-z][a-z0-9+.-]*:|/", re.IGNORECASE)
_SPLIT = re.compile("|".join(f"({re.escape(mark)})" for mark in MARKS.values()))


class PageLayout:
    """The look of an edition."""

    def __init__(self, edition: Path) -> None:
        path = edition / f"{SHELL}.html"
        self._text = path.read_text(encoding="utf-8") if path.is_file() else ""
        if any(self._text.count(mark) != 1 for mark in MARKS.values()):
            raise BuildError(f"{path}: no page from which others can be made; build that edition again, too (--force).")
        self._moved: dict[str, list[str]] = {}

    def _at(self, prefix: str) -> list[str]:
        """Return what stands before, between and after the marks, with links that lead from a folder."""
        start = posixpath.join(prefix, posixpath.dirname(SHELL))

        def moved(match: re.Match[str]) -> str:
            name, path, rest = match.groups()
            if _OUTSIDE.match(path) or not path:
                return match[0]
            slash = "/" if path.endswith("/") else ""
            return f'{name}="{posixpath.normpath(posixpath.join(start, path))}{slash}{rest}"'

        if prefix not in self._moved:
            parts = _SPLIT.split(_LINK.sub(moved, self._text))
            self._moved[prefix] = [p for p in parts if p is not None]
        return self._moved[prefix]

    def page(self, title: str, article: str, prefix: str, about: str = "", address: str = "", head: str = "") -> str:
        """Return a page."""
        about = about or _("{title}: figures and their sources.", title=title)
        said = f'<meta name="description" content="{html.escape(about)}">'
        if address:
            said += f'\n<link rel="canonical" href="{html.escape(address)}">'
        filled = {
            MARKS["title"]: html.escape(title),
            MARKS["about"]: "\n".join(filter(None, (said, head))),
            MARKS["article"]: article,
            MARKS["contents"]: "" if "nev-broad" in article else _contents(title, article),
        }
        return "".join(filled.get(part, part) for part in self._at(prefix))


def _contents(title: str, article: str) -> Markup:
    """List the sections of a page as Sphinx lists those of a chapter: under the page's own title."""
    link = Markup('<li><a href="#{}">{}</a></li>').format
    parts = Markup("").join(link(anchor, Markup(text).striptags()) for anchor, text in _HEADING.findall(article))
    return Markup('<ul><li><a href="#">{}</a><ul>{}</ul></li></ul>').format(title, parts) if parts else parts


@functools.cache
def template(name: str) -> jinja2.Template:
    """Return a template of the package; what it is given is escaped unless it is marked as HTML."""
    folder = jinja2.FileSystemLoader(PACKAGE / "site" / "templates")
    made = jinja2.Environment(loader=folder, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    made.globals |= {"_": _, "ngettext": ngettext, "language_tag": language_tag, "date": formatting.date}
    return made.get_template(name)
