# SPDX-License-Identifier: GPL-2.0-only
"""What came out of runs: the numbers of results.json, and the same as arrays and tables."""
import importlib
import json
import os
import re
from typing import TYPE_CHECKING, Any, Dict, Iterator, List, Sequence, Tuple, Union

from . import _ns3ike

if TYPE_CHECKING:
    import numpy
    import pandas

__all__ = ["Results", "ResultsList", "load_results", "typed"]

PathLike = Union[str, "os.PathLike[str]"]
SCHEMA = "ns3-ike-results-1"
_QUANTITY = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?) ?([A-Za-z%/]*)\Z")
# In s, bit/s, %: as the databases of sweeps have them.
_UNITS = {"": 1.0, "ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0, "min": 60.0, "h": 3600.0,
          "%": 1.0, "bit/s": 1.0, "kbit/s": 1e3, "Mbit/s": 1e6, "Gbit/s": 1e9, "Tbit/s": 1e12}


def _need(name: str) -> Any:
    """A library that only tables and arrays need."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise ImportError("%s is not here, and tables and arrays need it (Debian: apt-get install "
                          "python3-%s)" % (name, name)) from error


def typed(text: str) -> Union[bool, int, float, str]:
    """The value of a parameter as a number: "40 ms" as 0.04 (s), "1 Mbit/s" as 1e6, "1 %" as 1.0.

    "true" becomes True.

    Words ("never", "message-3") stay as they are.
    """
    if text in ("true", "false"):
        return text == "true"
    match = _QUANTITY.match(text)
    if match is None or match.group(2) not in _UNITS:
        return text
    number, unit = match.groups()
    if unit == "":
        return float(number) if "." in number else int(number)
    return float("%.15g" % (float(number) * _UNITS[unit]))


def _row(numbers: Dict[str, Any]) -> Dict[str, Any]:
    """Numbers of a section of the results, those by reason as "packets_dropped.no-route"."""
    row: Dict[str, Any] = {}
    for key, value in numbers.items():
        if isinstance(value, dict):
            row.update({"%s.%s" % (key, name): number for name, number in value.items()})
        elif not isinstance(value, list):
            row[key] = value
    return row


def _missing_is_zero(frame: "pandas.DataFrame") -> "pandas.DataFrame":
    """A reason that never occurred is absent from results."""
    by_reason = [c for c in frame.columns if "packets_dropped." in c]
    if by_reason:
        frame[by_reason] = frame[by_reason].fillna(0).astype("int64")
    return frame


class Results(Dict[str, Any]):
    """The contents of results.json (doc/scenarios.md has all keys), and the same as tables.

    failed_expectations  a line for each number that the scenario's author expected otherwise
    """

    def __init__(self, text: str, failed_expectations: Sequence[str] = ()) -> None:
        super().__init__(json.loads(text))
        if self.get("schema") != SCHEMA:
            raise ValueError("these are no results of a run: schema is %r, expected %r"
                             % (self.get("schema"), SCHEMA))
        self.failed_expectations = list(failed_expectations)

    @property
    def totals(self) -> Dict[str, Any]:
        """Numbers of the whole run; units are in the names (_seconds, _bytes) or counts."""
        return dict(self["totals"])

    def quantity(self, path: str) -> float:
        """A number by its path: "totals.ipsec_duplicates", "flows.H1-H2.packets_delivered"."""
        try:
            return _ns3ike.find_quantity(json.dumps(self), path)
        except IndexError as error:
            raise KeyError("there is no quantity %r: %s" % (path, error)) from None

    def row(self) -> Dict[str, Any]:
        """One flat row: scenario, seed, parameters as typed() has them, totals.NAME."""
        row: Dict[str, Any] = {"scenario": self["scenario"]["name"], "seed": self["seed"],
                               "duration_seconds": self["duration_seconds"]}
        row.update({name: typed(value) for name, value in self["parameters"].items()})
        row.update({"totals." + name: value for name, value in _row(self["totals"]).items()})
        return row

    def runs(self) -> "pandas.DataFrame":
        """A table of one row: see row()."""
        return ResultsList([self]).runs()

    def flows(self) -> "pandas.DataFrame":
        """A row per flow: packets, outage in s, dropped packets by reason."""
        rows = [_row(flow) for flow in self["flows"]]
        return _missing_is_zero(_need("pandas").DataFrame(rows).set_index("name")) \
            if rows else _need("pandas").DataFrame()

    def series(self) -> "pandas.DataFrame":
        """Packets over time: a row per part of the run, by its beginning in s."""
        pandas = _need("pandas")
        series = self["series"]
        columns: Dict[str, List[int]] = {}
        for key, value in series.items():
            if isinstance(value, list):
                columns[key] = value
            elif isinstance(value, dict):
                columns.update({"%s.%s" % (key, name): v for name, v in value.items()})
        frame = pandas.DataFrame(columns)
        frame.index = frame.index * float(series["width_seconds"])
        frame.index.name = "seconds"
        return frame

    def peers(self) -> "pandas.DataFrame":
        """A row per router and peer: peaks, duplicate seconds, SAs at the end."""
        rows = [{"router": end["name"], **_row(peer)} for end in self["ends"]
                for peer in end["peers"]]
        return _need("pandas").DataFrame(rows)

    def curve(self, router: str, peer: str,
              what: str = "pairs_alive") -> Tuple["numpy.ndarray[Any, Any]",
                                                  "numpy.ndarray[Any, Any]"]:
        """How many SAs stood at a router: times in s, and the number from then on.

        what  pairs_alive or isakmp_alive
        """
        numpy = _need("numpy")
        known = [(end["name"], p["name"]) for end in self["ends"] for p in end["peers"]]
        for end in self["ends"]:
            for other in end["peers"]:
                if (end["name"], other["name"]) == (router, peer) and what in other:
                    points = other[what]
                    return (numpy.array([p[0] for p in points], dtype=float),
                            numpy.array([p[1] for p in points], dtype=int))
        raise KeyError("no curve %r of %r and %r; there are pairs_alive and isakmp_alive of %s"
                       % (what, router, peer, ", ".join("%s and %s" % k for k in known) or "none"))

    def curves(self) -> "pandas.DataFrame":
        """All curves: router, peer, curve, seconds, number from then on."""
        rows = [{"router": end["name"], "peer": peer["name"], "curve": what, "seconds": time,
                 "number": number}
                for end in self["ends"] for peer in end["peers"]
                for what in ("isakmp_alive", "pairs_alive") for time, number in peer[what]]
        return _need("pandas").DataFrame(
            rows, columns=["router", "peer", "curve", "seconds", "number"])


class ResultsList(List[Results]):
    """Results of several runs."""

    def runs(self) -> "pandas.DataFrame":
        """A row per run: scenario, seed, parameters as typed() has them, totals.NAME."""
        return _missing_is_zero(_need("pandas").DataFrame([r.row() for r in self]))


def _lines(path: str) -> Iterator[Results]:
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                try:
                    yield Results(line)
                except ValueError as error:
                    raise ValueError("%s:%d: %s" % (path, number, error)) from None


def load_results(path: PathLike) -> Union[Results, ResultsList]:
    """Read results.json, the folder that has one, or lines of ./ns3-ike batch (.jsonl)."""
    name = os.fspath(path)
    if os.path.isdir(name):
        name = os.path.join(name, "results.json")
    if name.endswith(".jsonl"):
        return ResultsList(_lines(name))
    with open(name, encoding="utf-8") as file:
        try:
            return Results(file.read())
        except ValueError as error:
            raise ValueError("%s: %s" % (name, error)) from None
