"""What a chapter opens: an edition, and the book that writes and draws what it knows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import altair as alt
import pandas as pd
from IPython.display import HTML, display
from markupsafe import Markup

from nevbook.analysis.acceleration import Acceleration
from nevbook.analysis.audit.findings import ClaimVerdict, Finding
from nevbook.analysis.quantities import Quantity
from nevbook.analysis.targets import TargetOutcome
from nevbook.common import config
from nevbook.common.formatting import in_sentence, period
from nevbook.common.html import table
from nevbook.common.i18n import N_, gettext as _, pgettext
from nevbook.report import figures, findings, key_figures, phrases, quantity_text, source_cards
from nevbook.report.charts import labels, renderer, theme
from nevbook.report.charts.frame import WIDTHS
from nevbook.report.edition_view import EditionView
from nevbook.report.parameters import refuse_strange_parameters
from nevbook.report.phrases import Phrase
from nevbook.report.quantity_text import Register

_PARAGRAPH = '<p class="nev-prose">{}</p>'
_GAP = '<p class="nev-prose nev-gap">{}</p>'
_STATES = {
    "met": N_("met"),
    "missed": N_("missed"),
    "open": N_("not due yet"),
    "unknown": N_("outcome not known"),
    "basis": N_("counted another way"),
}
METHODS = {
    "last_value": N_("the last value again"),
    "last_step": N_("the last step again, in points"),
    "line": N_("the straight line through all years"),
    "last_growth": N_("the last growth again, in percent"),
    "logistic": N_("the logistic curve"),
    "gompertz": N_("the Gompertz curve"),
    "bass": N_("the Bass curve"),
}
ASSUMPTIONS = {
    "output_growth": N_("Growth of output a year"),
    "nev_share": N_("New-energy share of output"),
    "export_share": N_("Exports as a part of output"),
    "value_per_car": N_("Value of an exported vehicle"),
}


def _show(form: str, *parts: object) -> None:
    """Show markup with its parts, which are escaped unless they are markup."""
    display(HTML(Markup(form).format(*parts)))


def _joined(parts: Sequence[Phrase]) -> Markup:
    return Markup(" ").join(part.html for part in parts if part.text)


def _items(labels: Sequence[str], parts: Sequence[Phrase]) -> Markup:
    item = Markup("<li>{}{}</li>").format
    return Markup("").join(item(label, part.html) for label, part in zip(labels, parts, strict=True) if part.text)


def open_edition(
    year: int, region: str = config.DEFAULT_REGION, data_dir: Path | str | None = None
) -> tuple[EditionView, Book]:
    """Open what a chapter works with: the edition's values, and the book; parameters as of `EditionView.open`."""
    refuse_strange_parameters()
    view = EditionView.open(year, region, data_dir)
    return view, Book(view)


class Book:
    """The book as one chapter of one edition writes it.

    Parameters
    ----------
    view : EditionView
        What the edition knows.

    Attributes
    ----------
    register : Register
        The numbers that the chapter shows, each with where it comes from.
    """

    def __init__(self, view: EditionView) -> None:
        self.view = view
        self.register = Register(view.data)
        alt.theme.enable(theme.NAME)

    def phrase(self, *templates: str, **gaps: object) -> Phrase:
        """Write the first template whose gaps can all be filled.

        Parameters
        ----------
        *templates : str
            English, translated here, with gaps as in ``{output}``; ``{change:size}`` leaves out the sign,
            ``{share:bare}`` the unit, ``{output:period}`` is its time; ``{place}``, ``{now}`` and ``{last}`` are known.
        **gaps
            Quantities, phrases, periods, words, whole numbers that were counted, or a list of quantities with
            who says so; None, False or an empty list is a value that is not known.
        """
        known = {"place": self.view.name, "now": self.view.now, "last": self.view.last}
        return phrases.phrase(self.register, *templates, **known | gaps)

    def _written(self, said: Phrase | str) -> Phrase:
        return self.phrase(said) if isinstance(said, str) else said

    def say(self, *templates: str, **gaps: object) -> None:
        """Show a paragraph; see `phrase`."""
        self.show(self.phrase(*templates, **gaps))

    def show(self, *parts: Phrase) -> None:
        """Show phrases as one paragraph; nothing where all are empty."""
        if text := _joined([self._written(part) for part in parts]):
            _show(_PARAGRAPH, text)

    def points(self, *parts: Phrase | tuple[str, Phrase]) -> None:
        """Show phrases as a list, each behind the word that says what it is about, if it has one."""
        named = [part if isinstance(part, tuple) else ("", part) for part in parts]
        labels = [label and Markup("<strong>{}.</strong> ").format(_(label)) for label, _phrase in named]
        if items := _items(labels, [phrase for _label, phrase in named]):
            _show('<ul class="nev-prose">{}</ul>', items)

    def takeaways(self, *points: Phrase, why: Phrase | str) -> None:
        """Show what a chapter found, in a box: three findings, and why they matter."""
        _show(
            '<aside class="nev-takeaways" aria-label="{}"><ul class="nev-prose">{}</ul>'
            '<p class="nev-prose"><strong>{}.</strong> {}</p></aside>',
            _("In short"), _items([""] * len(points), points), _("Why it matters"), self._written(why).html,
        )  # fmt: skip

    def unknown(self, *parts: Phrase | str) -> None:
        """Say in one short note what a chapter does not know."""
        note = '<p class="nev-prose nev-unknown"><strong>{}.</strong> {}</p>'
        if text := _joined([self._written(part) for part in parts]):
            _show(note, _("What is not known"), text)

    def cards(self, *parts: tuple[str, Quantity | None, Phrase, list[Quantity]]) -> None:
        """Show key figures as small cards: a label, the figure, what it means, the years that a line shows."""
        inner = (key_figures.card(label, q, meaning, self.register, series) for label, q, meaning, series in parts)
        _show('<div class="nev-cards">{}</div>', Markup("").join(inner))

    def grid(self, head: list[str], body: list[list[object]], caption: str) -> None:
        """Show a table; a cell is a phrase, a quantity, a period or a word, None is not known."""
        if not body:
            _show(_GAP, _("{what}: the dataset holds none for this edition.", what=_(caption)))
            return
        _show("{}", table([_(h) for h in head], [[self._cell(c) for c in row] for row in body], _(caption)))

    def _cell(self, cell: object) -> Markup:
        if cell is None:
            return Markup('<span class="nev-gap">{}</span>').format(_("not known"))
        if isinstance(cell, Phrase):
            return cell.html
        return self.phrase("{cell}", cell=cell).html

    def sources(self) -> None:
        """Show where every figure of the chapter comes from; the last call of a chapter."""
        _show("{}", source_cards.sources_section(self.register))

    def more(self, rate: Quantity | None) -> str | None:
        """Return more, fewer, or a word for neither, after a growth rate."""
        if rate is None:
            return None
        words = {1: pgettext("of a number", "more"), -1: _("fewer"), 0: _("more or fewer")}
        return words[rate.compare(0.0)]

    def above(self, rate: Quantity | None) -> str | None:
        """Return more, less, or a word for neither, of an amount after a growth rate."""
        if rate is None:
            return None
        words = {1: pgettext("of an amount", "more"), -1: _("less"), 0: _("more or less")}
        return words[rate.compare(0.0)]

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
            One row a quantity: ``series``, ``period``, ``year``, ``value``, ``low``, ``high``, ``unit``,
            ``kind`` (as ``stated``, ``derived``, ``estimate`` or ``target``), ``basis`` (in words), ``segment`` (a run
            of years that may be joined by a line), ``label`` (the value in words), ``bare`` (the same without its
            unit), ``tip`` (newest of its way of counting), ``last`` (newest of its series), ``source``.
        """
        return figures.chart_frame(self.view, quantities, by)

    def laid_out(self, quantities: Iterable[Quantity], layout: str) -> pd.DataFrame:
        """Return quantities of one time, a region each, at their places in a map of tiles.

        Parameters
        ----------
        quantities : iterable of Quantity
            What is known; a tile without one has no ``value`` and an empty ``label``.
        layout : str
            As in ``layouts.csv``: ``china``.

        Returns
        -------
        pandas.DataFrame
            Columns of `frame`, ``column``, ``row`` and ``short``; for `charts.places.tiles`.
        """
        return figures.laid_out(self.view, quantities, layout)

    def figure(
        self,
        chart: alt.TopLevelMixin,
        id: str,
        title: Phrase,
        subtitle: Phrase | str,
        shows: Iterable[Quantity | None],
        note: Phrase | str = "",
        height: int = 320,
        room: int = 0,
        least: int = 2,
        by: str | Sequence[str] = "entity",
        rows: Sequence[str] = (),
    ) -> None:
        """Show a chart in the book's frame, or say why there is none.

        Parameters
        ----------
        chart : altair chart
            Single or layered; its width is the book's.
        id : str
            Name of the figure, unique in the chapter; the page has it as ``fig-...``.
        title, subtitle : Phrase or str
            What is seen, for those who do not see it too; measure, unit, place. A text may hold ``{place}``, ``{now}``.
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
        rows : list of str
            The names of a chart of rows: they take the part of `by`, and the height is theirs.
        """
        if rows:
            by, height = rows, labels.height_of(rows)
        listed = list(shows)
        values = [q for q in listed if q is not None]
        if len(values) < least:
            _show(_GAP, _("No chart here: the dataset holds no such figures for this edition."))
            return
        subtitle, note = self._written(subtitle), self._written(note)
        frame = figures.described(self.view, listed, by, title, subtitle, title, note)
        whole = chart.properties(
            width=WIDTHS["wide"],
            height=height,
            title=alt.TitleParams(title.text, subtitle=str(subtitle), anchor="start"),
            usermeta={"nevbook": {"id": id, "room": room} | frame},
        )
        renderer.show(whole)

    trend = staticmethod(phrases.trend)
    join = staticmethod(phrases.join)

    def text(self, q: Quantity) -> str:
        """Return a value as plain text, for a label in a chart."""
        return quantity_text.plain(q, digits=3)

    def period(self, q: Quantity) -> str:
        """Return the period of a value as plain text, for a label in a chart."""
        return period(q.period)

    def counted_by(self, q: Quantity | None) -> str | None:
        """Return the name of the way in which a value is counted, for a sentence."""
        if q is None or (q.basis, q.indicator) not in self.view.data.bases:
            return None
        return in_sentence(self.view.data.bases[q.basis, q.indicator].name)

    def state(self, aim: TargetOutcome) -> str:
        """Return the state of a target in words."""
        return _(_STATES[aim.state])

    def quoted(self, text: str) -> Phrase:
        """Return text from the data as it stands."""
        return Phrase(text, Markup('<span class="nev-quoted">{}</span>').format(text))

    def cited(self, source: str) -> Phrase:
        """Return the publisher of a source, by the source's id, as a link to it."""
        one = self.view.data.sources[source]
        return Phrase(one.publisher, source_cards.linked(one.publisher, one))

    def chapter_link(self, chapter: str) -> Phrase:
        """Return a link to a chapter of this edition."""
        name = chapter.replace("-", " ").capitalize()
        return Phrase(name, Markup('<a href="{}.html">{}</a>').format(chapter, name))

    def finding(self, one: Finding) -> Phrase:
        """Write what the audit found of one thing, marked where the edition before could not know it."""
        said = findings.sentence(one, self.register)
        text, marked = said.text, Markup('<span class="nev-finding">{}</span>').format(said.html)
        if self.view.is_new(one):
            text, marked = f"{_('New')}: {text}", Markup("<strong>{}</strong>: {}").format(_("New"), marked)
        return Phrase(text, marked, said.used)

    def audit_kind(self, kind: str) -> str:
        """Return the name of a kind of finding."""
        return _(findings.KINDS[kind])

    def audit_verdict(self, one: Finding | ClaimVerdict) -> str:
        """Return a verdict of the audit in words."""
        return _(findings.VERDICTS[one.verdict])

    def title_of(self, one: Acceleration | TargetOutcome | Quantity | str) -> str:
        """Name what something, or an indicator's id, is about: the indicator, and whose it is if not the region's."""
        if isinstance(one, str):
            return self.view.data.indicators[one].name
        what = one.target if isinstance(one, TargetOutcome) else one
        name = self.view.data.indicators[what.indicator].name
        return name if what.entity == self.view.region else f"{name}, {self.view.called(what.entity)}"

    def named(self, one: Acceleration | TargetOutcome | Quantity | str) -> str:
        """Name what something is about as `title_of` does, inside a sentence."""
        return in_sentence(self.title_of(one))

    def method(self, name: str | None) -> str | None:
        """Return the name of a way of forecasting."""
        return name and _(METHODS[name])

    def assumption(self, name: str) -> str:
        """Return the name of an assumption of the scenarios."""
        return _(ASSUMPTIONS[name])

    def when_due(self, indicator: str, entity: str | None = None) -> Phrase:
        """Write when the next figure of a series is to be looked for."""
        when, late = self.view.due(indicator, entity)
        overdue = N_("expected in {when}, not published yet")
        return self.phrase(overdue if late else "{when}", "no regular date", when=when)
