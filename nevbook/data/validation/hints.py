"""How days, numbers and periods are written, and what to say of one that is written otherwise."""

from __future__ import annotations

import datetime as dt
import re

from nevbook.common.periods import Period, parse
from nevbook.data.tables import NUMBER

PERIOD_FORMS = "a year 2024, a month 2024-12, a day 2024-12-31 or a span 2025-01/2025-09"


def day_remedy(text: str) -> str:
    """Say how the day that `text` means is written."""
    for form in ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d"):
        try:
            return f"write {dt.datetime.strptime(text.strip(), form).date().isoformat()}"
        except ValueError:
            continue
    return "write year, month and day, as in 2026-11-22"


def span_of(text: str) -> Period | None:
    """Return the period that a text is, if it is one."""
    try:
        return parse(text)
    except ValueError:
        return None


def last_year() -> int:
    """Return the last year in which an outcome may lie, or a row be recorded."""
    return dt.date.today().year + 1


def likely(span: Period) -> bool:
    """Whether something of this dataset may have been counted, published or recorded then."""
    return 1900 <= span.start.year <= span.end.year <= last_year()


def period_issue(text: str) -> tuple[str, str]:
    """Say what is wrong with a text that is no period, and what would do."""
    parts = text.split("/")
    if len(parts) == 2 and span_of(parts[0]) and span_of(parts[1]):
        return "ends before it begins", f"write {parts[1]}/{parts[0]}"
    wrong = next((p for p in parts if span_of(p) is None), text)
    month = span_of(wrong[:7])
    if len(wrong) == 10 and month:
        return f"is no period: {wrong[:7]} has {month.end.day} days", f"write {wrong[:8]}{month.end.day} or {wrong[:7]}"
    if len(wrong) in (7, 10) and span_of(wrong[:4]):
        return "is no period: months run from 01 to 12", f"write one of them, or {wrong[:4]} for the year"
    return "is no period", f"write {PERIOD_FORMS}"


def number_remedy(text: str) -> str:
    """Say how the number that `text` means is written."""
    bare = re.sub(r"[,_%]|\s(?=\d{3}\b)", "", text).strip()  # a blank before anything else may part a note's mark
    if NUMBER.fullmatch(bare):
        return f"write {bare}"
    return "write digits only, as in 953200 or -2.5; what it counts stands in unit"
