"""English: editions, years that are not over, what changed between editions, the feed."""

EN: dict[str, str] = {
    "changes.source": "its source says so now",
    "changes.other": "another source is shown: {publisher}",
    "changes.corrected": "corrected: {reason}",
    "changes.gone": "no row of it is left",
    "figure.so_far": "{year} is known to {month} only; no part of it stands for the year.",
}
