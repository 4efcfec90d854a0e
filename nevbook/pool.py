"""Steps in processes of their own, several at a time: forked, limited in time, killed as a group."""

from __future__ import annotations

import contextlib
import multiprocessing
import multiprocessing.connection
import os
import signal
import time
import traceback
from collections.abc import Callable, Sequence
from typing import TypeVar

from .errors import NevbookError

Item = TypeVar("Item")


def can_fork() -> bool:
    """Whether this system can fork a process."""
    return hasattr(os, "fork")


def each(
    items: Sequence[Item],
    workers: int,
    step: Callable[[Item], None],
    done: Callable[[Item, float], None],
    failed: Callable[[Item, str], NevbookError],
    limit: float,
) -> None:
    """Run a step for each item, and stop at the first that fails.

    Parameters
    ----------
    items : sequence
        What to work on, in the order of their start.
    workers : int
        So many at a time.
    step : callable
        Runs in a process of its own, forked from this one; what it raises is its failure.
    done : callable
        Told, in this process, of each item that is finished and its seconds.
    failed : callable
        Makes the error of an item from what went wrong.
    limit : float
        Seconds after which a step is killed.

    Raises
    ------
    NevbookError
        What `failed` made. No process is left behind.
    """
    if not can_fork():
        for item in items:
            started = time.monotonic()
            failure = _attempt(step, item)
            if failure:
                raise failed(item, failure)
            done(item, time.monotonic() - started)
        return
    context = multiprocessing.get_context("fork")
    waiting, running = list(items), {}
    try:
        while waiting or running:
            while waiting and len(running) < workers:
                item = waiting.pop(0)
                ours, theirs = context.Pipe(duplex=False)
                process = context.Process(target=_child, args=(step, item, theirs))
                process.start()
                theirs.close()
                running[process.sentinel] = (item, process, ours, time.monotonic())
            for sentinel in multiprocessing.connection.wait(list(running), timeout=1):
                item, process, ours, started = running.pop(sentinel)
                failure = _heard(process, ours)
                if failure:
                    raise failed(item, failure)
                done(item, time.monotonic() - started)
            for item, _, _, started in running.values():
                if time.monotonic() - started > limit:
                    raise failed(item, f"not finished after {limit:g} seconds")
    finally:
        for _, process, ours, _ in running.values():
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)  # the step and whatever it started
            process.kill()
            process.join()
            ours.close()


def _heard(process: multiprocessing.process.BaseProcess, ours: multiprocessing.connection.Connection) -> str:
    process.join()
    with ours:
        try:
            return ours.recv() if ours.poll() else f"its process ended with code {process.exitcode}"
        except EOFError:
            return f"its process ended with code {process.exitcode}"


def _child(step: Callable[[Item], None], item: Item, result: multiprocessing.connection.Connection) -> None:
    os.setsid()
    result.send(_attempt(step, item))
    result.close()


def _attempt(step: Callable[[Item], None], item: Item) -> str:
    try:
        step(item)
    except NevbookError as error:
        return str(error)
    except Exception:  # whatever it is, the parent must hear of it
        return traceback.format_exc()
    return ""
