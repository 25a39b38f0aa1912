# SPDX-License-Identifier: GPL-2.0-only
"""Designs: which points of the space of parameters a sweep runs.

All chance comes from SHA-256 over (design_seed, parameter, number of the sample): a sample's value does not depend on
which other parameters there are, nor, in a random design, on how many samples.
"""
import hashlib
import itertools
import math
from statistics import NormalDist

from .errors import choice, listed
from .units import number_of, text_of

KINDS = ("grid", "list", "random", "latin-hypercube")
DISTRIBUTIONS = ("uniform", "loguniform", "normal", "choice")
MOST_POINTS = 1_000_000


class Value:
    """A value of a parameter, and where the sweep says so."""

    def __init__(self, text, node):
        self.text = text
        self.node = node


def share(*key):
    """A number from 0 to 1 (without 1) that depends on the key alone."""
    digest = hashlib.sha256("\0".join(map(str, key)).encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64 if digest[:7] != b"\xff" * 7 else 1 - 2**-53


def strata(design_seed, name, samples):
    """The parts 0 .. samples-1 in an order of their own for each parameter."""
    return sorted(range(samples), key=lambda i: (share(design_seed, "stratum", name, i), i))


def measure(node, parameter):
    """The number of a bound of a range or distribution."""
    kind = parameter["type"]
    text = node.text("a " + kind)
    number = number_of(text, kind)
    if number is None or kind in ("choice", "boolean"):
        raise node.error(f"'{text}' is no number for parameter '{parameter['name']}'", f"a value of type {kind}")
    if parameter["range"]:
        least, greatest = (number_of(end, kind) for end in parameter["range"])
        if not least <= number <= greatest:
            raise node.error(f"parameter '{parameter['name']}': '{text}' is not right",
                             f"{parameter['range'][0]} to {parameter['range'][1]}")
    return number


class Distribution:
    """How the values of a parameter are spread."""

    def __init__(self, node, parameter):
        self.node = node
        self.kind = parameter["type"]
        fields = node.fields([*DISTRIBUTIONS, "step", "weights"])
        names = [name for name in fields if name in DISTRIBUTIONS]
        if len(names) != 1:
            raise node.error("this is no distribution", "one of " + listed(DISTRIBUTIONS))
        for name, owner in (("weights", "choice"), ("step", None)):
            if name in fields and (names[0] != owner if owner else names[0] == "choice"):
                raise fields[name].error(f"'{name}:' does not go with '{names[0]}:'")
        self.step = self._step(fields.get("step"), parameter)
        getattr(self, "_read_" + names[0])(fields[names[0]], fields, parameter)

    @staticmethod
    def _step(node, parameter):
        if node is None:
            return 0
        step = number_of(node.text("a step"), parameter["type"])
        if step is None or step <= 0:
            raise node.error(f"'{node.text()}' is not right", "a step of more than zero, with its unit")
        return step

    def _limits(self, node, parameter):
        items = node.items("two values: [least, greatest]")
        if len(items) != 2:
            raise node.error(f"there are {len(items)} values", "two: [least, greatest]")
        least, greatest = (measure(item, parameter) for item in items)
        if not least < greatest:
            raise node.error("the first value is not less than the second", "[least, greatest]")
        return least, greatest

    def _read_uniform(self, node, _fields, parameter):
        self.least, self.greatest = self._limits(node, parameter)
        self.draw = self._uniform
        if self.kind == "integer" and not self.step:
            self.step = 1
        if self.step:
            self.draw = self._uniform_steps

    def _uniform(self, u):
        return self.least + u * (self.greatest - self.least)

    def _uniform_steps(self, u):
        """Both ends as likely as what lies between them."""
        count = math.floor((self.greatest - self.least) / self.step + 1e-9) + 1
        return self.least + min(count - 1, math.floor(u * count)) * self.step

    def _read_loguniform(self, node, _fields, parameter):
        self.least, self.greatest = self._limits(node, parameter)
        if self.least <= 0:
            raise node.error("a logarithmic distribution has values greater than zero", "[least, greatest]")
        self.draw = lambda u: self.least * (self.greatest / self.least) ** u

    def _read_normal(self, node, _fields, parameter):
        fields = node.fields(["mean", "sd", "min", "max"], ["mean", "sd"])
        mean = measure(fields["mean"], parameter)
        sd = number_of(fields["sd"].text(), self.kind)
        if sd is None or sd <= 0:
            raise fields["sd"].error(f"'{fields['sd'].text()}' is not right", "more than zero, with its unit")
        ends = parameter["range"] or (None, None)
        limits = []
        for name, end in zip(("min", "max"), ends):
            if name not in fields and end is None:
                raise node.error(f"'{name}:' is missing: parameter '{parameter['name']}' has no range of its own")
            limits.append(measure(fields[name], parameter) if name in fields else number_of(end, self.kind))
        self.least, self.greatest = limits
        if not self.least < self.greatest:
            raise node.error("'min:' is not less than 'max:'")
        normal = NormalDist(mean, sd)
        low, high = normal.cdf(self.least), normal.cdf(self.greatest)
        if high - low < 1e-9:
            raise node.error("nearly nothing of this distribution lies between its limits")
        self.draw = lambda u: normal.inv_cdf(min(max(low + u * (high - low), 1e-15), 1 - 1e-15))

    def _read_choice(self, node, fields, _parameter):
        self.words = node.items("a list of values")
        weights = [1.0] * len(self.words)
        if "weights" in fields:
            items = fields["weights"].items("a number for each value")
            weights = [item.number(above=0, expected="a number greater than zero") for item in items]
            if len(weights) != len(self.words):
                raise fields["weights"].error(f"there are {len(weights)} weights for {len(self.words)} values")
        self.ends = [end / sum(weights) for end in itertools.accumulate(weights)]
        self.draw = None

    def value(self, u):
        """The value at a share of the distribution."""
        if self.draw is None:
            place = next((i for i, end in enumerate(self.ends) if u < end), len(self.words) - 1)
            return Value(self.words[place].text(), self.words[place])
        number = self.draw(u)
        if self.step:
            number = round(number / self.step) * self.step if self.draw != self._uniform_steps else number
        return Value(text_of(min(max(number, self.least), self.greatest), self.kind), self.node)


def spread(node, parameter):
    """The values of `{from, to, count, scale}`."""
    fields = node.fields(["from", "to", "count", "scale"], ["from", "to", "count"])
    first, last = measure(fields["from"], parameter), measure(fields["to"], parameter)
    count = fields["count"].integer(2, MOST_POINTS)
    if "scale" in fields and fields["scale"].word(["linear", "log"]) == "log":
        if first <= 0 or last <= 0:
            raise node.error("a logarithmic scale has values greater than zero")
        numbers = [first * (last / first) ** (i / (count - 1)) for i in range(count)]
    else:
        numbers = [first + (last - first) * i / (count - 1) for i in range(count)]
    numbers[-1] = last
    return [Value(text_of(number, parameter["type"]), node) for number in numbers]


def values_of(node, parameter):
    """The values of a parameter of a grid: a list, or evenly spread."""
    if node.kind == "mapping":
        return spread(node, parameter)
    return [Value(item.text(), item) for item in node.items("a list of values, or {from, to, count}")]


def declared(key, name, scenario):
    """The declaration of a parameter."""
    if name not in scenario.parameters:
        names = list(scenario.parameters)
        raise key.error(f"scenario '{scenario.name}' has no parameter '{name}'", _known(name, names))
    return scenario.parameters[name]


def _known(name, names):
    return choice(name, names) if names else "nothing: it declares none"


def read_grid(node, scenario):
    """All combinations, the last parameter changing fastest."""
    columns = {name: values_of(value, declared(key, name, scenario))
               for name, (key, value) in node.mapping("parameters and their values").items()}
    if math.prod(map(len, columns.values())) > MOST_POINTS:
        raise node.error("these are too many points", f"{MOST_POINTS} at most")
    return [dict(zip(columns, values)) for values in itertools.product(*columns.values())]


def read_list(node, scenario):
    points = []
    for item in node.items("a list of points"):
        fields = item.mapping("a mapping of parameters to values")
        for name, (key, _) in fields.items():
            declared(key, name, scenario)
        points.append({name: Value(value.text(), value) for name, (_, value) in fields.items()})
    return points


def read_samples(fields, scenario, design_seed, stratified):
    """Samples of distributions; in a Latin hypercube each of n equal parts of each parameter has one."""
    samples = fields["samples"].integer(1, MOST_POINTS)
    points = [{} for _ in range(samples)]
    for name, (key, value) in fields["parameters"].mapping("parameters and their distributions").items():
        distribution = Distribution(value, declared(key, name, scenario))
        order = strata(design_seed, name, samples) if stratified else None
        for i, point in enumerate(points):
            u = share(design_seed, "value", name, i)
            point[name] = distribution.value((order[i] + u) / samples if stratified else u)
    return points


def read_design(node, scenario, design_seed):
    """The points of `design:`, as [{name: Value}]."""
    known = {"grid": ["parameters"], "list": ["points"], "random": ["samples", "parameters"],
             "latin-hypercube": ["samples", "parameters"]}
    fields = node.fields(["kind", "parameters", "points", "samples"], ["kind"])
    kind = fields["kind"].word(KINDS)
    node.fields(["kind", *known[kind]], known[kind])
    if kind == "grid":
        return read_grid(fields["parameters"], scenario)
    if kind == "list":
        return read_list(fields["points"], scenario)
    return read_samples(fields, scenario, design_seed, kind == "latin-hypercube")


def own_seed(design_seed, scenario_hash, number):
    """The seed of a run whose chance is not that of other points: 1 to 999999999."""
    return 1 + int(share(design_seed, "seed", scenario_hash, number) * 999_999_999)
