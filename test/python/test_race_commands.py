# SPDX-License-Identifier: GPL-2.0-only
"""Races on the command line: explore, replay, shrink, regress; doc/new-race.md does what it says."""
import json
import os
import re
import shlex
import subprocess
import xml.dom.minidom

import jsonschema
import pytest
from conftest import ROOT, IkeSim
from test_scenario_schema import load

PAGE = os.path.join(ROOT, "doc", "new-race.md")
RACES = os.path.join(ROOT, "examples", "races")
BLOCK = re.compile(r"^```(\S*)\n(.*?)^```$", re.M | re.S)

TWO_ENDS = """version: 1
name: two
title: Two ends
routers:
  A: {configs: %(races)s/a.ios}
  B: {configs: %(races)s/b.ios}
explore:
""" % {"races": RACES}


def sim(*arguments, status=0, cwd=None):
    done = subprocess.run([IkeSim.program, *arguments], text=True, capture_output=True,
                          timeout=300, cwd=cwd)
    assert done.returncode == status, done.stdout + done.stderr
    return done


def race(tmp_path, lines, name="two.yaml"):
    path = tmp_path / name
    path.write_text(TWO_ENDS + "".join("  %s\n" % line for line in lines))
    return str(path)


def test_the_page(tmp_path):
    """Its files are written, its commands run, and print what stands there."""
    (tmp_path / "examples").symlink_to(os.path.join(ROOT, "examples"))
    with open(PAGE, encoding="utf-8") as file:
        blocks = BLOCK.findall(file.read())
    assert len(blocks) > 5
    said = None
    for kind, text in blocks:
        if kind.startswith("yaml:"):
            path = tmp_path / kind[len("yaml:"):]
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        elif kind == "sh":
            said = ""
            for line in text.splitlines():
                words = shlex.split(line)
                assert words[0] == "./ns3-ike", line
                done = subprocess.run([IkeSim.program, *words[1:]], text=True,
                                      capture_output=True, timeout=300, cwd=tmp_path)
                said += done.stdout
        else:
            assert kind == "output", kind
            # "..." stands for lines that are left out, and seconds are those of a machine.
            wanted = re.escape(text).replace(re.escape("...\n"), "(?:.*\n)*")
            wanted = re.sub(r"\d+\\\.\d+\\ s", r"\\d+\\.\\d+\\ s", wanted)
            assert re.fullmatch("(?:.*\n)*?" + wanted + "(?:.*\n)*", said), said


def test_explore_prints_tables(tmp_path):
    path = race(tmp_path, ["begin: start:A start:B", "expect: {violations: []}"])
    text = sim("explore", path).stdout
    assert "split, duplicate 1/1" in text and "complete within these bounds" in text
    assert sim("explore", path, "--table", "md").stdout.startswith("| end state | IKE A/B |")
    found = json.loads(sim("explore", path, "--table", "json").stdout)
    assert [row["pairs"] for row in found["ends"]] == [[2, 2]]
    assert found["coverage"]["complete"] and found["failures"] == []
    one, two = (sim("explore", path, "--threads", n, "--bound", "losses=1").stdout
                for n in ("1", "2"))
    assert one == two


def test_explore_judges_and_writes_what_it_found(tmp_path):
    path = race(tmp_path, ["begin: start:A start:B", "expect: {never: duplicate}"])
    out = tmp_path / "out"
    text = sim("explore", path, "--out", str(out), status=1).stdout
    assert "failed: 'duplicate' shall never be" in text
    files = sorted(os.listdir(out))
    scenario = next(f for f in files if f.endswith(".yaml"))
    assert scenario[:-5] + ".transcript" in files and not any(".part-" in f for f in files)
    assert "duplicate" in sim("replay", str(out / scenario), "--table", "md").stdout
    svg = next(f for f in files if f.endswith(".svg"))
    assert xml.dom.minidom.parse(str(out / svg)).documentElement.tagName == "svg"


def test_chance_is_the_same_each_time(tmp_path):
    path = race(tmp_path, ["begin: start:A start:B", "bounds: {losses: 1}"])
    for chooser in ("random", "pct"):
        options = ("explore", path, "--chooser", chooser, "--runs", "30", "--seed", "5")
        assert sim(*options).stdout == sim(*options).stdout
        assert "30 schedules by chance" in sim(*options).stdout


@pytest.mark.parametrize("schedule", [
    "start:A run", "start:A start:B A B A B A B run", "start:A A drop:B timer run",
    "start:A A dup:B B B run", "start:A start:B late:A A B run"])
def test_a_schedule_is_the_same_in_ns3(tmp_path, schedule):
    path = race(tmp_path, ["settle: 60 s"])
    text = sim("replay", path, "--schedule", schedule, "--in", "ns3", "--seed", "3").stdout
    assert text.endswith("the same in the laboratory and in ns-3\n")


def test_reminders_of_passive_mode_in_ns3():
    """At the same times; a reload begins anew."""
    text = sim("replay", "pm-06", "--schedule", "wait:700s reboot:A wait:1000s", "--in",
               "ns3").stdout
    times = re.findall(r"^ *(\d+)\.\d+ +([AB]) +- +security-warning", text, re.M)
    assert times == [("600", "A"), ("600", "B"), ("1200", "B"), ("1300", "A")]


def test_a_packet_for_a_line_that_is_down(tmp_path):
    """The one thing that a laboratory does with it, and ns-3 does not, is said."""
    text = sim("replay", race(tmp_path, ["settle: 60 s"]), "--schedule", "offer:A", "--in",
               "ns3").stdout
    assert "note: offer:A: Tunnel0 of A has no SA, so its line is down" in text


def test_a_run_becomes_a_schedule(tmp_path):
    """And the laboratory makes the same SAs of it."""
    schedule = tmp_path / "schedule.txt"
    sim("run", "vti-convergence", "--set", "offset=0 s", "--schedule-out", str(schedule),
        "--out", str(tmp_path / "run"))
    words = schedule.read_text().split()
    assert "start:R1:Tunnel0" in words and "R1" in words
    steps = sim("replay", "vti-convergence", "--set", "offset=0 s",
                "--schedule", "@" + str(schedule)).stdout
    of_run = (tmp_path / "run" / "transcript.txt").read_text()
    for event in ("message-received", "phase1-up", "pair-up", "pair-removed"):
        # What two routers do at one moment may have changed places, and so the numbers of names.
        run, lab = ([re.sub(r" +", " ", re.sub(r"#\d+|packets=\d+", "", line)).strip()
                     for line in text.splitlines() if " %s " % event in line]
                    for text in (of_run, steps))
        assert len(run) > 3 and set(run) <= set(lab), event


def test_shrink(tmp_path):
    path = race(tmp_path, ["settle: 60 s"])
    long = "start:A A B wait:1s A B A B A B A wait:1s clear:A drop:A wait:2s"
    done = sim("shrink", path, "--schedule", long, "--for", "orphan", "--out", str(tmp_path / "o"))
    short = done.stdout.strip()
    assert len(short.split()) < len(long.split()) and "drop" in short
    assert sorted(os.listdir(tmp_path / "o"))[-1] == "two-orphan.yaml"
    assert "does not show" in sim("shrink", path, "--schedule", "start:A run", "--for", "orphan",
                                  status=2).stderr


def test_regress(tmp_path):
    folder = tmp_path / "races"
    folder.mkdir()
    first = race(folder, ["schedule: start:A run", "expect: {end: clean}"], "first.yaml")
    race(folder, ["begin: start:A start:B", "expect: {end: duplicate}"], "second.yaml")
    junit = tmp_path / "junit.xml"
    text = sim("regress", str(folder), "--junit", str(junit), status=1).stdout
    assert re.search(r"^new +first", text, re.M) and re.search(r"^failed +second", text, re.M)
    suite = xml.dom.minidom.parse(str(junit)).documentElement
    assert suite.getAttribute("tests") == "2" and suite.getAttribute("failures") == "1"
    sim("regress", str(folder), "--rewrite", "--only", "first")
    assert sorted(os.listdir(folder)) == ["first.golden", "first.yaml", "second.yaml"]
    assert re.search(r"^same +first", sim("regress", str(folder), "--only", "first").stdout, re.M)
    text = (folder / "first.yaml").read_text()
    (folder / "first.yaml").write_text(text.replace("explore:", "profile: strongswan\nexplore:"))
    assert os.path.exists(first)
    text = sim("regress", str(folder), "--only", "first", status=1).stdout
    assert re.search(r"^changed +first", text, re.M) and "\n- " in text and "\n+ " in text


def test_the_schema_knows_races():
    schema = json.loads(sim("schema").stdout)
    validator = jsonschema.validators.validator_for(schema)(schema)
    files = [f for f in os.listdir(RACES) if f.endswith(".yaml")]
    for name in files:
        with open(os.path.join(RACES, name), encoding="utf-8") as file:
            scenario = load(file.read())
        validator.validate(scenario)
    assert files
    scenario["explore"]["begun"] = "start:A"
    assert not validator.is_valid(scenario)


@pytest.mark.parametrize("arguments, message", [
    (["explore"], "no scenario is given"),
    (["explore", "V1-MM-1"], "there is no scenario 'V1-MM-1'"),
    (["explore", "v1-mm-01", "--bound", "lossez=1"], "losses"),
    (["explore", "v1-mm-01", "--bound", "losses"], "expected NAME=VALUE"),
    (["explore", "v1-mm-01", "--chooser", "best"], "expected exhaustive, random or pct"),
    (["explore", "v1-mm-01", "--table", "csv"], "expected text, md or json"),
    (["explore", "nat-traversal"], "what comes out depends on the network"),
    (["replay", "v1-mm-01", "--schedule", "C"], "word 1 'C'"),
    (["replay", "v1-mm-01", "--schedule", "go:A"], "no move of this name"),
    (["replay", "v1-mm-01", "--in", "space"], "expected world or ns3"),
    (["replay", "v1-mm-01", "--in", "ns3", "--step", "0 s"], "more than 0 s"),
    (["replay", "v1-mm-01", "--schedule", "@nowhere"], "cannot read file"),
    (["replay", "v1-mm-09", "--in", "ns3", "--schedule",
      "start:B delay:B:1s start:A run wait:1s run timer"], "a clock has taken it before"),
    (["replay", "v1-mm-09", "--in", "ns3", "--schedule", "start:A start:B timer:B"],
     "another router's timer is due before"),
    (["shrink", "v1-mm-01", "--for", "sunshine"], "is no word of an end state"),
    (["regress", "nowhere"], "there is no folder 'nowhere'"),
])
def test_errors(arguments, message):
    assert message in sim(*arguments, status=2).stderr


def test_a_race_has_no_network():
    assert "explore, replay or regress it" in sim("run", "examples/races/v1-mm-01.yaml", status=1,
                                                  cwd=ROOT).stderr
