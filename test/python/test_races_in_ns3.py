# SPDX-License-Identifier: GPL-2.0-only
"""Each kept race in full ns-3: the same line by line, and the same end; what differs has a reason."""
import itertools
import json
import os
import re

import pytest
import yaml

from conftest import ROOT

RACES = os.path.join(ROOT, "examples", "races")

# Where ns-3 reports something else: the lines that differ, and what `replay` says of it. They are
# those of the laboratory, "-", or of the simulation, "+".
NO_LINE = "has no SA, so its line is down and ns-3 sends no packet there"
OTHER_LINES = {
    "ro-02": (NO_LINE, r"- .* initiation-refused +phase=2 begin=traffic"),
    "ro-03": (NO_LINE, r"- .* initiation-refused +phase=2 begin=traffic"),
}


def load(name):
    with open(os.path.join(RACES, name), encoding="utf-8") as file:
        return yaml.safe_load(file)


def kept():
    names = sorted(f for f in os.listdir(RACES) if f.endswith(".yaml"))
    return [f[:-5] for f in names if "schedule" in load(f)["explore"]]


def variations(scenario):
    """All values of `vary:`, combined, and how long the race settles with them."""
    vary = scenario["explore"].get("vary", {})
    for combined in itertools.product(*vary.values()):
        values = dict(zip(vary, combined))
        settle = scenario["explore"].get("settle", "300 s")
        for variant in scenario.get("variants", []):
            if all(values.get(name) == value for name, value in variant["when"].items()):
                settle = variant.get("explore", {}).get("settle", settle)
        yield ["%s=%s" % (name, str(value).lower() if isinstance(value, bool) else value)
               for name, value in values.items()], settle


def check(ike_sim, name, values, settle):
    words = [os.path.join(RACES, name + ".yaml"), *(w for v in values for w in ("--set", v))]
    in_world = json.loads(ike_sim("replay", *words, "--table", "json", status=None).stdout)
    # A simulation is not asked whether something comes and goes for ever.
    end = in_world["ends"][0]["end"].replace("flapping, ", "")
    done = ike_sim("replay", *words, "--in", "ns3", "--tail", settle, status=None)
    called = " ".join([name, *values])
    assert not done.stderr, called + ": " + done.stderr
    assert re.search(r"^end state: (.*)$", done.stdout, re.M).group(1) == end, called
    if called not in OTHER_LINES:
        assert done.returncode == 0, called + "\n" + done.stdout[-3000:]
        return
    reason, line = OTHER_LINES[called]
    other = re.findall(r"^[-+] .*$", done.stdout, re.M)
    assert done.returncode == 1 and other and all(re.fullmatch(line, o) for o in other), other
    notes = re.findall(r"^note: (.*)$", done.stdout, re.M)
    assert notes and all(reason in note for note in notes)


@pytest.mark.parametrize("name", kept())
def test_a_kept_race_in_ns3(ike_sim, name):
    for values, settle in variations(load(name + ".yaml")):
        check(ike_sim, name, values, settle)


def test_what_differs_is_still_there():
    called = {" ".join([name, *values])
              for name in kept() for values, _ in variations(load(name + ".yaml"))}
    assert set(OTHER_LINES) <= called and len(called) > 130
