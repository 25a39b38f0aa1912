# SPDX-License-Identifier: GPL-2.0-only
"""What a worker does: runs ike-sim, and reduces its results. Goes to workers by value, so it imports nothing of ours.

A run is a process of its own: what kills it is recorded, and does not touch the worker.
"""
import fnmatch
import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time


def find_program(program):
    """ike-sim on this machine: $IKE_SIM, the client's path, or $PATH."""
    for name in (os.environ.get("IKE_SIM"), program, "ike-sim"):
        found = shutil.which(name) if name else None
        if found:
            return found
    raise FileNotFoundError("there is no ike-sim on this machine: neither $IKE_SIM, nor %s, nor in $PATH" % program)


def fingerprint(program, known={}):  # pylint: disable=dangerous-default-value
    """What identifies the code of a program: its sources and ns-3, as `ike-sim code` says; the same for each build.

    Of a build that does not say, the octets of program and library. Asked for once by a worker, unless they change.
    """
    paths = [program, os.path.join(os.path.dirname(program), "libns3-ike.so")]
    paths = [path for path in paths if os.path.exists(path)]
    key = tuple((path, os.stat(path).st_mtime_ns) for path in paths)
    if key not in known:
        done = subprocess.run([program, "code"], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if done.returncode == 0 and done.stdout.strip():
            known[key] = done.stdout.strip()
            return known[key]
        digest = hashlib.sha256()
        for path in paths:
            with open(path, "rb") as f:
                digest.update(hashlib.sha256(f.read()).digest())
        known[key] = digest.hexdigest()[:16]
    return known[key]


def unpack(bundle, folder):
    """Writes a scenario and its files; returns the scenario's path below the folder."""
    for path, text in bundle["files"].items():
        target = os.path.join(folder, path)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "w", encoding="utf-8") as f:
            f.write(text)
    return bundle["path"]


def command_of(program, scenario, parameters, seed):
    """The words of a run."""
    words = [program, "run", scenario]
    for name, value in sorted(parameters.items()):
        words += ["--set", "%s=%s" % (name, value)]
    return words + ["--seed", str(seed), "--format", "json"]


def invoke(words, folder, timeout=None):
    """Runs a command in a folder; it ends with the worker, and hears no ctrl-C."""
    setpriv = shutil.which("setpriv")
    guard = [setpriv, "--pdeathsig", "KILL"] if setpriv else []
    return subprocess.run(guard + words, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout,
                          start_new_session=True, check=False)


def leaves(value, path=""):
    """(path, number) of all numbers of results; elements of lists go by their name."""
    if isinstance(value, bool):
        yield path, float(value)
    elif isinstance(value, (int, float)):
        yield path, float(value)
    elif isinstance(value, dict):
        for name, child in value.items():
            if not (path == "" and name in ("seed", "series", "units", "parameters", "versions", "scenario")):
                yield from leaves(child, "%s.%s" % (path, name) if path else name)
    elif isinstance(value, list):
        for child in value:
            if isinstance(child, dict) and "name" in child:
                yield from leaves(child, "%s.%s" % (path, child["name"]))


def matching(names, patterns):
    return [name for name in names if any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)]


def metrics_of(results, patterns):
    """{path: number}: what the patterns name."""
    found = dict(leaves(results))
    return {name: found[name] for name in matching(found, patterns)}


def curves(results):
    """{name: [(time in s, value)]}: counts by part of the run, at its begin; SAs alive, when they change."""
    series = results.get("series") or {}
    width = series.get("width_seconds", 0)
    found = {}
    for name, column in series.items():
        columns = {"%s.%s" % (name, k): v for k, v in column.items()} if isinstance(column, dict) else {name: column}
        for path, values in columns.items():
            if isinstance(values, list):
                found["series." + path] = [(i * width, float(v)) for i, v in enumerate(values)]
    def walk(value, path):
        if isinstance(value, dict):
            for name, child in value.items():
                walk(child, "%s.%s" % (path, name))
        elif isinstance(value, list) and path.endswith("_alive"):
            found[path] = [(float(t), float(v)) for t, v in value]
        elif isinstance(value, list):
            for child in value:
                if isinstance(child, dict) and "name" in child:
                    walk(child, "%s.%s" % (path, child["name"]))
    walk(results.get("ends", []), "ends")
    return found


def events_of(transcript, patterns):
    """[(time in s, node, peer, event, details)] of a transcript's lines with these events."""
    rows = []
    for line in transcript.splitlines()[1:]:
        time_text, node, peer, event, *details = line.split(None, 4)
        if matching([event], patterns):
            rows.append((float(time_text), node, peer, event, details[0] if details else ""))
    return rows


def reduce_results(output, record):
    """What of a run goes to the database."""
    results = json.loads(output)
    found = curves(results) if record["series"] else {}
    return {
        "result_sha256": hashlib.sha256(output).hexdigest(),
        "scenario_hash": results["scenario"]["hash"],
        "schema": results["schema"],
        "version": results["versions"]["ns3-ike"],
        "ns3": results["versions"]["ns-3"],
        "duration": results["duration_seconds"],
        "metrics": metrics_of(results, record["metrics"]),
        "series": {name: found[name] for name in matching(found, record["series"])},
    }


def run_one(program, folder, scenario, job, record, timeout):
    """One run: what came out, or the error."""
    words = command_of(program, scenario, job["parameters"], job["seed"])
    out = os.path.join(folder, "out-" + job["run_id"])
    try:
        done = invoke(words + (["--out", out] if record["events"] else []), folder, timeout)
    except subprocess.TimeoutExpired:
        return {"error": "stopped: still running after %g s" % timeout}
    complaints = [line for line in done.stderr.decode(errors="replace").replace(out, "OUT").splitlines() if line]
    if done.returncode < 0:
        return {"error": "killed by signal %s" % signal.Signals(-done.returncode).name}
    try:
        found = reduce_results(done.stdout, record)
    except (ValueError, KeyError, TypeError):
        return {"error": "\n".join(complaints[-20:]) or "exit status %d, and no results" % done.returncode}
    # Expectations of the scenario that do not hold: the run is complete.
    found["complaints"] = "\n".join(complaints)
    if record["events"]:
        with open(os.path.join(out, "transcript.txt"), encoding="utf-8") as f:
            found["events"] = events_of(f.read(), record["events"])
        shutil.rmtree(out)
    return found


def run_jobs(program, bundle, jobs, record, timeout):
    """Runs jobs ({run_id, parameters, seed}) one after the other; a row for each, in their order."""
    rows = []
    try:
        program = find_program(program)
        build = fingerprint(program)
    except OSError as e:
        return [{"run_id": job["run_id"], "error": str(e), "host": socket.gethostname(), "build": "",
                 "begin": time.time(), "wall": 0.0} for job in jobs]
    with tempfile.TemporaryDirectory(prefix="ike-sweep-") as folder:
        scenario = unpack(bundle, folder)
        for job in jobs:
            begin, start = time.time(), time.monotonic()
            try:
                row = run_one(program, folder, scenario, job, record, timeout)
            except OSError as e:
                row = {"error": str(e).replace(folder, "DIR")}
            row.update(run_id=job["run_id"], host=socket.gethostname(), build=build, begin=begin,
                       wall=time.monotonic() - start)
            rows.append(row)
    return rows
