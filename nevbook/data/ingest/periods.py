"""Periods and days as people write them: ``2025年1—11月份``, ``前三季度``, ``202511``, ``27.1.2026``."""

from __future__ import annotations

import datetime as dt
import re

from nevbook.data.ingest.numbers import folded
from nevbook.data.validation.hints import span_of

_SPANS = {"上半年": (1, 6), "下半年": (7, 12), "h1": (1, 6), "h2": (7, 12), "前三季度": (1, 9), "前3季度": (1, 9)}
_SPANS |= {"1-3季度": (1, 9), "一-三季度": (1, 9)}
_SPANS |= {"全年": (1, 12), "年度": (1, 12), "度": (1, 12), "": (1, 12), "全年度": (1, 12)}
_SPANS |= {f"{mark}{n + 1}{more}": (3 * n + 1, 3 * n + 3) for n in range(4) for mark, more in (("q", ""), ("", "季度"))}
_SPANS |= {f"{n}季度": _SPANS[f"q{q}"] for q, n in enumerate("一二三四", start=1)}
_MONTHS = re.compile(r"(\d{1,2})月?(?:-(\d{1,2}))?月")


def period(text: str) -> str:
    """Write a period as the dataset does, where people write it otherwise."""
    word = re.sub(r"[\u2014\u2015\u2212~～至到]+", "-", folded(text)).casefold().replace(" ", "")
    found = re.fullmatch(r"(\d{4})年?[-.]?第?(.*)", word)
    if not found or span_of(word):
        return word if found else text
    year, rest = found[1], re.sub(r"(累计|份|合计)+$", "", found[2])
    rest = re.sub(r"^前(\d{1,2})个月$", r"1-\1月", re.sub(r"月份", "月", rest))
    span = _SPANS.get(rest)
    if months := _MONTHS.fullmatch(rest):
        span = int(months[1]), int(months[2] or months[1])
    elif bare := re.fullmatch(r"/?(\d{1,2})", word[4:].lstrip(".-")):  # 2025.11, 2025/11, 202511, 2025-1
        if word[4] in "./-" or len(bare[1]) == 2:
            span = int(bare[1]), int(bare[1])
    elif spread := re.fullmatch(r"(\d{1,2})-(?:\d{4}[年./-]?)?(\d{1,2})", word[4:].lstrip(".-/年")):
        if word[4] == "." or year in word[5:] or "月" in word:
            span = int(spread[1]), int(spread[2])
    elif date := re.fullmatch(r"(\d{1,2})月(\d{1,2})日", rest):
        return _known(f"{year}-{int(date[1]):02d}-{int(date[2]):02d}", text)
    if span is None:
        return text
    if "累计" in found[2]:  # from January on, even where only its last month is named
        span = 1, span[1]
    if span == (1, 12):
        return year
    first, last = (f"{year}-{m:02d}" for m in span)
    return _known(first if first == last else f"{first}/{last}", text)


def months(text: str) -> str:
    """Return what a text says of a part of some year, as in 1-11月 or 上半年; empty where it says more or less."""
    word = folded(text).casefold()
    return text if word and not re.match(r"\d{4}", word) and span_of(period(f"2000年{text}")) else ""


def _known(written: str, text: str) -> str:
    return written if span_of(written) else text


def day(text: str) -> str:
    """Write a day as the dataset does, where its year comes first and in full."""
    word = re.sub(r"[年月/.]", "-", folded(text)).replace("日", "").split(" ")[0]
    found = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", word) or re.fullmatch(r"(\d{4})(\d{2})(\d{2})", word)
    try:
        return dt.date(*map(int, found.groups())).isoformat() if found else text
    except ValueError:
        return text
