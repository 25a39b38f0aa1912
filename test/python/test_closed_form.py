# SPDX-License-Identifier: GPL-2.0-only
"""The number of SAs over the start offset, in ns-3, against doc/closed-form.md."""
import importlib.util
import os

import pytest


@pytest.fixture(scope="module")
def closed_form(root):
    path = os.path.join(root, "utils", "ike-closed-form.py")
    spec = importlib.util.spec_from_file_location("ike_closed_form", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("installs", ["message-2", "message-3"])
def test_every_simulation_is_on_the_theory(closed_form, ike_sim, installs):
    points = closed_form.simulate(ike_sim.program, installs)
    assert len(points) == len(closed_form.offsets(installs)) == 31
    assert closed_form.off_theory({installs: points}) == []
    # the step positions are exact: a nanosecond decides
    at = {round(p[0] * 1e6): p[1:] for p in points}
    step = closed_form.INSTALLS[installs] * closed_form.DELAY_MS * 1000000
    assert (at[step - 1], at[step + 1]) == ((1, 2), (1, 1))
