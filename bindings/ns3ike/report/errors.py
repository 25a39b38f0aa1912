# SPDX-License-Identifier: GPL-2.0-only
"""What goes wrong with reports."""


class ReportError(ValueError):
    """The results, or the command line, are wrong: exit status 2, and no file."""
