# SPDX-License-Identifier: GPL-2.0-only
"""The demo's transcripts, line for line. After a change that is meant, IKE_REWRITE_GOLDEN=1 writes
them anew; the commit says what changed and why. Equal bytes are promised per ns-3 release."""
import difflib
import json
import os

import pytest


@pytest.mark.parametrize("variant", ["without", "with"])
def test_transcript_is_the_golden_one(demo, root, variant):
    folder = demo / variant
    release = json.loads((folder / "results.json").read_text())["versions"]["ns-3"]
    golden = os.path.join(root, "test", "golden", "ns-3.%s" % release.split(".")[1],
                          "demo-%s.txt" % variant)
    now = (folder / "transcript.txt").read_text()
    if os.environ.get("IKE_REWRITE_GOLDEN"):
        os.makedirs(os.path.dirname(golden), exist_ok=True)
        with open(golden, "w", encoding="utf-8") as f:
            f.write(now)
    if not os.path.exists(golden):
        pytest.skip("no golden transcript for this release of ns-3")
    with open(golden, encoding="utf-8") as f:
        before = f.read()
    diff = list(difflib.unified_diff(before.splitlines(), now.splitlines(), "golden", "now",
                                     lineterm="", n=1))
    assert not diff, "\n".join(diff[:40])


def test_state_diagrams_are_those_of_the_tables(ike_sim, root):
    with open(os.path.join(root, "doc", "states.md"), encoding="utf-8") as f:
        assert f.read() == ike_sim("states").stdout, "write it anew: ./ns3-ike states >doc/states.md"
