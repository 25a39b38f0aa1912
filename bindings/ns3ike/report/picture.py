# SPDX-License-Identifier: GPL-2.0-only
"""Charts as files, drawn by matplotlib: PNG and SVG, on white."""
import io
import math

from .theme import light

INCH = 96.0


def available():
    """Is matplotlib here?"""
    try:
        import matplotlib  # noqa: F401 # pylint: disable=unused-import
    except ImportError:
        return False
    return True


def _axis(axes, x, y):
    axes.set_xlabel(x.title, fontsize=8.5, color=light("soft"))
    axes.set_ylabel(y.title, fontsize=8.5, color=light("soft"))
    if x.words is not None:
        axes.set_xticks(range(len(x.words)), x.words)
        axes.set_xlim(-0.6, len(x.words) - 0.4)
    else:
        axes.set_xlim(*x.domain)
    if y.words is not None:
        axes.set_yticks(range(len(y.words)), y.words)
        axes.set_ylim(len(y.words) - 0.4, -0.6)
    else:
        axes.set_ylim(*y.domain)
        axes.grid(axis="y", color=light("grid"), linewidth=0.8)
    axes.tick_params(labelsize=8, colors=light("soft"), length=3)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(light("line"))


def _mark(axes, mark, series, x, y):
    colour, rows = light(series.colour), mark.rows
    if not rows:
        return
    def place(key, axis):
        return [axis.words.index(row[key]) if axis.words is not None else row[key] for row in rows]
    if mark.kind in ("line", "step"):
        axes.plot(place("x", x), place("y", y), color=colour, linewidth=3.2 if series.faint else 1.6,
                  alpha=0.55 if series.faint else 1, linestyle=(0, (4, 2.5)) if series.dashed else "-",
                  drawstyle="steps-post" if mark.kind == "step" else "default")
    elif mark.kind == "dots":
        axes.plot(place("x", x), place("y", y), "o", color=colour, markersize=5, markeredgecolor="white",
                  markeredgewidth=0.7, zorder=4)
    elif mark.kind == "whiskers":
        axes.vlines(place("x", x), place("low", y), place("high", y), color=colour, linewidth=1.2, alpha=0.7, zorder=3)
    elif mark.kind == "area":
        axes.fill_between(place("x", x), place("low", y), place("high", y), color=colour, step="post", linewidth=0,
                          alpha=0.85)
    elif mark.kind == "band":
        axes.fill_between(place("x", x), place("low", y), place("high", y), color=colour, linewidth=0, alpha=0.16)
    elif mark.kind == "labels":
        for at, row in zip(place("x", x), rows):
            axes.annotate(row["text"], (at, row["y"]), (0, 3), textcoords="offset points", ha="center", fontsize=8.5,
                          color=colour)
    elif mark.kind == "bars":
        axes.bar(place("x", x), place("y", y), 0.7, color=colour)
    else:
        least = (x.domain[1] - x.domain[0]) / 500
        axes.barh(place("y", y), [max(row["x2"] - row["x"], least) for row in rows], 0.7, left=place("x", x),
                  color=colour)


def _legend(figure, chart):
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles = []
    for series in chart.legend:
        colour = light(series.colour)
        handles.append(
            Patch(color=colour, label=series.name) if series.sample == "box" else
            Line2D([], [], color=colour, label=series.name, linewidth=3.2 if series.faint else 1.6,
                   alpha=0.55 if series.faint else 1, linestyle=(0, (4, 2.5)) if series.dashed else
                   "" if series.sample in ("dot", "banded") else "-",
                   marker="o" if series.sample in ("dot", "banded") else None, markersize=5))
    columns = max(1, min(4, len(handles), 110 // (max(len(s.name) for s in chart.legend) + 6)))
    figure.legend(handles=handles, loc="upper left", bbox_to_anchor=(0.005, 1 - 0.32 / figure.get_figheight()),
                  ncol=columns, fontsize=8.5, frameon=False, labelcolor=light("ink"))
    return math.ceil(len(handles) / columns)


def draw(chart, width=980):
    """The figure of matplotlib."""
    import matplotlib

    matplotlib.use("Agg")
    matplotlib.rcParams["svg.hashsalt"] = "ns3-ike"
    matplotlib.rcParams["svg.fonttype"] = "none"
    matplotlib.rcParams["font.family"] = "sans-serif"
    from matplotlib.figure import Figure

    columns = min(chart.columns, len(chart.panels))
    lines = math.ceil(len(chart.panels) / columns)
    most = max(chart.height if (p.y or chart.y).words is None else 20 * len((p.y or chart.y).words) + 20
               for p in chart.panels)
    figure = Figure(figsize=(width / INCH, (lines * (most + 78) + 40 + 17 * len(chart.legend)) / INCH))
    axes = figure.subplots(lines, columns, squeeze=False)
    for index, place in enumerate(axes.flat):
        if index >= len(chart.panels):
            place.set_visible(False)
            continue
        panel = chart.panels[index]
        x, y = panel.x or chart.x, panel.y or chart.y
        for mark in panel.marks:
            _mark(place, mark, chart.series[mark.series], x, y)
        _axis(place, x, y)
        place.set_title(panel.title, fontsize=9.5, loc="left", color=light("ink"), fontweight="bold")
    figure.suptitle(chart.title, x=0.012, ha="left", y=1 - 0.1 / figure.get_figheight(), va="top", fontsize=11.5,
                    color=light("ink"), fontweight="bold")
    rows = _legend(figure, chart) if len(chart.legend) > 1 else 0
    figure.tight_layout(rect=(0, 0, 1, 1 - (0.32 + 0.17 * rows) / figure.get_figheight()))
    return figure


def write(chart, path):
    """A file of it: .png or .svg, the same octets each time."""
    draw(chart).savefig(path, dpi=160, metadata={"Date": None} if path.endswith(".svg") else None)


def svg(chart):
    """The chart as an element of a page."""
    stream = io.StringIO()
    draw(chart).savefig(stream, format="svg", metadata={"Date": None})
    text = stream.getvalue()
    return text[text.index("<svg"):]
