"""Commands on overseas markets: market, compare, alerts, fit."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable

from nevbook.analysis.markets.describe import describe
from nevbook.cli.options import command, date
from nevbook.common.errors import UsageError
from nevbook.data.markets.dataset import Markets, load_markets


def _load(args: argparse.Namespace) -> Markets:
    markets = load_markets(args.data)
    return markets.vintage(args.as_of or markets.as_of)


def _print(args: argparse.Namespace, values: Callable[[], dict], lines: Callable[[], list[str]]) -> int:
    print(json.dumps(values(), ensure_ascii=False, indent=1) if args.json else "\n".join(lines()))
    return 0


def _market(args: argparse.Namespace) -> int:
    from nevbook.cli.market_text import market_lines

    markets = _load(args)
    profile = describe(markets, markets.market(args.market).id)
    return _print(args, profile.as_dict, lambda: market_lines(profile))


def _compare(args: argparse.Namespace) -> int:
    from nevbook.cli.market_text import compare_lines

    if not 2 <= len(args.markets) <= 5:
        raise UsageError(f"compare takes two to five markets, not {len(args.markets)}.")
    markets = _load(args)
    chosen = dict.fromkeys(markets.market(m).id for m in args.markets)
    profiles = [describe(markets, m) for m in chosen]
    return _print(args, lambda: {p.market.id: p.as_dict() for p in profiles}, lambda: compare_lines(profiles))


def _alerts(args: argparse.Namespace) -> int:
    from nevbook.analysis.markets.alerts import alerts, alerts_dict
    from nevbook.cli.market_text import alert_lines

    markets, since = _load(args), args.since
    place = markets.market(args.market).id if args.market else None
    rows = alerts(markets, since, place, args.vehicle)
    return _print(args, lambda: alerts_dict(markets, rows), lambda: alert_lines(markets, rows, since, place))


def _fit(args: argparse.Namespace) -> int:
    from nevbook.analysis.markets.fit import fit
    from nevbook.cli.market_text import fit_dict, fit_lines

    markets = _load(args)
    result = fit(markets, args.vehicle, args.market, args.powertrain, args.origin)
    return _print(args, lambda: fit_dict(markets, result), lambda: fit_lines(markets, result))


def register(commands: argparse._SubParsersAction) -> None:
    """Add the commands to the command line."""
    shared = ("--as-of", "--data", "--json")
    text = "say what is known of a market: facts, sales, policy events, gaps"
    market = command(commands, "market", _market, text, "THA", *shared)
    market.add_argument("market", metavar="MARKET", help="ISO 3166 alpha-3 code, as in THA; a bloc or area too")
    compare = command(commands, "compare", _compare, "put two to five markets side by side", "AUS NZL", *shared)
    compare.add_argument("markets", nargs="+", metavar="MARKET", help="ISO 3166 alpha-3 codes")
    text = "list policy events that were recorded, take effect or end since a day"
    alerts = command(commands, "alerts", _alerts, text, "--since 2026-01-01 --market THA", *shared)
    alerts.add_argument("--since", required=True, type=date, metavar="DATE", help="first day, as in 2026-01-01")
    alerts.add_argument("--market", metavar="MARKET", help="only those that hold in this market, by its blocs too")
    alerts.add_argument("--vehicle", metavar="ID", help="only those that bear on this vehicle, an id of vehicles.csv")
    fit = command(commands, "fit", _fit, "hold a vehicle against what a market asks for", "deepal_s07 AUS", *shared)
    fit.add_argument("vehicle", metavar="VEHICLE", help="an id of vehicles.csv, as in deepal_s07")
    fit.add_argument("market", metavar="MARKET", help="ISO 3166 alpha-3 code")
    fit.add_argument("--powertrain", metavar="P", help="version: bev, phev, erev, hev, ice (default: the first named)")
    fit.add_argument("--origin", metavar="MARKET", default="CHN", help="where the car is built (default: CHN)")
