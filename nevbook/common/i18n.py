"""The words that the package itself writes, looked up by key."""

from __future__ import annotations

from nevbook.common.messages import CATALOGUES


def word(key: str, language: str = "en", **parts: object) -> str:
    """Look up a word or sentence of the package and fill its gaps."""
    text = CATALOGUES[language][key]
    return text.format(**parts) if parts else text


def under(start: str, language: str = "en") -> dict[str, str]:
    """Return all words whose keys begin in one way, by the rest of the key."""
    return {k.removeprefix(start): v for k, v in CATALOGUES[language].items() if k.startswith(start)}
