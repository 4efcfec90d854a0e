"""One way to write a table."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

_LONG = 40  # letters of a cell that would be a tower on a phone


def _cell(inner: str) -> str:
    words = html.unescape(re.sub(r"<[^>]*>", "", inner))
    return f'<td class="nev-words">{inner}</td>' if len(words) > _LONG else f"<td>{inner}</td>"


def table(head: Sequence[str], rows: Sequence[Sequence[str]], caption: str) -> str:
    """Write a table that can be scrolled where it is wider than the page.

    Parameters
    ----------
    head : sequence of str
        Plain text.
    rows : sequence of sequence of str
        HTML; the first cell of a row is its heading.
    caption : str
        Plain text.

    Returns
    -------
    str
        HTML.
    """
    heads = "".join(f'<th scope="col">{html.escape(h)}</th>' for h in head)
    body = "".join(f'<tr><th scope="row">{row[0]}</th>{"".join(map(_cell, row[1:]))}</tr>' for row in rows)
    return (
        f'<div class="nev-scroll" tabindex="0" role="region" aria-label="{html.escape(caption)}">'
        f'<table class="nev-table"><caption>{html.escape(caption)}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
    )
