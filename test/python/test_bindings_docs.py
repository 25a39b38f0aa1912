# SPDX-License-Identifier: GPL-2.0-only
"""doc/python.md does what it says, and the tutorial draws its figures."""
import contextlib
import importlib.util
import io
import os
import re
import xml.dom.minidom

import pytest
from conftest import ROOT
from ns3ike_package import ns3ike

PAGE = os.path.join(ROOT, "doc", "python.md")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)


def blocks():
    """[(line, code, output)]: an output block belongs to the code before it."""
    with open(PAGE, encoding="utf-8") as file:
        text = file.read()
    found = []
    for match in BLOCK.finditer(text):
        line = text.count("\n", 0, match.start()) + 2
        if match.group(1) == "python":
            found.append([line, match.group(2), ""])
        elif match.group(1) == "output":
            assert found and not found[-1][2], line
            found[-1][2] = match.group(2)
        else:
            pytest.fail("%s:%d: a block that is not run" % (PAGE, line))
    return found


def test_every_block_of_the_page(monkeypatch):
    pytest.importorskip("pandas")
    monkeypatch.chdir(ROOT)
    names = {}
    assert len(blocks()) > 5
    for line, code, output in blocks():
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            exec(compile("\n" * (line - 1) + code, PAGE, "exec"), names)
        assert said.getvalue() == output, "%s:%d" % (PAGE, line)


def test_the_page_names_what_is_there():
    """Each name in the tables is one of the package."""
    with open(PAGE, encoding="utf-8") as file:
        rows = [line for line in file if line.startswith("|")]
    known = set(dir(ns3ike.Results)) | set(dir(ns3ike.Run)) | set(dir(ns3ike.Router)) | set(
        dir(ns3ike)) | {"down", "up", "drop", "let_pass", "door_down", "door_up", "flush", "link"}
    for row in rows:
        for name in re.findall(r"`([a-z_]+)\(", row):
            assert name in known, row


@pytest.fixture
def tutorial():
    pytest.importorskip("matplotlib")
    path = os.path.join(ROOT, "examples", "python", "tutorial.py")
    spec = importlib.util.spec_from_file_location("tutorial", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_tutorial(tutorial, tmp_path, capsys):
    assert tutorial.main(["--out", str(tmp_path), "--step", "160", "--duration", "5 min"]) == 0
    said = capsys.readouterr().out
    assert "QM_IDLE" in said and "15 runs, 0 off the closed form" in said
    for name in ("duplicates.svg", "timeline.svg", "ladder.svg"):
        picture = xml.dom.minidom.parse(str(tmp_path / name)).documentElement
        assert picture.tagName == "svg" and picture.getElementsByTagName("text" if "ladder" in name
                                                                         else "path")
    assert "MM1" in (tmp_path / "ladder.txt").read_text()


def test_the_tutorial_notices_what_is_off(tutorial):
    point = {"isakmp_duplicates": 1, "ipsec_duplicates": 1}
    assert tutorial.off_theory([("none", 100, point)]) == []
    assert tutorial.off_theory([("none", 220, point)]) == [("none", 220, "isakmp_duplicates", 1)]
    assert len(tutorial.off_theory([("one", 0, point)])) == 2


def test_the_tutorial_refuses_a_wrong_step(tutorial, capsys):
    with pytest.raises(SystemExit):
        tutorial.main(["--step", "0"])
    assert "--step" in capsys.readouterr().err
