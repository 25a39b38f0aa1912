# SPDX-License-Identifier: GPL-2.0-only
"""The sections that show single runs; one chooser says which run all of them show."""
from . import lives
from .ladder import ladders
from .markup import Markup, Section, tag
from .network import STATES, WORDS, network

COLOURS = {"none": "faint", "isakmp": "c1", "one": "c5", "up": "good", "many": "bad"}


def chooser(exhibits, name):
    """A list of runs; the page's script keeps all such lists together."""
    if len(exhibits) < 2:
        return tag("p", "Run: ", tag("b", exhibits[0].label), class_="chosen")
    return tag("p", tag("label", "Run ", tag("select", *[tag("option", e.label, value=i) for i, e in enumerate(exhibits)],
                                             class_="run-chooser", id=f"run-{name}")), class_="chosen")


def timelines(exhibits):
    """The life of each SA."""
    charts = [(i, lives.chart(exhibit, i)) for i, exhibit in enumerate(exhibits)]
    if not any(chart for _, chart in charts):
        return None
    part = Section("lives", "SAs over time, at both ends", "SAs")
    part.add(chooser(exhibits, "lives"))
    for i, chart in charts:
        if chart:
            chart.exhibit = i
            part.add(chart)
        else:
            part.add(tag("p", "No SA ever stood in this run.", class_="note", data_exhibit=i))
    return part


def messages(exhibits):
    """The ladder."""
    data = [{"label": exhibit.label, "ladders": ladders(exhibit),
             "sas": {sa["name"]: about(sa, exhibit) for sa in exhibit.sas()}} for exhibit in exhibits]
    if not any(run["ladders"] for run in data):
        return None
    part = Section("ladder", "Message by message", "Messages")
    part.lead = ("Choose a message to see its payloads, or an SA to see its life. Keys are named by the first 4 octets of "
                 "their SHA-256; the page has no key.")
    part.add(chooser(exhibits, "ladder"))
    part.add(tag("p", tag("label", "Routers ", tag("select", id="ladder-pair")), class_="chosen", id="ladder-pairs"))
    part.add(tag("figure",
                 tag("div", tag("div", tag("div", class_="ladder-head", id="ladder-head"),
                                tag("div", class_="ladder-body", id="ladder-picture"), class_="ladder-scroll"),
                     tag("aside", tag("p", "Nothing is chosen yet.", class_="note"), id="ladder-details",
                         aria_live="polite", tabindex=0), class_="ladder-grid"),
                 tag("figcaption", "", id="ladder-caption")))
    part.data["ladders"] = data
    for i, exhibit in enumerate(exhibits):
        if exhibit.drawing:
            part.drawings[f"ladder-{i}"] = exhibit.drawing
    return part


def about(sa, exhibit):
    """What the page says of an SA."""
    return {"ends": sa["ends"], "initiator": sa["initiator"], "algorithms": sa["algorithms"],
            "key": sa["key_fingerprint"], "packets": sa["packets"], "lives": sa["lives"], "surplus": sa["surplus"],
            "end": exhibit.duration}


def topology(exhibits):
    """The map."""
    maps = [network(exhibit) for exhibit in exhibits]
    if not any(maps):
        return None
    part = Section("map", "The network, and its tunnels over time", "Map")
    part.add(chooser(exhibits, "map"))
    samples = [tag("span", Markup(f'<svg class="sample" width="22" height="14" aria-hidden="true"><path d="M1 7H21" '
                                  f'stroke="var(--{COLOURS[s]})" stroke-width="{4 if s == "many" else 2.5}"'
                                  + (' stroke-dasharray="4 3"' if s in ("none", "isakmp") else "") + "/></svg>"), WORDS[s])
               for s in STATES]
    part.add(tag("figure", tag("div", *samples, class_="legend"), tag("div", class_="chart", id="map-picture"),
                 tag("div", tag("button", "play", id="map-play", type="button"),
                     tag("input", type="range", id="map-time", min=0, max=0, value=0, step=1, aria_label="time of the run"),
                     tag("output", "", id="map-clock"), class_="player"),
                 tag("p", "", id="map-said", class_="note", aria_live="polite"),
                 tag("figcaption", "", id="map-caption")))
    part.data["maps"] = maps
    return part
