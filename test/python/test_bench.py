# SPDX-License-Identifier: GPL-2.0-only
"""./ns3-ike bench: the form of what it says. How fast something is, no test asks."""
import importlib.util
import json
import math
import os
import subprocess
import sys

import pytest
from conftest import BUILD, ROOT

SCRIPT = os.path.join(ROOT, "utils", "ike-bench.py")
spec = importlib.util.spec_from_file_location("ike_bench", SCRIPT)
ike_bench = importlib.util.module_from_spec(spec)
spec.loader.exec_module(ike_bench)


def bench(*args):
    return subprocess.run([sys.executable, SCRIPT, *args], text=True, capture_output=True,
                          timeout=600)


@pytest.fixture
def program():
    path = os.path.join(BUILD, "ike-bench")
    if not os.path.exists(path):
        pytest.fail("ike-bench is not built")
    return path


def test_short_run_says_what_it_measured(program, tmp_path):
    out = tmp_path / "bench.json"
    done = bench("--short", "--program", program, "--json", str(out))
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    for part in ike_bench.PARTS:
        assert any(line.startswith(part) for line in lines), part
    report = json.loads(out.read_text())
    assert [ike_bench.written(line) for line in report["lines"]] == lines
    for line in report["lines"]:
        if "value" in line:
            assert line["verdict"] in ("ok", "falls short") and math.isfinite(line["value"])
            assert ike_bench.written(line).endswith(line["verdict"])
    assert {"esp", "day"} <= set(report["figures"])


@pytest.mark.parametrize("value, bound, at_least, verdict", [
    (1.2, 1.2, False, "ok"), (1.21, 1.2, False, "falls short"),
    (1000, 1000, True, "ok"), (999, 1000, True, "falls short"), (-0.1, 1.2, False, "falls short")])
def test_verdicts(value, bound, at_least, verdict, capsys):
    b = ike_bench.Bench("", False, 1)
    b.judge("claim", value, bound, " x", "text", at_least)
    assert b.lines[0]["verdict"] == verdict
    assert capsys.readouterr().out.rstrip().endswith(verdict)


@pytest.mark.parametrize("args, status, says", [
    (["nonsense"], 2, "no such part: nonsense"),
    (["esp", "--program", "/no/such/program"], 1, "/no/such/program"),
    (["day", "--program", "/bin/false"], 1, "exit status 1"),
    (["day", "--program", "/bin/true"], 1, "no figures came back")])
def test_errors(args, status, says):
    done = bench(*args)
    assert done.returncode == status
    assert says in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("args", [[], ["nonsense"], ["scale", "--spokes=none"], ["day", "--nonsense"]])
def test_bad_words_of_the_program(program, args):
    done = subprocess.run([program, *args], text=True, capture_output=True, timeout=60)
    assert done.returncode in (1, 2) and not done.stdout
    assert len(done.stderr.splitlines()) == 1
