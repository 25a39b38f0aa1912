#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Count what a JUnit file of pytest or ctest holds.

    ike-count-results.py FILE STATUS    prints "passed failed skipped"; STATUS is the runner's own
    ike-count-results.py --skips FILE   prints what was skipped, and why

A ctest of ns-3's test runner is one entry for a whole suite: its verbose output names the cases,
which are what is counted. A suite says that it left something out with a line "SKIPPED what: why".
"""
import re
import sys
import xml.etree.ElementTree as ET

RESULT = re.compile(r"^( *)(PASS|FAIL|CRASH|SKIP)[: ]")


def suite_cases(output):
    """(passed, failed) of the innermost cases in the verbose output of ns-3's test runner."""
    rows = []
    for line in output.splitlines():
        match = RESULT.match(line)
        if match:
            rows.append((len(match.group(1)), match.group(2)))
    # A suite stands above its cases, which are indented: a row is innermost unless the next one
    # is deeper.
    inner = [r for i, (depth, r) in enumerate(rows)
             if i + 1 == len(rows) or rows[i + 1][0] <= depth]
    return inner.count("PASS"), len(inner) - inner.count("PASS")


def not_run(case):
    """ctest calls a test skipped when it could not even start it: that is a failure."""
    return case.get("status") == "notrun" and any(
        not s.get("message", "").startswith("SKIP_") for s in case.findall("skipped"))


def skips_of(case):
    found = []
    if not not_run(case):
        found = ["%s: %s" % (case.get("name"), s.get("message", ""))
                 for s in case.findall("skipped")]
    output = "".join(e.text or "" for e in case.findall("system-out"))
    found += [line.strip() for line in output.splitlines() if line.startswith("SKIPPED ")]
    return found


def count(path, status):
    passed = failed = skipped = 0
    try:
        cases = list(ET.parse(path).getroot().iter("testcase"))
    except (OSError, ET.ParseError):
        return 0, 1, 0
    for case in cases:
        bad = case.find("failure") is not None or case.find("error") is not None \
            or not_run(case)
        output = "".join(e.text or "" for e in case.findall("system-out"))
        good_cases, bad_cases = suite_cases(output)
        skips = skips_of(case)
        skipped += len(skips)
        if good_cases + bad_cases:
            # ns-3 knows no skipping: a case that left itself out is among those that passed.
            passed += max(0, good_cases - len(skips))
            failed += max(bad_cases, 1 if bad else 0)
        elif bad:
            failed += 1
        elif not skips:
            passed += 1
    if status != 0 and failed == 0:
        failed = 1
    return passed, failed, skipped


def main():
    if sys.argv[1] == "--skips":
        try:
            cases = ET.parse(sys.argv[2]).getroot().iter("testcase")
        except (OSError, ET.ParseError):
            return
        for line in dict.fromkeys(s for case in cases for s in skips_of(case)):
            print("  " + line)
    else:
        print(*count(sys.argv[1], int(sys.argv[2])))


if __name__ == "__main__":
    main()
