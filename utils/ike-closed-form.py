#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Draws the number of SAs over the start offset: theory as steps, simulations as dots.

The theory is derived in doc/closed-form.md. The simulations are runs of the study in ns-3, through
"ike-sim batch", long enough for everything to settle and too short for a rekey. Exit status 1 when
a simulation is off the theory.
"""
import argparse
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "bindings", "ns3ike",
                                "report"))

import theory as closed_form  # noqa: E402 # pylint: disable=wrong-import-position

DELAY_MS = 40
SCENARIO = "vti-convergence"
INSTALLS = closed_form.PAIR_STEPS
NANOSECOND_MS = 1e-6


def theory(offset_ms, installs):
    """ISAKMP SAs and pairs that stand, for an offset in ms (never a step itself)."""
    return closed_form.sas(offset_ms, DELAY_MS, installs)


def offsets(installs):
    """Both signs; a nanosecond on either side of each step."""
    steps = [closed_form.ISAKMP_STEPS * DELAY_MS, INSTALLS[installs] * DELAY_MS]
    positive = [x * DELAY_MS for x in (0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5, 9.5, 10.5)]
    positive += [s + e for s in steps for e in (-NANOSECOND_MS, NANOSECOND_MS)]
    return sorted([-x for x in positive] + [0.0] + positive)


def simulate(program, installs):
    """(offset in ms, ISAKMP SAs, pairs) of each run, as seen by R1 at the end."""
    values = offsets(installs)
    command = [program, "batch", SCENARIO, "--set", "duration=30 s", "--set", "rate=1000000 Gbit/s",
               "--set", "packet_interval=1 h", "--set", f"delay={DELAY_MS} ms",
               "--set", f"responder_installs={installs}",
               "--vary", "offset=" + ",".join(f"{round(v * 1e6)} ns" for v in values)]
    lines = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    runs = [json.loads(line) for line in lines.splitlines()]
    assert len(runs) == len(values), "a run is missing"
    points = []
    for value, run in zip(values, runs):
        end = run["ends"][0]["peers"][0]
        points.append((value, end["isakmp_at_end"], end["pairs_at_end"]))
    return points


def off_theory(results):
    """The runs that contradict the theory."""
    return [(installs, p) for installs, points in results.items() for p in points
            if theory(p[0], installs) != p[1:]]


def draw(results, out):
    """The picture; alone in needing matplotlib."""
    import matplotlib

    matplotlib.use("Agg")
    matplotlib.rcParams["svg.hashsalt"] = "ns3-ike"
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(2, 2, figsize=(10, 5.2), sharex=True, sharey=True)
    for row, (installs, points) in enumerate(sorted(results.items())):
        for column, what in enumerate(("ISAKMP SAs", "IPsec SA pairs")):
            axis = axes[row][column]
            step = closed_form.ISAKMP_STEPS if column == 0 else INSTALLS[installs]
            edge = 11
            axis.step([-edge, -step, step, edge], [1, 2, 1, 1], where="post", color="#94a3b8",
                      linewidth=5, solid_capstyle="butt", label="theory")
            axis.plot([p[0] / DELAY_MS for p in points], [p[1 + column] for p in points], "o",
                      color="#1d4ed8", markersize=4.5, label="simulation")
            axis.set_title(f"{what}, responder installs with {installs.replace('-', ' ')}",
                           fontsize=10)
            axis.set_yticks([0, 1, 2])
            axis.set_ylim(0, 2.5)
            axis.set_xticks([-9, -7, -5, 0, 5, 7, 9])
            axis.grid(alpha=0.3)
            if row == 1:
                axis.set_xlabel("start offset d, in one-way delays D")
            if column == 0:
                axis.set_ylabel("standing")
    axes[0][0].legend(loc="lower center", fontsize=9, frameon=False)
    figure.suptitle("SAs that stand after both ends began, without responder-only", fontsize=12)
    figure.tight_layout()
    figure.savefig(out, metadata={"Date": None} if out.endswith(".svg") else None)


def main():
    parser = argparse.ArgumentParser(prog="./ns3-ike closed-form", description=__doc__.splitlines()[0])
    parser.add_argument("--program", default="build/ike-sim", help="ike-sim (default: %(default)s)")
    parser.add_argument("--out", default="out/closed-form.svg", help="picture (default: %(default)s)")
    parser.add_argument("--dry-run", action="store_true", help="only look at the arguments")
    arguments = parser.parse_args()
    if arguments.dry_run:
        return 0
    results = {installs: simulate(arguments.program, installs) for installs in INSTALLS}
    wrong = off_theory(results)
    for installs, (offset, isakmp, pairs) in wrong:
        print(f"off the theory: {installs}, d = {offset} ms: {isakmp} and {pairs}, "
              f"not {theory(offset, installs)}", file=sys.stderr)
    os.makedirs(os.path.dirname(arguments.out) or ".", exist_ok=True)
    draw(results, arguments.out)
    runs = sum(len(points) for points in results.values())
    print(f"{runs} simulations, {len(wrong)} off the theory; {arguments.out}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
