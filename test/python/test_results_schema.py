# SPDX-License-Identifier: GPL-2.0-only
"""The results of every shipped scenario keep to the published schema."""
import json
import os

import jsonschema
import pytest
import yaml
from conftest import ROOT, scenario_files


@pytest.fixture(scope="module")
def validator():
    with open(os.path.join(ROOT, "examples", "ike-results.schema.json"), encoding="utf-8") as f:
        schema = json.load(f)
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


def complaints(validator, results):
    return ["/".join(map(str, e.absolute_path)) + ": " + e.message
            for e in validator.iter_errors(results)]


def test_there_are_scenarios():
    assert scenario_files()


@pytest.mark.parametrize("path", scenario_files(), ids=os.path.basename)
def test_results_keep_to_the_schema(ike_sim, validator, tmp_path, path):
    with open(path, encoding="utf-8") as f:
        declared = yaml.safe_load(f).get("parameters", {})
    short = ["--set", "duration=120 s"] if "duration" in declared else []
    # An expectation may fail in so short a run (status 1); the results are written all the same.
    done = ike_sim("run", path, *short, "--out", tmp_path, status=None)
    assert done.returncode in (0, 1), done.stderr
    results = json.loads((tmp_path / "results.json").read_text())
    assert not complaints(validator, results)
    series_add_up(results)


def series_add_up(results):
    """In each bucket offered = delivered + dropped + in flight; all buckets together are totals."""
    series, totals = results["series"], results["totals"]
    columns = {name: column for name, column in series.items() if isinstance(column, list)}
    dropped = list(series["packets_dropped"].values())
    assert len({len(column) for column in [*columns.values(), *dropped]}) == 1
    for i, offered in enumerate(series["packets_offered"]):
        ended = sum(column[i] for column in dropped)
        assert offered == series["packets_delivered"][i] + series["packets_in_flight"][i] + ended
    for name in columns.keys() & totals.keys():
        assert sum(columns[name]) == totals[name], name
    assert sum(map(sum, dropped)) == sum(totals["packets_dropped"].values())
    assert (len(dropped[0]) - 1) * series["width_seconds"] < results["duration_seconds"]


def test_the_demo_keeps_to_the_schema(demo, validator):
    for variant in ["without", "with"]:
        assert not complaints(validator, json.loads((demo / variant / "results.json").read_text()))


def test_the_schema_refuses(demo, validator):
    """A missing total and a name that nobody defined are found."""
    results = json.loads((demo / "with" / "results.json").read_text())
    del results["totals"]["ipsec_duplicates"]
    assert complaints(validator, results)
