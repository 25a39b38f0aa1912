# SPDX-License-Identifier: GPL-2.0-only
"""Sweeps as a user meets them: stopped and going on, failing, refused, run again, exported, read."""
import csv
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

import pytest
from conftest import ROOT
from sweep_fixture import COMMAND, PROGRAM, SHORT, command, noted, start, wrapper

pytest.importorskip("distributed", reason="no python3-distributed")
pytestmark = pytest.mark.skipif(not os.path.exists(PROGRAM), reason="ike-sim is not built")

SWEEP = SHORT + """\
design: {kind: grid, parameters: {offset: [0 s, 500 ms]}}
cross: {responder_only: [none, one]}
seeds: 1..6
metrics: [totals.*, ends.*.line_up_seconds]
series: [series.packets_protected]
events: [pair-up]
"""
RUNS = 24


def content(path):
    from sweep.database import content as rows
    return rows(str(path))


def runs_in(path):
    """How many runs a database has."""
    return sqlite3.connect(f"file:{path}?mode=ro", uri=True).execute("SELECT count(*) FROM runs").fetchone()[0]


def wait_for(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "nothing has happened"
        time.sleep(0.02)


def alive(folder):
    """Processes that have the folder on their command line."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as f:
                if str(folder).encode() in f.read():
                    found.append(int(pid))
        except OSError:
            pass
    return found


@pytest.fixture(scope="module", name="done")
def fixture_done(tmp_path_factory):
    """A sweep that nothing has disturbed: its folder."""
    folder = tmp_path_factory.mktemp("sweep")
    (folder / "probe.yaml").write_text(SWEEP)
    ended = command("sweep", folder / "probe.yaml", "--out", folder / "all.sqlite", "--jobs", 2)
    assert ended.returncode == 0, ended.stderr
    assert f"{RUNS} runs done, 0 failed" in ended.stderr and "/s" in ended.stderr
    return folder


def test_one_file_is_left(done):
    assert sorted(os.listdir(done)) == ["all.sqlite", "probe.yaml"]
    rows = content(done / "all.sqlite")
    assert len(rows["runs"]) == RUNS and rows["metrics"] and rows["series"] and rows["events"]


def test_a_disturbed_sweep_ends_with_the_same_content(done, tmp_path):
    """Killed, then stopped from the terminal, then left alone: nothing lost, and nothing done twice."""
    program = wrapper(tmp_path, "sleep 0.4")
    out = tmp_path / "all.sqlite"
    words = ["sweep", done / "probe.yaml", "--out", out, "--jobs", 2, "--program", program]
    for number, wanted in ((signal.SIGKILL, 5), (signal.SIGINT, 11)):
        process = start(*words)
        wait_for(lambda wanted=wanted: len(noted(tmp_path)) >= wanted)
        if number == signal.SIGKILL:
            process.kill()
        else:
            os.killpg(process.pid, number)
        errors = process.communicate(timeout=60)[1]
        assert process.returncode == (-9 if number == signal.SIGKILL else 130), errors
        assert 0 < runs_in(out) < RUNS
        # The workers go with their client.
        wait_for(lambda: not [pid for pid in alive(tmp_path) if pid != os.getpid()])
    assert "the same command goes on from there" in errors and "Traceback" not in errors
    before = runs_in(out)
    recorded = len(noted(tmp_path))
    ended = command(*words)
    assert ended.returncode == 0 and f"{before} of them done before" in ended.stderr, ended.stderr
    # What was on its way when it was stopped is done again; what was recorded is not.
    assert len(noted(tmp_path)) - recorded == RUNS - before
    one, other = content(done / "all.sqlite"), content(out)
    one["meta"], other["meta"] = ([row for row in rows if row[0] != "build"] for rows in (one["meta"], other["meta"]))
    assert one == other
    ended = command(*words)
    assert ended.returncode == 0 and "are in" in ended.stderr and len(noted(tmp_path)) - recorded == RUNS - before


def test_a_failed_run_is_recorded_and_the_sweep_goes_on(done, tmp_path):
    program = wrapper(tmp_path, 'if [ -e %s/bad ]; then case "$*" in\n'
                      '*offset=0*only=one*"--seed 2 "*) echo "ike-sim: no more memory" >&2; exit 1 ;;\n'
                      '*offset=0*only=none*"--seed 3 "*) kill -SEGV $$ ;;\n'
                      '*offset=0*only=none*"--seed 5 "*) kill -KILL $PPID ;;\n'
                      '*offset=0*only=none*"--seed 4 "*) sleep 60 ;; esac; fi' % tmp_path)
    (tmp_path / "bad").touch()
    out = tmp_path / "all.sqlite"
    words = ["sweep", done / "probe.yaml", "--out", out, "--jobs", 2, "--program", program, "--timeout", 8]
    ended = command(*words)
    assert ended.returncode == 1 and f"{RUNS - 4} runs done, 4 failed" in ended.stderr, ended.stderr
    rows = sqlite3.connect(out).execute("SELECT seed, error, command FROM runs WHERE status = 'failed' "
                                        "ORDER BY seed").fetchall()
    assert [row[:2] for row in rows] == [(2, "ike-sim: no more memory"), (3, "killed by signal SIGSEGV"),
                                         (4, "stopped: still running after 8 s"),
                                         (5, "the worker died of it, several times")]
    assert rows[0][2] == ("ike-sim run vti-convergence --set 'duration=30 s' --set 'jitter=40 ms' "
                          "--set 'packet_interval=1 s' --set responder_only=one --seed 2")
    # The command line makes the run that has failed.
    made = subprocess.run(rows[0][2].replace("ike-sim", PROGRAM, 1) + " --format json", shell=True, check=False,
                          capture_output=True)
    assert b'"seed": 2' in made.stdout
    # Not again, unless it is asked for.
    (tmp_path / "bad").unlink()
    count = len(noted(tmp_path))
    assert command(*words).returncode == 1 and len(noted(tmp_path)) == count
    ended = command(*words, "--retry-failed")
    assert ended.returncode == 0 and len(noted(tmp_path)) == count + 4, ended.stderr
    one, other = content(done / "all.sqlite"), content(out)
    assert all(one[table] == other[table] for table in one if table != "meta")
    tries = sqlite3.connect(out).execute("SELECT try, count(*), count(error) FROM attempts GROUP BY try").fetchall()
    assert tries == [(1, RUNS, 4), (2, 4, 0)]


@pytest.mark.parametrize("change, words, error", [
    ("meta SET value = 'x' WHERE key = 'build'", [], "its runs were made by ns3-ike"),
    ("meta SET value = '9.9.9' WHERE key = 'version'", [], "say --accept-version"),
    ("meta SET value = 'x' WHERE key = 'build'", ["--accept-version"], None),
    ("meta SET value = 'ns3-ike-results-0' WHERE key = 'result_schema'", ["--accept-version"], "results are of schema"),
    ("meta SET value = 'ns3-ike-sweep-0' WHERE key = 'schema'", ["--accept-version"], "tables are of version"),
    ("meta SET value = 'other' WHERE key = 'name'", ["--extend"], "it belongs to sweep 'other'"),
    ("meta SET value = '{}' WHERE key = 'record'", ["--extend"], "other metrics, series or events"),
    ("meta SET value = 'x' WHERE key = 'sweep'", [], "say --extend"),
    ("meta SET value = 'x' WHERE key = 'sweep'", ["--extend"], None),
])
def test_a_database_of_something_else_is_refused(done, tmp_path, change, words, error):
    out = tmp_path / "all.sqlite"
    shutil.copy(done / "all.sqlite", out)
    connection = sqlite3.connect(out)
    connection.execute("UPDATE " + change)
    connection.commit()
    connection.close()
    before = out.read_bytes()
    ended = command("sweep", done / "probe.yaml", "--out", out, *words)
    assert ended.returncode == (2 if error else 0), ended.stderr
    assert (error or f"{RUNS} runs done") in ended.stderr
    assert not error or out.read_bytes() == before
    assert os.listdir(tmp_path) == ["all.sqlite"]


def test_two_clients_do_not_write_into_one_database(done, tmp_path):
    import fcntl
    out = tmp_path / "all.sqlite"
    shutil.copy(done / "all.sqlite", out)
    with open(str(out) + ".lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ended = command("sweep", done / "probe.yaml", "--out", out)
    assert ended.returncode == 2 and "another sweep writes into this database" in ended.stderr


def test_no_file_that_is_something_else_is_touched(done, tmp_path):
    out = tmp_path / "notes.txt"
    out.write_text("mine\n" * 300)
    ended = command("sweep", done / "probe.yaml", "--out", out)
    assert ended.returncode == 2 and "this is no result database" in ended.stderr
    assert out.read_text() == "mine\n" * 300 and os.listdir(tmp_path) == ["notes.txt"]


def test_a_run_is_made_again_octet_by_octet(done, tmp_path):
    connection = sqlite3.connect(done / "all.sqlite")
    run_id, seed = connection.execute("SELECT run_id, seed FROM runs ORDER BY run_id LIMIT 1").fetchone()
    connection.close()
    # From anywhere: the scenario is in the database.
    ended = command("rerun", done / "all.sqlite", run_id[:10], "--out", tmp_path / "run", cwd=tmp_path)
    assert ended.returncode == 0 and "the same, octet by octet" in ended.stdout, ended.stdout + ended.stderr
    assert {"results.json", "transcript.txt"} <= set(os.listdir(tmp_path / "run"))
    assert f'"seed": {seed}' in (tmp_path / "run" / "results.json").read_text()
    copy = tmp_path / "copy.sqlite"
    shutil.copy(done / "all.sqlite", copy)
    connection = sqlite3.connect(copy)
    connection.execute("UPDATE runs SET result_sha256 = 'no' || result_sha256")
    connection.commit()
    connection.close()
    ended = command("rerun", copy, run_id)
    assert ended.returncode == 1 and "RESULTS DIFFER" in ended.stdout
    for prefix, error in [("", "is no run id"), ("xyz", "is no run id"), ("0" * 64, "no run has an id")]:
        ended = command("rerun", copy, prefix)
        assert ended.returncode == 2 and error in ended.stderr
    clash = [n for n in "0123456789abcdef" if sum(row[0][0] == n for row in content(copy)["runs"]) > 1][0]
    ended = command("rerun", copy, clash)
    assert ended.returncode == 2 and "several runs" in ended.stderr


def test_a_database_names_its_runs_by_what_decides_them(done):
    from sweep.database import run_id_of
    rows = content(done / "all.sqlite")
    parameters = {}
    for run_id, name, value, *_ in rows["parameters"]:
        parameters.setdefault(run_id, {})[name] = value
    for run_id, _, seed, _, scenario_hash, *_ in rows["runs"]:
        assert run_id == run_id_of("ns3-ike-results-1", scenario_hash, parameters[run_id], seed)


def test_the_metrics_are_those_of_the_program(done):
    import json
    made = subprocess.run([PROGRAM, "run", "vti-convergence", "--set", "duration=30 s", "--set", "packet_interval=1 s",
                           "--set", "jitter=40 ms", "--set", "offset=500 ms", "--seed", "4", "--format", "json"],
                          capture_output=True, check=False)
    results = json.loads(made.stdout)
    connection = sqlite3.connect(done / "all.sqlite")
    run_id, = connection.execute("SELECT run_id FROM runs WHERE point = 2 AND seed = 4").fetchone()
    metrics = dict(connection.execute("SELECT name, value FROM metrics WHERE run_id = ?", (run_id,)))
    for name, value in results["totals"].items():
        assert isinstance(value, dict) or metrics["totals." + name] == value, name
    assert metrics["ends.R1.line_up_seconds"] == results["ends"][0]["line_up_seconds"]
    column = connection.execute("SELECT value FROM series WHERE run_id = ? AND name = 'series.packets_protected' "
                                "ORDER BY number", (run_id,)).fetchall()
    assert [row[0] for row in column] == results["series"]["packets_protected"]
    assert connection.execute("SELECT count(*) FROM events WHERE run_id = ? AND event = 'pair-up'",
                              (run_id,)).fetchone()[0] == sum(
        end["counters"]["events"]["pair-up"] for end in results["ends"])


def test_export(done, tmp_path):
    ended = command("export", done / "all.sqlite", "--csv", tmp_path / "csv")
    assert ended.returncode == 0 and f"runs.csv: {RUNS} rows" in ended.stdout, ended.stderr
    assert sorted(os.listdir(tmp_path / "csv")) == [
        "attempts.csv", "events.csv", "metrics.csv", "parameters.csv", "runs.csv", "series.csv"]
    rows = content(done / "all.sqlite")
    with open(tmp_path / "csv" / "runs.csv", encoding="utf-8", newline="") as f:
        wide = list(csv.DictReader(f))
    assert [(row["point"], row["seed"]) for row in wide] == [(str(p), str(s)) for p in range(4) for s in range(1, 7)]
    metrics = {(row[0], row[1]): row[2] for row in rows["metrics"]}
    for row in wide:
        assert row["status"] == "done" and row["duration"] and row["responder_only"] in ("none", "one")
        assert float(row["totals.messages"]) == metrics[row["run_id"], "totals.messages"]
    with open(tmp_path / "csv" / "metrics.csv", encoding="utf-8", newline="") as f:
        long = list(csv.DictReader(f))
    assert {(row["run_id"], row["name"]): float(row["value"]) for row in long} == metrics


@pytest.mark.parametrize("terminal, shown", [
    (False, ["ike-sweep: 20 of 80 runs, 1.0/s, 1 min 00 s left", "ike-sweep: 40 of 80 runs, 3 failed, 0.7/s, 1 min 00 s left",
             "ike-sweep: 41 of 41 runs, 3 failed, 0.5/s, 0 s left"]),
    (True, ["[#######.......................]  25 %, 20 of 80 runs, 1.0/s, 1 min 00 s left",
            "[###############...............]  50 %, 40 of 80 runs, 3 failed, 0.7/s, 1 min 00 s left",
            "[##############################] 100 %, 41 of 41 runs, 3 failed, 0.5/s, 0 s left"])])
def test_the_bar_has_rate_and_time_left(terminal, shown):
    import io
    from sweep.progress import Progress
    now, out = [100.0], io.StringIO()
    out.isatty = lambda: terminal
    # Ten runs are of an earlier invocation: they say nothing about the rate.
    progress = Progress(80, 10, out, lambda: now[0])
    for seconds, runs, failed, total in ((110, 10, 0, 80), (145, 20, 3, 80), (162, 1, 0, 41)):
        now[0] = float(seconds)
        progress.advance(runs, failed, total)
    progress.finish()
    lines = [line.replace("\033[K", "") for line in out.getvalue().replace("\r", "\n").splitlines()]
    assert [line for line in lines if line] == shown


def test_tables_for_pandas(done):
    pandas = pytest.importorskip("pandas", reason="no python3-pandas")
    from results import open_results
    with open_results(done / "all.sqlite") as results:
        runs = results.runs()
        assert len(runs) == RUNS and list(runs["seed"][:6]) == [1, 2, 3, 4, 5, 6]
        assert runs["offset"].dtype == "float64" and set(runs["offset"]) == {0.0, 0.5}
        assert list(runs["responder_only"].cat.categories) == ["none", "one"]
        assert runs["early_answers"].dtype == bool and set(runs["reboot"]) == {"never"}
        assert runs["totals.messages"].dtype == "int64" and runs["totals.orphan_seconds"].dtype == "float64"
        assert runs.attrs["units"]["offset"] == "s" and "reboot" not in runs.attrs["units"]
        means = runs.groupby("responder_only")["totals.isakmp_duplicates"].mean()
        assert means["none"] > 0.4 and means["one"] == 0
        one = runs.index[0]
        assert len(results.series("series.*", one)) == 168 and set(results.events("pair-*")["event"]) == {"pair-up"}
        attempts = results.attempts()
        assert len(attempts) == RUNS and pandas.api.types.is_datetime64_any_dtype(attempts["begin"])
        assert (attempts["wall"] > 0).all()
    with pytest.raises(FileNotFoundError):
        open_results("no-such.sqlite")
    with pytest.raises(ValueError, match="no result database"):
        open_results(COMMAND)


def test_the_chart_reads_a_database(done, tmp_path):
    pytest.importorskip("matplotlib", reason="no python3-matplotlib")
    def chart(*words):
        return subprocess.run([sys.executable, os.path.join(ROOT, "utils", "ike-chart.py"), done / "all.sqlite",
                               tmp_path / "a.svg", "--x", "offset", *words], text=True, capture_output=True,
                              check=False)
    drawn = chart("--by", "responder_only", "--y", "totals.isakmp_duplicates", "--y", "totals.packets_dropped.loss")
    assert drawn.returncode == 0, drawn.stderr
    assert re.search(r"^responder_only=one +0 s +6 +0 +0$", drawn.stdout, re.M), drawn.stdout
    assert chart("--y", "totals.nothing").returncode == 2


def test_a_cluster_takes_unchanged_files(done, tmp_path):
    """A scheduler and a worker that know nothing of this tree but the program ike-sim in $PATH."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "ike-sim").symlink_to(PROGRAM)
    environment = {"PATH": f"{tmp_path}/bin:/usr/bin:/bin", "HOME": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    where = tmp_path / "scheduler.json"
    parts = [subprocess.Popen([sys.executable, "-m", "distributed.cli." + part, "--scheduler-file", where, *words],
                              cwd=tmp_path, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL)
             for part, words in (("dask_scheduler", ["--port", "0", "--no-dashboard", "--host", "127.0.0.1"]),
                                 ("dask_worker", ["--nthreads", "1", "--no-dashboard", "--no-nanny"]))]
    try:
        wait_for(where.exists)
        import json
        wait_for(lambda: where.read_text().strip().endswith("}"))
        address = json.loads(where.read_text())["address"]
        # The client's program has another path than the worker's.
        ended = command("sweep", done / "probe.yaml", "--out", tmp_path / "all.sqlite", "--scheduler", address)
        assert ended.returncode == 0, ended.stderr
        one, other = content(done / "all.sqlite"), content(tmp_path / "all.sqlite")
        assert one == other
    finally:
        # Asked to end, a worker may wait half a minute for a scheduler that has gone.
        for part in parts:
            part.kill()
            part.wait()
    ended = command("sweep", done / "probe.yaml", "--out", tmp_path / "no.sqlite", "--scheduler", "tcp://127.0.0.1:9")
    assert ended.returncode == 2 and "no scheduler at tcp://127.0.0.1:9" in ended.stderr, ended.stderr
    assert not [name for name in os.listdir(tmp_path) if name.startswith("no.sqlite")]
