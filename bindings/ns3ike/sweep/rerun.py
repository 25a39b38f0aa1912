# SPDX-License-Identifier: GPL-2.0-only
"""Runs one run of a result database again, from what the database has, and compares the results octet by octet."""
import hashlib
import json
import os
import sys
import tempfile

from . import task
from .database import connect
from .errors import SweepError


def find_run(connection, path, prefix):
    """The one run whose id begins so: (run_id, seed, status, result_sha256, error)."""
    if not prefix or any(c not in "0123456789abcdef" for c in prefix):
        raise SweepError(f"'{prefix}' is no run id; expected the first characters of one, as '1f0c9a'")
    found = connection.execute("SELECT run_id, seed, status, result_sha256, error FROM runs WHERE run_id >= ? AND "
                               "run_id < ? ORDER BY run_id LIMIT 2", (prefix, prefix + "g")).fetchall()
    if not found:
        raise SweepError(f"{path}: no run has an id that begins with '{prefix}'")
    if len(found) > 1:
        raise SweepError(f"{path}: several runs have an id that begins with '{prefix}', as {found[0][0][:16]} and "
                         f"{found[1][0][:16]}")
    return found[0]


def rerun(path, prefix, program, out=None):
    """True when the results are those of the database."""
    connection, meta = connect(path)
    run_id, seed, status, sha256, error = find_run(connection, path, prefix)
    parameters = dict(connection.execute("SELECT name, value FROM parameters WHERE run_id = ?", (run_id,)))
    builds = {row[0] for row in connection.execute("SELECT build FROM attempts WHERE run_id = ?", (run_id,))}
    connection.close()
    build = task.fingerprint(program)
    if builds and build not in builds:
        print(f"ike-sweep: this is code {build}, the run was made by {', '.join(sorted(builds))}", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="ike-rerun-") as folder:
        scenario = task.unpack(json.loads(meta["scenario"]), folder)
        words = task.command_of(program, scenario, parameters, seed)
        done = task.invoke(words + (["--out", os.path.abspath(out)] if out else []), folder)
    print(f"run {run_id[:12]}, seed {seed}: " + ", ".join(f"{n}={v}" for n, v in sorted(parameters.items())))
    sys.stderr.write(done.stderr.decode(errors="replace"))
    if out and os.path.isdir(out):
        print(f"files are in {out}")
    return compare(status, sha256, error, done)


def compare(status, sha256, error, done):
    """Says whether all is as it was; True when it is."""
    new = hashlib.sha256(done.stdout).hexdigest() if done.stdout else None
    if status == "failed":
        print(f"it failed then: {error}")
        print("it has results now" if new else f"no results now either: exit status {done.returncode}")
        return new is None
    if new is None:
        print(f"no results: exit status {done.returncode}")
        return False
    print(f"results are the same, octet by octet (SHA-256 {new[:16]})" if new == sha256 else
          f"RESULTS DIFFER: SHA-256 {new[:16]}, in the database {sha256[:16]}")
    return new == sha256
