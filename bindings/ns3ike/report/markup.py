# SPDX-License-Identifier: GPL-2.0-only
"""HTML out of texts: whatever a text says, it stays text."""
import html
import json


class Markup(str):
    """HTML that is finished; all else is text."""


def escape(value):
    """A value as HTML."""
    if isinstance(value, Markup):
        return value
    if isinstance(value, (list, tuple)):
        return Markup("".join(escape(v) for v in value))
    # Characters that no page may have would be a question mark in a box.
    text = "".join(c if c in "\n\t" or ord(c) >= 32 else "\ufffd" for c in str(value))
    return Markup(html.escape(text, quote=True))


def tag(name, *content, **attributes):
    """<name attributes>content</name>; class_ is class, data_x is data-x. An attribute that is None is left out."""
    words = "".join(f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
                    for key, value in attributes.items() if value is not None)
    return Markup(f"<{name}{words}>{escape(content)}</{name}>")


def table(heads, rows, numbers=()):
    """A table; columns with these indexes are numbers."""
    def cells(kind, row):
        return [tag(kind, cell, class_="n" if i in numbers else None) for i, cell in enumerate(row)]
    return tag("div", tag("table", tag("thead", tag("tr", *cells("th", heads))),
                          tag("tbody", *[tag("tr", *cells("td", row)) for row in rows])), class_="scroll")


def facts(pairs):
    """A list of names and values."""
    return tag("dl", *[[tag("dt", name), tag("dd", value)] for name, value in pairs if value not in ("", None)],
               class_="facts")


def command(text):
    """What one can type."""
    return tag("pre", tag("code", text))


def data(identifier, value):
    """JSON inside a page: nothing in it ends the element."""
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    text = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return Markup(f'<script type="application/json" id="{html.escape(identifier, quote=True)}">{text}</script>')


class Section:
    """A part of the page."""

    def __init__(self, identifier, title, short=""):
        self.identifier = identifier
        self.title = title
        #: in the list of contents
        self.short = short or title
        #: what one sees, first
        self.lead = ""
        #: Markup, and charts in their places
        self.body = []
        #: {identifier: value} for the page's script
        self.data = {}
        #: {name: text} of pictures that are SVG already
        self.drawings = {}

    def add(self, *things):
        self.body += things
        return self

    @property
    def charts(self):
        return [thing for thing in self.body if not isinstance(thing, str)]
