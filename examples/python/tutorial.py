#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""The main figures of the study, from Python.

    ./ns3-ike build && PYTHONPATH=build/python examples/python/tutorial.py --out out/tutorial

Leaves there: duplicates.svg (how many SAs stand twice over the start offset, with and without
responder-only, beside the closed form), timeline.svg (SAs of an hour), ladder.svg and ladder.txt
(the first negotiation). Takes less than a minute. doc/python.md explains the parts.
"""
import argparse
import os
import sys

import ns3ike

HERE = os.path.dirname(os.path.abspath(__file__))
SCENARIO = os.path.join(HERE, "..", "scenarios", "vti-convergence.yaml")
DELAY_MS = 40
# Of doc/closed-form.md: as many one-way delays after the first end began, the second one has an
# ISAKMP SA, or a pair, and begins none of its own.
EDGES = {"isakmp_duplicates": 5, "ipsec_duplicates": 9}
NAMES = {"isakmp_duplicates": "ISAKMP SAs", "ipsec_duplicates": "IPsec SA pairs"}
VARIANTS = {"none": "without responder-only", "one": "R2 is responder-only"}


def theory(quantity, offset_ms, variant):
    """Duplicates by the closed form."""
    return int(variant == "none" and abs(offset_ms) < EDGES[quantity] * DELAY_MS)


def measure(scenario, offsets, duration, progress):
    """[(variant, offset in ms, totals)] of a run for each offset and variant."""
    points = []
    for variant in VARIANTS:
        for offset in offsets:
            # R1 begins at 10 s; with responder-only at R2 it must be the one that can.
            results = ns3ike.run(scenario, {"responder_only": variant, "offset": "%d ms" % offset,
                                            "delay": "%d ms" % DELAY_MS, "duration": duration})
            points.append((variant, offset, results.totals))
            progress("%d of %d runs" % (len(points), len(offsets) * len(VARIANTS)))
    return points


def off_theory(points):
    """The points that the closed form does not foresee."""
    return [(variant, offset, quantity, totals[quantity]) for variant, offset, totals in points
            for quantity in EDGES if totals[quantity] != theory(quantity, offset, variant)]


def draw_duplicates(plt, points, path):
    figure, axes = plt.subplots(len(VARIANTS), 2, figsize=(10, 5.4), sharex=True, sharey=True)
    for row, variant in enumerate(VARIANTS):
        for column, quantity in enumerate(EDGES):
            axis = axes[row][column]
            mine = [(o, t[quantity]) for v, o, t in points if v == variant]
            edge = EDGES[quantity] * DELAY_MS
            limit = max(abs(o) for o, _ in mine) + DELAY_MS
            height = theory(quantity, 0, variant)
            axis.step([-limit, -edge, edge, limit], [0, height, 0, 0], where="post",
                      color="#94a3b8", linewidth=5, label="closed form")
            axis.plot([o for o, _ in mine], [n for _, n in mine], "o", color="#1d4ed8",
                      markersize=4.5, label="simulation")
            axis.set_title("%s, %s" % (NAMES[quantity], VARIANTS[variant]), fontsize=10)
            axis.set_ylim(-0.2, 1.4)
            axis.set_yticks([0, 1])
            axis.grid(alpha=0.3)
            axis.set_ylabel("SAs that stand twice" if column == 0 else "")
            axis.set_xlabel("R2 begins so much later, ms" if row == len(VARIANTS) - 1 else "")
    axes[0][0].legend(fontsize=9, frameon=False, loc="upper left")
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


def draw_timeline(plt, runs, path):
    figure, axes = plt.subplots(len(runs), 1, figsize=(10, 5), sharex=True, sharey=True)
    for axis, (variant, results) in zip(axes, runs.items()):
        # The first line is wider: the second one often lies upon it.
        for what, label, style in (
                ("isakmp_alive", "ISAKMP SAs", {"color": "#94a3b8", "linewidth": 4}),
                ("pairs_alive", "IPsec SA pairs", {"color": "#1d4ed8", "linewidth": 1.3})):
            times, numbers = results.curve("R1", "R2", what)
            axis.step(list(times) + [results["duration_seconds"]],
                      list(numbers) + [numbers[-1]], where="post", label=label, **style)
        axis.set_title("%s: %g duplicate seconds" % (VARIANTS[variant],
                                                    results.totals["duplicate_seconds"]),
                       fontsize=10)
        axis.set_ylabel("standing at R1")
        axis.grid(alpha=0.3)
    axes[-1].set_xlabel("time, s")
    axes[0].legend(fontsize=9, frameon=False)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


def watch(scenario, out):
    """A run step by step, and its first negotiation as a ladder."""
    with ns3ike.Run(scenario, {"responder_only": "one", "duration": "60 s"}) as run:
        up = run.until_event("pair-up")
        run.step("1 s")
        with open(os.path.join(out, "ladder.txt"), "w", encoding="utf-8") as file:
            file.write(run.ladder("R1", "R2"))
        with open(os.path.join(out, "ladder.svg"), "w", encoding="utf-8") as file:
            file.write(run.ladder("R1", "R2", svg=True, title="R2 is responder-only"))
        return up, run.router("R1").type("show crypto isakmp sa")


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", default="out/tutorial", help="folder (default: %(default)s)")
    parser.add_argument("--step", type=int, default=40, help="between two offsets, in ms "
                        "(default: %(default)s)")
    parser.add_argument("--duration", default="1 h", help="of the timeline (default: %(default)s)")
    options = parser.parse_args(arguments)
    if options.step < 1:
        parser.error("--step: at least 1 ms")
    try:
        import matplotlib
    except ImportError:
        sys.exit("this wants matplotlib (Debian: apt-get install python3-matplotlib)")
    matplotlib.use("Agg")
    matplotlib.rcParams["svg.hashsalt"] = "ns3-ike"
    import matplotlib.pyplot as plt

    def progress(text):
        if sys.stderr.isatty():
            print("\r" + text, end="", file=sys.stderr)

    os.makedirs(options.out, exist_ok=True)
    scenario = ns3ike.load(SCENARIO)

    up, shown = watch(scenario, options.out)
    print("the first pair stands at %s at %.3f s; then `show crypto isakmp sa` says" % (up.node,
                                                                                       up.time))
    print(shown)

    # Half a delay beside the steps of the closed form, where two events have the same time.
    half = DELAY_MS // 2
    offsets = sorted({sign * o for o in range(half, 12 * DELAY_MS, options.step)
                      for sign in (1, -1)})
    points = measure(scenario, offsets, "60 s", progress)
    wrong = off_theory(points)
    draw_duplicates(plt, points, os.path.join(options.out, "duplicates.svg"))

    runs = {variant: ns3ike.run(scenario, {"responder_only": variant,
                                           "duration": options.duration})
            for variant in VARIANTS}
    draw_timeline(plt, runs, os.path.join(options.out, "timeline.svg"))
    for variant, offset, quantity, number in wrong:
        print("off the closed form: %s, offset %d ms: %s is %d" % (VARIANTS[variant], offset,
                                                                  quantity, number))
    print("%d runs, %d off the closed form; figures in %s" % (len(points) + len(runs) + 1,
                                                              len(wrong), options.out))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
