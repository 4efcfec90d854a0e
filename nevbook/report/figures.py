"""A figure as data: the table that a chart is drawn from, and what stands around the chart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import pandas as pd
from markupsafe import escape

from nevbook.analysis.quantities import Quantity
from nevbook.common import formatting
from nevbook.common.downloads import people_csv
from nevbook.common.i18n import gettext as _, ngettext
from nevbook.common.periods import parse
from nevbook.data.package import read_table
from nevbook.report import quantity_text
from nevbook.report.charts.frame import COLUMNS, data_table
from nevbook.report.charts.labels import wrapped
from nevbook.report.edition_view import EditionView
from nevbook.report.phrases import Phrase

_PUBLISHERS = 6  # in the line under a chart
_TILE = 9  # letters of a line in a tile
_NAMED = 3  # publishers of one value; what was counted in the dataset rests on many
_COLUMNS = [
    "series", "entity", "indicator", "period", "year", "qualifier", "value", "low", "high", "unit", "place", "kind",
    "basis", "label", "bare", "source",
]  # fmt: skip
_KEPT = [*COLUMNS[:2], "qualifier", *COLUMNS[2:]]  # of a figure's CSV


def chart_frame(
    view: EditionView, quantities: Iterable[Quantity | None], by: str | Sequence[str] = "entity"
) -> pd.DataFrame:
    """Return quantities as the table that a chart is drawn from; see `Book.frame`."""
    listed = list(quantities)
    names = [None] * len(listed) if isinstance(by, str) else list(by)
    rows = [row(view, q, name or str(by)) for q, name in zip(listed, names, strict=True) if q is not None]
    made = pd.DataFrame(rows, columns=_COLUMNS)
    if made.empty:
        return made.assign(segment="", tip=False, last=False)
    made = made.sort_values(["series", "basis", "kind", "year"], kind="stable").reset_index(drop=True)
    # a missing year ends a segment: no line is drawn through it
    broken = made.groupby(["series", "basis", "kind"])["year"].diff().ne(1)
    made["segment"] = made["series"] + " " + made["basis"] + " " + broken.cumsum().astype(str)
    made["tip"] = ~made.duplicated(["series", "basis"], keep="last")
    made["last"] = made.index.isin(made.groupby("series")["year"].idxmax())
    return made


def laid_out(view: EditionView, quantities: Iterable[Quantity], layout: str) -> pd.DataFrame:
    """Return quantities at their places in a map of tiles; see `Book.laid_out`."""
    places = pd.DataFrame(r for r in read_table(view.data.folder, "layouts") if r["layout"] == layout)
    places = places[["entity", "short", "column", "row"]].astype({"column": int, "row": int})
    names = [wrapped(view.called(e), _TILE) for e in places["entity"]]
    known = chart_frame(view, quantities).drop(columns="series")
    return places.assign(series=names).merge(known, "left", "entity").fillna({"label": "", "bare": ""})


def row(view: EditionView, q: Quantity, by: str) -> dict[str, object]:
    """Return one row of `chart_frame`, without what depends on the others."""
    # what was counted in the dataset is of no entity, indicator or period of its own
    entity = view.data.entities[q.entity].name if q.entity else ""
    indicator = view.data.indicators[q.indicator].name if q.indicator else ""
    basis = view.data.bases.get((q.basis, q.indicator))
    publishers = dict.fromkeys(view.data.sources[r.source].publisher for r in q.rows)
    bounded = [q.value if abs(x) == float("inf") else x for x in (q.low, q.high)]
    return {
        "series": {"entity": entity, "indicator": indicator}.get(by, by),
        "entity": q.entity,
        "indicator": q.indicator,
        "period": formatting.period(q.period),
        "year": parse(q.period).year if q.period else view.year,
        "qualifier": q.qualifier,
        "value": q.value,
        "low": bounded[0],
        "high": bounded[1],
        "unit": q.unit,
        "place": q.place or 0.0,  # zero: exact
        "kind": "derived" if q.derived and q.kind == "stated" else q.kind,
        "basis": basis.name if basis else "",
        "label": quantity_text.plain(q, digits=3),
        "bare": quantity_text.plain(q, unit=False, digits=3),
        "source": "; ".join(list(publishers)[:_NAMED]) if len(publishers) <= _NAMED else "",
    }


def described(
    view: EditionView,
    listed: list[Quantity | None],
    by: str | Sequence[str],
    title: Phrase,
    subtitle: Phrase | str,
    alt_text: Phrase,
    note: Phrase | str,
) -> dict[str, object]:
    """Return what stands around a chart; parameters as of `Book.figure`."""
    shown = chart_frame(view, listed, by)
    return {
        "title": both(title),
        "subtitle": both(subtitle),
        "alt": _told(alt_text.text, shown),
        "note": both(note),
        "foot": _foot(view, [q for q in listed if q is not None]),
        "table": data_table(shown.sort_values(["series", "year"], kind="stable").to_dict("records"), title.text),
        "rows": people_csv(_KEPT, shown.to_dict("records")),
    }


def both(written: Phrase | str) -> dict[str, str]:
    """Return what a figure's frame says as plain text and as markup."""
    return {"text": str(written), "html": written.html if isinstance(written, Phrase) else escape(written)}


def sources_line(view: EditionView, values: list[Quantity]) -> str:
    """Name the publishers of some values, and the day of the data."""
    rows = dict.fromkeys(r for q in values for r in q.rows)
    publishers = list(dict.fromkeys(view.data.sources[r.source].publisher for r in rows))
    shown = "; ".join(publishers[:_PUBLISHERS])
    if len(publishers) > _PUBLISHERS:
        shown += _("; and {n} more in the table", n=len(publishers) - _PUBLISHERS)
    day = _("Data as of {date}", date=formatting.date(view.as_of))
    bases = dict.fromkeys(
        view.data.bases[q.basis, q.indicator].name
        for q in values
        if q.basis not in ("", "as_published") and (q.basis, q.indicator) in view.data.bases
    )
    counted = f" {_('Counted')}: {'; '.join(bases)}." if bases else ""
    named = f"{ngettext('Source', 'Sources', len(publishers))}: {shown}." if shown else ""  # counts of rows have none
    return f"{named}{counted} {day}.".strip()


def _foot(view: EditionView, values: list[Quantity]) -> str:
    line = sources_line(view, values)
    if view.until is None:
        return line
    part = _("{year} is known to {month} only; no part of it stands for the year.")
    return f"{line} {part.format(year=view.year, month=formatting.month(view.until))}"


def _told(finding: str, shown: pd.DataFrame) -> str:
    """Return a finding in words, with the ends of what is drawn where it names no number but years."""
    if re.search(r"\d", re.sub(r"\b(?:19|20)\d\d\b", "", finding)):
        return finding
    same = shown[shown["unit"] == shown["unit"].iloc[0]]
    ends = (same.loc[same["value"].idxmin()], same.loc[same["value"].idxmax()])
    said = [f"{one['label']} ({one['series'].replace('|', ' ')}, {one['period']})".replace(", )", ")") for one in ends]
    return f"{finding.rstrip('.')}. {_('From {low} to {high}.', low=said[0], high=said[1])}"
