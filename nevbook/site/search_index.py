"""The index of the search: a classic script for each folder, which a page from a folder may load, too."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from nevbook.common.files import write_whole

FILE = "search-index.js"
_CHINESE = re.compile(r"[\u3400-\u9fff]+")


class Entry(NamedTuple):
    """Something that the search leads to."""

    kind: str  # what it is, in a word that readers see
    weight: float  # what a hit in it counts beside others
    address: str  # where it is, from the folder of the index
    title: str  # its name
    also: str = ""  # other names that it goes by, with semicolons between them
    sections: Sequence[tuple[str, str, str]] = ()  # anchor, heading and text of each part
    more: str = ""  # words that it holds and no excerpt shows


def write_index(folder: Path, place: str, entries: Iterable[Entry]) -> None:
    """Write the index of what stands in a folder, `place` its path from the root of the site or of an edition."""
    listed = json.dumps(list(entries), ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    write_whole(folder / FILE, f"nevSearch({json.dumps(place)},{listed});\n")


def chinese(text: str) -> str:
    """Return the Chinese words of a text, each once."""
    return " ".join(dict.fromkeys(_CHINESE.findall(text)))
