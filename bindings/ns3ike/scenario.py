# SPDX-License-Identifier: GPL-2.0-only
"""Scenarios: read from a file, or built from Python. Both are checked by the same parser."""
import datetime
import json
import os
import sys
import textwrap
from typing import (Any, Callable, Dict, Iterable, List, Mapping, Optional, Sequence, Tuple,
                    TypeVar, Union)

from . import _ns3ike
from ._ns3ike import Expanded, Parameter, ScenarioError, ScenarioFile
from .outcome import Results

__all__ = ["Scenario", "Value", "load_scenario", "parse"]

Value = Union[str, bool, int, float, datetime.timedelta]
PathLike = Union[str, "os.PathLike[str]"]
Texts = Union[str, Sequence[str]]
S = TypeVar("S", bound="Scenario")
T = TypeVar("T")


def as_text(value: Any) -> str:
    """A value as a scenario file has it: True as "true", a timedelta as a duration."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.timedelta):
        return "%d us" % (value // datetime.timedelta(microseconds=1))
    if isinstance(value, float):
        text = "%.12f" % value
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value)


def _origin() -> str:
    """The line of the caller outside of this file, as "script.py:12"."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename == __file__:
        frame = frame.f_back
    return "%s:%d" % (frame.f_code.co_filename, frame.f_lineno)


class _Writer:
    """Writes values as YAML and remembers which line of Python said what."""

    def __init__(self) -> None:
        self.lines: List[str] = []
        self.origins: List[Tuple[int, str]] = []

    def begin(self, origin: str) -> None:
        """What follows was said there."""
        self.origins.append((len(self.lines) + 1, origin))

    def put(self, key: str, value: Any, indent: str) -> None:
        """A key with its value; empty ones are left out by the caller."""
        head = indent + json.dumps(key, ensure_ascii=False) + ":"
        self._put_value(head, value, indent)

    def item(self, value: Any, indent: str) -> None:
        """An item of a list."""
        self._put_value(indent + "-", value, indent)

    def _put_value(self, head: str, value: Any, indent: str) -> None:
        inner = indent + "  "
        if isinstance(value, Mapping):
            self.lines.append(head + ("" if value else " {}"))
            for key, member in value.items():
                self.put(str(key), member, inner)
        elif isinstance(value, (list, tuple)):
            self.lines.append(head + ("" if value else " []"))
            for member in value:
                self.item(member, inner)
        else:
            self._put_scalar(head, as_text(value), inner)

    def _put_scalar(self, head: str, text: str, indent: str) -> None:
        lines = text.split("\n")
        last = lines.pop() if len(lines) > 1 and not lines[-1] else None
        if len(lines) == 1 or lines[0][:1] == " " or not all(
                line.isprintable() and (line.strip() or not line) for line in lines) \
                or not lines[0] or not lines[-1]:
            self.lines.append(head + " " + json.dumps(text, ensure_ascii=False))
            return
        self.lines.append(head + (" |" if last is not None else " |-"))
        self.lines += [indent + line if line else "" for line in lines]


def _ios(text: Texts) -> Texts:
    """IOS text without the indentation of the Python around it."""
    if not isinstance(text, str):
        return [str(_ios(t)) for t in text]
    plain = textwrap.dedent(text).strip("\n")
    # A block of YAML is as deep as its first line.
    return ("!\n" if plain[:1] == " " else "") + plain + "\n" if "\n" in plain else plain


class Scenario:
    """A scenario: what is connected, what happens, what must come out.

    Scenario("name", duration="60 s") is empty, and its methods add to it, as the sections of a
    scenario file do (doc/scenarios.md). load() and parse() make one from a file or a text; nothing
    can be added to it. All values may be text with units ("40 ms", "1 %", "10 Mbit/s") and may
    hold ${parameters}. Everything is checked by the parser of scenario files: see ScenarioError.

    name         letters, digits, '_' and '-'
    title        a line for people
    description  more for people
    duration     of a run, in simulated time
    seed         of a run, unless told otherwise: 1 to 999999999
    profile      of all routers: ios, strongswan, libreswan, rfc2409
    folder       of the files that are named: of IOS texts, certificates
    """

    def __init__(self, name: str, *, duration: Value, title: str = "", description: str = "",
                 seed: int = 1, profile: str = "", folder: PathLike = ".") -> None:
        self._label = name
        self._folder = os.fspath(folder)
        self._fixed = False
        self._text: Union[str, bytes, None] = None
        self._file: Optional[ScenarioFile] = None
        self._origins: List[Tuple[int, str]] = []
        self._head: Dict[str, Any] = {"version": "1", "name": name, "title": title or name,
                                      "description": description, "seed": seed,
                                      "duration": duration, "profile": profile}
        self._head_origin = _origin()
        # By section: (key, value, origin); the key of an item of a list is empty.
        self._sections: Dict[Tuple[str, ...], List[Tuple[str, Any, str]]] = {}

    @classmethod
    def _from_file(cls: "type[S]", file: ScenarioFile, text: Union[str, bytes], label: str,
                   folder: str) -> S:
        scenario = cls.__new__(cls)
        scenario._label, scenario._folder, scenario._fixed = label, folder, True
        scenario._text, scenario._file = text, file
        scenario._origins, scenario._sections, scenario._head = [], {}, {}
        scenario._head_origin = ""
        return scenario

    # --- Building ---

    def _add(self: S, section: Tuple[str, ...], key: str, value: Any) -> S:
        if self._fixed:
            raise TypeError("this scenario was read from '%s'; only one made with "
                            "Scenario(NAME, ...) can be added to" % self._label)
        items = self._sections.setdefault(section, [])
        if key and any(key == other for other, _, _ in items):
            raise ValueError("%s: '%s' is there already" % (" ".join(section), key))
        items.append((key, value, _origin()))
        self._text = self._file = None
        return self

    def parameter(self: S, name: str, *, type: str, default: Value, help: str,
                  range: Optional[Sequence[Value]] = None, choices: Sequence[str] = (),
                  words: Sequence[str] = (), unit: str = "") -> S:
        """A parameter, ${name} elsewhere.

        type     duration, number, integer, percent, choice, boolean, bandwidth
        default  its value unless told otherwise
        help     a sentence
        range    least and greatest value
        choices  of a choice
        words    allowed beside values: never, auto
        unit     for people
        """
        return self._add(("parameters",), name, _given(
            type=type, default=default, help=help, range=list(range) if range else None,
            choices=list(choices), words=list(words), unit=unit))

    def router(self: S, name: str, config: Texts = "", *, configs: Union[str, Sequence[str]] = "",
               profile: str = "") -> S:
        """A router under test with IOS text, or the names of files with such text (configs)."""
        return self._add(("routers",), name, _given(config=_ios(config), configs=configs,
                                                    profile=profile) or {"config": ""})

    def host(self: S, *names: str) -> S:
        """End systems with one link each."""
        for name in names:
            self._add(("network", "hosts"), "", name)
        return self

    def internet(self: S, *names: str) -> S:
        """Routers of the Internet."""
        for name in names:
            self._add(("network", "internet"), "", name)
        return self

    def nat(self: S, name: str, *, outside: str, **options: Any) -> S:
        """A NAT whose link `outside` leads outside; options as below nat: of a scenario file."""
        return self._add(("network", "nat"), name, {"outside": outside, **options})

    def link(self: S, name: str, ends: Mapping[str, str], *, rate: Value = "", delay: Value = "",
             jitter: Value = "", loss: Value = "", queue: Value = "") -> S:
        """A point-to-point link.

        ends    {"R1": "Ethernet0/0", "I1": "203.0.113.1/30"}
        rate    "100 Mbit/s"; delay one way, "5 ms"; jitter "1 ms"; loss "1 %"; queue "50 packets"
        """
        return self._add(("network", "links"), name, _given(
            ends=dict(ends), rate=rate, delay=delay, jitter=jitter, loss=loss, queue=queue))

    def cloud(self: S, name: str, attach: Optional[Mapping[str, str]] = None, *,
              behind: Optional[Mapping[str, Any]] = None, rate: Value = "", delay: Value = "",
              jitter: Value = "", loss: Value = "", queue: Value = "", mtu: Value = "") -> S:
        """A provider's network as one element.

        attach  {"R1": "Ethernet0/0"}; behind {"R1": ["10.1.0.0/24"]}
        delay   one way; rate, loss, queue, mtu ("1500 B") of each router towards it
        """
        return self._add(("network", "cloud"), name, _given(
            attach=dict(attach or {}), behind=dict(behind or {}), rate=rate, delay=delay,
            jitter=jitter, loss=loss, queue=queue, mtu=mtu))

    def underlay(self: S, **options: Value) -> S:
        """How routers of the Internet find their ways: routing="rip", update="30 s", ..."""
        for key, value in options.items():
            self._add(("network", "underlay"), key, value)
        return self

    def capture(self: S, *places: str) -> S:
        """Where to write captures: "R1", or "R1 Ethernet0/0"."""
        for place in places:
            self._add(("network", "capture"), "", place)
        return self

    def learn(self: S, *, router: str, route: str, prefix: str, poll: Value = "",
              **source: str) -> S:
        """A route that is typed when a provider's router has learnt it: from_="I1"."""
        return self._add(("network", "learn"), "", _given(
            router=router, route=route, prefix=prefix, poll=poll,
            **{key.rstrip("_"): value for key, value in source.items()}))

    def sites(self: S, **options: Any) -> S:
        """Many routers that differ in numbers alone: see Sites in doc/scenarios.md."""
        for key, value in options.items():
            self._add(("sites",), key, value)
        return self

    def knobs(self: S, whose: str, **knobs: Value) -> S:
        """Knobs of a router's engine, of "all", of the "account" or the "ledger"."""
        for name, value in knobs.items():
            self._add(("knobs", whose), name, value)
        return self

    def event(self: S, at: Value, **what: Any) -> S:
        """Something that happens at a time.

        event("10 s", router="R1", type=["enable", "clear crypto sa"])
        event("20 s", router="R1", reboot={"down": "30 s"})
        event("30 s", link="core", state="down")
        event("40 s", cloud="core", drop="udp 500", between=["R1", "R2"])
        """
        return self._add(("events",), "", {"at": at, **what})

    def flow(self: S, name: str, source: str, sink: str, *, size: Value = "200 B",
             every: Value = "1 s", start: Value = "", stop: Value = "") -> S:
        """UDP traffic at a constant rate from a host or router to another one."""
        return self._add(("offer",), "", _given(**{
            "name": name, "from": source, "to": sink, "size": size, "every": every,
            "start": start, "stop": stop}))

    def expect(self: S, quantity: str, *, equals: Optional[Value] = None,
               at_least: Optional[Value] = None, at_most: Optional[Value] = None,
               when: Optional[Mapping[str, Any]] = None) -> S:
        """A number that must come out: expect("totals.ipsec_duplicates", equals=0)."""
        given = {"quantity": quantity, "equals": equals, "at_least": at_least, "at_most": at_most,
                 "when": when}
        return self._add(("expect",), "", {k: v for k, v in given.items() if v is not None})

    def variant(self: S, when: Mapping[str, Any], **sections: Any) -> S:
        """Sections that count when parameters have certain values: variant({"mode": "b"}, ...)."""
        return self._add(("variants",), "", {"when": dict(when), **sections})

    # --- Looking ---

    @property
    def text(self) -> str:
        """The scenario as a file has it."""
        text = self._source()
        return text.decode("utf-8", "replace") if isinstance(text, bytes) else text

    def save(self, path: PathLike) -> None:
        """Write it as a scenario file."""
        with open(path, "w", encoding="utf-8") as file:
            file.write(self.text)

    @property
    def name(self) -> str:
        """Short, for machines."""
        return self._read().name

    @property
    def title(self) -> str:
        """A line for people."""
        return self._read().title

    @property
    def description(self) -> str:
        """More for people."""
        return self._read().description

    @property
    def parameters(self) -> Dict[str, Parameter]:
        """The declared parameters by name, in the order of the file."""
        return {p.name: p for p in self._read().parameters}

    def expand(self, parameters: Optional[Mapping[str, Value]] = None) -> Expanded:
        """The scenario with these values in place of the defaults."""
        values = {name: _utf8(as_text(value)) for name, value in (parameters or {}).items()}
        file = self._read()
        return self._call(lambda: file.expand(values))

    def check(self) -> None:
        """Look for errors, also with each choice of each parameter; run nothing."""
        self._call(self._read().check)

    def run(self, parameters: Optional[Mapping[str, Value]] = None, *, seed: Optional[int] = None,
            out: Optional[PathLike] = None, progress: Optional[Callable[[float], Any]] = None,
            on_event: Optional[Callable[["_ns3ike.Event"], Any]] = None,
            kinds: Iterable[str] = (), isolate: bool = False) -> Results:
        """Run it from the beginning to the end; see ns3ike.run()."""
        from .live import run
        return run(self, parameters, seed=seed, out=out, progress=progress, on_event=on_event,
                   kinds=kinds, isolate=isolate)

    def __repr__(self) -> str:
        return "<Scenario %r>" % self._label

    # --- Inside ---

    def _source(self) -> Union[str, bytes]:
        if self._text is None:
            self._text = self._write()
        return self._text

    def _read(self) -> ScenarioFile:
        if self._file is None:
            text = self._source()
            self._file = self._call(
                lambda: ScenarioFile.parse(_utf8(text), self._label, self._folder))
        return self._file

    def _call(self, function: Callable[[], T]) -> T:
        """Call the parser; an error learns which line of Python said what is wrong."""
        try:
            return function()
        except ScenarioError as error:
            self._explain(error)
            raise

    def _explain(self, error: ScenarioError) -> None:
        error.source, error.origin = "", ""
        if error.file != self._label or not error.line:
            return
        lines = self.text.split("\n")
        if error.line <= len(lines):
            error.source = lines[error.line - 1].strip()
        for line, origin in self._origins:
            if line <= error.line:
                error.origin = origin
        if error.origin and hasattr(error, "add_note"):
            error.add_note("%s: %s" % (error.origin, error.source))

    def _write(self) -> str:
        writer = _Writer()
        writer.begin(self._head_origin)
        for key, value in self._head.items():
            if value != "":
                writer.put(key, value, "")
        opened = ""
        for section in sorted(self._sections):
            if len(section) == 2 and section[0] != opened:
                writer.lines.append(section[0] + ":")
            opened = section[0]
            indent = "  " * (len(section) - 1)
            writer.lines.append("%s%s:" % (indent, json.dumps(section[-1], ensure_ascii=False)))
            for key, value, origin in self._sections[section]:
                writer.begin(origin)
                if key:
                    writer.put(key, value, indent + "  ")
                else:
                    writer.item(value, indent + "  ")
        self._origins = writer.origins
        return "\n".join(writer.lines) + "\n"


def _utf8(text: Any) -> Any:
    """The text itself; a UnicodeEncodeError, which is a ValueError, when it is none."""
    if isinstance(text, str):
        text.encode("utf-8")
    return text


def _given(**values: Any) -> Dict[str, Any]:
    """Without what was not said."""
    return {k: v for k, v in values.items() if v is not None and v != "" and v != [] and v != {}}


def load_scenario(path: PathLike) -> Scenario:
    """Read a scenario file."""
    name = os.fspath(path)
    file = ScenarioFile.load(name)
    with open(name, "rb") as stream:
        text = stream.read()
    return Scenario._from_file(file, text, name, os.path.dirname(name) or ".")


def parse(text: str, name: str = "scenario", folder: PathLike = ".") -> Scenario:
    """Read a scenario from a text; files that it names are looked up in the folder."""
    file = ScenarioFile.parse(_utf8(text), name, os.fspath(folder))
    return Scenario._from_file(file, text, name, os.fspath(folder))
