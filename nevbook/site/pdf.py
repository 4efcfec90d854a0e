"""An edition on paper: its pages as one document, printed by a headless Chromium."""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup, Tag

from nevbook.common import config, formatting
from nevbook.common.errors import BuildError
from nevbook.common.files import write_whole
from nevbook.common.i18n import gettext as _
from nevbook.data.package import read_descriptor
from nevbook.site.landing import PDF
from nevbook.site.layout import template

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
TIME_LIMIT = 300  # seconds; an edition takes about ten
_LEFT_OUT = "script, .headerlink, .nev-tools, .nev-data, .nev-narrow, details.hide, .nev-back"
_OWN = ("id", "for", "headers", "aria-labelledby", "aria-describedby", "aria-controls")
_DATES = re.compile(rb"/(CreationDate|ModDate) ?\(D:(\d{14})([^)]*)\)")
_IDS = re.compile(rb"(/ID ?\[ ?<)([0-9A-Fa-f]+)(> ?<)([0-9A-Fa-f]+)(> ?\])")


def browser() -> str:
    """Return the browser that prints: the one in ``CHROME_PATH``, or the first on the path."""
    named = os.environ.get("CHROME_PATH")
    found = shutil.which(named) if named else next(filter(None, map(shutil.which, BROWSERS)), None)
    if not found:
        what = f"CHROME_PATH names {named!r}, which cannot be run" if named else "no Chromium or Chrome on the path"
        raise BuildError(f"{what}; the PDF needs one: install Debian's package chromium, or name it in CHROME_PATH.")
    return found


def missing_font() -> str:
    """Return what to install where no font of this system has Chinese characters, which would print as boxes."""
    try:
        found = subprocess.run(["fc-list", ":lang=zh"], capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):  # a system that keeps its fonts another way
        return ""
    if found.returncode or found.stdout.strip():
        return ""
    return _(
        "no font here has Chinese characters: the PDF shows boxes. Install one, as Debian's package fonts-noto-cjk."
    )


def chain(edition: Path) -> list[Path]:
    """Return an edition's pages in the order of reading: from the cover, each one's ``next``."""
    found = [edition / "index.html"]
    while found[-1].is_file():
        match = re.search(r'<link rel="next"[^>]* href="([^"#]+)"', found[-1].read_text(encoding="utf-8"))
        following = edition / unquote(match[1]) if match else None
        if following is None or following in found:
            return found
        found.append(following)
    raise BuildError(f"{found[-1]}: there is no such page; run `nevbook build` first.")


def _part(path: Path, names: set[str], address: str) -> tuple[str, str]:
    """Return a page's title and text, its ids and links made for one document."""
    soup = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
    article = soup.select_one("article.bd-article")
    if article is None:
        raise BuildError(f"{path}: the page has no text to print.")
    for one in article.select(_LEFT_OUT):
        one.decompose()
    for one in article.select("details"):
        one["open"] = ""
    name = path.stem
    for one in article.find_all(True):
        _renamed(one, name)
        if one.name == "a" and one.has_attr("href"):
            _led(one, name, names, address)
    title = article.select_one("h1")
    return title.get_text() if title else name, article.decode_contents()


def _renamed(one: Tag, name: str) -> None:
    for key in _OWN:
        if one.has_attr(key):
            value = one[key]
            ids = value if isinstance(value, list) else str(value).split()
            one[key] = " ".join(f"{name}--{i}" for i in ids)
    for key in ("clip-path", "fill", "stroke", "mask", "style"):
        if "url(#" in str(one.get(key, "")):
            one[key] = str(one[key]).replace("url(#", f"url(#{name}--")


def _led(one: Tag, name: str, names: set[str], address: str) -> None:
    """Make a link lead within the document, to the site where its address is known, or nowhere."""
    href = str(one["href"])
    split = urlsplit(href)
    if split.scheme:
        if split.scheme not in ("http", "https", "mailto"):
            del one["href"]
        return
    target = Path(unquote(split.path)).name.removesuffix(".html") if split.path else name
    if (not split.path or split.path == f"{target}.html") and target in names:
        one["href"] = f"#{target}--{split.fragment}" if split.fragment else f"#{target}"
    elif address:
        one["href"] = address + href
    else:
        del one["href"]


def document(edition: Path, title: str, label: str, day: str, address: str) -> str:
    """Return an edition as one page to print."""
    pages = chain(edition)
    names = {p.stem for p in pages}
    parts = [(p.stem, *_part(p, names, address)) for p in pages]
    styles = "\n".join((edition / "_static" / n).read_text(encoding="utf-8") for n in ("page.css", "nevbook.css"))
    return template("nev-print.html").render(
        title=title, label=label, day=day, address=address, parts=parts, styles=styles.replace("</", "<\\/")
    )


def undated(content: bytes) -> bytes:
    """Return a PDF without the time it was made: the same bytes for the same pages."""
    content = _DATES.sub(lambda m: m[0].replace(m[2], b"20000101000000", 1), content)
    return _IDS.sub(lambda m: m[1] + b"0" * len(m[2]) + m[3] + b"0" * len(m[4]) + m[5], content)


def make(root: Path, site: Path, path: str, label: str) -> Path:
    """Print an edition into its folder; raises BuildError where there is no browser, or it fails."""
    settings = config.settings(root)
    base = str((settings.get("html") or {}).get("baseurl") or "").rstrip("/")
    edition = site / path
    told = read_descriptor(edition / "data").get("nevbook", {}).get("edition", {}).get("as_of", "")
    day = formatting.date(dt.date.fromisoformat(told)) if told else ""
    text = document(edition, str(settings["title"]), label, day, f"{base}/{path}/" if base else "")
    program = browser()
    with tempfile.TemporaryDirectory() as place:
        source, printed = Path(place) / "book.html", Path(place) / "book.pdf"
        source.write_text(text, encoding="utf-8")
        _print(program, source, printed, Path(place) / "profile")
        write_whole(edition / PDF, undated(printed.read_bytes()))
    return edition / PDF


def _print(program: str, source: Path, printed: Path, profile: Path) -> None:
    command = [
        program, "--headless", "--disable-gpu", "--no-pdf-header-footer", "--generate-pdf-document-outline",
        "--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND",
        f"--user-data-dir={profile}", f"--print-to-pdf={printed}",
    ]  # fmt: skip
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--no-sandbox")  # Chromium refuses root with one
    try:
        done = subprocess.run([*command, source.as_uri()], capture_output=True, text=True, timeout=TIME_LIMIT)
    except subprocess.TimeoutExpired:
        raise BuildError(f"{program} did not print within {TIME_LIMIT} seconds.") from None
    except OSError as error:
        raise BuildError(f"{program} cannot be run: {error.strerror}.") from error
    if done.returncode or not printed.is_file():
        last = "\n".join(done.stderr.strip().splitlines()[-3:])
        raise BuildError(f"{program} printed nothing (code {done.returncode}):\n{last}")
