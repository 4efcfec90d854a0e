"""Serve the published site on this machine as a good host would: compressed, with sensible ages, and a 404 page."""

from __future__ import annotations

import functools
import gzip
import http.server
import urllib.parse
from http import HTTPStatus
from pathlib import Path

from nevbook.common.errors import NevbookError

_PACKED = (".html", ".css", ".js", ".json", ".svg", ".csv", ".xml", ".txt", ".md", ".ics", ".atom", ".ipynb")
_YEAR = 365 * 24 * 3600
_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".csv": "text/csv", ".md": "text/plain"}


class Handler(http.server.SimpleHTTPRequestHandler):
    """Answers requests for files of the site."""

    protocol_version = "HTTP/1.1"
    timeout = 30  # seconds to wait for who connects and then says nothing

    def guess_type(self, path: str) -> str:
        """Name the encoding too: every text of the book is UTF-8."""
        kind = _TYPES.get(Path(path).suffix)
        return f"{kind}; charset=utf-8" if kind else super().guess_type(path)

    def send_head(self):
        """Send the status and the headers; return what the body is read from."""
        try:
            host = urllib.parse.urlsplit(f"//{self.headers.get('Host', '')}").hostname
            split = urllib.parse.urlsplit(self.path)
            path = self.locate(split.path)
        except (OSError, ValueError):  # a name too long, a NUL
            return self.send_error(HTTPStatus.NOT_FOUND)
        if host not in ("127.0.0.1", "localhost"):  # the page of another site, whose name was made to lead here
            return self.send_error(HTTPStatus.MISDIRECTED_REQUEST)
        if path is None:
            return self.send_error(HTTPStatus.NOT_FOUND)
        if not path.is_file() or path.suffix not in _PACKED:
            return super().send_head()
        mark = f'"{self.mark(path)}"'
        if self.headers.get("If-None-Match") == mark:
            self.send_response(HTTPStatus.NOT_MODIFIED)
            self._age(split.query, mark)
            self.end_headers()
            return None
        packed = "gzip" in self.headers.get("Accept-Encoding", "")
        body = gzip.compress(self.body(path), 6, mtime=0) if packed else self.body(path)
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Length", str(len(body)))
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Vary", "Accept-Encoding")
        self._age(split.query, mark)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        return None

    def locate(self, path: str) -> Path | None:
        """Return the file of an address; no link is followed but the site's own."""
        site, file = Path(self.directory), Path(self.translate_path(path))
        if file.is_dir() and path.endswith("/"):
            file /= "index.html"
        return file if file.exists() and file.resolve() == site.resolve() / file.relative_to(site) else None

    def body(self, path: Path) -> bytes:
        """Return what is handed out for a file."""
        return path.read_bytes()

    def mark(self, path: Path) -> str:
        """Return what changes when a file does."""
        found = path.stat()
        return f"{found.st_mtime_ns:x}-{found.st_size:x}"

    def end_headers(self) -> None:
        """Have browsers take a file for what it is said to be, and for nothing else."""
        self.send_header("X-Content-Type-Options", "nosniff")
        super().end_headers()

    def _age(self, query: str, mark: str) -> None:
        """A file whose address holds its version never changes; all else is asked for again."""
        self.send_header("ETag", mark)
        self.send_header("Cache-Control", f"public, max-age={_YEAR}, immutable" if "v=" in query else "no-cache")

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Show the book's own page for what is not there."""
        page = Path(self.directory) / "404.html"
        if code != HTTPStatus.NOT_FOUND or not page.is_file():
            super().send_error(code, message, explain)
            return
        body = page.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


class Quiet(Handler):
    """The same without a line for each request."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def server(site: Path, port: int, handler: type[Handler] = Handler) -> http.server.ThreadingHTTPServer:
    """Return a server of a site on this machine alone, not yet running."""
    if not (site / "index.html").exists():
        raise NevbookError(f"{site}: no book there yet; run `make book` first.")
    try:
        return http.server.ThreadingHTTPServer(("127.0.0.1", port), functools.partial(handler, directory=str(site)))
    except OSError as error:
        raise NevbookError(f"port {port}: {error.strerror}; name another with --port.") from error
