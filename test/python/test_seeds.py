# SPDX-License-Identifier: GPL-2.0-only
"""The finding of the demo does not hang on one seed: IKE_SEEDS of them, 10 by default."""
import json
import os
from concurrent.futures import ThreadPoolExecutor

import pytest
from conftest import SCENARIOS

SCENARIO = os.path.join(SCENARIOS, "vti-convergence.yaml")
SEEDS = int(os.environ.get("IKE_SEEDS", "10"))


@pytest.fixture(scope="module")
def rows(ike_sim):
    """(responder_only, seed) -> totals."""
    def batch(value):
        done = ike_sim("batch", SCENARIO, "--set", "responder_only=" + value, "--seeds",
                       "1..%d" % SEEDS, status=None)
        assert done.returncode in (0, 1), done.stderr
        return done.stdout.splitlines()

    with ThreadPoolExecutor(2) as pool:
        lines = [line for found in pool.map(batch, ["none", "one"]) for line in found]
    return {(r["parameters"]["responder_only"], r["seed"]): r["totals"]
            for r in map(json.loads, lines)}


@pytest.mark.parametrize("seed", range(1, SEEDS + 1))
def test_duplicates_without_and_none_with(rows, seed):
    without, with_ = rows["none", seed], rows["one", seed]
    assert without["ipsec_duplicates"] > 0
    assert without["isakmp_duplicates"] > 0
    assert with_["ipsec_duplicates"] == 0
    assert with_["isakmp_duplicates"] == 0
    assert with_["packets_delivered"] > 0
