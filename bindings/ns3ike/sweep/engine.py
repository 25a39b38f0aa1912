# SPDX-License-Identifier: GPL-2.0-only
"""Runs the jobs of a plan on Dask: processes of this machine, or the workers of a cluster.

A task is some runs, about half a second of them, so that Dask's own work does not count beside theirs. Workers get
everything with the task, the code of task.py too: they need Dask and the program ike-sim.
"""
import logging
import os
import signal
import tempfile
import time

from . import task
from .errors import SweepError
from .plan import quantity_of

TASK_SECONDS = 0.5     # of runs that go as one task
LONGEST_TASK = 64      # runs
TASKS_AHEAD = 3        # for each worker: one that runs, and what it takes next

#: Workers wait for processes: nothing of theirs is worth profiling, which costs more than all else that Dask does.
SETTINGS = {
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "2s",
    "distributed.admin.tick.limit": "1h",
    "distributed.admin.system-monitor.interval": "10s",
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    "distributed.worker.memory.terminate": False,
    "distributed.scheduler.allowed-failures": 1,
    "distributed.comm.timeouts.connect": "8s",
}


class Crew:
    """Workers, as long as the context lasts."""

    def __init__(self, jobs=None, scheduler=None):
        self._jobs = jobs or len(os.sched_getaffinity(0))
        self._scheduler = scheduler
        self._folder = None
        self._cluster = self._client = None

    def __enter__(self):
        try:
            import cloudpickle
            import dask
            import distributed
        except ImportError as e:
            raise SweepError("Debian's packages python3-dask and python3-distributed are needed") from e
        cloudpickle.register_pickle_by_value(task)
        dask.config.set(SETTINGS)
        logging.getLogger("asyncio").setLevel(logging.CRITICAL)
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        self._folder = tempfile.TemporaryDirectory(prefix="ike-sweep-dask-")
        try:
            address = self._scheduler or self._start_cluster(distributed)
            self._client = distributed.Client(address, timeout=8)
        except (OSError, ValueError, TimeoutError) as e:
            self._close()
            raise SweepError(f"no scheduler at {self._scheduler}: {e}" if self._scheduler else
                             f"the workers do not start: {e}") from e
        except BaseException:
            self._close()
            raise
        self.completed = distributed.as_completed()
        return self

    def _start_cluster(self, distributed):
        # ctrl-C is the client's: workers inherit that they do not hear it.
        handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            self._cluster = distributed.LocalCluster(
                n_workers=self._jobs, threads_per_worker=1, processes=True, dashboard_address=None, memory_limit=0,
                # Without a page there is still a server behind one: on a port that nobody else has.
                scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
                local_directory=self._folder.name, silence_logs=logging.CRITICAL)
        finally:
            signal.signal(signal.SIGINT, handler)
        return self._cluster

    def __exit__(self, *_):
        self._close()

    def _close(self):
        for part in (self._client, self._cluster):
            if part is not None:
                try:
                    part.close(timeout=5)
                except Exception:  # pylint: disable=broad-except # what is closing may fail, what is done is done
                    pass
        if self._folder is not None:
            self._folder.cleanup()

    def hands(self):
        """How many tasks run at once."""
        if not self._scheduler:
            return self._jobs
        return sum(self._client.nthreads().values())

    def wait_until_whole(self, seconds=60):
        """Until workers that have died are replaced; a cluster looks after its own."""
        end = time.monotonic() + seconds
        while not self._scheduler and len(self._client.nthreads()) < self._jobs and time.monotonic() < end:
            time.sleep(0.2)

    def submit(self, *arguments):
        """Begins a task; it comes back in `completed`."""
        future = self._client.submit(task.run_jobs, *arguments, pure=False)
        self.completed.add(future)
        return future


class Engine:
    """Hands a plan's jobs to a crew, and what comes back to a ledger."""

    def __init__(self, sweep, plan, ledger, progress, program, build, timeout=None, signals=()):
        self._sweep, self._plan, self._ledger, self._progress = sweep, plan, ledger, progress
        self._program, self._build, self._timeout = program, build, timeout
        self._signals = signals # that want it to stop, as they come in
        self._ahead = {}        # {future: its jobs}
        self._alone = []        # jobs whose worker died: each goes by itself, at the end
        self._mean = None       # wall time of a run, s
        self.failed = 0

    def run(self, crew):
        """Until the plan is done."""
        hands, looked = crew.hands(), time.monotonic()
        while True:
            while hands == 0:
                time.sleep(1)
                hands = crew.hands()
            while self._plan.queue and len(self._ahead) < TASKS_AHEAD * hands:
                self._submit(crew, self._next_jobs(hands))
            if self._alone and not self._ahead:
                crew.wait_until_whole()
                self._submit(crew, [self._alone.pop()])
            if not self._ahead:
                return
            self._collect(next(crew.completed))
            if self._signals:
                raise KeyboardInterrupt
            if time.monotonic() - looked > 5:
                hands, looked = crew.hands(), time.monotonic()

    def _next_jobs(self, hands):
        """The runs of the next task."""
        queue = self._plan.queue
        size = 1 if self._mean is None else round(TASK_SECONDS / max(self._mean, 1e-3))
        # Towards the end all hands shall finish at the same time.
        size = max(1, min(size, LONGEST_TASK, len(queue) // (2 * hands)))
        return [queue.popleft() for _ in range(size)]

    def _submit(self, crew, jobs):
        wanted = [{key: job[key] for key in ("run_id", "parameters", "seed")} for job in jobs]
        future = crew.submit(self._program, self._sweep.scenario.bundle, wanted, self._sweep.record, self._timeout)
        self._ahead[future] = jobs

    def _collect(self, future):
        jobs = self._ahead.pop(future)
        if future.status == "finished":
            rows = future.result()
        elif not any(job.get("alone") for job in jobs):
            # One of them, or of those that waited at the same worker, has killed it. By itself each shows whether it
            # was the one.
            self._alone += [{**job, "alone": True} for job in jobs]
            return
        else:
            rows = [{"run_id": jobs[0]["run_id"], "error": "the worker died of it, several times", "host": "",
                     "build": "", "begin": time.time(), "wall": 0.0}]
        for job, row in zip(jobs, rows):
            self._check(job, row)
            if row["wall"]:
                self._mean = row["wall"] if self._mean is None else 0.9 * self._mean + 0.1 * row["wall"]
        self._ledger.add(list(zip(jobs, rows)))
        for job, row in zip(jobs, rows):
            self._plan.take(job, row)
        failed = sum("error" in row for row in rows)
        self.failed += failed
        self._progress.advance(len(rows), failed, self._plan.total)

    def _check(self, job, row):
        """A worker with another ns3-ike spoils nothing."""
        scenario = self._sweep.scenario
        if "error" in row:
            return
        mine = (scenario.schema, scenario.version, job["scenario_hash"])
        theirs = (row["schema"], row["version"], row["scenario_hash"])
        if mine != theirs:
            row["error"] = f"worker {row['host']} has ns3-ike {row['version']}, which reads this scenario differently"
        elif self._sweep.stop and quantity_of(row["metrics"], self._sweep.stop.quantity) is None:
            row["error"] = f"there is no quantity '{self._sweep.stop.quantity}' in the results"
