"""Serve the book to its author: what is saved is built, and the open page follows."""

from __future__ import annotations

import json
import multiprocessing
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from nevbook.build.pipeline import build
from nevbook.common import config
from nevbook.common.config import PACKAGE, Edition
from nevbook.common.errors import BuildError
from nevbook.common.i18n import LOCALE
from nevbook.common.processes import Connection, each, start
from nevbook.site.server import Quiet, server

_EVENTS, _SCRIPT = "/_preview/events", "/_preview/page.js"
_CALM = 15  # seconds after which a connection on which nothing happens is tried


class _News:
    """The newest build: its number, and what went wrong with it. Pages wait for the next one."""

    def __init__(self) -> None:
        self.number, self.error = 0, ""
        self._new = threading.Condition()

    def tell(self, error: str) -> None:
        with self._new:
            self.number, self.error = self.number + 1, error
            self._new.notify_all()

    def wait(self, seen: int) -> bool:
        """Wait for another build than the one seen, for a while."""
        with self._new:
            return self._new.wait_for(lambda: self.number != seen, _CALM)


class _Handler(Quiet):
    """Hands out the pages with a script that follows the builds."""

    news = _News()

    def do_GET(self) -> None:
        if not self.path.startswith(_EVENTS):
            return super().do_GET()
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.close_connection = True
        seen = -1
        try:
            while True:
                if self.news.wait(seen):
                    seen = self.news.number
                    told = json.dumps({"built": seen, "error": self.news.error})
                    self.wfile.write(f"data: {told}\n\n".encode())
                else:
                    self.wfile.write(b":\n\n")
        except OSError:  # the page was left
            return None

    def locate(self, path: str) -> Path | None:
        return Path(__file__).with_suffix(".js") if path == _SCRIPT else super().locate(path)

    def body(self, path: Path) -> bytes:
        text = path.read_bytes()
        script = f'<script src="{_SCRIPT}?built={self.news.number}"></script></body>'
        return text.replace(b"</body>", script.encode()) if path.suffix == ".html" else text

    def mark(self, path: Path) -> str:
        return f"{super().mark(path)}-{self.news.number}"


def preview(
    root: Path, edition: Edition, data_dir: Path | None, port: int, workers: int, say: Callable[[str], None] = print
) -> None:
    """Serve an edition, build it whenever a file that it depends on is saved, and show mistakes in the page."""
    from nevbook.build.execute import load_libraries
    from nevbook.build.sphinx import warm

    load_libraries()
    for _ in warm():
        pass
    failure = _built(root, edition, data_dir, workers, set())
    if failure and not (root / "_build" / "html" / "index.html").is_file():
        raise BuildError(failure)
    context = multiprocessing.get_context("fork")
    (saved, changes), (told, news) = context.Pipe(duplex=False), context.Pipe(duplex=False)
    with server(root / "_build" / "html", port, _Handler) as one:
        front = start(lambda: _front(one, _watched(root, data_dir), changes, told))
        say(f"http://127.0.0.1:{one.server_port}/{edition.path}/index.html follows what is saved; stop with Ctrl-C")
        news.send(failure)
        while front.is_alive():
            if saved.poll(1):
                paths = saved.recv()
                while saved.poll(0.05):  # an editor often saves in several steps
                    paths |= saved.recv()
                failure = _built(root, edition, data_dir, workers, paths)
                say(failure or f"built after {', '.join(sorted(Path(p).name for p in paths))} changed")
                news.send(failure)
    raise BuildError("the preview's server ended.")


def _watched(root: Path, data_dir: Path | None) -> list[Path]:
    places = [root / "chapters", data_dir or root / "data", PACKAGE, LOCALE, root / config.CONFIG, root / config.TOC]
    return [place for place in places if place.exists()]


def _built(root: Path, edition: Edition, data_dir: Path | None, workers: int, paths: set[str]) -> str:
    """Build the edition beside this process, which has the libraries loaded; return what went wrong."""
    if any(Path(p).is_relative_to(PACKAGE) for p in paths):  # the code that is loaded is of before
        words = ["build", "--year", str(edition.year), "--region", edition.region, "--jobs", str(workers)]
        words += ["--data", str(data_dir)] if data_dir else []
        done = subprocess.run(
            [sys.executable, "-m", "nevbook.cli", *words], cwd=root, stderr=subprocess.PIPE, text=True
        )
        return done.stderr if done.returncode else ""
    failures: list[str] = []
    each(
        [edition],
        1,
        lambda one: build(root, [one], data_dir, None, workers) and None,
        lambda one, seconds: None,
        lambda one, failure: failures.append(failure),
    )
    return "\n".join(failures)


def _front(one: object, places: list[Path], changes: Connection, told: Connection) -> None:
    """Serve pages, pass on what is saved, and tell the pages what became of it."""
    import watchfiles

    def listen() -> None:
        while True:
            _Handler.news.tell(told.recv())

    threading.Thread(target=one.serve_forever, daemon=True).start()
    threading.Thread(target=listen, daemon=True).start()
    for found in watchfiles.watch(*places, debounce=100, step=20):
        paths = {path for _, path in found if "checkpoints" not in path}
        if paths:
            changes.send(paths)
