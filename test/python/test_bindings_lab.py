# SPDX-License-Identifier: GPL-2.0-only
"""ns3ike.lab: races from Python."""
import os
import threading
import time

import pytest
from conftest import ROOT
from ns3ike_package import ns3ike

lab = ns3ike.lab

RACES = os.path.join(ROOT, "examples", "races")
# Two ends begin at once; all that is sent is in flight.
MAIN_MODES = ns3ike.parse("""version: 1
name: main-modes
title: Crossing main modes
parameters:
  profile: {type: choice, choices: [ios, strongswan], default: ios, help: Habits of both ends.}
profile: "${profile}"
routers:
  A: {configs: a.ios}
  B: {configs: b.ios}
explore:
  begin: start:A start:B
  schedule: A B A B A B run
  expect: {end: "split, duplicate 1/1; IKE 2/2, CH 2/2"}
""", folder=RACES)


def test_a_schedule_and_its_end():
    race = lab.Race(MAIN_MODES, {"profile": "ios"})
    assert race.nodes == ["A", "B"] and race.begin == "start:A start:B"
    found = race.replay()
    assert found.end() == "split, duplicate 1/1; IKE 2/2 CH 2/2" and found["failures"] == []
    assert race.steps().startswith("start:A\n") and "MM1" in race.ladder()[0]
    with pytest.raises(ValueError, match="word 1 'C'"):
        race.replay("C")


def test_explore_is_a_table():
    race = lab.Race(MAIN_MODES)
    seen = []
    found = race.explore({"losses": 1}, threads=2, progress=seen.append)
    assert found["coverage"]["complete"] and seen[-1]["states"] == found["coverage"]["states"]
    assert found == lab.Race(MAIN_MODES).explore({"losses": "1"}, threads=1)
    pandas = pytest.importorskip("pandas")
    table = found.frame()
    assert isinstance(table, pandas.DataFrame) and len(table) == len(found["ends"]) > 1
    with pytest.raises(ValueError, match="lossez"):
        race.explore({"lossez": 1})
    with pytest.raises(ValueError, match="no-orfan"):
        race.explore(oracles=["no-orfan"])


def test_a_callback_stops_it():
    def stop(progress):
        raise KeyError("enough")
    with pytest.raises(KeyError, match="enough"):
        lab.Race(MAIN_MODES).explore({"losses": 1}, progress=stop)


def test_other_threads_go_on():
    """Explore does not hold the interpreter's lock."""
    race = lab.Race(MAIN_MODES)
    ticks = []
    worker = threading.Thread(target=race.explore, args=({"losses": 2, "duplicates": 1},))
    worker.start()
    while worker.is_alive():
        ticks.append(time.monotonic())
        time.sleep(0.001)
    worker.join()
    assert len(ticks) > 3


def test_a_world_by_hand():
    world = lab.Race(MAIN_MODES).world()
    assert [flight[:2] for flight in world.flights] == [("A", "B"), ("B", "A")]
    other = world.copy()
    world.do("A B")
    with pytest.raises(ValueError, match="word 2"):
        other.do("A stop:C")
    assert len(other.flights) == 2 and other.fingerprint != world.fingerprint
    assert "message-received" in world.transcript and world.settle("60 s").startswith("split")


def test_shrink_simulate_and_write(tmp_path):
    race = lab.Race(MAIN_MODES)
    assert race.shrink(end="duplicate") == ""
    assert race.simulate(tail=5)["differences"] == []
    files = race.write(tmp_path, "kept", title="Kept")
    assert "kept.yaml" in files
    assert lab.Race(tmp_path / "kept.yaml").replay()["failures"] == []


def test_regress_and_lists(tmp_path):
    rows = lab.regress(RACES, only="v1-mm-01")
    assert [row["race"] for row in rows][0].startswith("v1-mm-01") and len(rows) > 1
    assert {"name", "value", "unit", "help"} == set(lab.list_bounds()[0])
    assert "drop:A" in [row["word"] for row in lab.list_moves()]
    assert all(row["help"] for row in lab.list_oracles())
    assert lab.split_schedule("A   wait:1000ms") == ["A", "wait:1s"]
    with pytest.raises(ns3ike.RunError, match="there is no folder"):
        lab.regress(tmp_path / "nowhere")
