"""One way to write a table."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

# Letters of a cell that would be a tower on a phone, if it were not given room; a Chinese one is two wide.
_LONG = {"td": 40, "th": 60}


def _cell(inner: str, kind: str = "td") -> str:
    words = html.unescape(re.sub(r"<[^>]*>", "", inner))
    wide = sum(2 if letter >= "\u2e80" else 1 for letter in words)
    look = ' class="nev-words"' if wide > _LONG[kind] else ""
    scope = ' scope="row"' if kind == "th" else ""
    return f"<{kind}{look}{scope}>{inner}</{kind}>"


def table(head: Sequence[str], rows: Sequence[Sequence[str]], caption: str) -> str:
    """Write a table that can be scrolled where it is wider than the page."""
    heads = "".join(f'<th scope="col">{html.escape(h)}</th>' for h in head)
    body = "".join(f"<tr>{_cell(row[0], 'th')}{''.join(map(_cell, row[1:]))}</tr>" for row in rows)
    return (
        f'<div class="nev-scroll" tabindex="0" role="region" aria-label="{html.escape(caption)}">'
        f'<table class="nev-table"><caption>{html.escape(caption)}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
    )
