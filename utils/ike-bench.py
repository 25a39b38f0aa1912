#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Measure how fast and how large simulations are, and compare it with what is promised.

One line per promise: the measured value, its bound, the figures behind it, and "ok" or "falls
short". Times are CPU times of processes of their own, variants take turns, and promises are ratios,
so that what else the machine does matters little. The exit status is 0 also when something falls
short; 1 is for errors.
"""
import argparse
import json
import os
import subprocess
import sys

PARTS = {
    "handshakes": "main and quick mode in the simulation, beside the bare cryptography",
    "esp": "packets through a VTI and a crypto map, beside plain ns-3",
    "scale": "hubs with more and more spokes: time and memory per spoke",
    "day": "a hub for 24 simulated hours, beside real time",
    "threads": "handshakes on two threads, beside one",
    "sweep": "runs of a sweep on two cores, beside a plain loop over them",
    "lab": "the race laboratory: orderings in a second, on one core",
}

OK, SHORT, OPEN = "ok", "falls short", "not measured"
KIB = 1024.0


class Failure(Exception):
    """What cannot be measured because something is broken."""


def say(text):
    print("ike-bench: %s" % text, file=sys.stderr, flush=True)


class Bench:
    """Runs the measuring program, and keeps lines and figures."""

    def __init__(self, program, short, seconds):
        self.program, self.short, self.seconds = program, short, seconds
        self.lines, self.figures = [], {}

    def run(self, key, *words):
        """One process of the measuring program: its figures."""
        return self.ask(key, [self.program], list(words) + (["--short"] if self.short else []))

    def ask(self, key, program, words):
        """One process: its figures."""
        say(" ".join(words))
        try:
            done = subprocess.run(program + words, text=True, capture_output=True, timeout=self.seconds)
        except subprocess.TimeoutExpired:
            raise Failure("%s: no end after %d s" % (" ".join(words), self.seconds)) from None
        except OSError as error:
            raise Failure(str(error)) from None
        if done.returncode != 0:
            raise Failure("%s: %s" % (" ".join(words), done.stderr.strip() or
                                      "exit status %d" % done.returncode))
        try:
            figures = json.loads(done.stdout)
        except ValueError:
            raise Failure("%s: no figures came back" % " ".join(words)) from None
        self.figures[key] = figures
        return figures

    def judge(self, claim, value, bound, unit, text, at_least=False):
        """A promise that was measured."""
        # A difference of two times that noise made negative shows nothing.
        good = value > 0 and (value >= bound if at_least else value <= bound)
        self.lines.append({"claim": claim, "value": value, "bound": bound, "unit": unit,
                           "at_least": at_least, "verdict": OK if good else SHORT, "text": text})
        self.show(self.lines[-1])

    def tell(self, claim, text):
        """Figures that nothing is promised about."""
        self.lines.append({"claim": claim, "verdict": None, "text": text})
        self.show(self.lines[-1])

    def leave(self, claim, why):
        """A promise that cannot be looked at."""
        self.lines.append({"claim": claim, "verdict": OPEN, "text": why})
        self.show(self.lines[-1])

    @staticmethod
    def show(line):
        print(written(line), flush=True)


def number(value):
    return "%.0f" % value if abs(value) >= 100 else "%.2f" % value


def written(line):
    """A line as people read it; the verdict ends it."""
    text = "%-34s" % line["claim"]
    if "value" in line:
        text += " %s%s (%s %s%s): %s" % (number(line["value"]), line["unit"],
                                         "at least" if line["at_least"] else "at most",
                                         number(line["bound"]), line["unit"], line["text"])
        return "%s  %s" % (text, line["verdict"])
    if line["verdict"] == OPEN:
        return "%s %s: %s" % (text, OPEN, line["text"])
    return "%s %s" % (text, line["text"])


# --- The parts ------------------------------------------------------------------------------

def handshakes(bench):
    for name, group, bound in [("modp2048", 14, 1.3), ("P-256", 19, 2.0)]:
        # A batch is over in milliseconds: several processes, and of each figure the least counts.
        runs = [bench.run("handshakes %s" % name, "handshakes", "--group=%d" % group)
                for _ in range(1 if bench.short else 5)]
        figures = {key: min(run[key] for run in runs) for key in runs[0]}
        claim = "handshakes %s" % name
        if "floor" not in figures:
            bench.leave(claim, "the bare cryptography is not in this build; simulated, both ends: "
                        "%.0f us" % figures["sim-least"])
            continue
        bench.judge(claim, figures["sim-least"] / figures["floor-least"], bound, " x the floor",
                    "%.0f us simulated, %.0f us of bare cryptography" % (
                        figures["sim-least"], figures["floor-least"]))


def esp(bench):
    figures = bench.run("esp", "esp")
    for guard, name, more in [("vti", "VTI", 35), ("map", "crypto map", 60)]:
        for size in ("300", "1400"):
            floor = figures[size + ".plain-least"] + figures[size + ".crypto-least"]
            here = figures["%s.%s-least" % (size, guard)]
            bench.judge("esp %s, %s octets" % (name, size), 100 * (here / floor - 1), more, " %",
                        "%.1f us a packet, plain ns-3 %.1f + cryptography %.1f" % (
                            here, figures[size + ".plain-least"], figures[size + ".crypto-least"]))
    for guard, name in [("vti", "VTI"), ("map", "crypto map")]:
        for size in ("300", "1400"):
            def crossing(variant, plain):
                return figures["%s.%s-least" % (size, variant)] - \
                    figures["%s.%s-least" % (size, plain)]
            bench.tell("crossing %s, %s octets" % (name, size),
                       "%.1f us without tags, %.1f with two, %.1f when they are not carried" % (
                           crossing(guard, "plain"), crossing(guard + "-tagged", "plain-tagged"),
                           crossing(guard + "-dropping-tags", "plain-tagged")))


def per_spoke(bench, spokes):
    """What IPsec adds for each spoke: microseconds, and octets."""
    # Small networks are over at once: several of them, and the fastest counts.
    times = max(1, min(5, 1000 // spokes))
    word = "--spokes=%d" % spokes
    both = []
    for more in ([], ["--without-ipsec"]):
        runs = [bench.run("scale %d%s" % (spokes, "".join(more)), "scale", word, *more)
                for _ in range(times)]
        best = min(runs, key=lambda r: r["build-cpu"] + r["run-cpu"])
        both.append(best)
    cpu = [r["build-cpu"] + r["run-cpu"] for r in both]
    heap = [r["build-heap"] + r["tunnel-heap"] for r in both]
    return {"us": 1e6 * (cpu[0] - cpu[1]) / spokes, "octets": (heap[0] - heap[1]) / spokes,
            "tunnel": (both[0]["tunnel-heap"] - both[1]["tunnel-heap"]) / spokes,
            "node": both[1]["build-heap"] / spokes, "cpu": cpu[0],
            "router": (both[0]["build-heap"] - both[1]["build-heap"]) / spokes}


def scale(bench):
    sizes = (10, 40) if bench.short else (100, 1000, 10000)
    found = {spokes: per_spoke(bench, spokes) for spokes in sizes}
    least, most = found[sizes[0]], found[sizes[-1]]
    span = "%d to %d spokes" % (sizes[0], sizes[-1])
    bench.judge("scale time, %s" % span, most["us"] / least["us"], 1.2, " x",
                " / ".join("%.0f" % found[s]["us"] for s in sizes) + " us a spoke")
    bench.judge("scale memory, %s" % span, most["octets"] / least["octets"], 1.2, " x",
                " / ".join("%.1f" % (found[s]["octets"] / KIB) for s in sizes) + " KiB a spoke")
    bench.judge("scale %d spokes up" % sizes[-1], most["cpu"], 300, " s", "CPU time of all of it")
    engines = bench.run("scale a tunnel", "handshakes", "--group=14")
    if "bytes" in engines:
        bench.judge("scale a tunnel, both ends", engines["bytes"] / KIB, 8, " KiB",
                    "engines with their timers and SADs, once finished exchanges are forgotten")
    else:
        bench.leave("scale a tunnel, both ends", "engines alone are not in this build")
    bench.tell("scale a spoke comes up", "%.1f KiB on the heap at both ends: the same, the start of its "
               "engine, and what host and ns-3 put beside them" % (most["tunnel"] / KIB))
    bench.tell("scale a node", "device, stack and routes %.1f KiB; its router, engine, sockets and "
               "configuration %.1f KiB more" % (most["node"] / KIB, most["router"] / KIB))


def day(bench):
    spokes, hours = (20, 0.2) if bench.short else (1000, 24)
    # One end renews: a hub with virtual templates does, too, and every renewal would be a collision.
    figures = bench.run("day", "day", "--hub=dynamic-map", "--spokes=%d" % spokes, "--seconds=%d" % (3600 * hours))
    # Hours are alike; whoever else uses the machine disturbs some of them, and the fastest counts.
    bench.judge("day of %d spokes" % spokes, 3600 / figures["hour-least"], 1000, " x real time",
                "the fastest hour takes %.2f s of CPU time, %.1f us a spoke and minute; half of them %.2f s or more" % (
                    figures["hour-least"], 1e6 * figures["hour-least"] / (60 * spokes), figures["hour"]),
                at_least=True)
    bench.tell("day, all of it", "%.1f s of CPU time for %g hours, %.0f x real time" % (
        figures["cpu"], hours, 3600 * hours / figures["cpu"]))


def threads(bench):
    folder = os.path.dirname(os.path.abspath(__file__))
    program = [sys.executable, os.path.join(folder, "ike-measure-threads.py"),
               "--sim", os.path.join(os.path.dirname(bench.program), "ike-sim"), "--json"]
    size = ["--pairs=60", "--repeat=1"] if bench.short else ["--repeat=3"]
    figures = bench.ask("threads", program, ["--threads=2"] + size)
    bench.judge("threads, two beside one", figures["ratio-wall"], 1.7, " x",
                "by wall time; %.2f by CPU time, of %d handshakes" % (
                    figures["ratio-cpu"], figures["handshakes"]), at_least=True)


def sweep(bench):
    folder = os.path.dirname(os.path.abspath(__file__))
    program = [sys.executable, os.path.join(folder, "ike-bench-sweep.py"),
               "--program", os.path.join(os.path.dirname(bench.program), "ike-sim")]
    size = ["--runs=4", "--duration=1 min", "--rounds=1"] if bench.short else ["--runs=40", "--rounds=3"]
    figures = bench.ask("sweep", program, ["--workers=2"] + size)
    bench.judge("sweep, two workers", 100 * figures["efficiency"], 90, " %",
                "of twice the runs of a plain loop, which does %.1f a second; two such loops at once reach %.0f %%" % (
                    figures["runs"] / figures["seconds_loop"], 100 * figures["efficiency_of_loops"]), at_least=True)


def lab(bench):
    figures = bench.run("lab", "lab")
    bench.judge("lab, transitions a second", figures["transitions-per-second"], 2000, " / s",
                "%.0f states and %.0f schedules a second of CPU time; %d states in %.1f s" % (
                    figures["states-per-second"], figures["schedules-per-second"],
                    figures["states"], figures["cpu"]), at_least=True)


def wanted(names):
    for name in names:
        if name not in PARTS:
            raise argparse.ArgumentTypeError(
                "no such part: %s (there are: %s)" % (name, ", ".join(PARTS)))
    return [name for name in PARTS if not names or name in names]


def main():
    parser = argparse.ArgumentParser(
        prog="./ns3-ike bench", description=__doc__, formatter_class=argparse.RawTextHelpFormatter,
        epilog="parts:\n" + "\n".join("  %-11s %s" % part for part in PARTS.items()))
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these parts")
    parser.add_argument("--short", action="store_true",
                        help="a minute's look: too short to judge by")
    parser.add_argument("--json", metavar="FILE", help="also write lines and all figures to FILE")
    parser.add_argument("--program", default="ike-bench", help=argparse.SUPPRESS)
    parser.add_argument("--dry-run", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--patience", type=int, default=1800, metavar="SECONDS",
                        help="give up a measurement after so long (default: 1800)")
    args = parser.parse_args()
    try:
        names = wanted(args.names)
    except argparse.ArgumentTypeError as error:
        parser.error(str(error))
    if args.dry_run:
        return 0
    bench = Bench(args.program, args.short, args.patience)
    failed = False
    for name in names:
        try:
            globals()[name](bench)
        except Failure as failure:
            say(str(failure))
            failed = True
    if args.json:
        with open(args.json, "w", encoding="utf-8") as f:
            json.dump({"lines": bench.lines, "figures": bench.figures}, f, indent=1)
            f.write("\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
