# SPDX-License-Identifier: GPL-2.0-only
"""Timelines of SAs at both ends, with the times when one was too many."""
from .chart import Axis, Chart, Mark, Panel, Series, plural, seconds, time_unit

#: Rows that one can still read.
ROWS = 36
KINDS = (("ISAKMP", "c1"), ("PAIR", "c3"))


def pair_of(exhibit):
    """(the two routers to be shown, how many pairs of routers there are); most surplus first."""
    counts = {}
    for sa in exhibit.sas():
        key = tuple(sa["ends"])
        count = counts.setdefault(key, [0, 0])
        count[0] += any(sa["surplus"])
        count[1] += 1
    if not counts:
        return None, 0
    return max(counts, key=lambda key: counts[key]), len(counts)


def window(sas, duration):
    """[from, to] in s: all of the run, or the part in which anything changes when that is a small part of it."""
    times = [t for sa in sas for end in sa["lives"] for life in end for t in life if 0 < t < duration]
    if not times:
        return [0.0, duration]
    first, last = min(times), max(times)
    if last - first < 0.3 * duration:
        room = max(0.25 * (last - first), 1e-3, 0.002 * duration)
        return [max(0.0, first - room), min(duration, last + 2 * room)]
    return [0.0, duration]


def shown(name):
    return name.replace("PAIR#", "pair #").replace("ISAKMP#", "ISAKMP #")


def chart(exhibit, number):
    """The chart of one run, or None when it had no SA."""
    ends, pairs = pair_of(exhibit)
    if ends is None:
        return None
    every = [sa for sa in exhibit.sas() if tuple(sa["ends"]) == ends]
    sas = every[:ROWS]
    start, stop = window(sas, exhibit.duration)
    unit, factor = time_unit(stop)
    words = [shown(sa["name"]) for sa in sas]
    panels = []
    for side, node in enumerate(ends):
        panel = Panel(f"at {node}")
        for index, (kind, _) in enumerate(KINDS):
            panel.marks.append(Mark("spans", index, rows(
                [sa for sa in sas if sa["name"].startswith(kind)], "lives", side, start, stop, factor, exhibit)))
        panel.marks.append(Mark("spans", len(KINDS), rows(sas, "surplus", side, start, stop, factor, exhibit)))
        panels.append(panel)
    series = [Series("ISAKMP SA", "c1", sample="box"), Series("IPsec SA pair", "c3", sample="box"),
              Series("too many", "bad", sample="box")]
    used = {mark.series for panel in panels for mark in panel.marks if mark.rows}
    for index, one in enumerate(series):
        one.name = one.name if index in used else ""
    return Chart(f"lives-{number}", f"SAs of {ends[0]} and {ends[1]}: {exhibit.label}",
                 Axis("time", unit, [start / factor, stop / factor]), Axis("", words=words), series, panels,
                 caption=sentence(every, ends, exhibit, pairs, start, stop), columns=2, least=380)


def rows(sas, what, side, start, stop, factor, exhibit):
    found = []
    for sa in sas:
        for begin, end in sa[what][side]:
            if end < start or begin > stop:
                continue
            lasts = " to the end" if end >= exhibit.duration else f" to {end:.6f} s"
            by = f", begun by {sa['initiator']}" if what == "lives" else ", too many"
            found.append({"x": max(begin, start) / factor, "x2": min(end, stop) / factor, "y": shown(sa["name"]),
                          "tip": f"{shown(sa['name'])}{by}: {begin:.6f}{lasts} ({seconds(end - begin)})"})
    return found


def surplus_seconds(exhibit, ends):
    """The integral of the SAs too many at both ends, as results.json has it."""
    peers = [(end["name"], peer) for end in exhibit.results["ends"] for peer in end["peers"]]
    return sum(peer["isakmp_duplicate_seconds"] + peer["ipsec_duplicate_seconds"] for name, peer in peers
               if {name, peer["name"]} == set(ends))


def sentence(sas, ends, exhibit, pairs, start, stop):
    isakmp = sum(sa["name"].startswith("ISAKMP") for sa in sas)
    many = [sa for sa in sas if any(sa["surplus"])]
    text = f"{ends[0]} and {ends[1]} had {plural(isakmp, 'ISAKMP SA')} and {plural(len(sas) - isakmp, 'pair')}"
    if many:
        spans = [span for sa in many for end in sa["surplus"] for span in end]
        first = min(span[0] for span in spans)
        when = f"{first:.3f}\u00a0s" if first < 7200 else seconds(first)
        text += (f"; {len(many)} of these were too many, the first at {when}, in all for "
                 f"{seconds(surplus_seconds(exhibit, ends))} summed over both ends.")
    else:
        text += ", and none was ever too many."
    if len(sas) > ROWS:
        text += f" The first {ROWS} are drawn."
    if stop - start < 0.99 * exhibit.duration:
        text += f" What is drawn is the part of the run in which SAs came or went; it lasted {seconds(exhibit.duration)}."
    if pairs > 1:
        text += f" Of {pairs} pairs of routers, this one had the most SAs too many." if many else \
            f" It is one of {pairs} pairs of routers."
    return text
