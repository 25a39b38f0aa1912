# SPDX-License-Identifier: GPL-2.0-only
"""The Python package of the build folder, for tests: from ns3ike_package import ns3ike."""
import os
import sys

import pytest
from conftest import BUILD

PACKAGE = os.path.join(BUILD, "python")
sys.path.insert(0, PACKAGE)
try:
    ns3ike = pytest.importorskip("ns3ike")
finally:
    sys.path.remove(PACKAGE)


def two_routers(name="two", responder_only=(), duration="30 s", **options):
    """Two routers with a tunnel across a cloud, and traffic from one to the other."""
    scenario = ns3ike.Scenario(name, duration=duration, **options)
    for me, other in ((1, 2), (2, 1)):
        scenario.router("R%d" % me, ns3ike.vti_router(
            "R%d" % me, wan="203.0.113.%d/24" % me, peer="203.0.113.%d" % other, key="a-key",
            tunnel="10.0.0.%d/30" % me, lan="10.%d.0.1/24" % me,
            routes=["10.%d.0.0/24" % other], responder_only="R%d" % me in responder_only))
    scenario.cloud("core", {"R1": "Ethernet0/0", "R2": "Ethernet0/0"}, delay="20 ms")
    scenario.flow("R1-R2", "R1", "R2", every="100 ms")
    return scenario


def child_environment(package=PACKAGE):
    """Of a process that imports the package."""
    return {**os.environ, "PYTHONPATH": package, "PYTHONDONTWRITEBYTECODE": "1"}
