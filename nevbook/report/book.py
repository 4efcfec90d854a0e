"""What a chapter opens: an edition with its values, its words and its figures."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence

import altair as alt
import pandas as pd
from IPython.display import HTML, display

from nevbook.analysis.quantities import Quantity
from nevbook.common import formatting, i18n
from nevbook.common.periods import parse
from nevbook.report import quantity_text
from nevbook.report.charts import renderer
from nevbook.report.charts.frame import COLUMNS, WIDTHS, data_table
from nevbook.report.phrases import Phrase
from nevbook.report.writing import Writing


class Book(Writing):
    """The book as one chapter of one edition uses it; parameters as of `EditionView`."""

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
        rows = [self.row(q, name or str(by)) for q, name in zip(listed, names, strict=True) if q is not None]
        made = pd.DataFrame(rows, columns=[*_COLUMNS])
        if made.empty:
            return made
        made = made.sort_values(["series", "basis", "kind", "year"], kind="stable").reset_index(drop=True)
        # a missing year ends a segment: no line is drawn through it
        broken = made.groupby(["series", "basis", "kind"])["year"].diff().ne(1)
        made["segment"] = made["series"] + " " + made["basis"] + " " + broken.cumsum().astype(str)
        made["tip"] = ~made.duplicated(["series", "basis"], keep="last")
        made["last"] = made.index.isin(made.groupby("series")["year"].idxmax())
        return made

    def row(self, q: Quantity, by: str) -> dict[str, object]:
        """Return one row of `frame`, without what depends on the others."""
        # what was counted in the dataset is of no entity, indicator or period of its own
        entity = self.data.entities[q.entity].name if q.entity else ""
        indicator = self.data.indicators[q.indicator].name if q.indicator else ""
        basis = self.data.bases.get((q.basis, q.indicator))
        publishers = dict.fromkeys(self.data.sources[r.source].publisher for r in q.rows)
        bounded = [q.value if abs(x) == float("inf") else x for x in (q.low, q.high)]
        return {
            "series": {"entity": entity, "indicator": indicator}.get(by, by),
            "entity": q.entity,
            "indicator": q.indicator,
            "period": formatting.period(q.period),
            "year": parse(q.period).year if q.period else self.year,
            "qualifier": q.qualifier,
            "value": q.value,
            "low": bounded[0],
            "high": bounded[1],
            "unit": q.unit,
            "place": q.place or 0.0,  # zero: exact
            "kind": i18n.word("kind.derived") if q.derived and q.kind == "stated" else i18n.word(f"kind.{q.kind}"),
            "basis": basis.name if basis else "",
            "label": quantity_text.plain(q, digits=3),
            "source": "; ".join(list(publishers)[:_NAMED]) if len(publishers) <= _NAMED else "",
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
            why = i18n.word("figure.missing", why=i18n.word("figure.nodata"))
            display(HTML(f'<p class="nev-prose nev-gap">{html.escape(why)}</p>'))
            return
        shown = self.frame(listed, by)
        subtitle, note = (i18n.gettext(x) if isinstance(x, str) else x for x in (subtitle, note))
        frame = {
            "id": id,
            "room": room,
            "title": title.html,
            "subtitle": subtitle.html if isinstance(subtitle, Phrase) else html.escape(subtitle),
            "alt": _told(alt_text.text, shown),
            "note": note.html if isinstance(note, Phrase) else html.escape(note),
            "foot": self._foot(values),
            "table": data_table(_in_order(shown), title.text),
            "rows": shown[[*_KEPT]].to_csv(index=False, lineterminator="\n"),
        }
        whole = chart.properties(
            width=WIDTHS["wide"],
            height=height,
            title=alt.TitleParams(title.text, subtitle=str(subtitle), anchor="start"),
            usermeta={"nevbook": frame},
        )
        renderer.show(whole)

    def _foot(self, values: list[Quantity]) -> str:
        rows = list(dict.fromkeys(r for q in values for r in q.rows))
        publishers = list(dict.fromkeys(self.data.sources[r.source].publisher for r in rows))
        shown = "; ".join(publishers[:6])
        if len(publishers) > 6:
            shown += i18n.word("figure.more", n=len(publishers) - 6)
        bases = dict.fromkeys(
            self.data.bases[q.basis, q.indicator].name
            for q in values
            if q.basis not in ("", "as_published") and (q.basis, q.indicator) in self.data.bases
        )
        counted = f" {i18n.word('figure.counted')}: {html.escape('; '.join(bases))}." if bases else ""
        key = "figure.source" if len(publishers) == 1 else "figure.sources"
        day = i18n.word("figure.as_of", date=formatting.date(self.as_of))
        part = ""
        if self.until is not None:
            part = " " + i18n.word("figure.so_far", year=self.year, month=formatting.month(self.until))
        return f"{i18n.word(key)}: {html.escape(shown)}.{counted} {day}.{part}"


_NAMED = 3  # publishers of one value; what was counted in the dataset rests on many
_COLUMNS = [
    "series",
    "entity",
    "indicator",
    "period",
    "year",
    "qualifier",
    "value",
    "low",
    "high",
    "unit",
    "place",
    "kind",
    "basis",
    "label",
    "source",
]
_KEPT = [*COLUMNS[:2], "qualifier", *COLUMNS[2:]]  # of a figure's CSV


def _told(finding: str, shown: pd.DataFrame) -> str:
    """Return a finding in words, with the ends of what is drawn where it names no number but years."""
    if re.search(r"\d", re.sub(r"\b(?:19|20)\d\d\b", "", finding)):
        return finding
    same = shown[shown["unit"] == shown["unit"].iloc[0]]
    ends = (same.loc[same["value"].idxmin()], same.loc[same["value"].idxmax()])
    said = [f"{one['label']} ({one['series'].replace('|', ' ')}, {one['period']})".replace(", )", ")") for one in ends]
    return f"{finding.rstrip('.')}. {i18n.word('figure.ends', low=said[0], high=said[1])}"


def _in_order(shown: pd.DataFrame) -> list[dict]:
    return shown.sort_values(["series", "year"], kind="stable").to_dict("records")
