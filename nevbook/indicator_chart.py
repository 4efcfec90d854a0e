"""The chart of an indicator's page: its yearly outcomes, a line for each way of counting."""

from __future__ import annotations

import datetime as dt
import html
import textwrap
from dataclasses import dataclass
from pathlib import Path

import altair as alt

from . import drawing, figures, words
from .book import Book
from .citation import Work
from .config import Edition
from .dataset import Dataset, Indicator, Observation
from .measures import Quantity
from .periods import parse
from .prose import Phrase, Register
from .tables import table
from .words import word

LEAST = 3  # yearly values of one entity, or there is no chart
MOST = 5  # lines
_SCALE = 10.0  # times: lines of other sizes would lie flat on one scale
_HEIGHT = 320
_LINE = 15  # CSS pixels of a line of a label
_FROM_ZERO = ("vehicles", "yuan", "usd", "percent", "count", "yuan_per_vehicle")


class Page(Book):
    """The book as the page of one indicator uses it.

    Parameters
    ----------
    data : Dataset
        As the edition sees it.
    edition : Edition
        Of which the page tells.
    as_of : datetime.date
        The edition's day.
    """

    def __init__(self, data: Dataset, edition: Edition, as_of: dt.date) -> None:
        # Not Reading's: that one looks for the edition beside the data, and these lie in the site.
        self.data, self.year, self.region, self.as_of = data, edition.year, edition.region, as_of
        self.register = Register(data)
        alt.theme.enable("nevbook")


@dataclass(frozen=True)
class Line:
    """The yearly outcomes of one entity in one way of counting."""

    entity: str
    basis: str
    values: tuple[Quantity, ...]

    @property
    def peak(self) -> float:
        """Its largest size."""
        return max(abs(q.value) for q in self.values)


def lines(page: Book, indicator: str, rows: list[Observation]) -> tuple[list[Line], list[str]]:
    """Choose what the chart of an indicator shows.

    Parameters
    ----------
    page : Book
        The edition.
    indicator : str
        Id.
    rows : list of Observation
        All of the indicator.

    Returns
    -------
    list of Line
        Of the entities with most years, the edition's region first; at most `MOST`. Empty where
        no entity has `LEAST` years.
    list of str
        Ids of entities left out because their size is another.
    """
    found: dict[str, list[Line]] = {}
    for entity in dict.fromkeys(r.entity for r in rows):
        known = page.series(indicator, entity)
        ways = dict.fromkeys(q.basis for q in sorted(known, key=lambda q: page.data.basis(indicator, q.basis).order))
        found[entity] = [Line(entity, b, tuple(q for q in known if q.basis == b)) for b in ways]
    years = {e: len({q.period for one in listed for q in one.values}) for e, listed in found.items()}
    ranked = sorted((e for e in found if years[e] > 1), key=lambda e: (e != page.region, -years[e]))
    if max(years.values(), default=0) < LEAST:
        return [], []
    if years.get(page.region, 0) < LEAST:
        ranked.sort(key=lambda e: -years[e])
    size = max(one.peak for one in found[ranked[0]])
    chosen: list[Line] = []
    other = []
    for entity in ranked:
        peak = max(one.peak for one in found[entity])
        if len(chosen) + len(found[entity]) > MOST:
            continue
        if size and not size / _SCALE <= peak <= size * _SCALE:
            other.append(entity)
        else:
            chosen += found[entity]
    return chosen, other


def chart(
    page: Page, one: Indicator, rows: list[Observation], cache: Path, csv: str, cited: Work, address: str
) -> str | None:
    """Return the framed chart of an indicator, or None where there is too little to draw.

    Parameters
    ----------
    page : Page
        Its register takes up the figures in the title.
    one : Indicator
        What is drawn.
    rows : list of Observation
        All of it.
    cache : Path
        Folder of drawings.
    csv : str
        Where the download is, from the page.
    cited : Work
        The edition.
    address : str
        The page, from the root of the site.

    Returns
    -------
    str or None
        HTML.
    """
    chosen, other = lines(page, one.id, rows)
    if not chosen:
        return None
    title = _title(page, one, chosen[0])
    sub = word("page.figure.sub", unit=words.word(f"name.{one.unit}").capitalize())
    names = _names(page, chosen)
    left_out = [page.called(e) for e in other[:6]]
    shown = [q for line in chosen for q in line.values]
    spec = _spec(page, one, chosen, names)
    room = max(len(text) for name in names for text in name.split("|")) * 7
    frame = {
        "id": one.id.replace("_", "-"),
        "room": min(room, 130) + 8,
        "title": title.html,
        "subtitle": html.escape(sub),
        "alt": f"{title.text}.",
        "note": html.escape(word("page.figure.scale", names=words.listing(left_out))) if left_out else "",
        "foot": _foot(page, shown),
        "table": _table(page, chosen, title.text),
        "csv": csv,
        "cite": cited.box("figure", title.text, f"{address}#fig-{one.id.replace('_', '-')}", full=False),
    }
    spec = spec | {"usermeta": {"nevbook": frame}}
    return figures.frame_html(frame, drawing.pictures(spec, cache))


def _title(page: Page, one: Indicator, line: Line) -> Phrase:
    first, last = line.values[0], line.values[-1]
    who = page.called(line.entity)
    if first is last:
        return page.phrase("{what}, {who}", what=one.name, who=who)
    return page.phrase(
        word("page.figure.from_to"), what=one.name, who=who, first=first, last=last,
        then=page.of(first), now=page.of(last),
    )  # fmt: skip


def _names(page: Book, chosen: list[Line]) -> list[str]:
    """Name each line for its label: the entity, its way of counting where that is not plain, its last year."""
    newest = max(line.values[-1].period for line in chosen)
    found = []
    for line in chosen:
        name = page.called(line.entity)
        if sum(other.entity == line.entity for other in chosen) > 1:
            way = page.data.basis(line.values[0].indicator, line.basis).name
            name += f", {way[0].lower()}{way[1:]}"
        if line.values[-1].period != newest:
            name += f", {word('page.figure.to', year=line.values[-1].period)}"
        found.append("|".join(textwrap.wrap(name, 18)))
    return found


def _spec(page: Book, one: Indicator, chosen: list[Line], names: list[str]) -> dict:
    """Return the chart as Vega-Lite."""
    shown = [q for line in chosen for q in line.values]
    by = [name for line, name in zip(chosen, names, strict=True) for _ in line.values]
    made = page.frame(shown, by)
    lowest, highest = min(q.value for q in shown), max(q.value for q in shown)
    spread = (highest - lowest) or abs(highest) or 1.0
    bottom = min(0.0, lowest) if one.unit in _FROM_ZERO else lowest - spread / 10
    domain = [bottom - (spread / 20 if lowest < 0 else 0), highest + spread / 12]
    spots = _spread({name: line.values[-1].value for line, name in zip(chosen, names, strict=True)}, domain)
    made["spot"] = made["series"].map(spots)
    own = [n for line, n in zip(chosen, names, strict=True) if line.entity == chosen[0].entity]
    y = figures.amount(one.unit).scale(domain=domain, nice=False)
    colour = figures.accent("series", own)
    base = alt.Chart(made).encode(figures.years(), y, colour)
    guess = f"datum.kind == '{word('kind.estimate')}'"
    marks = base.mark_line().encode(detail="segment:N")
    marks += base.transform_filter(f"!({guess})").mark_point(opacity=1)
    marks += base.transform_filter(guess).mark_point(opacity=1, filled=False, strokeWidth=2)
    # Labels stand in the margin, pushed apart: lines that end together would cover each other's names.
    text = alt.Chart(made).transform_filter("datum.tip").mark_text(align="left", dx=12, lineBreak="|", baseline="middle")
    text = text.encode(x=alt.value("width"), y=alt.Y("spot:Q"), text="series:N", color=colour)
    return (marks + text).properties(height=_HEIGHT).to_dict()


def _spread(values: dict[str, float], domain: list[float]) -> dict[str, float]:
    """Move labels apart so that none covers another; in the unit of the axis."""
    pixel = (domain[1] - domain[0]) / _HEIGHT
    placed: list[tuple[str, float, float]] = []
    for name, value in sorted(values.items(), key=lambda item: item[1]):
        half = (name.count("|") + 1) * _LINE / 2 * pixel
        low = placed[-1][1] + placed[-1][2] if placed else domain[0] - half
        placed.append((name, max(value, low + half), half))
    over = placed[-1][1] + placed[-1][2] - domain[1] - 10 * pixel
    top = domain[1] + 10 * pixel
    if over > 0:  # push the upper ones down again
        for place in range(len(placed) - 1, -1, -1):
            name, middle, half = placed[place]
            middle = min(middle, top - half)
            placed[place] = (name, middle, half)
            top = middle - half
    return {name: middle for name, middle, _ in placed}


def _foot(page: Book, shown: list[Quantity]) -> str:
    publishers = list(dict.fromkeys(page.data.sources[r.source].publisher for q in shown for r in q.rows))
    listed = "; ".join(publishers[:6])
    if len(publishers) > 6:
        listed += word("figure.more", n=len(publishers) - 6)
    key = "figure.source" if len(publishers) == 1 else "figure.sources"
    return f"{word(key)}: {html.escape(listed)}. {word('figure.as_of', date=words.date(page.as_of))}."


def _table(page: Book, chosen: list[Line], caption: str) -> str:
    """Write the values that are drawn, those that the book shows where sources disagree."""
    heads = ["series", "period", "value", "unit", "kind", "basis", "source"]
    body = []
    for line in chosen:
        for q in line.values:
            cells = [
                page.called(q.entity),
                str(parse(q.period).year),
                page.text(q),
                word(f"name.{q.unit}"),
                word(f"kind.{q.kind}"),
                page.data.basis(q.indicator, q.basis).name,
                page.data.sources[q.observation.source].publisher if q.observation else "",
            ]
            body.append([html.escape(c) for c in cells])
    return table([word(f"column.{h}") for h in heads], body, caption)
