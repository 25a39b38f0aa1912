# SPDX-License-Identifier: GPL-2.0-only
"""Namespaces that go away by themselves.

A sandbox is a network, a mount and a process namespace without a name, held by one process that
reads from a pipe of ours. However this program ends, the pipe closes, that process ends, the kernel
kills all others in the process namespace, and with them go interfaces and mounts.
"""
import os
import subprocess
import threading
import time


class Failure(Exception):
    """A cell did not do what it should; the text says what."""


# Set when the program has to end: whoever waits gives up.
STOPPED = threading.Event()


def rest(seconds):
    """Let time pass."""
    if STOPPED.wait(seconds):
        raise Failure("stopped")


def wait_for(what, seconds, question, pause=0.05):
    """Ask until the answer is true; the answer, or a Failure."""
    end = time.monotonic() + seconds
    while True:
        answer = question()
        if answer:
            return answer
        if time.monotonic() > end:
            raise Failure("not within %g s: %s" % (seconds, what))
        rest(pause)


class Sandbox:
    """Runs programs in namespaces of their own."""

    # Fork and a pipe that others might inherit in between: one at a time.
    lock = threading.Lock()

    def __init__(self, folder):
        self.folder = folder
        self.holder = None
        self.started = []
        os.makedirs(os.path.join(folder, "run"), exist_ok=True)
        with self.lock:
            self.holder = subprocess.Popen(
                ["unshare", "--net", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child",
                 "cat"],
                stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                start_new_session=True)
        try:
            self.pid = wait_for("a namespace", 5, self._find_child)
            self.run("mount", "--bind", os.path.join(folder, "run"), "/run")
            self.run("ip", "link", "set", "lo", "up")
        except BaseException:
            self.close()
            raise

    def _find_child(self):
        if self.holder.poll() is not None:
            raise Failure("no namespaces: " + self.holder.stderr.read().decode().strip())
        path = "/proc/%d/task/%d/children" % (self.holder.pid, self.holder.pid)
        with open(path, encoding="ascii") as f:
            children = f.read().split()
        # It is there before it has become "cat", and so is its /proc.
        if not children or self._name_of(children[0]) != "cat":
            return None
        return int(children[0])

    @staticmethod
    def _name_of(pid):
        try:
            with open("/proc/%s/comm" % pid, encoding="utf-8") as f:
                return f.read().strip()
        except OSError:
            return None

    @property
    def netns(self):
        return "/proc/%d/ns/net" % self.pid

    def _inside(self, args):
        return ["nsenter", "--target", str(self.pid), "--net", "--mount", "--pid", "--", *args]

    def run(self, *args, timeout=20, check=True, env=None):
        """Run to the end; what it printed, both ways. With check, a bad exit status is a Failure."""
        with subprocess.Popen(self._inside(args), text=True, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              env={**os.environ, **(env or {})}, start_new_session=True) as program:
            end = time.monotonic() + timeout
            while True:
                try:
                    said, _ = program.communicate(timeout=0.2)
                    break
                except subprocess.TimeoutExpired:
                    if STOPPED.is_set() or time.monotonic() > end:
                        self.close()  # ends it, wherever in the sandbox it is
                        raise Failure("%s: no end within %d s" % (" ".join(args), timeout)) \
                            from None
        if check and program.returncode != 0:
            raise Failure("%s: exit status %d: %s" % (" ".join(args), program.returncode,
                                                      said.strip()[-600:]))
        return said

    def start(self, *args, log, env=None):
        """Start, and leave it running; it ends with the sandbox."""
        # With a shell between: nsenter stops itself when its child is stopped, and nobody would
        # make it go on.
        with open(log, "ab") as out:
            program = subprocess.Popen(self._inside(["sh", "-c", '"$@" & wait $!', "sh", *args]),
                                       stdin=subprocess.DEVNULL, stdout=out,
                                       stderr=subprocess.STDOUT,
                                       env={**os.environ, **(env or {})}, start_new_session=True)
        self.started.append(program)
        return program

    def close(self):
        if self.holder is None:
            return
        self.holder.stdin.close()
        try:
            self.holder.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.holder.kill()  # kills the holder's child, and that everything inside
            self.holder.wait()
        self.holder.stderr.close()
        self.holder = None
        for program in self.started:
            try:
                program.wait(timeout=10)
            except subprocess.TimeoutExpired:
                program.kill()
                program.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
