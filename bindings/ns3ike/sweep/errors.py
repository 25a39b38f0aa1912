# SPDX-License-Identifier: GPL-2.0-only
"""What goes wrong with sweeps, said with its place."""
import difflib


class SweepError(ValueError):
    """A sweep, a result database or a command line is wrong: exit status 2."""


class RunFailed(RuntimeError):
    """A run did not come to its end: recorded, and the sweep goes on."""


def nearest(word, names):
    """" (did you mean 'delay'?)", or nothing."""
    close = difflib.get_close_matches(str(word), [str(name) for name in names], n=1)
    return f" (did you mean '{close[0]}'?)" if close else ""


def listed(names):
    """"a, b or c"."""
    names = [str(name) for name in names]
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " or " + names[-1]


def choice(word, names):
    """What was expected in the place of a word, for behind "expected"."""
    return listed(names) + nearest(word, names)
