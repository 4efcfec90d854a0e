"""English: adding data, what is missing, the template, corrections."""

EN: dict[str, str] = {
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
