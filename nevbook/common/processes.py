"""Steps in processes of their own, several at a time: forked, limited in time, killed as a group."""

from __future__ import annotations

import contextlib
import multiprocessing.connection
import os
import signal
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from nevbook.common.errors import NevbookError

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
    meanwhile: Iterator[object] | None = None,
) -> None:
    """Run a step for each item, and stop at the first that fails.

    Raises what `failed` made. No process is left behind.
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
            busy = meanwhile is not None and next(meanwhile, None) is not None
            for sentinel in multiprocessing.connection.wait(list(running), timeout=0 if busy else 1):
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


class WorkerPool:
    """Processes that stay and take one item after the other, while this process does other things.

    Made for a step that is dear to begin: the library it loads is loaded once a process.

    Parameters
    ----------
    workers : int
        So many processes, forked now.
    step : callable
        Runs there for each item; what it raises is its failure.
    failed : callable
        Makes the error of an item from what went wrong.
    limit : float
        Seconds to wait for an item at most.
    """

    def __init__(
        self, workers: int, step: Callable[[Item], None], failed: Callable[[Item, str], NevbookError], limit: float
    ) -> None:
        self._step, self._failed, self._limit = step, failed, limit
        self._waiting: list[Item] = []  # given, not yet finished
        self._processes: list[multiprocessing.process.BaseProcess] = []
        self._results: list[multiprocessing.connection.Connection] = []
        if not can_fork():
            return
        context = multiprocessing.get_context("fork")
        taken, self._tasks = context.Pipe(duplex=False)
        turn = context.Lock()  # one process at a time takes the next item
        for _ in range(workers):
            ours, theirs = context.Pipe(duplex=False)
            process = context.Process(target=_stand, args=(step, taken, turn, theirs, os.getpid()))
            process.start()
            theirs.close()
            self._processes.append(process)
            self._results.append(ours)
        taken.close()

    def give(self, item: Item) -> None:
        """Hand over an item; where there is no fork it is worked on here and now."""
        if self._processes:
            self._waiting.append(item)
            self._tasks.send(item)
        elif failure := _attempt(self._step, item):
            raise self._failed(item, failure)

    def wait(self, items: Iterable[Item] | None = None) -> None:
        """Wait until these items, or all that were given, are finished.

        Raises NevbookError of the first item that failed.
        """
        wanted = self._waiting if items is None else [i for i in items if i in self._waiting]
        since = time.monotonic()
        while any(i in self._waiting for i in wanted):
            for results in multiprocessing.connection.wait(self._results, timeout=1):
                try:
                    item, failure = results.recv()
                except EOFError:
                    raise self._failed(self._waiting[0], "its process ended before its time") from None
                self._waiting.remove(item)
                if failure:
                    raise self._failed(item, failure)
            if time.monotonic() - since > self._limit:
                raise self._failed(self._waiting[0], f"not finished after {self._limit:g} seconds")

    def __enter__(self) -> WorkerPool:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.kill()
            process.join()
        for results in self._results:
            results.close()


def _stand(
    step: Callable[[Item], None],
    tasks: multiprocessing.connection.Connection,
    turn: contextlib.AbstractContextManager,
    results: multiprocessing.connection.Connection,
    parent: int,
) -> None:
    os.setsid()
    while True:
        with turn:
            while not tasks.poll(1):
                if os.getppid() != parent:  # killed: nobody will give anything more
                    return
            item = tasks.recv()
        results.send((item, _attempt(step, item)))
