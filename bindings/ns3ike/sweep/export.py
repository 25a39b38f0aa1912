# SPDX-License-Identifier: GPL-2.0-only
"""A result database as CSV: runs wide, all else long."""
import csv
import os

from .database import KEYS, connect
from .errors import SweepError

RUN_COLUMNS = ("run_id", "point", "seed", "status", "scenario_hash", "result_sha256", "duration", "complaints", "error")


def export(path, folder):
    """Writes the tables as files; returns [(file, rows)]. Empty tables have none."""
    connection, _ = connect(path)
    try:
        os.makedirs(folder, exist_ok=True)
        written = [("runs.csv", _write(folder, "runs.csv", *wide_runs(connection)))]
        for table in ("parameters", "metrics", "series", "events", "attempts"):
            cursor = connection.execute(f"SELECT * FROM {table} ORDER BY {KEYS[table]}")
            heads = [column[0] for column in cursor.description]
            first = cursor.fetchone()
            if first is not None:
                rows = _chain(first, cursor)
                written.append((table + ".csv", _write(folder, table + ".csv", heads, rows)))
        return written
    except OSError as e:
        raise SweepError(f"{e.filename}: {e.strerror}") from e
    finally:
        connection.close()


def _chain(first, rest):
    yield first
    yield from rest


def _write(folder, name, heads, rows):
    """Writes beside, then renames: never half a file."""
    count = 0
    target = os.path.join(folder, name)
    with open(target + ".part", "w", encoding="utf-8", newline="") as f:
        writer = csv.writer(f, lineterminator="\n")
        writer.writerow(heads)
        for row in rows:
            writer.writerow(row)
            count += 1
    os.replace(target + ".part", target)
    return count


def wide_runs(connection):
    """(heads, rows): a row for each run by point and seed, its parameters as written, its metrics."""
    def names(table):
        return [row[0] for row in connection.execute(f"SELECT DISTINCT name FROM {table} ORDER BY name")]

    parameters, metrics = names("parameters"), names("metrics")
    # A metric may be called like a parameter.
    heads = [*RUN_COLUMNS, *parameters, *("metric." + m if m in parameters else m for m in metrics)]

    def rows():
        for run in connection.execute(f"SELECT {', '.join(RUN_COLUMNS)} FROM runs ORDER BY point, seed, run_id"):
            values = dict(connection.execute("SELECT name, value FROM parameters WHERE run_id = ?", run[:1]))
            numbers = dict(connection.execute("SELECT name, value FROM metrics WHERE run_id = ?", run[:1]))
            yield [*run, *(values.get(p) for p in parameters), *(plain(numbers.get(m)) for m in metrics)]

    return heads, rows()


def plain(number):
    """3 instead of 3.0."""
    return int(number) if number is not None and number == int(number) and abs(number) < 2**53 else number
