# SPDX-License-Identifier: GPL-2.0-only
"""What became of the packets over time: protected, in the clear, dropped."""
from .chart import Axis, Chart, Mark, Panel, Series, thousands, time_unit
from .markup import Section

#: What stands on what, from the ground up.
LAYERS = (("protected", "c1"), ("in the clear", "warn"), ("dropped: no SA", "bad"),
          ("dropped: should have come encrypted", "worse"), ("dropped: other", "faint"))
#: What stands below them.
IN_THE_CLEAR = ("In the clear is a packet that some router sent unencrypted to anything but a host: a cable between two "
                "routers of one site counts, too, and such a packet may have been encrypted everywhere else.")
SERIES = ("packets_offered", "packets_delivered", "packets_delivered_clear", "packets_dropped", "width_seconds")


def counts(results):
    """[packets of each layer in each part of the run], by layer."""
    series = results["series"]
    clear, dropped = series["packets_delivered_clear"], series["packets_dropped"]
    protected = [a - c for a, c in zip(series["packets_delivered"], clear)]
    return [protected, clear, dropped["no-sa"], dropped["clear-received"], dropped["other"]]


def usable(exhibit):
    series = (exhibit.results or {}).get("series") or {}
    if not all(name in series for name in SERIES):
        return False
    _, clear, no_sa, refused, _ = map(sum, counts(exhibit.results))
    return clear + no_sa + refused > 0


def merged(offered, columns):
    """(parts put together, offered, columns): as many as it takes for hardly a part without a packet."""
    for size in (1, 2, 3, 4, 6, 8, 12, 21, 42, len(offered)):
        sums = [[sum(column[i:i + size]) for i in range(0, len(offered), size)] for column in [offered] + columns]
        if sum(n > 0 for n in sums[0]) >= 0.9 * len(sums[0]):
            break
    return size, sums[0], sums[1:]


def panel(exhibit, factor):
    series = exhibit.results["series"]
    size, offered, columns = merged(series["packets_offered"], counts(exhibit.results))
    width = size * series["width_seconds"]
    ground = [0.0] * len(offered)
    marks = []
    for index, column in enumerate(columns):
        top = [g + (100 * n / all_ if all_ else 0) for g, n, all_ in zip(ground, column, offered)]
        rows, before = [], None
        for i, (low, high) in enumerate(zip(ground, top)):
            # A part that is like the one before makes no step.
            if (low, high) != before:
                rows.append({"x": i * width / factor, "low": round(low, 4), "high": round(high, 4)})
                before = low, high
        rows.append({**rows[-1], "x": exhibit.duration / factor})
        if any(column):
            marks.append(Mark("area", index, rows))
        ground = top
    return Panel(exhibit.label, marks)


def sentence(exhibits):
    parts = []
    for exhibit in exhibits:
        offered = exhibit.results["totals"]["packets_offered"]
        sums = [(name, sum(column)) for (name, _), column in zip(LAYERS, counts(exhibit.results))]
        said = ", ".join(f"{100 * n / offered:.1f} % {name}" for name, n in sums if n)
        parts.append(f"{exhibit.label}: of {thousands(offered)} packets {said}")
    said = ". ".join(p[0].upper() + p[1:] for p in parts) + "."
    return f"{said} {IN_THE_CLEAR}" if any(sum(counts(exhibit.results)[1]) for exhibit in exhibits) else said


def section(exhibits):
    """The section, or None when nothing ever went in the clear, or got lost for want of protection."""
    found = [exhibit for exhibit in exhibits if usable(exhibit)]
    if not found:
        return None
    unit, factor = time_unit(max(exhibit.duration for exhibit in found))
    x = Axis("time", unit, [0, max(exhibit.duration for exhibit in found) / factor])
    chart = Chart("packets", "Share of the packets that were offered", x, Axis("of offered", "%", [0, 100]),
                  [Series(name, colour, sample="box") for name, colour in LAYERS],
                  [panel(exhibit, factor) for exhibit in found], caption=sentence(found), columns=2, least=380, height=150)
    used = {mark.series for p in chart.panels for mark in p.marks}
    for index, series in enumerate(chart.series):
        if index not in used:
            series.name = ""
    part = Section("packets", "Protected and in the clear, over time", "Packets")
    return part.add(chart)
