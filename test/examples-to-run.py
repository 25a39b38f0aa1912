#! /usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The examples that ns-3's test.py runs: (program with arguments, run it?, run it in valgrind?)."""
cpp_examples = [
    ("ike-sim --help", "True", "False"),
    ("ike-topology --hubs=2 --spokes=6 --homes=2 --fan=4", "True", "False"),
]
python_examples = []
