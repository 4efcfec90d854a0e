"""Commands that make and show the book: build, pdf, serve."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from nevbook.common import config
from nevbook.common.config import Edition
from nevbook.data.package import find_data


def root() -> Path:
    """Return the repository: the folder above that holds the data and ``_config.yml``."""
    return find_data().parent


def _build(args: argparse.Namespace) -> int:
    from nevbook.build.pipeline import build

    place = root()
    listed = config.editions(place)
    if args.year or args.region:
        region = args.region or config.DEFAULT_REGION
        years = args.year or sorted({e.year for e in listed})
        wanted = [next((e for e in listed if (e.year, e.region) == (y, region)), Edition(y, region)) for y in years]
    else:
        wanted = listed
    data, out = (Path(p) if p else None for p in (args.data, args.out))
    build(place, wanted, data, out, args.jobs, args.force)
    return 0


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

    site = root() / "_build" / "html"
    with server(site, args.port) as one:
        print(f"http://127.0.0.1:{one.server_port}/ serves {site}; stop with Ctrl-C", flush=True)
        try:
            one.serve_forever()
        except KeyboardInterrupt:
            print()
    return 0


def register(commands: argparse._SubParsersAction) -> None:
    """Add the commands to the command line."""
    build = commands.add_parser("build", help="build editions and publish them into _build/html")
    build.add_argument("--year", type=int, action="append", metavar="Y", help="edition to build; may be repeated")
    build.add_argument("--region", metavar="R", help="region of the edition, an id of entities.csv")
    build.add_argument("--data", metavar="DIR", help="folder with datapackage.json")
    build.add_argument("--out", metavar="DIR", help="where the site goes (default: _build/html)")
    build.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="N", help="processes at a time")
    build.add_argument("--force", action="store_true", help="build what is unchanged too")
    build.set_defaults(run=_build)
    pdf = commands.add_parser("pdf", help="print published editions as PDF, with Chromium or Chrome")
    pdf.add_argument("--year", type=int, action="append", metavar="Y", help="edition to print; may be repeated")
    pdf.add_argument("--region", metavar="R", help="region of the edition, an id of entities.csv")
    pdf.add_argument("--out", metavar="DIR", help="the site (default: _build/html)")
    pdf.set_defaults(run=_pdf)
    serve = commands.add_parser("serve", help="serve the published book on this machine")
    serve.add_argument("--port", type=int, default=8000)
    serve.set_defaults(run=_serve)
