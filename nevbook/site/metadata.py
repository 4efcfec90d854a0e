"""What the head of a chapter's page says: its finding in two lines, its main chart, its address."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from pathlib import Path

from nevbook.common.i18n import chapter_text, gettext as _
from nevbook.report.charts.renderer import MIME
from nevbook.site.citation import Citation

LONG = 170  # characters that a search engine shows of a description
SHORT = 70  # with fewer, the next paragraph is added
CARDS = "cards"  # the folder of pictures for links that are shared
_PROSE = re.compile(r'<(p|ul) class="nev-prose[^"]*">(.*?)</\1>', re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_MARK = re.compile(r"\]\([^)]*\)|[*_`\[\]#]")
_ENDED = re.compile(r"[.?!](?=\s|$)")


def description(book: Mapping) -> str:
    """Return what an executed chapter finds, in a sentence or two of plain text."""
    said = ""
    for shown in _paragraphs(book):
        said = f"{said} {shown}".strip()
        if len(said) >= SHORT:
            break
    return shortened(said)


def _paragraphs(book: Mapping) -> list[str]:
    computed, written = [], []
    for cell in book["cells"]:
        if cell["cell_type"] == "markdown":
            paragraphs = "".join(cell["source"]).split("\n\n")
            written += [
                _MARK.sub("", chapter_text(p))
                for p in paragraphs
                if p.strip() and not p.lstrip().startswith(("#", "-", ":"))
            ]
        for output in cell.get("outputs", []):
            markup = "".join(output.get("data", {}).get("text/html", ""))
            computed += [html.unescape(_TAG.sub("", m[2].replace("</li>", " "))) for m in _PROSE.finditer(markup)]
    return [" ".join(p.split()) for p in computed or written]


def shortened(text: str, most: int = LONG) -> str:
    """Cut a text after a sentence, or where that is too early after a word."""
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    ends = [m.end() for m in _ENDED.finditer(text[:most])]
    if ends and ends[-1] >= SHORT:
        return text[: ends[-1]]
    return text[: text.rindex(" ", 0, most)].rstrip(" ,;:") + "\N{HORIZONTAL ELLIPSIS}"


def main_chart(book: Mapping) -> dict | None:
    """Return the specification of a chapter's first chart, None where it has no chart."""
    for cell in book["cells"]:
        for output in cell.get("outputs", []):
            if MIME in output.get("data", {}):
                return output["data"][MIME]
    return None


def head(book: Mapping, cited: Citation, page: str, pages: Path, cache: Path) -> dict[str, str]:
    """Return what the theme puts into the head of a chapter's page."""
    found = {"description": description(book)}
    address = cited.at(page)
    if not address:
        return found
    found["url"] = address
    chart = main_chart(book)
    if chart:
        from nevbook.report.charts.svg import card

        name = f"{CARDS}/{Path(page).stem}.png"
        (pages / CARDS).mkdir(exist_ok=True)
        (pages / name).write_bytes(card(chart, cache))
        frame = chart["usermeta"]["nevbook"]
        found |= {"image": cited.at(f"{cited.path}/{name}"), "alt": frame["alt"]}
    return found


def of_page(title: str, cited: Citation) -> str:
    """Return the description of a page that has no finding of its own."""
    template = _("{title}: figures and their sources, from the book {book}, edition {label}.")
    return template.format(title=title, book=cited.title, label=cited.label)
