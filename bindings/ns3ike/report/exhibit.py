# SPDX-License-Identifier: GPL-2.0-only
"""Runs that a report shows in full: which ones, made again when their files are not there, and what their files say."""
import hashlib
import json
import os
import shlex
import tempfile

from ..sweep import task
from ..sweep.errors import SweepError
from ..sweep.program import find_program
from ..sweep.rerun import find_run
from ..sweep.database import connect
from .chart import readable
from .errors import ReportError
from .source import run_of
from .variants import label_of, variants

#: Runs that the report chooses by itself.
MOST = 4
#: Folders of runs of which all are shown.
MOST_FOLDERS = 6
#: Lines of a transcript that are read; a week of a hub has millions.
LINES = 200000
DIAGRAM = "ns3-ike-diagram-1"


class Happening:
    """A line of transcript.txt."""
    __slots__ = ("text", "time", "node", "peer", "kind", "words")

    def __init__(self, line):
        self.text, self.node, self.peer, self.kind, *rest = line.rstrip("\n").split(None, 4)
        self.time = float(self.text)
        details = rest[0] if rest else ""
        # Free text is always last.
        head, mark, tail = (" " + details).partition(" text=")
        self.words = dict(word.split("=", 1) for word in head.split() if "=" in word)
        if mark:
            self.words["text"] = tail


class Exhibit:
    """A run with its files."""

    def __init__(self, run, label):
        self.run = run
        self.label = label
        self.command = ""
        #: Is it, octet by octet, what the study has? None: there was nothing to compare
        self.same = None
        self.results = run.results
        self.happenings = []
        #: Does the transcript go on behind what was read?
        self.cut = False
        #: diagram.json; empty when there is none
        self.diagram = {}
        #: ladder.svg
        self.drawing = ""

    def read(self, folder):
        """Takes what the folder of a run has."""
        with open(os.path.join(folder, "results.json"), encoding="utf-8") as f:
            self.results = json.load(f)
        transcript = os.path.join(folder, "transcript.txt")
        if os.path.isfile(transcript):
            with open(transcript, encoding="utf-8", errors="replace") as f:
                next(f, None)
                for number, line in enumerate(f):
                    if number == LINES:
                        self.cut = True
                        break
                    self.happenings.append(_happening(transcript, number + 2, line))
        diagram = os.path.join(folder, "diagram.json")
        if os.path.isfile(diagram):
            with open(diagram, encoding="utf-8") as f:
                self.diagram = _diagram(diagram, f.read())
        drawing = os.path.join(folder, "ladder.svg")
        if os.path.isfile(drawing):
            with open(drawing, encoding="utf-8", errors="replace") as f:
                self.drawing = f.read()

    @property
    def duration(self):
        return self.results["duration_seconds"]

    def sas(self):
        """The SAs of diagram.json by the time when they first stood."""
        def first(sa):
            return min([life[0] for end in sa["lives"] for life in end], default=self.duration)
        return sorted(self.diagram.get("sas", []), key=lambda sa: (first(sa), _numbered(sa["name"])))


def _numbered(name):
    """PAIR#10 comes behind PAIR#9."""
    head, _, number = name.partition("#")
    return head, int(number) if number.isdigit() else 0


def _happening(path, number, line):
    try:
        return Happening(line)
    except ValueError as e:
        raise ReportError(f"{path}:{number}: this is no line of a transcript") from e


def _diagram(path, text):
    try:
        diagram = json.loads(text)
        if diagram["schema"] != DIAGRAM:
            raise ReportError(f"{path}: it is of schema '{diagram['schema']}'; expected '{DIAGRAM}'")
        return diagram
    except ReportError:
        raise
    except (ValueError, KeyError, TypeError) as e:
        raise ReportError(f"{path}: this is no diagram of a run ({e!r})") from e


def duplicates_of(run):
    return (run.metric("totals.isakmp_duplicates") + run.metric("totals.ipsec_duplicates"),
            run.metric("totals.duplicate_seconds"))


def described(study, run, key):
    """What tells a run apart: its variant, what else varies, its seed."""
    if len(study.done) == 1:
        return study.name
    own = {name for name, _ in key}
    words = [f"{name} {readable(run.parameters[name])}" for name in study.varied() if name not in own and name in run.parameters]
    if len({r.seed for r in study.done}) > 1 or not (words or key):
        words.append(f"seed {run.seed}")
    head = label_of(key) if key else ""
    return ", ".join(([head] if head else []) + words)


def choose(study, wanted=()):
    """[Exhibit]: those that somebody wants, then of each variant the run with most duplicates."""
    found, seen = [], set()
    keys = {id(run): variant.key for variant in variants(study) for run in variant.runs}

    def add(run, prefix=""):
        if id(run) not in seen:
            seen.add(id(run))
            found.append(Exhibit(run, prefix + described(study, run, keys.get(id(run), ()))))

    for prefix in wanted:
        add(_wanted(study, prefix))
    if study.kind == "run":
        for run in [run for variant in variants(study) for run in variant.runs][:MOST_FOLDERS]:
            add(run)
        return found
    for variant in variants(study)[:MOST]:
        if variant.runs:
            # The first one of those that are alike.
            add(max(variant.runs, key=duplicates_of))
    return found


def _wanted(study, prefix):
    if study.kind != "sweep":
        raise ReportError("--run: only the database of a sweep has ids of runs")
    connection, _ = connect(study.path)
    try:
        run_id, _, status, *_ = find_run(connection, study.path, prefix)
    except SweepError as e:
        raise ReportError(str(e)) from e
    finally:
        connection.close()
    if status != "done":
        raise ReportError(f"{study.path}: run {run_id[:12]} has failed, there is nothing to show of it")
    return next(run for run in study.runs if run.run_id == run_id)


def words_of(program, scenario, run):
    """The command line of a run, as short as people type it."""
    words = [f"{program} run {shlex.quote(scenario)}"]
    words += [f"--set {name}={shlex.quote(value)}" for name, value in sorted(run.parameters.items())]
    return " ".join(words + [f"--seed {run.seed}"])


def make(study, exhibits, program=None, scenario=None, say=print):
    """Reads the files of each; makes runs again that have none. [notes] about what is not as it should be."""
    notes, ready = [], []
    for exhibit in exhibits:
        if exhibit.run.folder:
            exhibit.read(exhibit.run.folder)
            if not exhibit.happenings or not exhibit.diagram:
                notes.append(f"{exhibit.run.folder} has no transcript.txt with a diagram.json beside it (a run of an "
                             "earlier version, or without --out): its ladder and its map are missing.")
            exhibit.command = words_of("./ns3-ike", study.scenario, exhibit.run)
            ready.append(exhibit)
            continue
        note = _again(study, exhibit, program, scenario, say)
        if note:
            notes.append(note)
        if exhibit.diagram:
            ready.append(exhibit)
    return ready, list(dict.fromkeys(notes))


def _again(study, exhibit, program, scenario, say):
    """Makes a run again; what to note, if anything."""
    run = exhibit.run
    try:
        ike_sim = find_program(program)
    except SweepError as e:
        return f"No run could be made again to be shown in full: {e}."
    say(f"making a run again: {exhibit.label}")
    with tempfile.TemporaryDirectory(prefix="ike-report-") as folder:
        if study.bundle:
            path = task.unpack(study.bundle, folder)
            exhibit.command = f"./ns3-ike rerun {shlex.quote(study.path)} {run.run_id[:12]} --out DIR"
        else:
            path = scenario or study.scenario
            path = os.path.abspath(path) if os.path.exists(path) else path
            exhibit.command = words_of("./ns3-ike", scenario or study.scenario, run) + " --out DIR"
        out = os.path.join(folder, "out")
        done = task.invoke(task.command_of(ike_sim, path, run.parameters, run.seed) + ["--out", out], folder)
        if not done.stdout or not os.path.isdir(out):
            said = done.stderr.decode(errors="replace").replace(folder, "DIR").strip().splitlines()
            hint = "" if study.bundle else " (--scenario FILE says where the scenario is)"
            return (f"The run {exhibit.label} could not be made again{hint}: "
                    f"{said[-1] if said else 'exit status %d' % done.returncode}")
        exhibit.read(out)
    if run.sha256:
        exhibit.same = hashlib.sha256(done.stdout).hexdigest() == run.sha256
    elif run.results:
        exhibit.same = json.loads(done.stdout) == run.results
    if exhibit.same is False:
        return (f"The run {exhibit.label}, made again, has other results than the study: it was made by another "
                "version of ns3-ike. What is shown of it is the new run.")
    return None


def load(path):
    """The exhibit of a folder alone, for tests."""
    with open(os.path.join(path, "results.json"), encoding="utf-8") as f:
        exhibit = Exhibit(run_of(json.load(f), path, path), path)
    exhibit.read(path)
    return exhibit
