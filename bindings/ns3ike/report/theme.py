# SPDX-License-Identifier: GPL-2.0-only
"""Colours, once for all: of the page, of its charts and of pictures beside it."""

#: {name: (light, dark)}; a page has them as custom properties of CSS, with -- before the name.
COLOURS = {
    "page": ("#ffffff", "#0e1525"),
    "card": ("#f7f9fc", "#151e33"),
    "ink": ("#17202f", "#e6ebf4"),
    "soft": ("#59677c", "#9aa8bf"),
    "line": ("#dbe2ec", "#2a3650"),
    "grid": ("#e6ebf2", "#223049"),
    "accent": ("#1d4ed8", "#7cb0ff"),
    "c1": ("#1d4ed8", "#7cb0ff"),
    "c2": ("#c2410c", "#ffa76b"),
    "c3": ("#0f766e", "#5eead4"),
    "c4": ("#7c3aed", "#c4a7ff"),
    "c5": ("#a16207", "#fcd34d"),
    "c6": ("#be185d", "#f9a8d4"),
    "theory": ("#64748b", "#94a3b8"),
    "bad": ("#dc2626", "#f87171"),
    "worse": ("#7f1d1d", "#b91c1c"),
    "warn": ("#fbbf24", "#fbbf24"),
    "good": ("#15803d", "#4ade80"),
    "faint": ("#94a3b8", "#64748b"),
}

#: What curves and dots take, in this order.
SERIES = ["c1", "c2", "c3", "c4", "c5", "c6"]


def light(name):
    """The colour of a picture on white."""
    return COLOURS[name][0]


def properties():
    """The custom properties: light, dark when the machine is, and either when the reader wants."""
    def block(index):
        return "".join(f"--{name}:{pair[index]};" for name, pair in COLOURS.items())

    return (f":root{{color-scheme:light;{block(0)}}}\n"
            f"@media (prefers-color-scheme:dark){{:root:not([data-theme=light]){{color-scheme:dark;{block(1)}}}}}\n"
            f":root[data-theme=dark]{{color-scheme:dark;{block(1)}}}\n")
