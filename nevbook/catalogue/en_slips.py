"""English: the slips that the checks of the lessons know, each with its name first."""

EN: dict[str, str] = {
    "slip.fraction": "Fraction for percent: this is the number as a fraction of one; percent are a hundred times that.",
    "slip.points_for_percent": "Points for percent: you gave the difference of two percentages. That is a change in "
    "percentage points; growth in percent divides it by the earlier value.",
    "slip.percent_for_points": "Percent for points: you gave the growth of a percentage in percent. A change in "
    "percentage points is the plain difference of the two.",
    "slip.backwards": "Taken backwards: the sign is the other way round.",
    "slip.later_base": "Wrong base: growth is told in percent of the earlier value, not of the later one.",
    "slip.sure": "Too sure: both readings are possible, and the source does not say which it means.",
    "slip.both_counted": "Two things counted as one: the rows of the other indicator are in your number too.",
    "slip.vehicles_for_thousands": "Wrong size: this is in vehicles; thousands are asked for.",
    "slip.sales_base": "Wrong base: you divided by sales; the whole that the question names is output.",
    "slip.built_here_sold_here": "Built here is not sold here: what the buyers of a region buy was built anywhere.",
    "slip.bound_as_value": 'A bound is not a value: "more than" leaves the upper end open.',
    "slip.bound_rounded": 'A bound is not rounded: half a last digit to each side belongs to a value; "more '
    'than" has one end and no other.',
    "slip.bound_turned": "The bound points the other way: above the line it keeps its direction, below the "
    "line it turns round.",
    "slip.yuan_for_thousands": "Wrong size: this is in yuan; thousands are asked for.",
    "slip.about_as_bound": '"About" is no bound: it opens the interval to both sides.',
    "slip.upper_forgotten": 'Half of the bounds: "less than" is one too.',
    "slip.whole_step": "A whole step instead of half: rounding is off by half of the last place at most, to each side.",
    "slip.same_ends": "Low with low, high with high: that supposes both figures were rounded in the same "
    "direction. For the least result take the least above the line and the most below it.",
    "slip.overlap_unseen": "Rounding hides it: the intervals share numbers, so both years may have had the same value.",
    "slip.too_careful": "Too careful: the intervals do not touch, so the two surely differ.",
    "slip.turned_over": "Turned over: this is the wider count in percent of the narrower one.",
    "slip.missing_part": "The other part: this is how much the narrower count lacks, not how much it has.",
    "slip.within_one_count": "This is the growth within one count; the line in question joins two.",
    "slip.across_counts": "Across a break: one end is counted by another rule than the other.",
}
