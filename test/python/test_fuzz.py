# SPDX-License-Identifier: GPL-2.0-only
"""The fuzzers of test/fuzz: each over its corpus and a fixed number of inputs made from it."""
import os
import re
import signal
import subprocess
import sys
import time

import pytest
from conftest import BUILD, ROOT

PROGRAM = os.path.join(ROOT, "utils", "ike-fuzz.py")
FUZZ = os.path.join(BUILD, "fuzz")
TARGETS = ["message", "payload", "config", "scenario", "esp", "engine"]


@pytest.fixture(scope="module")
def corpora():
    """All seeds; the fuzzers need a build of their own, which ./ns3-ike test makes."""
    if not os.path.exists(os.path.join(FUZZ, "test", "fuzz", "ike-write-fuzz-seeds")):
        pytest.skip("no fuzzers in the build folder: ./ns3-ike fuzz builds them")
    vectors = os.environ.get("IKE_VECTORS", "")
    subprocess.run([sys.executable, PROGRAM, "--build", FUZZ, "--vectors", vectors, "--seeds"],
                   check=True)


def test_every_target_is_checked():
    sources = os.listdir(os.path.join(ROOT, "test", "fuzz"))
    assert sorted(TARGETS) == sorted(re.match(r"ike-fuzz-(\w+)\.cc$", s).group(1)
                                     for s in sources if re.match(r"ike-fuzz-\w+\.cc$", s))


@pytest.mark.parametrize("target", TARGETS)
def test_corpus(corpora, target):
    done = subprocess.run([sys.executable, PROGRAM, "--build", FUZZ, "--check", target], text=True,
                          capture_output=True, timeout=600, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"%s: [1-9]\d+ executions" % target, done.stdout), done.stdout


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_signal_ends_the_fuzzers(tmp_path, number):
    folder = tmp_path / "test" / "fuzz"
    folder.mkdir(parents=True)
    for name, text in (("ike-write-fuzz-seeds", "exit 0"),
                       ("ike-fuzz-esp", "echo $$ > %s/pid; exec sleep 60" % tmp_path)):
        (folder / name).write_text("#!/bin/sh\n%s\n" % text)
        (folder / name).chmod(0o755)
    fuzz = subprocess.Popen([sys.executable, PROGRAM, "--build", str(tmp_path), "esp", "60"],
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    until = time.time() + 30
    while not ((tmp_path / "pid").exists() and (tmp_path / "pid").read_text().strip()):
        assert time.time() < until and fuzz.poll() is None
        time.sleep(0.05)
    fuzz.send_signal(number)
    output = fuzz.communicate(timeout=20)[0]
    assert fuzz.returncode == 130, output
    assert "FINDING" not in output
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)
