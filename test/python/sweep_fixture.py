# SPDX-License-Identifier: GPL-2.0-only
"""What the tests of sweeps share: the package without its compiled part, a program that can fail, and sweeps."""
import os
import signal
import stat
import subprocess
import sys

from conftest import BUILD, ROOT

sys.path.insert(0, os.path.join(ROOT, "bindings", "ns3ike"))

COMMAND = os.path.join(ROOT, "utils", "ike-sweep.py")
SHIPPED = os.path.join(ROOT, "examples", "sweeps")
PROGRAM = os.path.join(BUILD, "ike-sim")

HEAD = """\
version: 1
name: probe
scenario: vti-convergence
"""
SHORT = HEAD + "set: {duration: 30 s, packet_interval: 1 s, jitter: 40 ms}\n"


def command(*words, **options):
    """Runs a command of sweeps to its end."""
    return subprocess.run([sys.executable, COMMAND, *map(str, words)], text=True, stdin=subprocess.DEVNULL,
                          capture_output=True, timeout=300, check=False, **options)


def start(*words):
    """Begins a command in a session of its own, so that a signal can go to all of it as from a terminal."""
    return subprocess.Popen([sys.executable, COMMAND, *map(str, words)], text=True, stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
                            preexec_fn=hear_ctrl_c)


def hear_ctrl_c():
    """What starts the tests in the background ignores SIGINT, and so would all of its children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def read(text, folder="."):
    """A sweep from its text."""
    from sweep.sweepfile import Sweep
    return Sweep(text, "probe.yaml", PROGRAM, str(folder))


def wrapper(folder, body="", name="ike-sim"):
    """A program that notes each run in a file `runs`, may do something else for it, and else is ike-sim."""
    path = folder / name
    path.write_text('#!/bin/sh\n[ "$1" != run ] || echo "$*" >>%s/runs\n%s\nexec %s "$@"\n'
                    % (folder, body, PROGRAM))
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def noted(folder):
    """The runs that a wrapper has seen."""
    path = folder / "runs"
    return path.read_text().splitlines() if path.exists() else []
