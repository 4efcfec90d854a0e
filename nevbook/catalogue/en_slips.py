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
}
