"""The common mistakes that the checks of the lessons know, each with its name first."""

from __future__ import annotations

from nevbook.common.i18n import N_

MISTAKES = {
    "fraction": N_("Fraction for percent: this is the number as a fraction of one; percent are a hundred times that."),
    "coarse": N_("Rounded too far: one more digit is asked for, or leave the number as it comes out."),
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
    "both_counted": N_("Two things counted as one: the rows of the other indicator are in your number too."),
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
    "turned_over": N_("Turned over: this is the wider count in percent of the narrower one."),
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
    "chart_cut_axis": N_(
        "Cut axis: the axis of a bar or an area must start at zero, since its length is what is read."
    ),
    "chart_two_scales": N_("Two scales: two axes in one picture make any two series meet where you like."),
    "chart_no_title": N_("No title: say what is seen."),
    "chart_no_unit": N_("No unit: the axis of the values has no title that names it."),
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
