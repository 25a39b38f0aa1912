#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Run the fuzzers of test/fuzz, which ./ns3-ike fuzz has built.

    ike-fuzz.py --build DIR [TARGET] [SECONDS]   one target or all, each so many seconds
    ike-fuzz.py --build DIR --seeds              only write the corpora anew
    ike-fuzz.py --build DIR --check [TARGET]     its corpus and a short fixed run: always the same

The corpus of a target is test/fuzz/corpus/TARGET (past findings and seeds by hand), what
ike-write-fuzz-seeds makes, the examples, and the vectors (--vectors DIR) when they are there. What
a run finds new goes to DIR/corpus/TARGET, an input that is a finding to DIR/findings.
"""
import argparse
import concurrent.futures
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SECONDS = 60
# target -> longest input in octets, executions of a check beside its corpus
TARGETS = {
    "message": (4096, 20000),
    "payload": (2048, 20000),
    "config": (1024, 100),
    "scenario": (16384, 30),
    "esp": (512, 10000),
    "engine": (600, 300),
}
# The first of a line "#1024  NEW  cov: 70 ft: 90 corp: 3/12b ..."
STATUS = re.compile(r"^#(\d+)\s+(\w+)\s+(?:.*?cov: (\d+))?(?:.*?corp: (\d+)/)?")
# A sanitizer slows every allocation down by what it remembers of its callers.
ENVIRONMENT = {"ASAN_OPTIONS": "malloc_context_size=4:detect_leaks=1",
               "UBSAN_OPTIONS": "print_stacktrace=1"}
printing = threading.Lock()
running = threading.RLock()  # guards the two below; a signal may come while it is held
processes = set()
stopped = False


def stop(_number, _frame):
    """A signal ends the fuzzers, too: that they end then is no finding."""
    global stopped
    with running:
        stopped = True
        for process in processes:
            process.kill()
    sys.exit(130)


def say(text):
    with printing:
        print(text, flush=True)


# ------------------------------------------------------------------------------------ corpora
def write(folder, name, octets):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), "wb") as f:
        f.write(octets)


def texts_of(path):
    """What stands behind 'key: |' in a YAML file, and in raw strings of a C++ file."""
    with open(path, encoding="utf-8") as f:
        text = f.read()
    if path.endswith(".cc"):
        return [m.group(2) for m in re.finditer(r'R"(\w*)\((.*?)\)\1"', text, re.S)]
    found, lines = [], text.splitlines()
    for i, line in enumerate(lines):
        if re.search(r"[:-]\s*\|-?\s*$", line):
            indent = len(line) - len(line.lstrip())
            block = []
            for other in lines[i + 1:]:
                if other.strip() and len(other) - len(other.lstrip()) <= indent:
                    break
                block.append(other)
            found.append(textwrap.dedent("\n".join(block)) + "\n")
    return found


def write_text_seeds(folder):
    scenarios = os.path.join(ROOT, "examples", "scenarios")
    for name in sorted(os.listdir(scenarios)):
        path = os.path.join(scenarios, name)
        with open(path, "rb") as f:
            octets = f.read()
        if name.endswith(".ios"):
            write(os.path.join(folder, "config"), name, octets)
        elif name.endswith(".yaml"):
            write(os.path.join(folder, "scenario"), name, octets)
    sources = [os.path.join(scenarios, n) for n in sorted(os.listdir(scenarios))
               if n.endswith(".yaml")]
    sources += [os.path.join(ROOT, "test", n) for n in sorted(os.listdir(os.path.join(ROOT, "test")))
                if n.endswith(".cc")]
    for path in sources:
        for i, text in enumerate(texts_of(path)):
            name = "%s-%d" % (os.path.basename(path), i)
            if re.search(r"^\s*(crypto|interface|tunnel|set) ", text, re.M):
                write(os.path.join(folder, "config"), name, text.encode())
            if "version: 1" in text:
                write(os.path.join(folder, "scenario"), name, text.encode())


def write_vector_seeds(folder, vectors):
    """What others have recorded, and what has crashed others."""
    malformed = os.path.join(vectors, "malformed")
    if os.path.isfile(os.path.join(malformed, "malformed_and_seeds.json")):
        with open(os.path.join(malformed, "malformed_and_seeds.json"), encoding="utf-8") as f:
            items = json.load(f)["items"]
        for i, item in enumerate(items):
            data, name = bytes.fromhex(item["data"]), "malformed-%03d" % i
            if item["kind"] == "esp":
                write(os.path.join(folder, "esp"), name, b"\0\0" + data)
            elif item["kind"] == "seed":
                for kind in (1, 4, 5, 11, 12, 13):
                    write(os.path.join(folder, "payload"), "%s-%d" % (name, kind),
                          bytes([kind]) + data)
            else:
                write(os.path.join(folder, "message"), name, data)
    for name in sorted(os.listdir(malformed)) if os.path.isdir(malformed) else []:
        if name.endswith("_hexlines.txt"):
            with open(os.path.join(malformed, name), encoding="ascii") as f:
                for i, line in enumerate(f):
                    write(os.path.join(folder, "message"), "line-%05d" % i,
                          bytes.fromhex(line.strip()))
    for place, key in (("captures", "messages"), ("peers", "ike_messages")):
        path = os.path.join(vectors, place)
        for name in sorted(os.listdir(path)) if os.path.isdir(path) else []:
            if not name.endswith(".json"):
                continue
            with open(os.path.join(path, name), encoding="utf-8") as f:
                messages = json.load(f).get(key) or []
            for i, message in enumerate(messages):
                if not isinstance(message, dict):
                    continue
                data = message.get("data") or message.get("octets")
                if isinstance(data, str) and re.fullmatch("(?:[0-9a-fA-F]{2})+", data):
                    target, head = ("esp", b"\0\0") if message.get("kind") == "esp" \
                        else ("message", b"")
                    write(os.path.join(folder, target), "%s-%d" % (name, i),
                          head + bytes.fromhex(data))


def write_dictionaries(folder):
    """Words of the two languages, out of the sources that read them."""
    for target, top, pattern in (("config", "model/config", r"^ike-ios.*\.cc$"),
                                 ("scenario", "helper", r"^ike-scenario.*\.cc$")):
        words = set()
        for name in os.listdir(os.path.join(ROOT, top)):
            if re.match(pattern, name):
                with open(os.path.join(ROOT, top, name), encoding="utf-8") as f:
                    for literal in re.findall(r'"([^"\\\n]*)"', f.read()):
                        words.update(re.findall(r"[a-z][a-z0-9_-]+", literal))
        words.update({"10.0.0.1", "255.255.255.0", "0.0.0.0", "65535", "4294967296"})
        write(folder, target + ".dict", "".join('"%s"\n' % w for w in sorted(words)).encode())


def prepare(build, vectors):
    """All seeds anew."""
    seeds = os.path.join(build, "seeds")
    shutil.rmtree(seeds, ignore_errors=True)
    subprocess.run([os.path.join(build, "test", "fuzz", "ike-write-fuzz-seeds"), seeds], check=True)
    write_text_seeds(seeds)
    if vectors:
        write_vector_seeds(seeds, vectors)
    write_dictionaries(seeds)
    for target in TARGETS:
        os.makedirs(os.path.join(seeds, target), exist_ok=True)
        os.makedirs(os.path.join(build, "corpus", target), exist_ok=True)
        os.makedirs(os.path.join(build, "findings"), exist_ok=True)


# --------------------------------------------------------------------------------------- runs
class Run:
    """One fuzzer at work."""

    def __init__(self, target, build):
        self.target, self.build = target, build
        self.program = os.path.join(build, "test", "fuzz", "ike-fuzz-" + target)
        self.executions = self.coverage = self.corpus = 0
        self.findings = []
        self.log = []

    def folders(self):
        own = os.path.join(ROOT, "test", "fuzz", "corpus", self.target)
        return [os.path.join(self.build, "seeds", self.target)] + ([own] if os.path.isdir(own)
                                                                   else [])

    def options(self):
        words = os.path.join(self.build, "seeds", self.target + ".dict")
        return ["-max_len=%d" % TARGETS[self.target][0], "-timeout=20", "-rss_limit_mb=2048",
                "-entropic=0", "-print_final_stats=1", "-verbosity=1",
                "-artifact_prefix=%s/%s-" % (os.path.join(self.build, "findings"), self.target)] \
            + (["-dict=" + words] if os.path.exists(words) else [])

    def line(self, started):
        return "  %-9s %6.0f s %11s executions  coverage %6d  corpus %6d" % (
            self.target, time.time() - started, format(self.executions, ","), self.coverage,
            self.corpus)

    def start(self, arguments, progress):
        """Runs the program to its end; true when there was no finding."""
        started = last = time.time()
        with running:
            if stopped:
                return True
            process = subprocess.Popen([self.program, *self.options(), *arguments], text=True,
                                       env={**os.environ, **ENVIRONMENT}, errors="replace",
                                       stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                       stderr=subprocess.STDOUT)
            processes.add(process)
        for line in process.stdout:
            self.log.append(line)
            del self.log[:-400]
            match = STATUS.match(line)
            if match:
                self.executions = max(self.executions, int(match.group(1)))
                self.coverage = int(match.group(3) or self.coverage)
                self.corpus = int(match.group(4) or self.corpus)
            for found in re.findall(r"Test unit written to (\S+)", line):
                self.findings.append(found)
            match = re.match(r"stat::number_of_executed_units:\s*(\d+)", line)
            if match:
                self.executions = int(match.group(1))
            if progress and time.time() - last >= progress:
                last = time.time()
                say(self.line(started))
        good = process.wait() == 0
        with running:
            processes.discard(process)
        if stopped:
            return True
        if progress:
            say(self.line(started) + "  %s" % ("no finding" if good else "FINDING"))
        return good

    def explain(self):
        """What went wrong, and how to see it again."""
        text = [l.rstrip() for l in self.log if not l.startswith(("#", "INFO"))]
        first = next((i for i, l in enumerate(text)
                      if re.search(r"finding:|ERROR:|runtime error|terminate called", l)), 0)
        say("\n".join("    " + l[:150] for l in text[first:first + 14]))
        for found in self.findings:
            say("  the input is %s; to see it again:\n    %s %s" % (found, self.program, found))


def fuzz(build, targets, seconds, jobs):
    def one(target):
        run = Run(target, build)
        good = run.start(["-max_total_time=%d" % seconds, os.path.join(build, "corpus", target),
                          *run.folders()], 10)
        return run, good

    with concurrent.futures.ThreadPoolExecutor(max_workers=jobs) as pool:
        results = list(pool.map(one, targets))
    say("\n%-10s %14s %9s %9s %9s" % ("target", "executions", "coverage", "corpus", "findings"))
    for run, good in results:
        say("%-10s %14s %9d %9d %9d" % (run.target, format(run.executions, ","), run.coverage,
                                        run.corpus, 0 if good else max(1, len(run.findings))))
    for run, good in results:
        if not good:
            say("\n%s:" % run.target)
            run.explain()
    return all(good for _, good in results)


def check(build, target):
    """The corpus as it stands, then a fixed number of inputs made from it."""
    run = Run(target, build)
    good = True
    with tempfile.TemporaryDirectory() as scratch:
        good = run.start(["-seed=1", "-runs=%d" % (count_files(run.folders())
                                                  + TARGETS[target][1]),
                          scratch, *run.folders()], None)
    say("%s: %d executions, coverage %d, %s" % (target, run.executions, run.coverage,
                                                "no finding" if good else "FINDING"))
    if not good:
        run.explain()
    return good


def count_files(folders):
    return sum(len(os.listdir(f)) for f in folders)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--build", required=True, help="build folder of the fuzzers")
    parser.add_argument("--vectors", default="", help="folder of independent vectors")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="targets at a time")
    parser.add_argument("--check", action="store_true", help="the fixed short run")
    parser.add_argument("--seeds", action="store_true", help="only write the seeds")
    parser.add_argument("--dry-run", action="store_true", help="only look at the arguments")
    parser.add_argument("words", nargs="*", metavar="TARGET or SECONDS")
    args = parser.parse_args()
    targets, seconds = list(TARGETS), SECONDS
    for word in args.words:
        if word.isdigit() and int(word) > 0:
            seconds = int(word)
        elif word in TARGETS:
            targets = [word]
        else:
            print("ns3-ike: fuzz: '%s' is neither a number of seconds nor a target: %s\n"
                  "ns3-ike: \"./ns3-ike help\" lists the commands" % (word, ", ".join(TARGETS)),
                  file=sys.stderr)
            return 2
    if args.dry_run:
        return 0
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, stop)
    if args.check:
        return 0 if all([check(args.build, t) for t in targets]) else 1
    prepare(args.build, args.vectors)
    if args.seeds:
        return 0
    return 0 if fuzz(args.build, targets, seconds, max(1, args.jobs)) else 1


if __name__ == "__main__":
    sys.exit(main())
