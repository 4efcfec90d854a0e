"""How commands present themselves, and the options that they share."""

from __future__ import annotations

import argparse
import datetime as dt
import os
from collections.abc import Callable

from nevbook.common.errors import unknown


def date(text: str) -> dt.date:
    """Read a date of the command line."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date: write year, month and day, as in 2026-01-01") from None


def past(text: str) -> dt.date:
    """Read the date of something that has happened: no later than next year, for a spring that is being prepared."""
    found, last = date(text), dt.date.today().year + 1
    if not 1900 <= found.year <= last:
        raise argparse.ArgumentTypeError(f"{text!r} lies outside the years 1900 to {last}")
    return found


def _number(least: int, most: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
            raise argparse.ArgumentTypeError(f"{text!r} is no number from {least} to {most}")
        return int(text)

    return number


def years(text: str) -> tuple[int, int]:
    """Read the years from one to another."""
    first, _, last = text.partition("-")
    try:
        return _number(1900, 9998)(first), _number(int(first), 9998)(last or first)
    except (argparse.ArgumentTypeError, ValueError):
        raise argparse.ArgumentTypeError(f"{text!r} is no span of years: write 2020-2024, or 2024") from None


_SHARED: dict[str, dict] = {
    "--data": {"metavar": "DIR", "help": "folder with datapackage.json (default: data/ of the repository)"},
    "--year": {"type": _number(1900, 9998), "metavar": "Y", "help": "edition (default: the newest)"},
    "--region": {"metavar": "R", "help": "region of the edition, an id of entities.csv (default: chongqing)"},
    "--jobs": {"type": _number(1, 999), "default": os.cpu_count() or 1, "metavar": "N", "help": "processes at a time"},
    "--port": {"type": _number(0, 65535), "default": 8000, "metavar": "N", "help": "port (default: 8000)"},
    "--as-of": {"type": date, "metavar": "DATE", "help": "as seen on this day (default: the newest of the data)"},
    "--json": {"action": "store_true", "help": "print it as JSON"},
}


def option(parser: argparse.ArgumentParser, name: str, **own: object) -> None:
    """Add an option that commands share, where it is `own` to a command with its own words."""
    parser.add_argument(name, **(_SHARED[name] | own))


def command(
    commands: argparse._SubParsersAction, name: str, run: Callable, text: str, example: str, *shared: str
) -> argparse.ArgumentParser:
    """Add a command: what it does, an example, and options that it shares with others."""
    sentence, shown = f"{text[0].upper()}{text[1:]}.", f"Example: nevbook {name} {example}".strip()
    parser = commands.add_parser(name, help=text, description=sentence, epilog=shown)
    for one in shared:
        option(parser, one)
    parser.set_defaults(run=run)
    return parser


def check_command(words: list[str], commands: argparse._SubParsersAction) -> None:
    """Refuse a command that does not exist, with the nearest; raises ChoiceError."""
    word = next((w for w in words if not w.startswith("-")), None)
    if word is not None and word not in commands.choices:
        raise unknown("command", word, commands.choices, len(commands.choices))
