# SPDX-License-Identifier: GPL-2.0-only
"""The commands `sweep`, `rerun` and `export` of ./ns3-ike."""
import argparse
import os
import signal
import sys

from . import task
from .database import Ledger, connect
from .engine import Crew, Engine
from .errors import SweepError
from .export import export
from .plan import Plan
from .program import find_program
from .progress import Progress, span
from .rerun import rerun
from .sweepfile import find_sweep, load_sweep

EXIT_OK, EXIT_FAILED, EXIT_BAD_USAGE, EXIT_INTERRUPTED = 0, 1, 2, 130


def say(text):
    print("ike-sweep: " + text, file=sys.stderr, flush=True)


def positive(text):
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is no number from 1 on")
    return int(text)


def seconds(text):
    try:
        value = float(text)
    except ValueError:
        value = 0
    if not 0 < value < 1e9:
        raise argparse.ArgumentTypeError(f"'{text}' is no number of seconds")
    return value


def parser():
    top = argparse.ArgumentParser(prog="./ns3-ike", description=__doc__, allow_abbrev=False)
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    one = commands.add_parser("sweep", allow_abbrev=False,
                              help="run a scenario over a design of parameters and seeds; go on where it was")
    one.add_argument("sweep", metavar="SWEEP", help="sweep file, or name of a shipped one")
    one.add_argument("--out", metavar="FILE", help="result database; default: out/NAME.sqlite")
    one.add_argument("--jobs", type=positive, metavar="N", help="worker processes; default: all cores")
    one.add_argument("--scheduler", metavar="ADDRESS", help="run on a Dask cluster: tcp://HOST:PORT")
    one.add_argument("--timeout", type=seconds, metavar="SECONDS", help="stop a run that takes longer: it has failed")
    one.add_argument("--retry-failed", action="store_true", help="run those that have failed again")
    one.add_argument("--accept-version", action="store_true", help="go on in a database of other code")
    one.add_argument("--extend", action="store_true", help="go on in a database of an earlier text of the sweep")
    one.add_argument("--plan", action="store_true", help="print the points and the number of runs; run nothing")
    one.set_defaults(run=command_sweep)

    one = commands.add_parser("rerun", allow_abbrev=False, help="run one run again, and compare its results")
    one.add_argument("results", metavar="RESULTS", help="result database")
    one.add_argument("run_id", metavar="RUN_ID", help="of the run; its first characters suffice")
    one.add_argument("--out", metavar="DIR", help="folder for results, transcript, captures and keys")
    one.set_defaults(run=command_rerun)

    one = commands.add_parser("export", allow_abbrev=False, help="write the tables as CSV")
    one.add_argument("results", metavar="RESULTS", help="result database")
    one.add_argument("--csv", required=True, metavar="DIR", help="folder for the files")
    one.set_defaults(run=command_export)

    for one in commands.choices.values():
        one.add_argument("--program", metavar="FILE", help="ike-sim; default: that of the build, $IKE_SIM, $PATH")
        one.add_argument("--dry-run", action="store_true", help="only look at the arguments")
    return top


def command_sweep(arguments):
    program = find_program(arguments.program)
    sweep = load_sweep(arguments.sweep, program)
    if arguments.plan:
        return print_plan(sweep)
    out = arguments.out or os.path.join("out", sweep.name + ".sqlite")
    if not arguments.out:
        os.makedirs("out", exist_ok=True)
    build = task.fingerprint(program)
    ledger = Ledger(out, sweep, build, arguments.accept_version, arguments.extend)
    try:
        return run_sweep(arguments, sweep, ledger, program, build)
    except SweepError:
        ledger.forget()
        raise
    finally:
        ledger.close()


def print_plan(sweep):
    for point in sweep.points:
        print(f"{point.number:6}  " + "  ".join(f"{n}={v.text}" for n, v in point.values.items()))
    seeds = f"{sweep.seeds.max} seeds" if not sweep.stop else f"{sweep.seeds.min} to {sweep.seeds.max} seeds"
    print(f"{sweep.name}: {len(sweep.points)} points, {seeds} each, {sweep.most_runs} runs"
          + (" at most" if sweep.stop else ""))
    return EXIT_OK


def run_sweep(arguments, sweep, ledger, program, build):
    plan = Plan(sweep, ledger.finished(), ledger.values(sweep.stop.quantity) if sweep.stop else {},
                arguments.retry_failed)
    if plan.is_done:
        say(f"all {plan.total} runs are in {ledger.path} already")
        return summarize(ledger)
    say(f"{sweep.title}: {len(sweep.points)} points, {plan.total} runs"
        + (" to begin with" if sweep.stop else "") + (f", {plan.known} of them done before" if plan.known else ""))

    signals = []

    def interrupt(number, _):
        # Raised within a destructor of a library it is lost: the engine looks at the list, too.
        signals.append(number)
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, interrupt)
    progress = None
    try:
        with Crew(arguments.jobs, arguments.scheduler) as crew:
            if arguments.scheduler and not crew.hands():
                say(f"no worker at {arguments.scheduler} yet; waiting")
            progress = Progress(plan.total, plan.known)
            engine = Engine(sweep, plan, ledger, progress, program, build, arguments.timeout, signals)
            try:
                engine.run(crew)
                spent = progress.seconds()
            finally:
                progress.finish()
    except KeyboardInterrupt:
        done = progress.done if progress else plan.known
        say(f"stopped; {done} of {plan.total} runs are in {ledger.path}: the same command goes on from there")
        return EXIT_INTERRUPTED
    now = plan.total - plan.known
    if sweep.stop:
        say(f"{plan.settled()} of {len(sweep.points)} points have an interval that is small enough")
    say(f"{now} runs in {span(spent)}, {now / max(1e-9, spent):.1f}/s")
    return summarize(ledger)


def summarize(ledger):
    """Says what is in the database; exit status 1 when runs have failed."""
    done, = ledger.connection.execute("SELECT count(*) FROM runs WHERE status = 'done'").fetchone()
    failed = ledger.connection.execute("SELECT run_id, command, error FROM runs WHERE status = 'failed' "
                                       "ORDER BY point, seed").fetchall()
    say(f"{ledger.path}: {done} runs done, {len(failed)} failed")
    for run_id, command, error in failed[:5]:
        say(f"failed: {run_id[:12]}: {(error or '').splitlines()[-1] if error else ''}\n    {command}")
    if failed:
        say("--retry-failed runs them again; table runs has all of them")
    return EXIT_FAILED if failed else EXIT_OK


def command_rerun(arguments):
    connect(arguments.results)[0].close()
    return EXIT_OK if rerun(arguments.results, arguments.run_id, find_program(arguments.program), arguments.out) \
        else EXIT_FAILED


def command_export(arguments):
    for name, rows in export(arguments.results, arguments.csv):
        print(f"{os.path.join(arguments.csv, name)}: {rows} rows")
    return EXIT_OK


def check_arguments(arguments):
    """What can be said before anything is built or installed."""
    if arguments.command != "sweep" and not os.path.isfile(arguments.results):
        raise SweepError(f"{arguments.results}: there is no such file")
    if arguments.command == "sweep":
        find_sweep(arguments.sweep)
    scheduler = getattr(arguments, "scheduler", None)
    if scheduler is not None and "://" not in scheduler:
        raise SweepError(f"--scheduler {scheduler}: expected tcp://HOST:PORT")


def main(words=None):
    """The exit status: 0 well, 1 runs failed or differ, 2 bad input, 130 stopped."""
    arguments = parser().parse_args(words)
    try:
        check_arguments(arguments)
        return EXIT_OK if arguments.dry_run else arguments.run(arguments)
    except SweepError as e:
        say(str(e))
        return EXIT_BAD_USAGE
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        return EXIT_FAILED
    except ImportError as e:
        say(f"Debian's package of Python's '{e.name}' is needed: ./ns3-ike setup sweep")
        return EXIT_FAILED
