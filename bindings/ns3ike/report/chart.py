# SPDX-License-Identifier: GPL-2.0-only
"""What a chart shows, without saying who draws it.

A chart has panels beside each other with the same axes; a panel has marks, and all rows of a mark are of one series.
Rows are dictionaries: x, y; low, high (whiskers, areas, bands); x2 (spans); text (labels); tip, the text at the pointer.
"""
import re
from dataclasses import dataclass, field
from typing import List, Optional

from ..sweep.units import number_of

#: line, step: through (x, y). dots: at (x, y). whiskers: low to high at x. area: low to high over x, in steps.
#: band: low to high over x, faint. labels: text above (x, y). bars: 0 to y at x, a word. spans: x to x2 at y, a word.
KINDS = ("line", "step", "dots", "whiskers", "area", "band", "labels", "bars", "spans")


@dataclass
class Axis:
    """An axis: numbers from and to, or words in their order."""
    label: str
    unit: str = ""
    domain: Optional[list] = None
    words: Optional[list] = None

    @property
    def title(self):
        return f"{self.label} ({self.unit})" if self.unit else self.label


@dataclass
class Series:
    """What has a colour, and a place in the legend."""
    name: str
    colour: str
    dashed: bool = False
    #: "line", "dot", "banded" (a dot on a band) or "box": its sample in the legend
    sample: str = "line"
    faint: bool = False


@dataclass
class Mark:
    kind: str
    series: int
    rows: List[dict]


@dataclass
class Panel:
    title: str
    marks: List[Mark] = field(default_factory=list)
    #: instead of those of the chart
    x: Optional[Axis] = None
    y: Optional[Axis] = None


@dataclass
class Chart:
    #: of files, and of elements of the page
    name: str
    title: str
    x: Axis
    y: Axis
    series: List[Series]
    panels: List[Panel]
    #: a sentence that says what one sees
    caption: str = ""
    #: px of a panel
    height: int = 190
    #: most panels beside each other
    columns: int = 3
    #: px that a panel wants at least
    least: int = 260
    #: of which run, when a list on the page chooses it
    exhibit: Optional[int] = None

    @property
    def legend(self):
        """The series that have a name."""
        return [series for series in self.series if series.name]


def number(value, digits=3):
    """Short, and without an exponent where people want none."""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value)) if abs(value) < 10000 else thousands(int(value))
    text = f"{value:.{digits}g}"
    return f"{value:,.0f}".replace(",", "\u202f") if "e" in text and abs(value) >= 1 else text


def span_of(values, share=0.03):
    """[least, greatest] with a little room."""
    least, most = min(values), max(values)
    room = (most - least) * share or abs(most) * share or 1
    return [least - room, most + room]


def seconds(value, digits=3):
    """A time for people: 40 ms, 3.2 s, 5 min, 2.5 h, 7 d."""
    size = abs(value)
    for least, unit, factor in ((2 * 86400, "d", 86400), (2 * 3600, "h", 3600), (120, "min", 60), (1, "s", 1),
                                (1e-3, "ms", 1e-3)):
        if size >= least:
            return f"{number(value / factor, digits)}\u00a0{unit}"
    return f"{number(value * 1e6, digits)}\u00a0\u00b5s" if size > 0 else "0\u00a0s"


def readable(text):
    """A value of a parameter with four digits: samples of a distribution have many."""
    if re.fullmatch(r"-?[0-9]{5,} (ns|us|ms)", text):
        return seconds(number_of(text, "duration"), 4)
    return re.sub(r"^-?[0-9]+\.[0-9]{4,}", lambda found: f"{float(found[0]):.4g}", text)


def time_unit(most):
    """(unit, seconds of it) in which an axis up to so many seconds reads best."""
    for least, unit, factor in ((2 * 86400, "d", 86400.0), (3 * 3600, "h", 3600.0), (600, "min", 60.0)):
        if most >= least:
            return unit, factor
    return "s", 1.0


def thousands(count):
    """1 260, with a narrow space that breaks no line."""
    return f"{count:,}".replace(",", "\u202f")


def plural(count, word, more=""):
    """3 runs, 1 run."""
    return f"{thousands(count)} " + (word if count == 1 else more or word + "s")
