"""Processes that stand ready: what is given gets done, a failure is told, none is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from nevbook.common.errors import BuildError, NevbookError
from nevbook.common.processes import WorkerPool, each
from tests.conftest import ROOT


def touch(path: str) -> None:
    Path(path).write_text(str(os.getpid()))


def failing(item: str) -> None:
    if item == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    raise ValueError(f"cannot do {item}")


def failure(item: str, said: str) -> NevbookError:
    return BuildError(f"{item}: {said}")


def test_all_that_is_given_is_done_by_a_few_processes(tmp_path: Path) -> None:
    paths = [str(tmp_path / f"{n}") for n in range(20)]
    with WorkerPool(2, touch, failure, 60) as standing:
        for path in paths[:10]:
            standing.give(path)
        standing.wait(paths[:10])
        assert all(Path(p).exists() for p in paths[:10])
        for path in paths[10:]:
            standing.give(path)
        standing.wait()
    workers = {int(Path(p).read_text()) for p in paths}
    assert 1 <= len(workers) <= 2
    assert os.getpid() not in workers
    assert not any(psutil.pid_exists(w) for w in workers)


@pytest.mark.parametrize(("item", "said"), [("this", "cannot do this"), ("kill", r"was killed \(SIGKILL\)")])
def test_a_failure_is_told_and_no_process_is_left(item: str, said: str) -> None:
    with WorkerPool(2, failing, failure, 60) as standing, pytest.raises(BuildError, match=said):
        standing.give(item)
        standing.wait()
    assert not [p for p in psutil.Process().children() if p.name() == psutil.Process().name()]


def test_too_long_is_told() -> None:
    with WorkerPool(1, time.sleep, failure, 0.5) as standing, pytest.raises(BuildError, match=r"after 0\.5 seconds"):
        standing.give(60)
        standing.wait()


def test_processes_end_when_the_one_that_gives_is_killed(tmp_path: Path) -> None:
    code = (
        "import time, sys; from nevbook.common.processes import WorkerPool\n"
        "s = WorkerPool(2, print, lambda i, f: f, 60)\n"
        "print(*[w.process.pid for w in s._workers], flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True) as giver:
        assert giver.stdout
        workers = [psutil.Process(int(pid)) for pid in giver.stdout.readline().split()]
        giver.kill()
    gone, alive = psutil.wait_procs(workers, timeout=20)
    assert len(gone) == 2 and not alive


def test_the_time_of_waiting_is_used(tmp_path: Path) -> None:
    done: list[int] = []

    def pieces():
        for n in range(3):
            done.append(n)
            yield n

    seen: list[str] = []
    each([str(tmp_path / "a")], 1, touch, lambda item, _: seen.append(item), failure, pieces())
    assert seen == [str(tmp_path / "a")]
    assert done  # as many as there was time for
