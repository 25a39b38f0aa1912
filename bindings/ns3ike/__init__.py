# SPDX-License-Identifier: GPL-2.0-only
"""Run scenarios of real IKE and ESP in ns-3 from Python.

>>> import ns3ike
>>> scenario = ns3ike.load("examples/scenarios/vti-convergence.yaml")
>>> results = scenario.run({"responder_only": "one"}, seed=7)
>>> results["totals"]["ipsec_duplicates"]
0

What is wrong with a scenario or a value is a ScenarioError (a ValueError), whose text names file,
line and column; a run that cannot be done is a RunError (a RuntimeError). ns-3 has one simulation
in a process: use processes, not threads, to run several at a time.
"""
import json
import os
from typing import Any, Callable, Dict, List, Mapping, Optional, Union

from ._ns3ike import Expanded, Parameter, RunError, ScenarioError, ScenarioFile, version

__all__ = ["load", "parse", "Scenario", "Results", "Parameter", "ScenarioError", "RunError"]
__version__ = version()

Value = Union[str, bool, int, float]


class Results(dict):
    """The contents of results.json, and what the scenario's author expected otherwise."""

    def __init__(self, text: str, failed_expectations: List[str]) -> None:
        super().__init__(json.loads(text))
        self.failed_expectations = failed_expectations


class Scenario:
    """A scenario file, read and checked."""

    def __init__(self, file: ScenarioFile) -> None:
        self._file = file

    @property
    def name(self) -> str:
        return self._file.name

    @property
    def title(self) -> str:
        return self._file.title

    @property
    def description(self) -> str:
        return self._file.description

    @property
    def parameters(self) -> Dict[str, Parameter]:
        """The declared parameters by name, in the order of the file."""
        return {p.name: p for p in self._file.parameters}

    def expand(self, parameters: Optional[Mapping[str, Value]] = None) -> Expanded:
        """The scenario with these values in place of the defaults."""
        return self._file.expand({name: _text(v) for name, v in (parameters or {}).items()})

    def run(self, parameters: Optional[Mapping[str, Value]] = None, *, seed: Optional[int] = None,
            out: Union[str, "os.PathLike[str]", None] = None,
            progress: Optional[Callable[[float], Any]] = None) -> Results:
        """Run it from the beginning to the end.

        parameters  values in place of the defaults: {"responder_only": "one", "delay": "40 ms"}
        seed        RngRun; default: the scenario's
        out         a folder for captures, transcript, keys, ...; default: no files
        progress    called now and then with the share that is done, 0 to 1
        """
        scenario = self.expand(parameters)
        text = scenario.run(scenario.seed if seed is None else seed,
                            "" if out is None else os.fspath(out), progress)
        return Results(text, scenario.failed_expectations(text))


def load(path: Union[str, "os.PathLike[str]"]) -> Scenario:
    """Read a scenario file."""
    return Scenario(ScenarioFile.load(os.fspath(path)))


def parse(text: str, name: str = "scenario", folder: str = ".") -> Scenario:
    """Read a scenario from a text; files that it names are looked up in the folder."""
    return Scenario(ScenarioFile.parse(text, name, folder))


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
