"""The command ``nevbook``."""

from __future__ import annotations

import argparse
import os
import select
import signal
import sys
from typing import NoReturn

# Before NumPy is imported: a process that forks must have one thread.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

from nevbook.cli import book, course, data, markets  # noqa: E402
from nevbook.common.errors import NevbookError, UsageError, of_system  # noqa: E402

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
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    try:
        code = args.run(args)
        sys.stdout.flush()
        return code
    except NevbookError as error:
        code, told = 2 if isinstance(error, UsageError) else 1, str(error)
    except KeyboardInterrupt:
        code, told = 1, "stopped; what was published stays as it was."
    except OSError as error:
        if isinstance(error, BrokenPipeError) and _closed():  # who reads it has seen enough, as `head` has
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
        code, told = 1, of_system(error)
    print(f"nevbook: {told}", file=sys.stderr)
    return code


def _stop(*_: object) -> NoReturn:
    """Stop at a signal, once: what runs is ended on the way out, and no second signal may disturb that."""
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, signal.SIG_IGN)
    raise KeyboardInterrupt


def _closed() -> bool:
    """Whether nobody reads standard output any more."""
    poll = select.poll()
    poll.register(sys.stdout.fileno(), 0)
    return bool(poll.poll(0))


if __name__ == "__main__":
    sys.exit(main())
