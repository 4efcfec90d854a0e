"""What the models of a region's makers cost: list prices as quantities."""

from __future__ import annotations

from dataclasses import dataclass

from nevbook.analysis.quantities import Quantity, tabled
from nevbook.analysis.source_selection import choose
from nevbook.common.periods import parse
from nevbook.data.dataset import Dataset
from nevbook.data.models import Observation

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
        Where sources disagree on a version, the one shown by the rule for all figures; the range spans the versions.
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
        ends: dict[tuple[str, str], list[Observation]] = {}
        for row in (r for r in rows if r["date"] == newest):
            for end in (e for e in ("low", "high") if row[e]):
                price = tabled(row, row[end], "list_price", row["model"], "yuan").observation
                ends.setdefault((row["version"], end), []).append(price)  # type: ignore[arg-type]
        prices = [q for said in ends.values() if (q := choose(data, said))]
        low, high = (pick(prices, key=lambda q: q.value) for pick in (min, max))
        ranges.append(PriceRange(low, high if high.value > low.value else None))
    return sorted(ranges, key=lambda r: -(r.high or r.low).value)
