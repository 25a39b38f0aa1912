# SPDX-License-Identifier: GPL-2.0-only
"""The race laboratory: every ordering of a scenario's messages, found, shrunk and kept.

>>> from ns3ike import lab
>>> race = lab.Race("examples/races/v1-mm-01.yaml")
>>> race.replay()["ends"][0]["end"]
'duplicate 1/1; IKE 2/2 CH 2/2'
>>> found = race.explore(bounds={"losses": 1})
>>> found.frame()                        # a table of end states; wants pandas

doc/race-commands.md has the words of schedules and the keys of `explore:` in scenario files.
"""
import json
import os
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple, Union

from . import _ns3ike
from ._ns3ike import (Expanded, RaceWorld, list_bounds, list_moves, list_oracles, split_schedule)
from .scenario import Scenario, as_text, load_scenario

__all__ = ["Findings", "Race", "RaceWorld", "list_bounds", "list_moves", "list_oracles", "regress",
           "split_schedule"]


class Findings(Dict[str, Any]):
    """What came out of a race: a dictionary.

    ends        end states: end, classes, isakmp, pairs, states, schedules, shortest
    violations  oracles that did not hold: oracle, text, count, shortest
    coverage    what was looked at, within which bounds; None for one schedule, or for chance
    failures    expectations of the scenario that did not come true
    """

    def frame(self, key: str = "ends") -> Any:
        """A table (pandas.DataFrame) with a row for each end state, or for each of another list."""
        import pandas
        return pandas.DataFrame(self[key])

    def end(self) -> str:
        """The end state, when there is just one."""
        states = [row["end"] for row in self["ends"]]
        if len(states) != 1:
            raise ValueError("there are %d end states: %s" % (len(states), ", ".join(states)))
        return str(states[0])


class Race:
    """A scenario in the laboratory.

    scenario  a file, a Scenario, or one whose parameters all have values
    values    of its parameters
    seed      of random keys; default: the scenario's
    """

    def __init__(self, scenario: Union[str, "os.PathLike[str]", Scenario, Expanded],
                 values: Optional[Mapping[str, Any]] = None, *,
                 seed: Optional[int] = None) -> None:
        if isinstance(scenario, (str, os.PathLike)):
            scenario = load_scenario(scenario)
        if isinstance(scenario, Scenario):
            scenario = scenario.expand(values)
        elif values:
            raise ValueError("all parameters of this scenario have values")
        self.scenario: Expanded = scenario
        self._race = _ns3ike.Race(scenario, seed)

    @property
    def nodes(self) -> List[str]:
        """Names of the routers, in the order of counts."""
        return self._race.nodes

    @property
    def begin(self) -> str:
        """Moves before all schedules."""
        return self._race.begin

    @property
    def kept(self) -> Optional[str]:
        """The schedule that the scenario keeps, if it does."""
        return self._race.kept

    @property
    def left_out(self) -> str:
        """What the scenario has and a laboratory has not, a line."""
        return self._race.left_out

    @property
    def bounds(self) -> Dict[str, str]:
        """What may happen in an exploration, and how often."""
        return self._race.bounds

    def world(self) -> RaceWorld:
        """The world behind `begin`, to be moved by hand."""
        return self._race.world()

    def replay(self, schedule: Optional[str] = None) -> Findings:
        """Run one schedule: this, or the kept one, which is judged too.

        It follows the scenario's `begin:`; without that, nothing has happened before it.
        """
        return Findings(json.loads(self._race.replay(schedule)))

    def explore(self, bounds: Optional[Mapping[str, Any]] = None, *,
                oracles: Optional[Sequence[str]] = None, chooser: str = "",
                runs: Optional[int] = None, depth: Optional[int] = None, threads: int = 0,
                progress: Optional[Callable[[Dict[str, int]], None]] = None) -> Findings:
        """Try all orderings within bounds, without the interpreter's lock.

        bounds    beside those of the scenario, as list_bounds() has them: {"losses": 2}
        oracles   names; default: as the scenario says
        chooser   exhaustive, random or pct; default: as the scenario says
        runs      schedules, of choosers by chance
        depth     constraints of an ordering that pct looks for
        threads   workers; 0: one for each core. Results do not depend on it
        progress  called with depth, states, transitions, frontier, ends; what it raises stops it
        """
        texts = {name: as_text(value) for name, value in (bounds or {}).items()}
        return Findings(json.loads(self._race.explore(
            texts, None if oracles is None else list(oracles), chooser, runs, depth, threads,
            progress)))

    def shrink(self, schedule: Optional[str] = None, *, end: str = "", oracle: str = "") -> str:
        """Make a schedule as short as it gets: it still ends like this, or this oracle fails."""
        return self._race.shrink(schedule, end, oracle)

    def steps(self, schedule: Optional[str] = None) -> str:
        """A schedule move by move, and below each what happens."""
        return self._race.steps(schedule)

    def ladder(self, schedule: Optional[str] = None) -> Tuple[str, str]:
        """A ladder diagram: as text, and as SVG."""
        return self._race.ladder(schedule)

    def simulate(self, schedule: Optional[str] = None, *, step: Any = "1 ms", tail: Any = "60 s",
                 out: Union[str, "os.PathLike[str]"] = "") -> Dict[str, Any]:
        """Run a schedule in ns-3, and compare.

        The result has datagrams, events, transcript, differences, end, notes.
        """
        return self._race.simulate(schedule, step, tail, os.fspath(out))

    def write(self, folder: Union[str, "os.PathLike[str]"], name: str,
              schedule: Optional[str] = None, *, title: str = "") -> List[str]:
        """Write a scenario of its own, a transcript and a ladder diagram: names of the files."""
        return self._race.write(os.fspath(folder), name, schedule, title)


def regress(folder: Union[str, "os.PathLike[str]"], *, rewrite: bool = False, only: str = "",
            threads: int = 0) -> List[Dict[str, Any]]:
    """Run all races of a folder and compare with what is kept of them: a row for each.

    A row has race, id, file, parameters, state (same, new, rewritten, changed, failed, error),
    failed, summary, text, seconds.
    """
    return _ns3ike.regress(os.fspath(folder), rewrite, only, threads)
