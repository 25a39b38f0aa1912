# SPDX-License-Identifier: GPL-2.0-only
"""The Python package ns3ike: load, look at the parameters, run, read the results."""
import json
import os
import sys
import threading

import pytest
from conftest import BUILD, SCENARIOS

SCENARIO = os.path.join(SCENARIOS, "vti-convergence.yaml")
SHORT = {"duration": "60 s"}


@pytest.fixture(scope="module")
def ns3ike():
    sys.path.insert(0, os.path.join(BUILD, "python"))
    try:
        return pytest.importorskip("ns3ike")
    finally:
        sys.path.pop(0)


@pytest.fixture(scope="module")
def scenario(ns3ike):
    return ns3ike.load(SCENARIO)


def test_version(ns3ike, root):
    with open(os.path.join(root, "VERSION"), encoding="utf-8") as f:
        assert ns3ike.__version__ == f.read().strip()


def test_parameters_are_described(scenario):
    parameter = scenario.parameters["responder_only"]
    assert {"none", "one", "both"} <= set(parameter.choices)
    assert parameter.default in parameter.choices
    assert parameter.help
    assert scenario.name == "vti-convergence" and scenario.title


def test_values_are_checked_and_written_in_one_way(scenario):
    assert scenario.expand({"duration": "1 min"}).hash == scenario.expand(SHORT).hash
    assert scenario.expand(SHORT).duration == 60
    assert scenario.expand(SHORT).hash != scenario.expand().hash


def test_run_gives_what_the_file_says(scenario, tmp_path):
    results = scenario.run(SHORT, seed=3, out=tmp_path / "out")
    assert results == json.loads((tmp_path / "out" / "results.json").read_text())
    assert results["seed"] == 3
    assert results["parameters"]["duration"] == scenario.expand(SHORT).parameters["duration"]
    assert results["totals"]["negotiations_begun"] > 0
    assert results["violations"] == []
    assert isinstance(results.failed_expectations, list)


def test_a_b_a_in_one_process(scenario):
    """A run leaves nothing behind that would change the next one."""
    first = scenario.run({**SHORT, "responder_only": "none"}, seed=1)
    other = scenario.run({**SHORT, "responder_only": "one"}, seed=1)
    again = scenario.run({**SHORT, "responder_only": "none"}, seed=1)
    assert first == again
    assert first != other


def test_ike_sim_and_the_binding_agree(scenario, ike_sim, tmp_path):
    ike_sim("run", SCENARIO, "--set", "duration=60 s", "--seed", 4, "--out", tmp_path / "out",
            status=None)
    assert scenario.run(SHORT, seed=4) == json.loads((tmp_path / "out" / "results.json").read_text())


def test_a_fault_names_file_line_and_column(ns3ike, tmp_path):
    path = tmp_path / "faulty.yaml"
    path.write_text("version: 1\nname: faulty\nnonsense: 1\n")
    with pytest.raises(ns3ike.ScenarioError, match="nonsense") as raised:
        ns3ike.load(path)
    assert raised.value.line == 3 and raised.value.column == 1
    assert raised.value.file in str(raised.value)
    assert "%d:%d" % (raised.value.line, raised.value.column) in str(raised.value)
    assert isinstance(raised.value, ValueError)


@pytest.mark.parametrize("values", [{"nonsense": 1}, {"responder_only": "nonsense"}], ids=str)
def test_a_wrong_value_is_refused(ns3ike, scenario, values):
    with pytest.raises(ns3ike.ScenarioError, match="nonsense"):
        scenario.run(values)


def test_a_folder_that_is_no_run_is_left_alone(ns3ike, scenario, tmp_path):
    (tmp_path / "precious").write_text("x")
    with pytest.raises(ns3ike.RunError):
        scenario.run(SHORT, out=tmp_path)
    assert (tmp_path / "precious").read_text() == "x"


def test_the_lock_is_free_while_it_runs(ns3ike, scenario):
    """Another thread computes meanwhile, but may not simulate."""
    refused, shares, running, go = [], [], threading.Event(), threading.Event()

    def progress(share):
        shares.append(share)
        if not running.is_set():
            running.set()
            go.wait(30)

    def elsewhere():
        running.wait(30)
        try:
            scenario.run(SHORT)
        except ns3ike.RunError as error:
            refused.append(str(error))
        go.set()

    thread = threading.Thread(target=elsewhere)
    thread.start()
    scenario.run(SHORT, progress=progress)
    thread.join()
    assert len(refused) == 1 and "one simulation" in refused[0]
    assert shares == sorted(shares) and shares[-1] <= 1


def test_an_exception_in_progress_ends_the_run(scenario):
    def progress(share):
        raise KeyError("enough")

    with pytest.raises(KeyError, match="enough"):
        scenario.run(SHORT, progress=progress)
    assert scenario.run(SHORT)["totals"]["negotiations_begun"] > 0
