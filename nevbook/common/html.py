"""One way to write a table."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

# Letters of a cell that would be a tower on a phone, if it were not given room; a Chinese one is two wide.
_LONG = {"td": 40, "th": 60}
_TABLE = Markup(
    '<div class="nev-scroll" tabindex="0" role="region" aria-label="{caption}">'
    '<table class="nev-table"><caption>{caption}</caption>'
    "<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
)


def _cell(inner: str, kind: str = "td") -> Markup:
    written = escape(inner)
    wide = sum(2 if letter >= "\u2e80" else 1 for letter in written.striptags())
    look = Markup(' class="nev-words"') if wide > _LONG[kind] else ""
    scope = Markup(' scope="row"') if kind == "th" else ""
    return Markup("<{}{}{}>{}</{}>").format(kind, look, scope, written, kind)


def table(head: Sequence[str], rows: Sequence[Sequence[str]], caption: str) -> Markup:
    """Write a table that can be scrolled where it is wider than the page; a cell is text, or markup as it stands."""
    heads = Markup("").join(Markup('<th scope="col">{}</th>').format(h) for h in head)
    cells = ([_cell(row[0], "th"), *map(_cell, row[1:])] for row in rows)
    body = Markup("").join(Markup("<tr>{}</tr>").format(Markup("").join(row)) for row in cells)
    return _TABLE.format(caption=caption, head=heads, body=body)
