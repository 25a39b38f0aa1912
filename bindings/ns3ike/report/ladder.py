# SPDX-License-Identifier: GPL-2.0-only
"""The messages between two routers as a ladder: what `model/metrics/ike-ladder-chart.cc` does, out of a transcript.

Names of messages are those of ladder.txt: "#1 MM3" is the third message of the main mode of ISAKMP#1, "#1.2 QM1" the
first of the quick mode M#2 under it. Places on the page are computed here: true to scale, but for room that text needs
and silences, which are cut.
"""
from .chart import plural, seconds

#: Messages of the first ladder of a run, and of each other one; ladders of a run.
ARROWS, FEWER, PAIRS = 240, 60, 6
#: px: a typical way of a message, from one time to the next at least, a line of notes, a silence, a message that is lost.
FLIGHT, STEP, LINE, LONG, CUT, LOST = 64, 20, 16, 260, 52, 48
TOP = 26

EXCHANGES = {"main-mode": "MM", "aggressive-mode": "AM", "quick-mode": "QM"}
NOTES = {"phase1-up": "isakmp", "pair-up": "pair", "phase1-failed": "isakmp", "phase2-failed": "pair",
         "isakmp-removed": "isakmp", "pair-removed": "pair"}
MESSAGES = ("message-sent", "message-received")


class Peers:
    """Who the other end is: as the SA says, or whose address it is. Of a load balancer's only the SA knows."""

    def __init__(self, diagram):
        self.names = {address: node["name"] for node in diagram.get("nodes", []) if node["kind"] != "balancer"
                      for address in node["addresses"]}
        self.ends = {sa["name"]: sa["ends"] for sa in diagram.get("sas", [])}

    def of(self, event):
        ends = self.ends.get(event.words.get("isakmp")) or self.ends.get(event.words.get("pair"))
        if ends and event.node in ends:
            return ends[1 - ends.index(event.node)]
        return self.names.get(event.peer)


def pairs(exhibit):
    """The pairs of routers with messages between them: [((left, right), messages)], most surplus first."""
    peers = Peers(exhibit.diagram)
    order = [node["name"] for node in exhibit.diagram.get("nodes", [])]
    counts = {}
    for event in exhibit.happenings:
        if event.kind != "message-sent":
            continue
        peer = peers.of(event)
        if peer in order and event.node in order:
            key = tuple(sorted((event.node, peer), key=order.index))
            counts[key] = counts.get(key, 0) + 1
    surplus = {}
    for sa in exhibit.diagram.get("sas", []):
        if any(sa["surplus"]):
            key = frozenset(sa["ends"])
            surplus[key] = surplus.get(key, 0) + 1
    return sorted(counts.items(), key=lambda item: -surplus.get(frozenset(item[0]), 0))


def note_of(event):
    """What a line of the transcript says beside the ladder, or nothing."""
    words, kind = event.words, event.kind
    why = f" ({words['begin']})" if "begin" in words else ""
    end = f": {words['end']}" if "end" in words else ""
    sa = words.get("pair") if kind.startswith(("pair", "phase2", "outbound")) else words.get("isakmp")
    if kind in ("phase1-begin", "phase2-begin"):
        return (f"begins {sa}{why}", sa) if words.get("role") == "initiator" else None
    if kind in ("phase1-up", "pair-up"):
        return f"{sa} up", sa
    if kind in ("phase1-failed", "phase2-failed"):
        return f"{sa} failed{end}", sa
    if kind in ("isakmp-removed", "pair-removed"):
        return f"{sa} removed{end}", sa
    if kind == "outbound-selected":
        return (f"sends on {sa}", sa) if sa and sa != "-" else ("sends on no pair", None)
    if kind == "initiation-refused":
        return f"may not begin phase {words.get('phase', '')}", None
    if kind in ("line-up", "line-down", "route-up", "route-down"):
        return kind.replace("-", " "), None
    return None


def short(payloads):
    """"SA, 3 VID" for "HDR, SA, VID, VID, VID"; a star for HDR*, what is behind it is encrypted."""
    head, *names = payloads.split(", ")
    counts = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    return ("* " if head.endswith("*") else "") + ", ".join(f"{n} {name}" if n > 1 else name for name, n in counts.items())


class Builder:
    """Follows the lines of a transcript between two routers."""

    def __init__(self, exhibit, left, right, most=ARROWS):
        self.exhibit = exhibit
        self.nodes = (left, right)
        self.most = most
        self.peers = Peers(exhibit.diagram)
        self.arrows, self.notes = [], []
        self.exchanges, self.waiting = {}, {}
        self.left_out = 0
        # What payloads say, by what the transcript says of the same message; equal ones in their order.
        self.contents = {}
        for message in exhibit.diagram.get("messages", []):
            key = message["time"], message["node"], message["octets"]
            self.contents.setdefault(key, []).append(message)

    def build(self):
        for event in self.exhibit.happenings:
            if event.node in self.nodes:
                side = self.nodes.index(event.node)
                if event.peer != "-" and self.peers.of(event) == self.nodes[1 - side]:
                    self.take(event, side)
        return self

    def take(self, event, side):
        if event.kind == "message-sent":
            self.sent(event, side)
        elif event.kind == "message-received":
            self.received(event, side)
        elif event.kind == "message-dropped":
            self.dropped(event, side)
        elif len(self.arrows) < self.most:
            note = note_of(event)
            if note:
                self.notes.append({"side": side, "t": event.time, "text": note[0], "sa": note[1],
                                   "up": event.kind in ("phase1-up", "pair-up"),
                                   "refused": event.kind == "initiation-refused"})

    def sent(self, event, side):
        words = event.words
        octets = int(words.get("octets", 0))
        contents = self.contents.get((event.text, event.node, octets))
        content = contents.pop(0) if contents else {}
        if len(self.arrows) >= self.most:
            self.left_out += 1
            return
        isakmp, number = words.get("isakmp", "-"), words.get("id", "")
        exchange = self.exchanges.setdefault((isakmp, number, words.get("exchange")), {"initiator": side, "count": [0, 0]})
        again = words.get("again") == "yes"
        count = exchange["count"]
        count[side] = max(1, count[side]) if again else count[side] + 1
        self.arrows.append({
            "from": side, "initiator": exchange["initiator"], "t0": event.time, "t1": None, "again": again,
            "name": self.name(words, side, exchange), "payloads": words.get("text", ""),
            "short": short(words.get("text", "")), "octets": octets,
            "heading": content.get("heading", ""), "content": content.get("payloads", []), "copy": False,
            "exchange": words.get("exchange", ""), "isakmp": isakmp})
        key = side, isakmp, number, octets, words.get("text")
        self.waiting.setdefault(key, []).append(len(self.arrows) - 1)

    @staticmethod
    def name(words, side, exchange):
        number = words.get("isakmp", "-").partition("#")[2] or "?"
        text = f"#{number}"
        if "id" in words:
            text += "." + words["id"].partition("#")[2]
        kind = EXCHANGES.get(words.get("exchange"))
        if kind:
            count = exchange["count"][side]
            return f"{text} {kind}{2 * count - 1 if side == exchange['initiator'] else 2 * count}"
        return text + (" INF" if words.get("exchange") == "informational" else " ?")

    def received(self, event, side):
        words = event.words
        key = 1 - side, words.get("isakmp", "-"), words.get("id", ""), int(words.get("octets", 0)), words.get("text")
        sent = self.waiting.get(key)
        if not sent:
            return
        # The latest that has not arrived; a second arrival is a copy that the network made.
        index = next((i for i in reversed(sent) if self.arrows[i]["t1"] is None), None)
        if index is not None:
            self.arrows[index]["t1"] = event.time
        elif len(self.arrows) < self.most:
            self.arrows.append({**self.arrows[sent[-1]], "t1": event.time, "copy": True})

    def dropped(self, event, side):
        """It arrived, and the other end had no use for it; what is not known by its SA is known by its size."""
        octets, isakmp = int(event.words.get("octets", 0)), event.words.get("isakmp")
        for arrow in reversed(self.arrows):
            if (arrow["from"] == 1 - side and arrow["t1"] is None and arrow["octets"] == octets
                    and isakmp in (None, arrow["isakmp"]) and arrow["t0"] <= event.time):
                arrow["t1"], arrow["dropped"] = event.time, event.words.get("text", "")
                return


def places(arrows, notes):
    """({time: px}, [px of cuts], height): to scale, with room for notes, and without long silences."""
    ways = sorted(a["t1"] - a["t0"] for a in arrows if a["t1"] is not None and a["t1"] > a["t0"])
    scale = FLIGHT / ways[len(ways) // 2] if ways else FLIGHT / 0.04
    lines = {}
    for note in notes:
        lines.setdefault(note["t"], [0, 0])[note["side"]] += 1
    lost = {a["t0"] for a in arrows if a["t1"] is None}
    times = sorted({a["t0"] for a in arrows} | {a["t1"] for a in arrows if a["t1"] is not None} | set(lines))
    where, cuts, y, before = {}, [], TOP, None
    for time in times:
        if before is not None:
            room = max(STEP, LINE * max(lines.get(before, [0, 0])) + 6)
            step = max((time - before) * scale, room)
            if step > max(LONG, room):
                room = max(room, LOST if before in lost else 0)
                step = room + CUT
                cuts.append(y + room + CUT / 2 - 6)
            y += step
        where[time] = y
        before = time
    last = LINE * max(lines.get(before, [0, 0])) if times else 0
    return where, cuts, y + max(last, FLIGHT) + 16


def ladder(exhibit, left, right, most=ARROWS):
    """A ladder as the page's script draws it."""
    built = Builder(exhibit, left, right, most).build()
    arrows, notes = built.arrows, built.notes
    if built.left_out:
        # Behind the last message nothing is drawn.
        notes = [note for note in notes if note["t"] <= arrows[-1]["t0"]]
    where, cuts, height = places(arrows, notes)
    slowest = max((a["t1"] - a["t0"] for a in arrows if a["t1"] is not None), default=0.0)
    for arrow in arrows:
        arrow["y0"] = round(where[arrow["t0"]], 1)
        arrow["y1"] = round(where[arrow["t1"]], 1) if arrow["t1"] is not None else None
        arrow["lost"] = arrow["t1"] is None and exhibit.duration - arrow["t0"] >= slowest
    stacked = {}
    for note in notes:
        key = note["t"], note["side"]
        note["y"] = round(where[note["t"]] + LINE * stacked.get(key, 0), 1)
        stacked[key] = stacked.get(key, 0) + 1
    return {"nodes": [left, right], "arrows": arrows, "notes": notes, "cuts": [round(c, 1) for c in cuts],
            "height": round(height), "caption": caption(arrows, notes, built.left_out, left, right)}


def caption(arrows, notes, left_out, left, right):
    """What one sees."""
    if not arrows:
        return f"{left} and {right} sent no message."
    lost = sum(a["lost"] for a in arrows)
    again = sum(a["again"] for a in arrows)
    begun = [note for note in notes if note["text"].startswith("begins ISAKMP")]
    ends = list(dict.fromkeys((left, right)[note["side"]] for note in begun))
    first = f"{left} and {right} both begin a main or aggressive mode" if len(ends) == 2 else \
        f"{ends[0]} alone begins main or aggressive modes" if ends else f"{left} and {right} exchange messages"
    parts = [f"{first}; {plural(len(arrows), 'message')} in {seconds(arrows[-1]['t0'] - arrows[0]['t0'])}"]
    if again:
        parts.append(f"{again} of them sent again")
    if lost:
        parts.append(f"{lost} lost")
    dropped = sum(bool(a.get("dropped")) for a in arrows)
    if dropped:
        parts.append(f"{dropped} thrown away by the other end")
    refused = sum(note["refused"] for note in notes)
    if refused:
        parts.append(plural(refused, "start") + " refused")
    text = ", ".join(parts) + "."
    return text + (f" {plural(left_out, 'later message')} of the run not drawn." if left_out else "")


def ladders(exhibit):
    """Those of a run, that of most surplus first."""
    return [ladder(exhibit, *names, FEWER if number else ARROWS)
            for number, (names, _) in enumerate(pairs(exhibit)[:PAIRS])]
