# SPDX-License-Identifier: GPL-2.0-only
"""The Python package ns3ike: load, look at the parameters, run, read the results."""
import json
import os
import threading

import pytest
from conftest import SCENARIOS
from ns3ike_package import ns3ike

SCENARIO = os.path.join(SCENARIOS, "vti-convergence.yaml")
SHORT = {"duration": "60 s"}


@pytest.fixture(scope="module")
def scenario():
    return ns3ike.load(SCENARIO)


def test_version(root):
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


def test_a_fault_names_file_line_and_column(tmp_path):
    path = tmp_path / "faulty.yaml"
    path.write_text("version: 1\nname: faulty\nnonsense: 1\n")
    with pytest.raises(ns3ike.ScenarioError, match="nonsense") as raised:
        ns3ike.load(path)
    assert raised.value.line == 3 and raised.value.column == 1
    assert raised.value.file in str(raised.value)
    assert "%d:%d" % (raised.value.line, raised.value.column) in str(raised.value)
    assert isinstance(raised.value, ValueError)


@pytest.mark.parametrize("values", [{"nonsense": 1}, {"responder_only": "nonsense"}], ids=str)
def test_a_wrong_value_is_refused(scenario, values):
    with pytest.raises(ns3ike.ScenarioError, match="nonsense"):
        scenario.run(values)


def test_a_folder_that_is_no_run_is_left_alone(scenario, tmp_path):
    (tmp_path / "precious").write_text("x")
    with pytest.raises(ns3ike.RunError):
        scenario.run(SHORT, out=tmp_path)
    assert (tmp_path / "precious").read_text() == "x"


def test_the_lock_is_free_while_it_runs(scenario):
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


@pytest.mark.parametrize("seed", [0, -1, 10 ** 9, 2 ** 64, "1", 1.5], ids=repr)
def test_a_wrong_seed_is_refused(scenario, seed):
    with pytest.raises((ValueError, TypeError), match=r"^seed: .* is not"):
        scenario.run(SHORT, seed=seed)
    with pytest.raises((ValueError, TypeError), match=r"^seed: .* is not"):
        ns3ike.Run(scenario, seed=seed)


def test_events_are_told_as_they_happen(scenario):
    events = []
    results = scenario.run(SHORT, on_event=events.append, kinds=["pair-up", "phase1-up"])
    assert {e.kind for e in events} == {"pair-up", "phase1-up"}
    assert [e.time_ns for e in events] == sorted(e.time_ns for e in events)
    assert all(e.node in ("R1", "R2") and 10 < e.time < 60 for e in events)
    # Nobody's ear changes what happens.
    assert results == scenario.run(SHORT)


def test_an_exception_in_a_callback_ends_the_run(scenario):
    seen = []

    def listen(event):
        seen.append(event)
        if event.kind == "phase1-up":
            raise KeyError("enough")

    with pytest.raises(KeyError, match="enough"):
        scenario.run(SHORT, on_event=listen)
    # Not one more was told, and the next run is not disturbed.
    assert seen[-1].kind == "phase1-up"
    assert scenario.run(SHORT)["violations"] == []


def test_an_unknown_kind_of_events_is_refused(scenario):
    with pytest.raises(ValueError, match="did you mean 'pair-up'"):
        scenario.run(SHORT, on_event=print, kinds=["pair-upp"])


def test_results_as_tables(scenario):
    pandas = pytest.importorskip("pandas")
    results = scenario.run(SHORT)
    flows = results.flows()
    assert list(flows.index) == ["H1-H2", "H2-H1"]
    assert flows.loc["H1-H2", "packets_offered"] == results["flows"][0]["packets_offered"] > 0
    series = results.series()
    assert series["packets_offered"].sum() == results.totals["packets_offered"]
    assert series.index[1] == results["series"]["width_seconds"]
    times, numbers = results.curve("R1", "R2", "pairs_alive")
    assert numbers.max() == 2 and len(times) == len(numbers)
    curves = results.curves()
    assert set(curves["curve"]) == {"pairs_alive", "isakmp_alive"}
    assert curves["number"].dtype.kind == "i" and curves["seconds"].dtype.kind == "f"
    assert list(results.peers()["router"]) == ["R1", "R2"]
    runs = results.runs()
    assert runs.loc[0, "delay"] == 0.04 and runs.loc[0, "loss"] == 0.0
    assert runs.loc[0, "early_answers"] in (True,)
    assert runs.loc[0, "rate"] == 100e6 and runs.loc[0, "reboot"] == "never"
    assert runs.loc[0, "totals.ipsec_duplicates"] == results.quantity("totals.ipsec_duplicates")
    assert isinstance(runs, pandas.DataFrame)


def test_what_is_not_there_is_said(scenario):
    results = scenario.run(SHORT)
    with pytest.raises(KeyError, match="isakmp_alive"):
        results.curve("R1", "R3")
    with pytest.raises(KeyError, match="nonsense"):
        results.quantity("totals.nonsense")


def test_load_reads_results_of_any_kind(scenario, tmp_path, ike_sim):
    results = scenario.run(SHORT, seed=3, out=tmp_path / "out")
    assert ns3ike.load(tmp_path / "out") == results
    assert ns3ike.load(tmp_path / "out" / "results.json") == results
    lines = tmp_path / "lines.jsonl"
    lines.write_text(json.dumps(results) + "\n\n" + json.dumps(results) + "\n")
    both = ns3ike.load(lines)
    assert len(both) == 2 and both[1] == results
    assert len(both.runs()) == 2
    lines.write_text(json.dumps(results) + "\n{}\n")
    with pytest.raises(ValueError, match="lines.jsonl:2: these are no results"):
        ns3ike.load(lines)
    assert isinstance(ns3ike.load(SCENARIO), ns3ike.Scenario)


@pytest.mark.parametrize("text, value", [
    ("40 ms", 0.04), ("10 min", 600.0), ("1 %", 1.0), ("100 Mbit/s", 1e8), ("true", True),
    ("3", 3), ("-0.5", -0.5), ("never", "never"), ("message-3", "message-3"), ("-3 ms", -0.003),
])
def test_parameters_are_typed(text, value):
    assert ns3ike.typed(text) == value and type(ns3ike.typed(text)) is type(value)
