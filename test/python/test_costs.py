# SPDX-License-Identifier: GPL-2.0-only
"""Costs of cryptography at the command line: overload, the model provider, threads, calibration."""
import json
import os

import pytest
import yaml

from conftest import ROOT


def shipped(name):
    with open(os.path.join(ROOT, "examples", "scenarios", name + ".yaml"), encoding="utf-8") as f:
        return f.read()


def variant(folder, name, head, scenario):
    """A shipped scenario with more at its top level, beside the shipped ones' files."""
    path = folder / (name + ".yaml")
    text = shipped(scenario).replace("version: 1\n", "version: 1\n" + head, 1)
    assert head in text
    path.write_text(text)
    return path


def run(ike_sim, path, out, *args):
    ike_sim("run", path, "--out", out, *args, status=None)
    results = json.loads((out / "results.json").read_text())
    assert results["violations"] == []
    return results, (out / "transcript.txt").read_text()


@pytest.fixture(scope="module")
def plain(ike_sim, tmp_path_factory):
    folder = tmp_path_factory.mktemp("plain")
    return run(ike_sim, variant(folder, "plain", "", "vti-convergence"), folder / "out")


def test_ideal_is_as_without(ike_sim, tmp_path, plain):
    path = variant(tmp_path, "ideal", "costs: ideal\ncores: 3\n", "vti-convergence")
    results, transcript = run(ike_sim, path, tmp_path / "out")
    assert transcript == plain[1]
    for end in results["ends"]:
        assert end["cpu"]["costs"] == "ideal" and end["cpu"]["cores"] == 3
        assert end["cpu"]["busy_seconds"]["total"] == 0 and end["cpu"]["dropped"] == 0


def test_model_gives_the_same_transcript(ike_sim, tmp_path, plain):
    path = variant(tmp_path, "model", "crypto: model\n", "vti-convergence")
    results, transcript = run(ike_sim, path, tmp_path / "out")
    assert plain[0]["crypto"] == "openssl-3"
    assert results["crypto"] == "model"
    unlike = [(a, b) for a, b in zip(plain[1].splitlines(), transcript.splitlines()) if a != b]
    assert len(plain[1].splitlines()) == len(transcript.splitlines())
    for real, model in unlike:
        assert real.replace("openssl-3", "model") == model
    assert results["totals"] == plain[0]["totals"]
    for real, model in zip(plain[0]["ends"], results["ends"]):
        assert real == model


def test_costs_take_time(ike_sim, tmp_path, plain):
    path = variant(tmp_path, "slow", "costs: software-2005\n", "vti-convergence")
    results, transcript = run(ike_sim, path, tmp_path / "out")
    assert transcript != plain[1]
    for end in results["ends"]:
        cpu = end["cpu"]
        busy = cpu["busy_seconds"]
        assert cpu["costs"] == "software-2005"
        assert busy["dh"] > 0.1 and busy["message"] > 0 and busy["prf"] > 0 and busy["cipher"] > 0
        total = sum(seconds for kind, seconds in busy.items() if kind != "total")
        assert busy["total"] == pytest.approx(total)
        assert cpu["utilisation"] == pytest.approx(total / results["duration_seconds"])


@pytest.mark.parametrize("crypto", ["openssl", "model"])
def test_threads_change_nothing(ike_sim, tmp_path, crypto):
    path = variant(tmp_path, "threads", "costs: accelerator\ncrypto: %s\n" % crypto,
                   "vti-convergence")
    one = run(ike_sim, path, tmp_path / "one")
    four = run(ike_sim, path, tmp_path / "four", "--threads", 4)
    assert one == four
    names = sorted(os.listdir(tmp_path / "one"))
    assert names == sorted(os.listdir(tmp_path / "four"))
    for name in names:
        if (tmp_path / "one" / name).is_file():
            assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "four" / name).read_bytes()


def test_threads_must_be_a_number(ike_sim):
    done = ike_sim("run", "vti-convergence", "--threads", 0, status=2)
    assert "--threads: expected 1 to 256" in done.stderr


def test_calibrate(ike_sim, tmp_path):
    done = ike_sim("calibrate", "--seconds", 0.3, "--out", "here.yaml", cwd=tmp_path)
    assert "modp2048" in done.stdout and "measuring RSA" in done.stderr
    with open(tmp_path / "here.yaml", encoding="utf-8") as f:
        profile = yaml.safe_load(f)
    assert profile["name"] == "here"
    groups = profile["dh"]
    assert groups["modp4096"]["derive_ns"] > groups["modp768"]["derive_ns"] > 1000
    assert profile["hmac"]["sha1"]["call_ns"] > 0
    assert profile["cipher"]["3des-cbc"]["octet_ns"] > profile["cipher"]["aes-cbc"]["octet_ns"] > 0
    assert profile["rsa"]["sign_ns"] > profile["rsa"]["verify_ns"] > 0
    assert profile["message_ns"] == 0
    # It is a profile that a scenario beside it can name.
    path = variant(tmp_path, "measured", "costs: here.yaml\n", "vti-convergence")
    results, _ = run(ike_sim, path, tmp_path / "out")
    assert results["ends"][0]["cpu"]["costs"] == "here"
    assert 0 < results["ends"][0]["cpu"]["busy_seconds"]["dh"] < 1


@pytest.mark.parametrize("arguments, message", [
    (["--seconds", 0], "--seconds: expected more than 0"),
    (["--out", "/nowhere/x.yaml"], "cannot write file '/nowhere/x.yaml'"),
])
def test_calibrate_refuses(ike_sim, arguments, message):
    assert message in ike_sim("calibrate", *arguments, status=2).stderr
