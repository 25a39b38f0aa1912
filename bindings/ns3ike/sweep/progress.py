# SPDX-License-Identifier: GPL-2.0-only
"""How far a sweep is: a bar on a terminal, now and then a line elsewhere; on standard error."""
import sys
import time


def span(seconds):
    """"2 h 05 min", "3 min 20 s", "12 s"."""
    seconds = round(seconds)
    if seconds >= 3600:
        return f"{seconds // 3600} h {seconds % 3600 // 60:02} min"
    return f"{seconds // 60} min {seconds % 60:02} s" if seconds >= 60 else f"{seconds} s"


class Progress:
    """Runs done of those known so far; rate and time left are those of this invocation."""

    WIDTH = 30

    def __init__(self, total, before, out=None, clock=time.monotonic):
        self.total = total      # runs, those of the past too
        self.done = before      # finished, now or in the past
        self.failed = 0         # of those finished now
        self._before = before
        self._out = out or sys.stderr
        self._clock = clock
        self._start = clock()
        self._terminal = self._out.isatty()
        self._shown = self._start - 1
        self._tenth = -1

    def advance(self, runs, failed, total):
        """So many more have finished; and this many there are now (a stop rule may want fewer)."""
        self.done += runs
        self.failed += failed
        self.total = total
        if self._terminal:
            if self._clock() - self._shown >= 0.2 or self.done == self.total:
                self._shown = self._clock()
                self._out.write("\r\033[K" + self.text(bar=True))
                self._out.flush()
        else:
            tenth = 10 * self.done // max(1, self.total)
            if tenth != self._tenth:
                self._tenth = tenth
                self._out.write("ike-sweep: " + self.text() + "\n")
                self._out.flush()

    def text(self, bar=False):
        now = self.done - self._before
        rate = now / max(1e-9, self._clock() - self._start)
        share = self.done / max(1, self.total)
        parts = [f"{self.done} of {self.total} runs"]
        if bar:
            full = int(self.WIDTH * share)
            parts = [f"[{'#' * full}{'.' * (self.WIDTH - full)}] {100 * share:3.0f} %"] + parts
        if self.failed:
            parts.append(f"{self.failed} failed")
        if now:
            parts += [f"{rate:.1f}/s", f"{span((self.total - self.done) / rate)} left"]
        return ", ".join(parts)

    def finish(self):
        """Wipes out the bar."""
        if self._terminal:
            self._out.write("\r\033[K")
            self._out.flush()

    def seconds(self):
        return self._clock() - self._start
