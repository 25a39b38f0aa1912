# SPDX-License-Identifier: GPL-2.0-only
"""The chart of a batch: means and spans, order on the axis, errors, the same octets each time."""
import json
import os
import subprocess
import sys

import pytest
from conftest import ROOT

PROGRAM = os.path.join(ROOT, "utils", "ike-chart.py")


def line(delay, mode, seed, duplicates):
    return json.dumps({"parameters": {"delay": delay, "mode": mode}, "seed": seed,
                       "totals": {"ipsec_duplicates": duplicates, "packets_dropped": {}},
                       "ends": [{"name": "R1", "line_up_seconds": 7.5}]})


@pytest.fixture(name="lines")
def fixture_lines(tmp_path):
    """Two delays, two modes, two seeds."""
    path = tmp_path / "lines.jsonl"
    path.write_text("\n".join(line(delay, mode, seed, seed * (mode == "open") + (delay == "1 s"))
                              for delay in ("1 s", "200 ms") for mode in ("open", "shut") for seed in (1, 3)))
    return path


def run(*args):
    return subprocess.run([sys.executable, PROGRAM, *map(str, args)], text=True,
                          stdin=subprocess.DEVNULL, capture_output=True, timeout=300)


def needs_libraries():
    pytest.importorskip("matplotlib", reason="no python3-matplotlib")
    pytest.importorskip("pandas", reason="no python3-pandas")


def test_the_table(lines, tmp_path):
    needs_libraries()
    done = run(lines, tmp_path / "a.svg", "--x", "delay", "--by", "mode", "--y", "totals.ipsec_duplicates",
               "--y", "totals.packets_dropped.loss", "--y", "ends.R1.line_up_seconds")
    assert done.returncode == 0, done.stderr
    rows = [row.split() for row in done.stdout.splitlines()]
    assert rows[0] == ["mode", "delay", "runs", "totals.ipsec_duplicates", "totals.packets_dropped.loss",
                       "ends.R1.line_up_seconds"]
    assert rows[1] == ["mode=open", "1", "s", "2", "3", "[2", "..", "4]", "0", "7.5"]
    assert rows[2] == ["mode=shut", "1", "s", "2", "1", "0", "7.5"]
    assert rows[3] == ["mode=open", "200", "ms", "2", "2", "[1", "..", "3]", "0", "7.5"]
    assert "totals.ipsec_duplicates: mean, least to greatest" in (tmp_path / "a.svg").read_text()


def test_probabilities(tmp_path):
    """Of ten runs with 6 pairs of routers each: none, all alike, and runs in which all have one or none has."""
    needs_libraries()
    hits = {"none": [0] * 10, "alike": [3] * 10, "together": [6] * 5 + [0] * 5}
    path = tmp_path / "lines.jsonl"
    path.write_text("\n".join(
        json.dumps({"parameters": {"mode": mode}, "seed": seed, "totals": {"peers": 6, "peers_with_duplicates": count}})
        for mode, counts in hits.items() for seed, count in enumerate(counts)))
    done = run(path, tmp_path / "a.svg", "--x", "mode", "--y", "totals.peers_with_duplicates / totals.peers",
               "--y", "totals.peers_with_duplicates >= 1")
    assert done.returncode == 0, done.stderr
    # Wilson's intervals of 0, 1/2 and 1 of 10 trials.
    none, half, every = ["0", "[0", "..", "0.2775]"], ["0.5", "[0.2366", "..", "0.7634]"], ["1", "[0.7225", "..", "1]"]
    rows = [row.split() for row in done.stdout.splitlines()[1:]]
    assert "totals.peers: share, 95 % interval" in (tmp_path / "a.svg").read_text()
    assert rows == [["none", "10", *none, *none], ["alike", "10", *half, *every], ["together", "10", *half, *half]]
    for text, word in (("totals.peers >= many", "expected a number"), ("totals.peers / totals.nothing", "no quantity"),
                       ("totals.peers / totals.peers_with_duplicates", "none of these")):
        done = run(path, tmp_path / "b.svg", "--x", "mode", "--y", text)
        assert done.returncode == 2 and word in done.stderr, done.stderr


def test_equal_runs_make_equal_charts(lines, tmp_path):
    needs_libraries()
    pictures = []
    for name in "ab":
        done = run(lines, tmp_path / f"{name}.svg", "--x", "mode", "--by", "delay", "--y", "totals.ipsec_duplicates")
        assert done.returncode == 0, done.stderr
        pictures.append((tmp_path / f"{name}.svg").read_bytes())
    assert pictures[0] == pictures[1] and b"<svg" in pictures[0]


@pytest.mark.parametrize("value, number", [("0 s", 0), ("200 ms", 0.2), ("-3 min", -180), ("0.5 %", 0.5), ("7", 7),
                                           ("auto", None), ("1 furlong", None)])
def test_values_on_the_axis(value, number):
    import importlib.util
    spec = importlib.util.spec_from_file_location("ike_chart", PROGRAM)
    chart = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(chart)
    assert chart.number_of(value) == number


@pytest.mark.parametrize("arguments, word", [
    (["--x", "dela", "--y", "totals.ipsec_duplicates"], "no parameter dela: this scenario has delay, mode"),
    (["--x", "delay", "--y", "totals.duplicates"], "no quantity totals.duplicates"),
    (["--x", "delay", "--y", "ends.R2.line_up_seconds"], "no quantity ends.R2"),
    (["--x", "delay", "--y", "totals"], "no quantity totals:"),
    (["--x", "delay", "--by", "colour", "--y", "totals.ipsec_duplicates"], "no parameter colour"),
])
def test_what_is_not_there(lines, tmp_path, arguments, word):
    done = run(lines, tmp_path / "a.svg", *arguments)
    assert done.returncode == 2 and word in done.stderr and not (tmp_path / "a.svg").exists()
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("text", ["", "{}", "not json", '{"parameters": [], "seed": 1, "totals": {}}'])
def test_no_results(tmp_path, text):
    (tmp_path / "x.jsonl").write_text(text)
    done = run(tmp_path / "x.jsonl", tmp_path / "a.svg", "--x", "delay", "--y", "totals.messages")
    assert done.returncode == 2 and "x.jsonl" in done.stderr and done.stderr.count("\n") == 1
    missing = run(tmp_path / "y.jsonl", tmp_path / "a.svg", "--x", "delay", "--y", "totals.messages")
    assert missing.returncode == 2 and "No such file" in missing.stderr
    assert run(tmp_path / "x.jsonl", tmp_path / "a.gif", "--x", "a", "--y", "b").returncode == 2
