# SPDX-License-Identifier: GPL-2.0-only
"""YAML with places: what is wrong is said as FILE:LINE:COLUMN, with what was expected."""
import re

from .errors import SweepError, choice, listed


class Node:
    """A value of a YAML file that knows where it stands."""

    def __init__(self, node, name):
        self._node = node
        self._name = name

    @property
    def place(self):
        mark = self._node.start_mark
        return f"{self._name}:{mark.line + 1}:{mark.column + 1}"

    @property
    def kind(self):
        return self._node.id  # scalar, sequence or mapping

    def error(self, message, expected=""):
        """An exception that points here."""
        return SweepError(f"{self.place}: {message}" + (f"; expected {expected}" if expected else ""))

    def text(self, expected="a value"):
        """A scalar as it is written."""
        if self.kind != "scalar" or self._node.value == "":
            raise self.error("a value is missing" if self.kind == "scalar" else f"this is a {self.kind}", expected)
        return self._node.value

    def items(self, expected="a list"):
        """The elements of a list, at least one."""
        if self.kind != "sequence" or not self._node.value:
            raise self.error("this list is empty" if self.kind == "sequence" else "this is no list", expected)
        return [Node(item, self._name) for item in self._node.value]

    def mapping(self, expected="a mapping"):
        """{name: (node of the name, node of the value)}, each name once, in the order of the file."""
        if self.kind != "mapping" or not self._node.value:
            raise self.error("this mapping is empty" if self.kind == "mapping" else "this is no mapping", expected)
        found = {}
        for key, value in self._node.value:
            key_node, name = Node(key, self._name), key.value if key.id == "scalar" else None
            if not isinstance(name, str):
                raise key_node.error("this is no name", "a name")
            if name in found:
                raise key_node.error(f"'{name}' stands here twice")
            found[name] = (key_node, Node(value, self._name))
        return found

    def fields(self, known, required=()):
        """{name: node} of a mapping with known keys."""
        found = self.mapping("a mapping with " + listed(known))
        for name, (key, _) in found.items():
            if name not in known:
                raise key.error(f"unknown key '{name}'", choice(name, known))
        for name in required:
            if name not in found:
                raise self.error(f"'{name}:' is missing")
        return {name: value for name, (_, value) in found.items()}

    def word(self, names):
        """One of some words."""
        text = self.text(listed(names))
        if text not in names:
            raise self.error(f"'{text}' is not right", choice(text, names))
        return text

    def integer(self, least, greatest):
        expected = f"a whole number from {least} to {greatest}"
        text = self.text(expected)
        if not re.fullmatch(r"-?[0-9]{1,18}", text) or not least <= int(text) <= greatest:
            raise self.error(f"'{text}' is not right", expected)
        return int(text)

    def number(self, above=None, below=None, expected="a number"):
        """A plain number, greater and less than these."""
        text = self.text(expected)
        if not re.fullmatch(r"-?([0-9]+(\.[0-9]*)?|\.[0-9]+)", text):
            raise self.error(f"'{text}' is not right", expected)
        if (above is not None and float(text) <= above) or (below is not None and float(text) >= below):
            raise self.error(f"'{text}' is not right", expected)
        return float(text)

    def percent(self, above, below):
        """A share as "5 %", between these in %: as a number from 0 to 1."""
        expected = f"a share as '5 %', more than {above} % and less than {below} %"
        text = self.text(expected)
        match = re.fullmatch(r"([0-9]+(?:\.[0-9]*)?) ?%", text)
        if not match or not above < float(match.group(1)) < below:
            raise self.error(f"'{text}' is not right", expected)
        return float(match.group(1)) / 100


def read_document(text, name):
    """The root of a file with one YAML document."""
    import yaml

    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as e:
        mark = e.problem_mark or e.context_mark
        place = f"{name}:{mark.line + 1}:{mark.column + 1}" if mark else name
        raise SweepError(f"{place}: not YAML: {e.problem or e.context}") from e
    except yaml.YAMLError as e:
        raise SweepError(f"{name}: not YAML: {e}".replace("\n", " ")) from e
    if root is None:
        raise SweepError(f"{name}:1:1: this file is empty; expected a sweep")
    return Node(root, name)
