"""Commands that make and show the book: build, pdf, serve."""

from __future__ import annotations

import argparse
import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from nevbook.cli.options import command, option, years
from nevbook.common import config
from nevbook.common.config import Edition
from nevbook.common.errors import BuildError, ChoiceError
from nevbook.data.package import find_data


def root() -> Path:
    """Return the repository: the folder above that holds the data and ``_config.yml``."""
    return find_data().parent


def _build(args: argparse.Namespace) -> int:
    from nevbook.build.pipeline import build

    place = root()
    listed = config.editions(place)
    data, out = (Path(p) if p else None for p in (args.data, args.out))
    everything = args.all or args.years or args.regions
    if everything and (args.year or args.region):
        raise ChoiceError("--year and --region name editions one by one; with --all write --years and --regions")
    if everything:
        wanted = _all(data or place / "data", args.years, args.regions, listed)
    elif args.year or args.region:
        region = args.region or config.DEFAULT_REGION
        years = args.year or sorted({e.year for e in listed})
        wanted = [next((e for e in listed if (e.year, e.region) == (y, region)), Edition(y, region)) for y in years]
    else:
        wanted = listed
    try:
        with _progress() as say:
            build(place, wanted, data, out, args.jobs, args.force, say, bool(everything))
    except ChoiceError as error:
        if args.year or args.region or args.data:
            raise
        raise BuildError(f"{place / config.CONFIG}: {error}") from None
    return 0


def _all(data: Path, years: tuple[int, int] | None, regions: str | None, listed: list[Edition]) -> list[Edition]:
    """Return every edition that the data can tell, of these years and regions; raises ChoiceError if none."""
    from nevbook.data.dataset import load

    everything = load(data)
    named = everything.regions() if regions in (None, "all") else map(everything.region, regions.split(","))
    first, last = years or (0, 9999)
    known = {e.path: e for e in listed}
    found = [Edition(y, r.id) for r in named for y in everything.editions(r.id) if first <= y <= last]
    if not found:
        raise ChoiceError(f"no edition can be told of the years {first} to {last}")
    return [known.get(e.path, e) for e in found]


@contextlib.contextmanager
def _progress() -> Iterator[Callable[..., None]]:
    """Show how far a build is: lines, with a bar below them on a terminal."""
    if not sys.stdout.isatty():
        started = time.monotonic()

        def line(text: str, share: float = 0.0) -> None:
            since = time.monotonic() - started
            left = since * (1 - share) / share if share else 0
            print(f"{text}; about {left / 60:.0f} min left" if left > 90 and since > 10 else text, flush=True)

        yield line
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TimeElapsedColumn, TimeRemainingColumn

    console = Console(file=sys.__stdout__, highlight=False)
    # no thread may draw the bar: a process that forks must have one alone
    with Progress(
        BarColumn(), TaskProgressColumn(), TimeElapsedColumn(), TimeRemainingColumn(),
        console=console, auto_refresh=False, transient=True,
    ) as bar:  # fmt: skip
        task = bar.add_task("", total=1.0)

        def say(text: str, share: float = 0.0) -> None:
            bar.console.print(text, markup=False, soft_wrap=True)
            bar.update(task, completed=share, refresh=True)

        yield say


def _pdf(args: argparse.Namespace) -> int:
    from nevbook.build.pipeline import print_editions

    region = args.region or config.DEFAULT_REGION
    wanted = [Edition(year, region) for year in args.year or []]
    if args.region and not args.year:
        wanted = [e for e in config.editions(root()) if e.region == region] or [Edition(0, region)]
    print_editions(root(), wanted, Path(args.out) if args.out else None)
    return 0


def _serve(args: argparse.Namespace) -> int:
    from nevbook.site.server import server

    site = Path(args.site).absolute() if args.site else root() / "_build" / "html"
    with server(site, args.port) as one:
        print(f"http://127.0.0.1:{one.server_port}/ serves {site}; stop with Ctrl-C", flush=True)
        try:
            one.serve_forever()
        except KeyboardInterrupt:
            print()
    return 0


def _preview(args: argparse.Namespace) -> int:
    from nevbook.build.preview import preview

    place, region = root(), args.region or config.DEFAULT_REGION
    listed = [e for e in config.editions(place) if e.region == region]
    year = args.year or max((e.year for e in listed), default=None)
    if year is None:
        raise ChoiceError(f"no edition of {region} is listed; name one with --year")
    edition = next((e for e in listed if e.year == year), Edition(year, region))
    try:
        preview(place, edition, Path(args.data) if args.data else None, args.port, args.jobs)
    except KeyboardInterrupt:
        print()
    return 0


def register(commands: argparse._SubParsersAction) -> None:
    """Add the commands to the command line."""
    text = "build editions and publish them into _build/html"
    build = command(commands, "build", _build, text, "--year 2025 --out out/site", "--region", "--data", "--jobs")
    option(build, "--year", action="append", help="edition to build; may be repeated (default: the published ones)")
    build.add_argument(
        "--all", action="store_true", help="every edition that the data can tell; passes over what fails"
    )
    build.add_argument("--years", type=years, metavar="A-B", help="of all editions, those of these years")
    build.add_argument("--regions", metavar="all|R,...", help="of all editions, those of these regions (default: all)")
    build.add_argument("--out", metavar="DIR", help="where the site goes (default: _build/html)")
    build.add_argument("--force", action="store_true", help="build what is unchanged too")
    text = "print published editions as PDF, with Chromium or Chrome"
    pdf = command(commands, "pdf", _pdf, text, "--year 2025", "--region")
    option(pdf, "--year", action="append", help="edition to print; may be repeated (default: all)")
    pdf.add_argument("--out", metavar="DIR", help="the site (default: _build/html)")
    text = "serve an edition while it is written: builds what is saved, and the open page follows"
    command(commands, "preview", _preview, text, "--year 2025", "--year", "--region", "--data", "--port", "--jobs")
    serve = command(commands, "serve", _serve, "serve a published book on this machine", "--port 8080", "--port")
    serve.add_argument("--site", metavar="DIR", help="the site (default: _build/html)")
