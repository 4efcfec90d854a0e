"""Commands about the data: check, add, template, missing, audit, export."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from nevbook.cli.options import command, option, past
from nevbook.common import config
from nevbook.data.package import find_data


def _check(args: argparse.Namespace) -> int:
    from nevbook.data.validation.check import check

    issues = check(Path(args.data) if args.data else None)
    for issue in issues:
        print(issue)
    if issues:
        print(f"{len(issues)} issue{'s' if len(issues) > 1 else ''}", file=sys.stderr)
    else:
        print("no issue")
    return 1 if issues else 0


def _add(args: argparse.Namespace) -> int:
    from nevbook.cli.data_text import conflicts, told
    from nevbook.common.i18n import gettext as _
    from nevbook.data.ingest.add import add

    done = add(
        Path(args.file),
        Path(args.sources) if args.sources else None,
        Path(args.data) if args.data else None,
        args.dry_run,
        args.recorded,
        args.sheet,
        args.table,
        dict(args.accept or ()),
        {name: given for name in ("basis", "source") if (given := getattr(args, name))},
        args.encoding,
    )
    for remark in done.remarks:
        print(remark)
    fresh = conflicts(done)
    for line in told(done, fresh):
        print(line)
    template = _("{new} new, {revised} revised, {known} known already; {conflicts} new conflicts")
    if args.dry_run:
        template = _(
            "would be {new} new, {revised} revised, {known} known already; {conflicts} new conflicts; nothing changed"
        )
    print(template.format(new=done.new, revised=done.revised, known=done.known, conflicts=len(fresh)))
    return 0


def _missing(args: argparse.Namespace) -> int:
    from nevbook.analysis.missing import missing, questions
    from nevbook.cli.data_text import awaited_line, question_line
    from nevbook.common.i18n import gettext as _
    from nevbook.data.dataset import load

    data = load(args.data)
    found = missing(data, args.year, args.region)
    for one in found:
        print(awaited_line(data, one))
    for row in questions(data, args.year, args.region):
        print(question_line(row))
    print(_("{n} series of {before} have no value for {year} yet", n=len(found), before=args.year - 1, year=args.year))
    return 0


def _template(args: argparse.Namespace) -> int:
    from nevbook.common.formatting import listing
    from nevbook.common.i18n import gettext as _
    from nevbook.data.ingest.columns import Package
    from nevbook.data.ingest.template import write
    from nevbook.data.package import data_folder

    extra = {"tables": args.table} if args.table else {}
    path = Path(args.file)
    write(Package(data_folder(args.data)), path, **extra)
    sheets = listing(args.table or ["observations", "sources"])
    print(_("{path}: fill in {sheets}, then run nevbook add {path}", path=path, sheets=sheets))
    return 0


def _accepted(text: str) -> tuple[str, str]:
    one, _, reason = text.partition("=")
    if not one.strip() or not reason.strip():
        raise argparse.ArgumentTypeError(f"{text!r} is no acceptance; write ID=REASON, the id as nevbook add prints it")
    return one.strip(), reason.strip()


def _audit(args: argparse.Namespace) -> int:
    from nevbook.analysis.audit import audit
    from nevbook.analysis.audit.findings import AMBIGUOUS, CONFLICTS, CROSSES, VERDICTS
    from nevbook.data.dataset import check_choices, load
    from nevbook.data.package import data_folder
    from nevbook.report import findings
    from nevbook.report.quantity_text import Register

    folder = data_folder(args.data)
    data = load(folder)
    day = max(r.recorded for r in data.observations)
    year = args.year or max(data.years(config.DEFAULT_REGION))
    if args.year:
        check_choices(data, year, config.DEFAULT_REGION)
        day = config.as_of(folder, year, config.DEFAULT_REGION) or day
        data = data.vintage(year, day)
    found = audit.audit(data, year)
    if args.json:
        print(findings.as_json(data, found, year, day), end="")
        return 0
    register = Register(data)
    for finding in found:
        if args.all or finding.verdict in (CONFLICTS, CROSSES, AMBIGUOUS):
            print(f"{finding.verdict}: {findings.sentence(finding, register).text}")
    tally = audit.counts(found)
    print(f"{len(found)} findings: " + ", ".join(f"{tally[v]} {v}" for v in reversed(VERDICTS)))
    return 0


def _export(args: argparse.Namespace) -> int:
    from nevbook.common.files import writable_place, writing
    from nevbook.common.i18n import gettext as _
    from nevbook.data.dataset import check_choices, load
    from nevbook.data.package import PACKAGE_FILE, data_folder
    from nevbook.export.package import write_all
    from nevbook.export.parquet import write_parquet
    from nevbook.export.tables import tables

    folder = data_folder(args.data) if args.data else find_data()
    out = writable_place(args.to, "export", folder)
    data, edition = load(folder), None
    if args.year or args.region:
        region = args.region or config.DEFAULT_REGION
        year = args.year or max(data.years(data.region(region).id))
        check_choices(data, year, region)
        day = config.as_of(folder, year, region) or max(r.recorded for r in data.observations)
        data = data.vintage(year, day)
        edition = {"year": year, "region": region, "as_of": day.isoformat()}
    with writing(out):
        written = write_all(data, folder, out, edition)
        write_parquet(tables(data, folder), out)
    n = sum(p.suffix == ".csv" for p in written)
    print(_("{path}: {n} tables as a data package, JSON, SQLite and Parquet", path=out / PACKAGE_FILE, n=n))
    return 0


def register(commands: argparse._SubParsersAction) -> None:
    """Add the commands to the command line."""
    command(commands, "check", _check, "list what is wrong with the data, one line an issue", "", "--data")
    add = command(
        commands, "add", _add, "merge new rows into the dataset: all of them, or none", "new.xlsx --dry-run", "--data"
    )
    add.add_argument("file", metavar="FILE", help="CSV or XLSX with the columns of a table, English or Chinese")
    add.add_argument("--sources", metavar="FILE", help="the same for sources that are not known yet")
    add.add_argument("--sheet", metavar="NAME", help="sheet of the XLSX (default: those named like tables)")
    add.add_argument("--table", metavar="NAME", help="table that the rows are for (default: told by the columns)")
    add.add_argument("--recorded", type=past, metavar="DATE", help="day for rows that name none (default: today)")
    add.add_argument("--basis", metavar="B", help="basis of the rows that name none, an id of bases.csv")
    add.add_argument("--source", metavar="S", help="source of the rows that name none, an id of sources.csv")
    add.add_argument("--encoding", metavar="E", help="of a CSV file, as gb18030 or cp1252 (default: told by its bytes)")
    text = "keep a figure that is held to be implausible, and say why; may be repeated"
    add.add_argument("--accept", action="append", type=_accepted, metavar="ID=REASON", help=text)
    add.add_argument("--dry-run", action="store_true", help="say what it would mean, change nothing")
    template = command(
        commands, "template", _template, "write a spreadsheet to fill in, for nevbook add", "2026.xlsx", "--data"
    )
    template.add_argument("file", metavar="FILE.xlsx", help="where it goes; must not exist")
    template.add_argument("--table", action="append", metavar="NAME", help="sheet for this table; may be repeated")
    text = "list last year's series that have no value for a year yet"
    missing = command(commands, "missing", _missing, text, "--year 2026", "--data")
    option(missing, "--year", required=True, help="the year to be filled")
    option(missing, "--region", help="only this entity and what belongs to it")
    text = "say which figures agree, which do not, which cannot be checked"
    audit = command(commands, "audit", _audit, text, "--year 2025 --all", "--data", "--json")
    option(audit, "--year", help="audit what the edition of this year sees")
    audit.add_argument("--all", action="store_true", help="print the findings that reconcile, too")
    text = "write the dataset, or what an edition sees of it, to reuse"
    export = command(commands, "export", _export, text, "--to out/data --year 2025", "--data", "--region")
    export.add_argument(
        "--to", required=True, metavar="DIR", help="folder for the data package, JSON, SQLite and Parquet"
    )
    option(export, "--year", help="what the edition of this year sees (default: all rows)")
