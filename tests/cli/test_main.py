"""The command line: what it says of itself, what it answers to wrong words, how it ends."""

from __future__ import annotations

import argparse
import io
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from nevbook.cli import book, course, data, markets
from nevbook.cli.main import main
from tests.conftest import ROOT, Sheets

COMMANDS = (
    *("build", "preview", "pdf", "serve", "check", "add", "template", "missing"),
    *("audit", "export", "market", "compare", "alerts", "fit", "course"),
)
RUN = [sys.executable, "-m", "nevbook.cli"]


def test_each_command_has_a_sentence_and_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    told = capsys.readouterr().out
    assert "Exit codes: 0 done, 1 something in the input or in the run, 2 wrong words" in " ".join(told.split())
    for name in COMMANDS:
        assert f"\n    {name} " in told
        assert main([name, "--help"]) == 0
        said = capsys.readouterr().out
        assert f"Example: nevbook {name}" in said and ".\n" in said.split("\n\n")[1] + "\n", name
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("nevbook 0.")


@pytest.mark.parametrize("name", COMMANDS)
def test_the_example_is_one_that_the_command_takes(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    main([name, "--help"])
    words = capsys.readouterr().out.partition("Example: nevbook ")[2].split()
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers()
    for group in (book, data, markets, course):
        group.register(commands)
    assert words[0] == name and parser.parse_args(words).run


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["buid"], 2, "unknown command 'buid'. Did you mean build?"),
        ([], 2, "required: COMMAND"),
        (["build", "--jobs", "0"], 2, "'0' is no number from 1 to 999"),
        (["build", "--year", "25"], 2, "'25' is no number from 1900"),
        (["serve", "--port", "70000"], 2, "'70000' is no number from 0 to 65535"),
        (["build", "--year", "1999"], 2, "unknown year 1999 for chongqing"),
        (["check", "--data", "nowhere"], 2, "has no datapackage.json"),
        (["serve", "--site", "nowhere"], 1, "no book there yet"),
        (["add", "nowhere.csv"], 1, "nowhere.csv"),
    ],
)
def test_the_exit_code_tells_wrong_words_from_a_wrong_input(
    words: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    assert main(words) == code
    assert said in capsys.readouterr().err


def test_data_that_are_wrong_are_no_wrong_words(
    data_copy: Path, sheets: Sheets, capsys: pytest.CaptureFixture[str]
) -> None:
    sheets.edit("observations.csv", 2, "value", "many")
    for words in (["check"], ["audit"], ["export", "--to", str(data_copy.parent / "out")]):
        assert main([*words, "--data", str(data_copy)]) == 1, words
        told = capsys.readouterr()
        assert "observations.csv" in told.out + told.err and "Traceback" not in told.err


def test_an_edition_of_the_settings_that_cannot_be_is_no_wrong_word(
    tmp_path: Path, data_copy: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "_config.yml").write_text("title: x\nnevbook: {editions: [{year: 1999}]}\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: x\n", encoding="utf-8")
    assert main(["build"]) == 1
    assert "_config.yml: unknown year 1999" in capsys.readouterr().err
    assert main(["build", "--year", "1999"]) == 2


def test_only_a_closed_standard_output_is_silent(capsys: pytest.CaptureFixture[str]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    closed = subprocess.run([*RUN, "market", "THA"], cwd=ROOT, stdout=writer, stderr=subprocess.PIPE, text=True)
    os.close(writer)
    assert (closed.returncode, closed.stderr) == (0, "")
    code = (
        "import sys\nfrom nevbook.cli import book, main\n"
        "def dead(args): raise BrokenPipeError(32, 'Broken pipe')\n"
        "book._serve = dead\nsys.exit(main.main(['serve']))"
    )
    dead = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert dead.returncode == 1 and "Broken pipe" in dead.stderr and "Traceback" not in dead.stderr


def test_what_a_terminal_would_obey_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--data", "A\x1b[2J\x07\u202eB\u2066\x9b"]) == 2
    assert "A\\u001b[2J\\u0007\\u202eB\\u2066\\u009b has no datapackage.json" in capsys.readouterr().err


def test_a_build_shows_lines_in_a_pipe_and_a_bar_on_a_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    with book._progress() as say:
        say("[1/2] 2025 index executed", 0.3)
    assert capsys.readouterr().out == "[1/2] 2025 index executed\n"
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setattr(sys, "__stdout__", terminal)
    monkeypatch.setenv("TERM", "xterm")
    with book._progress() as say:
        say("[1/2] 2025 index executed", 0.3)
    assert "[1/2] 2025 index executed" in terminal.getvalue() and "30%" in terminal.getvalue()


def test_what_the_system_refuses_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    pipe, data = tmp_path / "pipe", tmp_path / "data"
    os.mkfifo(pipe)
    shutil.copytree(ROOT / "data", data)
    (data / "observations.csv").unlink()
    os.mkfifo(data / "observations.csv")
    long = "x" * 300
    for words, code, said in (
        (["add", str(pipe)], 1, f"{pipe}: cannot be read (it is no regular file)"),
        (["add", str(tmp_path)], 1, "Is a directory"),
        (["add", long], 1, "File name too long"),
        (["check", "--data", str(data)], 1, "no regular file"),
        (["audit", "--data", str(data)], 1, "observations.csv — is no regular file"),
        (["check", "--data", long], 1, "File name too long; choose a shorter name"),
        (["template", f"{long}.xlsx"], 2, "File name too long; name a new file"),
        (["export", "--to", "/dev/null/x"], 2, "/dev/null is a file"),
        (["export", "--to", "/dev/full"], 2, "/dev/full: is a file"),
        (["pdf", "--out", str(tmp_path / "none")], 1, "run `nevbook build` for it first"),
        (["serve", "--site", str(pipe)], 1, "no book there yet"),
    ):
        assert main(words) == code, words
        told = capsys.readouterr()
        assert said in told.out + told.err and "Traceback" not in told.err, (words, told)
