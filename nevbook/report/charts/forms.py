"""The vocabulary of a chapter's charts under one name: forms, axes, labels; each is explained where it is made."""

from nevbook.report.charts.comparisons import bars, dumbbell, interval_dots, ladder
from nevbook.report.charts.labels import height_of, name_axis, wrapped
from nevbook.report.charts.lines import broken_lines, months_of_years
from nevbook.report.charts.parts import stacked, waterfall
from nevbook.report.charts.places import ranks, tiles
from nevbook.report.charts.theme import accent, across, amount, choice, hidden, years
from nevbook.report.charts.timeline import timeline

__all__ = [
    "accent", "across", "amount", "bars", "broken_lines", "choice", "dumbbell", "height_of", "hidden",
    "interval_dots", "ladder", "months_of_years", "name_axis", "ranks", "stacked", "tiles", "timeline", "waterfall",
    "wrapped", "years",
]  # fmt: skip
