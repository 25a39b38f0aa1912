# SPDX-License-Identifier: GPL-2.0-only
"""Result databases of sweeps as pandas tables.

>>> results = open_results("out/collision.sqlite")
>>> runs = results.runs()
>>> runs.groupby(["responder_only", "offset"])["totals.ipsec_duplicates"].mean()

Needs pandas, and nothing else of ns3ike: a database can be read where there is no simulator. doc/sweeps.md describes the
tables; `query` takes any SQL.
"""
import json
import os
import sqlite3
from urllib.parse import quote

__all__ = ["open_results", "Results"]

SCHEMA = "ns3-ike-sweep-1"


def open_results(path):
    """Opens a result database for reading. ValueError when it is none."""
    return Results(path)


class Results:
    """A result database. Reading while the sweep goes on shows the runs that are there."""

    def __init__(self, path):
        self.path = os.fspath(path)
        if not os.path.isfile(self.path):
            raise FileNotFoundError(f"{self.path}: there is no such file")
        self._connection = sqlite3.connect(f"file:{quote(os.path.abspath(self.path))}?mode=ro", uri=True)
        try:
            #: {key: text}: versions, the text of the sweep, the scenario
            self.meta = dict(self._connection.execute("SELECT key, value FROM meta"))
        except sqlite3.DatabaseError as e:
            self._connection.close()
            raise ValueError(f"{self.path}: this is no result database of a sweep ({e})") from e
        if self.meta.get("schema") != SCHEMA:
            self._connection.close()
            raise ValueError(f"{self.path}: the tables are of version '{self.meta.get('schema')}', not '{SCHEMA}'")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self._connection.close()

    def query(self, sql, parameters=()):
        """Any SELECT as a table."""
        import pandas
        return pandas.read_sql_query(sql, self._connection, params=parameters)

    def scenario(self):
        """{path: text} of the scenario, and of the files that it names."""
        return json.loads(self.meta["scenario"])["files"]

    def parameters(self):
        """A row for each parameter: its type, its unit as a number, how many values it has."""
        return self.query("SELECT name, type, unit, count(DISTINCT value) AS 'values' FROM parameters "
                          "GROUP BY name, type, unit ORDER BY name").set_index("name")

    def runs(self, failed=False):
        """A row for each run that is done (or failed, too), by point and seed; the index is run_id.

        Columns: point, seed; each parameter, where all its values are numbers: durations in s, bandwidths in bit/s,
        percent in %, integers and booleans as such, choices as categories in their order of appearance; where a word
        stands among them ("never"), as text. Then each metric: whole numbers, or floats. What a failed run lacks is
        missing; drops for a reason that did not occur are 0. `attrs["units"]` has the units of parameters.
        """
        import pandas
        where = "" if failed else " WHERE status = 'done'"
        table = self.query("SELECT run_id, point, seed, status, complaints, error FROM runs" + where
                           + " ORDER BY point, seed, run_id").set_index("run_id")
        if not failed:
            table = table.drop(columns=["status", "error"])
        values = self.query("SELECT run_id, name, value, number, type, unit FROM parameters")
        columns = {name: _typed(rows.set_index("run_id").reindex(table.index)) for name, rows in values.groupby("name")}
        metrics = self.query("SELECT run_id, name, value FROM metrics")
        wide = metrics.pivot(index="run_id", columns="name", values="value").reindex(table.index)
        for name in wide.columns:
            # A metric may be called like a parameter.
            columns["metric." + name if name in columns else name] = _whole(wide[name], name)
        table = pandas.concat([table, pandas.DataFrame(columns, index=table.index)], axis=1)
        units = dict(values[["name", "unit"]].drop_duplicates().itertuples(index=False))
        table.attrs["units"] = {name: unit for name, unit in units.items()
                                if unit and pandas.api.types.is_numeric_dtype(table[name])}
        return table

    def series(self, name=None, run_id=None):
        """Series over time: run_id, name, time in s, value. Of one name (or pattern with *), of one run, or all."""
        return self._long("series", "run_id, name, time, value", name, run_id, "name", "run_id, name, number")

    def events(self, event=None, run_id=None):
        """Events: run_id, time in s, node, peer, event, details. Of one kind (or pattern), of one run, or all."""
        return self._long("events", "run_id, time, node, peer, event, details", event, run_id, "event",
                          "run_id, number")

    def _long(self, table, columns, pattern, run_id, column, order):
        terms, values = [], []
        if pattern is not None:
            terms.append(f"{column} GLOB ?")
            values.append(pattern)
        if run_id is not None:
            terms.append("run_id >= ? AND run_id < ?")
            values += [run_id, run_id + "g"]
        where = " WHERE " + " AND ".join(terms) if terms else ""
        return self.query(f"SELECT {columns} FROM {table}{where} ORDER BY {order}", values)

    def attempts(self):
        """What it took: run_id, try, begin, wall time in s, host, build, version of ns-3, error."""
        import pandas
        table = self.query("SELECT * FROM attempts ORDER BY begin, run_id, try")
        table["begin"] = pandas.to_datetime(table["begin"])
        return table


def _typed(rows):
    """A parameter as a column of its type."""
    import pandas
    kind = rows["type"].dropna().iloc[0]
    if kind == "choice":
        return pandas.Categorical(rows["value"], categories=list(dict.fromkeys(rows["value"].dropna())))
    if rows["number"].isna().any():
        return rows["value"]
    if kind == "boolean":
        return rows["number"].astype(bool)
    return rows["number"].astype("int64" if kind == "integer" else "float64")


def _whole(column, name):
    """Counts as integers; 0 for a reason that did not occur."""
    if ".packets_dropped." in name:
        column = column.fillna(0.0)
    if name.endswith("_seconds") or column.isna().any() or (column != column.round()).any():
        return column
    return column.astype("int64")
