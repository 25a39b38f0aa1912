#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Keep ike-sources.txt, the one list that CMakeLists.txt and wscript read, equal to the tree.

    utils/ike-list-sources.py            print the list as the tree has it
    utils/ike-list-sources.py --check    compare the file with the tree; exit status 1 if they differ
    utils/ike-list-sources.py --write    write the file anew
"""
import argparse
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
LIST = "ike-sources.txt"

# In the order of ARCHITECTURE's arrows: a room includes only what stands before it.
PURE_ROOMS = ["base", "wire", "crypto", "config", "ipsec", "ike-common", "ikev1", "ikev2",
              "engine", "console", "metrics", "lab"]
HOST_ROOMS = ["host"]

PURE = ["model/" + room for room in PURE_ROOMS]
HOST = ["model/" + room for room in HOST_ROOMS]

# section -> (folders, ending); [ns3-modules] is written by hand and kept.
SECTIONS = {
    "pure": (PURE, ".cc"),
    "host": (HOST, ".cc"),
    "helper": (["helper"], ".cc"),
    "headers": (PURE + HOST + ["helper"], ".h"),
    "tests": (["test"], ".cc"),
    "test-headers": (["test"], ".h"),
    "fuzz": (["test/fuzz"], ".cc"),
    "fuzz-headers": (["test/fuzz"], ".h"),
    "examples": (["examples"], ".cc"),
    "example-headers": (["examples"], ".h"),
    "bindings": (["bindings"], ".cc"),
    "binding-headers": (["bindings"], ".h"),
    "utils": (["utils"], ".cc"),
    "utils-headers": (["utils"], ".h"),
}

HEAD = """\
# SPDX-License-Identifier: GPL-2.0-only
#
# The one list of the module's files, read by CMakeLists.txt and by wscript. Written by
# utils/ike-list-sources.py --write; a test proves that it equals the tree. By hand: [ns3-modules].
"""


def read_list(root=ROOT):
    """The file as a dict: section -> list of lines."""
    sections, current = {}, None
    with open(os.path.join(root, LIST), encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            line = line.strip()
            if not line or line.startswith("#"):
                continue
            if line.startswith("["):
                current = sections.setdefault(line.strip("[]"), [])
            elif current is None:
                raise SystemExit("%s:%d: a name before the first [section]" % (LIST, number))
            else:
                current.append(line)
    return sections


def read_tree(root=ROOT):
    """What the tree has: section -> sorted list of paths."""
    found = {}
    for section, (folders, ending) in SECTIONS.items():
        found[section] = []
        for folder in folders:
            path = os.path.join(root, folder)
            if os.path.isdir(path):
                found[section] += sorted("%s/%s" % (folder, f) for f in os.listdir(path)
                                         if f.endswith(ending) and not f.startswith("."))
    return found


def all_sources(root=ROOT):
    """Every C++ file under the module's folders, wherever it stands."""
    found = []
    for top in ["model", "helper", "test", "examples", "bindings", "utils"]:
        for folder, _, files in os.walk(os.path.join(root, top)):
            found += [os.path.relpath(os.path.join(folder, f), root) for f in files
                      if f.endswith((".cc", ".h", ".cpp", ".hpp")) and not f.startswith(".")]
    return sorted(found)


def problems(root=ROOT):
    """What is wrong with the list and with the names, as lines of text."""
    out = []
    listed, tree = read_list(root), read_tree(root)
    for section in SECTIONS:
        names = listed.get(section, [])
        for name in sorted(set(tree[section]) - set(names)):
            out.append("[%s] lacks %s" % (section, name))
        for name in sorted(set(names) - set(tree[section])):
            out.append("[%s] names %s, which does not exist" % (section, name))
        for name in sorted({n for n in names if names.count(n) > 1}):
            out.append("[%s] names %s twice" % (section, name))
    for section in sorted(set(listed) - set(SECTIONS) - {"ns3-modules"}):
        out.append("[%s] is not a section" % section)
    if not listed.get("ns3-modules"):
        out.append("[ns3-modules] is missing or empty")

    placed = {name for names in tree.values() for name in names}
    for name in all_sources(root):
        if name not in placed:
            out.append("%s stands in no room" % name)

    # ns-3 puts all headers of a module into one folder and skips a second one of the same name.
    seen = {}
    for name in sorted(placed):
        base = os.path.basename(name)
        if base in seen:
            out.append("%s has the base name of %s" % (name, seen[base]))
        seen[base] = name
        if not re.match(r"(ike|ikev1|ikev2|ipsec|esp)[-.]", base):
            out.append("%s: the base name must start with ike-, ikev1-, ikev2-, ipsec- or esp-" % name)
    return out


def text(root=ROOT):
    tree = read_tree(root)
    try:
        modules = read_list(root).get("ns3-modules", [])
    except FileNotFoundError:
        modules = []
    parts = [HEAD, "[ns3-modules]"] + modules
    for section in SECTIONS:
        parts += ["", "[%s]" % section] + tree[section]
    return "\n".join(parts) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--check", action="store_true", help="compare the file with the tree")
    mode.add_argument("--write", action="store_true", help="write the file anew")
    args = parser.parse_args()
    if args.write:
        new = text()
        path = os.path.join(ROOT, LIST)
        if not os.path.exists(path) or open(path, encoding="utf-8").read() != new:
            with open(path, "w", encoding="utf-8") as f:
                f.write(new)
    elif not args.check:
        sys.stdout.write(text())
        return 0
    found = problems()
    for line in found:
        print("%s: %s" % (LIST, line), file=sys.stderr)
    print("%s: %d files, %d problems" % (LIST, sum(map(len, read_tree().values())), len(found)))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
