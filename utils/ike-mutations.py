#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Seeds faults in the rules of the engine and shows which race finds each.

    utils/ike-mutations.py                      all faults of test/mutations
    utils/ike-mutations.py --only spi-reuse     one
    utils/ike-mutations.py --list

The tree is copied to a scratch folder and built there, first as it is. Then each patch is applied
alone, ike-sim is built again, and all races of examples/races are run: kept schedules, and
those explorations within the bounds of their scenarios that have few states. A fault is found when a race has another end
state, breaks an oracle that held, goes through other steps, cannot make its schedule, crashes or
hangs. Of these the race with the fewest moves is shown, oracles and end states before steps, and
shrunk with the faulty engine. Exit status 1 when a fault is not found.
"""
import argparse
import filecmp
import glob
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

from importlib import util

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FAULTS = os.path.join(TOP, "test", "mutations")
LEFT_OUT = shutil.ignore_patterns(".git", "build*", "__pycache__")
# No race takes nearly so long; a faulty engine may go on for ever, and after so many of these its
# other races are left out.
PATIENCE = 40
ENDLESS = 3
# An exploration of more states is left out; a faulty engine may have them without end.
STATES = 2000
STEPS = "other steps: "


def load_tables():
    """The module that knows the races, and how they are varied."""
    spec = util.spec_from_file_location(
        "race_tables", os.path.join(TOP, "utils", "ike-race-tables.py"))
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def list_races(tables):
    """(command, name, values) of all races, as `regress` runs them."""
    races = [("replay", name, values)
             for _, name, scenario in tables.load_rows()
             for values in tables.variations({
                 k: tables.texts(v) for k, v in scenario["explore"].get("vary", {}).items()})]
    return races + [("explore", name, values)
                    for _, name, vary, _ in tables.TABLES for values in tables.variations(vary)]


class Engine:
    """An ike-sim of the scratch folder."""

    def __init__(self, folder):
        self.folder = folder
        self.program = os.path.join(folder, "build", "ike-sim")

    def configure(self):
        launcher = shutil.which("ccache")
        words = ["cmake", "-S", self.folder, "-B", self.folder + "/build", "-G", "Ninja"]
        words += ["-DCMAKE_CXX_COMPILER_LAUNCHER=" + launcher] if launcher else []
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL)

    def build(self, jobs):
        done = subprocess.run(["ninja", "-C", self.folder + "/build", "-j", str(jobs), "ike-sim"],
                              capture_output=True, text=True)
        if done.returncode:
            sys.exit("the build failed:\n" + done.stdout[-3000:])

    def apply(self, patch, back=False):
        # the scratch folder may lie within somebody's repository
        env = dict(os.environ, GIT_CEILING_DIRECTORIES=os.path.dirname(self.folder))
        subprocess.run(["git", "apply"] + (["--reverse"] if back else []) + [patch],
                       cwd=self.folder, env=env, check=True)

    def call(self, words):
        """(exit status, output); status None: it did not end."""
        try:
            done = subprocess.run([self.program] + words, cwd=self.folder, text=True,
                                  stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE)
            return done.returncode, done.stdout, done.stderr
        except subprocess.TimeoutExpired:
            return None, "", ""

    def words_of(self, race):
        _, name, values = race
        words = [os.path.join(self.folder, "examples", "races", name + ".yaml")]
        for key, value in values.items():
            words += ["--set", "%s=%s" % (key, value)]
        return words

    def run(self, race):
        """What comes out: {what: schedule}. `what` is an end state, an oracle, or an accident."""
        bound = ["--bound", "states=%d" % STATES] if race[0] == "explore" else []
        status, out, err = self.call([race[0]] + self.words_of(race) + bound + ["--table", "json"])
        if status is None:
            return {"no end within %d s" % PATIENCE: ""}
        if not out.startswith("{"):
            return {"crash" if status < 0 else err.strip().splitlines()[-1][:160]: ""}
        result = json.loads(out)
        if result["coverage"] and not result["coverage"]["complete"]:
            return {"more than %d states" % STATES: ""}
        found = {end["end"]: end["shortest"] for end in result["ends"]}
        if race[0] == "replay":
            found = dict.fromkeys(found, result["schedule"])
            found[STEPS + self.steps(race)] = result["schedule"]
        for violation in result["violations"]:
            found["oracle:" + violation["oracle"]] = violation["shortest"] or result["schedule"]
        return found

    def steps(self, race):
        """All events of a kept schedule, in few letters."""
        _, out, _ = self.call(["replay"] + self.words_of(race))
        return hashlib.sha256(out.split("\nscenario: ")[0].encode()).hexdigest()[:8]

    def shrink(self, race, what, schedule):
        """The shortest schedule that shows it, or the one that is known."""
        status, out, _ = self.call(["shrink"] + self.words_of(race) +
                                   ["--schedule", schedule, "--for", what])
        return out.strip() if status == 0 and out.strip() else schedule


def rank_of(what):
    """Oracles say most, steps least."""
    return 0 if what.startswith("oracle:") else 2 if what.startswith(STEPS) else 1


def compare(before, after):
    """What is new, and its schedule: an oracle rather than an end state, the shortest first."""
    new = {what: schedule for what, schedule in after.items() if what not in before}
    if not new and set(before) - set(after):
        new = {"no more: " + min(set(before) - set(after)): ""}
    return sorted(new.items(), key=lambda item: (rank_of(item[0]), len(item[1].split()), item))


def find(engine, races, healthy):
    """(races that changed, race, what, shortest schedule) of a faulty engine."""
    changed = []
    for race in races:
        new = compare(healthy[race_name(race)], engine.run(race))
        if new:
            changed.append((race, *new[0]))
        if sum(what.startswith("no end") for _, what, _ in changed) == ENDLESS:
            break
    if not changed:
        return [], None, "", ""
    race, what, schedule = min(changed, key=lambda c: (rank_of(c[1]) == 2, c[2] == "",
                                                       len(c[2].split()), race_name(c[0])))
    if schedule and not what.startswith(("no more", "no end", "more than", "crash", STEPS)):
        schedule = engine.shrink(race, what, schedule)
    return changed, race, what, schedule


def is_large(found):
    return any(what.startswith("more than") for what in found)


def copy_changed(source, target):
    """Copies what is not the same: then it is newer than what was built of a fault that was left."""
    if not (os.path.exists(target) and filecmp.cmp(source, target, shallow=False)):
        shutil.copy(source, target)


def race_name(race):
    return " ".join([race[1]] + list(race[2].values()))


def heading_of(patch):
    with open(patch, encoding="utf-8") as file:
        return file.readline().strip()


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", default=[], metavar="FAULT")
    parser.add_argument("--list", action="store_true", help="the faults, and what each does")
    parser.add_argument("--scratch", metavar="DIR", help="build there, and keep it")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    args = parser.parse_args()
    patches = [p for p in sorted(glob.glob(os.path.join(FAULTS, "*.patch")))
               if not args.only or os.path.basename(p)[:-6] in args.only]
    if args.list or not patches:
        for patch in patches:
            print("%-26s %s" % (os.path.basename(patch)[:-6], heading_of(patch)))
        sys.exit(0 if patches else "no such fault")
    tables = load_tables()
    scratch = args.scratch or tempfile.mkdtemp(prefix="ike-mutations-")
    folder = os.path.join(scratch, "tree")
    try:
        shutil.rmtree(os.path.join(folder, "examples"), ignore_errors=True)
        shutil.copytree(TOP, folder, ignore=LEFT_OUT, dirs_exist_ok=True,
                        copy_function=copy_changed)
        engine = Engine(folder)
        engine.configure()
        engine.build(args.jobs)
        races = list_races(tables)
        healthy = {race_name(race): engine.run(race) for race in races}
        races = [race for race in races if not is_large(healthy[race_name(race)])]
        print("%d races, as they are; %d faults\n" % (len(races), len(patches)))
        print("| fault | what it does | races that change | shortest | what it shows | schedule |")
        print("|---|---|---|---|---|---|", flush=True)
        missed = []
        for patch in patches:
            name = os.path.basename(patch)[:-6]
            begun = time.monotonic()
            engine.apply(patch)
            engine.build(args.jobs)
            changed, race, what, schedule = find(engine, races, healthy)
            engine.apply(patch, back=True)
            if not changed:
                missed.append(name)
            print("| %s | %s | %d | %s | %s | %s |" % (
                name, heading_of(patch), len(changed), race_name(race) if race else "**none**",
                what, "`%s`" % schedule if schedule else ""), flush=True)
            print("%s: %.0f s" % (name, time.monotonic() - begun), file=sys.stderr)
    finally:
        if not args.scratch:
            shutil.rmtree(scratch, ignore_errors=True)
    print("\n%d of %d faults found" % (len(patches) - len(missed), len(patches)))
    sys.exit("not found: " + ", ".join(missed) if missed else 0)


if __name__ == "__main__":
    main()
