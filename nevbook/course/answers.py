"""How an answer is read and judged: right, a common mistake by its name, or what is asked for.

This file stands alone, for it is copied beside the notebooks of a course. Answers are kept as salted hashes, so
that nobody reads one by accident. It is no lock: whoever writes a loop to open it has understood more than the
exercise asks. A number may be off by half of the place that its exercise asks for; every step in that span has a
hash of its own. A count has to be whole.
"""

from __future__ import annotations

import hashlib
import math
import numbers
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import pandas as pd

FINER = 10  # steps to the place that is asked for
SPELLINGS = {"true": "yes", "y": "yes", "false": "no", "n": "no"}
_SIGNS = {">", "<", ">=", "<=", "≥", "≤", "=", "~"}
# what a number would have to be multiplied by to be the one asked for, and what such an answer is called
_FACTORS = (
    ("negative", -1), ("too_large", 1e-3), ("too_small", 1e3), ("far_too_large", 1e-6), ("far_too_small", 1e6),
    ("billions_too_large", 1e-9), ("billions_too_small", 1e9),
)  # fmt: skip


class UnreadableError(ValueError):
    """What is no answer; its text is the name of what to say of it."""


def split(answer: object) -> list[float | str]:
    """Return the parts of an answer: numbers, and words in small letters; raises UnreadableError."""
    if isinstance(answer, set | frozenset):
        raise UnreadableError("set")
    if not isinstance(answer, type) and hasattr(answer, "tolist"):  # numpy, a series, an index
        answer = answer.tolist()
    if isinstance(answer, tuple | list):
        return [part for one in answer for part in split(one)]
    if answer is None or answer is ... or answer is pd.NA or answer is pd.NaT:
        raise UnreadableError("missing")
    if isinstance(answer, bool):
        return ["yes" if answer else "no"]
    if isinstance(answer, numbers.Real | Decimal):
        if math.isnan(answer):
            raise UnreadableError("missing")
        return [float(answer)]
    if isinstance(answer, str):
        if not answer.strip():
            raise UnreadableError("missing")
        word = " ".join(answer.casefold().split()).strip(".\"'")
        return [SPELLINGS.get(word, word)]
    raise UnreadableError("kind")


def _hash(exercise: str, place: int, text: str) -> str:
    return hashlib.sha256(f"made-in-chongqing|{exercise}|{place}|{text}".encode()).hexdigest()[:16]


def _step(number: float, step: float) -> str:
    return str(number) if math.isinf(number) else f"{step:g}:{math.floor(number / step + 0.5)}"


def marks(exercise: str, parts: Iterable[float | str], to: float) -> list[dict]:
    """Return the hashes that an answer may have, part by part; parameters as of `seal`."""
    made = []
    for place, part in enumerate(parts):
        if isinstance(part, str):
            made.append({"step": 0, "any": [_hash(exercise, place, part)]})
            continue
        step, half = to / FINER, FINER // 2
        texts = {_step(part + n * step, step) for n in range(-half, half + 1)}
        made.append({"step": step, "any": sorted(_hash(exercise, place, t) for t in texts)})
    return made


def _hits(exercise: str, place: int, part: float | str, mark: dict) -> bool:
    if isinstance(part, str) != (mark["step"] == 0):
        return False
    return _hash(exercise, place, part if isinstance(part, str) else _step(part, mark["step"])) in mark["any"]


def _fits(exercise: str, parts: list[float | str], wanted: list[dict]) -> bool:
    return len(parts) == len(wanted) and all(
        _hits(exercise, n, part, mark) for n, (part, mark) in enumerate(zip(parts, wanted, strict=True))
    )


def _coarse(exercise: str, parts: list[float | str], wanted: list[dict], digits: int) -> bool:
    """Whether an answer is the right one, but rounded to fewer digits than asked for."""

    def near(place: int, part: float | str, mark: dict) -> bool:
        to = mark["step"] * FINER
        if isinstance(part, str) or not to or math.isinf(part):
            return _hits(exercise, place, part, mark)
        rough = to * 10**digits
        whole = abs(part / rough - round(part / rough)) < 1e-6 and round(part / rough) != 0
        return whole and any(_hits(exercise, place, part + n * to, mark) for n in range(-(10**digits), 10**digits + 1))

    return len(parts) == len(wanted) and all(
        near(n, part, mark) for n, (part, mark) in enumerate(zip(parts, wanted, strict=True))
    )


def _times(parts: list[float | str], factor: float) -> list[float | str]:
    return [p if isinstance(p, str) else p * factor for p in parts]


def verdict(exercise: str, answer: object, key: Mapping[str, Any]) -> str:
    """Return the name of what an answer is: ``right``, a common mistake, or what it lacks; ``wrong`` if unknown."""
    if answer is None or answer is ...:
        return "empty"
    try:
        parts = split(answer)
    except UnreadableError as found:
        return str(found)
    right = key["right"]
    if key["whole"] and any(isinstance(p, float) and p % 1 for p in parts):
        return "whole"
    if _fits(exercise, parts, right):
        return "right"
    for name, wanted in key["slips"]:
        if _fits(exercise, parts, wanted):
            return name
    if any(isinstance(p, float) for p in parts):
        for name, factor in _FACTORS:
            if _fits(exercise, _times(parts, factor), right):
                return name
        whole = _times(parts, 100)
        if key["unit"] and (_fits(exercise, whole, right) or _coarse(exercise, whole, right, 1)):
            return f"fraction_of_{key['unit']}"
        if not key["whole"] and (_coarse(exercise, parts, right, 1) or _coarse(exercise, parts, right, 2)):
            return "coarse"
    if len(parts) > 1 and _fits(exercise, parts[::-1], right):
        return "order"
    if len(parts) != len(right):
        return "parts"
    for part, mark in zip(parts, right, strict=True):
        if isinstance(part, str) != (mark["step"] == 0):
            return "number" if mark["step"] else "word"
        if isinstance(part, str) and part not in key["words"]:
            return "sign" if part in _SIGNS else "unknown_word"
    return "wrong"


def seal(
    exercise: str, right: object, slips: Mapping[str, tuple[object, float]], to: float, unit: str = "",
    words: Iterable[str] = (),
) -> dict:  # fmt: skip
    """Return the key of an exercise, which can tell answers and common mistakes, but does not hold them.

    `to` is the place of the last digit asked for, `unit` is ``percent`` or ``points`` where a fraction is a mistake,
    `words` are those allowed. A mistake that comes to the same as the right answer, or as one before it, is left out.
    """
    right = right.item() if hasattr(right, "item") else right
    whole = isinstance(right, int) and not isinstance(right, bool)
    parts = split(right)
    key: dict[str, Any] = {"right": marks(exercise, parts, to), "slips": [], "whole": whole, "unit": unit}
    key["words"] = list(words) or (["yes", "no"] if parts[0] in ("yes", "no") else [])
    for name, (answer, place) in slips.items():
        found = split(answer)
        if not any(_fits(exercise, found, m) for m in (key["right"], *(m for _, m in key["slips"]))):
            key["slips"].append([name, marks(exercise, found, place)])
    return key
