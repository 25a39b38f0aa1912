# SPDX-License-Identifier: GPL-2.0-only
"""The result database: one SQLite file, which the client of a sweep alone writes.

Rows are keyed by what they are about, never by when they came: all tables but `attempts` are
the same however often a sweep was stopped on its way.
"""
import fcntl
import hashlib
import json
import os
import sqlite3
import time

from .errors import SweepError
from .units import UNITS, number_of

SCHEMA = "ns3-ike-sweep-1"

TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE runs (
    run_id TEXT PRIMARY KEY, point INTEGER NOT NULL, seed INTEGER NOT NULL, status TEXT NOT NULL,
    scenario_hash TEXT NOT NULL, result_sha256 TEXT, duration REAL, complaints TEXT, error TEXT, command TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE parameters (
    run_id TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, number REAL, type TEXT NOT NULL, unit TEXT NOT NULL,
    PRIMARY KEY (run_id, name)
) WITHOUT ROWID;
CREATE TABLE metrics (
    run_id TEXT NOT NULL, name TEXT NOT NULL, value REAL NOT NULL, PRIMARY KEY (run_id, name)
) WITHOUT ROWID;
CREATE TABLE series (
    run_id TEXT NOT NULL, name TEXT NOT NULL, number INTEGER NOT NULL, time REAL NOT NULL, value REAL NOT NULL,
    PRIMARY KEY (run_id, name, number)
) WITHOUT ROWID;
CREATE TABLE events (
    run_id TEXT NOT NULL, number INTEGER NOT NULL, time REAL NOT NULL, node TEXT NOT NULL, peer TEXT NOT NULL,
    event TEXT NOT NULL, details TEXT NOT NULL, PRIMARY KEY (run_id, number)
) WITHOUT ROWID;
CREATE TABLE attempts (
    run_id TEXT NOT NULL, try INTEGER NOT NULL, begin TEXT NOT NULL, wall REAL NOT NULL, host TEXT NOT NULL,
    build TEXT NOT NULL, ns3 TEXT, error TEXT, PRIMARY KEY (run_id, try)
) WITHOUT ROWID;
CREATE INDEX runs_by_point ON runs (point, seed);
CREATE INDEX metrics_by_name ON metrics (name, value);
CREATE INDEX parameters_by_name ON parameters (name, number);
"""

#: All tables, and what their rows are sorted by; `attempts` last.
KEYS = {"meta": "key", "runs": "run_id", "parameters": "run_id, name", "metrics": "run_id, name",
        "series": "run_id, name, number", "events": "run_id, number", "attempts": "run_id, try"}


def run_id_of(schema, scenario_hash, parameters, seed):
    """What names a run: SHA-256 of all that decides its results, and of the schema in which they are."""
    text = json.dumps([schema, scenario_hash, sorted(parameters.items()), seed], separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def connect(path):
    """Opens a result database for reading. Raises SweepError when it is none."""
    if not os.path.isfile(path):
        raise SweepError(f"{path}: there is no such file")
    try:
        connection = sqlite3.connect(f"file:{_quoted(path)}?mode=ro", uri=True)
        meta = dict(connection.execute("SELECT key, value FROM meta"))
    except sqlite3.DatabaseError as e:
        raise SweepError(f"{path}: this is no result database of a sweep ({e})") from e
    if meta.get("schema") != SCHEMA:
        raise SweepError(f"{path}: the tables are of version '{meta.get('schema')}'; expected '{SCHEMA}'")
    return connection, meta


def _quoted(path):
    from urllib.parse import quote
    return quote(os.path.abspath(path))


def content(path):
    """{table: rows in order} of all but `attempts`: to compare two databases."""
    connection, _ = connect(path)
    try:
        return {table: connection.execute(f"SELECT * FROM {table} ORDER BY {keys}").fetchall()
                for table, keys in KEYS.items() if table != "attempts"}
    finally:
        connection.close()


class Ledger:
    """A result database open for writing, by one client at a time."""

    def __init__(self, path, sweep, build, accept_version=False, extend=False):
        self.path = path
        self.sweep = sweep
        self._meta = {"schema": SCHEMA, "result_schema": sweep.scenario.schema, "version": sweep.scenario.version,
                      "build": build, "name": sweep.name, "title": sweep.title, "sweep": sweep.text,
                      "scenario_name": sweep.written_scenario, "scenario": json.dumps(sweep.scenario.bundle),
                      "record": json.dumps(sweep.record)}
        folder = os.path.dirname(os.path.abspath(path))
        if not os.path.isdir(folder):
            raise SweepError(f"{path}: there is no folder '{folder}'")
        self._fresh = not os.path.exists(path)
        if not self._fresh:
            self._check(accept_version, extend)
        self._lock = self._take_lock()
        try:
            self.connection = sqlite3.connect(path, isolation_level=None)
            self.connection.execute("PRAGMA journal_mode=WAL")
            self.connection.execute("PRAGMA synchronous=NORMAL")
            self._begin(self._fresh)
        except sqlite3.Error as e:
            self._release_lock()
            raise SweepError(f"{path}: {e}") from e

    def _begin(self, fresh):
        self.connection.execute("BEGIN IMMEDIATE")
        tables = self.connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if fresh or tables == 0:
            for statement in TABLES.split(";\n"):
                if statement.strip():
                    self.connection.execute(statement)
        self.connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", self._meta.items())
        if not fresh:
            self._number_points()
        self.connection.execute("COMMIT")

    def _number_points(self):
        """Runs of an earlier text of the sweep get the number that their point has now; -1: it has none."""
        numbers = {point.hash: point.number for point in self.sweep.points}
        for scenario_hash, number in self.connection.execute("SELECT DISTINCT scenario_hash, point FROM runs").fetchall():
            if numbers.get(scenario_hash, -1) != number:
                self.connection.execute("UPDATE runs SET point = ? WHERE scenario_hash = ?",
                                        (numbers.get(scenario_hash, -1), scenario_hash))

    def _take_lock(self):
        """One client at a time; the lock goes with the process that has it."""
        name = self.path + ".lock"
        while True:
            lock = open(name, "w", encoding="utf-8")  # pylint: disable=consider-using-with
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                # Whoever had it may have removed the file between the two calls.
                if os.fstat(lock.fileno()).st_ino == os.stat(name).st_ino:
                    return lock
            except FileNotFoundError:
                pass
            except OSError as e:
                lock.close()
                raise SweepError(f"{self.path}: another sweep writes into this database") from e
            lock.close()

    def _release_lock(self):
        os.unlink(self.path + ".lock")
        self._lock.close()

    def _check(self, accept_version, extend):
        """Is it a database of this sweep, and of this code?"""
        if os.path.getsize(self.path) == 0:
            return
        connection, meta = connect(self.path)
        connection.close()
        mine = self._meta
        if meta["result_schema"] != mine["result_schema"]:
            raise SweepError(f"{self.path}: its results are of schema '{meta['result_schema']}', this program's of "
                             f"'{mine['result_schema']}'; take another --out")
        if (meta["version"], meta["build"]) != (mine["version"], mine["build"]) and not accept_version:
            raise SweepError(f"{self.path}: its runs were made by ns3-ike {meta['version']} (code {meta['build']}), "
                             f"this is {mine['version']} (code {mine['build']}); take another --out, or say "
                             "--accept-version to have runs of both in it")
        if meta["name"] != mine["name"]:
            raise SweepError(f"{self.path}: it belongs to sweep '{meta['name']}', not '{mine['name']}'; "
                             "take another --out")
        if meta["record"] != mine["record"]:
            raise SweepError(f"{self.path}: its runs have other metrics, series or events than this sweep wants; "
                             "take another --out")
        if (meta["sweep"], meta["scenario"]) != (mine["sweep"], mine["scenario"]) and not extend:
            raise SweepError(f"{self.path}: the sweep or its scenario has changed since; take another --out, or say "
                             "--extend to keep its runs and add those that are new")

    def close(self):
        """Leaves one file, which can be read from anywhere; while somebody reads, the log stays beside it."""
        try:
            self.connection.execute("PRAGMA busy_timeout=0")
            self.connection.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.OperationalError:
            pass
        self.connection.close()
        self._release_lock()

    def forget(self):
        """Nothing has begun after all: a database of nothing does not stay."""
        if self._fresh and not self.finished():
            os.unlink(self.path)

    def finished(self):
        """{run_id: status} of all runs that are recorded."""
        return dict(self.connection.execute("SELECT run_id, status FROM runs"))

    def values(self, quantity):
        """{run_id: value} of a metric, of all runs that are done."""
        rows = self.connection.execute(
            "SELECT run_id, value FROM runs JOIN metrics USING (run_id) WHERE status = 'done' AND name = ? "
            "UNION ALL SELECT run_id, 0.0 FROM runs WHERE status = 'done' AND ? LIKE '%.packets_dropped.%' AND "
            "run_id NOT IN (SELECT run_id FROM metrics WHERE name = ?)", (quantity, quantity, quantity))
        return dict(rows)

    def add(self, pairs):
        """Writes [(job, row of the worker)] at once, in one transaction."""
        execute = self.connection.execute
        execute("BEGIN IMMEDIATE")
        try:
            for job, row in pairs:
                self._add_run(job, row)
                self._add_attempt(row)
            execute("COMMIT")
        except BaseException:
            execute("ROLLBACK")
            raise

    def _add_run(self, job, row):
        many, run_id = self.connection.executemany, job["run_id"]
        for table in ("runs", "parameters", "metrics", "series", "events"):
            self.connection.execute(f"DELETE FROM {table} WHERE run_id = ?", (run_id,))
        failed = "error" in row
        self.connection.execute(
            "INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (run_id, job["point"], job["seed"], "failed" if failed else "done", job["scenario_hash"],
             row.get("result_sha256"), row.get("duration"), row.get("complaints"), row.get("error"), job["command"]))
        many("INSERT INTO parameters VALUES (?, ?, ?, ?, ?, ?)",
             [(run_id, name, value, number_of(value, kind), kind, UNITS.get(kind, unit)) for name, value, kind, unit in
              ((name, value, self.sweep.scenario.kind(name), self.sweep.scenario.parameters[name]["unit"])
               for name, value in job["parameters"].items())])
        if not failed:
            many("INSERT INTO metrics VALUES (?, ?, ?)", [(run_id, *pair) for pair in row["metrics"].items()])
            many("INSERT INTO series VALUES (?, ?, ?, ?, ?)",
                 [(run_id, name, i, *pair) for name, curve in row["series"].items() for i, pair in enumerate(curve)])
            many("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)",
                 [(run_id, i, *event) for i, event in enumerate(row.get("events", []))])

    def _add_attempt(self, row):
        last, = self.connection.execute("SELECT coalesce(max(try), 0) FROM attempts WHERE run_id = ?",
                                        (row["run_id"],)).fetchone()
        self.connection.execute(
            "INSERT INTO attempts VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (row["run_id"], last + 1, time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(row["begin"])), row["wall"],
             row["host"], row["build"], row.get("ns3"), row.get("error")))
