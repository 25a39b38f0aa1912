# SPDX-License-Identifier: GPL-2.0-only
"""Duplicates with and without responder-only, and what they cost."""
import math

from ..sweep.interval import mean_interval
from .chart import Axis, Chart, Mark, Panel, Series, number, plural
from .markup import Section, table, tag
from .theme import SERIES
from .variants import CONFIDENCE, differences, variants

KINDS = (("totals.isakmp_duplicates", "ISAKMP SAs too many"), ("totals.ipsec_duplicates", "IPsec SA pairs too many"))

#: What stands in the table: (metric, name, unit).
COSTS = (
    ("totals.isakmp_duplicates", "ISAKMP SAs too many", ""),
    ("totals.ipsec_duplicates", "IPsec SA pairs too many", ""),
    ("totals.duplicate_seconds", "time that they stood, both ends", "s"),
    ("totals.negotiations_begun", "negotiations begun", ""),
    ("totals.negotiations_wasted", "negotiations wasted", ""),
    ("totals.messages", "IKE messages", ""),
    ("totals.message_bytes", "their octets", "B"),
    ("totals.dh_operations", "Diffie-Hellman operations", ""),
    ("totals.initiations_refused", "starts that responder-only refused", ""),
    ("totals.split_seconds", "time with the directions on two pairs", "s"),
    ("totals.outage_seconds", "outage, sum of flows", "s"),
)


def shown(mean, half):
    """A mean with its interval."""
    if not math.isfinite(half) or half == 0:
        return number(mean, 4)
    digits = max(0, 1 - math.floor(math.log10(half))) if half < 100 else 0
    return f"{mean:.{digits}f} \u00b1 {half:.{digits}f}"


def chart(found):
    panels = []
    for metric, title in KINDS:
        panel = Panel(title)
        most = 0.0
        for index, variant in enumerate(found):
            mean, half = variant.mean(metric)
            tip = f"{variant.label}: {shown(mean, half)} per run, {plural(len(variant.runs), 'run')}"
            panel.marks.append(Mark("bars", index, [{"x": variant.label, "y": mean, "tip": tip}]))
            panel.marks.append(Mark("labels", len(found) + 1, [
                {"x": variant.label, "y": mean + (half if math.isfinite(half) else 0), "text": shown(mean, half)}]))
            most = max(most, mean)
            if math.isfinite(half) and half > 0:
                panel.marks.append(Mark("whiskers", len(found), [
                    {"x": variant.label, "low": max(0.0, mean - half), "high": mean + half, "tip": tip}]))
                most = max(most, mean + half)
        panel.y = Axis("mean per run", domain=[0, most * 1.2 or 1])
        panels.append(panel)
    series = [Series(v.label, SERIES[i % len(SERIES)], sample="box") for i, v in enumerate(found)]
    measured = any(mark.kind == "whiskers" for panel in panels for mark in panel.marks)
    series.append(Series("95 % interval of the mean (Student)" if measured else "", "ink"))
    series.append(Series("", "soft"))
    return Chart("duplicates", "Duplicates per run" + (", by variant" if len(found) > 1 else ""),
                 Axis("variant" if len(found) > 1 else "", words=[v.label for v in found]),
                 Axis("mean per run"), series, panels, caption=sentence(found), columns=2, least=330)


def mean_pairs(mean, half):
    text = shown(mean, half)
    return text + (" pair" if text == "1" else " pairs")


def sentence(found):
    """What one sees."""
    parts = []
    for variant in found:
        hits = sum(any(run.metric(metric) >= 1 for metric, _ in KINDS) for run in variant.runs)
        mean, half = variant.mean("totals.ipsec_duplicates")
        parts.append(f"{variant.label + ', ' if len(found) > 1 else ''}{hits} of {plural(len(variant.runs), 'run')} had an SA too many "
                     f"({mean_pairs(mean, half)} per run)")
    text = "; ".join(parts)
    text = text[0].upper() + text[1:] + "."
    if len(found) == 2:
        gaps = differences(found[0], found[1], "totals.ipsec_duplicates")
        if len(gaps) > 1:
            mean, half = mean_interval(gaps, CONFIDENCE)
            text += (f" In {plural(len(gaps), 'pair')} of runs that share seed and all other parameters the difference is "
                     f"{mean_pairs(mean, half)}.")
    if all(len(v.runs) < 2 for v in found):
        text += " One run has no interval." if len(found) == 1 else " One run each has no interval."
    return text


def section(study):
    """The section, or None when results know nothing of duplicates."""
    if not any(metric in run.metrics for run in study.done for metric, _ in KINDS):
        return None
    found = variants(study)
    part = Section("duplicates", "Duplicates" if len(found) == 1 else "Duplicates, variant by variant", "Duplicates")
    # A chart of one run would be two bars without an interval: the table says as much.
    part.add(chart(found) if len(study.done) > 1 else tag("p", sentence(found)))
    rows = []
    for metric, name, unit in COSTS:
        if any(metric in run.metrics for run in study.done) and any(any(v.values(metric)) for v in found):
            rows.append([name + (f", {unit}" if unit else "")] + [shown(*v.mean(metric)) for v in found])
    part.add(tag("h3", "What they cost, mean per run"), table([""] + [v.label for v in found], rows,
                                                              range(1, len(found) + 1)))
    return part
