# SPDX-License-Identifier: GPL-2.0-only
"""Real peers: the short form of the matrix (all of it with IKE_INTEROP=--long), and what it leaves
behind, which must be nothing."""
import os
import signal
import subprocess
import sys
import time
import uuid

import pytest

CANNOT = 3  # exit status: nothing can run here, and standard error says why
ONE = "strongswan main psk aes128-sha1-modp2048 pfs ns3-begins"


@pytest.fixture(scope="module")
def command(root, build_dir):
    return [sys.executable, os.path.join(root, "interop", "ike-interop.py"), "--program",
            os.path.join(build_dir, "ike-live")]


@pytest.fixture(scope="module")
def able(command, tmp_path_factory):
    """Skips, with the reason, where no cell can run."""
    out = tmp_path_factory.mktemp("interop") / "able"
    done = run(command, "--only", ONE, "--out", out)
    if done.returncode == CANNOT:
        pytest.skip(done.stderr.strip().split("\n")[-1])
    return done


def run(command, *args):
    return subprocess.run([*command, *map(str, args)], text=True, capture_output=True,
                          stdin=subprocess.DEVNULL, timeout=3000)


def listed(command, *args):
    done = run(command, "--list", *args)
    assert done.returncode == 0, done.stderr
    return done.stdout.split("\n")[:-1]


def test_list_is_the_whole_product(command):
    names = listed(command, "--long")
    assert len(set(names)) == len(names)
    for role in ["ns3-begins", "peer-begins"]:
        for mode in ["main", "aggressive"]:
            for method in ["psk", "rsa"]:
                prefix = "strongswan %s %s " % (mode, method)
                found = [n for n in names if n.startswith(prefix) and n.endswith("pfs " + role)]
                assert len(found) == 4 * 2, prefix
    assert set(listed(command, "--short")) < set(listed(command)) < set(names)


def test_only_chooses_by_name(command):
    assert listed(command, "--only", ONE) == [ONE]
    assert run(command, "--list", "--only", "no such cell").returncode == 2


def test_says_in_one_line_why_it_cannot_run(command, tmp_path):
    done = run(command, "--program", tmp_path / "none", "--short")
    assert done.returncode == CANNOT
    assert len(done.stderr.strip().split("\n")) == 1 and "cannot run here" in done.stderr


@pytest.mark.parametrize("args, says", [
    ([], "no configuration is given"),
    (["none.ios"], "cannot read none.ios"),
    (["wrong.ios"], "wrong.ios:2:1"),
    (["empty.ios"], "no interface"),
    (["good.ios", "--peer", "198.51.100.1"], "expected an address and a length"),
    (["good.ios", "--knob", "ReplayWindow=many"], "--knob ReplayWindow=many"),
    (["good.ios", "--delay", "-1"], "not negative"),
    (["good.ios", "--tap", "a-name-that-is-too-long"], "1 to 15 characters"),
    (["good.ios", "--netns", "no-such-namespace"], "network namespace"),
])
def test_ike_live_names_what_is_wrong(build_dir, tmp_path, args, says):
    program = os.path.join(build_dir, "ike-live")
    if not os.path.exists(program):
        pytest.skip("ike-live is not built (it needs an ns-3 with fd-net-device)")
    (tmp_path / "empty.ios").write_text("hostname ns3\n")
    (tmp_path / "wrong.ios").write_text("hostname ns3\nnonsense\n")
    (tmp_path / "good.ios").write_text(
        "interface Ethernet0/0\n ip address 192.0.2.1 255.255.255.252\n")
    done = subprocess.run([program, *args, "--duration", "0.1"], cwd=tmp_path, text=True,
                          capture_output=True, stdin=subprocess.DEVNULL, timeout=60)
    assert done.returncode == 2
    assert says in done.stderr and done.stderr.startswith("ike-live: ")


def test_matrix(command, able, tmp_path):
    """Every cell of the form passes; the line at the end counts them."""
    out = tmp_path / "out"
    done = run(command, os.environ.get("IKE_INTEROP", "--short"), "--out", out)
    print(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
    assert ", 0 failed" in done.stdout
    assert not out.exists()


def test_two_runs_do_not_share_a_folder(root, tmp_path):
    """The second one says so and leaves the folder alone."""
    program = os.path.join(root, "interop", "ike-interop.py")
    code = ("import importlib.util, sys; "
            "spec = importlib.util.spec_from_file_location('interop', %r); "
            "run = importlib.util.module_from_spec(spec); spec.loader.exec_module(run); "
            "run.prepare(sys.argv[1]); print('ready', flush=True); sys.stdin.read()" % program)
    command = [sys.executable, "-c", code, str(tmp_path / "out")]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, text=True, **pipes) as first:
        assert first.stdout.readline() == "ready\n"
        (tmp_path / "out" / "log").write_text("of the first run")
        done = subprocess.run(command, text=True, capture_output=True, input="", timeout=60)
        assert done.returncode != 0 and "another run uses this folder" in done.stderr
        assert (tmp_path / "out" / "log").exists()
        first.stdin.close()
    done = subprocess.run(command, text=True, capture_output=True, input="", timeout=60)
    assert done.returncode == 0, done.stderr
    assert os.listdir(tmp_path / "out") == ["interop.txt"]


def test_nothing_but_skips_is_no_success(command, able, tmp_path):
    name = next(n for n in listed(command, "--long") if "libreswan" in n)
    done = run(command, "--only", name, "--libreswan", tmp_path / "none", "--out", tmp_path / "out")
    assert done.returncode == CANNOT, done.stdout + done.stderr
    assert "everything chosen was skipped: libreswan" in done.stderr


def marked(mark):
    """Processes that have inherited a mark in their environment."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/environ" % pid, "rb") as f:
                if mark.encode() in f.read():
                    found.append(pid)
        except OSError:
            pass
    return found


def surroundings():
    """What a run could leave behind, apart from processes."""
    with open("/proc/self/mounts", encoding="utf-8") as f:
        mounts = sorted(f)
    netns = os.listdir("/run/netns") if os.path.isdir("/run/netns") else []
    return sorted(os.listdir("/sys/class/net")), sorted(netns), mounts


def test_nothing_is_left_of_a_stopped_peer(command, able, tmp_path):
    """SIGSTOP to the daemon stops nothing of ours for good."""
    before, mark = surroundings(), uuid.uuid4().hex
    done = subprocess.run([*command, "--only", "dpd ns3-notices", "--out", str(tmp_path / "out")],
                          env={**os.environ, "IKE_MARK": mark}, capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, timeout=120)
    assert done.returncode == 0, done.stdout
    assert marked(mark) == []
    assert surroundings() == before


def by_default(number):
    """Tests may run where SIGINT is ignored ("&" in a script), and children inherit that."""
    return lambda: signal.signal(number, signal.SIG_DFL)


@pytest.mark.parametrize("inherited, heeded", [(signal.SIG_DFL, True), (signal.SIG_IGN, False)])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_ignored_signals_stay_ignored(command, number, inherited, heeded):
    look = ("import importlib.util, signal; spec = importlib.util.spec_from_file_location("
            "'interop', %r); module = importlib.util.module_from_spec(spec); "
            "spec.loader.exec_module(module); module.heed_signals(); "
            "print(signal.getsignal(%d) == module.interrupted)" % (command[1], number))
    done = subprocess.run([sys.executable, "-c", look], text=True, capture_output=True,
                          preexec_fn=lambda: signal.signal(number, inherited), timeout=60)
    assert done.stdout == "%s\n" % heeded, done.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_when_interrupted(command, able, tmp_path, number):
    before, mark = surroundings(), uuid.uuid4().hex
    out = tmp_path / "out"
    program = subprocess.Popen(
        [*command, "--only", "collision unique-replace both-at-once", "--out", str(out)],
        env={**os.environ, "IKE_MARK": mark}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        preexec_fn=None if number == signal.SIGKILL else by_default(number))
    try:
        end = time.monotonic() + 30
        while not list(out.glob("*/ns3/stdout.jsonl")) and time.monotonic() < end:
            time.sleep(0.05)
        assert len(marked(mark)) >= 4, "the peer and ns-3 should be running"
        program.send_signal(number)
        status = program.wait(timeout=30)
    finally:
        program.kill()
        program.wait()
    end = time.monotonic() + 10
    while marked(mark) and time.monotonic() < end:
        time.sleep(0.05)
    assert marked(mark) == []
    assert surroundings() == before
    if number != signal.SIGKILL:
        assert status == 130
        assert not out.exists()
