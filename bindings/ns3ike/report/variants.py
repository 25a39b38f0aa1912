# SPDX-License-Identifier: GPL-2.0-only
"""The variants that a study compares: runs that differ in words and switches, not in numbers."""
from ..sweep.interval import mean_interval

CONFIDENCE = 0.95
#: Parameters of which one value is no variant of the other, but the question itself.
NAMES = {"none": "without responder-only", "false": "without responder-only", "one": "with responder-only at one end",
         "true": "with responder-only", "both": "with responder-only at both ends"}
#: More than that, nobody tells apart.
MOST = 8


class Variant:
    """Some runs of a study, and what they have in common."""

    def __init__(self, label, runs, key):
        self.label = label
        self.runs = runs
        #: ((parameter, text), ...)
        self.key = key

    def values(self, metric):
        return [run.metric(metric) for run in self.runs]

    def mean(self, metric):
        """(mean, half width of its interval)."""
        return mean_interval(self.values(metric), CONFIDENCE)


def is_word(study, name):
    """Is a parameter a choice or a switch?"""
    return any(name not in run.numbers or run.parameters[name] in ("true", "false")
               for run in study.done if name in run.parameters)


def label_of(key):
    """"without responder-only, mode strict"."""
    return ", ".join(NAMES[value] if name == "responder_only" and value in NAMES else f"{name} {value}"
                     for name, value in key) or "all runs"


def variants(study):
    """The variants, in the order of the study; one with all runs when there are none, or too many."""
    names = [name for name in study.varied() if is_word(study, name)]
    # A word among numbers ("never") makes no variants of all the numbers.
    names = [name for name in names if len(study.values(name)) <= MOST]
    names.sort(key=lambda name: name != "responder_only")
    while names:
        found = {}
        for run in study.done:
            found.setdefault(tuple((name, run.parameters.get(name, "")) for name in names), []).append(run)
        if len(found) <= MOST:
            # Without comes first.
            order = list(NAMES)
            keys = sorted(found, key=lambda key: [order.index(v) if n == "responder_only" and v in order else -1
                                                  for n, v in key])
            return [Variant(label_of(key), found[key], key) for key in keys]
        names.pop()
    return [Variant("all runs", study.done, ())]


def differences(one, other, metric):
    """Differences of runs that share seed and all other parameters, in order."""
    def place(variant, run):
        own = {name for name, _ in variant.key}
        return run.seed, tuple(sorted((n, v) for n, v in run.parameters.items() if n not in own))

    partners = {place(other, run): run for run in other.runs}
    pairs = [(run, partners.get(place(one, run))) for run in one.runs]
    return [a.metric(metric) - b.metric(metric) for a, b in pairs if b is not None]
