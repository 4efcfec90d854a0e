"""Files spoiled at random: never a traceback, never a hang, never a figure other than the one in the file."""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
import re
import shutil
import signal
import time
import unicodedata
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from nevbook.common.errors import NevbookError
from nevbook.data.ingest.add import Added, add
from tests.data.ingest.test_add import SOURCE

HEAD = ["indicator", "entity", "period", "value", "unit", "basis", "source", "locator"]
SCALES = {"万辆": 10_000, "辆": 1, "%": 1, "亿元": 10**8, "": 1}
ROWS = [
    ["vehicle_exports_units", "重庆", "2025年11月", "6.05", "万辆", "customs", SOURCE, "p1"],
    ["vehicle_exports_units", "chongqing", "2025-10", "59,300", "辆", "customs", SOURCE, "p2"],
    ["vehicle_exports_value", "重庆市", "2025年", "684.2", "亿元", "customs", SOURCE, "p3"],
    ["nev_penetration", "全国", "2025年1-11月", "47.5", "%", "caam", SOURCE, "p4"],
]
STRANGE = [*"\0\x07\x1b\ufffd\u202e\u200b\ufeff①¹₂*=+-@,;\"'\n\r\t０９.。，万亿%％‰½-/\\"]
STRANGE += ["1e999", "NaN", "inf", "[1]", "（注1）", "9" * 40_000, "--", "=1+1", "2227", "<!ENTITY", "\ud83d\ude97"]


def as_csv(chance: random.Random) -> bytes:
    held = io.StringIO()
    csv.writer(held).writerows([HEAD, *ROWS])
    text = held.getvalue()
    for _ in range(chance.randrange(1, 4)):
        place = chance.randrange(len(text))
        text = text[:place] + chance.choice(["", *STRANGE]) + text[place + chance.randrange(3) :]
    encoding = chance.choice(["utf-8"] * 6 + ["gb18030", "big5", "utf-16", "cp932", "cp949", "cp1252"])
    content = text.encode(encoding, "ignore")
    if chance.random() < 0.3:
        place = chance.randrange(len(content))
        content = content[:place] + bytes([chance.randrange(256)]) + content[place + 1 :]
    return content[: chance.randrange(len(content))] if chance.random() < 0.1 else content


def as_xlsx(chance: random.Random) -> bytes:
    book = openpyxl.Workbook()
    for row in [HEAD, *ROWS]:
        number = row[3].replace(",", "")
        book.active.append([*row[:3], float(number) if re.fullmatch(r"[\d.]+", number) else row[3], *row[4:]])
    for cell in book.active["D"][1:]:
        cell.number_format = chance.choice(["General", "0.00", "#,##0.0", '0"万"0000', '0"¹"', "0.0‰", "0.0;0.0", "@"])
    held = io.BytesIO()
    book.save(held)
    if chance.random() < 0.3:  # the archive itself
        content = bytearray(held.getvalue())
        for _ in range(chance.randrange(1, 5)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        return bytes(content)
    with zipfile.ZipFile(held) as read:
        parts = {name: read.read(name) for name in read.namelist()}
    name = chance.choice(["xl/worksheets/sheet1.xml"] * 4 + sorted(parts))
    text = parts[name].decode("utf-8")
    for _ in range(chance.randrange(1, 4)):
        place = chance.randrange(len(text))
        text = text[:place] + chance.choice(["", *STRANGE]) + text[place + chance.randrange(4) :]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for part, content in (parts | {name: text.encode("utf-8", "ignore")}).items():
            made.writestr(part, content)
    return out.getvalue()


def digits(text: str) -> str:
    """The digits of a number, without the marks of notes and the zeros around it."""
    plain = re.sub(r"[\[（(](?:注)?\d+[\]）)]\s*$", "", text)
    plain = "".join(c for c in plain if unicodedata.category(c) != "No")
    found = re.search(r"\d[\d,. ]*", unicodedata.normalize("NFKC", plain))
    return re.sub(r"\D", "", found[0]).strip("0") if found else ""


def wrong(done: Added) -> Iterator[str]:
    """What was stored that is not what stands in the file, by another reckoning than that of the package."""
    for change in done.changes:
        if change.table == "observations":
            raw, cells = change.row.raw, change.cells
            value = Decimal(cells["value"])
            if digits(f"{value:f}") != digits(raw["value"]):
                yield f"{raw} became {cells}"
            unit = unicodedata.normalize("NFKC", raw.get("unit", ""))
            number = unicodedata.normalize("NFKC", raw["value"]).replace(",", "").strip()
            if unit in SCALES and re.fullmatch(r"\d+(\.\d+)?", number) and Decimal(number) * SCALES[unit] != value:
                yield f"{raw} became {cells}"


@contextmanager
def at_most(seconds: int) -> Iterator[None]:
    def stop(*_: object) -> None:
        raise TimeoutError(f"still at work after {seconds} seconds of its own")

    previous = signal.signal(signal.SIGVTALRM, stop)  # the time of this process, however busy the machine
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, previous)


def spoil(folder: Path, place: Path, seed: int, seconds: float) -> tuple[int, int]:
    """Hand in spoiled files for a while; returns how many, and how many rows of them were taken."""
    until, files, taken = time.monotonic() + seconds, 0, 0
    while time.monotonic() < until:
        chance = random.Random(seed + files)
        make, ending = chance.choice([(as_csv, "csv"), (as_xlsx, "xlsx")])
        file = place / f"new.{ending}"
        file.write_bytes(make(chance))
        files += 1
        try:
            with at_most(10):
                done = add(file, data_dir=folder, dry_run=True, recorded=dt.date(2026, 12, 1))
        except NevbookError as error:
            assert "\0" not in str(error) and len(str(error)) < 200_000, seed + files - 1
            continue
        assert not list(wrong(done)), (seed + files - 1, list(wrong(done)))
        taken += done.new
    return files, taken


@pytest.fixture(scope="module")
def bench(little: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(little, tmp_path_factory.mktemp("mutations") / "data"))


def test_spoiled_files_for_some_seconds(bench: Path, tmp_path: Path) -> None:
    files, _ = spoil(bench, tmp_path, 20261125, 6)
    assert files > 2


@pytest.mark.slow
def test_spoiled_files_for_five_minutes(bench: Path, tmp_path: Path) -> None:
    files, taken = spoil(bench, tmp_path, int(time.time()), 300)
    assert files > 50 and taken > 10


def test_the_reckoning_finds_a_figure_that_differs(
    bench: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (tmp_path / "new.csv").open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([HEAD, *ROWS])
    done = add(tmp_path / "new.csv", data_dir=bench, dry_run=True, recorded=dt.date(2026, 12, 1))
    assert done.new == 4 and not list(wrong(done))
    for change, value in zip(done.changes, ("605000", "593001", "684200000", "47.51"), strict=True):
        change.cells["value"] = value
    assert len(list(wrong(done))) >= 4
