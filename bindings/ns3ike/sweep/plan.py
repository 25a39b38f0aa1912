# SPDX-License-Identifier: GPL-2.0-only
"""Which runs are still to do: points times seeds, round after round where a stop rule asks for more.

A decision looks at the runs of a point in the order of their seeds, and only when its round is complete: it is the same
whatever the order in which runs come in.
"""
from collections import deque
from shlex import quote

from .database import run_id_of


def quantity_of(metrics, name):
    """The value of a metric, or None; packets that were never dropped for a reason are 0."""
    return metrics.get(name, 0.0 if ".packets_dropped." in name else None)


class Plan:
    """Hands out jobs, and takes back what came out."""

    def __init__(self, sweep, finished, values, retry_failed=False):
        self.sweep = sweep
        self.queue = deque()
        self.total = 0     # runs that are known to be wanted
        self.known = 0     # of these, recorded before
        self._finished = {i: s for i, s in finished.items() if s == "done" or not retry_failed}
        self._values = values           # {run_id: value} of the quantity of the stop rule
        self._waiting = {}              # {point: runs of its round that are not there yet}
        self._asked = {}                # {point: [run_id]}
        self._points = {point.number: point for point in sweep.points}
        for point in sweep.points:
            self._asked[point.number] = []
            self._next_round(point)

    def _job(self, point, number):
        sweep = self.sweep
        seed = sweep.seed(point, number)
        run_id = run_id_of(sweep.scenario.schema, point.hash, point.parameters, seed)
        changed = {name: value for name, value in sorted(point.parameters.items())
                   if value != sweep.scenario.parameters[name]["default"]}
        words = [f"--set {quote(f'{name}={value}')}" for name, value in changed.items()]
        return {"run_id": run_id, "point": point.number, "seed": seed, "parameters": point.parameters,
                "scenario_hash": point.hash,
                "command": " ".join(["ike-sim run", quote(sweep.written_scenario), *words, f"--seed {seed}"])}

    def _next_round(self, point):
        """Queues what the point wants next; several rounds when their runs are there already."""
        asked = self._asked[point.number]
        while len(asked) < self.sweep.seeds.max and not self._has_enough(asked):
            waiting = 0
            for number in range(len(asked), self.sweep.seeds.next_round(len(asked))):
                job = self._job(point, number)
                asked.append(job["run_id"])
                self.total += 1
                if job["run_id"] in self._finished:
                    self.known += 1
                else:
                    self.queue.append(job)
                    waiting += 1
            if waiting:
                self._waiting[point.number] = waiting
                return

    def _has_enough(self, asked):
        stop = self.sweep.stop
        return bool(stop and asked and stop.enough([self._values[i] for i in asked if i in self._values]))

    def take(self, job, row):
        """A run has finished, well or not."""
        if self.sweep.stop and "error" not in row:
            self._values[job["run_id"]] = quantity_of(row["metrics"], self.sweep.stop.quantity)
        number = job["point"]
        self._waiting[number] -= 1
        if self._waiting[number] == 0:
            del self._waiting[number]
            self._next_round(self._points[number])

    def settled(self):
        """How many points the stop rule is content with."""
        return sum(self._has_enough(asked) for asked in self._asked.values())

    @property
    def is_done(self):
        return not self.queue and not self._waiting
