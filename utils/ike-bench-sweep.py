#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Measures the parallel efficiency of sweeps: the time of a plain loop over the same runs, by workers times the time
of the sweep. A line of JSON; exit status 1 when the efficiency is less than --least.

Loop and sweep take turns, and of each the shortest time counts, so that what else the machine does matters less. The
sweep's time is that from its first task to its last row in the database, as its rate says; start and end of the worker
processes (seconds_around) come on top once. As many plain loops at once, which have nothing in common, say what the
machine itself allows (efficiency_of_loops). On a machine that is busy with other things only the ratio of processor
times (efficiency_cpu) says something: what the sweep spends besides the runs themselves.
"""
import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "bindings", "ns3ike"))

from sweep import task  # noqa: E402 # pylint: disable=wrong-import-position
from sweep.database import Ledger  # noqa: E402 # pylint: disable=wrong-import-position
from sweep.engine import Crew, Engine  # noqa: E402 # pylint: disable=wrong-import-position
from sweep.plan import Plan  # noqa: E402 # pylint: disable=wrong-import-position
from sweep.program import find_program  # noqa: E402 # pylint: disable=wrong-import-position
from sweep.progress import Progress  # noqa: E402 # pylint: disable=wrong-import-position
from sweep.sweepfile import Sweep  # noqa: E402 # pylint: disable=wrong-import-position

SWEEP = """\
version: 1
name: bench
scenario: vti-convergence
set: {duration: %s}
design: {kind: grid, parameters: {offset: [0 s, 1 s]}}
cross: {responder_only: [none, one]}
seeds: 1..%d
"""


def jobs_of(sweep):
    return list(Plan(sweep, {}, {}).queue)


def processor():
    """Processor time of this process and of its children that have ended, s."""
    return sum(usage.ru_utime + usage.ru_stime for usage in
               map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))


def loop(program, sweep):
    """Seconds of the runs one after the other, nothing else: (wall, processor)."""
    with tempfile.TemporaryDirectory() as folder:
        scenario = task.unpack(sweep.scenario.bundle, folder)
        start, used = time.monotonic(), processor()
        for job in jobs_of(sweep):
            subprocess.run(task.command_of(program, scenario, job["parameters"], job["seed"]), cwd=folder,
                           stdin=subprocess.DEVNULL, capture_output=True, check=False)
        return time.monotonic() - start, processor() - used


def at_once(program, sweep, workers):
    """Seconds of as many such loops at once, which have nothing in common."""
    start = time.monotonic()
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(lambda _: loop(program, sweep), range(workers)))
    return time.monotonic() - start


def swept(program, sweep, workers):
    """Seconds of the same as a sweep: (of the runs, of start and end, processor without those)."""
    used = processor()
    with Crew(workers):
        pass
    empty, used, begin = processor() - used, processor(), time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        build = task.fingerprint(program)
        ledger = Ledger(os.path.join(folder, "bench.sqlite"), sweep, build)
        plan = Plan(sweep, {}, {})
        with Crew(workers) as crew:
            engine = Engine(sweep, plan, ledger, Progress(plan.total, 0, open(os.devnull, "w", encoding="utf-8")),
                            program, build)
            start = time.monotonic()
            engine.run(crew)
            spent = time.monotonic() - start
        if engine.failed:
            raise SystemExit("runs have failed")
        ledger.close()
    return spent, time.monotonic() - begin - spent, processor() - used - empty


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--runs", type=int, default=40, help="rounded up to a multiple of 4")
    parser.add_argument("--duration", default="5 min", help="simulated time of a run")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--least", type=float, default=0.0, metavar="SHARE")
    parser.add_argument("--program")
    arguments = parser.parse_args()
    program = find_program(arguments.program)
    sweep = Sweep(SWEEP % (arguments.duration, -(-arguments.runs // 4)), "bench", program)
    loops, sweeps, crowds = [], [], []
    for _ in range(arguments.rounds):
        loops.append(loop(program, sweep))
        sweeps.append(swept(program, sweep, arguments.workers))
        crowds.append(at_once(program, sweep, arguments.workers))
    parallel, around, _ = min(sweeps)
    serial = min(seconds for seconds, _ in loops)
    efficiency = serial / (arguments.workers * parallel)
    by_cpu = min(used for _, used in loops) / min(used for _, _, used in sweeps)
    print(json.dumps({"benchmark": "sweep", "workers": arguments.workers, "runs": sweep.most_runs,
                      "seconds_loop": round(serial, 3), "seconds_sweep": round(parallel, 3),
                      "seconds_around": round(around, 3), "runs_per_second": round(sweep.most_runs / parallel, 2),
                      "efficiency": round(efficiency, 3), "efficiency_of_loops": round(serial / min(crowds), 3),
                      "efficiency_cpu": round(by_cpu, 3), "load": round(os.getloadavg()[0], 2)}))
    return 0 if efficiency >= arguments.least else 1


if __name__ == "__main__":
    sys.exit(main())
