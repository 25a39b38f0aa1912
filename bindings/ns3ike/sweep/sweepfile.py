# SPDX-License-Identifier: GPL-2.0-only
"""The sweep file: read and checked whole before anything runs."""
import math
import os
import re

from . import program as programs
from .design import own_seed, read_design, read_grid, declared, Value
from .document import read_document
from .errors import SweepError, listed, nearest
from .interval import mean_interval, share_interval

KEYS = ("version", "name", "title", "scenario", "set", "design", "cross", "design_seed", "seeds", "random_numbers",
        "stop", "metrics", "series", "events")
LARGEST_SEED = 999_999_999
MOST_RUNS = 10_000_000


class Point:
    """A point of the design: parameters as in results, the hash of the scenario, and where the sweep names it."""

    def __init__(self, number, values, node):
        self.number = number
        self.values = values  # {name: Value}, as written
        self.node = node
        self.parameters = {}
        self.hash = ""


class Stop:
    """When a point has seeds enough."""

    def __init__(self, node):
        fields = node.fields(["quantity", "at_least", "confidence", "half_width", "relative_half_width"], ["quantity"])
        self.node = fields["quantity"]
        self.quantity = fields["quantity"].text("a quantity, as totals.ipsec_duplicates")
        if any(c in self.quantity for c in "*?["):
            raise self.node.error(f"'{self.quantity}' names several quantities", "one")
        self.at_least = fields["at_least"].number() if "at_least" in fields else None
        self.confidence = fields["confidence"].percent(0, 100) if "confidence" in fields else 0.95
        if ("half_width" in fields) == ("relative_half_width" in fields):
            raise node.error("one of half_width and relative_half_width is needed",
                             "half_width: a number, or relative_half_width: a share, as '5 %'")
        self.half_width = fields["half_width"].number(above=0, expected="a number greater than zero") \
            if "half_width" in fields else None
        self.relative = fields["relative_half_width"].percent(0, 100) if "relative_half_width" in fields else None

    def interval(self, values):
        """(estimate, half width) of the runs of a point, in the order of their seeds."""
        if self.at_least is None:
            return mean_interval(values, self.confidence)
        return share_interval(sum(value >= self.at_least for value in values), len(values), self.confidence)

    def enough(self, values):
        estimate, half = self.interval(values)
        if math.isinf(half):
            return False
        return half <= (self.half_width if self.relative is None else self.relative * abs(estimate))


class Seeds:
    """The seeds of a point: a list, or with a stop rule as many as it wants."""

    def __init__(self, node, stop):
        if stop is not None:
            if node is None or node.kind != "mapping":
                raise (node or stop.node).error("a stop rule wants seeds with limits",
                                                "seeds: {min: 10, max: 100, step: 10}")
            fields = node.fields(["first", "min", "max", "step"], ["min", "max"])
            first = fields["first"].integer(1, LARGEST_SEED) if "first" in fields else 1
            self.max = fields["max"].integer(1, LARGEST_SEED - first + 1)
            self.min = fields["min"].integer(1, self.max)
            self.step = fields["step"].integer(1, self.max) if "step" in fields else self.min
            self.list = range(first, first + self.max)
        else:
            if node is not None and node.kind == "mapping":
                raise node.error("these limits want a stop rule, 'stop:'", "seeds as 1..10, or [1, 2, 5]")
            self.list = self._read(node) if node is not None else [1]
            self.min = self.max = self.step = len(self.list)

    @staticmethod
    def _read(node):
        if node.kind == "sequence":
            seeds = [item.integer(1, LARGEST_SEED) for item in node.items()]
            for place, seed in enumerate(seeds):
                if seed in seeds[:place]:
                    raise node.items()[place].error(f"seed {seed} stands here twice")
            return seeds
        text = node.text("seeds as 1..10, or [1, 2, 5]")
        match = re.fullmatch(r"([0-9]{1,9})(?:\.\.([0-9]{1,9}))?", text)
        first, last = (int(match.group(1)), int(match.group(2) or match.group(1))) if match else (0, 0)
        if not 1 <= first <= last:
            raise node.error(f"'{text}' names no seeds", "seeds as 1..10, or [1, 2, 5]")
        return range(first, last + 1)

    def next_round(self, done):
        """How many seeds a point has after its next round."""
        return self.min if done == 0 else min(self.max, done + self.step)


class Sweep:
    """A sweep file: everything that will run, and what of it is kept."""

    def __init__(self, text, name, program, folder="."):
        self.text = text
        self.file = name
        root = read_document(text, name)
        fields = root.fields(KEYS, ["version", "name", "scenario"])
        if fields["version"].text("1") != "1":
            raise fields["version"].error(f"version '{fields['version'].text()}' is not known", "1")
        self.name = self._word(fields["name"])
        self.title = fields["title"].text() if "title" in fields else self.name
        self.design_seed = fields["design_seed"].integer(0, LARGEST_SEED) if "design_seed" in fields else 1
        self.common = "random_numbers" not in fields or \
            fields["random_numbers"].word(["common", "own"]) == "common"
        self.stop = Stop(fields["stop"]) if "stop" in fields else None
        self.seeds = Seeds(fields.get("seeds"), self.stop)
        self.record = {kind: self._patterns(fields.get(kind), default) for kind, default in
                       (("metrics", ["totals.*"]), ("series", []), ("events", []))}
        if self.stop and self.stop.quantity not in self.record["metrics"]:
            self.record["metrics"].append(self.stop.quantity)
        self.written_scenario = fields["scenario"].text("a file, or the name of a shipped scenario")
        self.scenario_path = self._find(fields["scenario"], folder)
        self._program = program
        head, _ = self._expand(fields["scenario"], [], [])
        self.scenario = programs.Scenario(head, None)
        self.points = self._read_points(root, fields)
        self._expand_points(root, fields)

    @staticmethod
    def _word(node):
        text = node.text("a word")
        if not re.fullmatch(r"[A-Za-z0-9_-]+", text):
            raise node.error(f"'{text}' is no name", "letters, digits, '_' and '-'")
        return text

    @staticmethod
    def _patterns(node, default):
        if node is None:
            return list(default)
        return [item.text("a name, or a pattern as totals.*") for item in node.items("a list of names or patterns")]

    def _find(self, node, folder):
        """A file beside the sweep, or a name that ike-sim knows."""
        beside = os.path.join(folder, self.written_scenario)
        if os.path.isfile(beside):
            return beside
        if "/" in self.written_scenario or self.written_scenario.endswith((".yaml", ".yml")):
            raise node.error(f"there is no file '{beside}'")
        return self.written_scenario

    def _expand(self, node, points, quantities):
        try:
            return programs.expand(self._program, self.scenario_path, points, quantities)
        except SweepError as e:
            text = str(e).replace("\nTry 'ike-sim help'.", "")
            known = text.startswith("there is no scenario")
            raise node.error(text if known else f"scenario '{self.written_scenario}': {text}") from e

    def _read_points(self, root, fields):
        """The design, crossed with `cross:`, over what `set:` says for all."""
        fixed = {}
        if "set" in fields:
            for name, (key, value) in fields["set"].mapping("parameters and their values").items():
                declared(key, name, self.scenario)
                fixed[name] = Value(value.text(), value)
        design = read_design(fields["design"], self.scenario, self.design_seed) if "design" in fields else [{}]
        cross = read_grid(fields["cross"], self.scenario) if "cross" in fields else [{}]
        self._refuse_twice(("set", [fixed]), ("design", design))
        self._refuse_twice(("set", [fixed]), ("cross", cross))
        self._refuse_twice(("design", design), ("cross", cross))
        count = len(design) * len(cross)
        if count * self.seeds.max > MOST_RUNS:
            raise root.error(f"these are {count * self.seeds.max} runs", f"{MOST_RUNS} at most")
        node = fields.get("design") or fields.get("cross") or root
        return [Point(number, {**fixed, **one, **two}, next((v.node for v in one.values()), node))
                for number, (one, two) in enumerate((one, two) for one in design for two in cross)]

    @staticmethod
    def _refuse_twice(first, second):
        """A parameter has its values in one place."""
        key, points = first
        names = set().union(*points)
        for point in second[1]:
            for name, value in point.items():
                if name in names:
                    raise value.node.error(f"parameter '{name}' has values in '{key}:' already")

    def _expand_points(self, root, fields):
        """Parameters and hashes, as the results will have them; complains at the place of what is wrong."""
        plain = [q for q in self.record["metrics"] if not any(c in q for c in "*?[") and "packets_dropped." not in q]
        texts = [{name: value.text for name, value in point.values.items()} for point in self.points]
        _, answers = self._expand(fields["scenario"], texts, plain)
        others, seen = set(), {}
        sampled = "design" in fields and "samples" in fields["design"].mapping()
        points = []
        for point, answer in zip(self.points, answers):
            if "error" in answer:
                self._complain(point, answer, fields)
            point.parameters, point.hash = answer["parameters"], answer["hash"]
            others.update(answer["files"])
            if point.hash not in seen:
                seen[point.hash] = point
                point.number = len(points)
                points.append(point)
            elif not sampled:
                raise point.node.error("this point is the same as another: "
                                       + ", ".join(f"{k}={v.text}" for k, v in point.values.items()))
        self.points = points
        self.scenario.bundle = programs.bundle(self.scenario.file, others)

    def _complain(self, point, answer, fields):
        if "parameter" in answer:
            value = point.values[answer["parameter"]]
            raise value.node.error(answer["message"], answer["expected"])
        if "quantity" in answer:
            node = self.stop.node if self.stop and self.stop.quantity == answer["quantity"] else next(
                (item for item in fields["metrics"].items() if item.text() == answer["quantity"]))
            raise node.error(answer["message"], answer["expected"])
        values = ", ".join(f"{name}={value.text}" for name, value in point.values.items())
        raise point.node.error(f"the scenario cannot have {values or 'its defaults'}: {answer['error']}")

    def seed(self, point, number):
        """The seed of a point's run with this number, from 0 on."""
        if self.common:
            return self.seeds.list[number]
        if not hasattr(point, "seeds"):
            point.seeds = []
        while len(point.seeds) <= number:
            seed = own_seed(self.design_seed, point.hash, len(point.seeds))
            while seed in point.seeds:
                seed = seed % LARGEST_SEED + 1
            point.seeds.append(seed)
        return point.seeds[number]

    @property
    def most_runs(self):
        return len(self.points) * self.seeds.max


def find_sweep(path):
    """The file of that name, or the shipped sweep."""
    if os.path.isfile(path):
        return path
    if os.path.basename(path) != path or path.endswith((".yaml", ".yml")):
        raise SweepError(f"{path}: there is no such file")
    folder = shipped_folder()
    shipped = sorted(f[:-5] for f in os.listdir(folder) if f.endswith(".yaml")) if os.path.isdir(folder) else []
    if path not in shipped:
        raise SweepError(f"there is no sweep '{path}'; expected a file" + (f", or {listed(shipped)}" if shipped else "")
                         + nearest(path, shipped))
    return os.path.join(folder, path + ".yaml")


def load_sweep(path, program):
    """Reads a sweep file, or the shipped sweep of that name."""
    path = find_sweep(path)
    try:
        with open(path, encoding="utf-8") as f:
            text = f.read()
    except (OSError, UnicodeDecodeError) as e:
        raise SweepError(f"{path}: {getattr(e, 'strerror', None) or 'this is no text in UTF-8'}") from e
    return Sweep(text, path, program, os.path.dirname(path) or ".")


def shipped_folder():
    here = os.path.dirname(os.path.realpath(__file__))
    return os.path.normpath(os.path.join(here, "..", "..", "..", "examples", "sweeps"))
