# SPDX-License-Identifier: GPL-2.0-only
"""One run in several processes (doc/mpi.md): the same files as in one process, octet for octet.

Wants an ns-3 with MPI that utils/ike-mpi-build.sh has built: IKE_MPI_NS3 is its prefix.
"""
import os
import subprocess

import pytest

PREFIX = os.environ.get("IKE_MPI_NS3", "")
PROGRAM = os.path.join(PREFIX, "ike-build", "ike-sim")

needs_mpi = pytest.mark.skipif(
    not PREFIX or not os.access(PROGRAM, os.X_OK),
    reason="no ns-3 with MPI: IKE_MPI_NS3 does not name what utils/ike-mpi-build.sh has made")

# More processes than cores, as root: Open MPI wants to be told.
ENVIRONMENT = dict(os.environ, OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1",
                   OMPI_MCA_rmaps_base_oversubscribe="1", OMPI_MCA_hwloc_base_binding_policy="none",
                   OMPI_MCA_mpi_yield_when_idle="1")

# Ranks wait for each other once in each 10 ms of simulated time: three minutes are enough, with renewals.
SHORT = ["--set", "length=3 min", "--set", "lifetime=120 s"]

# Routers, hosts and a NAT over three ranks, with RIP in the Internet, trees with loss and jitter,
# captures, consoles, events at links and routers of all ranks, and a router that learns a route.
MIXED = """version: 1
name: mixed
title: All kinds of nodes in three ranks
parameters:
  ranks: {type: choice, choices: [few, many], default: few, help: Processes.}
duration: 200 s
network:
  capture: [R1, P3 r2, P2 p12]
  internet: [P1, P2, P3]
  hosts: [A, B]
  nat:
    N: {outside: n-out}
  tree:
    left: {fan: 4, delay: 3 ms, jitter: 1 ms, loss: 1 %}
    right: {fan: 2, delay: 5 ms, loss: 2 %}
  underlay: {routing: rip, update: 5 s, timeout: 30 s, garbage: 20 s}
  links:
    r1: {ends: {R1: Ethernet0/0, P1: 203.0.113.2/30}, delay: 1300 us, jitter: 200 us}
    r2: {ends: {R2: Ethernet0/0, P3: 203.0.113.6/30}, delay: 1700 us}
    p12: {ends: {P1: 203.0.113.9/30, P2: 203.0.113.10/30}, delay: 4100 us, loss: 1 %}
    p23: {ends: {P2: 203.0.113.13/30, P3: 203.0.113.14/30}, delay: 7300 us}
    p13: {ends: {P1: 203.0.113.17/30, P3: 203.0.113.18/30}, delay: 9100 us}
    n-out: {ends: {N: 203.0.113.21/30, P2: 203.0.113.22/30}, delay: 2900 us}
    n-in: {ends: {N: 192.168.7.1/24, R3: Ethernet0/0}, delay: 310 us}
    a: {ends: {A: 10.1.0.2/24, R1: Ethernet0/1}, delay: 110 us}
    b: {ends: {B: 10.2.0.2/24, R2: Ethernet0/1}, delay: 130 us}
ranks:
  0: [R1, P1, A, L*]
  1: [R2, P3, B, S*]
  2: [P2, N, R3]
groups:
  L: &group
    count: 5
    wan: 198.51.0.0/16
    lan: 10.64.0.0/16
    inner: 192.168.128.0/17
    cloud: left
    start_jitter: 3 s
    config: &crypto |
      crypto isakmp policy 10
       encryption aes 128
       hash sha256
       authentication pre-share
       group 19
      crypto isakmp key shared-by-all address 0.0.0.0 0.0.0.0
      crypto ipsec transform-set aessha esp-aes esp-sha256-hmac
      crypto ipsec profile vti
       set transform-set aessha
    for_each: &mesh
      - of: L
        which: all
        text: &vti |
          interface Tunnel${tunnel}
           ip address ${self.inner} ${self.inner_mask}
           tunnel source Ethernet0/0
           tunnel destination ${peer.wan}
           tunnel mode ipsec ipv4
           tunnel protection ipsec profile vti
          ip route ${peer.lan} ${peer.lan_mask} Tunnel${tunnel}
    traffic: [{to: L, which: next, size: 1200 B, every: 7 s, start: 20 s, spread: 5 s}]
  S:
    count: 3
    wan: 198.18.0.0/16
    lan: 10.65.0.0/16
    inner: 192.168.0.0/18
    cloud: right
    start_jitter: 3 s
    config: *crypto
    for_each: [{of: S, which: all, text: *vti}]
    traffic: [{to: S, which: next, size: 200 B, every: 9 s, start: 20 s, spread: 5 s}]
routers:
  R1:
    config: [&common "crypto isakmp policy 10\\n encryption aes 128\\n authentication pre-share\\n group 19\\ncrypto isakmp key k-of-three address 0.0.0.0 0.0.0.0\\ncrypto isakmp keepalive 10 2 periodic\\ncrypto ipsec transform-set t esp-aes esp-sha-hmac\\ncrypto ipsec profile v\\n set transform-set t", "hostname R1\\ninterface Ethernet0/0\\n ip address 203.0.113.1 255.255.255.252\\ninterface Ethernet0/1\\n ip address 10.1.0.1 255.255.255.0\\ninterface Tunnel0\\n ip address 10.0.0.1 255.255.255.252\\n tunnel source Ethernet0/0\\n tunnel destination 203.0.113.5\\n tunnel mode ipsec ipv4\\n tunnel protection ipsec profile v\\nip route 0.0.0.0 0.0.0.0 203.0.113.2\\nip route 10.2.0.0 255.255.255.0 Tunnel0"]
  R2:
    config: [*common, "hostname R2\\ninterface Ethernet0/0\\n ip address 203.0.113.5 255.255.255.252\\ninterface Ethernet0/1\\n ip address 10.2.0.1 255.255.255.0\\ninterface Tunnel0\\n ip address 10.0.0.2 255.255.255.252\\n tunnel source Ethernet0/0\\n tunnel destination 203.0.113.1\\n tunnel mode ipsec ipv4\\n tunnel protection ipsec profile v\\nip route 0.0.0.0 0.0.0.0 203.0.113.6\\nip route 10.1.0.0 255.255.255.0 Tunnel0"]
  R3:
    config: [*common, "hostname R3\\ninterface Ethernet0/0\\n ip address 192.168.7.2 255.255.255.0\\nip route 0.0.0.0 0.0.0.0 192.168.7.1"]
events:
  - {at: 61003 ms, link: p13, state: down}
  - {at: 70011 ms, link: p12, state: down}
  - {at: 90007 ms, link: p12, state: up}
  - {at: 95017 ms, link: p13, state: up}
  - {at: 120019 ms, router: R2, reboot: {down: 3 s}}
  - {at: 50021 ms, router: R2, type: [enable, show crypto ipsec sa]}
  - {at: 50023 ms, router: R1, type: [enable, show crypto isakmp sa]}
  - {at: 50027 ms, router: S2, type: [enable, show crypto isakmp sa]}
  - {at: 130 s, router: L3, power: off}
  - {at: 140 s, router: L3, power: on}
offer:
  - {name: A-B, from: A, to: B, size: 1000 B, every: 1700 ms, start: 10 s}
  - {name: B-A, from: B, to: A, size: 60 B, every: 1100 ms, start: 11 s}
variants:
  - when: {ranks: many}
    ranks: {0: [R1, P1, A], 1: [R2, P3, B], 2: [P2, N, R3], 3: [L*], 4: [S*]}
"""


def run(program, *arguments, ranks=1, expect=0):
    command = [program, *arguments]
    if ranks > 1:
        command = ["mpirun", "-n", str(ranks)] + command
    done = subprocess.run(command, env=ENVIRONMENT, text=True, capture_output=True, timeout=600)
    assert done.returncode == expect, done.stdout + done.stderr
    return done


def files_of(folder):
    found = {}
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), "rb") as f:
            found[name] = f.read()
    return found


def comparable(folder):
    """Several ranks write no diagram (doc/mpi.md)."""
    return {name: octets for name, octets in files_of(folder).items() if name != "diagram.json"}


def transcripts_of(files):
    """The lines of each node."""
    lines = {}
    for line in files["transcript.txt"].decode().splitlines()[1:]:
        lines.setdefault(line.split()[1], []).append(line)
    return lines


@pytest.fixture(scope="module")
def mixed(tmp_path_factory):
    path = tmp_path_factory.mktemp("ranks") / "mixed.yaml"
    path.write_text(MIXED)
    return str(path)


def same_in(ranks, tmp_path, scenario, *settings, but=()):
    one, many = str(tmp_path / "one"), str(tmp_path / "many")
    run(PROGRAM, "run", scenario, *settings, "--out", one)
    printed = run(PROGRAM, "run", scenario, *settings, "--out", many, ranks=ranks)
    assert printed.stdout.count("Duplicates") == 1
    assert sorted(os.listdir(str(tmp_path))) == ["many", "one"], "nothing half written"
    alone, shared = comparable(one), files_of(many)
    assert len(transcripts_of(alone)) > 2
    assert transcripts_of(shared) == transcripts_of(alone)
    assert sorted(shared) == sorted(alone)
    assert [name for name in alone if alone[name] != shared[name] and name not in but] == []


@needs_mpi
@pytest.mark.parametrize("ranks", [2, 3])
def test_hub_and_spokes_are_the_same(ranks, tmp_path):
    same_in(ranks, tmp_path, "ranks-regions", "--set", "ranks=%d" % ranks, *SHORT)


@needs_mpi
@pytest.mark.parametrize("ranks, places", [(3, "few"), (5, "many")])
def test_all_kinds_of_nodes_are_the_same(ranks, places, tmp_path, mixed):
    # R1 and R2 begin at one time: which of them stands first in the common transcript is not said.
    same_in(ranks, tmp_path, mixed, "--set", "ranks=" + places, but=("transcript.txt",))


@needs_mpi
def test_the_program_of_debians_ns3_has_the_same_octets(tmp_path, build_dir):
    run(PROGRAM, "run", "ranks-regions", *SHORT, "--out", str(tmp_path / "many"), ranks=2)
    run(os.path.join(build_dir, "ike-sim"), "run", "ranks-regions", *SHORT, "--out",
        str(tmp_path / "debian"))
    assert files_of(str(tmp_path / "many")) == comparable(str(tmp_path / "debian"))


@needs_mpi
@pytest.mark.parametrize("scenario, arguments, status, said", [
    ("ranks-regions", ["--set", "ranks=3"], 2,
     ": 2 processes share this run, and these are 3 ranks; expected 'mpirun -n 3', or '--ranks 3'"),
    ("vti-convergence", [], 2, "2 processes share this run, and the scenario has no 'ranks:'"),
    ("ranks-regions", ["--set", "spokes=0"], 2, "'0' is not right"),
    ("ranks-regions", ["--format", "xml"], 2, "expected table or json"),
    ("ranks-regions", ["--out", "/proc/none"], 1, "cannot make folder"),
])
def test_one_process_says_what_is_wrong(scenario, arguments, status, said):
    done = run(PROGRAM, "run", scenario, *arguments, ranks=2, expect=status)
    assert done.stderr.count(said) == 1, done.stderr


@needs_mpi
def test_only_a_run_is_shared():
    done = run(PROGRAM, "list", ranks=2, expect=2)
    assert done.stderr.count("they can share a 'run', and nothing else") == 1


def test_without_mpi_several_processes_are_refused(build_dir):
    """mpirun says in the environment what it has started."""
    program = os.path.join(build_dir, "ike-sim")
    for names in [("OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK"), ("PMI_SIZE", "PMI_RANK")]:
        for rank, said in [("0", 1), ("1", 0)]:
            environment = dict(os.environ, **dict(zip(names, ["2", rank])))
            done = subprocess.run([program, "run", "vti-convergence"], env=environment, text=True,
                                  capture_output=True)
            assert done.returncode == 1
            assert done.stdout == ""
            assert done.stderr.count("built against an ns-3 without MPI") == said


def test_front_door_says_what_ranks_need(root):
    environment = {k: v for k, v in os.environ.items() if k != "IKE_MPI_NS3"}
    done = subprocess.run([os.path.join(root, "ns3-ike"), "run", "ranks-regions", "--ranks", "2"],
                          env=environment, text=True, capture_output=True)
    assert done.returncode == 2
    assert "utils/ike-mpi-build.sh" in done.stderr
