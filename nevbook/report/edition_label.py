"""What an edition is called, and what is said of one whose year is not whole."""

from __future__ import annotations

from nevbook.analysis import partial_year
from nevbook.common.formatting import month
from nevbook.common.i18n import gettext as _
from nevbook.data.dataset import Dataset


def called(data: Dataset, year: int, region: str) -> str:
    """Name the year of an edition: ``2025``, or ``2026 so far (to September)``."""
    last = partial_year.until(data, year, region)
    return str(year) if last is None else _("{year} so far (to {month})", year=year, month=month(last))


def label(data: Dataset, year: int, region: str) -> str:
    """Name an edition: its region and its year."""
    return _("{region} {year}", region=data.entities[region].name, year=called(data, year, region))


def notice(data: Dataset, year: int, region: str) -> str:
    """Say on every page of an edition that its year is not whole; nothing where it is."""
    last = partial_year.until(data, year, region)
    if last is None:
        return ""
    text = _(
        "{year} so far: what is published reaches to {month}. Its months are compared with the same months of {before},"
        " never beside a whole year."
    )
    return text.format(year=year, month=month(last), before=year - 1)
