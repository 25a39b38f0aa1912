# SPDX-License-Identifier: GPL-2.0-only
"""Runs in child processes: the same numbers, and a death that is an exception."""
import glob
import json
import os
import signal
import sys

import pytest
from ns3ike_package import ns3ike, two_routers


@pytest.fixture(scope="module")
def scenario():
    return two_routers(duration="5 s")


def children():
    """Process ids of this process's children."""
    found = []
    for path in glob.glob("/proc/self/task/*/children"):
        with open(path, encoding="ascii") as file:
            found += map(int, file.read().split())
    return found


def test_the_same_as_in_this_process(scenario, tmp_path):
    shares, events, here = [], [], []
    isolated = scenario.run(seed=7, isolate=True, out=tmp_path / "out", progress=shares.append,
                            on_event=events.append, kinds=["pair-up"])
    assert isolated == scenario.run(seed=7, on_event=here.append, kinds=["pair-up"])
    assert isolated == json.loads((tmp_path / "out" / "results.json").read_text())
    assert events == here and shares[-1] == 1
    assert children() == []


def test_it_runs_beside_a_run_of_this_process(scenario):
    with ns3ike.Run(scenario) as run:
        run.until("1 s")
        assert scenario.run(isolate=True) == run.finish()


def test_errors_come_back_as_they_are(scenario, tmp_path):
    (tmp_path / "precious").write_text("x")
    with pytest.raises(ns3ike.RunError, match="precious|empty|folder") as raised:
        scenario.run(isolate=True, out=tmp_path)
    assert not isinstance(raised.value, ns3ike.RunDied)
    with pytest.raises(ns3ike.ScenarioError, match="nonsense"):
        scenario.run({"nonsense": 1}, isolate=True)
    with pytest.raises(ValueError, match="seed"):
        scenario.run(seed=0, isolate=True)
    with pytest.raises(ValueError, match="kind of events"):
        scenario.run(isolate=True, on_event=print, kinds=["nonsense"])


def test_a_refusal_of_a_console_comes_back(tmp_path):
    """A fault that shows only while the run goes on."""
    scenario = two_routers(duration="5 s").event("1 s", router="R1", type="enable")
    assert scenario.run(isolate=True)["violations"] == []


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT])
def test_death_is_an_exception(scenario, number):
    def kill(event):
        for child in children():
            os.kill(child, number)

    with pytest.raises(ns3ike.RunDied, match=number.name) as raised:
        two_routers(duration="1 h").run(isolate=True, on_event=kill)
    assert raised.value.signal == number.name and raised.value.status is None
    assert isinstance(raised.value, ns3ike.RunError)
    assert children() == []
    assert scenario.run()["violations"] == []


def test_an_exit_status_and_the_last_words(scenario, tmp_path, monkeypatch):
    """A Python that is not there for long."""
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho out of luck >&2\nexit 3\n")
    broken.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(broken))
    with pytest.raises(ns3ike.RunDied, match="status 3: out of luck") as raised:
        scenario.run(isolate=True)
    assert (raised.value.status, raised.value.signal) == (3, None)
    assert raised.value.stderr == "out of luck\n"


def test_an_exception_in_a_callback_ends_the_child(scenario):
    def fail(event):
        raise LookupError("enough")

    with pytest.raises(LookupError, match="enough"):
        two_routers(duration="1 h").run(isolate=True, on_event=fail)
    assert children() == []


def test_many_at_a_time():
    scenario = two_routers(duration="${length}")
    scenario.parameter("length", type="duration", default="2 s", help="Of the run.")
    results = ns3ike.run_many(scenario, [{"length": "2 s"}, {"length": "3 s"}], seeds=[1, 2],
                              jobs=2)
    assert [(r["duration_seconds"], r["seed"]) for r in results] == [(2, 1), (2, 2), (3, 1),
                                                                     (3, 2)]
    assert results[3] == scenario.run({"length": "3 s"}, seed=2)
    table = pytest.importorskip("pandas") and results.runs()
    assert list(table["length"]) == [2.0, 2.0, 3.0, 3.0]
    with pytest.raises(ns3ike.ScenarioError):
        ns3ike.run_many(scenario, [{"length": "2 s"}, {"length": "two"}])
