"""The command ``nevbook``."""

from __future__ import annotations

import argparse
import os
import sys

# Before NumPy is imported: a process that forks must have one thread.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

from nevbook.cli import book, course, data, markets  # noqa: E402
from nevbook.common.errors import NevbookError, UsageError  # noqa: E402

_GROUPS = (book, data, markets, course)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    top = argparse.ArgumentParser(prog="nevbook", description="Build and check the book Made in Chongqing.")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for group in _GROUPS:
        group.register(commands)
    return top


def main(argv: list[str] | None = None) -> int:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):  # a console that cannot write Chinese shows it escaped
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    args = parser().parse_args(argv)
    if getattr(args, "jobs", 1) < 1:
        print("nevbook: --jobs takes a number from 1 up", file=sys.stderr)
        return 2
    try:
        return args.run(args)
    except NevbookError as error:
        print(f"nevbook: {error}", file=sys.stderr)
        return 2 if isinstance(error, UsageError) else 1
    except BrokenPipeError:  # who reads the output has seen enough, as `head` has
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


if __name__ == "__main__":
    sys.exit(main())
