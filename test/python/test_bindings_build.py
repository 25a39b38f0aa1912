# SPDX-License-Identifier: GPL-2.0-only
"""Scenarios made of Python objects: the same as files, errors that lead to the line of Python."""
import datetime
import os

import pytest
from conftest import scenario_files
from ns3ike_package import ns3ike, two_routers


def everything():
    """A scenario that uses each method."""
    scenario = ns3ike.Scenario("tour", title="Every method once", duration="${length}", seed=5,
                               description="Line one\nline two", profile="strongswan")
    scenario.parameter("length", type="duration", default=datetime.timedelta(seconds=30),
                       range=["10 s", "1 h"], help="Length of the run.")
    scenario.parameter("mode", type="choice", choices=["plain", "lossy"], default="plain",
                       help="What happens.")
    scenario.parameter("begin", type="duration", default="never", words=["never"], help="When.")
    scenario.parameter("size", type="integer", default=200, unit="B", help="Of a packet.")
    for me, other in ((1, 2), (2, 1)):
        scenario.router("R%d" % me, [
            ns3ike.vti_router("R%d" % me, wan="198.51.100.%d/30" % (4 * me + 2), key="k",
                              peer="198.51.100.%d" % (4 * other + 2), tunnel="10.0.0.%d/30" % me,
                              routes=["10.%d.0.0/24" % other], pfs=14),
            "interface Ethernet0/1\n ip address 10.%d.0.1 255.255.255.0" % me],
            profile="libreswan" if me == 1 else "")
        scenario.host("H%d" % me)
        scenario.link("lan%d" % me, {"H%d" % me: "10.%d.0.10/24" % me,
                                     "R%d" % me: "Ethernet0/1"})
        scenario.link("wan%d" % me, {"R%d" % me: "Ethernet0/0",
                                     "I%d" % me: "198.51.100.%d/30" % (4 * me + 1)}, delay="5 ms")
    scenario.internet("I1", "I2").underlay(routing="rip", update="5 s", timeout="30 s",
                                           garbage="20 s")
    scenario.link("core", {"I1": "192.0.2.1/30", "I2": "192.0.2.2/30"}, rate="10 Mbit/s",
                  delay="20 ms", jitter="1 ms", loss="1 %", queue="50 packets")
    scenario.learn(router="R1", route="198.51.100.8 255.255.255.252 198.51.100.5", from_="I1",
                   prefix="198.51.100.8/30", poll="20 ms")
    scenario.learn(router="R2", route="198.51.100.4 255.255.255.252 198.51.100.9", from_="I2",
                   prefix="198.51.100.4/30")
    scenario.knobs("all", RestartPause="5 s").knobs("account", Grace="30 s")
    scenario.capture("R1 Ethernet0/0")
    scenario.event("9 s", router="R1", type=["show crypto isakmp sa"])
    scenario.flow("H1-H2", "H1", "H2", size="${size} B", every="500 ms", start="1 s")
    scenario.expect("totals.packets_clear", equals=0)
    scenario.variant({"mode": "lossy"}, network={"links": {"core": {"loss": "20 %"}}},
                     expect=[{"quantity": "totals.packets_delivered", "at_least": 0}])
    return scenario


def test_every_method_is_a_section():
    scenario = everything()
    scenario.check()
    plain = scenario.expand({"length": "20 s"})
    assert plain.duration == 20 and plain.seed == 5 and plain.routers == ["R1", "R2"]
    assert scenario.expand({"mode": "lossy"}).hash != scenario.expand().hash
    assert scenario.parameters["begin"].words == ["never"]
    assert scenario.parameters["length"].default == "30 s"
    assert scenario.description == "Line one\nline two"


def test_the_text_is_a_scenario_file(tmp_path):
    scenario = everything()
    scenario.save(tmp_path / "tour.yaml")
    again = ns3ike.load(tmp_path / "tour.yaml")
    assert again.expand().hash == scenario.expand().hash
    assert again.run({"length": "15 s"}) == scenario.run({"length": "15 s"})
    with pytest.raises(TypeError, match="can be added to"):
        again.host("H9")


@pytest.mark.parametrize("path", scenario_files(), ids=os.path.basename)
def test_shipped_scenarios_expand(path):
    assert ns3ike.load(path).expand().hash


def test_sites_and_clouds():
    scenario = ns3ike.Scenario("star", duration="10 s")
    scenario.cloud("core", delay="20 ms")
    scenario.sites(name="S", count=4, cloud="core", wan="172.16.0.0/12", lan="10.0.0.0/8",
                   partners="mesh", traffic={"size": "100 B", "every": "1 s"})
    assert scenario.expand().routers == ["S1", "S2", "S3", "S4"]
    assert scenario.run().totals["packets_clear"] > 0


def test_an_error_leads_to_the_line_of_python():
    scenario = two_routers()
    scenario.event("10 s", link="cor", state="down"); here = "test_bindings_build.py"
    with pytest.raises(ns3ike.ScenarioError, match="unknown link 'cor'") as raised:
        scenario.expand()
    error = raised.value
    assert error.file == "two" and error.line > 0 and error.column > 0
    assert error.source and error.source in scenario.text.split("\n")[error.line - 1]
    name, line = error.origin.rsplit(":", 1)
    assert os.path.basename(name) == here
    with open(__file__, encoding="utf-8") as file:
        assert 'link="cor"' in file.read().split("\n")[int(line) - 1]


@pytest.mark.parametrize("indent", ["", "    "])
def test_an_error_in_ios_text_stands_at_its_word(indent):
    scenario = two_routers()
    scenario.router("R3", "\n" + indent + "hostname R3\n" + indent + "interface Ethernet0/0\n"
                    + indent + " ip adress 10.0.0.1 255.0.0.0\n")
    with pytest.raises(ns3ike.ScenarioError, match="did you mean 'address'") as raised:
        scenario.expand()
    line = scenario.text.split("\n")[raised.value.line - 1]
    assert line[raised.value.column - 1:].startswith("adress")
    assert raised.value.source == "ip adress 10.0.0.1 255.0.0.0"


ODD = ["", " ", "a b", "a/b", "../x", "'", '"', "#", "a: b", "${x}", "-", "ü", "\u2028", "\x7f",
       "a\tb", "a\nb", "all", "*", "&x", "!x", "{}", "null", "~", "1", "1.0", "x" * 300]


@pytest.mark.parametrize("name", ODD, ids=repr)
def test_odd_names_are_scenario_errors_or_work(name):
    """Whatever somebody writes, nothing worse than an exception comes of it."""
    for build in (lambda s: s.host(name), lambda s: s.router(name, "hostname X"),
                  lambda s: s.cloud(name), lambda s: s.flow(name, "R1", name),
                  lambda s: s.event("1 s", router="R1", type=[name]),
                  lambda s: s.knobs("all", **{name or "x": name}),
                  lambda s: s.parameter(name, type="integer", default=name, help=name)):
        scenario = two_routers()
        build(scenario)
        try:
            scenario.expand()
        except ns3ike.ScenarioError as error:
            assert str(error)


def test_text_stays_as_it_is():
    for text in ODD:
        if "$" not in text:
            assert ns3ike.Scenario("x", duration="1 s", description=text or "-").description == (
                text or "-"), repr(text)


def test_a_lone_surrogate_is_a_value_error():
    with pytest.raises(ValueError):
        ns3ike.Scenario("x", duration="1 s", title="\ud800").expand()


def test_what_is_missing_or_twice():
    with pytest.raises(ValueError, match="'R1' is there already"):
        two_routers().router("R1", "hostname R1")
    with pytest.raises(ns3ike.ScenarioError, match="nonsense"):
        two_routers().event("1 s", nonsense=1).expand()
    with pytest.raises(ns3ike.ScenarioError, match="with its unit"):
        ns3ike.Scenario("x", duration="sixty").expand()


@pytest.mark.parametrize("change, message", [
    (lambda s: s.router("R3", "hostname a/b").capture("R3"), "without '/'"),
    (lambda s: s.router("a/b", "hostname a").capture("a/b"), "without '/'"),
    (lambda s: s.router("x" * 101, "hostname a").capture("x" * 101), "at most 100"),
    (lambda s: s.cloud("other", {}, queue="4294967296 packets"), "up to 1000000000"),
    (lambda s: s.host("H1").link("x" * 101, {"H1": "10.9.0.2/24", "R1": "Ethernet0/1"})
     .capture("H1"), "unknown interface|at most 100"),
], ids=range(5))
def test_what_ns3_would_abort_for_is_refused(change, message):
    with pytest.raises(ns3ike.ScenarioError, match=message):
        change(two_routers()).expand()


def test_a_multicast_tunnel_destination_has_no_path():
    """Static routing of ns-3 does not survive the question."""
    scenario = ns3ike.Scenario("multicast", duration="2 s")
    for me in (1, 2):
        scenario.router("R%d" % me, ns3ike.vti_router(
            "R%d" % me, wan="203.0.113.%d/24" % me, peer="224.0.0.%d" % (3 - me), key="k",
            tunnel="10.0.0.%d/30" % me))
    scenario.cloud("core", {"R1": "Ethernet0/0", "R2": "Ethernet0/0"})
    assert scenario.run(isolate=True).totals["negotiations_begun"] == 0
