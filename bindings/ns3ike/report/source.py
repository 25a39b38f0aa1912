# SPDX-License-Identifier: GPL-2.0-only
"""Results of all kinds as one thing: the database of a sweep, the lines of a batch, the folder of a run."""
import json
import os
import sqlite3

from ..sweep import database, task
from ..sweep.errors import SweepError
from ..sweep.units import UNITS, number_of
from .errors import ReportError

SCHEMA = "ns3-ike-results-1"
#: Types of which a value may be, when nobody says; the first that fits.
GUESSES = ("duration", "bandwidth", "percent", "number")


class Run:
    """One run: what went in, and what came out."""

    def __init__(self, seed, parameters, metrics, **more):
        self.seed = seed
        #: {name: text}
        self.parameters = parameters
        #: {name: number, in s, bit/s, %}; without those that are words
        self.numbers = more.get("numbers") or {}
        #: {path: number}; empty when it has failed
        self.metrics = metrics
        self.run_id = more.get("run_id", "")
        self.error = more.get("error")
        self.command = more.get("command", "")
        self.complaints = more.get("complaints") or ""
        #: SHA-256 of results.json; empty when nobody knows it
        self.sha256 = more.get("sha256") or ""
        #: results.json, when it is there whole
        self.results = more.get("results")
        #: the folder with its files, when there is one
        self.folder = more.get("folder")

    @property
    def failed(self):
        return self.error is not None

    def metric(self, path, default=0.0):
        return self.metrics.get(path, default)


class Study:
    """All that a report is about."""

    def __init__(self, path, kind, runs):
        self.path = path
        #: "sweep", "batch" or "run"
        self.kind = kind
        self.runs = runs
        self.name = self.title = self.scenario = ""
        #: {"ns3-ike": ..., "ns-3": ...}
        self.versions = {}
        self.crypto = ""
        #: {name: "s"}
        self.units = {}
        #: text of the sweep file
        self.sweep = ""
        #: {"path", "files"} of the scenario, as a database has it
        self.bundle = None
        #: {"tries", "wall", "hosts", "builds"}
        self.effort = {}

    @property
    def done(self):
        return [run for run in self.runs if not run.failed]

    @property
    def failures(self):
        return [run for run in self.runs if run.failed]

    def values(self, name):
        """Values of a parameter, in order: numbers by size, words as they come."""
        found = {}
        for run in self.done:
            if name in run.parameters:
                found.setdefault(run.parameters[name], run.numbers.get(name))
        if all(number is not None for number in found.values()):
            return sorted(found, key=lambda text: found[text])
        return list(found)

    def varied(self):
        """Names of parameters that differ between runs."""
        names = dict.fromkeys(name for run in self.done for name in run.parameters)
        return [name for name in names if len({run.parameters.get(name) for run in self.done}) > 1]


def read(path):
    """The study in a file or folder. Raises ReportError."""
    if os.path.isdir(path):
        return _read_folder(path)
    if not os.path.exists(path):
        raise ReportError(f"{path}: there is no such file or folder")
    try:
        with open(path, "rb") as f:
            head = f.read(16)
    except OSError as e:
        raise ReportError(f"{path}: {e.strerror}") from e
    if head == b"SQLite format 3\0":
        return _read_database(path)
    return _read_lines(path)


def _read_database(path):
    try:
        connection, meta = database.connect(path)
    except SweepError as e:
        raise ReportError(str(e)) from e
    try:
        study = Study(path, "sweep", _database_runs(connection))
        tries, wall = connection.execute("SELECT count(*), coalesce(sum(wall), 0) FROM attempts").fetchone()
        study.effort = {"tries": tries, "wall": wall}
        for name in ("host", "build", "ns3"):
            study.effort[name + "s"] = sorted(
                row[0] for row in connection.execute(f"SELECT DISTINCT {name} FROM attempts") if row[0])
        study.units = dict(connection.execute("SELECT DISTINCT name, unit FROM parameters WHERE unit != ''"))
        study.bundle = json.loads(meta["scenario"])
    except (sqlite3.DatabaseError, ValueError, KeyError) as e:
        raise ReportError(f"{path}: this database is damaged ({e})") from e
    finally:
        connection.close()
    study.name, study.title, study.sweep = meta["name"], meta["title"], meta["sweep"]
    study.scenario = meta["scenario_name"]
    study.versions = {"ns3-ike": meta["version"], "ns-3": ", ".join(study.effort["ns3s"])}
    if not study.runs:
        raise ReportError(f"{path}: there is no run in it")
    return study


def _database_runs(connection):
    parameters, numbers, metrics = {}, {}, {}
    for run_id, name, value, number in connection.execute("SELECT run_id, name, value, number FROM parameters"):
        parameters.setdefault(run_id, {})[name] = value
        if number is not None:
            numbers.setdefault(run_id, {})[name] = number
    for run_id, name, value in connection.execute("SELECT run_id, name, value FROM metrics"):
        metrics.setdefault(run_id, {})[name] = value
    rows = connection.execute("SELECT run_id, seed, status, result_sha256, complaints, error, command FROM runs "
                              "ORDER BY point, seed, run_id")
    return [Run(seed, parameters.get(run_id, {}), metrics.get(run_id, {}), numbers=numbers.get(run_id), run_id=run_id,
                sha256=sha256, complaints=complaints, command=command,
                error=(error or "it has failed") if status == "failed" else None)
            for run_id, seed, status, sha256, complaints, error, command in rows]


def guess(text):
    """(number, unit) of a value whose type nobody knows; (None, "") for a word."""
    for kind in GUESSES:
        number = number_of(text, kind)
        if number is not None:
            return number, UNITS.get(kind, "")
    return None, ""


def run_of(results, where, folder=None):
    """A run of its results.json. Raises ReportError when it is none."""
    try:
        if results["schema"] != SCHEMA:
            raise ReportError(f"{where}: results are of schema '{results['schema']}'; expected '{SCHEMA}'")
        parameters = {str(name): str(value) for name, value in results["parameters"].items()}
        results["totals"].items(), results["scenario"]["name"], results["versions"].items(), results["ends"]
        numbers = {name: guess(value)[0] for name, value in parameters.items()}
        return Run(int(results["seed"]), parameters, dict(task.leaves(results)), results=results, folder=folder,
                   numbers={name: number for name, number in numbers.items() if number is not None})
    except (KeyError, TypeError, AttributeError, ValueError) as e:
        if isinstance(e, ReportError):
            raise
        raise ReportError(f"{where}: these are no results of a run ({e!r})") from e


def _finish(study):
    """What all runs of files have in common."""
    heads = [run.results for run in study.runs]
    names = list(dict.fromkeys(head["scenario"]["name"] for head in heads))
    study.scenario = study.name = ", ".join(names)
    study.title = heads[0]["scenario"].get("title", "") if len(names) == 1 else study.name
    for name in ("ns3-ike", "ns-3"):
        study.versions[name] = ", ".join(dict.fromkeys(str(head["versions"].get(name, "")) for head in heads))
    study.crypto = ", ".join(dict.fromkeys(str(head.get("crypto", "")) for head in heads))
    for run in study.runs:
        for name, value in run.parameters.items():
            unit = guess(value)[1]
            if unit:
                study.units[name] = unit
    return study


def _load(text, where):
    try:
        return json.loads(text)
    except ValueError as e:
        raise ReportError(f"{where}: neither a database of a sweep, nor results in JSON ({e})") from e


def _read_lines(path):
    """results.json, or a run on each line."""
    try:
        with open(path, encoding="utf-8") as f:
            text = f.read()
    except (OSError, UnicodeDecodeError) as e:
        reason = getattr(e, "strerror", None) or "this is no text"
        raise ReportError(f"{path}: {reason}; expected a database of a sweep, or results in JSON") from e
    if not text.strip():
        raise ReportError(f"{path}: there is no run in it")
    if "\n" in text.strip().split("}", 1)[0]:
        # Over several lines: one document.
        folder = os.path.dirname(os.path.abspath(path)) if os.path.basename(path) == "results.json" else None
        return _finish(Study(path, "run", [run_of(_load(text, path), path, folder)]))
    runs = [run_of(_load(line, f"{path}:{number}"), f"{path}:{number}")
            for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    return _finish(Study(path, "batch", runs))


def _read_folder(path):
    """The folder of a run, or one whose folders are runs, as the demo leaves it."""
    def results_in(folder):
        return os.path.join(folder, "results.json")

    if os.path.isfile(results_in(path)):
        folders = [path]
    else:
        folders = sorted(os.path.join(path, name) for name in os.listdir(path)
                         if os.path.isfile(results_in(os.path.join(path, name))))
    if not folders:
        raise ReportError(f"{path}: there is no results.json in it, nor in a folder of it")
    runs = []
    for folder in folders:
        with open(results_in(folder), encoding="utf-8", errors="replace") as f:
            runs.append(run_of(_load(f.read(), results_in(folder)), results_in(folder), folder))
    return _finish(Study(path, "run", runs))
