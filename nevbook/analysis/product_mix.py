"""What a brand's deliveries consist of, quarter by quarter: its most expensive model, the next one, and the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nevbook.analysis import arithmetic as calc
from nevbook.analysis.quantities import Quantity
from nevbook.analysis.source_selection import series, value
from nevbook.data.dataset import Dataset


@dataclass(frozen=True)
class ProductMix:
    """Deliveries of a brand in the quarters in which those of its most expensive model are known too."""

    top: str  # the model of the highest price class
    second: str  # the model that sold most beside it in the newest quarter; empty where none is known
    whole: tuple[Quantity, ...] = ()  # all deliveries of the brand, a quarter each
    best: tuple[Quantity, ...] = ()  # those of `top`
    others: tuple[Quantity | None, ...] = ()  # those of `second`
    rest: tuple[Quantity | None, ...] = ()
    part: tuple[Quantity | None, ...] = ()  # share of `top`


def product_mix(data: Dataset, brand: str | None, models: Sequence[str], year: int) -> ProductMix:
    """Return the mix of a brand in a year; without quarters where fewer than two are known."""
    classed = [q for m in models for q in series(data, "model_price_class", m)[-1:]]
    top = max(classed, key=lambda q: q.value).entity if classed else ""
    spans = [f"{year}-{m:02d}/{year}-{m + 2:02d}" for m in (1, 4, 7, 10)]
    sold = {(e, s): value(data, "deliveries", e, s) for e in {brand, *models} - {None} for s in spans}
    known = {s: (a, b) for s in spans if (a := sold.get((brand, s))) and (b := sold.get((top, s)))}
    if len(known) < 2:
        return ProductMix(top, "")
    newest = [q for m in models if m != top and (q := sold[m, list(known)[-1]])]
    second = max(newest, key=lambda q: q.value).entity if newest else ""
    others = tuple(sold.get((second, s)) for s in known)
    whole, best = (tuple(pair[n] for pair in known.values()) for n in (0, 1))
    rest = tuple(calc.rest(calc.rest(w, b), o) or calc.rest(w, b) for w, b, o in zip(whole, best, others, strict=True))
    part = tuple(calc.share(b, w) for b, w in zip(best, whole, strict=True))
    return ProductMix(top, second, whole, best, others, rest, part)
