"""In which encoding a text file is: told by its bytes, and by whether what comes out is plausible."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Collection

from nevbook.common.errors import DataError

_OTHERS = ("gb18030", "big5", "cp932", "euc_jp", "cp949", "cp1252", "cp1250", "cp1251", "cp1254")
_OTHERS += ("cp1253", "cp1255", "cp1256", "cp874", "koi8_r")
_NAMES = {"gb18030": "GB18030", "cp932": "Shift-JIS", "cp949": "EUC-KR", "euc_jp": "EUC-JP", "big5": "Big5"}
_MARKS = {codecs.BOM_UTF8: "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_CJK, _LATIN = r"[\u1100-\u11ff\u2e80-\ud7ff\uf900-\ufaff]", r"[A-Za-z\u00c0-\u024f]"
_OTHER = r"[\u0370-\u06ff\u0e00-\u0e7f]"  # Greek, Cyrillic, Hebrew, Arabic, Thai
_SIGN = r"[\u00a0-\u00b4\u00b6\u00b8-\u00bf\u00d7\u00f7\u02c6-\u02dd\u201a-\u201e\u2020-\u203a\u2122]"
# what bytes of another encoding become: scripts mixed in one word, signs and capitals within words
_MIXED = re.compile(
    rf"[\uff61-\uff9f\ue000-\uf8ff\u0e3f\u0e4e-\u0e5b\u0591-\u05cf]|\u03c2[\u03ac-\u03ce]|[a-z]{_CJK}+[a-z]|{_LATIN}{_SIGN}{_LATIN}"
    rf"|{_CJK}[\u00c0-\u05ff]|[\u00c0-\u05ff]{_CJK}|{_LATIN}{_OTHER}|{_OTHER}{_LATIN}|[\u00b2-\u00b9]{_OTHER}"
    r"|[\u00df-\u00ff\u03ac-\u03ce\u0430-\u045f][\u00c0-\u00de\u0386-\u03ab\u0400-\u042f]{2}"
)
_LETTERS = tuple(  # of the languages in which sources are written
    map(set, ("äöüß", "àâæçéèêëîïôœùûüÿ", "áéíñóúüº", "àáâãçéêíóôõúüªº", "àèéìíòóùú", "åäöæøéèü", "áčďéěíňóřšťúůýž",
              "áäčďéíľĺňóôŕšťúýž", "ąćęłńóśźż", "áéíóöőúüű", "ăâîșşțţ", "çğıöşüâîûi̇", "čćđšž",
              "абвгдежзийклмнопрстуфхцчшщъыьэюяё", "абвгґдежзийіїєклмнопрстуфхцчшщьюя"))
)  # fmt: skip


def _count(kind: str, text: str) -> int:
    return len(re.findall(kind, text))


def _chinese(encoding: str, last: int) -> Callable[[str], bool]:
    """Whether a text holds no kana, and hardly a character beyond those that its encoding lists as the common ones."""

    def common(text: str) -> bool:
        han = re.findall(_HAN, text)
        led = [c.encode(encoding, "replace")[0] for c in han]
        return not _count(_KANA, text) and sum(0xA3 < one <= last for one in led) >= 0.8 * len(han)

    return common


_HAN, _KANA, _HANGUL = "[\u3400-\u9fff]", "[\u3041-\u30ff]", "[\uac00-\ud7a3]"
_COMMON = {  # what a text of a language holds
    "gb18030": _chinese("gb2312", 0xD7),
    "big5": _chinese("big5", 0xC6),
    **dict.fromkeys(("cp932", "euc_jp"), lambda text: 5 * _count(_KANA, text) >= _count(_HAN, text)),
    "cp949": lambda text: bool(_count(_HANGUL, text)) and not _count(_HAN, text),
}
_KNOWN = 0.6  # share of the characters of a Chinese text that the dataset's own names hold, too
_APART = 0.05  # by how much the likeliest encoding leads where it is not ambiguous


def decoded(
    content: bytes, name: str, encoding: str | None = None, vocabulary: Collection[str] = ()
) -> tuple[str, str]:
    """Decode a text file and name its encoding, judged by `vocabulary`, the Chinese names of the dataset."""
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

    readings = {one: text for one in _OTHERS if (text := _plausible(content, one))}
    foreign = [c for c in readings.get("gb18030", "") if ord(c) > 0x2FFF]
    if foreign and sum(c in vocabulary or ord(c) > 0xFEFF for c in foreign) >= _KNOWN * len(foreign):
        return readings["gb18030"], _NAMES["gb18030"]
    if foreign:  # Japanese without kana reads as Chinese, too, of words that nobody uses
        del readings["gb18030"]
    sample = content[:50_000].rsplit(b"\n", 1)[0] if len(content) > 50_000 else content
    found = from_bytes(sample, cp_isolation=list(readings), threshold=0.5, enable_fallback=False) if readings else ()
    likely = sorted((m.chaos, one) for m in found for one in m.could_be_from_charset if one in readings)
    near = [one for chaos, one in likely if chaos < likely[0][0] + _APART]
    if near and len({readings[one] for one in near}) == 1:
        called = min(near, key=_OTHERS.index)
        return readings[called], _NAMES.get(called, called)
    near = near or (["gb18030", "euc_jp"] if foreign else [])
    what = f"may be in {' or '.join(near)}" if near else f"no text in UTF-8, UTF-16, {', '.join(_OTHERS)}"
    named = f" {near[0]}" if near else ""
    raise DataError(f"{name}: {what}; name the right one with --encoding{named}, or save it in UTF-8.")


def _plausible(content: bytes, encoding: str) -> str:
    """Decode a text, if what comes out may have been written by somebody."""
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return ""
    if _MIXED.search(text) or (encoding in _COMMON and not _COMMON[encoding](text)):
        return ""
    for cell in re.split(r"[,;\t\r\n]", text):
        strange = {c for c in cell.casefold() if "\u00aa" <= c < "\u0250" or "\u0400" <= c < "\u0460" if c.isalpha()}
        if strange and not any(strange <= letters for letters in _LETTERS):
            return ""
    return text
