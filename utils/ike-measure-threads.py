#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""How much faster are handshakes with worker threads?

    utils/ike-measure-threads.py [--pairs N] [--threads N] [--group N] [--repeat N] [--sim FILE]

Pairs of routers bring up a tunnel each, and again and again, since their SAs live for a minute or two,
all at about the same time, with costs of cryptography: their Diffie-Hellman operations fall into the
same window of simulated time. Prints wall time, CPU time
and handshakes per second with one thread and with several, and the ratio. Results of both must be
equal. The same pairs without IKE are measured, too, and subtracted: reading the scenario and
building nodes is no handshake. As many runs with one thread each as there are threads, all at once,
say what the machine itself allows: no program does better with threads than without anything in common. Wants a quiet machine. On a busy one look at the second ratio, that
of CPU time: all of it with one thread to that of the busiest of several threads."""
import argparse
import glob
import json
import os
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

END = """  {name}:
    config: |
      hostname {name}
      crypto isakmp policy 10
       encryption aes 128
       hash sha256
       authentication pre-share
       group {group}
       lifetime 60
      crypto isakmp key a-key-for-measuring address {peer}
      crypto ipsec transform-set t esp-aes esp-sha256-hmac
      crypto ipsec profile p
       set transform-set t
       set security-association lifetime seconds 120
{responder}      interface Ethernet0/0
       ip address {address} 255.255.0.0
      interface Tunnel0
       ip address 10.0.0.{last} 255.255.255.252
       tunnel source Ethernet0/0
       tunnel destination {destination}
       tunnel mode ipsec ipv4
       tunnel protection ipsec profile p
"""


def scenario(pairs, group, ike):
    lines = ["version: 1", "name: pairs", "title: Pairs", "duration: 5 min", "costs: accelerator",
             "network:", "  cloud:", "    core:", "      delay: 5 ms", "      jitter: 100 ms",
             "      rate: 100 Mbit/s",
             "      attach:"]
    ends = [("%s%d" % (side, i), "172.%d.%d.%d" % (base, i // 250, i % 250 + 1), side)
            for i in range(pairs) for side, base in (("A", 16), ("B", 17))]
    lines += ["        %s: Ethernet0/0" % name for name, _, _ in ends]
    text = "\n".join(lines) + "\nrouters:\n"
    for i in range(0, len(ends), 2):
        for (name, address, side), (_, peer, _) in ((ends[i], ends[i + 1]), (ends[i + 1], ends[i])):
            text += END.format(name=name, address=address, peer=peer, group=group,
                               destination=peer if ike else "172.18.0.1",
                               last=1 if side == "A" else 2,
                               responder="       responder-only\n" if side == "B" else "")
    return text.replace("255.255.0.0", "255.240.0.0")


def thread_seconds(pid):
    """CPU seconds of each living thread of a process, from Linux."""
    seconds = {}
    for path in glob.glob("/proc/%d/task/*/schedstat" % pid):
        try:
            with open(path) as file:
                seconds[path] = int(file.read().split()[0]) / 1e9
        except (OSError, IndexError):
            pass
    return seconds


def measure(program, path, threads, out):
    """Wall seconds, CPU seconds of the busiest thread, and results of a run."""
    start = time.monotonic()
    busy = {}
    with open(out, "w") as file:
        process = subprocess.Popen([program, "run", path, "--threads", str(threads), "--format",
                                    "json"], stdout=file, stderr=subprocess.PIPE, text=True)
        while process.poll() is None:
            busy.update(thread_seconds(process.pid))
            time.sleep(0.005)
    wall = time.monotonic() - start
    if process.returncode != 0:
        sys.exit(process.stderr.read())
    with open(out) as file:
        return wall, max(busy.values()), file.read()


def measure_at_once(program, path, runs, folder):
    """Wall seconds of several runs with one thread each, at the same time."""
    start = time.monotonic()
    processes = []
    for i in range(runs):
        with open(os.path.join(folder, "out%d" % i), "w") as file:
            processes.append(subprocess.Popen([program, "run", path, "--threads", "1", "--format",
                                               "json"], stdout=file, stderr=subprocess.DEVNULL))
    if any([process.wait() != 0 for process in processes]):
        sys.exit("a run failed")
    return time.monotonic() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--pairs", type=int, default=250)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--group", type=int, default=14)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--json", action="store_true", help="the figures on one line, for programs")
    parser.add_argument("--sim", default=os.path.join(
        os.environ.get("IKE_BUILD_DIR") or os.path.join(ROOT, "build"), "ike-sim"))
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        best = {}
        texts = {}
        at_once = []
        for _ in range(args.repeat):
            for what, ike, threads in (("without IKE", False, 1), ("1 thread", True, 1),
                                       ("%d threads" % args.threads, True, args.threads)):
                path = os.path.join(folder, "pairs.yaml")
                with open(path, "w") as file:
                    file.write(scenario(args.pairs, args.group, ike))
                wall, cpu, text = measure(args.sim, path, threads, os.path.join(folder, "out"))
                before = best.get(what, (wall, cpu))
                best[what] = (min(before[0], wall), min(before[1], cpu))
                texts[what] = text
                if what == "1 thread":
                    at_once.append(measure_at_once(args.sim, path, args.threads, folder))
    one, several = "1 thread", "%d threads" % args.threads
    if texts[one] != texts[several]:
        sys.exit("results differ")
    totals = json.loads(texts[one])["totals"]
    handshakes = totals["dh_operations"] // 4
    base = best["without IKE"]
    ratios = {name: (best[one][index] - base[index]) / (best[several][index] - base[index])
              for name, index in (("wall", 0), ("cpu", 1))}
    ceiling = args.threads * best[one][0] / min(at_once)
    if args.json:
        print(json.dumps({"threads": args.threads, "handshakes": handshakes, "ratio-wall": ratios["wall"],
                          "ratio-cpu": ratios["cpu"], "ceiling": ceiling}))
        return
    print("%d pairs, %d Diffie-Hellman operations of group %d, %d negotiations completed" % (
        args.pairs, totals["dh_operations"], args.group, totals["negotiations_completed"]))
    for what, (wall, cpu) in best.items():
        print("%-12s %7.2f s wall %7.2f s CPU of the busiest thread" % (what, wall, cpu))
    for what, name, index in (("wall time", "wall", 0), ("CPU time", "cpu", 1)):
        alone, beside = best[one][index] - base[index], best[several][index] - base[index]
        print("handshakes per second by %s: %.0f and %.0f, ratio %.2f" % (
            what, handshakes / alone, handshakes / beside, ratios[name]))
    print("%d runs at once, which have nothing in common: %.2f times the handshakes of one" % (
        args.threads, ceiling))


if __name__ == "__main__":
    main()
