"""The chart of an indicator's page: its yearly outcomes, a line for each way of counting."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from pathlib import Path

from nevbook.analysis.quantities import Quantity
from nevbook.common import formatting
from nevbook.common.i18n import gettext as _
from nevbook.common.periods import parse
from nevbook.common.vocabulary import UNITS
from nevbook.data.models import Indicator, Observation
from nevbook.report import figures
from nevbook.report.book import Book
from nevbook.report.charts import files, frame, theme
from nevbook.report.phrases import Phrase
from nevbook.site.citation import Citation

LEAST = 3  # yearly values of one entity, or there is no chart
MOST = 5  # lines
_SCALE = 10.0  # times: lines of other sizes would lie flat on one scale
_HEIGHT = 320
_LINE = 14.5  # CSS pixels of a line of a label
_WIDE = 19  # characters of it
_EARLY = 0.6  # of the years shown: a line that ends earlier has its name at its end
_FROM_ZERO = ("vehicles", "yuan", "usd", "percent", "count", "yuan_per_vehicle")


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
    """Choose what the chart of an indicator shows."""
    found: dict[str, list[Line]] = {}
    for entity in dict.fromkeys(r.entity for r in rows):
        known = page.view.series(indicator, entity)
        ways = dict.fromkeys(
            q.basis for q in sorted(known, key=lambda q: page.view.data.basis(indicator, q.basis).order)
        )
        found[entity] = [Line(entity, b, tuple(q for q in known if q.basis == b)) for b in ways]
    years = {e: len({q.period for one in listed for q in one.values}) for e, listed in found.items()}
    if max(years.values(), default=0) < LEAST:
        return [], []
    ranked = sorted(found, key=lambda e: (e != page.view.region or years[e] < LEAST, -years[e]))
    size = max(one.peak for one in found[ranked[0]])
    chosen = found[ranked[0]][:MOST]  # of the subject each way of counting, even of one year
    other = []
    for entity in ranked[1:]:
        long = [one for one in found[entity] if len(one.values) > 1]
        if not long:
            continue
        if size and not size / _SCALE <= max(one.peak for one in long) <= size * _SCALE:
            other.append(entity)
        elif len(chosen) + len(long) <= MOST:
            chosen += long
    return chosen, other


def chart(
    page: Book, one: Indicator, rows: list[Observation], cache: Path, folder: Path | None, cited: Citation, address: str
) -> str | None:
    """Return the framed chart of an indicator, or None where there is too little to draw."""
    chosen, other = lines(page, one.id, rows)
    if not chosen:
        return None
    subject = [line for line in chosen if line.entity == chosen[0].entity]
    longest = max(subject, key=lambda line: (len(line.values) >= LEAST, line.values[-1].period))
    title = _title(page, one, longest, max(subject, key=lambda line: line.values[-1].period))
    sub = _("{unit}, by year; a line for each place or firm and counting method", unit=_(UNITS[one.unit]).capitalize())
    names = _names(page, chosen)
    left_out = [page.view.called(e) for e in other[:6]]
    shown = [q for line in chosen for q in line.values]
    if any(q.kind == "estimate" for q in shown):
        sub += _("; a hollow mark is an estimate")
    note = _("Of another size, so not in the chart: {names}.", names=formatting.listing(left_out)) if left_out else ""
    frame = {
        "id": one.id.replace("_", "-"),
        "title": figures.both(title),
        "subtitle": figures.both(sub),
        "alt": f"{title.text}.",
        "note": figures.both(note),
        "foot": figures.sources_line(page.view, shown),
        "table": _table(page, chosen, title.text),
        "csv": f"{one.id}.csv",
    }
    box = cited.box(_("Cite this figure"), title.text, f"{address}#fig-{frame['id']}", full=False)
    spec = _spec(one, chosen, names) | {"usermeta": {"nevbook": frame}}
    return files.framed(spec, cache, folder and folder / "figures", "figures/", cite=box)


def _title(page: Book, one: Indicator, line: Line, newest: Line) -> Phrase:
    first, last, latest = line.values[0], line.values[-1], newest.values[-1]
    who = page.view.called(line.entity)
    if first is last:
        return page.phrase("{what}, {who}", what=one.name, who=who)
    told = {"what": one.name, "who": who, "first": first, "last": last}
    told |= {"then": page.view.of(first), "now": page.view.of(last)}
    if latest.period <= last.period:
        return page.phrase("{what}, {who}: {first} in {then}, {last} in {now}", **told)
    way = formatting.in_sentence(page.view.data.basis(one.id, newest.basis).name)
    told |= {"latest": latest, "newest": page.view.of(latest), "way": way}
    return page.phrase("{what}, {who}: {first} in {then}, {last} in {now}; {latest} in {newest} ({way})", **told)


def _names(page: Book, chosen: list[Line]) -> list[str]:
    """Name each line for its label: the entity, and its way of counting where that is not plain."""
    found = []
    for line in chosen:
        texts = textwrap.wrap(page.view.called(line.entity), _WIDE)
        if sum(other.entity == line.entity for other in chosen) > 1:
            texts += textwrap.wrap(page.view.data.basis(line.values[0].indicator, line.basis).name, _WIDE)
        found.append("|".join(texts))
    return found


def _spec(one: Indicator, chosen: list[Line], names: list[str]) -> dict:
    """Return the chart as Vega-Lite."""
    shown = [q for line in chosen for q in line.values]
    lowest, highest = min(q.value for q in shown), max(q.value for q in shown)
    spread = (highest - lowest) or abs(highest) or 1.0
    bottom = min(0.0, lowest) if one.unit in _FROM_ZERO else lowest - spread / 10
    domain = [bottom - (spread / 20 if lowest < 0 else 0), highest + spread / 12]
    colours = [theme.SUBJECT if line.entity == chosen[0].entity else theme.CONTEXT for line in chosen]
    labels = _labels(chosen, names, colours, domain)
    colour = {"field": "colour", "type": "nominal", "scale": None}
    x = {"field": "year", "type": "quantitative", "axis": {"format": "d", "tickMinStep": 1}}
    x["scale"] = {"zero": False, "nice": False, "padding": 14}
    y = {"field": "value", "type": "quantitative", "scale": {"domain": domain, "nice": False}}
    y["axis"] = {"labelExpr": theme.number_expression(one.unit, "y")}
    encoding = {"x": x, "y": y, "color": colour}
    # Labels stand in the margin, pushed apart: lines that end together would cover each other's names.
    text = {"type": "text", "align": "left", "baseline": "top", "dx": 12, "lineBreak": "|", "fontSize": 12}
    named = {"text": {"field": "name", "type": "nominal"}, "color": colour}
    layers = [
        {
            "data": {"values": _points(chosen, colours)},
            "encoding": encoding,
            "layer": [
                {"mark": "line", "encoding": {"detail": {"field": "run", "type": "nominal"}}},
                {"mark": {"type": "point", "opacity": 1}, "transform": [{"filter": "!datum.guess"}]},
                {
                    "mark": {"type": "point", "opacity": 1, "filled": False, "strokeWidth": 2},
                    "transform": [{"filter": "datum.guess"}],
                },
            ],
        },
        {
            "data": {"values": [one for one in labels if one["margin"]]},
            "layer": [
                # from a line's end to its name: several are grey
                {
                    "mark": {"type": "rule", "strokeDash": [1, 3], "strokeWidth": 1},
                    "encoding": {"x": x, "x2": {"value": "width"}, "y": y, "y2": {"field": "middle"}},
                },
                {"mark": text, "encoding": {"x": {"value": "width"}, "y": y | {"field": "top"}} | named},
            ],
        },
        {
            "data": {"values": [one for one in labels if not one["margin"]]},
            "mark": text,
            "encoding": {"x": x, "y": y | {"field": "top"}} | named,
        },
    ]
    return theme.vega_lite(_HEIGHT, layers)


def _labels(chosen: list[Line], names: list[str], colours: list[str], domain: list[float]) -> list[dict[str, object]]:
    """Place the lines' names: in the margin, or, of a line that ended long ago, at its end."""
    pixel = (domain[1] - domain[0]) / _HEIGHT
    years = [parse(q.period).year for line in chosen for q in line.values]
    early = min(years) + (max(years) - min(years)) * _EARLY
    found: list[dict[str, object]] = []
    for line, name, colour in zip(chosen, names, colours, strict=True):
        last = line.values[-1]
        year = parse(last.period).year
        tall = (name.count("|") + 1) * _LINE * pixel
        found.append({"name": name, "year": year, "value": last.value, "colour": colour, "margin": year > early})
        found[-1] |= {"tall": tall, "middle": last.value, "top": last.value + tall / 2}
    beside = [one for one in found if one["margin"]]
    wanted = [(float(one["value"]), float(one["tall"])) for one in beside]  # type: ignore[arg-type]
    for one, middle in zip(beside, apart(wanted), strict=True):
        one |= {"middle": middle, "top": middle + float(one["tall"]) / 2}  # type: ignore[arg-type]
    return found


def _points(chosen: list[Line], colours: list[str]) -> list[dict[str, object]]:
    """Return the marks; a missing year, or an estimate beside outcomes, ends a run that a line joins."""
    found: list[dict[str, object]] = []
    for number, (line, colour) in enumerate(zip(chosen, colours, strict=True)):
        run, before = 0, None
        for q in line.values:
            year = parse(q.period).year
            if before != (year - 1, q.kind):
                run += 1
            before = (year, q.kind)
            guess = q.kind == "estimate"
            found.append({"year": year, "value": q.value, "run": f"{number}.{run}", "guess": guess, "colour": colour})
    return found


def apart(wanted: list[tuple[float, float]]) -> list[float]:
    """Move labels (middle and height) as little as it takes that none covers another; return the middles."""
    from scipy.optimize import isotonic_regression  # takes long to load

    order = sorted(range(len(wanted)), key=lambda n: wanted[n])
    heights = [wanted[n][1] for n in order]
    # how far each would stand above the first if all were stacked; what is left may only rise
    stacked = [sum(heights[:k]) + (height - heights[0]) / 2 for k, height in enumerate(heights)]
    moved = isotonic_regression([wanted[n][0] - up for n, up in zip(order, stacked, strict=True)]).x
    placed = dict(zip(order, (float(x + up) for x, up in zip(moved, stacked, strict=True)), strict=True))
    return [placed[n] for n in range(len(wanted))]


def _table(page: Book, chosen: list[Line], caption: str) -> str:
    """Write the values that are drawn, those that the book shows where sources disagree."""
    rows = [figures.row(page.view, q, page.view.called(line.entity)) for line in chosen for q in line.values]
    return frame.data_table(rows, caption)
