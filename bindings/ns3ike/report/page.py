# SPDX-License-Identifier: GPL-2.0-only
"""The page: sections, charts, style and script as one file that loads nothing."""
import os

from . import picture, theme, vega
from .chart import Chart, plural
from .markup import Markup, data, escape, tag

HERE = os.path.dirname(os.path.abspath(__file__))
POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"

#: (data, the script that shows it)
SCRIPTS = (("ladders", "ladder.js"), ("maps", "map.js"))


def asset(name):
    with open(os.path.join(HERE, name), encoding="utf-8") as f:
        return f.read()


def sample(series):
    """A piece of a line, a dot or a box for the legend."""
    colour = f"var(--{series.colour})"
    if series.sample == "box":
        shape = f'<rect x="4" y="2" width="12" height="10" rx="2" fill="{colour}"/>'
    else:
        dash = ' stroke-dasharray="5 3"' if series.dashed else ""
        width = 5 if series.faint else 2
        shape = f'<path d="M1 7H21" stroke="{colour}" stroke-width="{width}"{dash}' + \
            (' opacity="0.55"/>' if series.faint else "/>")
        if series.sample == "banded":
            shape = f'<rect x="1" y="1" width="20" height="12" rx="2" fill="{colour}" opacity="0.2"/>' \
                    f'<circle cx="11" cy="7" r="3.4" fill="{colour}"/>'
        if series.sample == "dot":
            shape = f'<path d="M11 1V13" stroke="{colour}" opacity="0.7"/><circle cx="11" cy="7" r="3.6" fill="{colour}"/>'
    return Markup(f'<svg class="sample" width="22" height="14" aria-hidden="true">{shape}</svg>')


class Figures:
    """Charts of a page, by Vega or, without it, by matplotlib."""

    def __init__(self, library):
        self.library = library
        self.specifications = {}
        self.charts = []

    def markup(self, chart):
        self.charts.append(chart)
        legend = tag("div", *[tag("span", sample(s), s.name) for s in chart.legend], class_="legend") \
            if len(chart.legend) > 1 else ""
        if self.library:
            self.specifications[chart.name] = vega.specification(chart)
            inside = tag("div", id="chart-" + chart.name, class_="chart", data_chart=chart.name)
        elif picture.available():
            inside, legend = tag("div", Markup(picture.svg(chart)), class_="chart still", data_chart=chart.name), ""
        else:
            inside, legend = tag("ul", *[tag("li", f"{panel.title}: {tip}") for panel in chart.panels for tip in
                                         dict.fromkeys(row["tip"] for mark in panel.marks for row in mark.rows
                                                       if "tip" in row)], class_="note"), ""
        return tag("figure", tag("h3", chart.title), legend, inside, tag("figcaption", chart.caption),
                   data_exhibit=chart.exhibit)


def body(section, figures):
    return [figures.markup(thing) if isinstance(thing, Chart) else thing for thing in section.body]


def build(title, subtitle, sections, library):
    """(text of the page, charts that are in it)."""
    figures = Figures(library)
    parts = [tag("section", tag("h2", section.title), tag("p", section.lead, class_="lead") if section.lead else "",
                 *body(section, figures), id=section.identifier) for section in sections]
    values = [data("data-" + name, value) for section in sections for name, value in section.data.items()]
    if figures.specifications:
        values.append(data("data-charts", figures.specifications))
    contents = tag("nav", *[tag("a", section.short, href="#" + section.identifier) for section in sections])
    # A script for what is there, and no other.
    scripts = ([library] if library else []) + [asset("page.js")]
    scripts += [asset(script) for name, script in SCRIPTS if any(name in section.data for section in sections)]
    html = (
        "<!doctype html>\n" + "<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
        + f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        + '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        + tag("title", title) + '\n<link rel="icon" href="data:,">\n'
        + f"<style>\n{theme.properties()}{asset('page.css')}</style></head>\n<body>"
        + tag("header", tag("div", tag("h1", title), tag("p", subtitle, class_="subtitle"), class_="heading"),
              tag("button", "light or dark", id="theme", type="button", title="Light, dark, or as the machine has it"))
        + contents + tag("main", *parts)
        + tag("footer", "Written by ./ns3-ike report; charts by ",
              "Vega" if library else "matplotlib" if picture.available() else "nobody", ". This page loads nothing.")
        + '<div id="tip" role="tooltip" hidden></div>\n' + "\n".join(values)
        + "".join(f"\n<script>\n{script}\n</script>" for script in scripts) + "\n</body></html>\n")
    return html, figures.charts


def heading(study):
    """(title, subtitle) of a study."""
    return study.title or study.name, escape(f"{plural(len(study.done), 'run')} of {study.scenario}, by ns3-ike "
                                             f"{study.versions.get('ns3-ike', '')}".strip())
