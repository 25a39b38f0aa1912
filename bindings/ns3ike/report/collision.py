# SPDX-License-Identifier: GPL-2.0-only
"""Who collides: over the start offset and the delay, with the closed form."""
from ..sweep.interval import share_bounds
from . import theory
from .chart import Axis, Chart, Mark, Panel, Series, number, plural, seconds, span_of
from .markup import Section, tag
from .theme import SERIES
from .variants import CONFIDENCE, NAMES

KINDS = (("isakmp", "totals.isakmp_duplicates", "ISAKMP SAs"), ("pairs", "totals.ipsec_duplicates", "IPsec SA pairs"))
#: A grid has at least so many offsets, and at most so many panels of each kind.
LEAST, MOST = 3, 6
CURVE = 160


def grouped(runs, key):
    groups = {}
    for run in runs:
        groups.setdefault(key(run), []).append(run)
    return groups


def is_grid(study, runs):
    """Can each other number that varies have panels, or curves, of its own?"""
    for name in study.varied():
        if name != "offset" and all(name in run.numbers for run in runs):
            groups = grouped(runs, lambda run, name=name: run.numbers[name]).values()
            if len(groups) > MOST or any(len({run.numbers["offset"] for run in group}) < LEAST for group in groups):
                return False
    return True


def facet_of(study, runs):
    """The number that tells panels apart: delay, when it varies, or another one with few values."""
    names = [n for n in study.varied() if n != "offset" and all(n in run.numbers for run in runs)]
    names = [n for n in names if 2 <= len({run.numbers[n] for run in runs}) <= MOST]
    return "delay" if "delay" in names else names[0] if names else None


def share(runs, metric):
    """(hits, runs, least, greatest) in which there was one too many."""
    hits = sum(run.metric(metric) >= 1 for run in runs)
    return (hits, len(runs), *share_bounds(hits, len(runs), CONFIDENCE))


def dots(groups, metric, name, unit):
    """Rows of dots and of the band of their intervals, by place on the axis."""
    points, whiskers = [], []
    for x, runs in sorted(groups.items()):
        hits, count, low, high = share(runs, metric)
        tip = f"{name}, {number(x)} {unit}: {hits} of {plural(count, 'run')} collide, {low:.0%} to {high:.0%}"
        points.append({"x": x, "y": 100 * hits / count, "tip": tip})
        whiskers.append({"x": x, "low": 100 * low, "high": 100 * high, "tip": tip})
    return points, whiskers


class Collision:
    """The chart of a study, and how well the closed form fits."""

    def __init__(self, study, runs):
        self.study, self.runs = study, runs
        self.variants = [v for v in ("none", "one") if any(r.parameters["responder_only"] == v for r in runs)]
        self.grid = is_grid(study, runs)
        self.facet = facet_of(study, runs) if self.grid else None
        self.points = self.inside = 0
        #: (facet value, kind) -> offset up to which every second run collides
        self.edges = {}

    def place(self, run):
        """Where a run stands on the axis."""
        if self.grid:
            return run.numbers["offset"]
        ratio = abs(run.numbers["offset"]) / run.numbers["delay"]
        return (0.5 + int(ratio)) if ratio < 20 else 20.5

    def chart(self):
        values = sorted({run.numbers[self.facet] for run in self.runs}) if self.facet else [None]
        places = [self.place(run) for run in self.runs]
        unit = "s" if self.grid else "delays"
        x = Axis("start offset", "s", domain=span_of(places)) if self.grid else \
            Axis("start offset", "one-way delays", domain=[0, 21])
        panels = [self.panel(kind, metric, title, value, x, unit) for kind, metric, title in KINDS for value in values]
        series = [Series(NAMES[v] + ", simulated, 95 % interval (Wilson)", SERIES[i], sample="banded")
                  for i, v in enumerate(self.variants)]
        series.append(Series("closed form, without responder-only", "theory", faint=True))
        result = Chart("collision", "Share of runs in which a start collides", x, Axis("of the runs", "%", [-2, 102]),
                       series, panels, columns=min(3, max(2, len(values))), least=280)
        result.caption = self.sentence(values)
        return result

    def panel(self, kind, metric, title, value, x, unit):
        runs = [r for r in self.runs if self.facet is None or r.numbers[self.facet] == value]
        name = title if value is None else f"{title}, {self.facet} {self.shown(value)}"
        panel = Panel(name)
        free = [r for r in runs if r.parameters["responder_only"] == "none"]
        if free:
            panel.marks.append(Mark("line", len(self.variants), self.curve(free, kind, x)))
        for index, variant in enumerate(self.variants):
            groups = grouped([r for r in runs if r.parameters["responder_only"] == variant], self.place)
            points, whiskers = dots(groups, metric, NAMES[variant], unit)
            panel.marks += [Mark("band", index, whiskers), Mark("dots", index, points)]
            for members, whisker in zip((groups[x] for x in sorted(groups)), whiskers):
                wanted = 100 * sum(theory.of_run(r, kind) for r in members) / len(members)
                self.points += 1
                self.inside += whisker["low"] - 1e-9 <= wanted <= whisker["high"] + 1e-9
            if variant == "none" and self.grid:
                far = [p["x"] for p in points if p["y"] >= 50]
                self.edges[value, kind] = max(far) if far else None
        return panel

    def shown(self, value):
        unit = self.study.units.get(self.facet, "")
        return seconds(value) if unit == "s" else f"{number(value)} {unit}".strip()

    def curve(self, runs, kind, x):
        """The closed form: dense where runs differ in the offset alone, else its mean over the runs of each place."""
        rest = {tuple(sorted((n, v) for n, v in r.parameters.items() if n not in ("offset", "duration"))) for r in runs}
        if self.grid and len(rest) == 1:
            low, high = x.domain
            model = runs[0]
            steps = theory.ISAKMP_STEPS if kind == "isakmp" else \
                theory.PAIR_STEPS[model.parameters["responder_installs"]]
            edge = steps * model.numbers["delay"]
            ends = [e for s in (-1, 1) for e in (s * edge * (1 - 1e-9), s * edge * (1 + 1e-9)) if low < e < high]
            places = sorted([low + (high - low) * i / CURVE for i in range(CURVE + 1)] + ends)
            return [{"x": at, "y": 100 * theory.probability(at, model.numbers["delay"],
                                                            model.numbers.get("jitter", 0.0), steps)} for at in places]
        groups = grouped(runs, self.place)
        return [{"x": at, "y": 100 * sum(theory.of_run(r, kind) for r in groups[at]) / len(groups[at])}
                for at in sorted(groups)]

    def sentence(self, values):
        parts = []
        for variant in self.variants:
            runs = [r for r in self.runs if r.parameters["responder_only"] == variant]
            hits = sum(any(r.metric(metric) >= 1 for _, metric, _ in KINDS) for r in runs)
            parts.append(f"{NAMES[variant]}, {hits} of {plural(len(runs), 'run')} collide ({100 * hits / len(runs):.0f} %)")
        text = "; ".join(parts)
        text = text[0].upper() + text[1:] + "."
        far = [f"{seconds(edge)} at {'any delay' if value is None else self.facet + ' ' + self.shown(value)}"
               for value in values for edge in [self.edges.get((value, "pairs"))] if edge is not None]
        if far:
            text += " Every second run, or more, still has a pair too many with starts apart by " + ", ".join(far) + "."
        return text + (f" The closed form lies within the interval of {self.inside} of {self.points} points; chance alone "
                       "puts about one of twenty outside.")


def explanation(runs):
    steps = sorted({theory.PAIR_STEPS[r.parameters["responder_installs"]] for r in runs})
    text = (f"The closed form: the late end begins a main mode unless {theory.ISAKMP_STEPS} one-way delays have passed "
            f"since the early end began, and a quick mode unless {' or '.join(map(str, steps))} have "
            "(doc/closed-form.md)")
    jitters = {r.numbers.get("jitter", 0.0) for r in runs}
    if jitters != {0.0}:
        text += ("; each of these takes a random part of the jitter longer"
                 + (f", up to {seconds(max(jitters))}" if len(jitters) == 1 else "") + ", so that chance decides at the edge")
    return text + "."


def section(study):
    """The section, or None when starts are not what varies."""
    runs = [run for run in study.done if theory.applies(run)]
    if len({run.numbers["offset"] for run in runs}) < LEAST:
        return None
    part = Section("collision", "Who collides, over start offset and delay", "Collisions")
    part.add(Collision(study, runs).chart(), tag("p", explanation(runs), class_="note"))
    return part
