"""Numbers as people write them, with unit (``95.32`` beside ``万辆``, ``US$1.2 billion``): exact decimals."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

_SCALES = {
    **{"thousand": 3, "k": 3, "million": 6, "mln": 6, "mn": 6, "m": 6, "billion": 9, "bln": 9, "bn": 9},
    **{"trillion": 12, "tn": 12, "千": 3, "万": 4, "十万": 5, "百万": 6, "千万": 7, "亿": 8, "十亿": 9},
    **{"百亿": 10, "千亿": 11, "万亿": 12, "兆": 12, "萬": 4, "億": 8},
}
_UNITS = {  # the first is meant where the indicator has none of them
    "vehicles": "vehicles vehicle cars autos units unit 辆 輛 台 部",
    "yuan": "yuan rmb cny ¥ 元 人民币 人民币元 元人民币",
    "usd": "usd us$ $ us-dollars us-dollar dollars 美元 美金",
    "yuan_per_usd": "yuan_per_usd yuan-per-dollar yuan-per-us-dollar yuan/usd 元/美元 人民币/美元",
    "percent": "percent % per-cent pct 百分比",
    "percentage_points": "percentage_points percentage-points percentage-point pp ppt 百分点 个百分点",
    "count": "count number units unit 个 個 家 项 件 人 座 根 款 种 桩 户 国 units 台 名 所",
    "rank": "rank place 位 名",
    "times": "times time fold x 倍",
    "km": "km kilometres kilometre kilometers kilometer 公里 千米",
}
_CURRENCIES = ("us$", "usd", "$", "rmb", "cny", "¥", "人民币", "美元")
_QUALIFIERS = {
    "=": "= 等于 equals exactly",
    "~": "~ ≈ 约 大约 约为 近 将近 接近 左右 about approx. approximately around nearly almost circa ca. c.",
    ">": "> ≥ 超 超过 逾 突破 大于 高于 以上 余 多 + over more-than above exceeding exceeds at-least surpassed",
    "<": "< ≤ 不足 不到 低于 小于 少于 以下 under less-than below fewer-than at-most up-to",
}
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:([, ])\d{3}(?:\1\d{3})*)(?:\.\d+)?")
_PLAIN = re.compile(r"[+-]?\d{1,30}(?:\.\d{1,30})?(?:[eE][+-]?\d{1,2})?")
_NUMBER = re.compile(r"[+-]?\d(?:[\d.]|[, ](?=\d))*(?:[eE][+-]?\d+)?")


# a fraction such as one half is no mark of a note, but no number read here either
_NOTE = "".join(
    c
    for c in map(chr, range(0x1F200))
    if unicodedata.category(c) == "No" and "\u2044" not in unicodedata.normalize("NFKC", c)
)
_SIGN = rf"[{re.escape(_NOTE)}*＊†‡※]"
_NOTES = re.compile(
    rf"\s*(?:{_SIGN}|[\[［〔【(（]\s*(?:(?:附?注|note)\s*)?\.?\s*(?:{_SIGN}|[0-9０-９]{{1,2}})\s*[\]］〕】)）]"
    r"|[\[［〔【(（]?\s*附?注\s*[0-9０-９]{0,2}\s*[\]］〕】)）]?|(?<=\s)[0-9]\))+\s*$",
    re.IGNORECASE,
)


_IN_BRACKETS = re.compile(r"\s*[(（\[【]\s*(?:单位\s*[:：])?\s*([^()（）\[\]【】]+?)\s*[)）\]】]\s*$")


def _spellings(table: dict[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for meant, words in table.items():
        for one in words.split():
            found.setdefault(one if "_" in one or len(one) < 3 else one.replace("-", " "), []).append(meant)
    return found


_UNIT_OF = _spellings(_UNITS)
_QUALIFIER_OF = {k: v[0] for k, v in _spellings(_QUALIFIERS).items()}
_BEFORE = sorted(
    (w for w in _QUALIFIER_OF if w not in ("+", "余", "多", "以上", "以下", "左右")), key=len, reverse=True
)
_AFTER = ("以上", "以下", "左右", "余", "多", "+")


class NumberFormatError(ValueError):
    """A text that is no number, unit, resolution or qualifier: which of them, what is wrong, what would do."""

    def __init__(self, column: str, problem: str, remedy: str) -> None:
        super().__init__(f"{problem}; {remedy}")
        self.column, self.problem, self.remedy = column, problem, remedy


@dataclass(frozen=True)
class ParsedNumber:
    """A number in a unit of the dataset."""

    value: Decimal  # in `unit`
    resolution: Decimal  # place of the last digit written; trailing zeros of a whole number do not count
    unit: str  # a unit of the dataset; empty where the text names none
    qualifier: str = ""  # ``=``, ``~``, ``>`` or ``<``; empty where the text says nothing


def folded(text: str) -> str:
    """Write full-width characters, signs and blanks in their plain form."""
    plain = unicodedata.normalize("NFKC", text).replace("\N{MINUS SIGN}", "-").replace("\N{EN DASH}", "-")
    plain = re.sub(r"\s+", " ", plain).strip()
    return re.sub(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])", "", plain)  # 重 庆, as yearbooks set names


def marks(text: str) -> str:
    """Return the raised, lowered, circled and bracketed digits of a text: marks of notes, which fold into digits."""
    return "".join(c for c in text if unicodedata.category(c) in ("No", "Nl"))


def without_notes(text: str) -> tuple[str, str]:
    """Part a text from the marks of notes at its end, as in 231.79①, 249¹, 12.5*, 3.1[2] or 7.0（注1）."""
    found = _NOTES.search(text)
    kept = text[: found.start()].rstrip() if found else ""
    return (kept, text[len(kept) :].strip()) if kept and found else (text, "")


def parted_unit(text: str) -> tuple[str, str]:
    """Part a head such as 汽车产量(万辆) into what it names and its unit; the unit is empty where there is none."""
    if found := _IN_BRACKETS.search(text):
        try:
            unit(found[1])
        except NumberFormatError:
            return text, ""
        return text[: found.start()].strip(), found[1].strip()
    return text, ""


def plain(number: Decimal) -> str:
    """Write a decimal with neither exponent nor noughts at the end of its fraction."""
    text = f"{number:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def qualifier(text: str) -> str:
    """Return the qualifier that a word or sign means, or the text itself."""
    return _QUALIFIER_OF.get(folded(text).casefold(), text)


def unit(text: str, wanted: str = "") -> tuple[Decimal, str]:
    """Read a unit; raises NumberFormatError where the text is no unit."""
    rest = folded(text).casefold()
    factor = Decimal(1)
    head = _NUMBER.match(rest)
    if head:  # as yearbooks head their columns: 10 000 vehicles, 100 million yuan
        factor = _number(head[0].strip(), text, "unit")
        rest = rest[head.end() :].strip()
    for one in sorted(_SCALES, key=len, reverse=True):
        tail = rest[len(one) :]
        if rest.startswith(one) and rest not in _UNIT_OF and (not one.isascii() or tail[:1] in ("", " ", "$")):
            factor, rest = factor.scaleb(_SCALES[one]), tail.strip()
            break
    rest = re.sub(r"^of ", "", rest)
    if not rest:
        if factor == 1:
            raise NumberFormatError("unit", "is no unit", "write the unit, as in vehicles, 万辆, 亿元 or %")
        return factor, ""
    if rest not in _UNIT_OF:
        raise NumberFormatError("unit", "is no unit known here", f"write {wanted or 'vehicles, yuan, usd, percent'}"
                            f"{_as_people_write(wanted)}")  # fmt: skip
    choices = _UNIT_OF[rest]
    return factor, wanted if wanted in choices else choices[0]


def _as_people_write(wanted: str) -> str:
    ways = {"vehicles": "辆 or 万辆", "yuan": "亿元 or billion yuan", "usd": "million US$ or 亿美元", "percent": "%"}
    ways |= {"percentage_points": "个百分点", "times": "倍", "count": "个", "rank": "位"}
    return f", or as in {ways[wanted]}" if wanted in ways else ""


def _number(text: str, whole: str, column: str = "value") -> Decimal:
    if _GROUPED.fullmatch(text) or _PLAIN.fullmatch(text):
        return Decimal(text.replace(",", "").replace(" ", ""))
    if re.fullmatch(r"[+-]?\d+,\d+", text):
        remedy = f"write {text.replace(',', '.')} or {text.replace(',', '')}"
        raise NumberFormatError(column, "has a comma that parts no groups of three digits", remedy)
    joined = re.sub("[,. ]", "", text)
    grouped = re.fullmatch(
        r"[+-]?\d{1,3}((,\d{2,3})+|(\.\d{3})+|( \d{3})+)", text
    )  # anything else may have swallowed the mark of a note
    remedy = f"write {joined}" if grouped else "write its digits without blanks"
    problem = "has points, commas or blanks that leave open what it is"
    raise NumberFormatError(column, problem, f"{remedy}, with one point where the fraction begins")


def _place(text: str, number: Decimal) -> Decimal:
    """Place of the last digit written; noughts that only fill a long whole number are none."""
    exponent = int(number.as_tuple().exponent)
    digits = re.sub(r"\D", "", re.split(r"[eE]", text)[0])
    if number and "." not in text and len(digits) > 3:
        exponent += len(digits) - len(digits.rstrip("0"))
    return Decimal(1).scaleb(exponent)


def _parted(text: str) -> tuple[str, str, str, str]:
    """Part a text into qualifier, currency, number and what follows it."""
    if found := marks(text):  # they would fold into digits of the number
        raise NumberFormatError(
            "value", f"holds {found!r}, a mark and no digit", "write the figure without marks of notes"
        )
    rest, said, currency = folded(text).casefold(), "", ""
    for one in _BEFORE:
        if rest.startswith(one) and not (one[-1:].isalpha() and one.isascii() and rest[len(one) :][:1].isalpha()):
            rest, said = rest[len(one) :].strip(), _QUALIFIER_OF[one]
            break
    for one in _CURRENCIES:
        if rest.startswith(one):
            rest, currency = rest[len(one) :].strip(), one
            break
    found = _NUMBER.match(rest)
    if not found:
        if not re.search(r"\d", rest):
            remedy = "write the figure in digits, or leave the row out until its source has one"
        else:
            remedy = "write digits only, as in 953200 or -2.5; what it counts stands in unit"
        raise NumberFormatError("value", "is no number", remedy)
    tail = rest[found.end() :].strip()
    if re.match(r"(?:-|~|至|到|to\b|/|±|\+/-)\s*\d", tail):
        problem = "is a range, not one figure"
        raise NumberFormatError("value", problem, "write the bound that the source states, with > or < in qualifier")
    for one in _AFTER:
        if one in tail and not said:
            tail, said = tail.replace(one, "", 1).strip(), _QUALIFIER_OF[one]
    return said, currency, found[0].strip(), tail


def read(value: str, of: str = "", wanted: str = "", resolution: str = "") -> ParsedNumber:
    """Read a number with its unit; raises NumberFormatError that names the column that is wrong, and what would do."""
    said, currency, digits, tail = _parted(value)
    number = _number(digits, value)
    try:
        own_factor, own = unit(tail, wanted) if tail else (Decimal(1), "")
    except NumberFormatError as error:
        problem = f"ends with {tail!r}, which is no unit known here"
        raise NumberFormatError("value", problem, f"write the number alone; {error.remedy} in unit") from None
    if currency:
        worth = _UNIT_OF[currency][0]
        if own not in ("", worth):
            raise NumberFormatError("value", f"is in {worth} by its sign and in {own} by its end", "write one of them")
        own = worth
    factor, meant = unit(of, wanted) if of.strip() else (Decimal(1), "")
    if own and meant and own != meant:
        problem = f"is not the unit that the value brings, {own}"
        raise NumberFormatError("unit", problem, f"write {own}, or the value without a unit")
    if own_factor != 1 and factor not in (1, own_factor):
        problem = "has another scale than the unit beside it"
        raise NumberFormatError("value", problem, "write million, 万 or 亿 in one of the two")
    if own_factor != 1 and factor == own_factor and not (own and meant):
        problem = "has a scale, and so has the unit beside it"
        raise NumberFormatError("value", problem, "write million, 万 or 亿 in one of the two")
    scale = own_factor if own_factor != 1 else factor
    place = _place(digits, number) * scale
    if resolution.strip():
        place = _resolution(resolution, scale, meant or own)
    return ParsedNumber(_times(number, scale), place, own or meant, said)


def _times(number: Decimal, scale: Decimal) -> Decimal:
    """Multiply exactly, however many digits there are."""
    left, right = number.as_tuple(), scale.as_tuple()
    product = int("".join(map(str, left.digits))) * int("".join(map(str, right.digits)))
    return Decimal((left.sign, tuple(map(int, str(product))), int(left.exponent) + int(right.exponent)))


def _resolution(text: str, scale: Decimal, meant: str) -> Decimal:
    try:
        _, _, digits, tail = _parted(text)
        number = _number(digits, text, "resolution")
        factor, own = unit(tail, meant) if tail else (scale, meant)
    except NumberFormatError:
        remedy = "write the place of the last digit, as in 0.1 or 100; 0 where it is exact"
        raise NumberFormatError("resolution", "is no number with a unit known here", remedy) from None
    if own and meant and own != meant:
        raise NumberFormatError("resolution", f"is in {own}, the value in {meant}", f"write it in {meant}")
    return _times(number, factor)
