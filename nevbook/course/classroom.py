"""What a lesson works with: tables of one edition, and checks that know the answers.

This file is copied beside the notebooks of a course, with `answers` and `charts`; there `open_lesson` reads the
tables from ``data/`` and the checks from ``checks.json``. In the book, `lesson` gives it the same without files.
"""

from __future__ import annotations

import difflib
import json
import textwrap
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from nevbook.course.answers import verdict
from nevbook.course.charts import chart_faults

WIDTH = 80  # of what a check says: a notebook breaks longer lines inside words
_TEXT = ("period", "recorded", "published", "note", "qualifier", "effective_from", "effective_to")  # never numbers


def _wrapped(said: str) -> str:
    return "\n".join(textwrap.fill(line, WIDTH) for line in said.splitlines())


class _Sentence(Exception):
    """Of which Jupyter shows the sentence only, not the way through this file."""

    def _render_traceback_(self, *about: object) -> list[str]:
        return [_wrapped(str(self))]


class NotRight(_Sentence, AssertionError):
    """What a strict check raises."""


class NotThere(_Sentence, LookupError):
    """What is asked for and is not in the tables or the checks."""


def _near(name: str, known: Iterable[str]) -> str:
    listed = list(known)
    close = difflib.get_close_matches(name, listed, cutoff=0.5) or listed[:8]
    return ", ".join(f'"{n}"' for n in close)


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
        for column, name in (("indicator", indicator), ("entity", place)):
            if not (self.values[column] == name).any():
                raise NotThere(self._checks["words"][column].format(name=name, near=self._alike(column, str(name))))
        found = self.values[(self.values["indicator"] == indicator) & (self.values["entity"] == place)]
        for column, value in wanted.items():
            if value is not None:
                found = found[found[column].astype(str) == str(value)]
        return found

    def _alike(self, column: str, name: str) -> str:
        """Return the ids whose id, or name in words, is near a name."""
        ids = list(dict.fromkeys(self.values[column]))
        names = dict(zip(map(str.casefold, ids), ids, strict=True))
        table = "entities" if column == "entity" else "indicators"
        if table in self._tables:
            titles = getattr(self, table)
            names |= {t.casefold(): i for i, t in zip(titles["id"], titles["name"], strict=True) if i in ids}
        close = difflib.get_close_matches(name.casefold(), names) or list(names)[:8]
        return ", ".join(f'"{n}"' for n in dict.fromkeys(names[c] for c in close))

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
            raise NotThere(f"{indicator} of {place}: no {measure} of kind {kind} for {period}; there is {near}")
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
        """Say whether an answer is right, wrong, or a common mistake.

        Parameters
        ----------
        exercise : str
            Its label.
        answer : number, str, bool, or a tuple or list of these
            As the exercise asks for it.
        strict : bool
            Whether to raise for an answer that is not right, as a grading tool wants it.

        Raises
        ------
        NotRight
            Where `strict` and not right; its message is what would have been said.
        """
        self._say([verdict(exercise, answer, self._key(exercise))], exercise, strict)

    def check_chart(self, exercise: str, chart: object, strict: bool = False) -> None:
        """Say what keeps an Altair chart from being honest; parameters as of `check`."""
        import altair as alt

        wanted, names = self._key(exercise)["chart"], ["empty"]
        if chart is not None and chart is not ...:
            drawn = isinstance(chart, alt.TopLevelMixin)
            names = [f"chart_{f}" for f in chart_faults(chart, wanted)] or ["right"] if drawn else ["chart"]
        self._say(names, exercise, strict)

    def _key(self, exercise: str) -> dict:
        known = self._checks["exercises"]
        if exercise not in known:
            raise NotThere(self._checks["words"]["exercise"].format(name=exercise, near=_near(exercise, known)))
        return known[exercise]

    def _say(self, names: list[str], exercise: str, strict: bool) -> None:
        words, key = self._checks["words"], self._key(exercise)
        allowed = ", ".join(f'"{w}"' for w in key.get("words", ()))
        told = [{**words, **self._checks["slips"]}[name].format(words=allowed) for name in names]
        plain = {"right", "wrong", "empty"} & set(names)
        said = told[0] if plain else "\n".join(f"{words['wrong']} {text}" for text in told)
        if strict and names != ["right"]:
            raise NotRight(said)
        print(_wrapped(said))


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
        raise NotThere(f"no lesson {name!r}; there are {', '.join(checks['lessons'])}")
    try:
        import altair as alt

        alt.renderers.enable("png")  # drawn here, as a picture: no script from elsewhere, and it stays in the file
    except ImportError:
        pass
    return Lesson({p.stem: p for p in sorted((place / "data").glob("*.csv"))}, checks)
