# SPDX-License-Identifier: GPL-2.0-only
"""What the tests of reports share: the package without its compiled part, the command, and short runs."""
import os
import subprocess
import sys
import types

from conftest import ROOT

COMMAND = os.path.join(ROOT, "utils", "ike-report.py")
SHORT = ["--set", "duration=30 s", "--set", "packet_interval=5 s"]

# The package under another name: ns3ike itself would want its compiled part, and other tests want that.
package = types.ModuleType("ns3ike_tree")
package.__path__ = [os.path.join(ROOT, "bindings", "ns3ike")]
sys.modules["ns3ike_tree"] = package


def run_report(*words, env=None):
    """Runs the command to its end."""
    return subprocess.run([sys.executable, COMMAND, *map(str, words)], text=True, stdin=subprocess.DEVNULL,
                          capture_output=True, timeout=120, env={**os.environ, **(env or {})}, check=False)


def two_runs(ike_sim, folder):
    """A folder with a run without and one with responder-only."""
    for value in ("none", "one"):
        ike_sim("run", "vti-convergence", *SHORT, "--set", f"responder_only={value}", "--out", folder / value)
    return folder
