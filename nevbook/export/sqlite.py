"""The SQLite file: the tables, views of the markets, a full-text index, descriptions for Datasette."""

from __future__ import annotations

import contextlib
import json
import re
import sqlite3
from collections.abc import Iterable
from pathlib import Path

from nevbook.analysis.markets.describe import describe
from nevbook.common.errors import DataError
from nevbook.common.files import whole
from nevbook.common.i18n import N_, gettext as _
from nevbook.data.dataset import Dataset
from nevbook.data.markets.dataset import TABLES, Markets
from nevbook.data.markets.models import FRESH
from nevbook.data.names import also_named
from nevbook.data.package import read_descriptor
from nevbook.data.tables import Table, column_names
from nevbook.export.tables import database_name, markets_of, tables

METADATA = "datasette.json"
_TABLES = {  # what is computed in Python
    "belongs": "market TEXT, place TEXT",
    "fact_freshness": "fact TEXT PRIMARY KEY, freshness TEXT",
    "event_markets": "market TEXT, event TEXT",
    "event_days": ("event TEXT PRIMARY KEY, first_day TEXT, last_day TEXT, surely_from TEXT, state TEXT, weak INTEGER"),
    "coverage": (
        "market TEXT NOT NULL REFERENCES countries (id), topic TEXT NOT NULL,"
        " known INTEGER NOT NULL, stale INTEGER NOT NULL, missing INTEGER NOT NULL, PRIMARY KEY (market, topic)"
    ),
}
_VIEWS = {
    "market_facts": """
SELECT b.market, c.name AS market_name, a.topic, f.attribute, a.name, a.name_zh, f.period, f.qualifier, f.value,
  CASE a.datatype WHEN 'number' THEN CAST(f.value AS REAL) END AS number, a.unit, f.kind,
  coalesce(h.freshness, 'fresh') AS freshness, f.market AS told_of, f.recorded, f.checked, f.contributor, f.note, f.id,
  (SELECT group_concat(source, ';') FROM fact_sources s WHERE s.fact = f.id) AS sources
FROM facts f JOIN belongs b ON b.place = f.market JOIN countries c ON c.id = b.market
  JOIN attributes a ON a.id = f.attribute LEFT JOIN fact_freshness h ON h.fact = f.id""",
    "dated_events": """
SELECT e.*, d.first_day, d.last_day, d.surely_from FROM events e JOIN event_days d ON d.event = e.id""",
    "market_events": """
SELECT m.market, c.name AS market_name, e.title, d.state,
  e.direction, e.effective_from, e.effective_to, e.ending, e.status, e.measure, e.value, e.unit, e.duty_role,
  e.powertrains, e.makers, e.origins, e.applies_to, e.market AS told_of, e.topic, e.recorded, e.checked,
  e.contributor, e.note, e.id, d.weak,
  (SELECT group_concat(source, ';') FROM event_sources s WHERE s.event = e.id) AS sources
FROM events e JOIN event_days d ON d.event = e.id JOIN event_markets m ON m.event = e.id
  JOIN countries c ON c.id = m.market""",
}
_ABOUT = {
    "edition": N_("The day, year and region of the edition."),
    "belongs": N_("Each market with itself and the blocs that it belongs to on the day of the edition."),
    "fact_freshness": N_("The facts that are stale or undated on the day of the edition; all others are fresh."),
    "event_markets": N_("Each event with the markets in which it holds, those of blocs while they are members."),
    "event_days": N_("First and last possible day of each event that no later row revises, and its state."),
    "coverage": N_("What is known, stale or missing of each market, by topic: number of attributes."),
    "market_facts": N_("Facts by market, those of its blocs too, with name, unit, freshness and sources."),
    "dated_events": N_("Events with their first and last possible day."),
    "market_events": N_(
        "Events by market, those of blocs while it is a member, with their state on the day of the edition."
    ),
}
_SEARCH = {  # what a hit in a table is, the columns that are searched, those shown as market, about, text
    "facts": ("fact", "market, attribute, value, note", "market, attribute AS about, value AS text"),
    "events": ("event", "market, title, title_zh, applies_to, note", "market, title, applies_to"),
    "sources": ("source", "id, title, publisher", "'', title, publisher"),
    "countries": ("market", "id, name, capital, note", "id, name, region"),
    "indicators": ("indicator", "id, name, name_zh, definition", "'', name, definition"),
    "entities": ("entity", "id, name, name_zh", "'', name, name_zh"),
    "claims": ("claim", "id, claim, note", "'', claim, note"),
    "glossary": ("term", "term, term_zh, forms, definition", "'', term, definition"),
}
# Each word in quotes, so that no sign in it is syntax; of Chinese each pair of characters.
_ASKED = """WITH RECURSIVE cut (rest, asked, was) AS (
        SELECT replace(:words, '"', ' ') || '  ', '', 0
        UNION ALL SELECT substr(rest, 2), asked || CASE
          WHEN substr(rest, 1, 1) < '\u3400' OR substr(rest, 1, 1) > '\u9fff' THEN substr(rest, 1, 1)
          WHEN substr(rest, 2, 1) BETWEEN '\u3400' AND '\u9fff' THEN ' ' || substr(rest, 1, 2) || ' '
          WHEN was THEN '' ELSE ' ' || substr(rest, 1, 1) END, substr(rest, 1, 1) BETWEEN '\u3400' AND '\u9fff'
        FROM cut WHERE length(rest) > 1),
        match (words) AS (
          SELECT '"' || replace(trim(asked), ' ', '" "') || '"' FROM cut ORDER BY length(rest) LIMIT 1)"""
_HITS = """SELECT '{kind}' AS kind, id, {shown}, hits.rank AS rank FROM {table} JOIN (SELECT rowid AS place, rank
        FROM {table}_fts WHERE {table}_fts MATCH (SELECT words FROM match)) AS hits ON place = {table}.rowid"""
_CHINESE = re.compile("[\u3400-\u9fff]+")


def _search(names: Iterable[str]) -> str:
    """Return the query that searches all tables of a package."""
    hits = (_HITS.format(kind=_SEARCH[n][0], shown=_SEARCH[n][2], table=n) for n in names if n in _SEARCH)
    return f"""{_ASKED}, found (kind, id, market, about, text, rank) AS ({" UNION ALL ".join(hits)})
        SELECT * FROM found
        ORDER BY lower(trim(:words)) IN (lower(id), lower(about), lower(text)) DESC, rank LIMIT 200"""


def _pairs(*cells: str | None) -> str:
    """Return the pairs of neighbouring Chinese characters: SQLite takes a run of them for one word."""
    runs = _CHINESE.findall(" ".join(c for c in cells if c))
    return " ".join(run[n : n + 2] for run in runs for n in range(max(len(run) - 1, 1)))


def finish(base: sqlite3.Connection, markets: Markets | None, edition: dict[str, object]) -> None:
    """Add to a database of the tables what makes it handy to query."""
    base.execute("BEGIN")
    base.execute("CREATE TABLE edition (as_of TEXT NOT NULL, year INTEGER, region TEXT)")
    base.execute(
        "INSERT INTO edition VALUES (?, ?, ?)", (edition.get("as_of"), edition.get("year"), edition.get("region"))
    )
    if markets is not None:
        for name, rows in _computed(markets).items():
            base.execute(f"CREATE TABLE {name} ({_TABLES[name]})")
            for row in rows:
                base.execute(f"INSERT INTO {name} VALUES ({', '.join('?' * len(row))})", row)
        for name, query in _VIEWS.items():
            base.execute(f"CREATE VIEW {name} AS{query}")
        base.create_function("pairs", -1, _pairs, deterministic=True)
        also: dict[str, str] = {}
        for name, place in also_named(markets.folder, "countries"):
            also[place] = f"{also.get(place, '')} {name}"
        base.create_function("also_named", 1, lambda place: also.get(place, ""))
        there = {name for (name,) in base.execute("SELECT name FROM sqlite_master")}
        for table, (_kind, columns, _shown) in ((n, x) for n, x in _SEARCH.items() if n in there):
            names = "also_named(id)" if table == "countries" else "''"
            base.execute(
                f"CREATE VIRTUAL TABLE {table}_fts USING fts5"
                f" ({columns}, also, pairs, content='', tokenize='porter unicode61')"
            )
            base.execute(
                f"INSERT INTO {table}_fts (rowid, {columns}, also, pairs)"
                f" SELECT rowid, {columns}, {names}, pairs({columns}, {names}) FROM {table}"
            )
    base.execute("COMMIT")


def _computed(markets: Markets) -> dict[str, list[tuple]]:
    places, day = markets.places, markets.as_of
    return {
        "belongs": [(p, place) for p in places for place in (p, *markets.blocs(p))],
        "fact_freshness": [(f.id, age) for f in markets.facts if (age := markets.freshness(f)) != FRESH],
        "event_markets": [(p, e.id) for p in places for e in markets.events_of(p)],
        "event_days": [
            (e.id, *map(str, (e.start.start, e.last, e.start.end)), e.state(day), markets.is_weak(e))
            for e in markets.events
        ],
        "coverage": [
            (p.id, topic, *counts.values())
            for p in markets.listed()
            for topic, counts in describe(markets, p.id).coverage.items()
        ],
    }


def metadata(descriptor: dict) -> str:
    """Return what Datasette says of the file: titles, licences, descriptions, facets, ready-made queries."""
    licence = descriptor["licenses"][0]
    names = [r["name"] for r in descriptor["resources"]]
    tables = {
        r["name"]: {
            "title": r.get("title", r["name"]),
            "description": r.get("description", ""),
            "columns": {f["name"]: f.get("description", "") for f in r["schema"]["fields"]},
            "facets": _FACETS.get(r["name"], []),
        }
        | ({"fts_table": f"{r['name']}_fts", "fts_pk": "rowid"} if r["name"] in _SEARCH else {})
        for r in descriptor["resources"]
    }
    with_markets = set(TABLES) <= set(names)
    for name in _ABOUT if with_markets else ("edition",):
        tables[name] = {"description": _(_ABOUT[name]), "facets": _FACETS.get(name, [])}
    queries = {
        name: {"sql": " ".join(sql.split()), "title": _(_TITLES[name])}
        # a query takes the place of a table of the same name, so that none may have one
        for name, sql in ((_QUERIES | {"search": _search(names)}).items() if with_markets else ())
    }
    description = {
        "title": descriptor["title"],
        "description": descriptor["description"],
        "license": licence.get("title", licence.get("name", "")),
        "license_url": licence.get("path", ""),
        "databases": {descriptor["name"]: {"tables": tables, "queries": queries}},
    }
    return json.dumps(description, ensure_ascii=False, indent=1) + "\n"


_FACETS = {
    "market_facts": ["topic", "freshness", "kind"],
    "market_events": ["state", "direction", "measure"],
    "facts": ["attribute", "kind"],
    "events": ["measure", "direction", "status"],
    "countries": ["kind", "region"],
    "ev_sales": ["powertrain", "metric", "source"],
    "coverage": ["topic"],
    "observations": ["indicator", "entity", "kind"],
}
_TITLES = {
    "facts_of_market": N_("What is known of a market (market: an ISO 3166 alpha-3 code)"),
    "events_of_market": N_("Policy events of a market, those of its blocs too"),
    "coming": N_("Policy events to come"),
    "alerts": N_("Policy events recorded or in effect since a day (since: as in 2026-01-01)"),
    "duties": N_("Duties on a car in a market"),
    "compare": N_("One attribute over all markets (attribute: an id of attributes)"),
    "sales_of_market": N_("Electric cars of a market by year"),
    "gaps": N_("Where the database has gaps"),
    "search": N_("Full-text search (words)"),
}
_QUERIES = {
    "facts_of_market": """SELECT topic, name, qualifier, value, unit, period, kind, freshness, told_of, sources
        FROM market_facts WHERE market = upper(:market) ORDER BY topic, name, period DESC""",
    "events_of_market": """SELECT state, direction, title, value, unit, effective_from, effective_to, applies_to,
        told_of, weak, sources FROM market_events WHERE market = upper(:market) ORDER BY effective_from""",
    "coming": """SELECT effective_from, market_name, direction, title, value, unit, applies_to, sources
        FROM market_events WHERE state = 'coming' AND market = told_of ORDER BY effective_from""",
    "alerts": """SELECT state, effective_from, effective_to, direction, market_name, title, value, unit, sources
        FROM market_events WHERE market = told_of AND (state = 'coming' OR effective_from >= :since
        OR recorded >= :since) AND state <> 'expired' ORDER BY state, effective_from""",
    "duties": """SELECT state, market, duty_role, title, value, unit, powertrains, makers, origins, effective_from,
        effective_to, note, sources FROM market_events WHERE market = upper(:market) AND duty_role IS NOT NULL
        ORDER BY state, duty_role""",
    "compare": """SELECT market, market_name, qualifier, value, number, unit, period, freshness, sources
        FROM market_facts WHERE attribute = :attribute ORDER BY number DESC, market""",
    "sales_of_market": """SELECT year, powertrain, metric, value, unit, source FROM ev_sales
        WHERE market = upper(:market) ORDER BY source, metric, powertrain, year""",
    "gaps": """SELECT market, name, sum(known) AS known, sum(stale) AS stale, sum(missing) AS missing
        FROM coverage JOIN countries ON countries.id = market GROUP BY market ORDER BY missing DESC, market""",
}


_PAGE_SIZE = 4096
_SQL_TYPES = {"integer": "INTEGER", "year": "INTEGER", "boolean": "INTEGER", "number": "REAL"}


def _day(data: Dataset, markets: Markets | None) -> str:
    days = [r.recorded for r in data.observations]
    return (data.as_of or max([*days, *([markets.as_of] if markets else [])])).isoformat()


def write_sqlite(
    data: Dataset, data_dir: Path, out: Path, edition: dict[str, object] | None = None, found: list[Table] | None = None
) -> Path:
    """Write all tables, and what makes them easy to query, as one SQLite file."""
    out.mkdir(parents=True, exist_ok=True)
    path = out / database_name(read_descriptor(data_dir))
    found, markets = found or tables(data, data_dir), markets_of(data, data_dir)
    unique = {t.name: _unique(t) for t in found}
    with whole(path) as part, contextlib.closing(sqlite3.connect(part, isolation_level=None)) as base:
        try:
            base.execute(f"PRAGMA page_size = {_PAGE_SIZE}")
            base.execute("PRAGMA journal_mode = OFF")
            base.execute("BEGIN")
            for table in found:
                base.execute(_create(table, unique))
                gaps = ", ".join("?" * len(table.fields))
                rows = (tuple(row.values()) for row in table.typed())
                base.executemany(f"INSERT INTO {_quoted(table.name)} VALUES ({gaps})", rows)
            base.execute("COMMIT")
            broken = base.execute("PRAGMA foreign_key_check").fetchone()
            base.execute("VACUUM")
            finish(base, markets, {"as_of": _day(data, markets)} | (edition or {}))
        except sqlite3.IntegrityError as error:
            raise DataError(f"{path.name} cannot be written: {error}. `nevbook check` lists every issue.") from None
        if broken:
            raise DataError(
                f"{broken[0]}, row {broken[1] + 1}: refers to no row of {broken[2]}. `nevbook check` lists every issue."
            )
    return path


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _unique(table: Table) -> list[tuple[str, ...]]:
    """The sets of columns by which a row can be referred to; the primary key first."""
    schema = table.resource["schema"]
    found = [column_names(schema["primaryKey"])] if schema.get("primaryKey") else []
    found += [column_names(k) for k in schema.get("uniqueKeys", [])]
    found += [(c,) for c, f in table.fields.items() if f.get("constraints", {}).get("unique")]
    return list(dict.fromkeys(found))


def _create(table: Table, unique: dict[str, list[tuple[str, ...]]]) -> str:
    def listed(names: Iterable[str]) -> str:
        return ", ".join(map(_quoted, names))

    schema = table.resource["schema"]
    lines = []
    for column, field in table.fields.items():
        needed = " NOT NULL" if field.get("constraints", {}).get("required") else ""
        lines.append(f"{_quoted(column)} {_SQL_TYPES.get(field.get('type', 'string'), 'TEXT')}{needed}")
    for place, key in enumerate(unique[table.name]):
        kind = "PRIMARY KEY" if not place and schema.get("primaryKey") else "UNIQUE"
        lines.append(f"{kind} ({listed(key)})")
    for mine, target, theirs in table.keys:
        # SQLite refers to unique columns only
        if any(set(theirs) == set(key) for key in unique.get(target, [])):
            lines.append(f"FOREIGN KEY ({listed(mine)}) REFERENCES {_quoted(target)} ({listed(theirs)})")
    return f"CREATE TABLE {_quoted(table.name)} (\n  " + ",\n  ".join(lines) + "\n)"
