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


def test_the_demo_keeps_to_the_schema(demo, validator):
    for variant in ["without", "with"]:
        assert not complaints(validator, json.loads((demo / variant / "results.json").read_text()))


def test_the_schema_refuses(demo, validator):
    """A missing total and a name that nobody defined are found."""
    results = json.loads((demo / "with" / "results.json").read_text())
    del results["totals"]["ipsec_duplicates"]
    assert complaints(validator, results)
