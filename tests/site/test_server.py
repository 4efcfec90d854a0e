"""The server of the book on one's own machine: it hands out the site's files to who asks here, and nothing else."""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import socket
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from nevbook.common.errors import NevbookError
from nevbook.site.server import Quiet, server
from tests.conftest import ROOT


@contextlib.contextmanager
def served(site: Path, handler: type[Quiet] = Quiet) -> Iterator[int]:
    with server(site, 0, handler) as one:
        Thread(target=one.serve_forever, daemon=True).start()
        yield one.server_port
        one.shutdown()


def asked(port: int, path: str, method: str = "GET", host: str | None = None) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.putrequest(method, path, skip_host=host is not None)
    if host is not None:
        connection.putheader("Host", host)
    connection.endheaders()
    answer = connection.getresponse()
    return answer.status, dict(answer.headers), answer.read()


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site with a folder of no pages, and links that lead out of it and within it."""
    site = tmp_path / "site"
    (site / "figures").mkdir(parents=True)
    (site / "index.html").write_text("the book", encoding="utf-8")
    (site / "404.html").write_text("No such page", encoding="utf-8")
    (site / "figures" / "a.svg").write_text("<svg/>", encoding="utf-8")
    (tmp_path / "secret.html").write_text("secret", encoding="utf-8")
    (site / "out.html").symlink_to(tmp_path / "secret.html")
    (site / "up").symlink_to(tmp_path)
    return site


def test_what_is_no_file_of_the_site_is_not_found(site: Path) -> None:
    with served(site) as port:
        status, headers, body = asked(port, "/")
        assert (status, body) == (200, b"the book") and headers["X-Content-Type-Options"] == "nosniff"
        assert asked(port, "/figures/a.svg")[0] == 200
        strange = (
            "/%00",
            "/" + "x" * 5000,
            "/figures/",
            "/out.html",
            "/up/secret.html",
            "/../secret.html",
            "/a%2f..%00",
        )
        for path in strange:
            for method in ("GET", "HEAD"):
                status, headers, body = asked(port, path, method)
                assert status == 404 and b"secret" not in body and b"a.svg" not in body, path
                assert headers["X-Content-Type-Options"] == "nosniff"


def test_only_who_asks_for_this_machine_is_answered(site: Path) -> None:
    with served(site) as port:
        for host, status in (
            (f"localhost:{port}", 200),
            ("127.0.0.1", 200),
            ("evil.example", 421),
            ("", 421),
            ("[", 404),
        ):
            assert asked(port, "/", host=host)[0] == status, host


def test_a_site_that_is_a_link_is_served(site: Path, tmp_path: Path) -> None:
    link = tmp_path / "html"
    link.symlink_to(site.name)
    with served(link) as port:
        assert asked(port, "/figures/a.svg")[0] == 200 and asked(port, "/up/secret.html")[0] == 404


def test_who_connects_and_says_nothing_is_left(site: Path) -> None:
    class Short(Quiet):
        timeout = 0.3

    assert Quiet.timeout and Quiet.timeout <= 60
    with served(site, Short) as port, socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        assert connection.recv(1) == b""


def test_a_port_that_is_taken_and_a_site_that_is_none_are_one_sentence(site: Path, tmp_path: Path) -> None:
    with served(site) as port, pytest.raises(NevbookError, match=rf"^port {port}: .*; name another with --port\.$"):
        server(site, port)
    with pytest.raises(NevbookError, match="no book there yet"):
        server(tmp_path / "none", 0)


def test_an_archive_holds_the_site_and_its_checksum_fits(tmp_path: Path) -> None:
    site = tmp_path / "_build" / "html"
    (site / "2025").mkdir(parents=True)
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)
    for name in ("index.html", "2025/a page.html"):
        (site / name).write_text(name, encoding="utf-8")
    done = subprocess.run(
        ["make", "-f", ROOT / "Makefile", "-o", "book", "archive"], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    archive = tmp_path / "_build" / "made-in-chongqing.tar.gz"
    with tarfile.open(archive) as packed:
        assert packed.getnames() == ["./2025/a page.html", "./index.html"]
    told = (tmp_path / "_build" / "made-in-chongqing.tar.gz.sha256").read_text(encoding="utf-8")
    assert told == f"{hashlib.sha256(archive.read_bytes()).hexdigest()}  {archive.name}\n"
