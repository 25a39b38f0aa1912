# SPDX-License-Identifier: GPL-2.0-only
"""The program ike-sim as the client of a sweep sees it: what scenarios declare, and what points become."""
import json
import os
import shutil
import subprocess

from .errors import SweepError


class Scenario:
    """A scenario, asked for once: what it declares, and its text for machines that do not have it."""

    def __init__(self, head, files):
        self.file = head["file"]
        self.name = head["name"]
        self.schema = head["schema"]
        self.version = head["version"]
        self.parameters = {p["name"]: p for p in head["parameters"]}
        #: {"path": of the scenario below the root, "files": {path: text}}
        self.bundle = files

    def kind(self, name):
        """Type of a parameter."""
        return self.parameters[name]["type"]


def find_program(given=None):
    """The path of ike-sim: as given, $IKE_SIM, beside the build of this tree, or in $PATH."""
    here = os.path.dirname(os.path.realpath(__file__))
    for folder in (os.environ.get("IKE_BUILD_DIR"), os.path.join(here, "..", "..", "..", "build")):
        built = os.path.join(folder, "ike-sim") if folder else ""
        if not given and not os.environ.get("IKE_SIM") and os.access(built, os.X_OK):
            return os.path.abspath(built)
    name = given or os.environ.get("IKE_SIM") or "ike-sim"
    found = shutil.which(name)
    if not found:
        raise SweepError(f"there is no program '{name}'; expected ike-sim of the build (--program, $IKE_SIM, $PATH)")
    return os.path.abspath(found)


def expand(program, scenario, points, quantities=()):
    """(head, [answer]) of `ike-sim expand`: an answer for each {name: text}.

    Raises SweepError with what ike-sim says when the scenario is wrong.
    """
    lines = "".join(json.dumps(point) + "\n" for point in points)
    words = [word for quantity in quantities for word in ("--quantity", quantity)]
    done = subprocess.run([program, "expand", "--points", "-", *words, "--", scenario], input=lines, text=True,
                          capture_output=True, check=False)
    if done.returncode:
        text = done.stderr.replace("ike-sim: ", "", 1).strip()
        raise SweepError(text or f"{program} expand: exit status {done.returncode}")
    head, *answers = map(json.loads, done.stdout.splitlines())
    return head, answers


def bundle(scenario, others):
    """A scenario and the files that it names, by paths below their common folder."""
    paths = [os.path.abspath(path) for path in [scenario, *others]]
    root = os.path.commonpath([os.path.dirname(path) for path in paths])
    files = {}
    for path in paths:
        with open(path, encoding="utf-8") as f:
            files[os.path.relpath(path, root)] = f.read()
    return {"path": os.path.relpath(paths[0], root), "files": dict(sorted(files.items()))}
