"""Pages made beside Sphinx, in the look of one that Sphinx wrote.

Pages that come in hundreds would take Sphinx minutes. They take its index page as their
shell instead: title and article are replaced, and links made to lead from the new place.
"""

from __future__ import annotations

import functools
import html
import posixpath
import re
from pathlib import Path

import jinja2

from .errors import BuildError
from .plan import PACKAGE
from .words import word

_LINK = re.compile(r'\b(href|src|action|data-root|data-content_root)="([^"#?]*)([^"]*)"')
_TITLE = re.compile(r"<title>.*?(?= &#8212; |</title>)", re.DOTALL)
_ARTICLE = re.compile(r'(<article class="bd-article">).*(</article>)', re.DOTALL)
_OUTSIDE = re.compile(r"[a-z][a-z0-9+.-]*:|/", re.IGNORECASE)


class Shell:
    """The look of an edition.

    Parameters
    ----------
    edition : Path
        Folder of its pages.

    Raises
    ------
    BuildError
        Where Sphinx wrote no page that can serve.
    """

    def __init__(self, edition: Path) -> None:
        path = edition / "genindex.html"
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        if not (_TITLE.search(text) and _ARTICLE.search(text)):
            raise BuildError(f"{path}: Sphinx wrote no page from which others can be made.")
        # the page's link to itself
        self._text = re.sub(r'(<link rel="index"[^>]*href=)"#"', r'\1"genindex.html"', text)
        self._moved: dict[str, str] = {}

    def _at(self, prefix: str) -> str:
        def moved(match: re.Match[str]) -> str:
            name, path, rest = match.groups()
            if _OUTSIDE.match(path) or not path:
                return match[0]
            slash = "/" if path.endswith("/") else ""
            return f'{name}="{posixpath.normpath(posixpath.join(prefix, path))}{slash}{rest}"'

        if prefix not in self._moved:
            self._moved[prefix] = _LINK.sub(moved, self._text)
        return self._moved[prefix]

    def page(self, title: str, article: str, prefix: str, head: str = "") -> str:
        """Return a page.

        Parameters
        ----------
        title : str
            Plain text.
        article : str
            HTML, with its own heading.
        prefix : str
            Way from the new page's folder to the edition's, as in ``../2025/``.
        head : str
            HTML that stands at the end of the head.

        Returns
        -------
        str
        """
        text = self._at(prefix)
        text = _TITLE.sub(lambda _: f"<title>{html.escape(title)}", text, count=1)
        if head:
            text = text.replace("</head>", f"{head}\n</head>", 1)
        return _ARTICLE.sub(lambda m: f"{m[1]}\n{article}\n{m[2]}", text, count=1)


@functools.cache
def template(name: str) -> jinja2.Template:
    """Return a template of the package; what it is given is escaped unless it is marked as HTML."""
    folder = jinja2.FileSystemLoader(PACKAGE / "templates")
    made = jinja2.Environment(loader=folder, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    made.globals["word"] = word
    return made.get_template(name)
