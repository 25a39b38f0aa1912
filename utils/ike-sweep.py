#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Sweeps from the command line: sweep, rerun, export. See doc/sweeps.md.

Takes the package sweep from the source tree, without the compiled part of ns3ike.
"""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "bindings", "ns3ike"))

from sweep.commands import main  # noqa: E402 # pylint: disable=wrong-import-position

if __name__ == "__main__":
    sys.exit(main())
