# SPDX-License-Identifier: GPL-2.0-only
"""From the front door to a table: a sweep of every type of parameter, and ns3ike.load() of what it leaves."""
import hashlib
import math
import os
import subprocess

import pytest
from conftest import BUILD, ROOT
from ns3ike_package import ns3ike
from sweep_fixture import PROGRAM

pandas = pytest.importorskip("pandas")

SWEEP = """\
version: 1
name: probe
title: Offices, near and far
scenario: offices.yaml
set: {length: 2 min}
design:
  kind: list
  points:
    - {offices: 2, distance: 5 ms, rate: 1 Mbit/s}
    - {offices: 2, distance: 1500 us, rate: 10 Mbit/s, quality: 2 %, bursts: true}
    - {offices: 3, distance: "uniform(1 ms, 50 ms)", arrival: "choice(0 s, 10 s)"}
cross:
  responder_only: [none, hub]
seeds: 1..2
metrics: [totals.*, ends.*.line_up_seconds]
"""


def scenario():
    """branch-offices, shorter, and with a rate that can be swept."""
    with open(os.path.join(ROOT, "examples", "scenarios", "branch-offices.yaml"), encoding="utf-8") as f:
        text = f.read()
    for piece, by in [("rate: 10 Mbit/s", 'rate: "${rate}"'), ("duration: 10 min", "duration: ${length}"),
                      ("parameters:\n", "parameters:\n  length: {type: duration, default: 2 min, help: Length.}\n"
                       "  rate: {type: bandwidth, default: 10 Mbit/s, help: Of a line.}\n"),
                      ("default: \"normal(2 min, 40 s, min 10 s, max 4 min)\"", "default: 0 s"),
                      ("start: \"5 min + uniform(0 s, 30 s)\"", "start: \"20 s + uniform(0 s, 30 s)\""),
                      ("start: 5 min, stop: 9 min", "start: 30 s, stop: 100 s"), ("stop: 9 min", "stop: 100 s")]:
        assert piece in text, piece
        text = text.replace(piece, by)
    return text[:text.index("expect:")]


@pytest.fixture(scope="module", name="results")
def fixture_results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("load")
    (folder / "offices.yaml").write_text(scenario())
    (folder / "probe.yaml").write_text(SWEEP)
    done = subprocess.run([os.path.join(ROOT, "ns3-ike"), "sweep", folder / "probe.yaml", "--out", folder / "x.sqlite",
                           "--jobs", "2", "--program", PROGRAM], text=True, capture_output=True, timeout=300, check=False,
                          stdin=subprocess.DEVNULL, env={**os.environ, "IKE_BUILD_DIR": BUILD})
    assert done.returncode == 0, done.stderr
    with ns3ike.load(folder / "x.sqlite") as results:
        yield results


def test_a_row_for_each_run(results):
    runs = results.runs()
    assert len(runs) == 12 and sorted(runs["seed"].unique()) == [1, 2] and runs.index.is_unique
    assert list(runs["point"]) == sorted(runs["point"])


def test_parameters_have_their_types(results):
    runs = results.runs()
    assert runs["offices"].dtype == "int64" and sorted(runs["offices"].unique()) == [2, 3]
    assert runs["length"].dtype == "float64" and set(runs["length"]) == {120.0}
    assert runs["rate"].dtype == "float64" and set(runs["rate"]) == {1e6, 1e7}
    assert runs["bursts"].dtype == "bool" and runs["bursts"].sum() == 4
    assert runs["responder_only"].dtype == "category" and set(runs["responder_only"]) == {"none", "hub"}
    # A word or a distribution among the values: all of them as they are written.
    assert set(runs["distance"]) == {"5 ms", "1500 us", "uniform(1 ms, 50 ms)"}
    assert set(runs["arrival"]) == {"0 s", "choice(0 s, 10 s)"}
    assert set(runs["quality"]) == {"uniform(0 %, 2 %)", "2 %"}
    assert runs.attrs["units"] == {"length": "s", "rate": "bit/s"}


def test_metrics_are_numbers_and_missing_ones_are_not(results):
    runs = results.runs()
    assert runs["totals.packets_offered"].dtype == "int64" and (runs["totals.packets_offered"] > 0).all()
    assert runs["totals.outage_seconds"].dtype == "float64"
    third = runs["ends.B3.line_up_seconds"]
    assert third.dtype == "float64" and (third.isna() == (runs["offices"] == 2)).all()
    assert not runs["ends.B2.line_up_seconds"].isna().any()
    assert runs["totals.packets_dropped.loss"].dtype == "int64"


def test_what_adds_lines_of_configuration_was_swept(results):
    runs = results.runs()
    refused = runs.groupby("responder_only", observed=True)["totals.initiations_refused"].min()
    assert refused["none"] == 0 and refused["hub"] > 0


def test_variants_share_what_is_drawn(results):
    """Both variants of a point and seed have met the same lines, and the same moments."""
    runs = results.runs()
    for _, pair in runs.groupby(["offices", "rate", "seed"]):
        assert len(pair) == 2 and pair["totals.packets_offered"].nunique() == 1
    spread = runs[runs["offices"] == 3].groupby("seed")["totals.packets_offered"].first()
    assert spread.nunique() == 2, "another seed, other moments"


def test_the_code_of_results_is_known_by_its_sources(ike_sim, results):
    """Neither by the octets of a build nor by its folder: the hash can be made again from the tree alone."""
    sections, current = {}, None
    with open(os.path.join(ROOT, "ike-sources.txt"), encoding="utf-8") as f:
        for line in filter(None, map(str.strip, f)):
            if line.startswith("["):
                current = sections.setdefault(line.strip("[]"), [])
            elif not line.startswith("#"):
                current.append(line)
    text = ""
    for name in sorted(sections["pure"] + sections["host"] + sections["helper"] + sections["headers"]):
        with open(os.path.join(ROOT, name), "rb") as f:
            text += f"{name} {hashlib.sha256(f.read()).hexdigest()}\n"
    code = ike_sim("code").stdout.split()
    assert code[0] == hashlib.sha256(text.encode()).hexdigest()[:16] and code[1].startswith("ns-3.")
    assert results.meta["build"] == " ".join(code)
    assert set(results.attempts()["build"]) == {" ".join(code)}
    assert not math.isnan(results.attempts()["wall"].sum())
