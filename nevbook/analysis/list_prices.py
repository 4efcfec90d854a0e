"""What the models of a region's makers cost: list prices as quantities."""

from __future__ import annotations

from dataclasses import dataclass

from nevbook.analysis.quantities import Quantity, tabled
from nevbook.common.periods import parse
from nevbook.data.dataset import Dataset

_TABLE = "model_prices"


@dataclass(frozen=True)
class PriceRange:
    """List prices of a model, of its newest day."""

    low: Quantity  # the lowest price, in yuan
    high: Quantity | None  # the highest; None where only the price at which the model starts is published


def list_prices(data: Dataset, region: str, year: int) -> list[PriceRange]:
    """Return the newest list prices in yuan of each model of a region's makers, the most expensive model first.

    Parameters
    ----------
    data : Dataset
        As the edition sees it.
    region : str
        Entity id.
    year : int
        Prices of later years are left out.

    Returns
    -------
    list of PriceRange
        Where several sources give a price of the newest day, the range spans them all.
    """
    own = {e.id for e in data.members(region)}
    found: dict[str, list[dict[str, str]]] = {}
    for row in data.table(_TABLE):
        listed = (row["kind"], row["currency"], row["market"]) == ("list", "CNY", "CHN")
        if row["model"] in own and listed and parse(row["date"]).year <= year:
            found.setdefault(row["model"], []).append(row)
    ranges = []
    for rows in found.values():
        newest = max((r["date"] for r in rows), key=lambda date: parse(date).end)
        ends = [(r, r[end]) for r in rows if r["date"] == newest for end in ("low", "high") if r[end]]
        prices = [tabled(r, price, "list_price", r["model"], "yuan") for r, price in ends]
        low, high = (pick(prices, key=lambda q: q.value) for pick in (min, max))
        ranges.append(PriceRange(low, high if high.value > low.value else None))
    return sorted(ranges, key=lambda r: -(r.high or r.low).value)
