# SPDX-License-Identifier: GPL-2.0-only
"""The JSON Schema of scenario files takes what ike-sim takes, and refuses what it refuses, as far as a schema can."""
import json
import os
import re

import jsonschema
import pytest
import yaml
from conftest import ROOT, scenario_files

SCHEMA = os.path.join(ROOT, "examples", "ike-scenario.schema.json")
LINE = "# yaml-language-server: $schema=../ike-%s.schema.json\n"


class Loader(yaml.SafeLoader):
    """YAML 1.2, as editors and ike-sim have it: off is a word."""


Loader.yaml_implicit_resolvers = {}
Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^[-+]?[0-9]+$"), list("-+0123456789"))
Loader.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(r"^[-+]?[0-9]+\.[0-9]+$"), list("-+0123456789"))
Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:null|~|)$"), ["n", "~", ""])


def by_text(value):
    """Numbers as keys (`ranks:`) as editors and JSON have them."""
    if isinstance(value, dict):
        return {str(key): by_text(part) for key, part in value.items()}
    return [by_text(part) for part in value] if isinstance(value, list) else value


def load(text):
    return by_text(yaml.load(text, Loader))


@pytest.fixture(scope="module", name="schema")
def fixture_schema():
    with open(SCHEMA, encoding="utf-8") as f:
        return json.load(f)


@pytest.fixture(scope="module", name="validator")
def fixture_validator(schema):
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


def document():
    with open(os.path.join(ROOT, "doc", "scenarios.md"), encoding="utf-8") as f:
        return f.read()


def test_the_committed_schema_is_the_printed_one(ike_sim):
    """Written by: ./ns3-ike schema > examples/ike-scenario.schema.json"""
    with open(SCHEMA, encoding="utf-8") as f:
        assert f.read() == ike_sim("schema").stdout


@pytest.mark.parametrize("path", scenario_files(), ids=os.path.basename)
def test_shipped_scenarios_are_right(validator, path):
    with open(path, encoding="utf-8") as f:
        text = f.read()
    validator.validate(load(text))
    assert text.splitlines(True)[1] == LINE % "scenario"


def test_shipped_sweeps_name_their_schema():
    folder = os.path.join(ROOT, "examples", "sweeps")
    for name in os.listdir(folder):
        with open(os.path.join(folder, name), encoding="utf-8") as f:
            assert f.readlines()[1] == LINE % "sweep", name


def tour():
    """The blocks of the document that are one scenario, up to the profiles of two other routers."""
    blocks = re.findall(r"```yaml\n(.*?)```", document(), re.S)
    return "".join(block for block in blocks if not block.startswith("profile:"))


def test_the_document(validator):
    """What it shows is right, and its tables have every key."""
    text = document()
    validator.validate(load(tour()))
    for block in re.findall(r"```\n(version: 1\n.*?)```", text, re.S):
        validator.validate(load(block))
    rows = [line.split(" | ")[0] + " | " for line in text.splitlines() if line.startswith("| `")]
    named = set(re.findall(r"`([A-Za-z_]+)(?=[`:])", " ".join(rows)))
    named |= {word for line in text.splitlines() if line.startswith("| `") for word in
              re.findall(r"`(?:account|ledger): ([A-Za-z]+)`", line)}
    missing = {}
    for name, mapping in [("scenario", validator.schema), *validator.schema["definitions"].items()]:
        if name not in ("knobs", "knobOwners", "condition-value"):
            for key in mapping.get("properties", {}):
                if key not in named and f"`{key}`" not in text and f"{{{key}" not in text and f" {key}:" not in text:
                    missing.setdefault(name, []).append(key)
    assert missing == {}


GOOD = """version: 1
name: probe
title: Probe
parameters:
  p: {type: duration, default: 1 s, help: P.}
duration: 60 s
network:
  hosts: [H1, H2]
  internet: [I1]
  links:
    a: {ends: {H1: 10.0.0.1/24, N1: 10.0.0.2/24}, delay: 1 ms, jitter: 0 s, loss: 0 %, rate: 1 Mbit/s, queue: 5 packets}
    b: {ends: {N1: 10.1.0.1/24, I1: 10.1.0.2/24}}
    c: {ends: {H2: 10.2.0.1/24, I1: 10.2.0.2/24}}
  nat:
    N1: {outside: b, udp_lifetime: 30 s, preserve_ports: false, mapping: endpoint-independent}
knobs:
  ledger: {SeriesBuckets: 10}
  account: {Grace: 60 s}
events:
  - {at: 5 s, link: c, state: down}
  - {at: 6 s, nat: N1, flush: mappings}
offer:
  - {name: f, from: H1, to: H2, size: 100 B, every: 1 s}
expect:
  - {quantity: totals.packets_offered, at_least: 1}
"""

#: A piece of the scenario, and values that are right and that are wrong in place of it.
VALUES = [
    ("duration: 60 s", "duration: %s",
     ["60 s", "1 min + 5 s", "2 * 40 s", "\"${p} * 60\"", "600 * 400 ms / 2 + 5 h - 1 min"],
     ["60", "0 s", "-5 s", "60 sec", "1 s s", "uniform(1 s, 2 s)", "5 s +", "1 s / 2 s", "[60 s]"]),
    ("delay: 1 ms", "delay: \"%s\"",
     ["0 s", "${p}", "uniform(0 s, 5 ms)", "1 ms + exponential(mean 1 ms)", "normal(1 s, 2 ms, min 1 ms)",
      "choice(1 ms, 2 ms)", "loguniform(1 ms, 1 s)", "normal(mean 1 s, sd 1 s, max 4 s, min 0 s)"],
     ["-1 ms", "5", "unifrom(0 s, 1 s)", "uniform(0 s)", "uniform(1 s, 2 s, 3 s)", "uniform(0, 1 s)",
      "choice()", "exponential()", "2 * uniform(0 s, 1 s)", "burst(1 %, 2 packets)"]),
    ("jitter: 0 s", "jitter: \"%s\"", ["1 ms", "exponential(1 ms, max 1 s)"], ["1 %", "exponential(mean 1)"]),
    ("loss: 0 %", "loss: \"%s\"",
     ["1 %", "0.5%", "100 %", "uniform(0 %, 2 %)", "burst(1 %, 3 packets)", "burst(0.5 %, 2 packets, 8 packets)"],
     ["1", "101 %", "-1 %", "uniform(0 s, 1 s)", "burst(1 %)", "burst(1 %, 3)", "burst(1, 3 packets)"]),
    ("rate: 1 Mbit/s", "rate: %s", ["1 kbit/s", "100Mbps", "1.5 Gbit/s"], ["1", "0 bit/s", "1 MB/s"]),
    ("queue: 5 packets", "queue: %s", ["1 packets"], ["5", "0 packets", "5 packet", "-5 packets"]),
    ("10.0.0.1/24", "%s", ["10.0.0.9/24"], ["10.0.0.300/24", "10.0.0.1/33", "10.0.1/24"]),
    ("udp_lifetime: 30 s", "udp_lifetime: %s", ["2 min"], ["0 s", "30"]),
    ("preserve_ports: false", "preserve_ports: %s", ["true", "\"true\""], ["maybe", "yes", "1"]),
    ("mapping: endpoint-independent", "mapping: %s", ["address-dependent"], ["endpoint"]),
    ("SeriesBuckets: 10", "SeriesBuckets: %s", ["1", "\"10000\""], ["0", "10001", "1.5", "-1", "many"]),
    ("Grace: 60 s", "Grace: %s", ["0 s"], ["60"]),
    ("at: 5 s", "at: \"%s\"", ["0 s", "uniform(1 s, 20 s)", "20 s + ${p}"], ["5", "-5 s"]),
    ("state: down", "state: %s", ["up"], ["off", "Down"]),
    ("size: 100 B", "size: %s", ["1 kB", "2KiB"], ["100", "100 b"]),
    ("every: 1 s", "every: \"%s\"", ["exponential(1 s)", "2 s"], ["0 s", "1"]),
    ("every: 1 s", "every: 1 s, on: %s, off: 1 s", ["2 s", "exponential(1 s)"], ["0 s", "3"]),
    ("at_least: 1", "at_least: %s", ["0", "-1.5", "\"3\""], ["1 s", "one"]),
    ("type: duration, default: 1 s", "type: %s", ["duration, default: 5 s", "integer, default: 3"],
     ["durations, default: 5 s", "duration"]),
    ("name: probe", "name: %s", ["a-b_9"], ["a b", "${p}"]),
    ("version: 1", "version: %s", ["1", "\"1\""], ["2", "one"]),
    ("title: Probe", "title: %s", ["x", "5"], ["${p}"]),
    # keys: unknown, missing, of another kind of thing
    ("title: Probe\n", "%s", ["title: Y\n"], ["", "title: Y\ntitel: X\n"]),
    ("duration: 60 s\n", "%s", ["duration: 1 min\n"], [""]),
    ("{at: 6 s, nat: N1, flush: mappings}", "{%s}", ["at: 6 s, nat: N1, flush: mappings"],
     ["at: 6 s, nat: N1", "nat: N1, flush: mappings", "at: 6 s, nat: N1, flush: all",
      "at: 6 s, nat: N1, flush: mappings, state: up", "at: 6 s, nut: N1, flush: mappings", "at: 6 s"]),
    ("{at: 5 s, link: c, state: down}", "{%s}",
     ["at: 5 s, link: c, flap: {down: 1 s, every: 5 s, times: 3}"],
     ["at: 5 s, link: c, state: down, flap: {down: 1 s, every: 5 s, times: 3}", "at: 5 s, link: c, spread: 1 s, state: up",
      "at: 5 s, link: c, flap: {down: 1 s, every: 5 s}"]),
    ("at_least: 1", "%s", ["equals: 60"], ["at_least: 1, at_most: 2", "when: {p: 1 s}"]),
]

ROWS = [(piece, form % value, is_right) for piece, form, right, wrong in VALUES
        for is_right, values in ((True, right), (False, wrong)) for value in values]


@pytest.mark.parametrize("piece, value, is_right", ROWS, ids=[repr(row[1]) for row in ROWS])
def test_reader_and_schema_agree(ike_sim, validator, tmp_path, piece, value, is_right):
    assert GOOD.count(piece) == 1, piece
    text = GOOD.replace(piece, value)
    path = tmp_path / "s.yaml"
    path.write_text(text)
    done = ike_sim("check", path, status=None)
    assert done.returncode == (0 if is_right else 2), done.stdout + done.stderr
    assert validator.is_valid(load(text)) == is_right, [error.message for error in validator.iter_errors(load(text))]


def test_every_key_of_the_schema_is_known_to_the_reader(ike_sim, schema, tmp_path):
    """A key with a value that nothing takes: the reader complains of the value, not of the key."""
    path = tmp_path / "s.yaml"
    places = {"link": ("delay: 1 ms", "%s: {x: [y]}"), "nat": ("udp_lifetime: 30 s", "%s: {x: [y]}"),
              "flow": ("size: 100 B", "%s: {x: [y]}"), "ledger": ("SeriesBuckets: 10", "%s: {x: [y]}"),
              "account": ("Grace: 60 s", "%s: {x: [y]}"), "expectation": ("at_least: 1", "%s: {x: [y]}"),
              "parameter": ("help: P.", "%s: {x: [y]}"), "network": ("internet: [I1]", "%s: {x: [y]}")}
    for mapping, (piece, form) in places.items():
        for key in schema["definitions"][mapping]["properties"]:
            path.write_text(GOOD.replace(piece, form % key))
            assert f"unknown key '{key}'" not in ike_sim("check", path, status=2).stderr, (mapping, key)
        path.write_text(GOOD.replace(piece, form % "no_such_key"))
        error = ike_sim("check", path, status=2).stderr
        assert "unknown key 'no_such_key'; expected " in error
        listed = error.split("; expected ")[1].split(" (did")[0].strip()
        assert set(re.split(r", | or ", listed)) == set(schema["definitions"][mapping]["properties"]), mapping


def test_an_editor_has_a_sentence_and_the_default_of_every_key(schema):
    for name, mapping in schema["definitions"].items():
        for key, value in mapping.get("properties", {}).items():
            if name != "knobOwners":
                assert value.get("description", "").strip().endswith((".", "?")) or name == "knobs", (name, key)
    assert schema["definitions"]["link"]["properties"]["queue"]["default"] == "100 packets"
    assert schema["definitions"]["knobs"]["properties"]["RetransmitInterval"]["default"] == "10 s"
