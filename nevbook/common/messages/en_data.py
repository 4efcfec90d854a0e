"""English: adding data, what is missing, the template, corrections."""

EN: dict[str, str] = {
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
    "card.corrected": "Corrected here",
    "card.accepted": "Accepted although implausible",
    "card.figure": "Figure as its source has it",
    "about.source": "Source",
    "about.why": "Why",
    "about.corrections": "Figures corrected in this edition",
    "about.corrected_none": "No figure that this edition sees is corrected.",
    "correction.replace": "{column}: {old} in the source, {new} here",
    "correction.exclude": "left out",
}
