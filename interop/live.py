# SPDX-License-Identifier: GPL-2.0-only
"""The ns-3 end: runs ike-live and reads what it prints."""
import json
import os
import subprocess
import threading
import time

from sandbox import STOPPED, Failure, Sandbox


class Live:
    """One ike-live; lines go in, objects come out."""

    def __init__(self, program, folder, config, netns, *args, knobs=()):
        self.folder = folder
        os.makedirs(folder, exist_ok=True)
        path = os.path.join(folder, "router.ios")
        with open(path, "w", encoding="utf-8") as f:
            f.write(config)
        knobs = [word for knob in knobs for word in ("--knob", knob)]
        self.lines = []
        self.changed = threading.Condition()
        with open(os.path.join(folder, "stderr"), "wb") as err, Sandbox.lock:
            self.process = subprocess.Popen(
                [program, path, "--netns", netns, "--stdin", "--messages", "--out", folder, *args,
                 *knobs],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=err, text=True,
                start_new_session=True)
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        with open(os.path.join(self.folder, "stdout.jsonl"), "w", encoding="utf-8") as log:
            for text in self.process.stdout:
                log.write(text)
                log.flush()
                with self.changed:
                    self.lines.append(json.loads(text))
                    self.changed.notify_all()
        with self.changed:
            self.lines.append({"end": True})
            self.changed.notify_all()

    def mark(self):
        """A place in the output, for since=."""
        with self.changed:
            return len(self.lines)

    @staticmethod
    def _fits(line, fields):
        """A text also fits one that goes on after a blank: "X" fits "X (unprotected)"."""
        return all(k in line and (v in (None, line[k])
                                  or isinstance(v, str) and str(line[k]).startswith(v + " "))
                   for k, v in fields.items())

    def find(self, since=0, **fields):
        """All objects so far with these values; None stands for any value."""
        with self.changed:
            return [line for line in self.lines[since:] if self._fits(line, fields)]

    def wait(self, seconds, since=0, count=1, **fields):
        """Wait until so many such objects are there; the last one of them."""
        end = time.monotonic() + seconds
        with self.changed:
            while True:
                found = [line for line in self.lines[since:] if self._fits(line, fields)]
                if len(found) >= count:
                    return found[count - 1]
                left = end - time.monotonic()
                if self.lines and "end" in self.lines[-1] and len(self.lines[-1]) == 1:
                    raise Failure("ns-3 ended; see " + os.path.join(self.folder, "stderr"))
                if STOPPED.is_set():
                    raise Failure("stopped")
                if left <= 0:
                    raise Failure("ns-3, not within %g s: %s" % (seconds, " ".join(
                        "%s=%s" % pair for pair in sorted(fields.items()))))
                self.changed.wait(min(left, 0.5))

    def type(self, *lines):
        """Type lines at the console; what it says to each."""
        said = []
        for line in lines:
            since = self.mark()
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()
            if not line.startswith("live "):
                said.append(self.wait(5, since, console=None)["console"]["says"])
        return said

    def configure(self, *lines):
        """Type lines in configuration mode; an error in any is a Failure."""
        for line, says in zip(lines, self.type("enable", "configure terminal", *lines, "end")[2:]):
            if "%" in says:
                raise Failure("console: %s: %s" % (line, says.strip()))

    def show(self):
        """The numbers of now."""
        since = self.mark()
        self.type("live show")
        return self.wait(5, since, show=None)["show"]

    def ping(self, address, count=5):
        """Ping from the router; how many were answered."""
        since = self.mark()
        self.type("live ping %s %d 0.1" % (address, count))
        return self.wait(10 + count * 0.1, since, ping=None)["ping"]["answered"]

    def pairs(self):
        """IPsec SA pairs that live."""
        return [pair for pair in self.show()["pairs"] if pair["live"]]

    def close(self):
        """End the run; its result, or None when there is none."""
        try:
            self.process.stdin.close()
        except OSError:
            pass
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.reader.join(timeout=10)
        self.process.stdout.close()
        found = self.find(result=None)
        return found[-1]["result"] if found else None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
