"""How to cite the book, a chapter, a figure, an indicator, the data; and the data's description for machines."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from nevbook.common import config, formatting
from nevbook.common.i18n import gettext as _
from nevbook.data.dataset import Dataset
from nevbook.data.package import PACKAGE_FILE
from nevbook.export.tables import database_name, json_path

_BIBTEX = str.maketrans(
    {c: f"\\{c}" for c in "&%$#_{}"} | {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\^{}"}
)


@dataclass(frozen=True)
class Citation:
    """One edition, as it is cited."""

    title: str  # of the book
    author: str  # from ``_config.yml``
    label: str  # the edition in words: region and year
    path: str  # folder of the edition in the site
    as_of: dt.date  # the edition's day
    address: str  # of the published site, from ``html.baseurl``; empty where none is set

    def at(self, page: str) -> str:
        """Return the address of a page of the site, empty where the site has none."""
        return f"{self.address.rstrip('/')}/{page}" if self.address else ""

    def text(self, what: str, page: str) -> str:
        """Return the citation of a part of the edition, on a page of the site, as one sentence or two."""
        template = _("{author} ({when}). {what} In: {title}, {label}, data as of {day}.")
        if self.address:
            template = _("{author} ({when}). {what} In: {title}, {label}, data as of {day}. {address}")
        return template.format(
            author=self.author, when=self.as_of.year, title=self.title, label=self.label, address=self.at(page),
            what=what if what.endswith((".", "?", "!")) else f"{what}.", day=formatting.date(self.as_of),
        )  # fmt: skip

    def bibtex(self, what: str, page: str) -> str:
        """Return the same as a BibTeX entry."""
        name = re.sub(r"[^a-z0-9]+", "-", f"{self.title} {self.path} {Path(page).stem}".lower()).strip("-")
        fields = {
            "author": "{" + self.author.translate(_BIBTEX) + "}",
            "title": "{" + what.translate(_BIBTEX) + "}",
            "booktitle": self.title.translate(_BIBTEX),
            "edition": self.label.translate(_BIBTEX),
            "year": str(self.as_of.year),
            "note": _("Data as of {date}", date=formatting.date(self.as_of)).translate(_BIBTEX),
            "url": self.at(page),
        }
        inner = ",\n".join(f"  {k} = {{{v}}}" for k, v in fields.items() if v)
        return f"@incollection{{{name},\n{inner}\n}}"

    def box(self, heading: str, what: str, page: str, full: bool = True) -> Markup:
        """Return a "cite this" box as HTML."""
        entry = Markup('<pre class="nev-bibtex">{}</pre>').format(self.bibtex(what, page)) if full else ""
        box = Markup('<details class="nev-data nev-cite"><summary>{}</summary><p>{}</p>{}</details>')
        return box.format(heading, self.text(what, page), entry)


def work(root: Path, label: str, path: str, as_of: dt.date) -> Citation:
    """Return an edition as it is cited."""
    settings = config.settings(root)
    return Citation(
        str(settings["title"]), str(settings.get("author", "")), label, path, as_of,
        str((settings.get("html") or {}).get("baseurl") or ""),
    )  # fmt: skip


def described(data: Dataset, descriptor: Mapping, one: Citation, region: str, folder: str) -> Markup:
    """Describe the data of an edition for machines: schema.org ``Dataset`` as JSON-LD."""
    outcomes = [r.span for r in data.observations if r.outcome]
    places = [data.entities[region]]
    while places[-1].parent:
        places.append(data.entities[places[-1].parent])
    parts = [(PACKAGE_FILE, "application/json"), (database_name(dict(descriptor)), "application/vnd.sqlite3")]
    for resource in descriptor["resources"]:
        parts += [(resource["path"], "text/csv"), (json_path(resource), "application/json")]
    about: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": _("{title}, edition {label}", title=descriptor["title"], label=one.label),
        "description": descriptor["description"],
        "license": descriptor["licenses"][0]["path"],
        "keywords": descriptor.get("keywords", []),
        "creator": {"@type": "Organization", "name": one.author},
        "version": _("{version}, {label}", version=descriptor["version"], label=one.label),
        "dateModified": one.as_of.isoformat(),
        "isAccessibleForFree": True,
        "spatialCoverage": [{"@type": "Place", "name": e.name} for e in places],
        "distribution": [
            {
                "@type": "DataDownload",
                "contentUrl": one.at(f"{one.path}/data/{path}") or folder + path,
                "encodingFormat": kind,
            }
            for path, kind in parts
        ],
        "identifier": f"{descriptor['name']}/{one.path}/{one.as_of.isoformat()}",
    }
    if outcomes:
        first, last = min(s.start for s in outcomes), max(s.end for s in outcomes)
        about["temporalCoverage"] = f"{first.isoformat()}/{last.isoformat()}"
    if one.address:
        about["url"] = one.at(f"{one.path}/data/index.html")
    # "<" would let a title end the element
    text = json.dumps(about, ensure_ascii=False, indent=1).replace("<", "\\u003c")
    return Markup('<script type="application/ld+json">\n{}\n</script>').format(Markup(text))
