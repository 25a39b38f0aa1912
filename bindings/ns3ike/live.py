# SPDX-License-Identifier: GPL-2.0-only
"""Runs: from the beginning to the end, or step by step with a look at what stands."""
import atexit
import concurrent.futures
import json
import operator
import os
import weakref
from types import TracebackType
from typing import (Any, Callable, Dict, Iterable, List, Mapping, Optional, Sequence, Type, Union)

from . import _ns3ike
from ._ns3ike import Event, IsakmpSa, LiveRun, Pair, RunError
from .outcome import Results, ResultsList
from .scenario import PathLike, Scenario, Value, load_scenario

__all__ = ["Run", "Router", "Link", "Cloud", "Nat", "run", "run_many"]

Time = Union[str, float, int, Any]
AnyScenario = Union[Scenario, PathLike]

_living: "weakref.WeakSet[Run]" = weakref.WeakSet()


def _scenario(scenario: AnyScenario) -> Scenario:
    return scenario if isinstance(scenario, Scenario) else load_scenario(scenario)


def _out(out: Optional[PathLike]) -> str:
    return "" if out is None else os.fspath(out)


def _seed(seed: Any) -> int:
    """A whole number of any kind, as numpy has them."""
    try:
        number = operator.index(seed)
    except TypeError:
        raise TypeError("seed: %r is not right; expected a whole number" % (seed,)) from None
    if not 1 <= number <= 999_999_999:
        raise ValueError("seed: %d is not from 1 to 999999999" % number)
    return number


def run(scenario: AnyScenario, parameters: Optional[Mapping[str, Value]] = None, *,
        seed: Optional[int] = None, out: Optional[PathLike] = None,
        progress: Optional[Callable[[float], Any]] = None,
        on_event: Optional[Callable[[Event], Any]] = None, kinds: Iterable[str] = (),
        isolate: bool = False) -> Results:
    """Run a scenario from the beginning to the end.

    scenario    a Scenario, or a file
    parameters  values in place of the defaults: {"responder_only": "one", "delay": "40 ms"}
    seed        RngRun, 1 to 999999999; default: the scenario's
    out         a folder for captures, transcript, keys, ...; default: no files
    progress    called now and then with the share that is done, 0 to 1
    on_event    called with each Event of the kinds (EVENT_KINDS; default: of all)
    isolate     in a child process: several at a time are possible, and if it dies, that is an
                exception (RunDied)

    What a callback throws stops the run and comes out here. Simulated time passes without the
    interpreter's lock.
    """
    chosen = _scenario(scenario)
    expanded = chosen.expand(parameters)
    number = _seed(expanded.seed if seed is None else seed)
    if isolate:
        from .isolate import run_isolated
        values = {name: str(value) for name, value in expanded.parameters.items()}
        return run_isolated(chosen, values, number, _out(out), progress, on_event, list(kinds))
    live = LiveRun(expanded, number, _out(out), progress, on_event, list(kinds))
    try:
        text = live.finish()
    finally:
        live.close()
    return Results(text, expanded.failed_expectations(text))


def run_many(scenario: AnyScenario, runs: Iterable[Mapping[str, Value]] = ({},), *,
             seeds: Sequence[int] = (), jobs: Optional[int] = None) -> ResultsList:
    """Run a scenario for all these parameters, each with all seeds, in child processes.

    runs   parameters of each: [{"offset": "0 s"}, {"offset": "1 s"}]
    seeds  default: the scenario's
    jobs   so many at a time; default: as many as there are processors

    The results are in order: the seeds of the first parameters, then those of the next.
    """
    chosen = _scenario(scenario)
    numbers: List[Optional[int]] = list(seeds) or [None]
    wanted = [(dict(parameters), seed) for parameters in runs for seed in numbers]
    for parameters, _ in wanted:
        chosen.expand(parameters)
    with concurrent.futures.ThreadPoolExecutor(jobs or os.cpu_count() or 1) as pool:
        futures = [pool.submit(run, chosen, parameters, seed=seed, isolate=True)
                   for parameters, seed in wanted]
        try:
            return ResultsList(future.result() for future in futures)
        finally:
            for future in futures:
                future.cancel()


class Router:
    """A router of a run that goes on."""

    def __init__(self, run: "Run", name: str) -> None:
        self._run, self.name = run, name

    def sas(self) -> List[IsakmpSa]:
        """Its ISAKMP SAs and the attempts to make some."""
        return self._run._live.sas(self.name)

    def pairs(self) -> List[Pair]:
        """Its IPsec SA pairs, with what they carried."""
        return self._run._live.pairs(self.name)

    def lines(self) -> Dict[str, bool]:
        """Line protocol of its tunnels: {"Tunnel0": True}."""
        return self._run._live.lines(self.name)

    def counters(self) -> Dict[str, Any]:
        """Packets of the data plane, outbound and inbound: in = passed + bypassed + discarded."""
        return self._run._live.counters(self.name)

    @property
    def reloading(self) -> bool:
        """Is it away after a reboot?"""
        return self._run._live.is_reloading(self.name)

    def type(self, *lines: str) -> str:
        """Type lines at its console, now; what it prints, errors included."""
        return "".join(self._run._live.type(self.name, line) for line in lines)

    def reboot(self, down: Value = "30 s") -> None:
        """It loses all SAs and comes back after so long."""
        self._run.inject(router=self.name, reboot={"down": _seconds(down)})

    def __repr__(self) -> str:
        return "<Router %s>" % self.name


class Link:
    """A link of a run that goes on."""

    def __init__(self, run: "Run", name: str) -> None:
        self._run, self.name = run, name

    def down(self) -> None:
        """Both ends go down."""
        self._run.inject(link=self.name, state="down")

    def up(self) -> None:
        """And up again."""
        self._run.inject(link=self.name, state="up")


class Cloud:
    """A provider's network in a run that goes on."""

    def __init__(self, run: "Run", name: str) -> None:
        self._run, self.name = run, name

    def drop(self, what: str = "all", between: Sequence[str] = ()) -> None:
        """Packets are lost there from now on: "all", "esp", "udp 500", ...

        between  one router: from and to it; two: between them; none: everywhere
        """
        self._run.inject(cloud=self.name, drop=what, **_between(between))

    def let_pass(self, what: str = "all", between: Sequence[str] = ()) -> None:
        """The end of drop() with these very words; "all": of any."""
        self._run.inject(**{"cloud": self.name, "pass": what, **_between(between)})

    def door_down(self, router: str) -> None:
        """A router's interface there goes down."""
        self._run.inject(cloud=self.name, door=router, state="down")

    def door_up(self, router: str) -> None:
        """And up again."""
        self._run.inject(cloud=self.name, door=router, state="up")


class Nat:
    """A NAT of a run that goes on."""

    def __init__(self, run: "Run", name: str) -> None:
        self._run, self.name = run, name

    def flush(self) -> None:
        """It forgets all mappings but forwards."""
        self._run.inject(nat=self.name, flush="mappings")


def _between(routers: Sequence[str]) -> Dict[str, Any]:
    names = [routers] if isinstance(routers, str) else list(routers)
    return {"between": names} if names else {}


def _seconds(value: Any) -> str:
    return "%d ns" % _ns3ike.parse_duration(value)


class Run:
    """A run that can be looked at while it goes on.

    with ns3ike.Run(scenario, seed=1) as run:
        run.until("10 s")
        print(run.router("R1").pairs())
        run.cloud("core").drop("esp")
        results = run.finish()

    Arguments are those of run(); events of the kinds are kept for events(), unless keep_events is
    False. Without finish(), the simulation is taken down at the end of the block, without results.
    ns-3 has one simulation in a process: there is one Run at a time.

    A callback may look (sas(), pairs(), events(), now) and stop(), but not act. Other threads are
    refused while time passes.
    """

    def __init__(self, scenario: AnyScenario, parameters: Optional[Mapping[str, Value]] = None, *,
                 seed: Optional[int] = None, out: Optional[PathLike] = None,
                 progress: Optional[Callable[[float], Any]] = None,
                 on_event: Optional[Callable[[Event], Any]] = None, kinds: Iterable[str] = (),
                 keep_events: bool = True) -> None:
        self._scenario = _scenario(scenario)
        self._expanded = self._scenario.expand(parameters)
        self._on_event = on_event
        self._live = LiveRun(self._expanded, _seed(self._expanded.seed if seed is None else seed),
                             _out(out), progress, on_event, list(kinds), keep_events)
        _living.add(self)

    def __enter__(self) -> "Run":
        return self

    def __exit__(self, kind: Optional[Type[BaseException]], error: Optional[BaseException],
                 traceback: Optional[TracebackType]) -> None:
        self.close()

    # --- Time ---

    @property
    def now(self) -> float:
        """In s since the start."""
        return self._live.now

    @property
    def duration(self) -> float:
        """Of the run, in s."""
        return self._live.duration

    @property
    def over(self) -> bool:
        """Is the simulation gone, after finish(), close() or an error?"""
        return self._live.over

    def until(self, time: Time) -> float:
        """Let time pass until then ("10 s", or s since the start); the time that it is."""
        self._live.until(time)
        return self.now

    def step(self, span: Time) -> float:
        """Let so much time pass ("1 s", or s), but not beyond the end; the time that it is."""
        target = round(self.now * 1e9) + _ns3ike.parse_duration(span)
        self._live.until("%d ns" % min(target, round(self.duration * 1e9)))
        return self.now

    def until_event(self, wanted: Union[str, Callable[[Event], Any]],
                    limit: Optional[Time] = None) -> Optional[Event]:
        """Let time pass until something happens; the event, or None when it did not.

        wanted  a kind of events, or a function that says True of the event
        limit   not beyond this time; default: the end of the run
        """
        if isinstance(wanted, str) and wanted not in _ns3ike.EVENT_KINDS:
            raise ValueError("unknown kind of events %r; expected one of %s"
                             % (wanted, ", ".join(_ns3ike.EVENT_KINDS)))
        found: List[Event] = []

        def look(event: Event) -> None:
            if self._on_event is not None:
                self._on_event(event)
            if not found and (event.kind == wanted if isinstance(wanted, str) else wanted(event)):
                found.append(event)
                self._live.stop()

        self._live.set_on_event(look)
        try:
            self._live.until(self.duration if limit is None else limit)
        finally:
            if not self._live.over:
                self._live.set_on_event(self._on_event)
        return found[0] if found else None

    def stop(self) -> None:
        """From a callback: time stops after the event at hand, and until() returns."""
        self._live.stop()

    def finish(self) -> Results:
        """Let the rest of the time pass, and close the books."""
        text = self._live.finish()
        return Results(text, self._expanded.failed_expectations(text))

    def close(self) -> None:
        """Take the simulation down, without results; events that were kept stay."""
        self._live.close()

    # --- Looking ---

    @property
    def routers(self) -> List[str]:
        """Names of the routers under test."""
        return self._live.routers

    def router(self, name: str) -> Router:
        """A router under test."""
        if name not in self.routers:
            raise ValueError("unknown router %r; expected one of %s"
                             % (name, ", ".join(self.routers)))
        return Router(self, name)

    def events(self, since: int = 0) -> List[Event]:
        """Events so far, from an index on: run.events(seen) gives what is new."""
        if since < 0:
            raise ValueError("since: %d is negative" % since)
        return self._live.events(since)

    def transcript(self, messages: bool = True) -> str:
        """The events so far as text."""
        return _ns3ike.transcript(self.events(), messages)

    def ladder(self, left: str, right: str, *, start: Optional[Time] = None,
               end: Optional[Time] = None, svg: bool = False, title: str = "") -> str:
        """Messages between two routers as a ladder, as text or SVG.

        start, end  which part of the run, in s; default: the first negotiation
        """
        return _ns3ike.ladder(self.events(), left, right, start, end, svg, title)

    # --- Acting ---

    def inject(self, **event: Any) -> None:
        """Something happens that the scenario does not know of, now or later.

        Keys are those of an event in a scenario file: inject(link="core", state="down"),
        inject(at="90 s", router="R1", reboot={"down": "10 s"}).
        """
        at = event.pop("at", None)
        time = "%d ns" % round(self.now * 1e9) if at is None else _seconds(at)
        if at is not None and _ns3ike.parse_duration(at) < round(self.now * 1e9):
            raise RunError("at: %s is over, it is %s s" % (at, self.now))
        # JSON is YAML: the same parser reads it.
        self._live.inject(json.dumps([{"at": time, **event}], ensure_ascii=False))

    def link(self, name: str) -> Link:
        """A link, to take it down and up."""
        return Link(self, name)

    def cloud(self, name: str) -> Cloud:
        """A cloud, to lose packets there."""
        return Cloud(self, name)

    def nat(self, name: str) -> Nat:
        """A NAT, to flush it."""
        return Nat(self, name)

    def __repr__(self) -> str:
        return "<Run of %r at %.9g s%s>" % (self._scenario, self.now,
                                            ", over" if self.over else "")


@atexit.register
def _close_all() -> None:
    """ns-3 wants its simulation taken down before the process ends."""
    for run_ in list(_living):
        if not run_.over:
            run_.close()
