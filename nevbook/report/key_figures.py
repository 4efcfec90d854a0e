"""Key figures as small cards: the figure, what it means, and a line of the years before."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from nevbook.analysis.quantities import Quantity
from nevbook.common import formatting
from nevbook.common.i18n import gettext as _
from nevbook.common.periods import parse
from nevbook.report import phrases, quantity_text
from nevbook.report.phrases import Phrase
from nevbook.report.quantity_text import Register

WIDE, TALL, EDGE = 160.0, 52.0, 4.0  # of a line's picture, in its own units
LEAST = 3  # with fewer years there is no line to see
_SPARK = Markup(
    '<svg class="nev-spark" viewBox="{size}" role="img" aria-label="{said}"><path class="nev-zero" d="{zero}"/>{drawn}'
    '</svg><div class="nev-spark-years" aria-hidden="true"><time>{first}</time><span>{grey}</span>'
    "<time>{last}</time></div>"
)
_CARD = Markup(
    '<div class="nev-card"><div class="nev-card-label">{}</div><div class="nev-card-figure">{}</div>'
    '<div class="nev-card-note">{}</div>{}</div>'
)


def spark(series: Sequence[Quantity], figure: Quantity | None) -> Markup:
    """Draw a series of three years or more as a small line from zero up, broken where years or bases change."""
    years = [parse(q.period).year for q in series]
    if len(set(years)) < LEAST:
        return Markup("")
    top = max(q.value for q in series) or 1.0
    across = (WIDE - 2 * EDGE) / (years[-1] - years[0])
    spots = [
        (EDGE + (y - years[0]) * across, TALL - EDGE - max(q.value, 0) / top * (TALL - 2 * EDGE))
        for y, q in zip(years, series, strict=True)
    ]
    own = figure.basis if figure else series[-1].basis
    drawn = []
    for basis in sorted({q.basis for q in series}, key=lambda b: (b == own, b)):  # the coloured one last, on top
        run: list[int] = []
        counted = [n for n, q in enumerate(series) if q.basis == basis]
        for n in counted:
            if run and years[n] != years[run[-1]] + 1:
                drawn.append(_run(run, spots, basis == own))
                run = []
            run.append(n)
        drawn.append(_run(run, spots, basis == own))
        if basis == own:
            x, y = spots[counted[-1]]
            drawn.append(f'<circle class="nev-own" cx="{x:.1f}" cy="{y:.1f}" r="3.2"/>')
    first, last = series[0], series[-1]
    said = _(
        "{n} years on record: from {first} in {then} to {last} in {now}",
        first=quantity_text.plain(first), then=formatting.period(first.period),
        last=quantity_text.plain(last), now=formatting.period(last.period), n=len(set(years)),
    )  # fmt: skip
    base = TALL - EDGE
    grey = _("grey: other counts") if any(q.basis != own for q in series) else ""
    return _SPARK.format(
        size=f"0 0 {WIDE:g} {TALL:g}", said=said, zero=f"M{EDGE:g} {base:g}H{WIDE - EDGE:g}",
        drawn=Markup("".join(drawn)), first=years[0], grey=grey, last=years[-1],
    )  # fmt: skip


def _run(run: Sequence[int], spots: Sequence[tuple[float, float]], own: bool) -> str:
    """Draw years that follow each other: a line, or a dot where there is one alone."""
    name = "nev-own" if own else "nev-other"
    if len(run) == 1:
        x, y = spots[run[0]]
        return f'<circle class="{name}" cx="{x:.1f}" cy="{y:.1f}" r="1.8"/>'
    return f'<path class="{name}" d="M{"L".join(f"{spots[n][0]:.1f} {spots[n][1]:.1f}" for n in run)}"/>'


def card(
    label: str, figure: Quantity | None, meaning: Phrase, register: Register, series: Sequence[Quantity] = ()
) -> Markup:
    """Write one card: what is counted in two or three words, the figure, what it means, its years as a line."""
    big = phrases.data_element(figure, register) if figure else _("not known")
    return _CARD.format(_(label), big, meaning.html, spark(series, figure))
