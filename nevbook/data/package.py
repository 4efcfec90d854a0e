"""The data package: finds its folder, judges what its descriptor may name, hands out its tables once read."""

from __future__ import annotations

import contextlib
import functools
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any, ParamSpec, TypeVar

from nevbook.common.errors import ChoiceError, DataError
from nevbook.data import tables
from nevbook.data.issues import Issue
from nevbook.data.tables import PACKAGE_FILE, Kind, Table

P, T = ParamSpec("P"), TypeVar("T")
_recorders: list[set[str]] = []
REVISION = 2  # of the schema that this nevbook reads; a change of columns is a new one
_DEEPEST = 16
_REFERENCES = ("$ref", "$schema", "profile", "schema", "dialect", "package", "control", "encoding")
_STANDARD = re.compile(  # names that frictionless knows without asking anybody
    r"https://datapackage\.org/profiles/[12]\.0/[a-z]+\.json|(tabular-)?data-(package|resource)|utf-8(-sig)?"
)
_MEND = "mend it as https://datapackage.org/standard/data-package/ says"


@contextlib.contextmanager
def recorded() -> Iterator[set[str]]:
    """Collect the names of the tables that are handed out meanwhile."""
    _recorders.append(set())
    try:
        yield _recorders[-1]
    finally:
        _recorders.pop()


def cached(load: Callable[P, T]) -> Callable[P, T]:
    """Cache a loader; whoever gets what it made of some tables has been handed out these."""

    @functools.lru_cache(maxsize=8)
    def made(*arguments: P.args, **named: P.kwargs) -> tuple[T, set[str]]:
        with recorded() as names:
            return load(*arguments, **named), names

    @functools.wraps(load)
    def hand_out(*arguments: P.args, **named: P.kwargs) -> T:
        found, names = made(*arguments, **named)
        for recorder in _recorders:
            recorder |= names
        return found

    return hand_out


def find_data(start: Path | str | None = None) -> Path:
    """Find the data folder by walking up to ``data/datapackage.json``."""
    here = Path(start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / "data" / PACKAGE_FILE).is_file():
            return folder / "data"
    raise DataError(
        f"no data/{PACKAGE_FILE} in {here} or above it. Run from the repository, or name the folder with data_dir."
    )


def data_folder(data_dir: Path | str | None) -> Path:
    """Return the data folder that was named, or the one found above."""
    if data_dir is None:
        return find_data()
    folder = Path(data_dir).expanduser().resolve()
    if not (folder / PACKAGE_FILE).is_file():
        raise ChoiceError(f"{folder} has no {PACKAGE_FILE}: name the folder that holds the data package.")
    return folder


class Package:
    """A data package whose description is sound; its tables are read when they are asked for, once."""

    def __init__(self, folder: Path, descriptor: dict[str, Any]) -> None:
        self.folder, self.descriptor = folder, descriptor
        self.resources: dict[str, dict[str, Any]] = {r["name"]: r for r in descriptor["resources"]}
        self._tables: dict[str, tuple[object, Table]] = {}

    def stamp(self, *names: str) -> tuple[object, ...]:
        """What changes with the files of some tables: their sizes and times."""
        return tuple(_stamp(self.folder / self.resources[n]["path"]) for n in names if n in self.resources)

    def look(self, name: str) -> Table:
        """Read a table with all its issues; read again where its file has changed."""
        stamp = self.stamp(name)
        if name not in self._tables or self._tables[name][0] != stamp:
            self._tables[name] = stamp, tables.read_csv(self.folder, self.resources[name])
        return self._tables[name][1]

    def table(self, name: str) -> Table:
        """Return a table in which form, text and ids are in order; raises DataError where they are not."""
        if name not in self.resources:
            raise DataError(f"{PACKAGE_FILE}: declares no table {name!r}; it has {', '.join(self.resources)}.")
        for recorder in _recorders:
            recorder.add(name)
        return self.sound(name)

    def sound(self, name: str) -> Table:
        """Return a table as `table` does, and tell no recorder of it."""
        found = self.look(name)
        if found.issues:
            raise DataError(f"{self.folder}: {found.issues[0]}. `nevbook check` lists every issue.")
        return found

    def rows(self, name: str) -> list[dict[str, str]]:
        """Return the rows of a table as text."""
        return list(self.table(name).rows.values())

    def objects(self, name: str, kind: type[Kind], **more: Callable[[dict[str, str]], object]) -> list[Kind]:
        """Return the rows of a table as objects of a class; see `Table.objects`."""
        table = self.table(name)
        if issue := columns_issue(table, tables.columns_of(kind)):
            raise DataError(f"{issue}.")
        return table.objects(kind, **more)


def columns_issue(table: Table, columns: tuple[str, ...]) -> Issue | None:
    """Tell of a table that is declared with other columns than nevbook reads, as that of another revision is."""
    if tuple(table.fields) == columns:
        return None
    problem = f"declares {table.name} with other columns than nevbook reads, of schemaRevision {REVISION}"
    remedy = f"declare {','.join(columns)} and move the cells there; CHANGELOG.md tells what a revision changed"
    return Issue(PACKAGE_FILE, None, "fields", ",".join(table.fields), problem, remedy)


def _stamp(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_size, found.st_mtime_ns


@functools.lru_cache(maxsize=8)
def _look(folder: Path, stamp: tuple[int, int]) -> tuple[Package | None, tuple[Issue, ...]]:
    descriptor, problem, remedy = _read(folder)
    issues = [Issue(PACKAGE_FILE, None, None, None, problem, remedy)] if problem else list(_issues(descriptor))
    return (None if issues else Package(folder, descriptor)), tuple(issues)


def look_package(data_dir: Path | str | None = None) -> tuple[Package | None, tuple[Issue, ...]]:
    """Read a package, or what is wrong with its description."""
    folder = data_folder(data_dir)
    return _look(folder, _stamp(folder / PACKAGE_FILE))


def open_package(data_dir: Path | str | None = None) -> Package:
    """Read a package; raises DataError where something is wrong with its description."""
    package, issues = look_package(data_dir)
    if package is None:
        raise DataError(f"{data_folder(data_dir)}: {issues[0]}.")
    return package


def readable_folder(data_dir: Path | str | None) -> Path:
    """Return the data folder once every table can be read, also those that nobody has asked for yet."""
    package = open_package(data_dir)
    for name in package.resources:
        package.sound(name)
    return package.folder


def read_descriptor(folder: Path) -> dict[str, Any]:
    """Return what ``datapackage.json`` holds; not to be written to."""
    return open_package(folder).descriptor


def read_table(folder: Path, name: str) -> list[dict[str, str]]:
    """Return the rows of a table as text; see `Package.table`."""
    return open_package(folder).rows(name)


def _read(folder: Path) -> tuple[dict[str, Any], str, str]:
    """Read ``datapackage.json``; beside it, what is wrong with the file and what would do."""
    if problem := tables.file_problem(folder, PACKAGE_FILE):
        return {}, problem, "put the file there"
    try:
        found = json.loads((folder / PACKAGE_FILE).read_text(encoding="utf-8-sig"))
    except RecursionError:
        return {}, "is nested too deep", "flatten it"
    except (OSError, ValueError) as error:
        return {}, f"is no JSON ({error})", "mend the file"
    if not isinstance(found, dict):
        return {}, "is no JSON object", "begin it with { and end it with }"
    return found, "", ""


def _walk(value: object, key: str = "", depth: int = 0) -> Iterator[tuple[str, object, int]]:
    """Every value of a description, with the name that it goes by."""
    yield key, value, depth
    if depth > _DEEPEST:
        return
    for name, child in value.items() if isinstance(value, dict) else ():
        yield "", name, depth
        yield from _walk(child, name, depth + 1)
    for child in value if isinstance(value, list) else ():
        yield from _walk(child, key, depth + 1)


def _issues(descriptor: dict[str, Any]) -> Iterator[Issue]:
    """What in a description could reach outside the folder, name no file, or stop a reader."""

    def issue(what: str | None, value: object, problem: str, remedy: str) -> Issue:
        return Issue(PACKAGE_FILE, None, what, None if value is None else str(value), problem, remedy)

    for key, value, depth in _walk(descriptor):
        if depth > _DEEPEST:
            yield issue(None, None, "is nested too deep", "flatten it")
            return
        if isinstance(value, str):
            bad = tables.UNSAFE.search(value.replace("\n", "")) or re.search("[\ud800-\udfff]", value)
            if bad:
                yield issue(key, value, f"holds the character U+{ord(bad[0]):04X}", "remove it")
            elif key in _REFERENCES and not _STANDARD.fullmatch(value):
                yield issue(key, value, "refers to another place, which nobody reads", f"write the {key} itself there")
    if not tables.is_name(str(descriptor.get("name", ""))):
        yield issue("name", descriptor.get("name"), "is no name of a package", tables.NAME_REMEDY)
    for key in ("title", "description"):
        if not isinstance(descriptor.get(key), str):
            yield issue(key, None, f"has no {key}", f"write the {key}")
    licences = descriptor.get("licenses")
    if not isinstance(licences, list) or not licences or not all(isinstance(x, dict) for x in licences):
        yield issue("licenses", None, "names no licence", _MEND)
    resources = descriptor.get("resources")
    if not isinstance(resources, list):
        yield issue("resources", None, "is no list of tables", _MEND)
        return
    names, paths = set(), set()
    for resource in resources:
        told = resource if isinstance(resource, dict) else {"name": ""}
        name, path = str(told.get("name", "")), told.get("path")
        if not tables.is_name(name) or name.casefold() in names:
            problem = "names a second table" if name.casefold() in names else "is no name of a table"
            yield issue("resources", name, problem, tables.NAME_REMEDY)
        elif not isinstance(path, str) or not _is_path(path) or path.casefold() in paths:
            remedy = "write one path of its own inside the folder, as in markets/facts.csv"
            yield issue("path", path, f'is not safe: path "{path}" of {name}', remedy)
        elif problem := _schema_problem(told.get("schema"), told.get("revision", {})):
            yield issue("resources", name, f"declares {name} {problem}", _MEND)
        names.add(name.casefold())
        paths.add(str(path).casefold())


def _is_path(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return path == "/".join(parts) and path.endswith(".csv") and all(map(tables.is_name, parts))


def _schema_problem(schema: object, revision: object) -> str:
    """Say what of a schema nevbook could not read; the rest is left to frictionless."""
    fields = schema.get("fields") if isinstance(schema, dict) else None
    if not isinstance(schema, dict) or not isinstance(fields, list) or not fields:
        return "without a schema that has fields"
    if not all(isinstance(f, dict) and isinstance(f.get("name"), str) and f["name"] for f in fields):
        return "with a field that has no name"
    names = [f["name"] for f in fields]
    if len(set(names)) < len(names):
        return "with two fields of one name"
    if not all(isinstance(f.get("constraints", {}), dict) and isinstance(f.get("type", ""), str) for f in fields):
        return "with a field whose type or constraints cannot be read"
    if schema.get("missingValues", [""]) != [""]:
        return "with other missing values than the empty cell"
    try:
        keys = [k["fields"] for k in schema.get("foreignKeys", [])] + schema.get("uniqueKeys", [])
        used = {c for k in [*keys, schema.get("primaryKey", [])] for c in tables.column_names(k)}
        references = [k["reference"] for k in schema.get("foreignKeys", [])]
        named = [c for r in references for c in (r.get("resource", ""), *tables.column_names(r["fields"]))]
        used |= {c for key in ("thing", "says", "id") for c in revision.get(key, [])}  # type: ignore[attr-defined]
    except (KeyError, TypeError, AttributeError):
        return "with a key that cannot be read"
    if not used <= set(names) or not all(isinstance(n, str) for n in named):
        return "with a key of columns that it has not"
    return ""
