#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Makes the tables of doc/races-tables.md: rows of the catalogue, and explorations.

    utils/ike-race-tables.py --write doc/races-tables.md       all of it, within the full bounds
    utils/ike-race-tables.py --check doc/races-tables.md       does it say what comes out today?
    utils/ike-race-tables.py --rows                            the catalogue alone
    utils/ike-race-tables.py --only rekey-pairs --small        one table, as the tests have it
"""
import argparse
import difflib
import glob
import itertools
import json
import os
import subprocess
import sys

import yaml

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
RACES = os.path.join(TOP, "examples", "races")
PROFILES = ["ios", "strongswan", "libreswan"]
LIFTED = ["patience", "reboot-a", "reboot-b", "begins-phase-1", "begins-phase-2",
          "renews-phase-1", "renews-phase-2", "switched-on", "cleared", "begins-phase-2-cleared"]

# A table: the scenario, what it is varied by, and the full bounds. Without those a table has the
# bounds of the scenario, which the regression tests have, too.
TABLES = [
    ("a", "two-ends", {"profile": PROFILES}, {"losses": 2, "duplicates": 1}),
    ("b", "responder-only", {}, {"losses": 2, "duplicates": 1}),
    ("b", "responder-only-lifted", {"lifted": LIFTED}, {}),
    ("c", "rekey-pairs", {"profile": PROFILES}, {"losses": 2, "duplicates": 1}),
    ("c", "rekey-isakmp", {"profile": PROFILES}, {"losses": 1, "duplicates": 1}),
    ("c", "rekey-delete", {"profile": PROFILES}, {"losses": 1, "duplicates": 1}),
    ("c", "delete-delete", {"profile": PROFILES}, {"losses": 1, "duplicates": 1}),
    ("c", "message-3-lost", {"installs": ["message-2", "message-3"]}, {"losses": 2, "duplicates": 1}),
    ("c", "replace-replace", {"duplicates-are": ["keep", "replace", "refuse"]}, {"losses": 1}),
    ("c", "reboot", {"contact": ["true", "false"]}, {"losses": 1}),
    ("c", "dead-peer-rekey", {}, {"losses": 2, "duplicates": 1}),
    ("c", "passive-ends", {"passive": ["true", "false"], "event": ["none", "clear", "reboot"]}, {}),
]


def call(program, command, scenario, values):
    """The results of ike-sim as an object; what a schedule violates is no error here."""
    words = [program, command, os.path.join(RACES, scenario + ".yaml"), "--table", "json"]
    for name, value in values.items():
        words += ["--set", "%s=%s" % (name, value)]
    done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if not done.stdout.startswith("{"):
        sys.exit("%s\n%s%s" % (" ".join(words), done.stdout, done.stderr))
    return json.loads(done.stdout)


def variations(vary):
    """All values of `vary:`, combined, as `regress` does."""
    names = list(vary)
    for values in itertools.product(*(vary[name] for name in names)):
        yield dict(zip(names, values))


def texts(values):
    """Values of a YAML file as ike-sim takes them."""
    return [str(v).lower() if isinstance(v, bool) else str(v) for v in values]


def lines_of(rows):
    yield "| " + " | ".join(rows[0]) + " |"
    yield "|" + "---|" * len(rows[0])
    for row in rows[1:]:
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"


# --- The catalogue -------------------------------------------------------------------------------

def load_rows():
    """(id, file without ending, scenario) of all races with an id, in the order of the ids."""
    found = []
    for path in sorted(glob.glob(os.path.join(RACES, "*.yaml"))):
        with open(path, encoding="utf-8") as file:
            scenario = yaml.safe_load(file)
        if "id" in scenario.get("explore", {}):
            found.append((scenario["explore"]["id"], os.path.basename(path)[:-5], scenario))
    return sorted(found, key=lambda row: row[0])


def verdict_of(note):
    """Confirmed, refuted, or another knob: the first word of a note."""
    return note.split()[0].rstrip(".,:;").lower()


def write_rows(program):
    rows = [["row", "what happens", "with", "end state", "the row is"]]
    for _, name, scenario in load_rows():
        explore = scenario["explore"]
        vary = {k: texts(v) for k, v in explore.get("vary", {}).items()}
        ends = {}
        for values in variations(vary):
            end = call(program, "replay", name, values)["ends"][0]["end"]
            ends.setdefault(end, []).append(" ".join(values.values()))
        verdict = verdict_of(explore["note"])
        for i, (end, which) in enumerate(ends.items()):
            rows.append([name if i == 0 else "", scenario["title"] if i == 0 else "",
                         "all" if len(ends) == 1 and vary else "; ".join(which), end,
                         verdict if i == 0 else ""])
    return ["## Rows of the catalogue", ""] + list(lines_of(rows)) + [""]


# --- Explorations --------------------------------------------------------------------------------

def write_table(program, part, name, vary, bounds):
    rows = [["with", "end state", "IKE A/B", "CH A/B", "states", "shortest schedule"]]
    claims = []
    title = ""
    for values in variations(vary):
        result = call(program, "explore", name, {**values, **bounds})
        title = result["title"]
        said = " ".join(values.values())
        for i, end in enumerate(result["ends"]):
            rows.append([said if i == 0 else "", end["end"].split(";")[0],
                         "/".join(map(str, end["isakmp"])), "/".join(map(str, end["pairs"])),
                         str(end["states"]), "`%s`" % (end["shortest"] or "(no move)")])
        seen = result["coverage"]
        claims.append("%s%s: %d states, %d moves between them, schedules of up to %d moves; bounds `%s`"
                      % (said + ", " if said else "",
                         "all of it" if seen["complete"] else "cut by " + ", ".join(seen["cut_by"]),
                         seen["states"], seen["transitions"], seen["deepest"], seen["bounds"]))
        for violation in result["violations"]:
            claims.append("%soracle `%s` does not hold: %s, by `%s`" % (
                said + ", " if said else "", violation["oracle"], violation["text"],
                violation["shortest"]))
    head = ["### %s: `%s`" % (title, name), ""]
    return head + list(lines_of(rows)) + [""] + ["- " + claim for claim in claims] + [""]


def write_crossings(program, kind):
    """Words that end alike, for each profile: the letter says whose exchange goes on by a message."""
    scenario = os.path.join(RACES, "crossing-" + kind + ".yaml")
    lines = ["### Two %s that cross, word by word" % kind.replace("-", " "), ""]
    rows = [["profile", "end state", "orderings", "words", "each by its first word"]]
    for profile in PROFILES:
        done = subprocess.run([program, "explore", scenario, "--set", "profile=" + profile,
                               "--crossing", kind, "--table", "json"], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, check=True)
        groups = {}
        for word in json.loads(done.stdout):
            groups.setdefault(word["end"], []).append(word)
        for i, (end, words) in enumerate(sorted(groups.items())):
            rows.append([profile if i == 0 else "", end, str(len(words)),
                         str(sum(w["words"] for w in words)),
                         "`%s`" % " ".join(w["word"] for w in words)])
    return lines + list(lines_of(rows)) + [""]


def write_all(program, only, small, rows_alone):
    lines = []
    if not only:
        lines += ["<!-- SPDX-License-Identifier: GPL-2.0-only -->", "# Tables of races", "",
                  "Made by `utils/ike-race-tables.py --write doc/races-tables.md`; what they mean is in",
                  "[races](races.md). A schedule begins behind the scenario's `begin:`.", ""]
        lines += write_rows(program)
    if rows_alone:
        return lines
    part = ""
    for letter, name, vary, bounds in TABLES:
        if only and name not in only:
            continue
        if letter != part and not only:
            lines += ["## Part %s" % letter, ""]
            if letter == "a":
                lines += write_crossings(program, "main-modes")
                lines += write_crossings(program, "quick-modes")
        part = letter
        lines += write_table(program, letter, name, vary, {} if small else bounds)
    return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=os.path.join(
        os.environ.get("IKE_BUILD_DIR") or os.path.join(TOP, "build"), "ike-sim"))
    parser.add_argument("--write", metavar="FILE", help="write there; else to standard output")
    parser.add_argument("--check", metavar="FILE", help="compare; exit status 1 when it differs")
    parser.add_argument("--only", metavar="TABLE", action="append", default=[])
    parser.add_argument("--small", action="store_true", help="the bounds of the scenarios")
    parser.add_argument("--rows", action="store_true", help="the catalogue alone")
    args = parser.parse_args()
    text = "\n".join(write_all(args.program, args.only, args.small, args.rows)).rstrip("\n") + "\n"
    if args.check:
        with open(args.check, encoding="utf-8") as file:
            kept = file.read()
        if args.rows:
            kept = kept[:kept.index("\n## Part ")]
        diff = list(difflib.unified_diff(kept.splitlines(), text.splitlines(), args.check, "today",
                                         lineterm=""))
        if kept.strip() != text.strip():
            sys.exit("\n".join(diff[:60]))
    elif args.write:
        with open(args.write, "w", encoding="utf-8") as file:
            file.write(text)
    else:
        print(text, end="")


if __name__ == "__main__":
    main()
