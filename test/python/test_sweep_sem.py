# SPDX-License-Identifier: GPL-2.0-only
"""What the Simulation Execution Manager (SEM) relies on, of an example written with ns-3's CommandLine.

SEM (github.com/signetlabdei/sem, sem/runner.py) asks a program for its parameters with --PrintHelp and --PrintGlobals,
runs it with --NAME=VALUE and --RngRun=N in a folder of its own, and takes the files and the output that are there then.
"""
import os
import re
import subprocess

import pytest
from conftest import BUILD

PROGRAM = os.path.join(BUILD, "ike-sem-example")
pytestmark = pytest.mark.skipif(not os.path.exists(PROGRAM), reason="ike-sem-example is not built")
DEFAULTS = {"responderOnly": "false", "offset": "+0fs", "delay": "+20ms", "duration": "+30s"}


def run(folder, *words, status=0):
    folder.mkdir(exist_ok=True)
    done = subprocess.run([PROGRAM, *words], cwd=folder, text=True, stdin=subprocess.DEVNULL, capture_output=True,
                          timeout=60, check=False)
    assert done.returncode == status, done.stderr
    return done


def test_the_help_lists_parameters_with_defaults(tmp_path):
    text = run(tmp_path, "--PrintHelp").stdout
    block = re.search(r"^Program (?:Options|Arguments):\n(.*)^General Arguments:$", text, re.M | re.S).group(1)
    found = re.findall(r"^ +--(\w+):.*\[(.*)\]$", block, re.M)
    assert dict(found) == DEFAULTS and block.count("--") == len(found)
    assert not os.listdir(tmp_path)


def test_the_seed_is_among_the_globals(tmp_path):
    text = run(tmp_path, "--PrintGlobals").stdout
    assert re.search(r"--RngRun=\[1\]", text) and re.search(r"--RngSeed=\[1\]", text)


def test_files_are_in_the_working_folder_and_the_seed_decides(tmp_path):
    def result(name, *words):
        done = run(tmp_path / name, *words)
        assert done.stdout == "" and done.stderr == ""
        assert os.listdir(tmp_path / name) == ["pairs.txt"]
        return (tmp_path / name / "pairs.txt").read_text()

    runs = [result(f"run-{n}", "--offset=1s", f"--RngRun={n}") for n in range(1, 9)]
    assert len(set(runs)) > 1
    assert result("again", "--offset=1s", "--RngRun=5") == runs[4]
    assert result("together").startswith("pairs 2 ")
    assert result("responder", "--responderOnly=true") == "pairs 1 messages 9\n"
    # A value as --PrintHelp shows it is a value that may be given.
    assert result("defaults", *(f"--{name}={value}" for name, value in DEFAULTS.items())) == result("none")


def test_a_parameter_that_is_none_is_an_error(tmp_path):
    done = run(tmp_path, "--nonsense=1", status=1)
    assert "nonsense" in done.stdout + done.stderr and not os.listdir(tmp_path)
