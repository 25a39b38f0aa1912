# SPDX-License-Identifier: GPL-2.0-only
"""The command `report` of ./ns3-ike."""
import argparse
import os
import sys
import tempfile

from ..sweep.errors import SweepError
from . import collision, duplicates, exhibit, overview, packets, page, picture, shown, vega
from .errors import ReportError
from .source import read

EXIT_OK, EXIT_FAILED, EXIT_BAD_USAGE = 0, 1, 2


def say(text):
    print("ike-report: " + text, file=sys.stderr, flush=True)


def parser():
    top = argparse.ArgumentParser(prog="./ns3-ike report", allow_abbrev=False,
                                  description="What came out of runs, as one page that needs nothing else.")
    top.add_argument("results", metavar="RESULTS", help="database of a sweep, lines of a batch (.jsonl), results.json, "
                                                        "folder of a run or of several")
    top.add_argument("--out", metavar="FILE", help="the page; default: beside the results, with .html")
    top.add_argument("--figures", metavar="DIR", help="write the figures, too: a PNG and an SVG of each")
    top.add_argument("--run", metavar="RUN_ID", action="append", default=[],
                     help="show this run of a database in full; may be given again")
    top.add_argument("--scenario", metavar="FILE", help="of a batch, when it is no shipped one: to make runs again")
    top.add_argument("--program", metavar="FILE", help="ike-sim; default: that of the build, $IKE_SIM, $PATH")
    top.add_argument("--dry-run", action="store_true", help="only look at the arguments")
    return top


def place_of(results):
    """Where the page goes unless told otherwise."""
    if os.path.isdir(results):
        return os.path.join(results, "report.html")
    return os.path.splitext(results)[0] + ".html"


def write(path, text):
    """The file is there as a whole, or not at all."""
    folder = os.path.dirname(os.path.abspath(path))
    if not os.path.isdir(folder):
        raise ReportError(f"{path}: there is no folder '{folder}'")
    try:
        handle, name = tempfile.mkstemp(prefix=".ike-report-", dir=folder)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as f:
                f.write(text)
            os.chmod(name, 0o666 & ~_umask())
            os.replace(name, path)
        except BaseException:
            os.unlink(name)
            raise
    except OSError as e:
        raise ReportError(f"{path}: {e.strerror}") from e


def _umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask


def figures(folder, charts, drawings):
    """PNG and SVG of all figures; their names."""
    os.makedirs(folder, exist_ok=True)
    names = []
    for chart in charts:
        for ending in (".png", ".svg"):
            path = os.path.join(folder, chart.name + ending)
            part = os.path.join(folder, "." + chart.name + ".part" + ending)
            picture.write(chart, part)
            os.replace(part, path)
            names.append(path)
    for name, text in drawings.items():
        write(os.path.join(folder, name + ".svg"), text)
        names.append(os.path.join(folder, name + ".svg"))
    return names


def make(arguments):
    if arguments.figures and not picture.available():
        raise ReportError("--figures: Debian's package python3-matplotlib is needed")
    study = read(arguments.results)
    notes = []
    library = vega.library()
    if library is None:
        notes.append(f"Debian's package {vega.PACKAGE} is not installed: charts are still pictures, by matplotlib."
                     if picture.available() else f"Neither of Debian's packages {vega.PACKAGE} and python3-matplotlib is "
                     "installed: charts are lists of their numbers.")
        say(notes[-1])
    exhibits, more = exhibit.make(study, exhibit.choose(study, arguments.run), arguments.program, arguments.scenario, say)
    notes += more
    parts = [overview.section(study, exhibits, notes), duplicates.section(study), collision.section(study)]
    if exhibits:
        parts += [packets.section(exhibits), shown.timelines(exhibits), shown.messages(exhibits), shown.topology(exhibits)]
    sections = [part for part in parts if part]
    title, subtitle = page.heading(study)
    text, charts = page.build(title, subtitle, sections, library)
    out = arguments.out or place_of(arguments.results)
    names = []
    if arguments.figures:
        names = figures(arguments.figures, charts, {n: t for s in sections for n, t in s.drawings.items()})
    write(out, text)
    for note in more:
        say(note)
    for name in names:
        print(name)
    print(f"{out}: {len(charts)} figures, {len(text.encode()) / 1e6:.1f} MB")
    return EXIT_OK


def main(words=None):
    """The exit status: 0 well, 2 bad input and no file."""
    arguments = parser().parse_args(words)
    try:
        if not os.path.exists(arguments.results):
            raise ReportError(f"{arguments.results}: there is no such file or folder")
        return EXIT_OK if arguments.dry_run else make(arguments)
    except (ReportError, SweepError) as e:
        say(str(e))
        return EXIT_BAD_USAGE
