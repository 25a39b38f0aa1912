# SPDX-License-Identifier: GPL-2.0-only
"""Both builds name exactly the files of the tree."""
import os
import re
import subprocess

PYTHON = "/usr/bin/python3"


def run(root, script, *args):
    done = subprocess.run([PYTHON, os.path.join(root, "utils", script), *args], text=True,
                          capture_output=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_list_equals_tree(root):
    run(root, "ike-list-sources.py", "--check")


def test_wscript_under_stub(root):
    run(root, "check-wscript.py")


def test_cmake_reads_every_section(root):
    """CMake's files use each section of the list, and CMakeLists.txt names no source itself."""
    text = ""
    for name in ["utils/ike-sources.cmake", "CMakeLists.txt"]:
        with open(os.path.join(root, name), encoding="utf-8") as f:
            text += f.read()
    for section in ["ns3-modules", "pure", "host", "helper", "headers", "tests", "examples",
                    "bindings"]:
        assert "IKE_SRC_" + section in text, section
    # ns-3 finds a module's dependencies by reading its CMakeLists.txt, so there they are by name.
    # mpi is there for an ns-3 that was built with it.
    modules = [name for name in re.findall(r"\$\{lib([a-z-]+)\}", text) if name != "mpi"]
    with open(os.path.join(root, "ike-sources.txt"), encoding="utf-8") as f:
        wanted = f.read().split("\n[ns3-modules]\n")[1].split("[")[0].split()
    assert sorted(modules) == sorted(wanted)
    for folder in ["model/", "helper/", "test/", "examples/"]:
        names = [w for w in text.split() if w.startswith(folder) and w.endswith((".cc", ".h"))]
        assert not names
