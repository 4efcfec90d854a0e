"""Rows from strangers: what would run stands in every column of text, and runs on no page, in no feed, in no file."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import xml.dom.minidom
import zipfile
import zlib
from pathlib import Path

import icalendar
import pytest
from playwright.sync_api import Browser, Page

from tests.conftest import Sheets, copy_book
from tests.site.browser.conftest import every_page

PAYLOADS = r"""
<script>hit()</script>
</script><script>hit()</script>
"><img src=x onerror=hit()>
'><svg onload=hit()>
<img src=x onerror='hit()'//
<iframe srcdoc='<script>parent.hit()</script>'></iframe>
<base href=//evil.cn/>
<meta http-equiv=refresh content='0;url=//evil.cn/'>
<style>*{display:none}</style>
--><script>hit()</script>
]]><script>hit()</script>
</style><script>hit()</script>
</title><script>hit()</script>
</textarea><script>hit()</script>
</svg><script>hit()</script>
</td></tr></table><script>hit()</script>
<!--
<![CDATA[
<a href=javascript:hit()>x</a>
<object data='javascript:hit()'></object>
<link rel=stylesheet href=//evil.cn>
<form action=//evil.cn/><input autofocus onfocus=hit()></form>
" autofocus tabindex=1 onfocus=hit() x="
' onmouseover=hit() style='position:fixed;inset:0' x='
<details open ontoggle=hit()>
<video><source onerror=hit()>
<math><mtext><script>hit()</script>
<noscript><p title='</noscript><img src=x onerror=hit()>'>
${hit()}
{{ hit() }}
{% if 1 %}{{ 7*7 }}{% endif %}
{value.__class__}
\"};hit();//
\u003cscript>hit()\u003c/script>
&lt;script&gt;hit()&lt;/script&gt;
&#60;script&#62;hit()&#60;/script&#62;
%3Cscript%3Ehit()%3C/script%3E
[x](javascript:hit())
![x](x"onerror=hit()//)
`hit()` **b** {term}`x` $x^2$
END:VCALENDAR
%s %(x)s {0}
""".strip().splitlines()
# columns of text that hold words of a fixed set, or what another column names
BOUND = {
    "corrections": {"expected", "value"}, "facts": {"value", "makers"}, "events": {"unit", "makers", "origins"},
    "attributes": {"choices"}, "fit_rules": {"property", "mapping", "demand"}, "glossary": {"forms"},
    "aliases": {"alias"}, "vehicles": {"ac_connector", "dc_connector", "approval", "languages"},
}  # fmt: skip
BROKEN_OUT = (  # elements and attributes that no template of ours writes
    "base, iframe, object, embed, video, form[action*=evil], link[href*=evil], meta[http-equiv][content*=evil],"
    "[onerror], [onload], [onfocus], [onmouseover], [ontoggle], a[href^='javascript' i],"
    "script:not([src]):not([type*=json])"
)


def spoil(folder: Path) -> int:
    """Put a payload into each text, the same into the same; return how many there are."""
    descriptor = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    sheets, count = Sheets(folder), 0
    head, *attributes = sheets.read("markets/attributes.csv")
    told = {row[0] for row in attributes if row[head.index("datatype")] == "text"}
    for resource in descriptor["resources"]:
        schema = resource["schema"]
        keys = {"id", *schema.get("primaryKey", [])}
        for key in schema.get("foreignKeys", []):
            keys |= {key["fields"]} if isinstance(key["fields"], str) else {*key["fields"]} - {"name", "name_zh"}
        columns = [
            f["name"] for f in schema["fields"]
            if f["type"] == "string" and not {"enum", "pattern", "maxLength"} & f.get("constraints", {}).keys()
            and f["name"] not in keys | BOUND.get(resource["name"], set())
        ]  # fmt: skip
        head, *rows = sheets.read(resource["path"])
        for row in rows:
            of_text = resource["name"] == "facts" and row[head.index("attribute")] in told
            for column in [*columns, *(["value"] if of_text else [])]:
                if text := row[head.index(column)]:
                    evil = PAYLOADS[zlib.crc32(text.encode()) % len(PAYLOADS)]
                    at = text.find(" ") + 1  # within it: how a text ends is checked
                    row[head.index(column)] = f"{text[:at]}{evil} {text[at:]}"
                    count += 1
        sheets.write(resource["path"], [head, *rows])
    return count


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The book of such rows."""
    root = copy_book(tmp_path_factory.mktemp("strangers") / "book")
    assert spoil(root / "data") > 10_000
    for words in (["check"], ["build", "--year", "2025"]):
        done = subprocess.run([sys.executable, "-m", "nevbook.cli", *words], cwd=root, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    return root / "_build" / "html"


def watched(browser: Browser, bypass_csp: bool) -> tuple[Page, list[str]]:
    """Return a page, and the list of what it does that no page of the book may."""
    context = browser.new_context(bypass_csp=bypass_csp)
    context.add_init_script("window.hit = () => { window.wasHit = true; }")
    page, wrong = context.new_page(), []

    def asks(address: str) -> None:
        if not address.startswith(("file:", "data:", "blob:")):
            wrong.append(f"{page.url}: asks {address}")

    page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
    page.on("dialog", lambda dialog: wrong.append(f"{page.url}: {dialog.message}"))
    page.on("request", lambda request: asks(request.url))
    return page, wrong


def look(page: Page) -> None:
    """Do what a reader does: open, point at numbers and charts."""
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    for place in page.locator("a.nev-ref").all()[:10]:
        place.focus()
    for place in page.locator("figure.nev-figure").all()[:2]:
        place.hover(force=True)
    page.wait_for_timeout(50)


@pytest.mark.slow
def test_nothing_runs_on_any_page(site: Path, browser: Browser) -> None:
    long = "%E2%80%AE" + "a" * 2000
    queries = ("%3Cscript%3Ehit()%3C/script%3E", "%", long)
    more = [f"2025/search.html?q={q}" for q in queries] + [f"markets/compare.html#{q}" for q in (*queries, "AUS,THA")]
    for policy in (False, True):
        page, wrong = watched(browser, not policy)
        for name in [*every_page(site), *more]:
            page.goto(f"{site.as_uri()}/{name}")
            if page.locator("meta[http-equiv=refresh]").count():  # leads on to a page that is looked at by itself
                page.wait_for_url("**/2025/*")
            look(page)
            assert not page.evaluate("window.wasHit"), name
            found = page.locator(BROKEN_OUT)
            assert found.count() == 0, (name, found.first.evaluate("e => e.outerHTML"))
        assert wrong == []
        page.context.close()


@pytest.mark.slow
def test_every_file_is_well_formed(site: Path) -> None:
    seen = set()
    for path in (p for p in site.rglob("*") if p.is_file()):
        kind = path.suffix
        if kind in (".xml", ".svg", ".atom"):
            made = xml.dom.minidom.parse(str(path))
            assert not made.getElementsByTagName("script"), path
            assert "onerror=" not in re.sub(r">[^<]*<|\"[^\"]*\"", "", path.read_text(encoding="utf-8")), path
        elif kind == ".json":
            json.loads(path.read_text(encoding="utf-8"))
        elif kind == ".ics":
            assert icalendar.Calendar.from_ical(path.read_bytes()).walk("VEVENT") is not None
            assert path.read_bytes().count(b"\nEND:VCALENDAR") == 1, path
        elif kind == ".zip":
            assert zipfile.ZipFile(path).testzip() is None
        else:
            continue
        seen.add(kind)
    assert seen >= {".xml", ".svg", ".json", ".ics", ".zip"}
