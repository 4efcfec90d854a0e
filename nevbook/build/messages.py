"""The messages of the book, for translators: ``make messages`` writes them into ``locale/``."""

from __future__ import annotations

import ast
import contextlib
import io
import json
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import jinja2
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2.ext import extract_from_ast

from nevbook.build.sphinx import configured
from nevbook.common import config
from nevbook.common.config import PACKAGE
from nevbook.common.files import write_whole
from nevbook.common.i18n import CHAPTERS, DOMAIN

# How many of a function's first arguments are a context, and how many after it the message.
KEYWORDS = {"_": (0, 1), "gettext": (0, 1), "N_": (0, 1), "pgettext": (1, 1), "ngettext": (0, 2)}
# What takes sentences or words of a chapter, and how many of its arguments do not count. A template may be
# chosen (`a if x else b`), a word that fills a gap is translated like a template.
WRITERS = {
    "phrase": 0,
    "say": 0,
    "takeaways": 0,
    "unknown": 0,
    "points": 0,
    "cards": 0,
    "grid": 0,
    "figure": 3,
    "link": 1,
}
_NO_WORDS = ("by", "room", "height", "least", "rows")  # of `figure`
_HEADER = "# The messages of {title}, domain {domain}. Written by `make messages`."
# Of a catalogue's head: what changes with the day and the version of Babel, and what nobody fills in.
_CHANGING = re.compile(
    r'^"(?:POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Language-Team|Report-Msgid)[^\n]*\n',
    re.MULTILINE,
)
_SENTENCE = re.compile(r"[A-Z][a-z&]|\{\S+ .*[a-z]{3}")  # or a word of its own, or a template
_ID = re.compile(r"[a-z0-9]*[_0-9/.-][a-z0-9_/.-]*|")  # of an indicator, a period; or nothing


Found = tuple[str | tuple[str, ...], str | None]  # a message, or singular and plural; its context


def _taken(name: str, strings: Sequence[str | None]) -> Iterator[Found]:
    context, own = KEYWORDS[name]
    given = strings[: context + own]
    if len(given) == context + own and all(given):
        message = tuple(str(s) for s in given[context:])
        yield message if own > 1 else message[0], given[0] if context else None


def in_code(source: str, writers: Mapping[str, int]) -> Iterator[Found]:
    """Find the messages in Python; by its syntax, for Babel does not look into f-strings."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if KEYWORDS.get(name) == (0, 1):  # one of several, as `a if x else b`
            yield from ((text, None) for argument in node.args[:1] for text in _texts(argument))
        elif name in KEYWORDS:
            yield from _taken(name, [getattr(a, "value", None) for a in node.args])
        elif name in writers:
            given = [*node.args[writers[name] :], *(k.value for k in node.keywords if k.arg not in _NO_WORDS)]
            yield from ((t, None) for argument in given for t in _texts(argument) if not _ID.fullmatch(t))


def _texts(node: ast.AST) -> Iterator[str]:
    """Return the strings that an expression may come to; what a call makes of its own is not among them."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=one, orelse=other):
            yield from (*_texts(one), *_texts(other))
        case ast.BoolOp(values=parts) | ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Dict(values=parts):
            yield from (text for part in parts for text in _texts(part))
        case ast.Starred(value=inner) | ast.NamedExpr(value=inner) | ast.Subscript(value=inner):
            yield from _texts(inner)
        case ast.ListComp(elt=inner, generators=loops) | ast.GeneratorExp(elt=inner, generators=loops):
            yield from (*_texts(inner), *(text for loop in loops for text in _texts(loop.iter)))


def in_template(source: str) -> Iterator[Found]:
    """Find the messages in a template."""
    for _line, name, strings in extract_from_ast(jinja2.Environment().parse(source), tuple(KEYWORDS)):
        yield from _taken(name, strings if isinstance(strings, tuple) else (strings,))


def in_notebook(source: str) -> Iterator[Found]:
    """Find the messages in the code of a chapter: also a sentence that it keeps under a name until it is written."""
    for cell in json.loads(source)["cells"]:
        if cell["cell_type"] == "code":
            code = "".join(cell["source"])
            yield from in_code(code, WRITERS)
            named = (node.value for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Assign))
            yield from ((text, None) for value in named for text in _texts(value) if _SENTENCE.match(text))


def _catalog(root: Path, domain: str, language: str | None = None) -> Catalog:
    title = config.settings(root)["title"]
    header = _HEADER.format(title=title, domain=domain)
    return Catalog(language, domain, header, project=title, version="", charset="utf-8", fuzzy=False)


def package_messages(root: Path) -> Catalog:
    """Return what the package, its templates and the chapters' code say."""
    found = _catalog(root, DOMAIN)
    kinds = (
        (PACKAGE, "**/*.py", lambda source: in_code(source, {"phrase": 0})),
        (PACKAGE / "site", "t*/**/*.html", in_template),  # templates and themes
        (root / "chapters", "*.ipynb", in_notebook),
    )
    for folder, pattern, messages in kinds:
        for path in sorted(folder.glob(pattern)):
            for message, context in messages(path.read_text(encoding="utf-8")):
                found.add(message, locations=[(path.relative_to(root).as_posix(), 1)], context=context)
    return found


def chapter_messages(root: Path) -> Catalog:
    """Return what the chapters' Markdown says, as Sphinx cuts it."""
    from sphinx.application import Sphinx
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    settings = config.settings(root)
    settings["execute"] = {"execute_notebooks": "off"}
    overrides = configured(settings, root)
    # ours come after the translation: they number what is translated, and lead from it to the glossary
    kept = [name for name in overrides["extensions"] if not name.startswith("nevbook.")]
    overrides |= {"extensions": kept, "gettext_compact": CHAPTERS, "external_toc_path": str(root / config.TOC)}
    with tempfile.TemporaryDirectory() as out, contextlib.chdir(root), patch_docutils(), docutils_namespace():
        app = Sphinx(
            srcdir=root, confdir=None, outdir=out, doctreedir=f"{out}/.doctrees", buildername="gettext",
            confoverrides=overrides, status=None, warning=io.StringIO(), freshenv=True,
        )  # fmt: skip
        app.build()
        with (Path(out) / f"{CHAPTERS}.pot").open("rb") as handle:
            made = read_po(handle)
    found = _catalog(root, CHAPTERS)
    for message in made:
        if message.id:
            names = sorted({Path(place).name for place, _ in message.locations})
            found.add(message.id, locations=[(f"chapters/{n}", 1) for n in names if n.endswith(".ipynb")])
    return found


def text_of(catalog: Catalog) -> str:
    """Write a catalogue: by message, with the files but no lines, days or versions."""
    out = io.BytesIO()
    write_po(out, catalog, sort_output=True, include_lineno=False, ignore_obsolete=True, width=100)
    return _CHANGING.sub("", out.getvalue().decode())


def write(root: Path) -> list[Path]:
    """Write the templates of all messages, and bring each language's catalogues up to date."""
    written = []
    for made in (package_messages(root), chapter_messages(root)):
        place = root / "locale"
        found = {place / f"{made.domain}.pot": made}
        for language in config.languages(root)[1:]:
            path = place / language / "LC_MESSAGES" / f"{made.domain}.po"
            known = _catalog(root, made.domain, language)
            if path.is_file():
                with path.open("rb") as handle:
                    known = read_po(handle, language, made.domain)
            known.update(made)
            found[path] = known
        for path, catalog in found.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, text_of(catalog))
            written.append(path)
    return written


if __name__ == "__main__":
    for made in write(Path.cwd()):
        print(made.relative_to(Path.cwd()))
