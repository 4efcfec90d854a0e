"""English: units, numbers, verbs, labels of the book itself."""

EN: dict[str, str] = {
    # units, as they follow a number in a sentence; vehicles and counts need none
    "unit.vehicles": "",
    "unit.count": "",
    "unit.rank": "",
    "unit.yuan": " yuan",
    "unit.usd": " US dollars",
    "unit.yuan_per_usd": " yuan to the US dollar",
    "unit.yuan_per_vehicle": " yuan",
    "unit.percent": " percent",
    "unit.percentage_points": " percentage points",
    "unit.times": " times",
    "number.none": "none",
    "mark.percent": "%",  # beside a mark in a chart, where there is no room for the word
    # units, as a chart or a table names them
    "name.vehicles": "vehicles",
    "name.count": "number",
    "name.rank": "place",
    "name.yuan": "yuan",
    "name.usd": "US dollars",
    "name.yuan_per_usd": "yuan per US dollar",
    "name.yuan_per_vehicle": "yuan a vehicle",
    "name.percent": "percent",
    "name.percentage_points": "percentage points",
    "name.times": "times",
    "scale.12": " trillion",
    "scale.9": " billion",
    "scale.6": " million",
    "minus": "\N{MINUS SIGN}",
    "qualifier.~": "about ",
    "qualifier.>": "more than ",
    "qualifier.<": "less than ",
    "kind.stated": "stated",
    "kind.estimate": "estimate",
    "kind.target": "target",
    "kind.forecast": "forecast",
    "kind.derived": "computed",
    "tier.official": "official",
    "tier.press": "press",
    "tier.secondary": "secondary source",
    "trend.up": "rose",
    "trend.down": "fell",
    "trend.flat": "barely moved",
    "more.up": "more",
    "more.down": "fewer",
    "more.flat": "about as many as",
    "measure.level": "",
    "measure.yoy_growth": ", growth on the year before",
    "measure.yoy_change": ", change on the year before",
    "verdict.up": "speeds up",
    "verdict.down": "slows down",
    "verdict.none": "cannot be told",
    "reason.missing": "a year is missing",
    "reason.basis": "the count changed",
    "reason.rounding": "rounding hides it",
    "score.indicator": "Indicator",
    "score.level": "Level",
    "score.before": "Speed, year before",
    "score.speed": "Speed",
    "score.acceleration": "Acceleration",
    "score.verdict": "Verdict",
    "target.met": "met",
    "target.missed": "missed",
    "target.open": "not due yet",
    "target.unknown": "outcome not known",
    "target.basis": "counted another way",
    "about.indicator": "Indicator",
    "about.chinese": "In Chinese",
    "about.theme": "Theme",
    "about.unit": "Unit",
    "about.definition": "What it counts",
    "about.observations": "Observations",
    "about.dictionary": "Indicators of this edition",
    "about.basis": "Way of counting",
    "about.used_for": "Used for",
    "about.bases": "Ways of counting in this edition",
    "about.library": "Library",
    "about.version": "Version",
    "about.versions": "Main libraries",
    "about.tier.official": "Official sources ({n})",
    "about.tier.press": "Press ({n})",
    "about.tier.secondary": "Secondary sources ({n})",
    "theme.output": "Output",
    "theme.market": "Market",
    "theme.high_end": "High end",
    "theme.research": "Research",
    "theme.intelligence": "Intelligence",
    "theme.globalization": "Globalization",
    "theme.supply_chain": "Supply chain",
    "theme.economy": "Economy",
    "theme.firms": "Firms",
    "theme.policy": "Policy",
    "more.above": "more",
    "more.below": "less",
    "more.level": "more or less",
    "value.interval": "Rounding allows {low} to {high}.",
    "value.at_least": "What it rests on allows {low} or more.",
    "value.at_most": "What it rests on allows {high} or less.",
    "value.above": "A lower bound: the source gives no upper one.",
    "value.below": "An upper bound: the source gives no lower one.",
    "value.exact": "Exact.",
    "value.source": "Source",
    "value.others": "Other sources",
    "value.computed": "Computed",
    "value.definition": "What it counts",
    "value.threshold": "A threshold that the text sets, not a figure from a source.",
    "value.count": "Counted in the dataset.",
    # a number's card; what its script says stands in the page
    "card.from": "From",
    "card.among": "Counted among",
    "card.unit": "Unit",
    "card.precision": "Precision",
    "card.note": "Note",
    "card.script.back": "Back",
    "card.script.close": "Close",
    "card.script.list": "This entry in the chapter's list",
    "card.script.text": "To the text",
    "differs.same": "the same",
    "differs.rounding": "the same within rounding",
    "differs.fits": "does not contradict it",
    "differs.at_least": "{off} or further",
    "formula.growth": "{a} / {b} \N{MINUS SIGN} 1",
    "formula.backcast": "{a} / (1 + {b})",
    "formula.less": "{a} \N{MINUS SIGN} {b}",
    "formula.step_back": "{a} \N{MINUS SIGN} {b}, in percentage points",
    "formula.rough_share": "{a} / {b}, two different ways of counting, so only approximate",
    "formula.total": "{a} + {b}",
    "formula.share": "{a} / {b}",
    "formula.difference": "{a} \N{MINUS SIGN} {b}",
    "formula.ratio": "{a} / {b}",
    "formula.against": "{a} / {b}",
    "formula.per_unit": "{a} / {b}",
    "formula.rest": "{a} \N{MINUS SIGN} {b}",
    "formula.scale": "{a} \N{MULTIPLICATION SIGN} {b}",
    "formula.required": "({a} / {b}) ^ (1 / years) \N{MINUS SIGN} 1",
    "name.growth": "growth of {name}",
    "name.backcast": "{name}, worked back",
    "name.less": "{name} less the gap",
    "name.step_back": "{name}, worked back",
    "name.rough_share": "{name} over a total that is counted differently",
    "name.total": "{name} and the class beside it, together",
    "name.share": "{name} as a share",
    "name.difference": "difference of {name}",
    "name.ratio": "ratio of {name}",
    "name.against": "{name}, one count against the other",
    "name.per_unit": "{name} a vehicle",
    "name.rest": "{name}, the rest",
    "name.scale": "{name}, part",
    "name.required": "{name}, growth a year that the target needs",
    "figure.source": "Source",
    "figure.sources": "Sources",
    "figure.more": "; and {n} more in the table",
    "figure.counted": "Counted",
    "figure.as_of": "Data as of {date}",
    "audit.sources.agree": "{what}{measure} of {who}, {when}: the {n} sources agree on {stated}.",
    "audit.sources.differ": "{what}{measure} of {who}, {when}: shown is {stated}, but not all agree: {others}.",
    "audit.growth.fits": "{what} of {who}, {when}: growth is stated as {stated}; {a} after {b} gives {computed}.",
    "audit.growth.differs": (
        "{what} of {who}, {when}: growth is stated as {stated}, but {a} after {b} gives {computed}."
    ),
    "audit.growth.crosses": (
        "{what} of {who}, {when}: growth is stated as {stated}; it fits from {b} ({other}) to {a} ({one}),"
        " which gives {computed}. Either both counting methods give the same, or the growth crosses them."
    ),
    "audit.change.crosses": (
        "{what} of {who}, {when}: a change of {stated} is stated; it fits from {b} ({other}) to {a} ({one}),"
        " which gives {computed}. Either both counting methods give the same, or the change crosses them."
    ),
    "audit.growth.before": (
        "{what} of {who}, {when}: growth is stated as {stated}; {level} then implies {implied} for the year before,"
        " which no source states in this way of counting."
    ),
    "audit.growth.alone": "{what} of {who}, {when}: growth is stated as {stated}; the level is not known.",
    "audit.change.fits": "{what} of {who}, {when}: the change is stated as {stated}; {a} after {b} gives {computed}.",
    "audit.change.differs": (
        "{what} of {who}, {when}: the change is stated as {stated}, but {a} after {b} gives {computed}."
    ),
    "audit.change.before": (
        "{what} of {who}, {when}: the change is stated as {stated}; {level} then implies {implied} for the year before,"
        " which no source states in this way of counting."
    ),
    "audit.change.alone": "{what} of {who}, {when}: the change is stated as {stated}; what surrounds it is not known.",
    "audit.share.fits": "{what} of {who}, {when}: stated as {stated}; {a} over {b} gives {computed}.",
    "audit.share.differs": "{what} of {who}, {when}: stated as {stated}, but {a} over {b} gives {computed}.",
    "audit.share.mixed": (
        "{what} of {who}, {when}: stated as {stated}; it fits {a} over {b}, which are counted in two different ways."
    ),
    "audit.share.alone": (
        "{what} of {who}, {when}: stated as {stated}; its part ({part_name}) and its whole ({whole_name}) are not both"
        " known."
    ),
    "audit.collision": (
        "{stated} stands for two things of {who} in {when}: {source} gives it as {what}, the other sources ({n}) as"
        " {as_what}."
    ),
    "audit.reading.open": (
        "{what} of {who}, {when}: said to be up {stated}. Read as points, the year before was {points}; read as a"
        " relative rise, {relative}."
    ),
    "audit.reading.points": (
        "{what} of {who}, {when}: said to be up {stated}. Read as points, the year before was {points} and the rise"
        " {leap}; read as a relative rise, {relative} and {step}. The part of {witness} in output rose by {rise}, which"
        " is far nearer to the first."
    ),
    "audit.reading.relative": (
        "{what} of {who}, {when}: said to be up {stated}. Read as points, the year before was {points} and the rise"
        " {leap}; read as a relative rise, {relative} and {step}. The part of {witness} in output rose by {rise}, which"
        " is nearer to the second."
    ),
    "audit.reading.known": (
        "{what} of {who}, {when}: said to be up {stated}. Read as points, the year before was {points}, read as a"
        " relative rise {relative}; it is stated as {before}."
    ),
    "audit.gap.implied": (
        "{what} of {who}, {when}: {level} less {stated} implies {implied} for {nation}, which no source states."
    ),
    "audit.gap.known": "{what} of {who}, {when}: {level} less {stated} implies {implied}; {nation} has {known}.",
    "audit.gap.alone": "{what} of {who}, {when}: stated as {stated}; what it is a gap between is not known.",
    "audit.counting.same": "{what}{measure} of {who}, {when}: {a} ({one}) and {b} ({other}) agree.",
    "audit.counting.apart": "{what}{measure} of {who}, {when}: {a} ({one}), but {b} ({other}).",
    "audit.wholes": (
        "{what} of {who}, {when}: {stated}, beside {other} for {other_what}: one threshold, two wholes, so neither"
        " checks the other."
    ),
    "audit.plausibility.bounds": "{what} of {who}, {when}: stated as {stated}, which cannot be.",
    "audit.plausibility.size": "{what} of {who}, {when}: stated as {stated}, far from its nearest neighbour: {others}.",
    "audit.plausibility.parts": (
        "{what} of {who}, {when}: stated as {stated}; with {others}, parts and whole do not fit."
    ),
    "audit.target.met": "{what} of {who}, {when}: the target of {target} was met with {outcome}, {reached} of it.",
    "audit.target.missed": (
        "{what} of {who}, {when}: the target of {target} was missed with {outcome}, {reached} of it ({gap})."
    ),
    "audit.target.unknown": (
        "{what} of {who}, {when}: what came of the target of {target} is not known in this way of counting."
    ),
    "audit.new": "New",
    "audit.kind.sources": "Several sources of one figure",
    "audit.kind.growth": "A growth and the levels around it",
    "audit.kind.change": "A change in points and the percentages around it",
    "audit.kind.share": "A share, its part and its whole",
    "audit.kind.collision": "One value for two things",
    "audit.kind.reading": "A rise that can be read in two ways",
    "audit.kind.gap": "A gap to the nation",
    "audit.kind.counting": "Two ways of counting one thing",
    "audit.kind.wholes": "Shares of different wholes",
    "audit.kind.plausibility": "A figure that cannot be right",
    "audit.kind.target": "A target and its outcome",
    "audit.verdict.reconciles": "reconciles",
    "audit.verdict.conflicts": "conflicts",
    "audit.verdict.ambiguous": "ambiguous",
    "audit.verdict.cannot be checked": "cannot be checked",
    "audit.verdict.opinion": "opinion, not a statement of fact",
    "audit.verdict.crosses counts": "fits only across counting methods",
    "audit.verdict.differs as expected": "differs as expected",
    "audit.verdict.missed": "missed",
    "audit.verdict.met": "met",
    "audit.verdict.repeated": "repeated by several",
    "audit.verdict.stated": "stated as a plan",
    "audit.verdict.open": "open",
    "audit.verdict.plan": "plan, not an outcome",
    "audit.verdict.event": "event; no outcome on record",
    "table.missing": "{what}: the dataset holds none for this edition.",
    "figure.missing": "No chart here: {why}",
    "figure.nodata": "the dataset holds no such figures for this edition.",
    "column.series": "Series",
    "column.period": "Period",
    "column.value": "Value",
    "column.low": "At least",
    "column.high": "At most",
    "column.unit": "Unit",
    "column.kind": "Kind",
    "column.basis": "Way of counting",
    "column.source": "Source",
    "sources.intro": (
        "Each figure in the text leads here. Stated figures name their source; computed ones name"
        " the figures they were computed from."
    ),
    "missing.figure": "not known",
    # data, indicators, sources and citations, for those who reuse them
}
