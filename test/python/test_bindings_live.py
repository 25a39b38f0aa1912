# SPDX-License-Identifier: GPL-2.0-only
"""Runs that are looked at, typed at and disturbed while they go on."""
import copy
import gc
import pickle
import subprocess
import sys
import threading

import pytest
from ns3ike_package import child_environment, ns3ike, two_routers


@pytest.fixture
def live():
    with ns3ike.Run(two_routers(responder_only=["R2"]), seed=1) as run:
        yield run


def test_stretches_give_what_a_whole_run_gives():
    """At the very end, too, where several things happen at one moment."""
    scenario = two_routers(duration="10 s")
    whole = scenario.run(seed=2)
    with ns3ike.Run(scenario, seed=2) as run:
        times = [run.until(t) for t in ("0 s", "2500 ms", 5, 5.0, "10 s")]
        assert times == [0, 2.5, 5, 5, 10]
        assert run.finish() == whole
        assert run.over and run.now == 10
    with ns3ike.Run(scenario, seed=2) as run:
        while run.now < run.duration:
            run.step("1700 ms")
        assert run.finish() == whole


def test_sas_and_pairs_of_both_ends(live):
    live.until("1 s")
    ends = {name: live.router(name) for name in live.routers}
    sas = {name: end.sas() for name, end in ends.items()}
    assert [len(s) for s in sas.values()] == [1, 1]
    one, other = sas["R1"][0], sas["R2"][0]
    assert one.initiator_cookie == other.initiator_cookie and len(one.initiator_cookie) == 8
    assert (one.role, other.role) == ("initiator", "responder")
    assert one.state == "QM_IDLE" and one.established and one.lifetime == 86400
    assert one.peer == other.local == "203.0.113.2"
    live.until("2 s")
    a, b = ends["R1"].pairs()[0], ends["R2"].pairs()[0]
    assert a.inbound_spi == b.outbound_spi and a.outbound_spi == b.inbound_spi
    assert a.selected and a.cipher == "aes-cbc" and a.integrity == "hmac-sha256-128"
    assert 0 < a.packets_out and a.packets_out - b.packets_in in (0, 1)
    assert a.bytes_out == a.packets_out * 228
    assert ends["R1"].lines() == {"Tunnel0": True}
    counters = ends["R1"].counters()["outbound"]
    assert counters["in"] == counters["passed"] + counters["bypassed"] + sum(
        counters["discarded"].values())


def test_the_console(live):
    live.until("1 s")
    router = live.router("R1")
    assert "QM_IDLE" in router.type("show crypto isakmp sa")
    assert "not a known command" in router.type("shwo")
    router.type("enable", "clear crypto sa")
    assert router.pairs() == [] or not router.pairs()[0].live
    with pytest.raises(ValueError, match="more than one line"):
        router.type("enable\nconfigure terminal")
    with pytest.raises(ValueError, match="did you mean|unknown router"):
        live.router("R3")


def test_losses_are_injected(live):
    live.until("5 s")
    cloud = live.cloud("core")
    cloud.drop("esp", between=["R1", "R2"])
    live.until("10 s")
    cloud.let_pass("esp")
    live.until("15 s")
    cloud.door_down("R2")
    live.until("16 s")
    cloud.door_up("R2")
    results = live.finish()
    dropped = results["totals"]["packets_dropped"]
    assert 49 <= dropped["filtered"] <= 50
    assert results["violations"] == []


def test_a_reboot_now_and_one_later(live):
    live.until("2 s")
    live.router("R2").reboot("1 s")
    assert live.router("R2").reloading
    live.inject(at="8 s", router="R2", reboot={"down": "2 s"})
    live.until("4 s")
    assert not live.router("R2").reloading
    live.until("9 s")
    assert live.router("R2").reloading
    assert live.finish()["totals"]["packets_dropped"]["reload"] > 0


def test_links_and_nats():
    import os

    from conftest import SCENARIOS
    with ns3ike.Run(os.path.join(SCENARIOS, "nat-traversal.yaml"), {"duration": "60 s"}
                    if "duration" in ns3ike.load(
                        os.path.join(SCENARIOS, "nat-traversal.yaml")).parameters else {}) as run:
        run.until("5 s")
        run.nat("N1").flush()
        with pytest.raises(ns3ike.ScenarioError, match="unknown link"):
            run.link("nonsense").down()
        run.until("6 s")


@pytest.mark.parametrize("event, message", [
    ({"cloud": "cor", "drop": "esp"}, "did you mean 'core'"),
    ({"cloud": "core", "drop": "everything"}, "everything"),
    ({"cloud": "core", "drop": "esp", "between": ["R1", "R9"]}, "R9"),
    ({"router": "R1", "reboot": {"down": "-1 s"}}, "negative"),
    ({"router": "R1", "reboot": {}}, "down"),
    ({"at": "31 s", "router": "R1", "reboot": {"down": "1 s"}}, "ends before"),
    ({"at": "soon", "router": "R1", "reboot": {"down": "1 s"}}, "soon"),
    ({"router": "R1", "type": "enable"}, "type"),
    ({"nonsense": 1}, "nonsense"),
    ({}, "at|one of"),
], ids=str)
def test_a_wrong_event_is_refused_and_the_run_goes_on(live, event, message):
    live.until("1 s")
    with pytest.raises(ValueError, match=message):
        live.inject(**event)
    live.until("2 s")
    assert live.finish()["violations"] == []


@pytest.mark.parametrize("time, error", [
    ("soon", ValueError), (-1, ValueError), (float("nan"), ValueError), (1e300, ValueError),
    (None, TypeError), (True, TypeError), ("1", ValueError), ("31 s", ns3ike.RunError),
    ("0.5 s", ns3ike.RunError), ([], TypeError),
], ids=repr)
def test_a_wrong_time_is_refused(live, time, error):
    live.until("1 s")
    with pytest.raises(error):
        live.until(time)
    assert live.now == 1


def test_events_since_an_index(live):
    live.until("1 s")
    seen = live.events()
    assert seen[0].time == 0 and {e.kind for e in seen} <= set(ns3ike.EVENT_KINDS)
    live.until("20 s")
    assert live.events()[:len(seen)] == seen
    assert live.events(len(seen)) == live.events()[len(seen):]
    assert live.events(10 ** 6) == []
    keys = [e for e in live.events() if e.kind == "pair-keys"][0]
    assert len(keys.inbound_keys.cipher_key) == 16 and keys.inbound_keys.spi
    assert "pair-up" in live.transcript() and "MM1" in live.ladder("R1", "R2")
    assert live.ladder("R1", "R2", svg=True, title="A < B").startswith("<svg")
    # What was kept outlives the run.
    live.close()
    assert live.events()[:len(seen)] == seen


def test_events_are_values(live):
    live.until("1 s")
    for event in live.events():
        assert pickle.loads(pickle.dumps(event)) == event == copy.deepcopy(event)
        assert hash(event) == hash(event.replace())
        assert event != event.replace(node="X")
        with pytest.raises(AttributeError):
            event.node = "X"
    for value in live.router("R1").sas() + live.router("R1").pairs():
        assert pickle.loads(pickle.dumps(value)) == value
    with pytest.raises(ValueError, match="did you mean 'node'"):
        event.replace(nod="X")
    with pytest.raises(TypeError, match="Event.node"):
        event.replace(node=3)


def test_until_something_happens(live):
    up = live.until_event("pair-up")
    assert up.kind == "pair-up" and live.now == up.time
    late = live.until_event(lambda e: e.kind == "pair-up" and e.node != up.node)
    assert late.time > up.time
    assert live.until_event("pair-removed", limit="5 s") is None and live.now == 5
    with pytest.raises(ValueError, match="nonsense"):
        live.until_event("nonsense")
    # An early stop leaves nothing behind that would stop a later stretch.
    assert live.until("20 s") == 20


def test_a_callback_may_look_but_not_act():
    looks, refusals = [], []

    def look(event):
        if event.kind != "pair-up":
            return
        looks.append((run.now, len(run.router(event.node).pairs())))
        for act in (lambda: run.until("20 s"), lambda: run.router("R1").type("enable"),
                    lambda: run.inject(router="R1", reboot={"down": "1 s"}), run.finish, run.close,
                    lambda: ns3ike.run(two_routers())):
            with pytest.raises(ns3ike.RunError) as raised:
                act()
            refusals.append(str(raised.value))

    with ns3ike.Run(two_routers(), on_event=look) as run:
        assert run.finish()["violations"] == []
    assert len(looks) > 1 and all(pairs for _, pairs in looks)
    assert len(refusals) == 6 * len(looks)


def test_an_exception_of_a_callback_comes_out_and_ends_the_run():
    def fail(event):
        raise LookupError(event.kind)

    with ns3ike.Run(two_routers(), on_event=fail, kinds=["phase1-up"]) as run:
        with pytest.raises(LookupError, match="phase1-up"):
            run.until("10 s")
        assert run.over
        with pytest.raises(ns3ike.RunError, match="over"):
            run.finish()
    with ns3ike.Run(two_routers()) as run:
        run.until("1 s")


def test_an_exception_while_typing():
    def fail(event):
        raise LookupError(event.text)

    with ns3ike.Run(two_routers(), on_event=fail, kinds=["console"]) as run:
        with pytest.raises(LookupError):
            run.router("R1").type("enable")
        assert run.over


def test_one_at_a_time_and_what_is_closed_makes_room(live):
    for begin in (lambda: ns3ike.Run(two_routers()), lambda: two_routers().run()):
        with pytest.raises(ns3ike.RunError, match="one simulation"):
            begin()
    live.close()
    live.close()
    with pytest.raises(ns3ike.RunError, match="over"):
        live.router("R1").sas()
    run = ns3ike.Run(two_routers())
    del run
    gc.collect()
    assert two_routers(duration="1 s").run()["violations"] == []


def test_other_threads_wait_outside():
    refused, inside, go = [], threading.Event(), threading.Event()

    def stop_here(event):
        inside.set()
        go.wait(30)

    def elsewhere():
        inside.wait(30)
        for look in (lambda: run.router("R1").sas(), run.events, lambda: run.until("20 s"),
                     run.stop, run.close):
            try:
                look()
            except ns3ike.RunError as error:
                refused.append(str(error))
        go.set()

    with ns3ike.Run(two_routers(), on_event=stop_here, kinds=["phase1-begin"]) as run:
        thread = threading.Thread(target=elsewhere)
        thread.start()
        run.until("10 s")
        thread.join()
        assert len(refused) == 5 and all("at the moment" in r for r in refused)
        assert run.finish()["violations"] == []


def test_nothing_is_kept_unless_wanted():
    with ns3ike.Run(two_routers(), keep_events=False) as run:
        run.until("1 s")
        with pytest.raises(ns3ike.RunError, match="keep_events"):
            run.events()


@pytest.mark.parametrize("end", ["", "run.until('1 s')", "raise SystemExit(3)", "del run",
                                 "import os; keep = run; os.environ.clear()"], ids=repr)
def test_a_run_that_is_left_open_does_not_hurt_at_exit(end):
    code = ("import ns3ike\nfrom ns3ike_package import two_routers\n"
            "run = ns3ike.Run(two_routers())\nrun.until('500 ms')\n" + end)
    environment = child_environment()
    environment["PYTHONPATH"] += ":" + __file__.rsplit("/", 1)[0]
    done = subprocess.run([sys.executable, "-c", code], env=environment, text=True,
                          capture_output=True, timeout=60)
    assert done.returncode == (3 if "SystemExit" in end else 0), done.stderr
    assert done.stderr == ""


def test_ctrl_c_ends_a_run():
    # What starts the tests in the background ignores SIGINT, and so would all of its children.
    code = ("import os, signal, threading\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"
            "import ns3ike\nfrom ns3ike_package import two_routers\n"
            "threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()\n"
            "try:\n    two_routers(duration='100 h').run()\n"
            "except KeyboardInterrupt:\n    print('interrupted')\n"
            "print(two_routers(duration='1 s').run()['violations'])\n")
    environment = child_environment()
    environment["PYTHONPATH"] += ":" + __file__.rsplit("/", 1)[0]
    done = subprocess.run([sys.executable, "-c", code], env=environment, text=True,
                          capture_output=True, timeout=120)
    assert done.stdout.split() == ["interrupted", "[]"], done.stdout + done.stderr
