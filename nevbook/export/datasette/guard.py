"""What `make database` adds to Datasette: no answer of any size, and none to the page of another site."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from datasette import hookimpl

_LONGEST = 100_000  # bytes of a text or a row; no row of the dataset has a thousand


@hookimpl
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Bound what a query may make: with Datasette's limit of rows, an answer too."""
    conn.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)


@hookimpl
def asgi_wrapper() -> Callable:
    """Answer only who asks for this machine: another name was made to lead here."""

    def wrap(app: Callable) -> Callable:
        async def guarded(scope: dict[str, Any], receive: Callable, send: Callable) -> None:
            host = dict(scope.get("headers", ())).get(b"host", b"").decode("latin-1")
            if scope["type"] == "http" and urlsplit(f"//{host}").hostname not in ("127.0.0.1", "localhost"):
                await send({"type": "http.response.start", "status": 421, "headers": [(b"content-length", b"0")]})
                await send({"type": "http.response.body"})
                return
            await app(scope, receive, send)

        return guarded

    return wrap
