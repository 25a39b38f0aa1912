# SPDX-License-Identifier: GPL-2.0-only
"""The sweep file: designs, seeds, stop rules, and what is wrong with one, each with its place."""
import json
import os
import random

import jsonschema
import pytest
import yaml
from conftest import ROOT
from sweep_fixture import HEAD, PROGRAM, SHIPPED, SHORT, command, read

pytestmark = pytest.mark.skipif(not os.path.exists(PROGRAM), reason="ike-sim is not built")


def values(sweep, *names):
    return [tuple(point.parameters[name] for name in names) for point in sweep.points]


def test_a_grid_has_all_combinations():
    sweep = read(HEAD + "design:\n  kind: grid\n  parameters:\n    offset: {from: 0 s, to: 1 s, count: 3}\n"
                 "    delay: {from: 1 ms, to: 100 ms, count: 3, scale: log}\ncross: {responder_only: [none, one]}\n")
    assert values(sweep, "offset", "delay", "responder_only")[:7] == [
        ("0 s", "1 ms", "none"), ("0 s", "1 ms", "one"), ("0 s", "10 ms", "none"), ("0 s", "10 ms", "one"),
        ("0 s", "100 ms", "none"), ("0 s", "100 ms", "one"), ("500 ms", "1 ms", "none")]
    assert len(sweep.points) == 18 and [p.number for p in sweep.points] == list(range(18))


def test_a_list_may_leave_parameters_at_their_defaults():
    sweep = read(HEAD + "set: {rate: 10 Mbit/s}\ndesign:\n  kind: list\n  points:\n"
                 "    - {offset: 1 s}\n    - {offset: auto, delay: 1000 us}\n")
    assert values(sweep, "offset", "delay", "rate") == [("1 s", "40 ms", "10 Mbit/s"), ("auto", "1 ms", "10 Mbit/s")]


RANDOM = HEAD + """\
design_seed: %d
design:
  kind: %s
  samples: %d
  parameters:
    offset: {uniform: [-1 s, 1 s]}
    delay: {loguniform: [1 ms, 1 s]}
    jitter: {normal: {mean: 20 ms, sd: 10 ms, min: 10 ms}}
    ipsec_lifetime: {uniform: [120 s, 600 s], step: 60 s}
    loss: {uniform: [0 %%, 10 %%]}
    responder_only: {choice: [none, one], weights: [3, 1]}
"""


def numbers(sweep, name):
    from sweep.units import number_of
    return [number_of(point.parameters[name], sweep.scenario.kind(name)) for point in sweep.points]


@pytest.mark.parametrize("kind", ["random", "latin-hypercube"])
def test_samples_keep_to_their_distributions(kind):
    sweep = read(RANDOM % (1, kind, 200))
    offsets, delays, jitters = (numbers(sweep, name) for name in ("offset", "delay", "jitter"))
    assert -1 <= min(offsets) < -0.9 and 0.9 < max(offsets) <= 1 and abs(sum(offsets) / 200) < 0.1
    assert 0.001 <= min(delays) and max(delays) <= 1
    assert abs(sum(d < 0.0316 for d in delays) - 100) < 20
    assert 0.010 <= min(jitters) and 0.020 < sum(jitters) / 200 < 0.027
    assert set(numbers(sweep, "ipsec_lifetime")) == {60.0 * n for n in range(2, 11)}
    words = [word for word, in values(sweep, "responder_only")]
    assert abs(words.count("none") - 150) < 25


def test_a_latin_hypercube_has_each_part_of_each_parameter_once():
    sweep = read(RANDOM % (1, "latin-hypercube", 50))
    assert sorted(int((offset + 1) / 2 * 50) for offset in numbers(sweep, "offset")) == list(range(50))
    assert sorted(int(loss / 10 * 50) for loss in numbers(sweep, "loss")) == list(range(50))
    assert numbers(sweep, "offset") != sorted(numbers(sweep, "offset"))


def test_samples_depend_on_the_design_seed_alone():
    first, again, other = (read(RANDOM % (seed, "random", 20)) for seed in (1, 1, 2))
    assert [p.hash for p in first.points] == [p.hash for p in again.points]
    assert not {p.hash for p in first.points} & {p.hash for p in other.points}
    # More samples, and fewer parameters, leave the others as they are.
    more = read(RANDOM % (1, "random", 25))
    assert [p.hash for p in more.points[:20]] == [p.hash for p in first.points]
    fewer = read("".join(line for line in (RANDOM % (1, "random", 20)).splitlines(True) if "loss" not in line))
    assert numbers(fewer, "delay") == numbers(first, "delay")


def test_equal_samples_are_run_once():
    sweep = read(HEAD + "design: {kind: random, samples: 40, parameters: {responder_only: {choice: [none, one]}}}\n")
    assert len(sweep.points) == 2


def test_all_points_have_the_same_chance_unless_told_otherwise():
    text = HEAD + "design: {kind: grid, parameters: {offset: [0 s, 1 s]}}\nseeds: 3..5\n"
    sweep = read(text)
    assert [[sweep.seed(p, n) for n in range(3)] for p in sweep.points] == [[3, 4, 5], [3, 4, 5]]
    own = read(text + "random_numbers: own\n")
    seeds = [own.seed(p, n) for p in own.points for n in range(3)]
    assert len(set(seeds)) == 6 and all(1 <= seed <= 999999999 for seed in seeds)
    assert seeds == [read(text + "random_numbers: own\n").seed(p, n) for p in own.points for n in range(3)]


STOP = HEAD + """\
design: {kind: grid, parameters: {offset: [0 s, 1 s, 2 s]}}
seeds: {min: 4, max: 40, step: 3}
stop: {quantity: totals.ipsec_duplicates, at_least: 1, confidence: 90 %, half_width: 0.15}
"""


def play(sweep, outcome, chance=None, finished=()):
    """Plays a sweep: {point: runs}. `chance` picks which queued run ends next."""
    from sweep.plan import Plan
    known = {run_id: outcome(*key) for run_id, key in finished}
    plan = Plan(sweep, {run_id: "done" for run_id in known}, dict(known))
    asked = {}
    jobs = []
    while not plan.is_done:
        while plan.queue:
            jobs.append(plan.queue.popleft())
        job = jobs.pop(chance.randrange(len(jobs)) if chance else 0)
        asked[job["run_id"]] = (job["point"], job["seed"])
        plan.take(job, {"metrics": {"totals.ipsec_duplicates": outcome(job["point"], job["seed"])}})
    return asked


def test_a_stop_rule_wants_seeds_where_there_is_doubt():
    sweep = read(STOP)
    asked = play(sweep, lambda point, seed: float(point == 0 or point == 1 and seed % 2))
    runs = [sum(point == n for point, _ in asked.values()) for n in range(3)]
    assert runs[0] == runs[2] < runs[1] < 40
    assert sweep.stop.interval([1.0, 0.0] * (runs[1] // 2))[1] < 0.16


def test_a_stop_rule_does_not_depend_on_the_order_of_runs():
    sweep = read(STOP)
    def outcome(point, seed):
        return float(random.Random(f"{point} {seed}").random() < point / 3)
    once = play(sweep, outcome)
    for number in range(5):
        assert play(sweep, outcome, random.Random(number)) == once
    # What a stopped sweep has left is done, and nothing twice.
    first = list(once.items())[::2]
    rest = play(sweep, outcome, None, first)
    assert {**dict(first), **rest} == once and not dict(first).keys() & rest.keys()


@pytest.mark.parametrize("freedom, quantile", [(1, 12.7062), (2, 4.3027), (5, 2.5706), (30, 2.0423), (1000, 1.9623)])
def test_student(freedom, quantile):
    from sweep.interval import student_quantile
    assert student_quantile(0.95, freedom) == pytest.approx(quantile, abs=1e-4)


def test_intervals():
    from sweep.interval import mean_interval, share_interval
    # NIST/SEMATECH e-Handbook 7.2.4.1: 4 of 20, 90 %: 0.0901 (0.0903) to 0.3818 (0.3900).
    share, half = share_interval(4, 20, 0.90)
    assert share == 0.2 and half == pytest.approx(0.1428, abs=0.002)
    assert share_interval(0, 10, 0.95)[1] > 0.1
    assert mean_interval([1.0, 2.0, 3.0], 0.95) == (2.0, pytest.approx(2.4841, abs=1e-4))
    assert mean_interval([1.0], 0.95)[1] == float("inf")


@pytest.mark.parametrize("text, kind, number", [
    ("40 ms", "duration", 0.04), ("-5 s", "duration", -5), ("10 s + 3 ms", "duration", 10.003),
    ("auto", "duration", None), ("100 Mbit/s", "bandwidth", 1e8), ("0.5 %", "percent", 0.5), ("true", "boolean", 1),
    ("one", "choice", None), ("3", "integer", 3), ("3 s", "integer", None)])
def test_numbers_of_values(text, kind, number):
    from sweep.units import number_of
    assert number_of(text, kind) == number


@pytest.mark.parametrize("number, kind, text", [
    (0.04, "duration", "40 ms"), (-5, "duration", "-5 s"), (1 / 3, "duration", "333333333 ns"),
    (7200, "duration", "2 h"), (0, "duration", "0 s"), (1e8, "bandwidth", "100000000 bit/s"),
    (1e-7, "number", "0.0000001"), (0.5, "percent", "0.5 %"), (2.6, "integer", "3")])
def test_values_of_numbers(number, kind, text):
    from sweep.units import text_of
    assert text_of(number, kind) == text


def test_a_longer_sweep_numbers_the_points_of_a_shorter_one_anew(tmp_path):
    from sweep.database import Ledger
    from sweep.plan import Plan
    path = str(tmp_path / "x.sqlite")
    row = {"metrics": {"totals.messages": 9.0}, "series": {}, "host": "here", "build": "b", "begin": 0, "wall": 1}

    def fill(sweep, **options):
        ledger = Ledger(path, sweep, "b", **options)
        plan = Plan(sweep, ledger.finished(), {})
        ledger.add([(job, {**row, "run_id": job["run_id"]}) for job in plan.queue])
        rows = ledger.connection.execute("SELECT point, seed FROM runs ORDER BY point, seed").fetchall()
        ledger.close()
        return len(plan.queue), rows

    text = HEAD + "design: {kind: grid, parameters: {offset: [%s]}}\nseeds: 1..%d\n"
    assert fill(read(text % ("2 s, 3 s", 1))) == (2, [(0, 1), (1, 1)])
    assert fill(read(text % ("1 s, 2 s", 2)), extend=True) == (3, [(-1, 1), (0, 1), (0, 2), (1, 1), (1, 2)])


GRID = "design: {kind: grid, parameters: {%s}}\n"
ERRORS = {
    "no yaml": ("version: 1\n  name: x\n", "2:7: not YAML"),
    "empty": ("", "1:1: this file is empty"),
    "a list": ("- 1\n", "1:1: this is no mapping; expected a mapping with version"),
    "unknown key": (HEAD + "desing: 1\n", "4:1: unknown key 'desing'; expected version, name", "(did you mean 'design'?)"),
    "key twice": (HEAD + "name: y\n", "4:1: 'name' stands here twice"),
    "key missing": ("version: 1\nname: x\n", "1:1: 'scenario:' is missing"),
    "version": ("version: 2\nname: x\nscenario: x\n", "1:10: version '2' is not known; expected 1"),
    "name": ("version: 1\nname: a b\nscenario: x\n", "2:7: 'a b' is no name"),
    "no scenario": ("version: 1\nname: x\nscenario: vti-convergense\n", "3:11: there is no scenario 'vti-convergense'; expected a file",
                    "did you mean 'vti-convergence'?"),
    "no scenario file": ("version: 1\nname: x\nscenario: x.yaml\n", "3:11: there is no file './x.yaml'"),
    "no parameter": (HEAD + "set: {dela: 1 s}\n", "4:7: scenario 'vti-convergence' has no parameter 'dela'",
                     "(did you mean 'delay'?)"),
    "value": (HEAD + "set: {delay: 1 furlong}\n", "4:14: parameter 'delay': '1 furlong' is not right",
              "expected a duration, as '40 ms' from 0 s to 10 s"),
    "value of a grid": (HEAD + GRID % "responder_only: [none, boht]", "4:58: parameter 'responder_only': 'boht' is not right",
                        "(did you mean 'both'?)"),
    "out of range": (HEAD + GRID % "delay: {from: 0 s, to: 11 s, count: 3}", "4:58: parameter 'delay': '11 s'",
                     "expected 0 s to 10 s"),
    "count": (HEAD + GRID % "delay: {from: 0 s, to: 1 s, count: 1}", "4:70: '1' is not right; expected a whole number"),
    "no values": (HEAD + GRID % "delay: []", "4:42: this list is empty; expected a list of values"),
    "point twice": (HEAD + GRID % "delay: [1 s, 1000 ms]", "4:48: this point is the same as another: delay=1000 ms"),
    "kind": (HEAD + "design: {kind: gird}\n", "4:16: 'gird' is not right", "(did you mean 'grid'?)"),
    "key of another kind": (HEAD + "design: {kind: list, samples: 3}\n", "4:22: unknown key 'samples'"),
    "list without points": (HEAD + "design: {kind: list}\n", "4:9: 'points:' is missing"),
    "in two places": (HEAD + "set: {delay: 1 s}\n" + GRID % "delay: [2 s]",
                      "5:43: parameter 'delay' has values in 'set:' already"),
    "samples": (HEAD + "design: {kind: random, samples: 0, parameters: {delay: {uniform: [0 s, 1 s]}}}\n",
                "4:33: '0' is not right"),
    "no distribution": (HEAD + "design: {kind: random, samples: 1, parameters: {delay: {step: 1 s}}}\n",
                        "4:56: this is no distribution; expected one of uniform"),
    "distribution": (HEAD + "design: {kind: random, samples: 1, parameters: {delay: {unifrom: [0 s, 1 s]}}}\n",
                     "4:57: unknown key 'unifrom'", "(did you mean 'uniform'?)"),
    "ends": (HEAD + "design: {kind: random, samples: 1, parameters: {delay: {uniform: [1 s, 0 s]}}}\n",
             "4:66: the first value is not less than the second"),
    "logarithm of zero": (HEAD + "design: {kind: random, samples: 1, parameters: {delay: {loguniform: [0 s, 1 s]}}}\n",
                          "4:69: a logarithmic distribution has values greater than zero"),
    "number for a choice": (HEAD + "design: {kind: random, samples: 1, parameters: {responder_only: {uniform: [1, 2]}}}\n",
                            "4:76: '1' is no number for parameter 'responder_only'"),
    "limits": (HEAD + "design: {kind: random, samples: 1, parameters: {rate: {normal: {mean: 1 Mbit/s, sd: 1 kbit/s}}}}\n",
               "4:64: 'min:' is missing: parameter 'rate' has no range"),
    "weights": (HEAD + "design: {kind: random, samples: 1, parameters: "
                "{responder_only: {choice: [none, one], weights: [1]}}}\n", "4:96: there are 1 weights for 2 values"),
    "not together": (HEAD + GRID % "reboot: [23 h]", "4:44: the scenario cannot have reboot=23 h",
                     "the event at 23 h never happens"),
    "seeds": (HEAD + "seeds: 5..3\n", "4:8: '5..3' names no seeds; expected seeds as 1..10"),
    "seed twice": (HEAD + "seeds: [1, 2, 1]\n", "4:15: seed 1 stands here twice"),
    "too many": (HEAD + "seeds: 1..99999999\n", "1:1: these are 99999999 runs; expected 10000000 at most"),
    "limits of seeds": (HEAD + "seeds: {min: 1, max: 2}\n", "4:8: these limits want a stop rule"),
    "stop without limits": (HEAD + "seeds: 1..3\nstop: {quantity: totals.messages, half_width: 1}\n",
                            "4:8: a stop rule wants seeds with limits"),
    "stop without width": (HEAD + "stop: {quantity: totals.messages}\n", "4:7: one of half_width and relative"),
    "confidence": (HEAD + "stop: {quantity: totals.messages, confidence: 100 %, half_width: 1}\n",
                   "4:47: '100 %' is not right; expected a share"),
    "quantity": (HEAD + "seeds: {min: 1, max: 2}\nstop: {quantity: totals.ipsec_duplicate, half_width: 1}\n",
                 "5:18: there is no quantity 'totals.ipsec_duplicate'", "did you mean 'ipsec_duplicates'?"),
    "metric": (HEAD + "metrics: [totals.*, totals.mesages]\n", "4:21: there is no quantity 'totals.mesages'",
               "did you mean 'messages'?"),
    "chance": (HEAD + "random_numbers: commn\n", "4:17: 'commn' is not right; expected common or own"),
}


@pytest.mark.parametrize("name", ERRORS)
def test_errors_name_their_place(name):
    from sweep.errors import SweepError
    text, *words = ERRORS[name]
    with pytest.raises(SweepError) as e:
        read(text)
    message = str(e.value)
    assert message.startswith("probe.yaml:" + words[0]), message
    assert all(word in message for word in words) and message.count("\n") == 0, message


def test_a_wrong_sweep_leaves_nothing(tmp_path):
    (tmp_path / "x.yaml").write_text(HEAD + "set: {delay: 99 h}\n")
    for words, error in [(["sweep", tmp_path / "x.yaml", "--out", tmp_path / "x.sqlite"], "x.yaml:4:14: "),
                         (["sweep", tmp_path / "y.yaml"], "y.yaml: there is no such file"),
                         (["sweep", "smok"], "(did you mean 'smoke'?)"),
                         (["sweep", "smoke", "--out", tmp_path / "no" / "x.sqlite"], "there is no folder"),
                         (["sweep", "smoke", "--jobs", "0"], "is no number from 1 on"),
                         (["sweep", "smoke", "--scheduler", "here"], "expected tcp://HOST:PORT"),
                         (["rerun", tmp_path / "x.yaml", "abc"], "this is no result database"),
                         (["export", tmp_path / "z", "--csv", tmp_path / "csv"], "there is no such file")]:
        done = command(*words)
        assert done.returncode == 2 and error in done.stderr, done.stderr
        assert "Traceback" not in done.stderr
    assert os.listdir(tmp_path) == ["x.yaml"]


@pytest.fixture(scope="module", name="validator")
def fixture_validator():
    with open(os.path.join(ROOT, "examples", "ike-sweep.schema.json"), encoding="utf-8") as f:
        schema = json.load(f)
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


@pytest.mark.parametrize("name", sorted(os.listdir(SHIPPED)))
def test_shipped_sweeps_are_right(validator, name):
    from sweep.sweepfile import load_sweep
    path = os.path.join(SHIPPED, name)
    with open(path, encoding="utf-8") as f:
        validator.validate(yaml.safe_load(f))
    sweep = load_sweep(path, PROGRAM)
    assert sweep.name == name[:-5] and sweep.title != sweep.name
    assert name != "collision.yaml" or sweep.most_runs >= 1000


def test_the_schema_takes_what_the_program_takes(validator):
    for text in (SHORT, STOP, RANDOM % (1, "random", 3), RANDOM % (1, "latin-hypercube", 3)):
        validator.validate(yaml.safe_load(text))
    for name in ("a list", "unknown key", "key missing", "version", "name", "kind", "key of another kind",
                 "list without points", "samples", "no distribution", "distribution", "count", "no values", "seeds",
                 "limits of seeds", "stop without width", "chance"):
        if name != "seeds":  # which of two numbers is greater, no schema knows
            assert not validator.is_valid(yaml.safe_load(ERRORS[name][0])), name


def document():
    with open(os.path.join(ROOT, "doc", "sweeps.md"), encoding="utf-8") as f:
        return f.read()


def test_the_document_has_every_key_option_and_column(validator):
    from sweep.commands import parser
    from sweep.database import TABLES
    from sweep.sweepfile import KEYS
    text = document()
    rows = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in text.splitlines() if line[:1] == "|"]
    assert [row[0].strip("| `") for row in rows if row[0].strip("| ").strip("`") in KEYS and len(row) == 4][:len(KEYS)] \
        == ["version", "name", "title", "scenario", "set", "design", "cross", "design_seed", "seeds", "random_numbers",
            "stop", "metrics", "series", "events"]
    table, columns = "", set()
    for row in rows:
        if len(row) == 4 and row[2] in ("text", "integer", "real"):
            table = row[0].strip("| `") or table
            columns |= {(table, name.strip(" `")) for name in row[1].split(",")}
    import sqlite3
    connection = sqlite3.connect(":memory:")
    connection.executescript(TABLES)
    there = {(name, column[1]) for name, in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
             for column in connection.execute(f"PRAGMA table_info({name})").fetchall()}
    assert columns == there
    commands = parser()._subparsers._group_actions[0].choices  # pylint: disable=protected-access
    for action in commands["sweep"]._actions:  # pylint: disable=protected-access
        for option in action.option_strings:
            assert option in ("-h", "--help", "--program", "--dry-run") or f"`... {option}" in text, option
    tour = text.split("```yaml\n")[1].split("```")[0]
    validator.validate(yaml.safe_load(tour))
    sweep = read(tour)
    assert len(sweep.points) == 16 and set(yaml.safe_load(tour)) == set(KEYS)
    assert f"{read_shipped('collision').most_runs:,} runs" in text


def read_shipped(name):
    from sweep.sweepfile import load_sweep
    return load_sweep(os.path.join(SHIPPED, name + ".yaml"), PROGRAM)
