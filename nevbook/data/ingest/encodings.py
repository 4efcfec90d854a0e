"""In which encoding a text file is: told by its bytes, and by whether what comes out is plausible."""

from __future__ import annotations

import codecs
import re
from collections.abc import Collection

from nevbook.common.errors import DataError

_OTHERS = ("gb18030", "big5", "cp932", "euc_jp", "cp949", "cp1252", "cp1251")
_NAMES = {"gb18030": "GB18030", "cp932": "Shift-JIS", "cp949": "EUC-KR", "euc_jp": "EUC-JP", "big5": "Big5"}
_MARKS = {codecs.BOM_UTF8: "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
# what bytes of another encoding become: half-width katakana in Shift-JIS, words in two scripts in Cyrillic
_MIXED = re.compile(r"[\uff61-\uff9f]|[A-Za-z][\u0400-\u04ff]|[\u0400-\u04ff][A-Za-z]")
_KNOWN = 0.6  # share of the characters of a Chinese text that the dataset's own names hold, too
_APART = 0.05  # by how much the likeliest encoding leads where it is not ambiguous


def decoded(
    content: bytes, name: str, encoding: str | None = None, vocabulary: Collection[str] = ()
) -> tuple[str, str]:
    """Decode a text file; also returns what its encoding is called.

    `vocabulary` holds the characters of the dataset's Chinese names. Raises DataError where the bytes are no text,
    or are text in more than one encoding.
    """
    if encoding:
        try:
            return content.decode(encoding), encoding
        except LookupError:
            raise DataError(
                f"--encoding {encoding}: no encoding is called so; write as in gb18030 or cp1252."
            ) from None
        except UnicodeDecodeError as error:
            raise DataError(f"{name}: is not {encoding} (byte {error.start}); name another --encoding.") from None
    marked = next((e for mark, e in _MARKS.items() if content.startswith(mark)), "")
    if not marked and b"\0" in content[:200]:
        high = content[:200:2].count(0)  # the first byte of ASCII in the one order, the second in the other
        marked = "utf-16-be" if high > content[1:200:2].count(0) else "utf-16-le"
    try:
        text = content.decode(marked or "utf-8")
        if "\0" not in text and "\x1b" not in text:
            return text, "UTF-16" if "16" in marked else "UTF-8"
    except UnicodeDecodeError:
        pass
    else:
        raise DataError(f"{name}: no text, it holds control characters. Save it as CSV in UTF-8, or as XLSX.")
    return _guessed(content, name, vocabulary)


def _guessed(content: bytes, name: str, vocabulary: Collection[str]) -> tuple[str, str]:
    from charset_normalizer import from_bytes

    try:
        text = content.decode("gb18030")
        foreign = [c for c in text if ord(c) > 0x2FFF]
        if foreign and sum(c in vocabulary or ord(c) > 0xFEFF for c in foreign) >= _KNOWN * len(foreign):
            return text, _NAMES["gb18030"]
    except UnicodeDecodeError:
        pass
    sample = content[:50_000].rsplit(b"\n", 1)[0] if len(content) > 50_000 else content
    found = from_bytes(sample, cp_isolation=list(_OTHERS), threshold=0.5, enable_fallback=False)
    likely = [(m.chaos, m.encoding) for m in found if not _MIXED.search(str(m))]
    likely = [(chaos, one) for chaos, one in sorted(likely) if _decodes(content, one)]
    if not likely:
        listed = ", ".join(_NAMES.get(one, one) for one in _OTHERS)
        raise DataError(f"{name}: no text in UTF-8, UTF-16, {listed}. Save it as CSV in UTF-8, or as XLSX.")
    near = [one for chaos, one in likely if chaos < likely[0][0] + _APART]
    if len({content.decode(one) for one in near}) > 1:
        raise DataError(
            f"{name}: may be in {' or '.join(near)}; name the right one with --encoding {near[0]}, or save it in UTF-8."
        )
    return content.decode(near[0]), _NAMES.get(near[0], near[0])


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
