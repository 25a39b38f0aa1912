#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Draws quantities of many runs over a parameter, and prints the same as a table.

LINES are files of `./ns3-ike batch`, the results of a run on each line, or databases of `./ns3-ike sweep`. The runs of one value of the parameter and
of one curve differ in their seed (and in parameters that no option names): their mean is drawn, with the span from the
least to the greatest. A quantity is a path as in `expect:`, "totals.ipsec_duplicates"; elements of lists go by name.
Probabilities, drawn with their interval of 95 %: "PATH >= N" is the share of runs in which it is at least that,
with Wilson's interval; "PATH / PATH" the sum of one number over the sum of the other, as of pairs of routers, with
Wilson's interval for as many trials as runs that differ so are worth.
Exit status 2 when LINES are none, or have no such parameter or quantity.
"""
import argparse
import json
import os
import re
import sqlite3
import sys
from urllib.parse import quote

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "bindings", "ns3ike"))

from sweep.interval import wilson  # noqa: E402 # pylint: disable=wrong-import-position

CONFIDENCE = 0.95
UNITS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1, "min": 60, "h": 3600}


class BadLines(Exception):
    """These are no results, or not of that."""


def read_database(path):
    """The runs of a sweep, by point and seed; their metrics stand for the results."""
    try:
        connection = sqlite3.connect(f"file:{quote(os.path.abspath(path))}?mode=ro", uri=True)
        runs = {run_id: {"seed": seed, "parameters": {}, "metrics": {}} for run_id, seed in connection.execute(
            "SELECT run_id, seed FROM runs WHERE status = 'done' ORDER BY point, seed, run_id")}
        for table in ("parameters", "metrics"):
            for run_id, name, value in connection.execute(f"SELECT run_id, name, value FROM {table}"):
                if run_id in runs:
                    runs[run_id][table][name] = value
        connection.close()
    except sqlite3.Error as e:
        raise BadLines(f"{path}: no database of a sweep ({e})") from e
    if not runs:
        raise BadLines(f"{path}: there is no run in it")
    return list(runs.values())


def is_database(path):
    try:
        with open(path, "rb") as f:
            return f.read(16) == b"SQLite format 3\0"
    except OSError:
        return False


def read(path):
    """The results in a file, a run a line; or in a database."""
    if is_database(path):
        return read_database(path)
    try:
        with open(path, encoding="utf-8") as f:
            runs = [json.loads(line) for line in f if line.strip()]
        for run in runs:
            run["parameters"].items(), run["seed"], run["totals"].items()
    except OSError as e:
        raise BadLines(f"{path}: {e.strerror}") from e
    except (ValueError, KeyError, TypeError, AttributeError) as e:
        raise BadLines(f"{path}: not a file of results lines ({e!r})") from e
    if not runs:
        raise BadLines(f"{path}: there is no run in it")
    return runs


def quantity_of(run, path):
    """The number at a path; a reason of a drop that never occurred is 0."""
    if "metrics" in run:
        if path not in run["metrics"] and ".packets_dropped." not in path:
            raise BadLines(f"no quantity {path}: the sweep has kept " + ", ".join(sorted(run["metrics"])))
        return run["metrics"].get(path, 0.0)
    value = run
    parts = path.split(".")
    for place, part in enumerate(parts):
        if isinstance(value, list):
            value = next((e for e in value if isinstance(e, dict) and e.get("name") == part), None)
        else:
            value = value.get(part) if isinstance(value, dict) else None
        if value is None and place > 0 and parts[place - 1] == "packets_dropped":
            return 0.0
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise BadLines(f"no quantity {path}: expected a path to a number in results.json, as totals.messages")
    return float(value)


def parts_of(text):
    """(path, what is done with it, path or number behind that); of a path alone the last two are nothing."""
    terms = re.fullmatch(r"\s*(\S+)\s+(/|>=)\s+(\S+)\s*", text)
    if not terms:
        return text, None, None
    if terms.group(2) == "/":
        return terms.groups()
    try:
        return terms.group(1), ">=", float(terms.group(3))
    except ValueError as e:
        raise BadLines(f"quantity {text}: expected a number behind >=") from e


def numbers_of(run, text):
    """(number, of how many) of a run; of a path alone the number and 1."""
    path, sign, other = parts_of(text)
    value = quantity_of(run, path)
    if sign == "/":
        return value, quantity_of(run, other)
    return (float(value >= other) if sign else value), 1.0


def trials_of(hits, of):
    """How many independent trials runs are worth whose trials may hang together: from one each to all of them.

    That many would make shares differ from run to run as they do (the effective sample of a cluster sample; Kish,
    Survey Sampling, 1965). When all runs have the same share nothing says how they hang together: one each.
    """
    runs, trials = len(hits), sum(of)
    share = sum(hits) / trials
    spread = sum((h - share * o) ** 2 for h, o in zip(hits, of))
    if runs < 2 or not spread:
        return min(runs, trials)
    variance = spread * runs / (runs - 1) / trials ** 2
    return min(max(share * (1 - share) / variance, runs), trials)


def title_of(text):
    """What a panel shows, and what its band is."""
    return text + (": mean, least to greatest" if parts_of(text)[1] is None else f": share, {100 * CONFIDENCE:.0f} % interval")


def summary_of(numbers, text):
    """What stands in the table for a quantity of some runs: (mean, least, greatest, how many runs)."""
    hits, of = zip(*numbers)
    sign = parts_of(text)[1]
    if sign is None:
        return sum(hits) / len(hits), min(hits), max(hits), len(hits)
    if not sum(of):
        raise BadLines(f"quantity {text}: there are none of these")
    share = sum(hits) / sum(of)
    return (share, *wilson(share, trials_of(hits, of), CONFIDENCE), len(hits))


def parameter_of(run, name):
    """A parameter as text."""
    if name == "seed":
        return str(run["seed"])
    if name not in run["parameters"]:
        known = ", ".join(sorted(run["parameters"])) or "none"
        raise BadLines(f"no parameter {name}: this scenario has {known}")
    return run["parameters"][name]


def number_of(text):
    """What a parameter's value measures, in s or as it is; nothing when it is a word."""
    terms = re.fullmatch(r"(-?[0-9.]+)\s*([a-z%]*)", text)
    if not terms or terms.group(2) not in {"", "%", *UNITS}:
        return None
    return float(terms.group(1)) * UNITS.get(terms.group(2), 1)


def unit_of(texts):
    """"s" where the values are durations, "%", or nothing."""
    units = {re.sub(r"[-0-9. ]", "", text) for text in texts}
    return "s" if units & set(UNITS) else "%" if "%" in units else ""


def tabulate(runs, x, by, quantities):
    """A row for each run."""
    import pandas

    rows = []
    for run in runs:
        row = {"x": parameter_of(run, x),
               "curve": ", ".join(f"{name}={parameter_of(run, name)}" for name in by)}
        row.update({path: numbers_of(run, path) for path in quantities})
        rows.append(row)
    return pandas.DataFrame(rows)


def summarize(table, quantities):
    """Mean, least and greatest, and the number of runs, by curve and x in their order of appearance."""
    import pandas

    rows = {place: [value for path in quantities for value in summary_of(group[path], path)]
            for place, group in table.groupby(["curve", "x"], sort=False)}
    columns = pandas.MultiIndex.from_product([quantities, ["mean", "min", "max", "count"]])
    index = pandas.MultiIndex.from_tuples(rows, names=["curve", "x"])
    return pandas.DataFrame(list(rows.values()), index=index, columns=columns)


def places_of(texts):
    """[(text, place on the axis)], sorted; words stand in their order, one beside the other."""
    numbers = {text: number_of(text) for text in texts}
    if any(value is None for value in numbers.values()):
        return [(text, float(i)) for i, text in enumerate(texts)], True
    return sorted(numbers.items(), key=lambda pair: pair[1]), False


def draw(summary, arguments, out):
    """The picture; alone in needing matplotlib."""
    import matplotlib

    matplotlib.use("Agg")
    matplotlib.rcParams["svg.hashsalt"] = "ns3-ike"
    import matplotlib.pyplot as plt

    quantities = arguments.y
    texts = list(dict.fromkeys(summary.index.get_level_values("x")))
    places, words = places_of(texts)
    curves = list(dict.fromkeys(summary.index.get_level_values("curve")))
    figure, panels = plt.subplots(len(quantities), 1, figsize=(8, 0.9 + 2.4 * len(quantities)), sharex=True,
                                  squeeze=False)
    for axis, path, title in zip(panels[:, 0], quantities, arguments.title or map(title_of, quantities)):
        for number, curve in enumerate(curves):
            rows = summary.loc[curve][path]
            at = [(place, rows.loc[text]) for text, place in places if text in rows.index]
            label = curve or None
            if words:
                width = 0.8 / len(curves)
                left = [place + (number - (len(curves) - 1) / 2) * width for place, _ in at]
                axis.bar(left, [r["mean"] for _, r in at], width * 0.9, label=label,
                         yerr=[[r["mean"] - r["min"] for _, r in at], [r["max"] - r["mean"] for _, r in at]],
                         ecolor="#475569", error_kw={"linewidth": 1})
            else:
                line, = axis.plot([p for p, _ in at], [r["mean"] for _, r in at], marker="o", markersize=3.5,
                                  label=label)
                axis.fill_between([p for p, _ in at], [r["min"] for _, r in at], [r["max"] for _, r in at],
                                  color=line.get_color(), alpha=0.15, linewidth=0)
        axis.set_title(title, fontsize=10, loc="left")
        axis.grid(alpha=0.3)
        axis.set_ylim(bottom=0)
        if arguments.log:
            axis.set_xscale("log")
    columns = max(1, min(3, len(curves), 105 // (max(map(len, curves)) + 7)))  # as many as fit beside each other
    unit = unit_of(texts)
    panels[-1, 0].set_xlabel(arguments.x + (f" ({unit})" if unit and not words else ""))
    if words:
        panels[-1, 0].set_xticks([place for _, place in places])
        panels[-1, 0].set_xticklabels([text for text, _ in places])
    if curves != [""]:
        handles, labels = panels[0, 0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="upper center", ncol=columns, fontsize=9, frameon=False)
    lines = -(-len(curves) // columns) if curves != [""] else 0
    figure.tight_layout(rect=(0, 0, 1, 1 - 0.28 * lines / figure.get_figheight()))
    figure.savefig(out, metadata={"Date": None} if out.endswith(".svg") else None)
    plt.close(figure)


def say(summary, arguments):
    """The same as text: means, and the span where runs differ."""
    def show(row):
        least, most = row["min"], row["max"]
        return f"{row['mean']:.4g}" + ("" if least == most else f" [{least:.4g} .. {most:.4g}]")

    heads = ([", ".join(arguments.by)] if arguments.by else []) + [arguments.x, "runs"] + arguments.y
    rows = []
    for (curve, x), row in summary.iterrows():
        rows.append(([curve] if arguments.by else []) + [x, str(int(row[arguments.y[0]]["count"]))]
                    + [show(row[path]) for path in arguments.y])
    widths = [max(len(row[i]) for row in [heads] + rows) for i in range(len(heads))]
    for row in [heads] + rows:
        print("  ".join(text.ljust(width) for text, width in zip(row, widths)).rstrip())


def main():
    parser = argparse.ArgumentParser(prog="./ns3-ike chart", description=__doc__.splitlines()[0])
    parser.add_argument("lines", nargs="+", metavar="LINES", help="file of `./ns3-ike batch`, or of `./ns3-ike sweep`")
    parser.add_argument("out", metavar="OUT", help="picture: .svg, .png or .pdf")
    parser.add_argument("--x", required=True, metavar="PARAMETER", help="what stands on the axis")
    parser.add_argument("--y", required=True, action="append", metavar="QUANTITY",
                        help='a panel for each: a path, "PATH / PATH" or "PATH >= N"; may be given again')
    parser.add_argument("--title", action="append", metavar="TEXT", help="of a panel, in their order")
    parser.add_argument("--by", action="append", default=[], metavar="PARAMETER",
                        help="a curve for each value; may be given again")
    parser.add_argument("--log", action="store_true", help="logarithmic axis")
    parser.add_argument("--dry-run", action="store_true", help="only look at the arguments")
    arguments = parser.parse_args()
    if os.path.splitext(arguments.out)[1] not in (".svg", ".png", ".pdf"):
        print(f"ike-chart: {arguments.out}: expected .svg, .png or .pdf", file=sys.stderr)
        return 2
    try:
        runs = [run for path in arguments.lines for run in read(path)]
        for run in runs:
            for name in [arguments.x] + arguments.by:
                parameter_of(run, name)
            for path in arguments.y:
                numbers_of(run, path)
    except BadLines as e:
        print(f"ike-chart: {e}", file=sys.stderr)
        return 2
    if arguments.dry_run:
        return 0
    os.makedirs(os.path.dirname(arguments.out) or ".", exist_ok=True)
    try:
        summary = summarize(tabulate(runs, arguments.x, arguments.by, arguments.y), arguments.y)
        draw(summary, arguments, arguments.out)
    except ImportError:
        print("ike-chart: Debian's packages python3-matplotlib and python3-pandas are needed", file=sys.stderr)
        return 1
    except BadLines as e:
        print(f"ike-chart: {e}", file=sys.stderr)
        return 2
    say(summary, arguments)
    return 0


if __name__ == "__main__":
    sys.exit(main())
