# SPDX-License-Identifier: GPL-2.0-only
"""The finding of the demo does not hang on one seed: IKE_SEEDS of them, 10 by default."""
import json
import os
from concurrent.futures import ThreadPoolExecutor

import pytest
from conftest import SCENARIOS

SCENARIO = os.path.join(SCENARIOS, "vti-convergence.yaml")
SEEDS = int(os.environ.get("IKE_SEEDS", "10"))

ROUGH = ["jitter=20 ms", "loss=1 %", "duration=20 min"]
VARIANTS = {
    "without": ["responder_only=none"],
    "with": ["responder_only=one"],
    # in the two above the seed moves keys, SPIs and RIP; here also which messages come and when
    "rough without": ["responder_only=none"] + ROUGH,
    "rough with": ["responder_only=one"] + ROUGH,
}


@pytest.fixture(scope="module")
def rows(ike_sim):
    """(variant, seed) -> totals."""
    def batch(variant):
        values = [word for value in VARIANTS[variant] for word in ("--set", value)]
        done = ike_sim("batch", SCENARIO, *values, "--seeds", "1..%d" % SEEDS, status=None)
        assert done.returncode in (0, 1), done.stderr
        return [(variant, json.loads(line)) for line in done.stdout.splitlines()]

    with ThreadPoolExecutor(2) as pool:
        runs = [run for found in pool.map(batch, VARIANTS) for run in found]
    return {(variant, r["seed"]): r["totals"] for variant, r in runs}


@pytest.mark.parametrize("seed", range(1, SEEDS + 1))
def test_duplicates_without_and_none_with(rows, seed):
    without, with_ = rows["without", seed], rows["with", seed]
    assert without["ipsec_duplicates"] > 0
    assert without["isakmp_duplicates"] > 0
    assert with_["ipsec_duplicates"] == 0
    assert with_["isakmp_duplicates"] == 0
    assert with_["packets_delivered"] > 0


@pytest.mark.parametrize("seed", range(1, SEEDS + 1))
def test_the_same_over_a_rough_path(rows, seed):
    without, with_ = rows["rough without", seed], rows["rough with", seed]
    assert without["ipsec_duplicates"] > 0
    assert with_["ipsec_duplicates"] == with_["isakmp_duplicates"] == 0
    assert with_["packets_dropped"]["loss"] > 0
