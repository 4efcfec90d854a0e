"""The house: imports go downhill, modules can be read in one sitting, nothing names this machine."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

from .conftest import ROOT

PACKAGE = ROOT / "nevbook"


def rows() -> dict[str, int]:
    """The row of each module in the table of CONTRIBUTING.md."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    table = text[text.index("| step | modules of `nevbook` |") : text.index("A module imports only from rows above")]
    found = {}
    for place, line in enumerate(table.splitlines()[2:]):
        for name in re.findall(r"`([a-z_]+)`", line.split("|")[2] if line.startswith("|") else ""):
            found[name] = place
    return found


def imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level == 1:
            found |= {node.module.split(".")[0]} if node.module else {alias.name for alias in node.names}
    return found - {"__version__"}


def test_every_module_has_its_row() -> None:
    modules = {p.stem for p in PACKAGE.glob("*.py")} | {p.parent.name for p in PACKAGE.glob("*/__init__.py")}
    assert set(rows()) == modules - {"__init__"}


@pytest.mark.parametrize("path", sorted(PACKAGE.glob("*.py")), ids=lambda p: p.stem)
def test_a_module_imports_only_downhill(path: Path) -> None:
    if path.stem == "__init__":
        assert not imports(path)
        return
    place = rows()
    uphill = {name for name in imports(path) if place[name] > place[path.stem]}
    assert not uphill, f"{path.stem} imports {uphill} from below it in the table"


def test_no_module_is_longer_than_a_sitting() -> None:
    long = {p.stem: n for p in PACKAGE.glob("*.py") if (n := p.read_text(encoding="utf-8").count("\n")) > 400}
    assert not long


def test_no_file_names_this_machine_or_a_registry() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    for name in listed:
        path = ROOT / name
        if path.suffix in (".png",) or name.startswith("data/") or not path.is_file():
            continue
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"(?<![\w.:/])/(?:work|tmp|root|home)/\w", text), name
        assert not re.search(r"pypi\.org|files\.pythonhosted", text), name
