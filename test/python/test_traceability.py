# SPDX-License-Identifier: GPL-2.0-only
"""Suites and scenarios that the documents name as evidence are there."""
import glob
import os
import re

import pytest
from conftest import ROOT, SCENARIOS

STORIES = sorted(os.path.relpath(path, ROOT) for path in glob.glob(os.path.join(ROOT, "doc", "stories", "*.md")))
DOCUMENTS = ["doc/traceability.md", "doc/passive-mode.md", *STORIES]


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as f:
        return f.read()


def suites():
    """Names of all TestSuites."""
    found = set()
    for path in glob.glob(os.path.join(ROOT, "test", "*.cc")):
        found |= set(re.findall(r'TestSuite\(\s*"([^"]+)"', read(path)))
    return found


@pytest.mark.parametrize("document", DOCUMENTS)
def test_suites_are_there(document):
    known = suites()
    named = set(re.findall(r"`((?:ike|ikev1|ipsec|esp)-[a-z0-9-]+)`", read(document)))
    assert named, "a document about tests names some"
    assert named - known - {"ike-test-runner"} == set()


@pytest.mark.parametrize("document", DOCUMENTS)
def test_scenarios_are_there(document):
    for name in set(re.findall(r"`(passive-[a-z-]+)[ `]", read(document))):
        assert os.path.exists(os.path.join(SCENARIOS, name + ".yaml")), name


@pytest.mark.parametrize("document", DOCUMENTS)
def test_python_files_are_there(document):
    for path in set(re.findall(r"`(test/python/[a-z_]+\.py)`", read(document))):
        assert os.path.exists(os.path.join(ROOT, path)), path
