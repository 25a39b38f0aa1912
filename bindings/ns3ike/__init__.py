# SPDX-License-Identifier: GPL-2.0-only
"""Run scenarios of real IKE and ESP in ns-3 from Python.

>>> import ns3ike
>>> scenario = ns3ike.load("examples/scenarios/vti-convergence.yaml")
>>> results = ns3ike.run(scenario, {"responder_only": "one"}, seed=7)
>>> results["totals"]["ipsec_duplicates"]
0

doc/python.md begins at the beginning. Scenario builds scenarios, Run is a run that can be looked at
while it goes on, ns3ike.engine has engines in memory, ns3ike.lab races, ns3ike.wire messages, ns3ike.keys the key
schedule.

What is wrong with a scenario, or a value, is a ScenarioError (a ValueError) with file, line and
column; with IOS text a ConfigError; with octets a WireError; a run that cannot be done is a RunError
(a RuntimeError). ns-3 has one simulation in a process: isolate=True runs several at a time.

Numbers without a unit are seconds; names say other units.
"""
import importlib
import os
from typing import Any, Union

from . import engine, keys, lab, wire
from ._ns3ike import (EVENT_KINDS, ConfigError, Event, Expanded, IsakmpSa, Pair, Parameter,
                      RunError, ScenarioError, WireError, ladder, list_knobs, transcript, version)
from .isolate import RunDied
from .outcome import Results, ResultsList, load_results, typed
from .live import Router, Run, run, run_many
from .scenario import Scenario, load_scenario, parse
from .texts import vti_router

__all__ = ["EVENT_KINDS", "ConfigError", "Event", "Expanded", "IsakmpSa", "Pair", "Parameter",
           "Results", "ResultsList", "Router", "Run", "RunDied", "RunError", "Scenario",
           "ScenarioError", "WireError", "engine", "keys", "lab", "ladder", "list_knobs", "load",
           "load_results", "load_scenario", "parse", "run", "run_many", "transcript", "typed",
           "vti_router", "wire"]
__version__ = version()

_DATABASES = (".sqlite", ".sqlite3", ".db")


def load(path: Union[str, "os.PathLike[str]"]) -> Any:
    """Read a file by its name.

    scenario.yaml               a Scenario
    results.json, or a folder   Results of a run
    lines.jsonl                 a ResultsList, of ./ns3-ike batch
    sweep.sqlite                a sweep's database: runs() is a table with a row per run
    """
    name = os.fspath(path)
    if name.endswith(_DATABASES):
        # Read without the simulator, and only then is pandas needed.
        return importlib.import_module(".results", __name__).open_results(name)
    if os.path.isdir(name) or name.endswith((".json", ".jsonl")):
        return load_results(name)
    return load_scenario(name)
