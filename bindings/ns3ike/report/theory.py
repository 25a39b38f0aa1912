# SPDX-License-Identifier: GPL-2.0-only
"""The closed form of doc/closed-form.md, and what becomes of it when packets take a random time."""
import math

#: One-way delays until the late end has what keeps it from beginning: an ISAKMP SA; a pair, by ResponderInstalls.
ISAKMP_STEPS = 5
PAIR_STEPS = {"message-2": 7, "message-3": 9}


def sas(offset, delay, installs):
    """(ISAKMP SAs, pairs) that stand when the starts lie so far apart, in any unit; never at a step itself."""
    d = abs(offset) / delay
    return (2 if d < ISAKMP_STEPS else 1, 2 if d < PAIR_STEPS[installs] else 1)


def sum_of_uniform(count, x):
    """Probability that the sum of so many independent values, uniform from 0 to 1, is at most x (Irwin and Hall)."""
    if x <= 0 or x >= count:
        return 0.0 if x <= 0 else 1.0
    if x > count / 2:
        # The tail that is nearer loses no digits.
        return 1.0 - sum_of_uniform(count, count - x)
    return sum((-1) ** k * math.comb(count, k) * (x - k) ** count
               for k in range(int(x) + 1)) / math.factorial(count)


def probability(offset, delay, jitter, steps):
    """That a late start still collides: that so many one-way delays, each up to jitter longer, take longer than it."""
    beyond = abs(offset) - steps * delay
    if jitter <= 0:
        return 1.0 if beyond < 0 else 0.0
    return 1.0 - sum_of_uniform(steps, beyond / jitter)


def applies(run):
    """Does the closed form speak of this run? Its assumptions, by the parameters of vti-convergence."""
    wanted = {"offset", "delay", "responder_installs", "responder_only", "early_answers"}
    return (wanted <= set(run.parameters) and "offset" in run.numbers and run.numbers.get("delay", 0) > 0
            and run.parameters["early_answers"] == "true" and run.parameters["responder_installs"] in PAIR_STEPS
            and run.numbers.get("loss", 0) == 0 and run.parameters["responder_only"] in ("none", "one")
            and run.parameters.get("reboot", "never") == "never")


def of_run(run, quantity):
    """Probability that a run has a duplicate of this kind: "isakmp" or "pairs"."""
    if run.parameters["responder_only"] != "none":
        return 0.0
    steps = ISAKMP_STEPS if quantity == "isakmp" else PAIR_STEPS[run.parameters["responder_installs"]]
    return probability(run.numbers["offset"], run.numbers["delay"], run.numbers.get("jitter", 0.0), steps)
