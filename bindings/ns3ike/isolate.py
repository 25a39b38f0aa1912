# SPDX-License-Identifier: GPL-2.0-only
"""Runs in a child process: what happens there stays there."""
import os
import pickle
import signal
import subprocess
import sys
import tempfile
from multiprocessing.connection import Connection
from typing import IO, Any, Callable, Dict, List, Optional

from . import _ns3ike
from ._ns3ike import ConfigError, Event, RunError, ScenarioError
from .outcome import Results
from .scenario import Scenario

__all__ = ["RunDied", "run_isolated"]

TAIL = 4000  # octets of standard error that are kept
_CHILD = "import sys, ns3ike.isolate; ns3ike.isolate._serve(int(sys.argv[1]))"
_ERRORS = {"ScenarioError": ScenarioError, "ConfigError": ConfigError, "RunError": RunError,
           "ValueError": ValueError, "TypeError": TypeError}


class RunDied(RunError):
    """The process of a run died.

    status  its exit status; None when a signal ended it
    signal  the name of that signal ("SIGSEGV"); None when it ended by itself
    stderr  the last of what it said on standard error
    """

    def __init__(self, returncode: int, stderr: str) -> None:
        self.status: Optional[int] = returncode if returncode >= 0 else None
        self.signal: Optional[str] = _signal_name(-returncode) if returncode < 0 else None
        self.stderr = stderr
        how = "of %s" % self.signal if self.signal else "with exit status %d" % returncode
        super().__init__("the process of the run died %s%s"
                         % (how, ": " + stderr.strip()[-500:] if stderr.strip() else ""))


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return "signal %d" % number


def run_isolated(scenario: Scenario, values: Dict[str, str], seed: int, out: str,
                 progress: Optional[Callable[[float], Any]],
                 on_event: Optional[Callable[[Event], Any]], kinds: List[str]) -> Results:
    """See run(). The child gets the scenario as text; numbers and events come back by a pipe."""
    job = {"text": scenario._source(), "label": scenario._label,
           "folder": os.path.abspath(scenario._folder), "values": values, "seed": seed,
           "out": os.path.abspath(out) if out else "", "progress": progress is not None,
           "events": on_event is not None, "kinds": kinds}
    environment = dict(os.environ)
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    environment["PYTHONPATH"] = os.pathsep.join(
        [package] + [p for p in [environment.get("PYTHONPATH")] if p])
    ours, theirs = os.pipe()
    try:
        stderr = tempfile.TemporaryFile()
        child = subprocess.Popen([sys.executable, "-c", _CHILD, str(theirs)],
                                 stdin=subprocess.PIPE, stderr=stderr, pass_fds=[theirs],
                                 env=environment)
    except BaseException:
        os.close(ours)
        raise
    finally:
        os.close(theirs)
    with stderr, Connection(ours, writable=False) as results:
        try:
            assert child.stdin is not None
            try:
                with child.stdin:
                    pickle.dump(job, child.stdin)
            except BrokenPipeError:
                pass
            return _listen(results, child, stderr, progress, on_event)
        finally:
            child.kill()
            child.wait()


def _listen(results: "Connection", child: "subprocess.Popen[bytes]", stderr: IO[bytes],
            progress: Optional[Callable[[float], Any]],
            on_event: Optional[Callable[[Event], Any]]) -> Results:
    while True:
        try:
            what, *rest = results.recv()
        except (EOFError, OSError, pickle.UnpicklingError):
            raise RunDied(child.wait(), _tail(stderr)) from None
        if what == "progress" and progress is not None:
            progress(rest[0])
        elif what == "event" and on_event is not None:
            on_event(rest[0])
        elif what == "done":
            return Results(rest[0], rest[1])
        elif what == "error":
            raise _rebuild(*rest)


def _tail(stderr: IO[bytes]) -> str:
    size = stderr.seek(0, os.SEEK_END)
    stderr.seek(max(0, size - TAIL))
    return stderr.read().decode("utf-8", "replace")


def _rebuild(kind: str, text: str, attributes: Dict[str, Any]) -> Exception:
    """The exception of the child, with its places."""
    error = _ERRORS.get(kind, RunError)(text)
    for name, value in attributes.items():
        setattr(error, name, value)
    return error


def _serve(descriptor: int) -> None:
    """The child: read the job, run it, send what happens."""
    results = Connection(descriptor, readable=False)
    job = pickle.load(sys.stdin.buffer)
    try:
        file = _ns3ike.ScenarioFile.parse(job["text"], job["label"], job["folder"])
        expanded = file.expand(job["values"])
        live = _ns3ike.LiveRun(
            expanded, job["seed"], job["out"],
            (lambda share: results.send(("progress", share))) if job["progress"] else None,
            (lambda event: results.send(("event", event))) if job["events"] else None,
            job["kinds"])
        text = live.finish()
        results.send(("done", text, expanded.failed_expectations(text)))
    except (ValueError, TypeError, RunError) as error:
        attributes = {k: v for k, v in vars(error).items() if isinstance(v, (str, int))}
        results.send(("error", type(error).__name__, str(error), attributes))
    results.close()
