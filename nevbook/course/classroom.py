"""What a lesson works with: tables of one edition, and checks that know the answers.

This file stands alone: it needs pandas and nothing of nevbook, for it is copied beside the
notebooks of a course, where `open_lesson` reads the tables from ``data/`` and the checks from
``checks.json``. In the book, `lesson` gives it the same tables and checks without files.

Answers are kept as salted hashes, so that nobody reads one by accident. It is no lock: whoever
writes a loop to open it has understood more than the exercise asks. An answer may be off by
half of the place that its exercise asks for; every step in that span has a hash of its own.
"""

from __future__ import annotations

import hashlib
import json
import math
import textwrap
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

WIDTH = 80  # of what a check says: a notebook breaks longer lines inside words
FINER = 10  # steps to the place that is asked for
_TEXT = ("period", "recorded", "published", "note", "qualifier", "effective_from", "effective_to")  # never numbers


def _wrapped(said: str) -> str:
    return "\n".join(textwrap.fill(line, WIDTH) for line in said.splitlines())


class NotRight(AssertionError):
    """What a strict check raises; Jupyter shows its sentence only, not the way through this file."""

    def _render_traceback_(self, *about: object) -> list[str]:
        return [_wrapped(str(self))]


class Lesson:
    """Tables and checks of one lesson.

    Parameters
    ----------
    tables : mapping
        A data frame, or the path of a CSV file, by the name of the table.
    checks : dict
        ``words``, ``slips`` and ``exercises``, as `seal` makes them.
    shows : bool
        Whether `show` shows; the book draws its charts itself.

    Attributes
    ----------
    values : pandas.DataFrame
        One row for each thing known: the value that the book shows of it. ``low`` and ``high``
        are the ends of what rounding allows; a bound is open to one side.
    """

    def __init__(self, tables: Mapping[str, Any], checks: dict, shows: bool = True) -> None:
        self._tables, self._checks, self._shows = dict(tables), checks, shows

    def __getattr__(self, name: str) -> pd.DataFrame:
        if name.startswith("_") or name not in self._tables:
            raise AttributeError(f"no table {name!r}; there are {', '.join(self.__dict__.get('_tables', ()))}")
        table = self._tables[name]
        if not isinstance(table, pd.DataFrame):
            text = dict.fromkeys(_TEXT, str)
            table = self._tables[name] = pd.read_csv(table, dtype=text, keep_default_na=False, na_values={"year": [""]})
        return table

    def known(self, indicator: str, place: str, **wanted: object) -> pd.DataFrame:
        """Return the rows of `values` for an indicator and a place, and for whatever else is named."""
        found = self.values[(self.values["indicator"] == indicator) & (self.values["entity"] == place)]
        for column, value in wanted.items():
            if value is not None:
                found = found[found[column].astype(str) == str(value)]
        return found

    def pick(
        self, indicator: str, place: str, period: object, measure: str = "level", basis: str | None = None,
        kind: str = "outcome",
    ) -> pd.Series:  # fmt: skip
        """Return one row of `values`; of several ways of counting the one that the book prefers.

        Parameters
        ----------
        indicator, place : str
            Ids, as in the tables.
        period : int or str
            A year, or any period as the tables write it.
        measure : str
            ``level``, ``yoy_growth`` or ``yoy_change``.
        basis : str, optional
            Way of counting.
        kind : str
            ``outcome``, ``target`` or ``forecast``.

        Returns
        -------
        pandas.Series
            With ``value``, ``low``, ``high``, ``unit``, ``basis``, ``source`` and more.

        Raises
        ------
        LookupError
            Says what there is.
        """
        found = self.known(indicator, place, period=period, measure=measure, basis=basis, kind=kind)
        if found.empty:
            near = ", ".join(self.known(indicator, place, measure=measure, kind=kind)["period"].unique()) or "none"
            raise LookupError(f"{indicator} of {place}: no {measure} of kind {kind} for {period}; there is {near}")
        return found.iloc[0]

    def series(self, indicator: str, place: str, basis: str | None = None) -> pd.DataFrame:
        """Return the outcomes of whole years, oldest first."""
        found = self.known(indicator, place, measure="level", kind="outcome", basis=basis)
        return found[found["year"].notna()].sort_values("year", kind="stable").astype({"year": int})

    def show(self, chart: object) -> None:
        """Show a chart."""
        if self._shows:
            from IPython.display import display

            display(chart)

    def check(self, exercise: str, answer: object, strict: bool = False) -> None:
        """Say whether an answer is right, wrong, or a known slip.

        Parameters
        ----------
        exercise : str
            Its label.
        answer : number, str, bool, or a tuple, list or set of these
            As the exercise asks for it.
        strict : bool
            Whether to raise for an answer that is not right, as a grading tool wants it.

        Raises
        ------
        NotRight
            Where `strict` and not right; its message is what would have been said.
        """
        right, said = self._verdict(exercise, answer)
        if strict and not right:
            raise NotRight(said)
        print(_wrapped(said))

    def check_chart(self, exercise: str, chart: object, strict: bool = False) -> None:
        """Say what keeps an Altair chart from being honest; parameters as of `check`."""
        words, slips = self._checks["words"], self._checks["slips"]
        if chart is None or chart is ...:
            found, said = False, words["empty"]
        else:
            faults = chart_faults(chart.to_dict())
            found = not faults
            said = words["right"] if found else "\n".join(f"{words['wrong']} {slips['chart_' + f]}" for f in faults)
        if strict and not found:
            raise NotRight(said)
        print(_wrapped(said))

    def _verdict(self, exercise: str, answer: object) -> tuple[bool, str]:
        words, key = self._checks["words"], self._checks["exercises"][exercise]
        if answer is None or answer is ...:
            return False, words["empty"]
        parts = split(answer, key["ordered"])
        if parts is None:
            return False, words["kind"]
        if _fits(exercise, parts, key["right"]):
            return True, words["right"]
        for name, marks in key["slips"]:
            if _fits(exercise, parts, marks):
                return False, f"{words['wrong']} {self._checks['slips'][name]}"
        wanted = [mark["step"] == 0 for mark in key["right"]]
        if len(parts) != len(wanted):
            return False, f"{words['wrong']} {words['parts']}"
        other = next((w for p, w in zip(parts, wanted, strict=True) if isinstance(p, str) != w), None)
        return False, words["wrong"] if other is None else f"{words['wrong']} {words['word' if other else 'number']}"


def split(answer: object, ordered: bool) -> list[float | str] | None:
    """Return the parts of an answer: numbers as they are, words in small letters; None for what is neither."""
    if isinstance(answer, pd.Series | pd.Index):
        answer = answer.tolist()
    if hasattr(answer, "item"):
        answer = answer.item() if getattr(answer, "size", 1) == 1 else answer.tolist()
    if isinstance(answer, tuple | list | set | frozenset):
        parts = [p for one in answer for p in split(one, ordered) or [None]]
        if None in parts:
            return None
        return parts if ordered else sorted(set(parts), key=str)
    if isinstance(answer, bool):
        return ["yes" if answer else "no"]
    if isinstance(answer, int | float):
        return [float(answer)] if not math.isnan(answer) else None
    if isinstance(answer, str):
        return [" ".join(answer.casefold().split()).strip(".")]
    return None


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
        step = to / FINER
        texts = {_step(part, step)}
        if not math.isinf(part):
            half = FINER // 2
            texts = {_step(part + n * step, step) for n in range(-half, half + 1)}
        made.append({"step": step, "any": sorted(_hash(exercise, place, t) for t in texts)})
    return made


def _fits(exercise: str, parts: list[float | str], wanted: list[dict]) -> bool:
    if len(parts) != len(wanted):
        return False
    for place, (part, mark) in enumerate(zip(parts, wanted, strict=True)):
        if isinstance(part, str) != (mark["step"] == 0):
            return False
        if _hash(exercise, place, part if isinstance(part, str) else _step(part, mark["step"])) not in mark["any"]:
            return False
    return True


def seal(exercise: str, right: object, slips: Mapping[str, tuple[object, float]], to: float, ordered: bool) -> dict:
    """Return the key of an exercise, which can tell answers and common mistakes but does not hold them."""
    parts = split(right, ordered) or []
    key: dict[str, Any] = {"ordered": ordered, "right": marks(exercise, parts, to), "slips": []}
    for name, (answer, place) in slips.items():
        found = split(answer, ordered) or []
        if not any(_fits(exercise, found, m) for m in (key["right"], *(m for _, m in key["slips"]))):
            key["slips"].append([name, marks(exercise, found, place)])
    return key


def chart_faults(spec: dict) -> list[str]:
    """Return what is not honest in a chart: ``cut_axis``, ``two_scales``, ``no_title``, ``no_unit``, ``rainbow``."""
    layers = [one for one in _layers(spec) if "mark" in one]
    found, named = [], False
    for one in layers:
        mark = one["mark"] if isinstance(one["mark"], str) else one["mark"]["type"]
        for channel in ("x", "y"):
            axis = one.get("encoding", {}).get(channel, {})
            if axis.get("type") != "quantitative":
                continue
            scale = axis.get("scale") or {}
            low = (scale.get("domain") or [0])[0] if isinstance(scale.get("domain", []), list) else 0
            cut = scale.get("zero") is False or "domainMin" in scale or (low != 0)
            if mark in ("bar", "area") and cut:
                found.append("cut_axis")
            title = axis.get("title") or (axis.get("axis") or {}).get("title")
            named = named or bool(title)
        colour = one.get("encoding", {}).get("color", {})
        same = {one["encoding"].get(c, {}).get("field") for c in ("x", "y")}
        if colour.get("type") in ("nominal", "ordinal") and colour.get("field") in same:
            found.append("rainbow")
    if (spec.get("resolve", {}).get("scale") or {}).get("y") == "independent":
        found.append("two_scales")
    if not spec.get("title"):
        found.append("no_title")
    if not named:
        found.append("no_unit")
    return list(dict.fromkeys(found))


def _layers(spec: dict) -> list[dict]:
    inner = [one for part in spec.get("layer", []) for one in _layers(part)]
    shared = spec.get("encoding", {})
    return [spec, *({**one, "encoding": {**shared, **one.get("encoding", {})}} for one in inner)]


def open_lesson(name: str, folder: Path | None = None) -> Lesson:
    """Open a lesson of a course.

    Parameters
    ----------
    name : str
        As of its notebook.
    folder : Path, optional
        Where ``data`` and ``checks.json`` are; beside this file if not given.
    """
    place = folder or Path(__file__).parent
    checks = json.loads((place / "checks.json").read_text(encoding="utf-8"))
    if name not in checks["lessons"]:
        raise LookupError(f"no lesson {name!r}; there are {', '.join(checks['lessons'])}")
    try:
        import altair as alt

        alt.renderers.enable("png")  # drawn here, as a picture: no script from elsewhere, and it stays in the file
    except ImportError:
        pass
    return Lesson({p.stem: p for p in sorted((place / "data").glob("*.csv"))}, checks)
