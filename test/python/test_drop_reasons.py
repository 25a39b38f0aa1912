# SPDX-License-Identifier: GPL-2.0-only
"""What the sources can drop a packet for is what can be expected of results, and is documented."""
import glob
import os
import re

from conftest import ROOT

NAME = r'"([a-z0-9]+(?:-[a-z0-9]+)*)"'


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


def of_ipsec():
    table = read("model/base/ike-verdict.cc").split("DROP_REASON_COUNT> names{")[1].split("}")[0]
    return set(re.findall(NAME, table)) - {"none"}


def emitted():
    """Names in calls of Drop(), in `reason = ...`, and of the drops of IPv4."""
    found = set()
    for path in sorted(glob.glob(os.path.join(ROOT, "model/host/*.cc"))
                       + glob.glob(os.path.join(ROOT, "helper/ike-cloud-*.cc"))
                       + [os.path.join(ROOT, "helper/ike-ledger-probe.cc")]):
        text = read(path)
        for statement in re.findall(r"\bDrop\(([^;]*);|\breason = ([^;]*);", text):
            found.update(re.findall(NAME, "".join(statement)))
    probe = read("helper/ike-ledger-probe.cc").split("\nReasonOf(")[1].split("\n}\n")[0]
    return found | set(re.findall("return " + NAME, probe))


def test_quantities():
    text = read("helper/ike-results-quantities.cc").split("for (const char* reason :")[1]
    listed = set(re.findall(NAME, text.split("})")[0]))
    assert {"too-large", "bad-envelope", "nat-esp", "no-route", "loss"} <= emitted()
    assert listed | of_ipsec() == emitted() | of_ipsec()


def test_documentation():
    text = read("doc/scenarios.md").split("\nReasons of drops: ")[1].split("\n\n")[0]
    assert set(re.findall(r"`([a-z0-9-]+)`", text)) == emitted() | of_ipsec()
