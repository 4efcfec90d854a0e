"""English: adding data, what is missing, the template, corrections."""

EN: dict[str, str] = {
    "add.new": "new: {name}: {value} ({source})",
    "add.revised": "revised: {name}: {value}, before {old} ({source})",
    "add.row": "new in {table}: {row}",
    "add.conflict": "new conflict: {sentence}",
    "add.missing": "still missing for {year}, {who}: {what}; nevbook missing --year {year} says where they come from",
    "add.done": "{new} new, {revised} revised, {known} known already; {conflicts} new conflicts",
    "add.dry": (
        "would be {new} new, {revised} revised, {known} known already; {conflicts} new conflicts; nothing changed"
    ),
    "missing.line": "{name}: {value}, from {publisher}{published} ({source}); {when}",
    "missing.usually": "usually appears about {day} ({told})",
    "missing.once": "may appear about {day}, as one earlier year did ({told})",
    "missing.unknown": "not known when it appears",
    "missing.partial": "    so far: {parts}",
    "template.wrote": "{path}: fill in {sheets}, then run nevbook add {path}",
    "template.table": "table",
    "template.id": "id",
    "template.name": "name",
    "template.name_zh": "name in Chinese",
    "template.unit": "unit",
    "template.bases": "ways of counting",
    "template.must": "Must be filled in.",
    "template.may": "May be left empty.",
    "template.value": "As its source writes it: 95.32 with unit 万辆, 431.1 with 亿元, 1,296,000, 36%.",
    "template.unknown": "Not in the list. Keep it if it is a name in English or Chinese, or stands in another sheet.",
    "missing.count": "{n} series of {before} have no value for {year} yet",
}
