# SPDX-License-Identifier: GPL-2.0-only
"""./ns3-ike vectors as a user meets it: a table or JSON, exit statuses, errors that name the place."""
import json
import os
import subprocess

import pytest
from conftest import BUILD, ROOT

GROUP_19 = {
    "ike_group": 19,
    # the generator of RFC 5903 3.1: the public value of the private value 1
    "priv_i": "%064x" % 1,
    "priv_r": "%064x" % 1,
    "pub_i": "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
             "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
    "shared": "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
}
GROUP_19["pub_r"] = GROUP_19["pub_i"]


def vectors(*args):
    return subprocess.run([os.path.join(ROOT, "ns3-ike"), "vectors", *map(str, args)], text=True,
                          stdin=subprocess.DEVNULL, capture_output=True, timeout=1200,
                          env={**os.environ, "IKE_BUILD_DIR": BUILD})


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "dh").mkdir()
    (tmp_path / "dh" / "good.json").write_text(json.dumps({"tests": [GROUP_19]}))
    (tmp_path / "notes.md").write_text("no vectors\n")
    return tmp_path


def test_good_files_pass(folder):
    done = vectors(folder)
    assert done.returncode == 0, done.stdout + done.stderr
    row = next(x for x in done.stdout.splitlines() if x.startswith("dh/good.json"))
    assert row.split() == ["dh/good.json", "dh", "1", "1", "0", "0"]
    assert "neither JSON, nor a capture" in done.stdout


def test_json_says_the_same(folder):
    done = vectors(folder, "--format", "json")
    results = json.loads(done.stdout)
    assert results["total"]["passed"] == 1 and results["total"]["skipped"] == 1
    good = results["files"][0]
    assert good["file"] == "dh/good.json" and good["parts"][0]["part"] == "dh"
    assert good["error"] is None


def test_a_wrong_value_fails(folder):
    wrong = dict(GROUP_19, shared="%064x" % 7)
    (folder / "dh" / "wrong.json").write_text(json.dumps({"tests": [GROUP_19, wrong]}))
    done = vectors(folder)
    assert done.returncode == 1
    assert "FAILED dh tests[1] ecp256: shared secret differs from octet 0" in done.stdout


@pytest.mark.parametrize("text, place", [
    ("{\n  \"tests\": [\n", "line 3, column 1"),
    (json.dumps({"tests": [dict(GROUP_19, pub_i="6b1")]}), "tests[0]: pub_i is not hexadecimal"),
], ids=["cut off", "no hexadecimal"])
def test_a_malformed_file_is_named_with_the_place(folder, text, place):
    (folder / "dh" / "bad.json").write_text(text)
    done = vectors(folder)
    assert done.returncode == 2
    assert "ike-vectors: dh/bad.json: " in done.stderr and place in done.stderr
    assert "dh/good.json" in done.stdout, "the other files run all the same"


# why a recorded message need not be replayed; all other messages are
NOT_REPLAYED = {
    "RESPONDER-LIFETIME of phase 1 in an exchange of its own: this module does not announce "
    "lifetimes of phase 1",
    "public-key encryption (RFC 2409 5.2) is not implemented",
    "this module refuses in the clear what it cannot decrypt, the recorded end did so under keys "
    "that its peer has not",
}


@pytest.mark.skipif(not os.environ.get("IKE_VECTORS"), reason="IKE_VECTORS names no folder")
def test_all_recorded_exchanges_are_replayed():
    done = vectors("--format", "json")
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    parts = [(f["file"], p) for f in json.loads(done.stdout)["files"] for p in f["parts"]
             if p["part"].startswith("replay")]
    assert parts, "the folder has recorded exchanges"
    skipped = {s["reason"] for _, p in parts for s in p["skipped_reasons"]}
    assert skipped <= NOT_REPLAYED
    for end in ("initiator", "responder"):
        assert any("-aggr-" in file and p["part"] == "replay " + end and p["passed"]
                   for file, p in parts), end


@pytest.mark.parametrize("args", [["--nonsense"], ["--format", "xml"], ["a", "b"],
                                  ["/nonexistent"]], ids=" ".join)
def test_bad_usage(args):
    done = vectors(*args)
    assert done.returncode == 2
    assert "vectors: " in done.stderr and not done.stdout
