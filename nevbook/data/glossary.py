"""The terms of the field, and where a text uses one first."""

from __future__ import annotations

import dataclasses
import html
import re
from collections.abc import Callable
from pathlib import Path

from nevbook.data.package import open_package

TABLE = "glossary"
PAGE = "glossary"  # the chapter that explains them
_TAG = re.compile(r"(<[^>]+>)")


@dataclasses.dataclass(frozen=True)
class Term:
    """A term; fields as in ``glossary.csv``, `forms` as a tuple."""

    id: str
    term: str
    term_zh: str
    forms: tuple[str, ...]
    definition: str
    indicator: str
    source: str

    @property
    def address(self) -> str:
        """Where the term is explained, from a page of the same edition."""
        return f"{PAGE}.html#term-{self.id}"


def terms(folder: Path) -> tuple[Term, ...]:
    """Return the terms of a data package, in the order of the file; none where it declares no glossary."""
    package = open_package(folder)
    return tuple(package.objects(TABLE, Term)) if TABLE in package.resources else ()


class Finder:
    """Finds the first use of each term on one page, in the order in which texts are given to it."""

    def __init__(self, known: tuple[Term, ...]) -> None:
        self._by_form = {form.casefold(): one for one in known for form in one.forms}
        listed = sorted(self._by_form, key=lambda form: (-len(form), form))
        joined = "|".join(re.escape(form) for form in listed) or r"(?!)"
        self._pattern = re.compile(rf"(?<![\w-])(?:{joined})(?![\w-])", re.IGNORECASE)
        self._told: set[str] = set()

    def split(self, text: str) -> list[str | tuple[str, Term]]:
        """Return a text in pieces: what stays as it is, and words that are the first use of a term."""
        pieces: list[str | tuple[str, Term]] = []
        end = 0
        for match in self._pattern.finditer(text):
            one = self._by_form[match[0].casefold()]
            if one.id in self._told:
                continue
            self._told.add(one.id)
            pieces += [text[end : match.start()], (match[0], one)]
            end = match.end()
        return [*pieces, text[end:]]

    def mark(self, written: str, link: Callable[[str, Term], str]) -> str:
        """Return HTML with the first uses in its text made links; nothing inside a link is touched."""
        inside, out = 0, []
        for part in _TAG.split(written):
            if part.startswith("<"):
                inside += 1 if re.match(r"<a\b", part) else -1 if part.startswith("</a") else 0
            elif not inside:
                pieces = self.split(html.unescape(part))
                if len(pieces) > 1:
                    part = "".join(html.escape(p, quote=False) if isinstance(p, str) else link(*p) for p in pieces)
            out.append(part)
        return "".join(out)
