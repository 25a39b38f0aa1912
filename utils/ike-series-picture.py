#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Draws what became of the packets of a run over time: shares of protected, clear and dropped.

RESULTS are results.json files (or folders of runs); each one is a panel of the picture. A share is
of the packets that were offered in a bucket of "series" in the results: delivered without being in
the clear ("protected"), delivered after being in the clear, dropped for want of an SA, dropped
because it should have come encrypted, dropped for any other reason. Exit status 2 when RESULTS are none.
"""
import argparse
import json
import os
import sys

# What stands on what, from the ground up.
LAYERS = [("protected", "#1d4ed8"), ("in the clear", "#fbbf24"), ("dropped: no SA", "#dc2626"),
          ("dropped: should have come encrypted", "#7f1d1d"), ("dropped: other", "#94a3b8")]


class BadResults(Exception):
    """These are no results with a series."""


def read(path):
    """The results in a file, or in the folder of a run."""
    name = os.path.join(path, "results.json") if os.path.isdir(path) else path
    try:
        with open(name, encoding="utf-8") as f:
            results = json.load(f)
        shares(results)
        return results
    except OSError as e:
        raise BadResults(f"{name}: {e.strerror}") from e
    except (ValueError, KeyError, TypeError) as e:
        raise BadResults(f"{name}: not the results of a run, with a series ({e!r})") from e


def counts(results):
    """{layer: packets per bucket}"""
    series = results["series"]
    clear = series["packets_delivered_clear"]
    dropped = series["packets_dropped"]
    protected = [all_ - c for all_, c in zip(series["packets_delivered"], clear)]
    columns = [protected, clear, dropped["no-sa"], dropped["clear-received"], dropped["other"]]
    return {name: column for (name, _), column in zip(LAYERS, columns)}


def shares(results):
    """{layer: percent of what was offered, per bucket}; nothing offered is 0."""
    offered = results["series"]["packets_offered"]
    return {name: [100 * n / all_ if all_ else 0 for n, all_ in zip(column, offered)]
            for name, column in counts(results).items()}


def edges(results):
    """Where buckets begin, and where the last one ends, in days."""
    series = results["series"]
    day = 86400
    return [i * series["width_seconds"] / day for i in range(len(series["packets_offered"]))] + [
        results["duration_seconds"] / day]


def changes(results):
    """([edge in days, ...], {layer: [percent, ...]}) without buckets that are like the one before."""
    columns = shares(results)
    rows = list(zip(*columns.values()))
    kept = [i for i, row in enumerate(rows) if i == 0 or row != rows[i - 1]]
    at = edges(results)
    return ([at[i] for i in kept] + at[-1:],
            {name: [column[i] for i in kept] for name, column in columns.items()})


def title(results):
    """What is special about a run: its mode, or else its name."""
    name = results["scenario"]["name"]
    mode = results["parameters"].get("mode")
    return f"mode={mode}" if mode else name


def say(results):
    """A line of figures for a run."""
    offered = results["totals"]["packets_offered"]
    sums = {name: sum(column) for name, column in counts(results).items()}
    parts = [f"{name} {n} ({100 * n / max(offered, 1):.2f} %)" for name, n in sums.items() if n]
    outage = results["totals"]["outage_seconds"] / 3600
    return f"{title(results)}: {offered} packets; {', '.join(parts)}; outage {outage:.1f} h"


def draw(runs, out):
    """The picture; alone in needing matplotlib."""
    import matplotlib

    matplotlib.use("Agg")
    matplotlib.rcParams["svg.hashsalt"] = "ns3-ike"
    import matplotlib.pyplot as plt

    figure, panels = plt.subplots(len(runs), 1, figsize=(10, 0.9 + 1.9 * len(runs)), sharex=True,
                                  squeeze=False)
    used = [any(sum(counts(run)[name]) for run in runs) for name, _ in LAYERS]
    for axis, run in zip(panels[:, 0], runs):
        at, columns = changes(run)
        ground = [0.0] * (len(at) - 1)
        for (name, colour), is_used in zip(LAYERS, used):
            if is_used:
                top = [a + b for a, b in zip(ground, columns[name])]
                axis.fill_between(at, ground + ground[-1:], top + top[-1:], step="post",
                                  color=colour, linewidth=0, label=name)
                ground = top
        axis.set_title(title(run), fontsize=10, loc="left")
        axis.set_xlim(at[0], at[-1])
        axis.set_ylim(0, 100)
        axis.set_yticks([0, 50, 100])
        axis.set_ylabel("% of offered")
        axis.grid(alpha=0.3)
    panels[-1, 0].set_xlabel("days")
    handles, labels = panels[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="upper center", ncol=len(labels), fontsize=9, frameon=False)
    figure.tight_layout(rect=(0, 0, 1, 1 - 0.35 / figure.get_figheight()))
    figure.savefig(out, metadata={"Date": None} if out.endswith(".svg") else None)
    plt.close(figure)


def main():
    parser = argparse.ArgumentParser(prog="./ns3-ike picture", description=__doc__.splitlines()[0])
    parser.add_argument("results", nargs="+", metavar="RESULTS",
                        help="results.json, or the folder of a run; a panel each")
    parser.add_argument("out", metavar="OUT", help="picture: .svg, .png or .pdf")
    parser.add_argument("--dry-run", action="store_true", help="only look at the arguments")
    arguments = parser.parse_args()
    try:
        runs = [read(path) for path in arguments.results]
    except BadResults as e:
        print(f"ike-series-picture: {e}", file=sys.stderr)
        return 2
    if os.path.splitext(arguments.out)[1] not in (".svg", ".png", ".pdf"):
        print(f"ike-series-picture: {arguments.out}: expected .svg, .png or .pdf", file=sys.stderr)
        return 2
    if arguments.dry_run:
        return 0
    os.makedirs(os.path.dirname(arguments.out) or ".", exist_ok=True)
    try:
        draw(runs, arguments.out)
    except ImportError:
        print("ike-series-picture: Debian's package python3-matplotlib is needed", file=sys.stderr)
        return 1
    for run in runs:
        print(say(run))
    return 0


if __name__ == "__main__":
    sys.exit(main())
