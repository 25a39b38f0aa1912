# SPDX-License-Identifier: GPL-2.0-only
"""What the outside tests share: where things are, and how to call the front door and ike-sim."""
import os
import subprocess

import pytest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.environ.get("IKE_BUILD_DIR") or os.path.join(ROOT, "build")
SCENARIOS = os.path.join(ROOT, "examples", "scenarios")


class IkeSim:
    """The ike-sim of the build folder."""

    program = os.path.join(BUILD, "ike-sim")

    def __call__(self, *args, cwd=None, status=0):
        """Runs it; the exit status must be the given one (None: any)."""
        done = subprocess.run([self.program, *map(str, args)], cwd=cwd, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=3000)
        if status is not None:
            assert done.returncode == status, "ike-sim %s: exit status %d\n%s%s" % (
                " ".join(map(str, args)), done.returncode, done.stdout[-4000:], done.stderr[-4000:])
        return done


@pytest.fixture(scope="session")
def root():
    return ROOT


@pytest.fixture(scope="session")
def build_dir():
    return BUILD


@pytest.fixture(scope="session")
def ike_sim():
    if not os.path.exists(IkeSim.program):
        pytest.fail("no %s: run ./ns3-ike build first" % os.path.relpath(IkeSim.program, ROOT))
    return IkeSim()


@pytest.fixture(scope="session")
def demo(ike_sim, tmp_path_factory):
    """The folder of one demo run, with sub-folders without/ and with/."""
    out = tmp_path_factory.mktemp("demo")
    done = ike_sim("demo", "--out", out)
    (out / "stdout.txt").write_text(done.stdout)
    return out


def scenario_files():
    if not os.path.isdir(SCENARIOS):
        return []
    return sorted(os.path.join(SCENARIOS, f) for f in os.listdir(SCENARIOS) if f.endswith(".yaml"))
