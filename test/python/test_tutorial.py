# SPDX-License-Identifier: GPL-2.0-only
"""doc/tutorial.md prints what its commands print."""
import os
import re
import subprocess

import pytest
from conftest import BUILD, ROOT

pytest.importorskip("matplotlib", reason="no python3-matplotlib")
PAGE = os.path.join(ROOT, "doc", "tutorial.md")


def blocks(text, language=""):
    found = re.findall(r"^```(\w*)\n(.*?)^```$", text, re.M | re.S)
    return [block for name, block in found if name == language]


def commands(block):
    """[(command, lines that it prints)]"""
    parts = re.split(r"^\$ (.*)\n", block, flags=re.M)
    assert parts[0] == "", parts[0]
    return list(zip(parts[1::2], (part.rstrip().splitlines() for part in parts[2::2])))


def pattern(lines):
    """Spaces may be fewer or more, and a line of three dots is any lines."""
    return "".join(r"(?:.*\n)*?" if line == "..." else
                   " *" + " +".join(map(re.escape, line.split())) + " *\n" for line in lines)


def test_every_command_of_the_page(ike_sim, tmp_path):
    with open(PAGE, encoding="utf-8") as file:
        text = file.read()
    mine = tmp_path / "mine"
    text = text.replace("/tmp/mine", str(mine)).replace("/tmp/demo", str(tmp_path / "demo"))
    scenario, = blocks(text, "yaml")
    copies = {"mine.yaml": scenario, "unit.yaml": scenario.replace("when: {cut: 20 s}", "when: {cut: 20}"),
              "strict.yaml": scenario.replace("equals: 0, when: {responder_only: true}", "equals: 0")}
    assert len(set(copies.values())) == 3
    done = 0
    for block in blocks(text):
        for command, wanted in commands(block):
            shown = subprocess.run(["bash", "-c", command], cwd=ROOT, text=True, stdin=subprocess.DEVNULL, timeout=120,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
                                   env={**os.environ, "IKE_BUILD_DIR": BUILD})
            assert re.fullmatch(pattern(wanted), shown.stdout), f"{command}\n{shown.stdout}"
            done += 1
            if command.startswith("cp "):
                for name, content in copies.items():
                    (mine / name).write_text(content)
    assert done == len(re.findall(r"^\$ ", text, re.M)) > 8
