"""The command as it is installed: also where the path is Chinese and the locale knows no such letters."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.conftest import copy_book


@pytest.mark.slow
def test_it_runs_below_a_path_that_the_locale_cannot_write(tmp_path: Path) -> None:
    root = copy_book(tmp_path / "重庆" / "书")
    environment = root / ".venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(environment)], check=True)
    (packages,) = environment.glob("lib/python3*/site-packages")
    # what is installed here, known before the editable install's own file is read
    (packages / "_aa.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    run = environment / "bin" / "python"
    install = ["-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation", "-e", "."]
    subprocess.run([run, *install], cwd=root, check=True)
    plain = {k: v for k, v in os.environ.items() if k not in ("LANG", "PYTHONPATH", "PYTHONUTF8")} | {"LC_ALL": "C"}
    for words in (["check"], ["export", "--to", str(tmp_path / "出")]):
        command = [environment / "bin" / "nevbook", *words]
        done = subprocess.run(command, cwd=root, env=plain, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
    where = [run, "-c", "import nevbook; print(ascii(nevbook.__file__))"]
    found = subprocess.run(where, cwd="/", env=plain, capture_output=True, text=True, check=True).stdout
    assert ascii(str(root / "nevbook" / "__init__.py")) in found
