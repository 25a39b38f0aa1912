# SPDX-License-Identifier: GPL-2.0-only
"""The stubs say what is there, all of it and nothing else; everything has a docstring."""
import ast
import importlib
import os
import pkgutil
import subprocess
import sys

import pytest
from conftest import ROOT
from ns3ike_package import ns3ike

FOLDER = os.path.join(ROOT, "bindings", "ns3ike")
# What comes with every class, or by the way.
GENERAL = set(dir(object)) | {"__module__", "__dict__", "__weakref__", "__slots__"}
# Methods of values that need no words.
UNTYPED = {"__init__", "__eq__", "__hash__", "__repr__", "__str__", "__reduce__", "__copy__",
           "__deepcopy__"}


def stub():
    with open(os.path.join(FOLDER, "_ns3ike.pyi"), encoding="utf-8") as file:
        return ast.parse(file.read())


def names(body):
    """Names that a body defines; aliases of types are no part of the module."""
    found = {}
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found[node.name] = node
        elif isinstance(node, ast.AnnAssign):
            found[node.target.id] = node
    return found


def module():
    return importlib.import_module("ns3ike._ns3ike")


def public(thing):
    return {n for n in vars(thing) if not n.startswith("_")}


def test_every_name_of_the_module_is_in_the_stub():
    assert set(names(stub().body)) == public(module())


@pytest.mark.parametrize("name", sorted(
    n for n in public(module()) if isinstance(getattr(module(), n), type)
    and not issubclass(getattr(module(), n), Exception)))
def test_every_member_of_a_class_is_in_the_stub(name):
    said = names(names(stub().body)[name].body)
    there = {n for n in vars(getattr(module(), name)) if n not in GENERAL} | set()
    assert set(said) - UNTYPED == there - UNTYPED
    for member, node in said.items():
        thing = vars(getattr(module(), name)).get(member)
        is_data = isinstance(node, ast.AnnAssign) or any(
            getattr(d, "id", "") == "property" for d in getattr(node, "decorator_list", []))
        if member not in UNTYPED | {"__match_args__"}:
            assert is_data == isinstance(thing, property), member
            assert thing.__doc__, "%s.%s has no docstring" % (name, member)


@pytest.mark.parametrize("name", sorted(
    n for n in public(module()) if type(getattr(module(), n)).__name__ == "builtin_function_or_method"))
def test_every_function_has_the_arguments_of_the_stub(name):
    text = getattr(module(), name).__doc__
    arguments = [a.arg for a in names(stub().body)[name].args.args]
    signature = text.split("\n")[0]
    assert signature.startswith(name + "(")
    there = [a.split(":")[0].strip() for a in signature[len(name) + 1:].split(") ->")[0].split(", ")
             if ":" in a and not a.strip().startswith("Tuple")]
    assert arguments == [a for a in there if a]
    assert len(text.strip().split("\n")) > 1, name + " has no docstring"


def test_everything_public_is_documented():
    for info in pkgutil.iter_modules(ns3ike.__path__):
        if info.name.startswith("_") or info.name in ("report", "sweep", "results"):
            continue
        part = importlib.import_module("ns3ike." + info.name)
        assert part.__doc__ and set(part.__all__) <= set(dir(part)), info.name
        for name in part.__all__:
            thing = getattr(part, name)
            if not isinstance(thing, type) and not hasattr(thing, "__code__"):
                continue
            assert thing.__doc__, name
            for member, value in vars(thing).items() if isinstance(thing, type) else ():
                if not member.startswith("_") and (callable(value) or isinstance(value, property)):
                    assert value.__doc__, "%s.%s has no docstring" % (name, member)
    assert set(ns3ike.__all__) <= set(dir(ns3ike))


def test_mypy(tmp_path):
    """Where mypy is installed: the package and a user's program are well typed."""
    pytest.importorskip("mypy")
    user = tmp_path / "user.py"
    user.write_text("import ns3ike\n"
                    "from ns3ike import engine, wire\n"
                    "def f(run: ns3ike.Run) -> str:\n"
                    "    octets: bytes = wire.Message(payloads=[wire.Nonce(bytes(8))]).encode()\n"
                    "    return run.router('R1').pairs()[0].cipher + octets.hex()\n"
                    "world: engine.World = engine.two_routers()\n"
                    "results: ns3ike.Results = ns3ike.run('x.yaml', {'a': 1}, isolate=True)\n")
    wrong = tmp_path / "wrong.py"
    wrong.write_text("import ns3ike\nns3ike.run(3)\nns3ike.wire.Nonce('text').data = b''\n")
    parts = [os.path.join(FOLDER, f) for f in sorted(os.listdir(FOLDER))
             if f.endswith((".py", ".pyi")) and f != "results.py"]

    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--ignore-missing-imports",
         "--follow-imports=silent", "--explicit-package-bases", "--cache-dir",
         str(tmp_path / "cache"), *parts, str(user), str(wrong)],
        env={**os.environ, "MYPYPATH": os.path.dirname(FOLDER)}, text=True, capture_output=True,
        timeout=300)
    complaints = [line for line in done.stdout.split("\n") if "error:" in line]
    assert [c for c in complaints if "wrong.py" not in c] == [], done.stdout
    assert len(complaints) == 3, done.stdout + done.stderr
