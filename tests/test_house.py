"""The house: modules can be read in one sitting, rooms stay small, nothing names this machine."""

from __future__ import annotations

import ast
import re
import subprocess
from collections import Counter

import yaml

from tests.conftest import ROOT

PACKAGE = ROOT / "nevbook"


MODULES = sorted(PACKAGE.rglob("*.py"))


def test_no_module_is_longer_than_a_sitting() -> None:
    lines = {str(p.relative_to(PACKAGE)): p.read_text(encoding="utf-8").count("\n") for p in MODULES}
    assert len(lines) > 100
    assert not {name: n for name, n in lines.items() if n > 400}


def test_no_room_holds_more_than_sixteen_modules() -> None:
    rooms = Counter(str(p.parent.relative_to(PACKAGE)) for p in MODULES)
    assert len(rooms) > 10
    assert not {room: n for room, n in rooms.items() if n > 16}


def test_every_module_says_what_it_knows() -> None:
    assert not [p for p in MODULES if not ast.get_docstring(ast.parse(p.read_text(encoding="utf-8")))]


def test_no_file_names_this_machine_or_a_registry() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    for name in listed:
        path = ROOT / name
        if path.suffix in (".png",) or name.startswith("data/") or not path.is_file():
            continue
        text = path.read_text(encoding="utf-8", errors="replace")  # cases of the tests are in other encodings, too
        assert not re.search(r"(?<![\w.:/])/(?:work|tmp|root|home)/\w", text), name
        assert not re.search(r"pypi\.org|files\.pythonhosted", text), name


def test_workflows_name_actions_by_commit_and_publish_what_was_tested() -> None:
    files = {p.stem: p.read_text(encoding="utf-8") for p in (ROOT / ".github" / "workflows").glob("*.yml")}
    for name, text in files.items():
        used = re.findall(r"uses: (.+)", text)
        assert used and all(re.fullmatch(r"\./.+|[\w/-]+@[0-9a-f]{40} # v[\d.]+", one) for one in used), name
    told = yaml.safe_load(files["publish"])
    assert [told["jobs"][name]["needs"] for name in ("build", "deploy")] == ["test", "build"]
    assert told["jobs"]["test"]["uses"] == "./.github/workflows/test.yml"
    (pattern,) = told[True]["push"]["tags"]  # YAML takes "on" for a truth
    assert pattern.startswith("v[0-9]")
    fits = re.search(r"python: \[(.+)\]", files["test"])
    assert fits and fits[1].split(", ")[-1] == '"3.14"'
