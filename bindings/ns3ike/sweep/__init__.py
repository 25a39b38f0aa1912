# SPDX-License-Identifier: GPL-2.0-only
"""Sweeps: a scenario over a design of parameters and seeds, on all cores or on a cluster, into one SQLite file.

Nothing here needs the compiled part of ns3ike: runs are processes of the program ike-sim. doc/sweeps.md describes the
sweep file and the tables.
"""
