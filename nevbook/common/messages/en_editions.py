"""English: editions, years that are not over, what changed between editions, the feed."""

EN: dict[str, str] = {
    "edition.label": "{region} {year}",
    "edition.so_far": "{year} so far (to {month})",
    "edition.notice": (
        "{year} so far: what is published reaches to {month}. Its months stand beside the same months of {before},"
        " never beside a whole year."
    ),
    "book.feed.subtitle": "New editions of the book, and figures that were revised",
    "book.feed.title": "Editions and revisions",
    "book.feed.edition": "Edition {label}",
    "book.feed.edition.body": "It rests on {n} figures from {m} sources, as they were known on {day}.",
    "book.feed.revised": "{n} figures revised",
    "book.feed.revised.one": "1 figure revised",
    "book.feed.line": "{what}: {before} before, {now} now",
    "book.feed.gone": "shown no more",
    "changes.source": "its source says so now",
    "changes.other": "another source is shown: {publisher}",
    "changes.corrected": "corrected: {reason}",
    "changes.gone": "no row of it is left",
    "figure.so_far": "{year} is known to {month} only; no part of it stands for the year.",
}
