# SPDX-License-Identifier: GPL-2.0-only
"""What was run: scenario, parameters, seeds, versions, counts, failures, and how to do it again."""
import os
import shlex

from .chart import plural, readable, seconds, thousands
from .markup import Markup, Section, command, escape, facts, table, tag

FAILURES = 10
VALUES = 8


def ranges(numbers):
    """1 to 10, 20"""
    parts = []
    for n in sorted(set(numbers)):
        if parts and n == parts[-1][1] + 1:
            parts[-1][1] = n
        else:
            parts.append([n, n])
    return ", ".join(str(a) if a == b else f"{a}, {b}" if b == a + 1 else f"{a} to {b}" for a, b in parts)


def values_of(study, name):
    values = [readable(text) for text in study.values(name)]
    if len(values) <= VALUES:
        return ", ".join(values)
    return f"{', '.join(values[:3])}, ..., {values[-1]} ({len(values)} values)"


def tiles(study):
    """The numbers that say how much it was."""
    done, failed = len(study.done), len(study.failures)
    points = len({tuple(sorted(run.parameters.items())) for run in study.done})
    boxes = [(thousands(done), "run" if done == 1 else "runs"),
             (thousands(points), "point" if points == 1 else "points"),
             (str(len({run.seed for run in study.runs})), "seed" if len({r.seed for r in study.runs}) == 1 else "seeds"),
             (str(failed), "failed")]
    simulated = sum(run.results["duration_seconds"] for run in study.done if run.results)
    if simulated:
        boxes.append((seconds(simulated), "simulated"))
    if study.effort.get("wall"):
        boxes.append((seconds(study.effort["wall"]), "of computing"))
    return tag("div", *[tag("div", tag("b", value), tag("span", name),
                            class_="tile bad" if name == "failed" and failed else "tile") for value, name in boxes],
               class_="tiles")


def parameters(study):
    varied = study.varied()
    names = sorted(dict.fromkeys(name for run in study.done for name in run.parameters))
    rows = [[tag("b", name), escape(values_of(study, name))] for name in varied]
    fixed = [(name, study.values(name)[0]) for name in names if name not in varied]
    parts = []
    if rows:
        parts.append(tag("h3", "What varies"))
        parts.append(table(["parameter", "values"], rows))
    if fixed:
        same = tag("dl", *[[tag("dt", name), tag("dd", value)] for name, value in fixed], class_="facts many")
        parts.append(tag("details", tag("summary", f"{plural(len(fixed), 'parameter')} the same in all runs"), same))
    return parts


def sweep_of(study):
    """The name of a shipped sweep with this text, or that of a file."""
    here = os.path.dirname(os.path.realpath(__file__))
    try:
        with open(os.path.join(here, "..", "..", "..", "examples", "sweeps", study.name + ".yaml"), encoding="utf-8") as f:
            return study.name if f.read() == study.sweep else study.name + ".yaml"
    except OSError:
        return study.name + ".yaml"


def commands(study, exhibits):
    """What to type to have all of it again."""
    path = shlex.quote(study.path)
    lines = []
    if study.kind == "sweep":
        lines = [f"./ns3-ike sweep {shlex.quote(sweep_of(study))} --out {path}    # the runs; goes on where it was stopped",
                 f"./ns3-ike rerun {path} RUN_ID    # one of them, octet by octet"]
    lines.append(f"./ns3-ike report {path}    # this page")
    for exhibit in exhibits:
        lines.append(f"{exhibit.command}    # {exhibit.label}")
    return command("\n".join(lines))


def failures(study):
    rows = [[tag("code", run.run_id[:12]), (run.error or "").strip().splitlines()[-1] if (run.error or "").strip() else "",
             tag("code", run.command)] for run in study.failures[:FAILURES]]
    if not rows:
        return []
    more = len(study.failures) - len(rows)
    return [tag("h3", f"{plural(len(study.failures), 'run')} failed"), table(["run", "error", "command line"], rows),
            *([tag("p", f"and {more} more; table runs of the database has all", class_="note")] if more else [])]


def section(study, exhibits, notes):
    part = Section("run", "What was run")
    versions = ", ".join(f"{name} {text}" for name, text in study.versions.items() if text)
    crypto = study.crypto or next((e.results.get("crypto", "") for e in exhibits if e.results), "")
    effort = study.effort
    part.add(tiles(study), facts([
        ("Scenario", study.scenario),
        ("Sweep" if study.kind == "sweep" else "Title", study.title),
        ("Results", study.path),
        ("Versions", versions),
        ("Cryptography", {"model": "model (nothing that is real)"}.get(crypto, crypto)),
        ("Code", ", ".join(effort.get("builds", []))),
        ("Seeds", ranges([run.seed for run in study.runs])),
        ("Attempts", f"{effort['tries']} on {plural(len(effort['hosts']), 'machine')}" if effort.get("tries") else ""),
        ("Expectations", complaints(study)),
    ]))
    part.add(*parameters(study), *failures(study))
    part.add(tag("h3", "Do it again"), commands(study, exhibits))
    if study.sweep:
        part.add(tag("details", tag("summary", "The sweep file"), command(study.sweep)))
    for note in notes:
        part.add(tag("p", note, class_="note warning"))
    return part


def complaints(study):
    """Expectations of the scenario that did not hold."""
    held = [run for run in study.done if run.complaints]
    if not held:
        return ""
    first = next(line for line in held[0].complaints.splitlines() if line.strip())
    return Markup(escape(f"do not hold in {plural(len(held), 'run')}: ") + tag("code", first))
