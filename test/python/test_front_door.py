# SPDX-License-Identifier: GPL-2.0-only
"""./ns3-ike and ike-sim as a user meets them: help, exit statuses, errors that name the place."""
import json
import os
import re
import subprocess

import pytest
from conftest import ROOT, SCENARIOS, scenario_files

SCENARIO = os.path.join(SCENARIOS, "vti-convergence.yaml")
SHORT = ["--set", "duration=60 s"]


def front_door(*args, env=None, cwd=ROOT):
    return subprocess.run([os.path.join(ROOT, "ns3-ike"), *args], text=True, cwd=cwd,
                          stdin=subprocess.DEVNULL, capture_output=True, timeout=600,
                          env={**os.environ, **(env or {})})


def test_help_names_every_command():
    done = front_door("help")
    assert done.returncode == 0
    for command in ["setup", "build", "demo", "run", "batch", "test", "fuzz", "help"]:
        assert re.search(r"^  (.*\| )?%s\b" % command, done.stdout, re.M), command
    assert front_door().stdout == done.stdout


def test_help_of_one_command(ike_sim):
    assert front_door("help", "batch").stdout == ike_sim("help", "batch").stdout
    done = front_door("help", "closed-form")
    assert done.returncode == 0
    assert "--out FILE" in done.stdout and "demo" not in done.stdout
    assert front_door("help", "nonsense").returncode == 2


@pytest.mark.parametrize("args", [["nonsense"], ["test", "--nonsense"], ["setup", "nonsense"],
                                  ["build", "--nonsense"], ["fuzz", "nonsense"]], ids=" ".join)
def test_bad_usage_of_the_front_door(args):
    done = front_door(*args)
    assert done.returncode == 2
    assert "nonsense" in done.stderr and "ns3-ike help" in done.stderr


@pytest.fixture
def bare(tmp_path):
    """An environment of a machine where nothing is installed, and nothing can be."""
    for name, body in [("dpkg-query", "exit 1"), ("id", "echo 1000"), ("sudo", "exit 1")]:
        path = tmp_path / name
        path.write_text("#!/bin/sh\n%s\n" % body)
        path.chmod(0o755)
    return {"PATH": "%s:%s" % (tmp_path, os.environ["PATH"])}


@pytest.mark.parametrize("args, says", [
    (["run", SCENARIO, "--nonsense"], "run: unknown option: --nonsense"),
    (["run", SCENARIO, "--seed=1", "--sed", "1"], "run: unknown option: --sed"),
    (["run", "no-such-scenario"], "no such scenario"),
    (["demo", "nonsense"], "demo: unknown argument: nonsense"),
    (["states", "--seed", "1"], "states: unknown option: --seed"),
    (["closed-form", "--nonsense"], "--nonsense"),
    (["interop", "--nonsense"], "--nonsense"),
    (["interop", "--only", "no such cell"], "no cell has such a name"),
    (["fuzz", "nonsense"], "nonsense"),
    (["setup", "demo", "nonsense"], "nonsense"),
    (["picture", "no-such.json", "out.svg"], "no-such.json: No such file"),
    (["picture", "out.svg"], "required: OUT"),
    (["sweep", "no-such.yaml"], "no-such.yaml: there is no such file"),
    (["sweep", "smoke", "--job", "2"], "unrecognized arguments: --job"),
    (["rerun", "no-such.sqlite", "1f"], "no-such.sqlite: there is no such file"),
    (["export", "no-such.sqlite", "--csv", "x"], "no-such.sqlite: there is no such file"),
    (["audit", "no-such-results"], "audit: no such file or folder: no-such-results"),
    (["audit", ".", "--seed", "1"], "audit: unknown option: --seed"),
], ids=lambda x: " ".join(map(os.path.basename, x)) if isinstance(x, list) else "")
def test_a_typo_is_answered_before_packages_are_looked_for(bare, args, says):
    done = front_door(*args, env=bare)
    assert done.returncode == 2, done.stderr
    assert says in done.stderr and "apt-get" not in done.stderr


@pytest.mark.parametrize("command", ["demo", "run", "batch", "audit", "check", "list", "knobs",
                                     "states"])
def test_the_front_door_knows_the_options_of_ike_sim(ike_sim, bare, command):
    options = set(re.findall(r"--([a-z]+)", ike_sim("help", command).stdout)) - {"help"}
    assert options
    for option in options:
        for words in [["--" + option, "x"], ["--%s=x" % option]]:
            done = front_door(command, *words, env=bare)
            assert done.returncode == 1 and "apt-get install" in done.stderr, words


@pytest.mark.skipif(not os.path.exists("/dev/net/tun"), reason="no /dev/net/tun")
@pytest.mark.parametrize("args, ci, installs", [
    ([], "", False), ([], "true", True), (["--long"], "", True)])
def test_packages_of_real_peers_are_only_installed_when_asked_for(tmp_path, args, ci, installs):
    """They start a daemon where an init system runs."""
    tools = tmp_path / "tools"
    tools.mkdir()
    for name, body in [
            ("id", "echo 0"),
            ("dpkg-query", "for p; do case $p in -*|*Status*|strongswan-*) ;;"
                           " *) echo installed $p ;; esac; done"),
            ("apt-get", 'echo "$@" >>%s/called' % tmp_path),
            ("apt-cache", "exit 1"), ("dpkg", "exit 1"), ("cmake", "exit 1"),
            # The tests themselves are not run.
            ("env", 'case $1 in -C) exit 1 ;; esac; exec /usr/bin/env "$@"')]:
        (tools / name).write_text("#!/bin/sh\n%s\n" % body)
        (tools / name).chmod(0o755)
    done = front_door("test", *args, env={
        "PATH": "%s:%s" % (tools, os.environ["PATH"]), "CI": ci,
        "IKE_BUILD_DIR": str(tmp_path / "build")})
    assert done.returncode == 1 and "0 passed, 2 failed" in done.stdout, done.stdout + done.stderr
    called = tmp_path / "called"
    text = called.read_text() if called.exists() else ""
    assert ("strongswan-charon" in text) == installs, text


def test_missing_packages_are_named_when_there_is_no_way_to_install(tmp_path):
    """Neither root nor sudo: one apt-get line, and a stop."""
    for name, body in [("dpkg-query", "exit 1"), ("id", "echo 1000"), ("sudo", "exit 1"),
                       ("apt-get", "touch %s/called" % tmp_path)]:
        path = tmp_path / name
        path.write_text("#!/bin/sh\n%s\n" % body)
        path.chmod(0o755)
    done = front_door("demo", env={"PATH": "%s:%s" % (tmp_path, os.environ["PATH"])})
    assert done.returncode == 1
    line = next(x for x in done.stderr.splitlines() if "apt-get install" in x)
    assert " libns3-dev " in line and " tshark" not in line
    assert not (tmp_path / "called").exists()


def test_only_what_is_missing_is_installed(tmp_path):
    (tmp_path / "dpkg-query").write_text(
        "#!/bin/sh\nfor p; do case $p in -*|*Status*|libgsl-dev) ;;"
        " *) echo installed $p ;; esac; done\n")
    (tmp_path / "id").write_text("#!/bin/sh\necho 0\n")
    (tmp_path / "apt-get").write_text('#!/bin/sh\necho "$@" >>%s/called\n' % tmp_path)
    for name in ["dpkg-query", "id", "apt-get"]:
        (tmp_path / name).chmod(0o755)
    done = front_door("setup", env={"PATH": "%s:%s" % (tmp_path, os.environ["PATH"])})
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "called").read_text().splitlines() == [
        "update", "install -y --no-install-recommends --no-remove libgsl-dev"]


def test_ike_sim_help(ike_sim):
    text = ike_sim("--help").stdout
    for command in ["run", "batch", "demo"]:
        assert re.search(r"\b%s\b" % command, text), command
    assert "--seed" in ike_sim("run", "--help").stdout


@pytest.mark.parametrize("args", [
    ["nonsense"],
    ["run"],
    ["run", SCENARIO, "--nonsense"],
    ["run", SCENARIO, "--seed", "many"],
    ["run", "no-such-scenario.yaml"],
    ["run", SCENARIO, "--set", "nonsense=1"],
    ["run", SCENARIO, "--set", "responder_only=nonsense"],
    ["run", SCENARIO, "--format", "nonsense"],
    ["run", SCENARIO, "--set", "reboot=2 h"],
    ["batch", SCENARIO, "--vary", "responder_only="],
    ["batch", SCENARIO, "--vary", "responder_only=none,"],
    ["batch", SCENARIO, "--seeds", "1,"],
    ["batch", SCENARIO, "--seeds", "3..1"],
], ids=lambda args: " ".join(map(os.path.basename, args)))
def test_bad_usage_is_status_2(ike_sim, args):
    done = ike_sim(*args, status=2)
    assert done.stderr.strip()


def test_an_unknown_parameter_is_named(ike_sim):
    assert "nonsense" in ike_sim("run", SCENARIO, "--set", "nonsense=1", status=2).stderr


def test_a_fault_in_a_scenario_is_named_with_its_place(ike_sim, tmp_path):
    with open(SCENARIO, encoding="utf-8") as f:
        lines = f.read().split("\n")
    number = next(i for i, line in enumerate(lines) if line.startswith("version:"))
    lines.insert(number + 1, "nonsense: 1")
    path = tmp_path / "faulty.yaml"
    path.write_text("\n".join(lines))
    done = ike_sim("run", path, status=2)
    assert "%s:%d:1" % (path, number + 2) in done.stderr
    assert "nonsense" in done.stderr


def test_a_failed_expectation_is_status_1(ike_sim, tmp_path):
    """An expectation that cannot hold, in place of the scenario's own."""
    with open(SCENARIO, encoding="utf-8") as f:
        text = f.read()
    text = re.sub(r"^expect:.*?(?=^\S|\Z)", "", text, flags=re.M | re.S)
    path = tmp_path / "expects.yaml"
    path.write_text(text + "\nexpect:\n  - {quantity: totals.ipsec_duplicates, equals: 123456}\n")
    done = ike_sim("run", path, *SHORT, "--out", tmp_path / "out", status=1)
    assert "ipsec_duplicates" in done.stdout + done.stderr


def test_run_as_json(ike_sim, tmp_path):
    done = ike_sim("run", SCENARIO, *SHORT, "--seed", 3, "--format", "json", "--out",
                   tmp_path / "out", status=None)
    results = json.loads(done.stdout)
    assert results["seed"] == 3
    assert results == json.loads((tmp_path / "out" / "results.json").read_text())


def test_the_seed_of_a_scenario_is_the_default(ike_sim, tmp_path):
    with open(SCENARIO, encoding="utf-8") as f:
        text = f.read()
    path = tmp_path / "seeded.yaml"
    path.write_text(text.replace("\nversion: 1\n", "\nversion: 1\nseed: 23\n"))
    for args, seed in [([], 23), (["--seed", "4"], 4)]:
        done = ike_sim("run", path, *SHORT, *args, "--format", "json", status=None)
        assert json.loads(done.stdout)["seed"] == seed
    for args, seeds in [([], [23]), (["--seeds", "4,5"], [4, 5])]:
        done = ike_sim("batch", path, *SHORT, *args, status=None)
        assert [json.loads(line)["seed"] for line in done.stdout.splitlines()] == seeds


@pytest.mark.parametrize("line, error", [
    ("events: [{at: 1 s, router: R1, type: [enable, shwo version]}]",
     "router R1 refuses 'shwo version'"),
    ("expect: [{quantity: totals.ipsec_duplicate, equals: 0}]", "did you mean 'ipsec_duplicates'?"),
], ids=["console", "quantity"])
def test_what_would_fail_in_a_run_is_found_before_it(ike_sim, tmp_path, line, error):
    with open(SCENARIO, encoding="utf-8") as f:
        text = f.read()
    key = line.split(":")[0]
    text = re.sub(r"^%s:.*?(?=^\S|\Z)" % key, "", text, flags=re.M | re.S)
    path = tmp_path / "faulty.yaml"
    path.write_text(text + "\n" + line + "\n")
    number = (text + "\n").count("\n") + 1
    for args in [["check", path], ["run", path, "--out", tmp_path / "out"]]:
        done = ike_sim(*args, status=2)
        assert "%s:%d:" % (path, number) in done.stderr and error in done.stderr
    assert not (tmp_path / "out").exists()


def test_batch_is_one_line_per_run(ike_sim):
    done = ike_sim("batch", SCENARIO, *SHORT, "--vary", "responder_only=none,one", "--seeds",
                   "1..3", status=None)
    assert done.returncode in (0, 1), done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(r["parameters"]["responder_only"], r["seed"]) for r in rows] == [
        (value, seed) for value in ("none", "one") for seed in (1, 2, 3)]


def test_a_config_file_is_read(ike_sim, tmp_path):
    (tmp_path / "sim.cfg").write_text("seed = 5\nformat = json\nset = duration=60 s\n")
    done = ike_sim("run", SCENARIO, "--config", tmp_path / "sim.cfg", "--out", tmp_path / "out",
                   status=None)
    assert json.loads(done.stdout)["seed"] == 5


def test_the_demo_says_where_its_files_are(demo):
    text = (demo / "stdout.txt").read_text()
    for word in ["IPsec SA pairs too many", "without", "with", str(demo)]:
        assert word in text, word
    for variant in ["without", "with"]:
        names = {f.name for f in (demo / variant).rglob("*")}
        assert {"results.json", "transcript.txt", "ladder.txt", "ladder.svg",
                "ikev1_decryption_table", "esp_sa"} <= names


def test_the_picture_of_the_readme_is_what_the_demo_draws(demo):
    with open(os.path.join(ROOT, "doc", "collision.svg"), encoding="utf-8") as file:
        assert file.read() == (demo / "without" / "ladder.svg").read_text()


@pytest.mark.parametrize("path", scenario_files(), ids=os.path.basename)
def test_what_list_says_of_a_parameter_stands_below_it(ike_sim, path):
    """However many lines its help has."""
    lines = ike_sim("list", path).stdout.split("\n\n", 2)[-1].splitlines()
    assert lines and all(re.match(r"  \w+ = |      \S", line) for line in lines), lines


@pytest.mark.parametrize("words, status, shown", [
    (["fuzz", "--help"], 0, "fuzz [TARGET] [SECONDS]"),
    (["vectors", "--help"], 0, "vectors [DIR]"),
    *[([name, "--help"], 0, "usage: ./ns3-ike %s [-h]" % name) for name in (
        "bench", "chart", "closed-form", "export", "interop", "picture", "report", "rerun", "sweep")],
    (["vectors", "--formt", "json", "x"], 2, "unknown option: --formt"),
    (["vectors", "--format", "xml", "x"], 2, "no such format: xml"),
    (["fuzz", "nonsense"], 2, "'nonsense' is neither"),
])
def test_help_and_wrong_arguments_build_nothing(tmp_path, words, status, shown):
    done = subprocess.run([os.path.join(ROOT, "ns3-ike"), *words], text=True, capture_output=True,
                          env={**os.environ, "IKE_BUILD_DIR": str(tmp_path / "none")}, timeout=60,
                          stdin=subprocess.DEVNULL)
    assert done.returncode == status, done.stderr
    assert shown in done.stdout + done.stderr
    assert not (tmp_path / "none").exists()


def test_libreswan_is_unpacked_whole_or_not_at_all(tmp_path):
    """Without package lists they are fetched; what a broken attempt left is replaced."""
    tools, build = tmp_path / "tools", tmp_path / "build"
    (build / "libreswan").mkdir(parents=True)
    (build / "libreswan" / "libreswan_old.deb").write_text("half a package")
    tools.mkdir()
    for name, text in (
            ("dpkg-query", "shift 3; for p; do echo installed $p; done"),
            ("apt-cache", "echo '  Candidate: (none)'"),
            ("apt-get", "echo $* >> %s/log; [ $1 = update ] || touch libreswan_1.deb" % tmp_path),
            ("dpkg", "[ $2 = libreswan_1.deb ] && mkdir -p usr/libexec/ipsec && "
                     "touch usr/libexec/ipsec/pluto && chmod +x usr/libexec/ipsec/pluto")):
        (tools / name).write_text("#!/bin/sh\n%s\n" % text)
        (tools / name).chmod(0o755)
    done = subprocess.run([os.path.join(ROOT, "ns3-ike"), "setup", "interop"], text=True,
                          env={**os.environ, "IKE_BUILD_DIR": str(build),
                               "PATH": "%s:%s" % (tools, os.environ["PATH"])},
                          capture_output=True, timeout=60, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "log").read_text() == "update\n-q download libreswan\n"
    assert (build / "libreswan" / "usr" / "libexec" / "ipsec" / "pluto").exists()
    assert sorted(p.name for p in build.iterdir()) == ["libreswan", "libreswan.log"]
    assert not (build / "libreswan" / "libreswan_old.deb").exists()


def test_threads_change_no_octet(ike_sim):
    """Of a batch as of a run."""
    words = ["batch", os.path.join(SCENARIOS, "both-responder-only.yaml"), "--vary", "responder_only=one"]
    assert ike_sim(*words, "--threads", 2).stdout == ike_sim(*words).stdout
    for command in (words, ["demo"]):
        assert "--threads: expected 1 to 256" in ike_sim(*command, "--threads", 0, status=2).stderr
