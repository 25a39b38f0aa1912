# SPDX-License-Identifier: GPL-2.0-only
"""Reports: what came out of runs as one page that needs nothing else, and as pictures beside it.

Nothing here needs the compiled part of ns3ike. `source` reads results of all kinds, `exhibit` makes the runs of which
the page shows everything, the sections (`overview`, `duplicates`, `collision`, `lives`, `ladder`, `packets`, `network`)
say what stands on the page and draw with `chart`, which Vega (`vega`) or matplotlib (`picture`) turn into pictures;
`page` puts all of it together. doc/report.md shows one.
"""
