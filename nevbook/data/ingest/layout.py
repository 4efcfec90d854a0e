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
_TITLE = re.compile(r"^\s*(单位|指标|地区|时间|时期|省份|region|indicator|unit|period)\s*[:：]\s*(.+)$", re.IGNORECASE)
_NOTE = re.compile(r"^\s*[(（]?\s*(注|说明|备注|资料来源|数据来源|来源|note|source|remark)", re.IGNORECASE)
_MEASURES = (  # what a statistics office calls a measure, and whether it runs from January
    (r"累计(?:同比)?(?:增长|增速|同比)(?:速度|率)?", "yoy_growth", True),
    (r"(?:同比|比上年(?:同期)?)(?:增长|增速)?(?:速度|率)?|增长速度|增速|增长率?", "yoy_growth", False),
    (r"累计(?:值|数|绝对值)?|本年累计", "level", True),
    (r"当期值|当期|当月值?|本月|本期|绝对值|绝对量|数值", "level", False),
)
_TOTALS = ("合计", "总计", "小计", "total", "Total")  # of what the table happens to list
_BLANK = ("", "-", "--", "\N{EM DASH}", "\N{EN DASH}", "…", "...", "/")
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
    number, cells = grid.rows[place]
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
    while place < len(grid.rows) and len(set(filter(None, grid.rows[place][1]))) == 1:
        number, cells = grid.rows[place]
        told = _titled(package, next(c for c in cells if c))
        titles |= told
        remarks.append(
            f"{grid.file}, row {number}: read as {', '.join(f'{k} {v}' for k, v in told.items())}."
            if told else _unread(grid, number, cells)
        )  # fmt: skip
        place += 1
    first = place
    while place < len(grid.rows) and place < first + 3 and _heads(package, grid.rows[place][1]):
        place += 1
    if place == first:
        return None
    heads = _combined(package, [cells for _, cells in grid.rows[first:place]])
    if not any(facts for _, facts in heads[1:]):
        return None
    sheet = Sheet(grid.file, grid.name, _HEAD, grid.rows[place - 1][0], remarks=[*grid.remarks, *remarks])
    sheet.issues += [issue for _, _, issue in grid.issues]
    for number, cells in grid.rows[place:]:
        _spread_row(package, grid, sheet, titles, heads, number, cells)
    sheet.remarks += [
        f"{grid.file}, column {letter(c)}: not read: {text!r} is no indicator, place, period or measure known here."
        for c, (text, facts) in enumerate(heads)
        if c
        and text
        and not facts
        and any(c < len(r) and _NUMBER.fullmatch(numbers.folded(r[c])) for _, r in grid.rows[place:])
    ]
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


def _heads(package: Package, cells: list[str]) -> bool:
    """Whether a row heads columns: it says something of at least one, and holds no figure."""
    beyond = [c for c in cells[1:] if c]
    told = [bool(_facts(package, c)) for c in beyond]
    return any(told) and all(
        yes or not _NUMBER.fullmatch(numbers.folded(c)) for c, yes in zip(beyond, told, strict=True)
    )


def _combined(package: Package, rows: list[list[str]]) -> list[tuple[str, dict[str, str]]]:
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
    combined = []
    for told in texts:
        facts: dict[str, str] = {}
        for text in told:
            facts |= _facts(package, text)
        combined.append((" ".join(told), facts))
    return combined


def _spread_row(
    package: Package, grid: Grid, sheet: Sheet, titles: dict[str, str], heads: list, number: int, cells: list[str]
) -> None:
    """Add the figures of one row."""
    stubs: dict[str, str] = {}
    unknown = []
    values = [(column, c) for column, c in enumerate(cells) if column < len(heads) and heads[column][1] and column]
    for column, text in enumerate(cells[: len(heads)]):
        if heads[column][1] and column or not text:
            continue
        told = {"unit": text} if heads[column][0] in ("单位", "unit", "计量单位") else _facts(package, text)
        stubs |= told
        unknown += [] if told else [(column, text)]
    figures = [(column, c) for column, c in values if c not in _BLANK]
    if not figures or any(cells[len(heads) :]):
        if not figures and stubs:
            return  # a blank cell is no row
        sheet.remarks.append(_unread(grid, number, cells))
        return
    if not stubs and unknown and unknown[0][1] in _TOTALS:
        sheet.remarks.append(_unread(grid, number, cells))
    elif not stubs and unknown:
        column, text = unknown[0]
        names = [n for t in ("entities", "indicators") for n in package.names(t)]
        close = nearest(numbers.folded(text).casefold(), names, n=1)
        remedy = f"write {close[0]}" if close else "write a name of entities.csv or indicators.csv, or add it there"
        issue = Issue(grid.file, number, heads[column][0] or letter(column), text, "is no name known here", remedy)
        sheet.issues.append(issue)
    for column, text in figures if stubs or not unknown else ():
        facts = {"measure": "level"} | titles | stubs | heads[column][1]
        if facts["measure"] != "level" and "unit" not in stubs | heads[column][1]:
            facts["unit"] = "%"
        if facts.pop("cumulative", "") and re.fullmatch(r"\d{4}-(0[2-9]|1[0-2])", facts.get("period", "")):
            facts["period"] = f"{facts['period'][:4]}-01/{facts['period']}"
        if part := facts.pop("months", ""):
            year = facts.get("period", "")
            facts["period"] = period(f"{year}年{part}") if re.fullmatch(r"\d{4}", year) else part
        row = facts | {"value": text, "locator": grid.locator(number, column)}
        if text.endswith(("%", "％")):
            row["unit"] = ""
        names = {"value": f"{letter(column)} {heads[column][0]}"}
        sheet.rows.append(Line(number, [row.get(k, "") for k in _HEAD], names))


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
