"""What a chapter opens: the dataset as its edition sees it, with words and figures."""

from __future__ import annotations

import base64
import datetime as dt
import html
from collections.abc import Iterable, Sequence
from pathlib import Path

import altair as alt
import pandas as pd
from IPython.display import HTML, display

from . import config, figures, levels, measures, prose, words
from .dataset import Dataset, Entity, Observation, check_choices, data_folder, load
from .errors import unknown
from .measures import Quantity
from .motion import Motion, motion
from .periods import Period, parse
from .prose import Phrase, Register
from .targets import Aim, aims


class Book:
    """The book as one chapter of one edition uses it.

    Parameters
    ----------
    year : int
        The edition's year.
    region : str
        Entity id of the region that the edition is about.
    data_dir : path, optional
        Folder with ``datapackage.json``; found by walking up if not given.

    Attributes
    ----------
    data : Dataset
        As the edition sees it.
    year : int
        The edition's year.
    region : str
        Entity id of the region.
    as_of : datetime.date
        The edition's day: from ``_config.yml``, or the newest day recorded.

    Raises
    ------
    ChoiceError
        Where the dataset knows nothing of the year or the region; names the choices.
    """

    def __init__(self, year: int, region: str = "chongqing", data_dir: Path | str | None = None) -> None:
        folder = data_folder(data_dir)
        everything = load(folder)
        check_choices(everything, year, region)
        self.year, self.region = year, region
        self.as_of: dt.date = config.as_of(folder, year, region) or max(r.recorded for r in everything.observations)
        self.data: Dataset = everything.as_seen(year, self.as_of)
        self.register = Register(self.data)
        alt.theme.enable("nevbook")

    # --- who and when ---------------------------------------------------------------

    @property
    def name(self) -> str:
        """The region's name."""
        return self.data.entities[self.region].name

    @property
    def home(self) -> bool:
        """Whether the region is the one that the article is about."""
        return self.region == "chongqing"

    @property
    def now(self) -> Period:
        """The edition's year."""
        return parse(str(self.year))

    @property
    def last(self) -> Period:
        """The year before."""
        return parse(str(self.year - 1))

    def more(self, rate: Quantity | None) -> str | None:
        """Return more, fewer, or a word for neither, after a growth rate."""
        if rate is None:
            return None
        return words.word({1: "more.up", -1: "more.down", 0: "more.flat"}[rate.compare(0.0)])

    def above(self, rate: Quantity | None) -> str | None:
        """Return more, less, or a word for neither, of an amount after a growth rate."""
        if rate is None:
            return None
        return words.word({1: "more.above", -1: "more.below", 0: "more.level"}[rate.compare(0.0)])

    def when(self, period: str | int) -> Period:
        """Return a period for a sentence."""
        return parse(str(period))

    def day(self) -> Period:
        """Return the edition's day for a sentence."""
        return parse(self.as_of.isoformat())

    def called(self, entity: str) -> str:
        """Return an entity's name."""
        if entity not in self.data.entities:
            raise unknown("entity", entity, self.data.entities)
        return self.data.entities[entity].name

    def firms(self, kind: str = "company") -> list[Entity]:
        """Return the region's companies (or brands, or models) of which the edition knows a figure."""
        seen = {r.entity for r in self.data.observations}
        return [e for e in self.data.members(self.region) if e.kind == kind and e.id in seen]

    def peers(self) -> list[str]:
        """Return the ids of the regions of the same rank as this one's, itself included."""
        parent = self.data.entities[self.region].parent
        return [e.id for e in self.data.regions() if e.parent == parent]

    # --- values ---------------------------------------------------------------------

    def level(
        self, indicator: str, entity: str | None = None, period: str | int | None = None, basis: str | None = None
    ) -> Quantity | None:
        """Return the outcome shown for an indicator; region and year are the edition's if not given."""
        return levels.value(self.data, indicator, entity or self.region, str(period or self.year), basis=basis)

    def growth(self, indicator: str, entity: str | None = None, year: int | None = None) -> Quantity | None:
        """Return growth on the year before in percent: stated, or computed in one way of counting."""
        return levels.yearly_growth(self.data, indicator, entity or self.region, year or self.year)

    def stated(
        self, indicator: str, measure: str, entity: str | None = None, period: str | int | None = None, basis: str | None = None
    ) -> Quantity | None:
        """Return a stated ``yoy_growth`` or ``yoy_change``."""
        return levels.value(self.data, indicator, entity or self.region, str(period or self.year), measure, basis)

    def previous(self, indicator: str, entity: str | None = None, year: int | None = None) -> Quantity | None:
        """Return the level of the year before, worked back where nobody states it."""
        return levels.previous(self.data, indicator, entity or self.region, year or self.year)

    def target(self, indicator: str, entity: str | None = None, period: str | int | None = None) -> Quantity | None:
        """Return the target for a period that was published last."""
        return levels.target(self.data, indicator, entity or self.region, str(period or self.year))

    def series(self, indicator: str, entity: str | None = None, basis: str | None = None) -> list[Quantity]:
        """Return the yearly outcomes, oldest first; each names its way of counting."""
        return levels.series(self.data, indicator, entity or self.region, basis)

    def motion(self, indicator: str, entity: str | None = None, year: int | None = None) -> Motion:
        """Return level, speed, acceleration and verdict of an indicator."""
        return motion(self.data, indicator, entity or self.region, year or self.year)

    def verdict(self, one: Motion) -> str:
        """Return a verdict in words, with the reason where it cannot be told."""
        text = words.word(f"verdict.{one.verdict}")
        return f"{text}: {words.word(f'reason.{one.reason}')}" if one.reason else text

    def title_of(self, one: Motion | Aim) -> str:
        """Name what a motion or a target is about: the indicator, and whose it is if not the region's."""
        what = one if isinstance(one, Motion) else one.target
        name = self.data.indicators[what.indicator].name
        return name if what.entity == self.region else f"{name}, {self.called(what.entity)}"

    def scoreboard(self, motions: list[Motion]) -> tuple[list[str], list[list[object]]]:
        """Return head and rows of a table of level, speed, acceleration and verdict."""
        head = [words.word(f"score.{c}") for c in ("indicator", "level", "before", "speed", "acceleration", "verdict")]
        rows = [[self.title_of(m), m.level, m.before, m.speed, m.acceleration, self.verdict(m)] for m in motions]
        return head, rows

    def weigh(self, motions: list[Motion], what: str, when: Period | None = None) -> Phrase:
        """Write one sentence that weighs the verdicts of a group in a year, the edition's if not given."""
        named = {v: [self.title_of(m) for m in motions if m.verdict == v] for v in ("up", "down")}
        gaps: dict[str, object] = {"what": what, "when": when or self.now}
        for v, names in named.items():
            gaps[v] = words.listing([n[0].lower() + n[1:] if n[1:2].islower() else n for n in names]) if names else None
        keys = ("both", "up", "down", "none") if motions else ("empty",)
        return self.phrase(*(words.word(f"weigh.{k}") for k in keys), **gaps)

    def targets(self, *entities: str) -> list[Aim]:
        """Return the targets of entities that the edition knows, with what came of them, by year aimed at."""
        return aims(self.data, entities or (self.region,), self.year)

    def said(self, source: str, indicator: str, entity: str, period: str, measure: str = "level") -> Quantity | None:
        """Return what one named source says, whether or not it is the value shown."""
        rows = [
            r
            for r in self.data.rows(indicator, entity, measure)
            if r.source == source and r.period == period and r.outcome
        ]
        return measures.quantity(rows[0]) if rows else None

    def quantity(self, row: Observation) -> Quantity:
        """Return a row as a quantity."""
        return measures.quantity(row)

    def basis_name(self, row: Observation) -> str:
        """Return the name of the way in which a row is counted."""
        return self.data.basis(row.indicator, row.basis).name

    def state(self, aim: Aim) -> str:
        """Return the state of a target in words."""
        return words.word(f"target.{aim.state}")

    def text(self, q: Quantity) -> str:
        """Return a value as plain text, for a label in a chart."""
        return prose.plain(q, digits=3)

    def rows(self, indicator: str, entity: str | None = None, measure: str = "level") -> list[Observation]:
        """Return every row that the edition sees of an indicator and entity."""
        return self.data.rows(indicator, entity or self.region, measure)

    def ranking(self, indicator: str, basis: str | None = None, period: str | int | None = None) -> list[Quantity]:
        """Return the regions of this one's rank by an indicator, highest first, in one way of counting.

        Parameters
        ----------
        indicator : str
            What they are ranked by.
        basis : str, optional
            Way of counting; if not given, the one in which most regions are known.
        period : str or int, optional
            The edition's year if not given.

        Returns
        -------
        list of Quantity
        """
        when = str(period or self.year)
        ways = [basis] if basis else dict.fromkeys(
            r.basis for e in self.peers() for r in self.rows(indicator, e) if r.period == when and r.outcome
        )  # fmt: skip
        found: list[Quantity] = []
        for way in ways:
            known = [q for e in self.peers() if (q := self.level(indicator, e, when, way)) is not None]
            if len(known) > len(found):
                found = known
        return sorted(found, key=lambda q: -q.value)

    def place(self, ranked: list[Quantity], entity: str | None = None) -> Quantity | None:
        """Return the place of an entity in a ranking, counted from one; None if it is not in it."""
        for place, one in enumerate(ranked, start=1):
            if one.entity == (entity or self.region):
                return measures.counted(place, tuple(ranked), unit="rank")
        return None

    def first(self, found: list[Quantity]) -> Quantity | None:
        """Return the oldest value of a series."""
        return found[0] if found else None

    def top(self, found: list[Quantity]) -> Quantity | None:
        """Return the highest value of a series."""
        return max(found, key=lambda q: q.value, default=None)

    def bottom(self, found: list[Quantity]) -> Quantity | None:
        """Return the lowest value of a series."""
        return min(found, key=lambda q: q.value, default=None)

    def span(self, found: Iterable[Quantity | None]) -> list[int]:
        """Return every year from the first to the last of some values, so that a missing one is a gap."""
        held = [parse(q.period).year for q in found if q is not None]
        return list(range(min(held), max(held) + 1)) if held else []

    def of(self, q: Quantity | None) -> Period | None:
        """Return the period of a value, for a sentence."""
        return None if q is None else parse(q.period)

    def counted_by(self, q: Quantity | None) -> str | None:
        """Return the name of the way in which a value is counted, for a sentence."""
        if q is None or (q.basis, q.indicator) not in self.data.bases:
            return None
        name = self.data.bases[q.basis, q.indicator].name
        return name[0].lower() + name[1:] if name[1:2].islower() else name

    # --- words ----------------------------------------------------------------------

    def phrase(self, *templates: str, **gaps: object) -> Phrase:
        """Write the first template whose gaps can be filled; see `prose.phrase`."""
        return prose.phrase(self.register, *templates, **gaps)

    def say(self, *templates: str, **gaps: object) -> None:
        """Show a paragraph; see `phrase`."""
        self.show(self.phrase(*templates, **gaps))

    def show(self, *parts: Phrase) -> None:
        """Show phrases as one paragraph."""
        text = " ".join(p.html for p in parts)
        display(HTML(f'<p class="nev-prose">{text}</p>'))

    def points(self, *parts: Phrase) -> None:
        """Show phrases as a list."""
        items = "".join(f"<li>{p.html}</li>" for p in parts)
        display(HTML(f'<ul class="nev-prose">{items}</ul>'))

    def cards(self, *parts: tuple[str, Quantity | None, Phrase]) -> None:
        """Show key figures as a row of small cards: a label, the figure, what it means."""
        inner = []
        for label, figure, meaning in parts:
            if figure is None:
                big = html.escape(words.word("missing.figure"))
            else:
                big = prose.data_element(figure, self.register)
            inner.append(
                f'<div class="nev-card"><div class="nev-card-label">{html.escape(label)}</div>'
                f'<div class="nev-card-figure">{big}</div><div class="nev-card-note">{meaning.html}</div></div>'
            )
        display(HTML(f'<div class="nev-cards">{"".join(inner)}</div>'))

    def grid(self, head: list[str], body: list[list[object]], caption: str) -> None:
        """Show a table; a cell is a phrase, a quantity, a period or a word, None is not known."""
        cells = []
        for row in body:
            written = [self._cell(c) for c in row]
            first = f'<th scope="row">{written[0]}</th>'
            cells.append(f"<tr>{first}{''.join(f'<td>{c}</td>' for c in written[1:])}</tr>")
        heads = "".join(f'<th scope="col">{html.escape(h)}</th>' for h in head)
        display(
            HTML(
                f'<div class="nev-scroll" tabindex="0"><table class="nev-table"><caption>{html.escape(caption)}</caption>'
                f"<thead><tr>{heads}</tr></thead><tbody>{''.join(cells)}</tbody></table></div>"
            )
        )

    def _cell(self, cell: object) -> str:
        if cell is None:
            return f'<span class="nev-gap">{html.escape(words.word("missing.figure"))}</span>'
        if isinstance(cell, Phrase):
            return cell.html
        return self.phrase("{cell}", cell=cell).html

    def sources(self) -> None:
        """Show where every figure of the chapter comes from; the last call of a chapter."""
        display(HTML(prose.sources_section(self.register)))

    # --- figures --------------------------------------------------------------------

    def frame(self, quantities: Iterable[Quantity | None], by: str | Sequence[str] = "entity") -> pd.DataFrame:
        """Return quantities as the table that a chart is drawn from.

        Parameters
        ----------
        quantities : iterable of Quantity or None
            None is left out: a gap stays a gap.
        by : "entity", "indicator" or list of str
            What names a series: the entity, the indicator, or a name for each quantity.

        Returns
        -------
        pandas.DataFrame
            One row a quantity: ``series``, ``period``, ``year``, ``value``, ``low``, ``high``,
            ``unit``, ``kind``, ``basis`` (in words), ``segment`` (a run of years that may be joined by a
            line), ``label`` (the value in words), ``tip`` (newest of its way of counting), ``last`` (newest of
            its series), ``source``.
        """
        listed = list(quantities)
        names = [None] * len(listed) if isinstance(by, str) else list(by)
        rows = [self._row(q, name or str(by)) for q, name in zip(listed, names, strict=True) if q is not None]
        table = pd.DataFrame(rows, columns=[*_COLUMNS])
        if table.empty:
            return table
        table = table.sort_values(["series", "basis", "kind", "year"], kind="stable").reset_index(drop=True)
        # a missing year ends a segment: no line is drawn through it
        broken = table.groupby(["series", "basis", "kind"])["year"].diff().ne(1)
        table["segment"] = table["series"] + " " + table["basis"] + " " + broken.cumsum().astype(str)
        table["tip"] = ~table.duplicated(["series", "basis"], keep="last")
        table["last"] = table.index.isin(table.groupby("series")["year"].idxmax())
        return table

    def _row(self, q: Quantity, by: str) -> dict[str, object]:
        entity = self.data.entities[q.entity].name
        indicator = self.data.indicators[q.indicator].name
        basis = self.data.bases.get((q.basis, q.indicator))
        publisher = self.data.sources[q.observation.source].publisher if q.observation else ""
        bounded = [q.value if abs(x) == float("inf") else x for x in (q.low, q.high)]
        return {
            "series": {"entity": entity, "indicator": indicator}.get(by, by),
            "entity": q.entity,
            "indicator": q.indicator,
            "period": words.period(q.period),
            "year": parse(q.period).year,
            "value": q.value,
            "low": bounded[0],
            "high": bounded[1],
            "unit": q.unit,
            "kind": words.word("kind.derived") if q.derived and q.kind == "stated" else words.word(f"kind.{q.kind}"),
            "basis": basis.name if basis else "",
            "label": prose.plain(q, digits=3),
            "source": publisher,
        }

    def figure(
        self,
        chart: alt.TopLevelMixin,
        id: str,
        title: Phrase,
        subtitle: Phrase | str,
        alt_text: Phrase,
        shows: Iterable[Quantity | None],
        note: Phrase | str = "",
        height: int = 320,
        room: int = 0,
        least: int = 2,
        by: str | Sequence[str] = "entity",
    ) -> None:
        """Show a chart in the book's frame, or say why there is none.

        Parameters
        ----------
        chart : altair chart
            Single or layered; its width is the book's.
        id : str
            Name of the figure, unique in the chapter; the page has it as ``fig-...``.
        title, subtitle, alt_text : Phrase or str
            What is seen; measure, unit, place; the finding in words for those who do not see it.
        shows : iterable of Quantity or None
            What the chart draws: gives the sources, the table and the download.
        note : Phrase or str
            What to know of it.
        height : int
            Of the plot, in CSS pixels.
        room : int
            CSS pixels kept free on the right, for labels that stand beside the last mark.
        least : int
            With fewer values than this the chart would be empty; a sentence stands instead.
        by : "entity", "indicator" or list of str
            What names a series in the table, as in `frame`.
        """
        listed = list(shows)
        values = [q for q in listed if q is not None]
        if len(values) < least:
            why = words.word("figure.missing", why=words.word("figure.nodata"))
            display(HTML(f'<p class="nev-prose nev-gap">{html.escape(why)}</p>'))
            return
        table = self.frame(listed, by)
        frame = {
            "id": id,
            "room": room,
            "title": title.html,
            "subtitle": subtitle.html if isinstance(subtitle, Phrase) else html.escape(subtitle),
            "alt": alt_text.text,
            "note": note.html if isinstance(note, Phrase) else html.escape(note),
            "foot": self._foot(values),
            "table": _table_html(table, title.text),
            "csv": "data:text/csv;base64,"
            + base64.b64encode(table[_SHOWN].to_csv(index=False, lineterminator="\n").encode()).decode(),
        }
        whole = chart.properties(
            width=figures.WIDTHS["wide"],
            height=height,
            title=alt.TitleParams(title.text, subtitle=str(subtitle), anchor="start"),
            usermeta={"nevbook": frame},
        )
        display(whole)

    def _foot(self, values: list[Quantity]) -> str:
        rows = list(dict.fromkeys(r for q in values for r in q.rows))
        publishers = list(dict.fromkeys(self.data.sources[r.source].publisher for r in rows))
        shown = "; ".join(publishers[:6])
        if len(publishers) > 6:
            shown += words.word("figure.more", n=len(publishers) - 6)
        bases = dict.fromkeys(
            self.data.bases[q.basis, q.indicator].name
            for q in values
            if q.basis not in ("", "as_published") and (q.basis, q.indicator) in self.data.bases
        )
        counted = f" {words.word('figure.counted')}: {html.escape('; '.join(bases))}." if bases else ""
        key = "figure.source" if len(publishers) == 1 else "figure.sources"
        day = words.word("figure.as_of", date=words.date(self.as_of))
        return f"{words.word(key)}: {html.escape(shown)}.{counted} {day}."

    # --- arithmetic, within reach of a chapter ---------------------------------------

    against = staticmethod(measures.against)
    share = staticmethod(measures.share)
    ratio = staticmethod(measures.ratio)
    per_unit = staticmethod(measures.per_unit)
    difference = staticmethod(measures.difference)
    rest = staticmethod(measures.rest)
    scale = staticmethod(measures.scale)
    backcast = staticmethod(measures.backcast)
    change = staticmethod(measures.growth)
    required = staticmethod(measures.required)
    fixed = staticmethod(measures.fixed)
    counted = staticmethod(measures.counted)
    trend = staticmethod(prose.trend)
    join = staticmethod(prose.join)


_COLUMNS = ["series", "entity", "indicator", "period", "year", "value", "low", "high", "unit", "kind", "basis", "label", "source"]
_SHOWN = ["series", "period", "value", "low", "high", "unit", "kind", "basis", "source"]


def _table_html(table: pd.DataFrame, caption: str) -> str:
    heads = "".join(f'<th scope="col">{html.escape(words.word("column." + c))}</th>' for c in _SHOWN)
    body = []
    for row in table.sort_values(["series", "year"], kind="stable").itertuples():
        unit = words.word(f"name.{row.unit}")
        place = words.place_of(row.low, row.high)
        cells = [
            row.series, row.period, words.number(row.value, row.unit, place),
            words.number(row.low, row.unit, place and place / 10), words.number(row.high, row.unit, place and place / 10),
            unit, row.kind, row.basis, row.source,
        ]  # fmt: skip
        first = f'<th scope="row">{html.escape(str(cells[0]))}</th>'
        body.append(f"<tr>{first}{''.join(f'<td>{html.escape(str(c))}</td>' for c in cells[1:])}</tr>")
    return (
        f'<table class="nev-table"><caption>{html.escape(caption)}</caption><thead><tr>{heads}</tr></thead>'
        f"<tbody>{''.join(body)}</tbody></table>"
    )


__all__ = ["Book"]
