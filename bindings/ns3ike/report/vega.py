# SPDX-License-Identifier: GPL-2.0-only
"""Charts as specifications of Vega, and Vega itself out of Debian's package libjs-vega.

The package has Vega in parts, each a module of its own; `library` puts those that charts need into one, which a page can
embed. Expressions run in Vega's own interpreter: the page forbids itself to make code out of text.
"""
import os
import re

FOLDERS = ("/usr/share/javascript/vega",)
PACKAGE = "libjs-vega"

#: In the order in which they need each other.
PARTS = ("util", "time", "format", "loader", "canvas", "scale", "statistics", "expression", "event-selector", "dataflow",
         "scenegraph", "selection", "functions", "runtime", "parser", "interpreter", "transforms", "view-transforms",
         "encode", "view")

HEAD = """/* Vega, (c) 2015-2021 UW Interactive Data Lab, BSD-3-Clause; parts of D3, (c) Mike Bostock, ISC. */
var vega = (function () {
var parts = {};
function need(name) { return parts[name === 'vega-selections' ? 'vega-selection' : name]; }
"""
TAIL = """var all = {};
Object.keys(parts).forEach(function (p) { Object.keys(parts[p]).forEach(function (n) { all[n] = parts[p][n]; }); });
['vega-transforms', 'vega-view-transforms', 'vega-encode'].forEach(function (p) {
  Object.assign(parts['vega-dataflow'].transforms, parts[p]);
});
return all;
})();
"""


def library():
    """Vega as one text, or None when it is not installed."""
    for folder in ([os.environ["IKE_VEGA"]] if os.environ.get("IKE_VEGA") else FOLDERS):
        texts = []
        for part in PARTS:
            try:
                with open(os.path.join(folder, f"vega-{part}.min.js"), encoding="utf-8") as f:
                    texts.append((part, f.read()))
            except (OSError, UnicodeDecodeError):
                break
        if len(texts) == len(PARTS):
            return HEAD + "".join(
                f"(function (exports, require, module) {{{_clean(text)}\n}})(parts['vega-{part}'] = {{}}, need, {{}});\n"
                for part, text in texts) + TAIL
    return None


def _clean(text):
    """Fit for a script element: no map elsewhere, and nothing that ends it."""
    return re.sub(r"//# sourceMappingURL=.*", "", text).replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _colour(name):
    """The page's script puts the colour of the day in its place."""
    return "--" + name


def _scale(name, axis, reverse):
    extent = [{"signal": "height"}, 0] if reverse else [0, {"signal": "width"}]
    if axis.words is not None:
        return {"name": name, "type": "band", "domain": axis.words, "padding": 0.3,
                "range": [0, {"signal": "height"}] if reverse else extent}
    return {"name": name, "type": "linear", "domain": axis.domain, "range": extent, "zero": False}


def _axes(x, y):
    quiet = {"domain": False, "ticks": False, "labelPadding": 6}
    return [{"scale": "y", "orient": "left", "title": y.title, "grid": y.words is None, "titlePadding": 10,
             "labelLimit": 130, "tickCount": 4, "zindex": 0, **quiet},
            {"scale": "x", "orient": "bottom", "title": x.title, "titlePadding": 8, "labelPadding": 5, "tickSize": 4,
             "labelOverlap": True, "tickCount": {"signal": "max(2, floor(width / 64))"}, "zindex": 0}]


def _x(axis, key="x"):
    return {"scale": "x", "field": key, **({"band": 0.5} if axis.words is not None else {})}


def _mark(mark, series, data, x, y):
    colour, kind = _colour(series.colour), mark.kind
    at_x = _x(x)
    enter = {"tooltip": {"field": "tip"}}
    if kind in ("line", "step"):
        enter = {"x": at_x, "y": {"scale": "y", "field": "y"}, "stroke": {"value": colour},
                 "strokeWidth": {"value": 4 if series.faint else 2}, "strokeOpacity": {"value": 0.55 if series.faint else 1},
                 "strokeCap": {"value": "butt"}, "strokeJoin": {"value": "round"},
                 "interpolate": {"value": "step-after" if kind == "step" else "linear"}}
        if series.dashed:
            enter["strokeDash"] = {"value": [6, 4]}
        return {"type": "line", "from": {"data": data}, "encode": {"update": enter}, "interactive": False}
    if kind == "dots":
        enter.update(x=at_x, y={"scale": "y", "field": "y"}, size={"value": 42}, fill={"value": colour},
                     stroke={"value": _colour("page")}, strokeWidth={"value": 1})
        return {"type": "symbol", "from": {"data": data}, "encode": {"update": enter}}
    if kind == "whiskers":
        enter.update(x=at_x, y={"scale": "y", "field": "low"}, y2={"scale": "y", "field": "high"},
                     stroke={"value": colour}, strokeWidth={"value": 1.6}, strokeOpacity={"value": 0.7})
        return {"type": "rule", "from": {"data": data}, "encode": {"update": enter}}
    if kind == "area":
        enter.update(x=at_x, y={"scale": "y", "field": "low"}, y2={"scale": "y", "field": "high"},
                     fill={"value": colour}, interpolate={"value": "step-after"}, fillOpacity={"value": 0.85})
        return {"type": "area", "from": {"data": data}, "encode": {"update": enter}, "interactive": False}
    if kind == "band":
        enter.update(x=at_x, y={"scale": "y", "field": "low"}, y2={"scale": "y", "field": "high"},
                     fill={"value": colour}, fillOpacity={"value": 0.16})
        return {"type": "area", "from": {"data": data}, "encode": {"update": enter}, "interactive": False}
    if kind == "labels":
        enter.update(x=at_x, y={"scale": "y", "field": "y", "offset": -5}, text={"field": "text"},
                     align={"value": "center"}, fill={"value": colour}, font={"value": "--font"}, fontSize={"value": 12})
        return {"type": "text", "from": {"data": data}, "encode": {"update": enter}, "interactive": False}
    if kind == "bars":
        enter.update(x={"scale": "x", "field": "x"}, width={"scale": "x", "band": 1}, y={"scale": "y", "field": "y"},
                     y2={"scale": "y", "value": 0}, fill={"value": colour}, cornerRadius={"value": 2})
        return {"type": "rect", "from": {"data": data}, "encode": {"update": enter}}
    # Spans are never thinner than a line, so that none gets lost.
    enter.update(x={"scale": "x", "field": "x"}, width={"signal": "max(1.5, scale('x', datum.x2) - scale('x', datum.x))"},
                 y={"scale": "y", "field": "y"}, height={"scale": "y", "band": 1}, fill={"value": colour},
                 cornerRadius={"value": 2})
    return {"type": "rect", "from": {"data": data}, "encode": {"update": enter}}


def _group(chart, panel, names):
    x, y = panel.x or chart.x, panel.y or chart.y
    return {
        "type": "group",
        "signals": [{"name": "width", "update": "panel"}, {"name": "height", "value": _height(chart, y)}],
        "encode": {"update": {"width": {"signal": "panel"}, "height": {"value": _height(chart, y)}}},
        "title": {"text": panel.title, "anchor": "start", "frame": "group", "offset": 10, "limit": {"signal": "panel"}},
        "scales": [_scale("x", x, False), _scale("y", y, True)],
        "axes": _axes(x, y),
        "marks": [_mark(mark, chart.series[mark.series], name, x, y) for mark, name in zip(panel.marks, names)],
    }


def _height(chart, y):
    """Words need room, each."""
    return chart.height if y.words is None else max(40, 22 * len(y.words))


def _margin(chart):
    """px beside a panel, for its axis."""
    words = [word for panel in chart.panels for word in (panel.y or chart.y).words or []]
    return 62 if not words else 40 + min(130, 7 * max(map(len, words)))


def specification(chart):
    """The chart for Vega 5; its signal W is the width to fill, in px."""
    data, groups = [], []
    for i, panel in enumerate(chart.panels):
        names = [f"p{i}m{j}" for j in range(len(panel.marks))]
        data += [{"name": name, "values": mark.rows} for name, mark in zip(names, panel.marks)]
        groups.append(_group(chart, panel, names))
    most = min(chart.columns, len(chart.panels))
    text = {"labelColor": _colour("soft"), "titleColor": _colour("soft"), "labelFontSize": 11.5, "titleFontSize": 12,
            "titleFontWeight": 400, "domainColor": _colour("line"), "tickColor": _colour("line"),
            "gridColor": _colour("grid"), "labelFont": "--font", "titleFont": "--font"}
    return {
        "$schema": "https://vega.github.io/schema/vega/v5.json", "description": chart.title, "autosize": "pad",
        "padding": 4,
        "signals": [{"name": "W", "value": 900},
                    {"name": "columns", "update": f"max(1, min({most}, floor(W / {chart.least})))"},
                    {"name": "panel",
                     "update": f"max(120, floor((W - 12 - 26 * (columns - 1)) / columns) - {_margin(chart)})"}],
        "layout": {"columns": {"signal": "columns"}, "padding": {"row": 30, "column": 26}, "bounds": "full",
                   "align": "each"},
        "data": data, "marks": groups,
        "config": {"axis": text, "title": {"color": _colour("ink"), "font": "--font", "fontSize": 13, "fontWeight": 600},
                   "group": {"stroke": None}},
    }
