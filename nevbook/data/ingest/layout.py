"""Where the table is in a sheet: below which title rows, above which notes, a row a figure or a column a period."""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Iterator

from nevbook.common.errors import DataError, nearest
from nevbook.data.ingest import numbers
from nevbook.data.ingest.columns import Package, columns, table_of
from nevbook.data.ingest.grids import Grid, Line, Sheet, letter
from nevbook.data.ingest.periods import months, period
from nevbook.data.issues import Issue, either
from nevbook.data.validation.hints import span_of

_SEARCHED = 30  # rows in which a header is looked for
_TITLE = re.compile(
    r"^\s*(单位|指标|地区|时间|时期|年份|报告期|省份|region|indicator|unit|period)\s*[:：]\s*(.+)$", re.IGNORECASE
)
_NOTE = re.compile(r"^\s*[(（]?\s*(注|说明|备注|资料来源|数据来源|来源|note|source|remark)", re.IGNORECASE)
_MEASURES = (  # what a statistics office calls a measure, and whether it runs from January
    (r"累计(?:同比)?(?:增长|增速|同比)(?:速度|率)?", "yoy_growth", True),
    (r"(?:同比|比上年(?:同期)?)(?:增长|增速|增减)?(?:速度|率)?|增长速度|增速|增长率?", "yoy_growth", False),
    (r"累计(?:值|数|绝对值)?|本年累计", "level", True),
    (r"当期值|当期|当月值?|本月|本期|绝对值|绝对量|数值", "level", False),
)
_TOTALS = ("合计", "总计", "小计", "total", "Total")  # of what the table happens to list
_BLANK = ("", "-", "--", "\N{EM DASH}", "\N{EN DASH}", "－", "…", "……", "..", "...", "/", "n/a", "N/A")
_UNIT = ("单位", "计量单位", "unit")
_NUMBER = re.compile(r"[+-]?\d[\d,. ]*%?")
_ASKED = {"indicator": "指标：汽车产量(万辆)", "entity": "地区：重庆市", "period": "时间：2025年"}
_HEAD = ["indicator", "entity", "period", "measure", "value", "unit", "locator"]


def table(package: Package, grid: Grid, wanted: str = "") -> tuple[str, Sheet]:
    """Find the table in a sheet; returns the table of the package that it is for, empty where it is for none."""
    best, found = 0, (0, "")
    for place, (_, cells) in enumerate(grid.rows[:_SEARCHED]):
        name = wanted or table_of(package, grid.name, cells)
        known = {c for c in columns(package, name, cells)[0] if c} if name else set()
        if len(known) > best:
            best, found = len(known), (place, name)
    if best < 3 and (spread := _spread(package, grid)):
        return "observations", spread
    place, name = found
    return name, _below(package, grid, place, name)


def _below(package: Package, grid: Grid, place: int, name: str) -> Sheet:
    """Take the rows below a header as they are."""
    number, cells = grid.rows[place] if grid.rows else (1, [])  # a quote that never ends leaves none
    head = list(cells)
    while head and not head[-1]:
        head.pop()
    sheet = Sheet(grid.file, grid.name, head, number, printed=place > 0, remarks=list(grid.remarks))
    sheet.remarks += [_unread(grid, n, row) for n, row in grid.rows[:place]]
    for n, row in grid.rows[place + 1 :]:
        filled = [c for c in row if c]
        if len(set(filled)) == 1 and len(head) > 1 and (row[0] or len(filled) > 1) and _NOTE.match(filled[0]):
            sheet.remarks.append(_unread(grid, n, row))
        elif any(row[len(head) :]) or (len(row) < len(head) and not grid.name):
            hint = "put a cell with a comma in double quotes" if len(row) > len(head) else "fill it up"
            problem = f"{len(row)} cells where the header has {len(head)}"
            sheet.issues.append(Issue(grid.file, n, None, None, problem, hint))
        else:
            sheet.rows.append(Line(n, (row + [""] * len(head))[: len(head)]))
    for n, column, issue in grid.issues:
        below = n > number and column < len(head) and head[column]
        sheet.issues.append(dataclasses.replace(issue, column=head[column]) if below and issue.column else issue)
    return sheet


def _unread(grid: Grid, number: int, cells: list[str]) -> str:
    text = " ".join(dict.fromkeys(c for c in cells if c))
    return f"{grid.file}, row {number}: not read: {text[:80]!r}."


def _spread(package: Package, grid: Grid) -> Sheet | None:
    """Turn a table whose columns are periods, places or indicators into a row a figure; None where it is none."""
    titles: dict[str, str] = {}
    remarks: list[str] = []
    place = 0
    while place < min(len(grid.rows), _SEARCHED) and not _heads(package, grid.rows[place][1], first=True):
        number, cells = grid.rows[place]
        if any(_NUMBER.fullmatch(numbers.folded(c)) for c in cells):
            return None
        told = {k: v for c in dict.fromkeys(filter(None, cells)) for k, v in _titled(package, c).items()}
        titles |= told
        remarks.append(
            f"{grid.file}, row {number}: read as {', '.join(f'{k} {v}' for k, v in told.items())}."
            if told else _unread(grid, number, cells)
        )  # fmt: skip
        place += 1
    first = place
    while place < len(grid.rows) and place < first + 3 and _heads(package, grid.rows[place][1], first=place == first):
        place += 1
    if place == first:
        return None
    heads = _combined(package, [cells for _, cells in grid.rows[first:place]], titles)
    if not any(facts for _, facts in heads[1:]):
        return None
    sheet = Sheet(grid.file, grid.name, _HEAD, grid.rows[place - 1][0], remarks=[*grid.remarks, *remarks])
    sheet.issues += [issue for _, _, issue in grid.issues]
    held = [[r[c] for _, r in grid.rows[place:] if c < len(r) and r[c]] for c in range(len(heads))]
    saying = {c for c, cells in enumerate(held) if any(_facts(package, one) for one in cells)}
    spread = _Spread(package, grid, sheet, heads[0][1] | titles, heads, saying)  # 汽车产量(万辆) above names of places
    for number, cells in grid.rows[place:]:
        spread.add(number, cells)
    for column, (text, facts) in enumerate(heads):
        told = facts or column in saying or text in {issue.column for issue in sheet.issues}
        if held[column] and not told and text.casefold() not in _UNIT:
            problem = f"{text!r} is no indicator, place, period or measure known here"
            sheet.remarks.append(f"{grid.file}, column {letter(column)}: not read: {problem}.")
    missing = [k for k in _ASKED if sheet.rows and not any(line.cells[_HEAD.index(k)] for line in sheet.rows)]
    if missing:
        lines = " and ".join(f"a line {_ASKED[k]}" for k in missing)
        raise DataError(
            f"{grid.file}: says nowhere of which {either(missing)} its figures are; add {lines} above the table."
        )
    return sheet


def _titled(package: Package, text: str) -> dict[str, str]:
    """What a title row says: ``指标：汽车产量(万辆)``, or a title with its unit."""
    if _NOTE.match(text):
        return {}
    found = _TITLE.match(text)
    if not found:
        unit = re.search(r"单位\s*[:：]\s*([^\s)）]+)", text)
        return _facts(package, text) or ({"unit": unit[1]} if unit and _is_unit(unit[1]) else {})
    if found[1].casefold() in ("单位", "unit"):
        return {"unit": found[2]} if _is_unit(found[2]) else {}
    return _facts(package, found[2])


def _heads(package: Package, cells: list[str], first: bool) -> bool:
    """Whether a row heads columns: it says something of at least one, and holds no figure.

    Beside a name that says something itself 2011.5 is a figure, and no May; below a head, 2011 is one, too.
    """
    beyond = [c for c in cells[1:] if c]
    if len(set(filter(None, cells))) == 1 and len(beyond) != 1:
        return False  # a title, its cell merged
    form = None if not cells[0] or not _facts(package, cells[0]) else r"(19|20)\d\d" if first else r"(?!)"
    told = [bool(_facts(package, c)) for c in beyond]
    bare = [bool(_NUMBER.fullmatch(numbers.folded(c))) for c in beyond]
    years = [form is None or bool(re.fullmatch(form, c)) for c in beyond]
    return any(told) and all(not b or (yes and year) for yes, b, year in zip(told, bare, years, strict=True))


def _combined(package: Package, rows: list[list[str]], titles: dict[str, str]) -> list[tuple[str, dict[str, str]]]:
    """What heads each column, and what that says; a head stands for the columns to its right, too."""
    width = max(map(len, rows))
    texts: list[list[str]] = [[] for _ in range(width)]
    for level, cells in enumerate(rows):
        last = ""
        for column in range(width):
            text = cells[column] if column < len(cells) else ""
            below = any(column < len(row) and row[column] for row in rows[level + 1 :])
            last = text or (last if below and column else "")
            if last and last not in texts[column]:
                texts[column].append(last)
    combined: list[tuple[str, dict[str, str]]] = []
    for told in texts:
        facts: dict[str, str] = {}
        for text in told:
            facts |= _facts(package, text)
        indicator = (facts | titles).get("indicator", "")
        named = [name for name, ids in package.names("indicators").items() if indicator in ids]
        strange = [t for t in told if not _facts(package, t) and not any(numbers.folded(t) in n for n in named)]
        if "months" in facts and not (facts | titles).get("period") and combined:
            facts |= {k: v[:4] for k, v in combined[-1][1].items() if k == "period"}  # 2025年11月, 1-11月
        if strange:
            facts = {}  # what it says more may be all that matters: 同期, 计划
        if facts.get("measure", "level") != "level" and combined and not facts.keys() & {"period", "months"}:
            facts |= {k: v for k, v in combined[-1][1].items() if k in ("period", "months")}  # 2025年, 比上年增长
        combined.append((" ".join(told), facts))
    return combined


@dataclasses.dataclass
class _Spread:
    """A table with a column a period, a place or an indicator, being turned into a row a figure.

    `heads` holds what heads each column and what that says, `saying` the columns whose cells say something, `section`
    what the last row without figures said: the rows below it are of that.
    """

    package: Package
    grid: Grid
    sheet: Sheet
    titles: dict[str, str]
    heads: list[tuple[str, dict[str, str]]]
    saying: set[int]
    section: dict[str, str] = dataclasses.field(default_factory=dict)

    def add(self, number: int, cells: list[str]) -> None:
        """Add the figures of one row."""
        stubs: dict[str, str] = {}
        unknown, figures = [], []
        for column, text in enumerate(cells[: len(self.heads)]):
            head, facts = self.heads[column]
            if facts and column:
                figures += [(column, text)] if text not in _BLANK else []
            elif text:
                told = {"unit": text} if head.casefold() in _UNIT else _facts(self.package, text)
                stubs |= told
                unknown += [] if told or text in _BLANK else [(column, text)]
        named = stubs.keys() & _ASKED.keys()
        if stubs and not figures:
            self.section = stubs  # a blank cell is no row
            return
        strange = [(c, t) for c, t in unknown if c in self.saying or not named]
        if (
            strange
            and not figures
            and not _NOTE.match(strange[0][1])
            and (self.section or numbers.parted_unit(strange[0][1])[1])
        ):
            self.section = dict.fromkeys(self.section or ["indicator"], strange[0][1])  # and not what stands above it
        if not figures or any(cells[len(self.heads) :]) or (strange and strange[0][1] in _TOTALS):
            self.sheet.remarks.append(_unread(self.grid, number, cells))
        elif strange:
            self._refuse(number, *strange[0])
        else:
            above = {} if named & self.section.keys() else self.section if named else {}
            for column, text in figures:
                self._figure(number, column, text, {"measure": "level"} | self.titles | above, stubs)

    def _refuse(self, number: int, column: int, text: str) -> None:
        close = nearest(
            numbers.folded(text).casefold(), [n for t in ("entities", "indicators") for n in self.package.names(t)]
        )
        remedy = (
            f"write {either(close)}" if close else "write a name of entities.csv or indicators.csv, or add it there"
        )
        head = self.heads[column][0] or letter(column)
        self.sheet.issues.append(Issue(self.grid.file, number, head, text, "is no name known here", remedy))

    def _figure(self, number: int, column: int, text: str, above: dict[str, str], stubs: dict[str, str]) -> None:
        head, own = self.heads[column]
        facts = above | stubs | own
        if facts["measure"] != "level" and "unit" not in stubs | own:
            facts["unit"] = "%"
        if facts.pop("cumulative", "") and re.fullmatch(r"\d{4}-(0[2-9]|1[0-2])", facts.get("period", "")):
            facts["period"] = f"{facts['period'][:4]}-01/{facts['period']}"
        if part := facts.pop("months", ""):
            year = facts.get("period", "")
            facts["period"] = period(f"{year}年{part}") if re.fullmatch(r"\d{4}", year) else part
        if text.endswith(("%", "％")):
            facts["unit"] = ""
        row = facts | {"value": text, "locator": self.grid.locator(number, column)}
        self.sheet.rows.append(Line(number, [row.get(k, "") for k in _HEAD], {"value": f"{letter(column)} {head}"}))


def _is_unit(text: str) -> bool:
    try:
        numbers.unit(text)
    except numbers.NumberFormatError:
        return False
    return True


def _facts(package: Package, text: str) -> dict[str, str]:
    """What a head or a title says: indicator, entity, period, measure, unit; nothing where a part is not known."""
    return dict(_read(package, numbers.without_notes(text)[0]))


@functools.lru_cache(maxsize=20_000)
def _read(package: Package, text: str) -> tuple[tuple[str, str], ...]:
    facts: dict[str, str] = {}
    text, unit = numbers.parted_unit(text)
    if not unit and text[1:] and text[-1:] in "%％":
        text, unit = text[:-1], "%"
    if unit:
        facts["unit"] = unit
    rest = text.strip(" _-、,，:：的")
    while rest:
        key, value, left = next(_peeled(package, rest), ("", "", rest))
        if not key or key in facts:
            return ()
        facts |= {"measure": value.split()[0], "cumulative": "yes"} if value.endswith(" cumulative") else {key: value}
        rest = left.strip(" _-、,，:：的")
    return tuple(facts.items())


def _peeled(package: Package, text: str) -> Iterator[tuple[str, str, str]]:
    """Take one thing off a head: what it says, and what is left."""
    word = numbers.folded(text).casefold()
    for key, name in (("indicator", "indicators"), ("entity", "entities")):
        ids = package.names(name).get(word, [])
        if len(ids) == 1:
            yield key, ids[0], ""
    if span_of(period(text)) and re.match(r"\d{4}", word):
        yield "period", period(text), ""
    if re.search(r"[\d一二三四上下]", text) and months(text):
        yield "months", text, ""
    for pattern, measure, cumulative in _MEASURES:
        if found := re.search(rf"(?:{pattern})$", text):
            yield "measure", measure + (" cumulative" if cumulative else ""), text[: found.start()]
            break
    if found := re.match(r"\d{4}年(?:[\d一二三四]+[-\u2014\u2013~至]?\d*(?:月份?|季度)|上半年|下半年)?", text):
        yield "period", period(found[0]), text[found.end() :]
    for length in range(len(text) - 1, 1, -1):
        ids = package.names("entities").get(numbers.folded(text[:length]).casefold(), [])
        if len(ids) == 1:
            yield "entity", ids[0], text[length:]
            break
