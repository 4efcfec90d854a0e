"""The facts, events and sales of markets in words, the same on a page and in the terminal."""

from __future__ import annotations

from .catalogue import CATALOGUES
from .market_rows import Attribute, Event, Fact, Sale
from .words import number, period, word


def unit_text(unit: str) -> str:
    """Write a unit as it follows a number; what the catalogue does not have stands as in the data."""
    key = f"market.unit.{unit}"
    return word(key) if key in CATALOGUES["en"] else f" {unit}" if unit else ""


def fact_text(fact: Fact, attribute: Attribute) -> str:
    """Write a fact's value with its qualifier and unit.

    Parameters
    ----------
    fact : Fact
        What is known.
    attribute : Attribute
        What it tells.

    Returns
    -------
    str
        As in ``more than 3,900`` or ``CCS1; NACS``.
    """
    value = fact.number
    if attribute.datatype != "number" or value is None:
        return fact.value + (unit_text(attribute.unit) if attribute.datatype == "range" else "")
    head = "" if fact.qualifier == "=" else word(f"qualifier.{fact.qualifier}")
    return head + number(value, "count") + unit_text(attribute.unit)


def event_value(event: Event) -> str:
    """Write how high a measure is, as in ``35.3%``; empty where it has no value."""
    return f"{event.value}{unit_text(event.unit)}".replace(" %", "%") if event.value else ""


def event_title(event: Event) -> str:
    """Write a measure in one line: what it is, and how high."""
    value = event_value(event)
    return f"{event.title}: {value}" if value else event.title


def event_span(event: Event) -> tuple[str, str]:
    """Return from when and until when an event holds, in words no finer than the source's; the latter may be empty."""
    single = event.ending == "single"
    return period(event.effective_from), "" if single else period(event.effective_to)


def sale_text(sale: Sale) -> str:
    """Write a figure of electric cars: cars, or percent."""
    return number(sale.value, sale.unit) + (word("mark.percent") if sale.unit == "percent" else "")
