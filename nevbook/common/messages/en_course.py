"""English: lessons, checks, the course that is handed out."""

EN: dict[str, str] = {
    "lesson.missing": "The dataset has no figures on which this lesson could work.",
    "lesson.later": "The edition of {asked} ends before the figures that this lesson is about; "
    "it uses those known up to {used}.",
    "lesson.elsewhere": "For {what}, {region} has no figures that would do; "
    "the lesson uses those of {place} in {when}.",
    "lesson.earlier": "The newest year for {what} of {place} is {when}.",
    "glossary.term": "Term",
    "glossary.caption": "Terms of the field",
    "glossary.dataset": "this dataset's definition of {name}",
}
