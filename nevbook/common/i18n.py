"""Words in the reader's language: gettext with the English text as msgid; `use` chooses the language once."""

from __future__ import annotations

import functools
import gettext as stock
import io
from contextvars import ContextVar

from nevbook.common.config import LANGUAGE, PACKAGE

LOCALE = PACKAGE.parent / "locale"
DOMAIN = "nevbook"  # of what the package and the chapters' code say
CHAPTERS = "chapters"  # of the chapters' Markdown, which Sphinx translates
_chosen: ContextVar[str] = ContextVar("language", default=LANGUAGE)


def use(language: str) -> None:
    """Choose the language of all that follows in this context, as in ``zh_CN``."""
    _chosen.set(language)


def language() -> str:
    """Return the language chosen."""
    return _chosen.get()


def language_tag() -> str:
    """Return the language chosen as HTML and feeds name it, as in ``zh-CN``."""
    return _chosen.get().replace("_", "-")


@functools.cache
def _translations(language: str, domain: str = DOMAIN) -> stock.NullTranslations:
    if language == LANGUAGE:
        return stock.NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    with (LOCALE / language / "LC_MESSAGES" / f"{domain}.po").open("rb") as handle:
        write_mo(compiled, read_po(handle, language))
    compiled.seek(0)
    return stock.GNUTranslations(compiled)


def gettext(message: str, /, **parts: object) -> str:
    """Translate a message and fill its placeholders; imported as ``_``."""
    text = _translations(_chosen.get()).gettext(message) if message else ""  # the empty one heads a catalogue
    return text.format(**parts) if parts else text


def pgettext(context: str, message: str, /, **parts: object) -> str:
    """Translate a message whose English has two meanings; the context tells which."""
    text = _translations(_chosen.get()).pgettext(context, message)
    return text.format(**parts) if parts else text


def ngettext(singular: str, plural: str, n: int, /, **parts: object) -> str:
    """Translate a message that counts things; the placeholder ``{n}`` is filled unless given."""
    text = _translations(_chosen.get()).ngettext(singular, plural, n)
    return text.format(**{"n": n} | parts)


def chapter_text(text: str) -> str:
    """Translate a paragraph or a heading of a chapter's Markdown, where it is used outside the chapter."""
    return _translations(_chosen.get(), CHAPTERS).gettext(text) if text else ""


def N_(message: str, /) -> str:
    """Mark a message that stands in a table and is translated where it is used."""
    return message
