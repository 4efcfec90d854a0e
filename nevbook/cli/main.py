"""The command ``nevbook``."""

from __future__ import annotations

import argparse
import contextlib
import os
import select
import signal
import sys
from typing import Any, NoReturn

# Before NumPy is imported: a process that forks must have one thread.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

from nevbook.cli import book, course, data, markets  # noqa: E402
from nevbook.cli.options import check_command  # noqa: E402
from nevbook.common.errors import NevbookError, UsageError, of_system  # noqa: E402

_EXIT_CODES = "Exit codes: 0 done, 1 something in the input or in the run, 2 wrong words on the command line."
# What would change how a terminal shows what follows: controls, and marks that turn the direction of writing.
_HIDDEN = (*range(9), *range(11, 32), *range(0x7F, 0xA0), 0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F))
_ESCAPED = {code: f"\\u{code:04x}" for code in (*_HIDDEN, *range(0x2066, 0x206A))}


class _Plain:
    """A stream that shows what a terminal would obey."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        return self._stream.write(text.translate(_ESCAPED))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def main(argv: list[str] | None = None) -> int:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):  # a console that cannot write Chinese shows it escaped
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, _stop)
    with contextlib.redirect_stdout(_Plain(sys.stdout)), contextlib.redirect_stderr(_Plain(sys.stderr)):
        code, told = _run(sys.argv[1:] if argv is None else argv)
        if told:
            print(f"nevbook: {told}", file=sys.stderr)
    return code


def _run(words: list[str]) -> tuple[int, str]:
    """Run a command; return the exit code, and what went wrong."""
    top = argparse.ArgumentParser(
        prog="nevbook", description="Build and check the book Made in Chongqing.", epilog=_EXIT_CODES
    )
    top.add_argument("--version", action="version", version=_version() if "--version" in words else "")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for group in (book, data, markets, course):
        group.register(commands)
    try:
        check_command(words, commands)
        args = top.parse_args(words)
        code = args.run(args)
        sys.stdout.flush()
        return code, ""
    except SystemExit as error:  # of argparse
        return int(error.code or 0), ""
    except NevbookError as error:
        return (2 if isinstance(error, UsageError) else 1), str(error)
    except KeyboardInterrupt:
        return 1, "stopped; what was published stays as it was."
    except OSError as error:
        if not (isinstance(error, BrokenPipeError) and _closed()):
            return 1, of_system(error)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0, ""  # who reads it has seen enough, as `head` has


def _version() -> str:
    from importlib.metadata import version

    return f"nevbook {version('nevbook')}"


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
