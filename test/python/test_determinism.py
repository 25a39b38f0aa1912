# SPDX-License-Identifier: GPL-2.0-only
"""Equal scenario, parameters and seed: equal bytes in every file. Another seed: other bytes."""
import hashlib
import os

import pytest
from conftest import SCENARIOS

SCENARIO = os.path.join(SCENARIOS, "vti-convergence.yaml")


def hashes(folder):
    """File name -> SHA-256, of everything that a run wrote."""
    return {str(f.relative_to(folder)): hashlib.sha256(f.read_bytes()).hexdigest()
            for f in sorted(folder.rglob("*")) if f.is_file()}


@pytest.fixture(scope="module")
def runs(ike_sim, tmp_path_factory):
    """Name of a run -> its hashes. Each is a process of its own, in a folder of another name."""
    out = {}
    for name, seed in [("first", 1), ("second", 1), ("other", 2)]:
        folder = tmp_path_factory.mktemp(name)
        ike_sim("run", SCENARIO, "--set", "duration=300 s", "--seed", seed, "--out", folder,
                status=None)
        out[name] = hashes(folder)
    return out


def test_two_runs_write_the_same_bytes(runs):
    assert "results.json" in runs["first"]
    assert any(name.endswith(".pcap") for name in runs["first"])
    assert runs["first"] == runs["second"]


def test_another_seed_writes_other_bytes(runs):
    same = [name for name, digest in runs["first"].items()
            if name.endswith(".pcap") and runs["other"].get(name) == digest]
    captures = [name for name in runs["first"] if name.endswith(".pcap")]
    assert len(same) < len(captures)
    assert runs["first"]["ikev1_decryption_table"] != runs["other"]["ikev1_decryption_table"]
