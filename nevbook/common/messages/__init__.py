"""The words of the package, one catalogue a language, in a file for each part of the house.

An edition in another language needs the same files under its own prefix, and a line below.
"""

from __future__ import annotations

import importlib
import pkgutil


def _join(language: str) -> dict[str, str]:
    """Join the files of a language: each holds its words under the language's name in capitals."""
    joined: dict[str, str] = {}
    for name in sorted(found.name for found in pkgutil.iter_modules(__path__)):
        if not name.startswith(f"{language}_"):
            continue
        words: dict[str, str] = getattr(importlib.import_module(f"{__name__}.{name}"), language.upper())
        if twice := joined.keys() & words.keys():
            raise ValueError(f"{name}: {', '.join(sorted(twice))} stands in another file of the catalogue too")
        joined |= words
    return joined


CATALOGUES: dict[str, dict[str, str]] = {"en": _join("en")}
