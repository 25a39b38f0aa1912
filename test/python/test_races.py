# SPDX-License-Identifier: GPL-2.0-only
"""Races: the catalogue's rows, the questions of doc/races.md, its tables, and the seeded faults."""
import glob
import json
import os
import re
import subprocess
import sys

import pytest
import yaml

from conftest import ROOT, IkeSim

RACES = os.path.join(ROOT, "examples", "races")
TABLES = os.path.join(ROOT, "utils", "ike-race-tables.py")
MUTATIONS = os.path.join(ROOT, "utils", "ike-mutations.py")
FAULTS = sorted(glob.glob(os.path.join(ROOT, "test", "mutations", "*.patch")))
LONG = os.environ.get("IKE_RACES") == "--long"
BY_HAND = pytest.mark.skipif(not LONG, reason="only with ./ns3-ike test --long")

# The catalogue's rows about IKEv1, responder-only and passive mode, by their numbers.
CATALOGUE = {
    "V1-MM": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15, 16, 17],
    "V1-IC": [1, 2, 3],
    "V1-QM": [2, 5, 6, 7, 8, 9, 10, 11, 14, 15, 16, 17, 18, 21, 22, 23, 24, 25],
    "V1-DEL": [1, 2, 3, 5, 6, 7, 8, 9, 10, 13],
    "V1-RA": [1, 2, 3, 4, 6],
    "V1-DPD": [1, 2, 3, 4, 5, 6, 7],
    "V1-CB": [1, 2, 3],
    "RO": [1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 13, 15, 16, 17],
    "PM": [1, 2, 3, 4, 5, 6, 7, 10, 11, 12],
}


def load(name):
    with open(os.path.join(RACES, name), encoding="utf-8") as file:
        return yaml.safe_load(file)


def races():
    return sorted(f for f in os.listdir(RACES) if f.endswith(".yaml"))


def explore(ike_sim, name, *words):
    done = ike_sim("explore", os.path.join(RACES, name + ".yaml"), "--table", "json", *words,
                   status=None)
    assert done.stdout.startswith("{"), done.stderr
    return json.loads(done.stdout)


def test_each_row_is_a_race_or_has_a_reason():
    with open(os.path.join(ROOT, "doc", "races.md"), encoding="utf-8") as file:
        page = file.read()
    left_out = {row.upper() for row in re.findall(r"^\| ((?:v1-[a-z]+|ro|pm)-\d\d)", page, re.M)}
    assert len(re.findall(r"\b(?:V1-[A-Z]+|RO|PM)-\d\d", page)) == 1  # where it says what they are
    there = {load(f)["explore"].get("id") for f in races()}
    rows = {"%s-%02d" % (group, n) for group, numbers in CATALOGUE.items() for n in numbers}
    assert rows - there == left_out
    assert there - {None} <= rows


@pytest.mark.parametrize("name", [f for f in races() if re.match(r"(v1|ro|pm)-", f)])
def test_a_row_says_what_it_is(name):
    scenario = load(name)
    said = scenario["explore"]
    assert name == said["id"].lower() + ".yaml" == scenario["name"] + ".yaml"
    assert said["catalogue"] and said["evidence"]
    assert said["note"].split()[0].rstrip(".,:;") in ("Confirmed", "Refuted", "See")
    assert "end" in said["expect"]


def test_all_races_are_as_they_shall_be(ike_sim, tmp_path):
    report = tmp_path / "junit.xml"
    done = ike_sim("regress", RACES, "--junit", report, status=None)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr
    assert 'failures="0"' in report.read_text()


def test_the_claim_of_the_document(ike_sim):
    """Responder-only at one end, no reboot, nobody's patience ends: no duplicate, in all of it."""
    result = explore(ike_sim, "responder-only")
    assert result["coverage"]["complete"] and result["coverage"]["states"] > 500
    assert not [e["end"] for e in result["ends"] if "duplicate" in e["classes"]]


def test_the_claim_needs_the_renewals(ike_sim):
    """A variant of responder-only that still renews pairs: duplicates without any fault."""
    result = explore(ike_sim, "responder-only-lifted", "--set", "lifted=renews-phase-2")
    ends = [e for e in result["ends"] if "duplicate" in e["classes"]]
    assert ends and "drop" not in ends[0]["shortest"]


@pytest.mark.parametrize("kind, orderings", [("quick-modes", 4), ("main-modes", 25)])
def test_words_of_crossings(ike_sim, kind, orderings):
    done = ike_sim("explore", os.path.join(RACES, "crossing-" + kind + ".yaml"), "--crossing", kind,
                   "--table", "json")
    words = json.loads(done.stdout)
    assert len(words) >= orderings
    length = 3 if kind == "quick-modes" else 6
    assert all(sorted(w["word"]) == ["A"] * length + ["B"] * length for w in words)
    # all words of the alphabet are in one class or another
    assert sum(w["words"] for w in words) == (20 if length == 3 else 924)


def test_unknown_crossing(ike_sim):
    done = ike_sim("explore", os.path.join(RACES, "two-ends.yaml"), "--crossing", "modes", status=2)
    assert "expected main-modes or quick-modes" in done.stderr


def run_tool(tool, *words):
    return subprocess.run([sys.executable, tool, *words], text=True, stdin=subprocess.DEVNULL,
                          capture_output=True, env=dict(os.environ, IKE_BUILD_DIR=os.path.dirname(
                              IkeSim.program)))


def test_table_of_rows():
    done = run_tool(TABLES, "--rows", "--check", os.path.join(ROOT, "doc", "races-tables.md"))
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_table_in_small():
    """What little bounds reach stands in the table of the full ones, too."""
    done = run_tool(TABLES, "--only", "rekey-pairs", "--small")
    assert done.returncode == 0, done.stderr
    with open(os.path.join(ROOT, "doc", "races-tables.md"), encoding="utf-8") as file:
        full = file.read()
    section = full[full.index(": `rekey-pairs`"):].split("\n### ")[0]
    ends = [line.split(" | ")[1:4] for line in done.stdout.splitlines() if line.startswith("| ")]
    for end in ends[1:]:
        assert " | ".join(end) in section, end


@BY_HAND
def test_all_tables():
    done = run_tool(TABLES, "--check", os.path.join(ROOT, "doc", "races-tables.md"))
    assert done.returncode == 0, done.stdout + done.stderr


def test_enough_faults():
    assert len(FAULTS) >= 10


@pytest.mark.parametrize("patch", FAULTS, ids=[os.path.basename(p)[:-6] for p in FAULTS])
def test_a_fault_can_be_seeded(patch):
    # the tree may lie within somebody's repository, or be none
    env = dict(os.environ, GIT_CEILING_DIRECTORIES=os.path.dirname(ROOT))
    done = subprocess.run(["git", "apply", "--check", patch], cwd=ROOT, env=env, text=True,
                          capture_output=True)
    assert done.returncode == 0, done.stderr


@BY_HAND
def test_every_fault_is_found():
    done = run_tool(MUTATIONS)
    print(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
