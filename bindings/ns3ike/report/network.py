# SPDX-License-Identifier: GPL-2.0-only
"""The map of the network, with the states of tunnels over time."""
import math

from .chart import plural, seconds

#: Nodes of a map, and moments of its slider.
NODES, MOMENTS = 120, 600
ROUNDS = 160
STATES = ("none", "isakmp", "one", "up", "many")
WORDS = {"none": "no SA", "isakmp": "ISAKMP SA, no pair", "one": "a pair at one end only", "up": "one pair",
         "many": "an SA too many"}


def distances(count, edges):
    """Hops between all nodes; what is not joined is far."""
    near = {i: set() for i in range(count)}
    for a, b in edges:
        near[a].add(b)
        near[b].add(a)
    table = []
    for start in range(count):
        row = [math.inf] * count
        row[start], queue = 0, [start]
        for node in queue:
            for other in sorted(near[node]):
                if row[other] == math.inf:
                    row[other] = row[node] + 1
                    queue.append(other)
        table.append(row)
    most = max([d for row in table for d in row if d != math.inf], default=1) + 2
    return [[d if d != math.inf else most for d in row] for row in table]


def layout(count, edges):
    """Places in the unit square: distances on paper like hops (stress majorization, Gansner et al. 2004)."""
    if count == 1:
        return [(0.5, 0.5)]
    wanted = distances(count, edges)
    at = [(math.cos(2 * math.pi * i / count), 0.7 * math.sin(2 * math.pi * i / count)) for i in range(count)]
    for _ in range(ROUNDS if count > 20 else 4 * ROUNDS):
        for i in range(count):
            x = y = weight = 0.0
            for j in range(count):
                if i != j:
                    dx, dy = at[i][0] - at[j][0], at[i][1] - at[j][1]
                    w, far = wanted[i][j] ** -2, math.hypot(dx, dy) or 1e-9
                    x += w * (at[j][0] + wanted[i][j] * dx / far)
                    y += w * (at[j][1] + wanted[i][j] * dy / far)
                    weight += w
            at[i] = x / weight, y / weight
    return turned(at)


def turned(at):
    """The longest direction from left to right, the first node left, in the unit square without stretching."""
    n = len(at)
    mx, my = sum(x for x, _ in at) / n, sum(y for _, y in at) / n
    xx = sum((x - mx) ** 2 for x, _ in at)
    yy = sum((y - my) ** 2 for _, y in at)
    xy = sum((x - mx) * (y - my) for x, y in at)
    angle = 0.5 * math.atan2(2 * xy, xx - yy)
    c, s = math.cos(angle), math.sin(angle)
    at = [(c * (x - mx) + s * (y - my), -s * (x - mx) + c * (y - my)) for x, y in at]
    sign = -1 if at[0][0] > 1e-9 else 1
    at = [(sign * x, y) for x, y in at]
    size = max(max(abs(x) for x, _ in at), max(abs(y) for _, y in at)) * 2 or 1
    return [(round(0.5 + x / size, 4), round(0.5 + y / size, 4)) for x, y in at]


def alive(times, moment, duration):
    """In how many of these times does a moment lie? What lasts to the end lasts at the end."""
    return sum(a <= moment < b or (moment == b == duration) for a, b in times)


class Tunnel:
    """Two routers with SAs between them."""

    def __init__(self, ends, sas, duration):
        self.ends, self.sas, self.duration = ends, sas, duration
        self.changes = {t for sa in sas for what in ("lives", "surplus") for end in sa[what] for span in end for t in span}

    def state(self, moment):
        """(state, what stands there)"""
        counts = [[0, 0], [0, 0]]
        surplus = 0
        for sa in self.sas:
            for side in (0, 1):
                stands = alive(sa["lives"][side], moment, self.duration)
                counts[side][sa["name"].startswith("PAIR")] += stands
                surplus += bool(stands and alive(sa["surplus"][side], moment, self.duration))
        pairs = [count[1] for count in counts]
        if surplus:
            name = "many"
        elif all(pairs):
            name = "up"
        elif any(pairs):
            name = "one"
        else:
            name = "isakmp" if counts[0][0] or counts[1][0] else "none"
        return name, "; ".join(f"{end}: {plural(c[0], 'ISAKMP SA')}, {plural(c[1], 'pair')}"
                               for end, c in zip(self.ends, counts))


def network(exhibit):
    """The map of a run as the page's script draws it; None when there is none."""
    nodes = exhibit.diagram.get("nodes", [])
    if not nodes:
        return None
    if len(nodes) > NODES:
        return {"caption": f"A map of {len(nodes)} nodes would show nothing; the most is {NODES}."}
    index = {node["name"]: i for i, node in enumerate(nodes)}
    links = [link for link in exhibit.diagram["links"] if all(end in index for end in link["ends"])]
    edges = [tuple(index[end] for end in link["ends"]) for link in links]
    groups = {}
    for sa in exhibit.sas():
        if all(end in index for end in sa["ends"]):
            groups.setdefault(tuple(sa["ends"]), []).append(sa)
    tunnels = [Tunnel(ends, sas, exhibit.duration) for ends, sas in sorted(groups.items())]
    every = sorted({0.0, exhibit.duration}.union(*[t.changes for t in tunnels]))
    moments = thinned(every)
    said = happened(exhibit, moments)
    places = layout(len(nodes), edges)
    states = [[tunnel.state(moment) for moment in moments] for tunnel in tunnels]
    texts = {}
    for column in states:
        for _, text in column:
            texts.setdefault(text, len(texts))
    return {
        "nodes": [{"name": n["name"], "kind": n["kind"], "x": x, "y": y} for n, (x, y) in zip(nodes, places)],
        "links": [{"ends": edge, "name": link["name"], "delay": seconds(link["delay_seconds"])}
                  for edge, link in zip(edges, links)],
        "tunnels": [{"ends": [index[end] for end in tunnel.ends], "states": [STATES.index(s) for s, _ in column],
                     "said": [texts[text] for _, text in column]} for tunnel, column in zip(tunnels, states)],
        "texts": list(texts), "words": [WORDS[state] for state in STATES], "states": list(STATES), "moments": moments, "happened": said,
        "caption": sentence(exhibit, tunnels, states, moments, len(every)),
    }


def thinned(moments):
    """At most so many of them, evenly, with both ends."""
    if len(moments) <= MOMENTS:
        return moments
    return [moments[round(i * (len(moments) - 1) / (MOMENTS - 1))] for i in range(MOMENTS)]


def happened(exhibit, moments):
    """What the transcript says of each moment."""
    kinds = {"phase1-up": "isakmp", "pair-up": "pair", "isakmp-removed": "isakmp", "pair-removed": "pair",
             "phase1-failed": "isakmp", "phase2-failed": "pair"}
    said = {moment: [] for moment in moments}
    for event in exhibit.happenings:
        if event.kind in kinds and event.time in said and len(said[event.time]) < 6:
            word = "up" if event.kind.endswith("up") else "removed" if event.kind.endswith("removed") else "failed"
            end = f" ({event.words['end']})" if "end" in event.words else ""
            said[event.time].append(f"{event.node}: {event.words.get(kinds[event.kind], '')} {word}{end}")
    return [said[moment] for moment in moments]


def sentence(exhibit, tunnels, states, moments, every):
    """What one sees at the end, and on the way."""
    if not tunnels:
        return "No SA ever stood in this run."
    ends = [column[-1][0] for column in states]
    parts = [f"{plural(ends.count(state), 'tunnel')} with {WORDS[state]}" if state != "none" else
             f"{plural(ends.count(state), 'tunnel')} without an SA" for state in STATES if state in ends]
    text = f"At the end, {seconds(exhibit.duration)}: " + ", ".join(parts) + "."
    ever = sum(any(state == "many" for state, _ in column) for column in states)
    text += f" On the way {plural(ever, 'tunnel')} had an SA too many." if ever else " None ever had an SA too many."
    if len(moments) < every:
        text += f" The slider stops at {len(moments)} of {every} moments."
    return text
