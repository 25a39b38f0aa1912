# SPDX-License-Identifier: GPL-2.0-only
"""cmake --install puts a package into a prefix that works without the build folder."""
import os
import shutil
import subprocess
import sys

import pytest
from conftest import BUILD, SCENARIOS
from ns3ike_package import PACKAGE, child_environment, ns3ike

CODE = """
import ns3ike, sys
scenario = ns3ike.load(sys.argv[1])
for isolate in (False, True):
    results = scenario.run({"duration": "30 s"}, isolate=isolate)
    assert results["violations"] == [], results
with open("/proc/self/maps") as maps:
    print([l.split()[-1] for l in maps if "ns3-ike" in l][0])
print(ns3ike.__file__)
"""


@pytest.fixture(scope="module")
def prefix(tmp_path_factory):
    if shutil.which("cmake") is None:
        pytest.skip("no cmake here")
    folder = tmp_path_factory.mktemp("prefix")
    done = subprocess.run(["cmake", "--install", BUILD, "--prefix", folder, "--component",
                           "python"], text=True, capture_output=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_it_works_from_the_prefix(prefix):
    site = prefix / "lib" / "python3" / "dist-packages"
    done = subprocess.run(
        [sys.executable, "-c", CODE, os.path.join(SCENARIOS, "vti-convergence.yaml")],
        env=child_environment(str(site)), text=True, capture_output=True, timeout=120,
        cwd=prefix)
    assert done.returncode == 0, done.stderr
    library, package = done.stdout.split("\n")[:2]
    assert os.path.dirname(library) == str(prefix / "lib")
    assert package == str(site / "ns3ike" / "__init__.py")


def test_all_of_it_is_there(prefix):
    """The same files as in the build folder, none of them a link."""
    site = prefix / "lib" / "python3" / "dist-packages" / "ns3ike"

    def files(folder):
        return {os.path.relpath(os.path.join(where, name), folder)
                for where, _, names in os.walk(folder) for name in names
                if not name.endswith(".pyc")}

    assert files(site) == files(os.path.join(PACKAGE, "ns3ike"))
    assert {"results.py", "sweep/database.py", "sweep/engine.py"} <= files(site)
    assert "py.typed" in files(site) and "_ns3ike.pyi" in files(site)
    assert not any(os.path.islink(site / name) for name in files(site))
    assert ns3ike.__file__.startswith(PACKAGE)
