"""Steps in processes of their own, several at a time: forked, limited in time, ended with all that they started."""

from __future__ import annotations

import contextlib
import ctypes
import multiprocessing
import multiprocessing.connection
import os
import signal
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from nevbook.common.errors import NevbookError, of_system

Item = TypeVar("Item")
Connection = multiprocessing.connection.Connection

SILENCE = 600  # seconds that a worker may say nothing; what one does between two words takes a few
_teller: Connection | None = None  # of this process, where it is a worker


def tell(what: str) -> None:
    """Say what a worker is at: its time starts anew, and what goes wrong with it is told with that name."""
    if _teller is not None:
        _teller.send(("at", what))


class _Worker:
    """A forked process, and what was heard of it."""

    def __init__(self, run: Callable[[Connection], None]) -> None:
        context = multiprocessing.get_context("fork")
        self.heard, theirs = context.Pipe(duplex=False)
        self.process = context.Process(target=_begin, args=(run, theirs, os.getpid()))
        self.process.start()
        theirs.close()
        self.item: Any = None
        self.at, self.since = "", time.monotonic()

    def hear(self) -> str | None:
        """Take in what it says; return what went wrong, or "", once an item is finished."""
        try:
            kind, content = self.heard.recv()
        except (EOFError, ConnectionError):
            self.process.join()
            code = self.process.exitcode or 0
            how = f"was killed ({signal.Signals(-code).name})" if code < 0 else f"ended with code {code}"
            return self.named(f"its process {how}")
        self.since = time.monotonic()
        if kind == "done":
            return content and self.named(content)
        self.item, self.at = (content, "") if kind == "item" else (self.item, content)
        return None

    def late(self, limit: float) -> str:
        """Return what is wrong with a worker of which nothing was heard for too long."""
        return self.named(f"not finished after {limit:g} seconds") if time.monotonic() - self.since > limit else ""

    def named(self, failure: str) -> str:
        """Return a failure with what the worker was at."""
        return failure if failure.startswith(self.at) else f"{self.at}: {failure}"

    def stop(self) -> None:
        """End the process and all that it started."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()
        self.process.join()
        self.heard.close()


def _begin(run: Callable[[Connection | None], None], teller: Connection | None, parent: int) -> None:
    """Live as a worker: in a group that is ended as a whole, and not longer than who waits for it."""
    global _teller
    if _teller is None:  # a worker's own workers stay in its group
        os.setsid()
    _teller = teller
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # Linux: PR_SET_PDEATHSIG
    if os.getppid() == parent:
        run(teller)


def _attempt(step: Callable[[Item], None], item: Item) -> str:
    try:
        step(item)
    except NevbookError as error:
        return str(error)
    except OSError as error:
        return of_system(error)
    except Exception:  # whatever it is, the parent must hear of it
        return traceback.format_exc()
    return ""


def each(
    items: Sequence[Item],
    workers: int,
    step: Callable[[Item], None],
    done: Callable[[Item, float], None],
    failed: Callable[[Item, str], NevbookError | None],
    meanwhile: Iterator[object] | None = None,
    limit: float = SILENCE,
) -> None:
    """Run a step for each item, silent for at most `limit` seconds; raise what `failed` makes of a failure."""
    waiting = list(items)
    running: dict[Connection, tuple[Item, _Worker, float]] = {}

    def end(heard: Connection, failure: str) -> None:
        item, worker, started = running.pop(heard)
        worker.process.join(0 if failure else 1)
        worker.stop()
        if not failure:
            done(item, time.monotonic() - started)
        elif error := failed(item, failure):
            raise error

    try:
        while waiting or running:
            while waiting and len(running) < workers:
                item = waiting.pop(0)
                worker = _Worker(lambda teller, item=item: teller.send(("done", _attempt(step, item))))
                running[worker.heard] = (item, worker, time.monotonic())
            busy = meanwhile is not None and next(meanwhile, None) is not None
            for heard in multiprocessing.connection.wait(list(running), timeout=0 if busy else 1):
                if (failure := running[heard][1].hear()) is not None:
                    end(heard, failure)
            for heard, (_, worker, _) in list(running.items()):
                if failure := worker.late(limit):
                    end(heard, failure)
    finally:
        for _, worker, _ in running.values():
            worker.stop()


def start(run: Callable[[], None]) -> multiprocessing.process.BaseProcess:
    """Start a process that does what it does until it is stopped, and does not outlive this one."""
    context = multiprocessing.get_context("fork")
    process = context.Process(target=_begin, args=(lambda _: run(), None, os.getpid()), daemon=True)
    process.start()
    return process


class WorkerPool:
    """Processes that stay and take one item after the other, while this process does other things.

    Made for a step that is dear to begin: the library it loads is loaded once a process. `failed` makes the error of
    an item from what went wrong, or None to go on; `limit` is how long, in seconds, a worker may say nothing of it.
    """

    def __init__(
        self,
        workers: int,
        step: Callable[[Item], None],
        failed: Callable[[Item, str], NevbookError | None],
        limit: float = SILENCE,
    ) -> None:
        self._step, self._failed, self._limit = step, failed, limit
        self._waiting: list[Item] = []  # given, not yet finished
        context = multiprocessing.get_context("fork")
        taken, self._tasks = context.Pipe(duplex=False)
        turn = context.Lock()  # one process at a time takes the next item
        self._workers = [_Worker(lambda teller: _stand(step, taken, turn, teller)) for _ in range(workers)]
        taken.close()

    def give(self, item: Item) -> None:
        """Hand over an item."""
        self._waiting.append(item)
        try:
            self._tasks.send(item)
        except BrokenPipeError:  # none of them lives: say of what it died
            self.wait()

    def wait(self, items: Iterable[Item] | None = None) -> None:
        """Wait until these items, or all that were given, are finished."""
        wanted = self._waiting if items is None else [i for i in items if i in self._waiting]
        by_pipe = {worker.heard: worker for worker in self._workers}
        while any(i in self._waiting for i in wanted):
            for heard in multiprocessing.connection.wait(list(by_pipe), timeout=1):
                worker = by_pipe[heard]
                failure = worker.hear()
                if failure:
                    item = worker.item or self._waiting[0]
                    error = self._failed(item, failure)
                    if error or not worker.process.is_alive():
                        raise error or NevbookError(failure)
                if failure is not None:
                    self._waiting.remove(worker.item)
                    worker.item = None
            for worker in self._workers:
                if worker.item is not None and (failure := worker.late(self._limit)):
                    raise self._failed(worker.item, failure)

    def __enter__(self) -> WorkerPool:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.stop()


def _stand(
    step: Callable[[Item], None], tasks: Connection, turn: contextlib.AbstractContextManager, teller: Connection
) -> None:
    parent = os.getppid()
    while True:
        with turn:
            while not tasks.poll(1):
                if os.getppid() != parent:  # killed: nobody will give anything more
                    return
            item = tasks.recv()
        teller.send(("item", item))
        teller.send(("done", _attempt(step, item)))
