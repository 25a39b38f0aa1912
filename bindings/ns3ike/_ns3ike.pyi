# SPDX-License-Identifier: GPL-2.0-only
"""Types of the C++ side."""
from typing import Any, Callable, Dict, List, Optional, Tuple

class RunError(RuntimeError): ...

class ScenarioError(ValueError):
    file: str
    line: int
    column: int

class Parameter:
    name: str
    default: str
    range: Optional[Tuple[str, str]]
    choices: List[str]
    words: List[str]
    unit: str
    help: str
    values: str

class Expanded:
    name: str
    title: str
    parameters: Dict[str, str]
    seed: int
    duration: float
    hash: str
    def run(self, seed: int, out: str = ..., progress: Optional[Callable[[float], Any]] = ...) -> str: ...
    def failed_expectations(self, json: str) -> List[str]: ...

class ScenarioFile:
    @staticmethod
    def load(path: str) -> ScenarioFile: ...
    @staticmethod
    def parse(text: str, name: str, folder: str = ...) -> ScenarioFile: ...
    name: str
    title: str
    description: str
    parameters: List[Parameter]
    def expand(self, values: Dict[str, str] = ...) -> Expanded: ...
    def check(self) -> None: ...

def version() -> str: ...
