#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Run the wscript files with recording stand-ins for Waf's opt, conf and bld.

ns-3.35 is the last release built with Waf, and no Debian package carries Waf: this is what every
test run can afford. The Python runs (both branches of configure()), each file named exists, none is
named twice, the lists equal ike-sources.txt, and the modules named are modules of ns-3.35.
"""
import importlib.util
import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

# The modules of ns-3.35 that a module like this one may build on.
NS3_MODULES = """antenna applications bridge buildings config-store core csma csma-layout energy
    fd-net-device flow-monitor internet internet-apps mobility mpi netanim network
    nix-vector-routing point-to-point point-to-point-layout propagation stats tap-bridge
    topology-read traffic-control virtual-net-device""".split()

errors = []


def check(ok, text):
    if not ok:
        errors.append(text)


class Env(dict):
    def __missing__(self, key):
        self[key] = []
        return self[key]

    def append_value(self, key, value):
        self[key] = self[key] + (value if isinstance(value, list) else [value])


class Node:
    """Waf's node of a folder."""

    def __init__(self, path):
        self.path = path

    def abspath(self):
        return self.path


class Generator:
    """A task generator: keeps what the wscript sets on it."""

    def __init__(self, folder, kind, name=None, deps=()):
        self.folder, self.kind, self.name, self.deps = folder, kind, name, list(deps)
        self.source, self.use, self.env = [], [], Env()


class Conf:
    def __init__(self, found):
        self.env, self.found, self.features, self.stored = Env(), found, [], set()

    def check_cfg(self, uselib_store, **kw):
        self.stored.add(uselib_store)
        return ["found"] if self.found else None

    def check(self, uselib_store, **kw):
        self.stored.add(uselib_store)
        return self.found

    def report_optional_feature(self, name, caption, was_enabled, reason):
        check(was_enabled or reason, "a feature that is left out needs a reason")
        self.features.append((name, was_enabled))


class Bld:
    def __init__(self, env, folder, made):
        self.env, self.made, self.path = env, made, Node(folder)
        self.srcnode = Node(ROOT)  # stands for the ns-3 tree, which has a VERSION too

    def _add(self, *args):
        self.made.append(Generator(self.path.abspath(), *args))
        return self.made[-1]

    def create_ns3_module(self, name, deps=(), test=False):
        return self._add("module", name, deps)

    def create_ns3_module_test_library(self, name):
        return self._add("test", name)

    def create_ns3_program(self, name, deps=()):
        return self._add("program", name, deps)

    def __call__(self, features=None, **kw):
        return self._add(features)

    def recurse(self, sub):
        folder = os.path.join(self.path.abspath(), sub)
        load(folder)["build"](Bld(self.env, folder, self.made))


def load(folder):
    scope = {"__name__": "wscript"}
    path = os.path.join(folder, "wscript")
    with open(path, encoding="utf-8") as f:
        exec(compile(f.read(), path, "exec"), scope)
    return scope


def listed():
    path = os.path.join(ROOT, "utils", "ike-list-sources.py")
    spec = importlib.util.spec_from_file_location("ike_list_sources", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.read_list(ROOT)


def named(made, kind):
    """The files that generators of this kind name, relative to the top."""
    out = []
    for generator in made:
        if generator.kind == kind:
            source = generator.source
            for name in source.split() if isinstance(source, str) else source:
                path = os.path.relpath(os.path.join(generator.folder, name), ROOT)
                check(os.path.exists(os.path.join(ROOT, path)), "%s: no such file" % path)
                check(path not in out, "%s: named twice" % path)
                out.append(path)
    return out


def same(what, got, want):
    check(sorted(got) == sorted(want), "%s: forgotten %s, extra %s" % (
        what, sorted(set(want) - set(got)), sorted(set(got) - set(want))))


def main():
    sys.dont_write_bytecode = True
    top = load(ROOT)
    top["options"](None)

    # Something is missing: the module leaves itself out and says why.
    conf = Conf(False)
    top["configure"](conf)
    check("ike" in conf.env["MODULES_NOT_BUILT"], "configure() must leave ike out")
    check(conf.features == [("ike", False)], "configure() must report ike as left out")
    made = []
    top["build"](Bld(conf.env, ROOT, made))
    check(not made, "build() must make nothing when ike is left out")

    # All is there.
    conf = Conf(True)
    top["configure"](conf)
    check("ike" not in conf.env["MODULES_NOT_BUILT"], "configure() left ike out with all found")
    conf.env["ENABLE_EXAMPLES"] = True
    conf.env["NS3_ENABLED_MODULES"] = ["ns3-" + name for name in NS3_MODULES]
    top["build"](Bld(conf.env, ROOT, made))

    sources = listed()
    same("module", named(made, "module"), sources["pure"] + sources["host"] + sources["helper"])
    same("headers", named(made, "ns3header"), sources["headers"])
    same("tests", named(made, "test"), sources["tests"])
    same("examples", named(made, "program"), sources["examples"])

    kinds = [g.kind for g in made]
    for kind in ["module", "ns3header", "test"]:
        check(kinds.count(kind) == 1, "one %s generator, not %d" % (kind, kinds.count(kind)))
    for generator in made:
        for dep in generator.deps:
            check(dep in NS3_MODULES or (dep == "ike" and generator.kind == "program"),
                  "%s: %s is no module of ns-3.35" % (generator.name, dep))
        for use in generator.use:
            check(use in conf.stored, "%s uses %s, which configure() does not store"
                  % (generator.name, use))
        if generator.kind == "ns3header":
            check(getattr(generator, "module", None) == "ike", "ns3header.module must be ike")

    for error in errors:
        print("wscript: " + error, file=sys.stderr)
    print("wscript: %d task generators, %d errors" % (len(made), len(errors)))
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
