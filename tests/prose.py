"""The words of the book, read before anybody else does: ``python -m tests.prose``, a part of ``make lint``.

Read are the chapters' Markdown, the templates of their sentences, and what the package says. Spelling and single
words are codespell's, with ``tests/words.txt`` for the words that this book avoids; phrases, long sentences
and repetitions are looked for here.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from codespell_lib import main as codespell

from nevbook.build.messages import package_messages

ROOT = Path(__file__).resolve().parents[1]
LONGEST = 35  # words in a sentence
RUN, OFTEN = 6, 3  # so many words in a row, in so many places, are a repetition
PHRASES = {
    r"\btell(?:s|ing)? of\b|\btold of\b": "say what it says",
    r"\b(?:can|could)(?:not)? be told\b|\bcannot tell\b": "say what is missing",
    r"\bhow dear\b": "how expensive",
    r"\bnot in the dataset\b": "not published",
    r"\bways? of counting\b": "counting method",
    r"\b(?:set|sets|hold|holds|held)(?: (?!and\b)\w+){0,5} against\b": "compare",
    r"\bstands?\b(?! for\b)": "is",
    r"(?:yuan|dollars|price|value|\}) an? (?:vehicle|car)\b": "per vehicle",
    r"(?:^|[.!?] )[A-Z][a-z]+: \{\w+[^}]*\}[.;]": "a sentence with a verb",
}
Place = tuple[str, str]  # a file, and the cell where it is a notebook's Markdown


def paragraphs(root: Path = ROOT) -> Iterator[tuple[Place, str]]:
    """Yield what the book says, in paragraphs of one line."""
    for message in package_messages(root):
        for text in (message.id,) if isinstance(message.id, str) else message.id:
            yield from (((message.locations[0][0], ""), line) for line in _lines(text))
    for path in sorted((root / "chapters").glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "markdown":
                where = (path.relative_to(root).as_posix(), cell["id"])
                yield from ((where, line) for line in _lines("".join(cell["source"])))


def _lines(text: str) -> Iterator[str]:
    """Cut a text at empty lines, items of a list and rows of a table; leave out code and addresses."""
    text = re.sub(r"```|:label:.*|\{(?:exercise|solution)[^}]*\}.*|^ {4}.*$", " ", text, flags=re.MULTILINE)
    text = re.sub(r"\]\([^)]*\)", "]", text)
    yield from filter(None, (" ".join(part.split()) for part in re.split(r"\n\s*\n|\n(?=- |\||#)", text)))


def sentences(line: str) -> list[str]:
    """Cut a paragraph into sentences."""
    return re.split(r'(?<=[.?!])["”*)]*\s+(?=[A-Z*"“{`\[])', line)


def words(sentence: str) -> list[str]:
    """Return the words of a sentence; a placeholder is one."""
    return re.findall(r"\{[^{}]*\}|[\w'’-]+", sentence)


def misspelt(lines: list[tuple[Place, str]]) -> Iterator[str]:
    """Yield what codespell finds, with the place in the book."""
    said = io.StringIO()
    with tempfile.TemporaryDirectory() as folder:
        text = Path(folder) / "text"
        text.write_text("\n".join(line for _, line in lines) + "\n", encoding="utf-8")
        with contextlib.redirect_stdout(said):
            codespell(
                "--disable-colors",
                "--ignore-words-list=bloc,blocs",
                f"--dictionary=-,{ROOT / 'tests' / 'words.txt'}",
                str(text),
            )
    for number, change in re.findall(r":(\d+): (.*)", said.getvalue()):
        place, line = lines[int(number) - 1]
        yield f"{_named(place)}: {change}: {line[:90]}"


def clumsy(lines: list[tuple[Place, str]]) -> Iterator[str]:
    """Yield phrases to avoid, sentences that are too long, and words that are repeated."""
    runs: dict[str, set[Place]] = defaultdict(set)
    for place, line in lines:
        for pattern, instead in PHRASES.items():
            for found in re.finditer(pattern, line):
                yield f"{_named(place)}: {found[0]!r} ==> {instead}: {line[max(found.start() - 40, 0) :][:90]}"
        for sentence in sentences(line):
            said = words(sentence)
            if len(said) > LONGEST:
                yield f"{_named(place)}: {len(said)} words in a sentence, at most {LONGEST}: {sentence[:90]}"
            if not line.startswith("#") and "learn" not in place[0]:
                for n in range(len(said) - RUN + 1):
                    if not any("{" in word for word in said[n : n + RUN]):
                        runs[" ".join(said[n : n + RUN]).lower()].add(place)
    for run, places in runs.items():
        if len(places) >= OFTEN:
            yield f"{', '.join(sorted(map(_named, places)))}: said {len(places)} times: {run}"


def _named(place: Place) -> str:
    return ", cell ".join(filter(None, place))


def main() -> int:
    """Print what should read otherwise; return how much of it there is."""
    lines = list(paragraphs())
    found = [*misspelt(lines), *clumsy(lines)]
    print(*found, sep="\n", end="\n" if found else "")
    return min(len(found), 1)


if __name__ == "__main__":
    sys.exit(main())
