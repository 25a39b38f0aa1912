# SPDX-License-Identifier: GPL-2.0-only
"""Who could still send or accept clear text: ike-sim audit, on runs of the migration."""
import json
import os

import pytest
from conftest import SCENARIOS

SHORT = ["sites=4", "waves=4", "start=10 min", "gap=2 min", "finish=30 min", "length=1 h",
         "rate=20 s", "retry=60 s"]


def migrate(ike_sim, folder, *values, scenario="passive-migration"):
    settings = [word for value in [*SHORT, *values] for word in ["--set", value]]
    ike_sim("run", scenario, *settings, "--out", folder)
    return folder


def without_the_last(folder):
    """The scenario, but S4 is never upgraded."""
    with open(os.path.join(SCENARIOS, "passive-migration.yaml"), encoding="utf-8") as f:
        text = f.read()
    step = "    - at: ${start} + ${site.wave} * ${gap}\n"
    assert text.count(step) == 1
    path = folder / "without-the-last.yaml"
    path.write_text(text.replace(step, step + "      except: [S4]\n"))
    return path


@pytest.fixture(scope="module")
def runs(ike_sim, tmp_path_factory):
    """Folders of runs: a migration that ends well, a router left passive, one cut off."""
    out = tmp_path_factory.mktemp("audit")
    return {"good": migrate(ike_sim, out / "good"),
            "left": migrate(ike_sim, out / "left", "left=1"),
            "attacked": migrate(ike_sim, out / "attacked", "attack=udp-500", "left=1"),
            "begun": migrate(ike_sim, out / "begun", "mode=strict", scenario=without_the_last(out))}


def findings(text):
    """{router: reasons} of what audit prints."""
    return dict(line.split(": ", 1) for line in text.splitlines() if ": " in line)


def test_a_finished_migration_has_no_findings(ike_sim, runs):
    done = ike_sim("audit", runs["good"], "--lately", "600")
    assert done.stdout.startswith("0 of 4 routers could still send or accept clear text\n")


def test_what_was_accepted_counts_for_a_while(ike_sim, runs):
    results = json.loads((runs["good"] / "results.json").read_text())
    last = max(end["policy"]["inbound"]["last_passive_seconds"] for end in results["ends"])
    age = int(results["duration_seconds"] - last)
    assert ike_sim("audit", runs["good"], "--lately", age + 1, status=1).stdout.count("until") > 0
    ike_sim("audit", runs["good"], "--lately", age - 1)


def test_a_router_left_in_passive_mode_is_found(ike_sim, runs):
    done = ike_sim("audit", runs["left"] / "results.json", "--lately", "600", status=1)
    assert list(findings(done.stdout)) == ["S1"]
    assert "passive mode is on" in findings(done.stdout)["S1"]
    assert "1 of 4 routers" in done.stdout


def test_a_pair_kept_in_the_clear_is_found(ike_sim, runs):
    """S1 has passive mode on for ever: whoever drops UDP 500 reads what it sends to S2."""
    done = ike_sim("audit", runs["attacked"], "--lately", "600", status=1)
    assert "sends in the clear to 10." in findings(done.stdout)["S1"]
    results = json.loads((runs["attacked"] / "results.json").read_text())
    end = results["ends"][0]
    assert end["clear"]["flows"] == ["S1-S2"] and end["policy"]["clear_destinations"] == 1
    assert results["totals"]["routers_still_clear"] == 1


def test_a_site_that_was_not_upgraded_is_found(ike_sim, runs):
    found = findings(ike_sim("audit", runs["begun"], status=1).stdout)
    assert list(found) == ["S4"]
    assert "no crypto map on Ethernet0/0" in found["S4"]
    assert "sends in the clear, flows S4-S1, S4-S2, S4-S3" in found["S4"]


def test_the_policy_agrees_with_the_events(runs):
    for folder in runs.values():
        results = json.loads((folder / "results.json").read_text())
        for end in results["ends"]:
            policy = end["policy"]
            warnings = sum(kind["count"] for kind in policy["warnings"].values())
            assert warnings == end["counters"]["events"].get("security-warning", 0)
            for way, passed in [("outbound", "protected"), ("inbound", "accepted")]:
                counts = policy[way]
                assert counts["in"] == (counts[passed] + counts["bypassed"]
                                        + sum(counts["discarded"].values()))
                assert counts["passive"] <= counts["bypassed"]


@pytest.mark.parametrize("text, says", [
    ("", "not JSON"), ("{", "not JSON"), ("[1]", "not the results of a run"),
    ('{"schema": "other"}', "not the results of a run"),
    ('{"schema": "ns3-ike-results-1"}', "do not keep to their schema")])
def test_bad_input_is_one_error(ike_sim, tmp_path, text, says):
    path = tmp_path / "results.json"
    path.write_text(text)
    done = ike_sim("audit", path, status=2)
    assert says in done.stderr and str(path) in done.stderr and done.stdout == ""


def test_missing_input_is_one_error(ike_sim, tmp_path):
    assert "cannot read file" in ike_sim("audit", tmp_path, status=2).stderr
    assert "no results are given" in ike_sim("audit", status=2).stderr
    assert "--lately" in ike_sim("audit", tmp_path, "--lately", "-1", status=2).stderr
