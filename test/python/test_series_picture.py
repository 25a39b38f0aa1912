# SPDX-License-Identifier: GPL-2.0-only
"""The picture of packets over time: figures, errors, the same octets each time."""
import importlib.util
import json
import os
import subprocess
import sys

import pytest
from conftest import ROOT

PROGRAM = os.path.join(ROOT, "utils", "ike-series-picture.py")


def results(mode="passive"):
    """Four hours: clear, half protected, all dropped, nothing offered."""
    dropped = {"no-sa": [0, 0, 3, 0], "clear-received": [0, 0, 1, 0], "other": [0, 0, 0, 0]}
    return {"scenario": {"name": "migration"}, "parameters": {"mode": mode},
            "duration_seconds": 14400.0,
            "totals": {"packets_offered": 12, "outage_seconds": 3600.0},
            "series": {"width_seconds": 3600.0, "packets_offered": [4, 4, 4, 0],
                       "packets_delivered": [4, 4, 0, 0],
                       "packets_delivered_clear": [4, 2, 0, 0], "packets_dropped": dropped}}


@pytest.fixture(scope="module")
def picture():
    spec = importlib.util.spec_from_file_location("ike_series_picture", PROGRAM)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run(*args):
    return subprocess.run([sys.executable, PROGRAM, *map(str, args)], text=True,
                          stdin=subprocess.DEVNULL, capture_output=True, timeout=300)


def test_shares(picture):
    shares = picture.shares(results())
    assert shares["protected"] == [0, 50, 0, 0]
    assert shares["in the clear"] == [100, 50, 0, 0]
    assert shares["dropped: no SA"] == [0, 0, 75, 0]
    assert shares["dropped: should have come encrypted"] == [0, 0, 25, 0]
    assert picture.edges(results()) == [0, 1 / 24, 2 / 24, 3 / 24, 4 / 24]
    flat = results()
    flat["series"]["packets_delivered_clear"] = [4, 4, 0, 0]
    at, columns = picture.changes(flat)
    assert at == [0, 2 / 24, 3 / 24, 4 / 24] and columns["in the clear"] == [100, 0, 0]


def test_the_line_of_figures(picture):
    assert picture.say(results()) == (
        "mode=passive: 12 packets; protected 2 (16.67 %), in the clear 6 (50.00 %), "
        "dropped: no SA 3 (25.00 %), dropped: should have come encrypted 1 (8.33 %); outage 1.0 h")


def test_equal_results_make_equal_pictures(tmp_path):
    pytest.importorskip("matplotlib", reason="no python3-matplotlib")
    files = []
    for mode in ["passive", "strict"]:
        files.append(tmp_path / (mode + ".json"))
        files[-1].write_text(json.dumps(results(mode)))
    for out in ["1.svg", "2.svg"]:
        done = run(*files, tmp_path / out)
        assert done.returncode == 0, done.stderr
        assert done.stdout.count("\n") == 2
    text = (tmp_path / "1.svg").read_text()
    assert text == (tmp_path / "2.svg").read_text() and "<dc:date>" not in text


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"series": 1}'])
def test_bad_input_is_one_error(tmp_path, text):
    path = tmp_path / "results.json"
    path.write_text(text)
    done = run(path, tmp_path / "out.svg")
    assert done.returncode == 2 and "not the results of a run" in done.stderr
    assert not (tmp_path / "out.svg").exists()


def test_a_missing_file_and_a_wrong_ending(tmp_path):
    assert run(tmp_path / "none.json", tmp_path / "out.svg").returncode == 2
    path = tmp_path / "results.json"
    path.write_text(json.dumps(results()))
    done = run(path, tmp_path / "out.gif")
    assert done.returncode == 2 and "expected .svg" in done.stderr
