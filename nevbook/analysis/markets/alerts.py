"""Warnings: which policy events were recorded, take effect or end since a day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from nevbook.analysis.markets.describe import event_dict, row_dict, sources_dict
from nevbook.data.markets.dataset import Markets
from nevbook.data.markets.models import COMING, EXPIRED, NO, POSSIBLE, PROPOSED, Event

COMES, STARTED, ENDED, RECORDED = REASONS = ("comes", "started", "ended", "recorded")


@dataclass(frozen=True)
class Alert:
    """An event that is worth a warning."""

    event: Event
    reason: str  # one of `REASONS`: takes effect after `as_of`, has since, has ended since, or was recorded since
    state: str  # on `as_of`
    sure: bool = True  # whether it surely bears on the vehicle asked about


def alerts(
    markets: Markets, since: dt.date, market: str | None = None, vehicle: str | None = None, origin: str = "CHN"
) -> list[Alert]:
    """List the events recorded, in effect or ended since a date: coming ones first, then the newest."""
    place = markets.market(market).id if market else None
    car = markets.vehicle(vehicle) if vehicle else None
    rows = []
    for event in markets.events_of(place) if place else markets.events:
        sure = True
        if car:
            concerns = event.concerns(car.names, car.powertrains, origin, place or event.market)
            if concerns == NO:
                continue
            sure = concerns != POSSIBLE
        state = event.state(markets.as_of)
        if reason := _reason(event, state, since):
            rows.append(Alert(event, reason, state, sure))
    return sorted(rows, key=_order)


def _reason(event: Event, state: str, since: dt.date) -> str:
    if state == EXPIRED:
        return ENDED if event.last >= since else ""
    if state == COMING:
        return COMES
    if event.start.end >= since and state != PROPOSED:
        return STARTED
    return RECORDED if event.recorded >= since or event.start.end >= since else ""


def _order(alert: Alert) -> tuple[int, int, str]:
    date = alert.event.last if alert.reason == ENDED else alert.event.start.start
    sign = 1 if alert.reason == COMES else -1  # the next first, else the newest first
    return REASONS.index(alert.reason), sign * date.toordinal(), alert.event.id


def alerts_dict(markets: Markets, rows: list[Alert]) -> dict[str, object]:
    """Return warnings as plain values for `json`."""
    return {
        "as_of": markets.as_of.isoformat(),
        "alerts": [event_dict(markets, a.event) | {"reason": a.reason, "sure": a.sure} for a in rows],
        "sources": sources_dict(markets, [s for a in rows for s in a.event.sources]),
        "markets": {m: row_dict(markets.places[m]) for m in dict.fromkeys(a.event.market for a in rows)},
    }
