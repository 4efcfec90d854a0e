"""The command that writes the teaching material: course."""

from __future__ import annotations

import argparse
from pathlib import Path

from nevbook.cli.book import root
from nevbook.cli.options import command
from nevbook.common import config
from nevbook.common.config import Edition
from nevbook.common.i18n import gettext as _


def _course(args: argparse.Namespace) -> int:
    from nevbook.build.course import course
    from nevbook.common.files import writable_place
    from nevbook.course.package import files, write

    place = root()
    out = writable_place(args.dir, "course", *([Path(args.data)] if args.data else []))
    listed = config.editions(place)
    region = args.region or config.DEFAULT_REGION
    year = args.year or max((e.year for e in listed if e.region == region), default=max(e.year for e in listed))
    edition = next((e for e in listed if (e.year, e.region) == (year, region)), Edition(year, region))
    made = course(place, edition, Path(args.data) if args.data else None, args.jobs, args.variant)
    write(files(made), out)
    print(_("{out}: {lessons} lessons of {label}", out=out, lessons=len(made.lessons), label=made.label))
    return 0


def register(commands: argparse._SubParsersAction) -> None:
    """Add the command to the command line."""
    text = "write the teaching material into a folder"
    made = command(commands, "course", _course, text, "out/course", "--year", "--region", "--data", "--jobs")
    made.add_argument(
        "--variant", type=int, default=0, metavar="SEED", help="exercises on other figures, drawn by a number"
    )
    made.add_argument("dir", metavar="DIR", help="a new folder, or one that holds a course")
