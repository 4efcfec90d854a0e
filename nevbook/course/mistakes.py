"""The common mistakes that the checks of the lessons know, each with its name first."""

from __future__ import annotations

from nevbook.common.i18n import N_

MISTAKES = {
    "points_for_percent": N_(
        "Points for percent: you gave the difference of two percentages. That is a change in"
        " percentage points; growth in percent divides it by the earlier value."
    ),
    "percent_for_points": N_(
        "Percent for points: you gave the growth of a percentage in percent. A change in percentage"
        " points is the plain difference of the two."
    ),
    "backwards": N_("Taken backwards: the sign is the other way round."),
    "later_base": N_("Wrong base: growth is told in percent of the earlier value, not of the later one."),
    "sure": N_("Too sure: both readings are possible, and the source does not say which it means."),
    "any_value": N_("Other values counted: only sources that print exactly this one are asked for."),
    "vehicles_for_thousands": N_("Wrong size: this is in vehicles; thousands are asked for."),
    "sales_base": N_("Wrong base: you divided by sales; the whole that the question names is output."),
    "built_here_sold_here": N_("Built here is not sold here: what the buyers of a region buy was built anywhere."),
    "bound_as_value": N_('A bound is not a value: "more than" leaves the upper end open.'),
    "bound_rounded": N_(
        'A bound is not rounded: half a last digit to each side belongs to a value; "more than" has'
        " one end and no other."
    ),
    "bound_turned": N_(
        "The bound points the other way: above the line it keeps its direction, below the line it turns round."
    ),
    "yuan_for_thousands": N_("Wrong size: this is in yuan; thousands are asked for."),
    "about_as_bound": N_('"About" is no bound: it opens the interval to both sides.'),
    "upper_forgotten": N_('Half of the bounds: "less than" is one too.'),
    "whole_step": N_("A whole step instead of half: rounding is off by half of the last place at most, to each side."),
    "same_ends": N_(
        "Low with low, high with high: that supposes both figures were rounded in the same direction."
        " For the least result take the least above the line and the most below it."
    ),
    "overlap_unseen": N_("Rounding hides it: the intervals share numbers, so both years may have had the same value."),
    "too_careful": N_("Too careful: the intervals do not touch, so the two surely differ."),
    "turned_over": N_("Turned over: what belongs above the line is below it."),
    "missing_part": N_("The other part: this is how much the narrower count lacks, not how much it has."),
    "within_one_count": N_("This is the growth within one count; the line in question joins two."),
    "across_counts": N_("Across a break: one end is counted by another rule than the other."),
    "two_wholes": N_(
        "Two wholes: shares of different wholes, or of a level and of a growth, are not the same kind of number."
    ),
    "shares_added": N_("Added: a part of a part is a product."),
    "divided_not_multiplied": N_("Divided: a part of a part is a product."),
    "rest_as_whole": N_("The rest for the whole: the whole contains the part that you divide by it."),
    "speed_of_before": N_("A year too early: this is the speed of the year before."),
    "two_years": N_("Two years at once: this is the growth over both years together."),
    "speed_for_acceleration": N_("Speed for acceleration: this is growth itself; its change is asked for."),
    "rounding_forgotten": N_(
        "Rounding forgotten: the sign of the middle value is not sure; the interval includes zero."
    ),
    "sign_turned": N_("Turned round: the speed of the later year less that of the earlier one has the other sign."),
    "slower_is_less": N_("Slower is not less: as long as growth is above zero, the level rises."),
    "year_before": N_("A year too early: this is the value of the year before."),
    "rates_subtracted": N_(
        "Rates subtracted: growth multiplies. Compute the unit value of both years and compare these."
    ),
    "new_price": N_("The new unit value: the volume effect holds the old one fixed."),
    "whole_change": N_("The whole change: only one of its two parts is asked for."),
    "old_volume": N_("The old number of cars: then the two effects do not add up to the change."),
    "excess_for_share": N_("How far past, not how much of it: this is what is over the target, in percent of it."),
    "target_misread": N_("Read the other way: met is an outcome that reaches the target or passes it."),
    "due_counted": N_("Targets that are due are in your number too."),
    "this_year_counted": N_("The newest year is not later than itself."),
    "level_for_growth": N_(
        "A share of the level: the growth is asked for, so both the part and the whole are changes."
    ),
    "rates_divided": N_("Rates divided: two growth rates have two wholes; divide the changes themselves."),
    "forecast_base": N_("Wrong base: the error is told in percent of what came, not of what was forecast."),
    "looked_ahead": N_("Looked ahead: the rule must not know the year that it forecasts."),
    "other_rule": N_("The other rule: this is the mean error of same level."),
    "signs_kept": N_("Signs kept: errors to both sides cancel; take each without its sign."),
    "rules_swapped": N_("Swapped: the smaller mean error is the better one."),
    "true_ratio": N_("The true ratio: this is how the values compare, not how long the bars look."),
    "ratios_for_growth": N_("Ratios for growth: take one off each ratio before you divide."),
    "gap_bridged": N_("A gap bridged: a line says that something is known along it."),
    "chart_cut_axis": N_("Cut axis: the axis of a bar must start at zero, since its length is what is read."),
    "chart_cut_top": N_("Cut at the top: the axis ends before the longest bar does."),
    "chart_bent_scale": N_("Bent scale: a length is read right only where equal steps stand for equal amounts."),
    "chart_upside_down": N_("Upside down: bars that grow against the usual direction look like a fall."),
    "chart_two_scales": N_("Two scales: two axes in one picture make any two series meet where you like."),
    "chart_no_bars": N_("No bars: the exercise asks for `mark_bar()`, one bar a year."),
    "chart_other_data": N_(
        "Other data: the bars have to show `value` over `year`, with the last two years of `known` at least."
    ),
    "chart_transformed": N_("Computed inside the chart: compute in pandas first, so that one can check what is drawn."),
    "chart_several": N_("Several charts in one: draw a single one."),
    "chart_not_drawn": N_("It cannot be drawn: run the cell that makes it, and read what Altair says."),
    "chart_order": N_("Out of order: years go from the earliest to the latest."),
    "chart_no_labels": N_("No labels: without numbers on the axis nobody can read an amount, or a year."),
    "chart_no_title": N_("No title: say what is seen."),
    "chart_title_without_measure": N_("A title without the measure: name what is counted, as exports or output."),
    "chart_no_unit": N_("No unit: neither the axis nor the title names it rightly; thousands are named, too."),
    "chart_rainbow": N_("Colour that carries nothing: it repeats what an axis says already."),
    "every_status": N_("Proposals counted: only adopted measures are asked for."),
    "all_markets": N_("All markets: only one is asked for."),
    "ended_counted": N_("Ended measures counted: what ended before the day is no longer in force."),
    "coming_counted": N_("Coming measures counted: adopted is not yet in force."),
    "proposals_counted": N_("Proposals counted: a measure that is not adopted is no rule."),
    "hindsight": N_("Hindsight: the table tells from when a measure holds, not since when one could know of it."),
    "rows_for_publishers": N_("Rows counted: one publisher may have several rows."),
    "pages_for_publishers": N_("Pages counted: one publisher may have several pages."),
    "sources_for_figures": N_(
        "Sources counted: figures are asked for, and sources do not all give the same number of them."
    ),
    "counts_mixed": N_("Counting methods mixed: two counts of one thing may differ without a contradiction."),
    "repeats_counted": N_("Every group counted: only those with two different values are asked for."),
    "rounding_as_conflict": N_("Rounding taken for a conflict: the coarse figure is the fine one rounded."),
}

# what else a check says; of these, what is no mistake of a lesson but of any answer
SENTENCES = {
    "right": N_("Right."),
    "wrong": N_("Not right."),
    "empty": N_("No answer yet: put one in the place of the three dots."),
    "kind": N_("A number, a word, or a pair of these is asked for; this is something else."),
    "set": N_("A set is no answer, for it has no order: write a number, a word, or a pair in round brackets."),
    "missing": N_("A value is missing: a part of this answer is empty, NaN or None."),
    "parts": N_("The answer has too many parts, or too few: see what the exercise asks for."),
    "order": N_("The right parts in the wrong order: swap them."),
    "word": N_("A word is asked for, in quotation marks, where you gave a number. Allowed are: {words}."),
    "number": N_("A number is asked for, without quotation marks, where you gave a word."),
    "unknown_word": N_("This word is not among those asked for. Allowed are: {words}."),
    "sign": N_("A sign is no word: write it out. Allowed are: {words}."),
    "whole": N_("A count is a whole number: one counts, and does not estimate."),
    "fraction_of_percent": N_(
        "Fraction for percent: this is the number as a fraction of one; percent are a hundred times that."
    ),
    "fraction_of_points": N_(
        "Fraction for points: this is the difference as a fraction of one; percentage points are a hundred times that."
    ),
    "coarse": N_("Rounded too far: more digits are asked for, or leave the number as it comes out."),
    "negative": N_("Wrong sign: the number is right and points the other way."),
    "too_large": N_("Wrong size: this is a thousand times what is asked for; look at the unit."),
    "too_small": N_("Wrong size: this is a thousandth of what is asked for; look at the unit."),
    "far_too_large": N_("Wrong size: this is a million times what is asked for; look at the unit."),
    "far_too_small": N_("Wrong size: this is a millionth of what is asked for; look at the unit."),
    "billions_too_large": N_("Wrong size: this is a billion times what is asked for; look at the unit."),
    "billions_too_small": N_("Wrong size: this is a billionth of what is asked for; look at the unit."),
    "chart": N_("A chart is asked for, as `alt.Chart(...)` makes it; this is something else."),
    "exercise": N_('No exercise has the label "{name}". Near it: {near}.'),
    "indicator": N_('The tables have no indicator "{name}". Near it: {near}.'),
    "entity": N_('The tables have no figures of a place "{name}". Near it: {near}.'),
}
