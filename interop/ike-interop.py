#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Negotiate with real IKE daemons: a matrix of cells, each a simulated router and a live peer.

Everything runs in namespaces that end with this program; doc/interop.md explains.
"""
import argparse
import concurrent.futures
import fcntl
import fnmatch
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import cells as matrix  # noqa: E402
from bench import Bench  # noqa: E402
from certificates import Certificates  # noqa: E402
from libreswan import Libreswan  # noqa: E402
from sandbox import STOPPED, Failure, Sandbox  # noqa: E402
from strongswan import CHARON  # noqa: E402

SIGN = "interop.txt"  # every folder of a run has it
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class Tools:
    """What all cells share."""

    def __init__(self, args, folder):
        self.ike_live = os.path.abspath(args.program)
        self.libreswan = os.path.abspath(args.libreswan) if args.libreswan else ""
        self.folder = folder
        self.lock = threading.Lock()
        self.made = None

    def certificates(self):
        with self.lock:
            if self.made is None:
                self.made = Certificates(os.path.join(self.folder, "certificates"))
            return self.made

    def predict(self, duration, duplicates, **at):
        """ISAKMP SAs and pairs of R1 and of R2 at the end of interop/collision.yaml."""
        words = ["--set", "duration=%d ms" % (1000 * duration), "--set", "duplicates=" + duplicates]
        for name, seconds in at.items():
            words += ["--set", "%s=%d ms" % (name, 1000 * seconds)]
        done = subprocess.run([os.path.join(os.path.dirname(self.ike_live), "ike-sim"), "run",
                               os.path.join(ROOT, "interop", "collision.yaml"), "--format", "json",
                               *words], capture_output=True, text=True, stdin=subprocess.DEVNULL)
        if done.returncode != 0:
            raise Failure("ike-sim: " + done.stderr.strip())
        ends = {end["name"]: end["peers"][0] for end in json.loads(done.stdout)["ends"]}
        return [(ends[name]["isakmp_at_end"], ends[name]["pairs_at_end"]) for name in ["R1", "R2"]]


def obstacle(args):
    """Why nothing can run here; None when all is well."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "needs root on Linux, for network namespaces and a TAP"
    if not os.path.exists(args.program):
        return "ike-live is not built (it needs an ns-3 with fd-net-device)"
    for program in ["unshare", "nsenter", "ip", "ping", "swanctl", "openssl", CHARON]:
        if shutil.which(program) is None:
            return "%s is missing; ./ns3-ike setup interop installs it" % program
    if not os.access("/dev/net/tun", os.R_OK | os.W_OK):
        return "/dev/net/tun cannot be opened"
    with tempfile.TemporaryDirectory(prefix="ike-interop-") as folder:
        try:
            with Sandbox(folder) as box:
                box.run("ip", "tuntap", "add", "ike0", "mode", "tap")
        except (Failure, OSError) as error:
            return "no network namespace with a TAP can be made: %s" % error
    return None


class Outcome:
    """What became of a cell."""

    def __init__(self, cell, state, seconds, text="", folder=""):
        self.cell, self.state, self.seconds = cell, state, seconds
        self.text, self.folder = text, folder

    def __str__(self):
        return "%-58s %-4s %6.1f s" % (self.cell.name, self.state, self.seconds)


class Runner:
    """Runs cells, a few at a time, and prints a line for each."""

    def __init__(self, args, folder, keep):
        self.args, self.folder, self.keep = args, folder, keep
        self.tools = Tools(args, folder)

    def run_all(self, chosen):
        outcomes = []
        with concurrent.futures.ThreadPoolExecutor(self.args.jobs) as pool:
            futures = [pool.submit(self._run_one, cell) for cell in chosen]
            try:
                for future in concurrent.futures.as_completed(futures):
                    outcome = future.result()
                    if outcome:
                        outcomes.append(outcome)
                        self._print(outcome)
            except BaseException:
                # The cells that run close their sandboxes as soon as they notice.
                STOPPED.set()
                pool.shutdown(cancel_futures=True)
                raise
        order = {cell.name: number for number, cell in enumerate(chosen)}
        return sorted(outcomes, key=lambda outcome: order[outcome.cell.name])

    def _run_one(self, cell):
        if STOPPED.is_set():
            return None
        begun = time.monotonic()
        folder = os.path.join(self.folder, cell.name.replace(" ", "_"))
        reason = "libreswan" in cell.name and Libreswan.obstacle(self.tools)
        if reason:
            return Outcome(cell, "skip", 0, reason)
        bench = Bench(self.tools, folder)
        state, text = "pass", ""
        try:
            cell.run(bench)
        except Failure as error:
            state, text = "FAIL", str(error)
        except Exception:  # a mistake of this program is a failure of the cell, too
            state, text = "FAIL", traceback.format_exc()
        finally:
            bench.close()
        if state == "pass" and not self.keep:
            shutil.rmtree(folder, ignore_errors=True)
        return Outcome(cell, state, time.monotonic() - begun, text, folder)

    def _print(self, outcome):
        print(outcome, flush=True)
        if outcome.state == "skip":
            print("    " + outcome.text, flush=True)
        if outcome.state == "FAIL":
            print("    " + outcome.text.strip().replace("\n", "\n    "))
            for name, lines in [("ns3/transcript.txt", 30), ("ns3/stderr", 10),
                                ("peer/charon.log", 30), ("peer/pluto.log", 30)]:
                path = os.path.join(outcome.folder, name)
                if os.path.exists(path) and os.path.getsize(path):
                    with open(path, encoding="utf-8", errors="replace") as f:
                        tail = f.read().rstrip().split("\n")[-lines:]
                    print("    --- %s, its end\n      %s" % (path, "\n      ".join(tail)))
            sys.stdout.flush()


def claim(out):
    """Lock a folder, which is made when it is not there; the lock ends with this process."""
    while True:
        os.makedirs(out, exist_ok=True)
        folder = os.open(out, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(folder)
            raise OSError("another run uses this folder; wait for its end, or give another one "
                          "with --out: " + out) from None
        # A run that ended meanwhile may have taken the folder away.
        if os.path.isdir(out) and os.path.samestat(os.fstat(folder), os.stat(out)):
            return folder
        os.close(folder)


def prepare(out):
    """An empty folder for this run alone; what an earlier run left there goes, anything else is an
    error."""
    folder = claim(out)
    names = os.listdir(out)
    if names and SIGN not in names:
        os.close(folder)
        raise OSError("this is not the folder of a run, it is left as it is: " + out)
    for name in names:
        path = os.path.join(out, name)
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
        else:
            os.remove(path)
    with open(os.path.join(out, SIGN), "w", encoding="utf-8") as f:
        f.write("not finished\n")


def table(outcomes):
    """Counts by peer and subject."""
    rows = {}
    for outcome in outcomes:
        key = " ".join(outcome.cell.name.split()[:2])
        row = rows.setdefault(key, {"pass": 0, "FAIL": 0, "skip": 0, "seconds": 0.0})
        row[outcome.state] += 1
        row["seconds"] += outcome.seconds
    lines = ["%-30s %6s %6s %7s %9s" % ("cells", "passed", "failed", "skipped", "seconds")]
    for key, row in rows.items():
        lines.append("%-30s %6d %6d %7d %9.1f" % (key, row["pass"], row["FAIL"], row["skip"],
                                                  row["seconds"]))
    return "\n".join(lines)


def choose(args):
    form = matrix.LONG if args.long else matrix.SHORT if args.short else matrix.USUAL
    chosen = matrix.all_cells()
    if args.only:
        # Asked for by name: the form does not matter.
        return [cell for cell in chosen
                if any(fnmatch.fnmatch(cell.name, "*%s*" % only) for only in args.only)]
    return [cell for cell in chosen if cell.form <= form]


def read_arguments():
    parser = argparse.ArgumentParser(prog="./ns3-ike interop", description=__doc__.split("\n")[0])
    parser.add_argument("--list", action="store_true", help="name the cells, and run none")
    parser.add_argument("--only", action="append", metavar="PATTERN",
                        help="cells whose name contains this (* and ? as in a shell); may be "
                             "given again")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--short", action="store_true", help="a handful of cells")
    form.add_argument("--long", action="store_true", help="the whole product")
    parser.add_argument("--out", metavar="DIR", help="folder for logs and captures of failures; "
                        "default: interop in the build folder")
    parser.add_argument("--keep", action="store_true", help="also keep those of cells that pass")
    parser.add_argument("--jobs", type=int, default=3, metavar="N", help="cells at a time")
    parser.add_argument("--program", default=os.path.join(
        os.environ.get("IKE_BUILD_DIR") or os.path.join(ROOT, "build"), "ike-live"),
        help=argparse.SUPPRESS)
    parser.add_argument("--libreswan", metavar="DIR", help="where its package was unpacked",
                        default=os.environ.get("IKE_LIBRESWAN") or "")
    return parser.parse_args()


def interrupted(number, _frame):
    raise KeyboardInterrupt("" if number == signal.SIGINT else signal.Signals(number).name)


def heed_signals():
    """Whoever ends this program has everything cleaned up; but what was to be ignored stays so.

    That is inherited: SIGHUP by nohup, SIGINT by what a shell without job control starts with "&".
    """
    for number in [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]:
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, interrupted)


def main():
    args = read_arguments()
    chosen = choose(args)
    if not chosen:
        print("interop: no cell has such a name; --list names them", file=sys.stderr)
        return 2
    if args.list:
        print("\n".join(cell.name for cell in chosen))
        return 0
    reason = obstacle(args)
    if reason:
        print("interop: cannot run here: " + reason, file=sys.stderr)
        return 3
    heed_signals()
    out = os.path.abspath(args.out or os.path.join(os.path.dirname(args.program), "interop"))
    begun = time.monotonic()
    try:
        prepare(out)
    except OSError as error:
        print("interop: %s" % error, file=sys.stderr)
        return 2
    try:
        outcomes = Runner(args, out, args.keep).run_all(chosen)
    except KeyboardInterrupt as error:
        print("interop: stopped%s" % (" by %s" % error if str(error) else ""), file=sys.stderr)
        if not args.keep:
            shutil.rmtree(out, ignore_errors=True)
        return 130
    counts = [sum(o.state == state for o in outcomes) for state in ["pass", "FAIL", "skip"]]
    report = "%s\n\n%d cells: %d passed, %d failed, %d skipped; %.0f s" % (
        table(outcomes), len(outcomes), *counts, time.monotonic() - begun)
    print("\n" + report)
    status = 1 if counts[1] else 0 if counts[0] else 3
    if status == 3:
        print("interop: everything chosen was skipped: " + outcomes[0].text, file=sys.stderr)
    if not counts[1] and not args.keep:
        shutil.rmtree(out, ignore_errors=True)
        return status
    with open(os.path.join(out, SIGN), "w", encoding="utf-8") as f:
        for outcome in outcomes:
            f.write("%s\n" % outcome)
            f.write("".join("    %s\n" % line for line in outcome.text.strip().split("\n") if line))
        f.write("\n" + report + "\n")
    print("logs and captures: " + out)
    return status


if __name__ == "__main__":
    sys.exit(main())
