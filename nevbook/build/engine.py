"""A papermill engine that runs a notebook in a forked process which has the libraries imported already."""

from __future__ import annotations

import re
import sys
from typing import Any

import nbformat
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from papermill.engines import Engine, papermill_engines
from traitlets import Any as AnyTrait, Type
from traitlets.config import Config

from nevbook.common.processes import tell

NAME = "nevbook"


class _Stream:
    """Stands for ``sys.stdout`` or ``sys.stderr`` and keeps what is written as outputs."""

    def __init__(self, name: str, outputs: list[nbformat.NotebookNode]) -> None:
        self.name, self.outputs, self.encoding = name, outputs, "utf-8"

    def write(self, text: str) -> int:
        if text:
            last = self.outputs[-1] if self.outputs else None
            if last is not None and last.output_type == "stream" and last.name == self.name:
                last.text += text
            else:
                self.outputs.append(nbformat.v4.new_output("stream", name=self.name, text=text))
        return len(text)

    def flush(self) -> None:
        """Nothing is held back."""

    def isatty(self) -> bool:
        """It is no terminal."""
        return False


class _Publisher(DisplayPublisher):
    outputs = AnyTrait()

    def publish(self, data: dict, metadata: dict | None = None, **options: Any) -> None:
        self.outputs.append(nbformat.v4.new_output("display_data", data=data, metadata=metadata or {}))

    def clear_output(self, wait: bool = False) -> None:
        self.outputs.clear()


class _Hook(DisplayHook):
    outputs = AnyTrait()

    def write_output_prompt(self) -> None:
        """A result has no prompt in a notebook."""

    def write_format_data(self, format_dict: dict, md_dict: dict | None = None) -> None:
        self.outputs.append(
            nbformat.v4.new_output(
                "execute_result", data=format_dict, metadata=md_dict or {}, execution_count=self.prompt_count
            )
        )

    def finish_displayhook(self) -> None:
        """Nothing is held back."""


class _Shell(InteractiveShell):
    outputs = AnyTrait()
    display_pub_class = Type(_Publisher)
    displayhook_class = Type(_Hook)

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
        self.outputs.append(
            nbformat.v4.new_output("error", ename=etype.__name__, evalue=str(evalue), traceback=list(stb))
        )


def _shell(outputs: list[nbformat.NotebookNode]) -> _Shell:
    settings = Config()
    settings.HistoryManager.enabled = False  # it would start a thread and open a database
    shell = _Shell(config=settings, user_ns={"__name__": "__main__"})
    shell.outputs = shell.display_pub.outputs = shell.displayhook.outputs = outputs
    return shell


class InProcessEngine(Engine):
    """Runs the cells of a notebook in this process; made for a process forked for it."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **options: Any) -> None:
        """Execute a notebook, cell by cell, until the end or the first error."""
        outputs: list[nbformat.NotebookNode] = []
        shell = _shell(outputs)
        kept = sys.stdout, sys.stderr, sys.displayhook
        InteractiveShell._instance = _Shell._instance = shell  # what `display` asks for
        try:
            sys.stdout, sys.stderr = _Stream("stdout", outputs), _Stream("stderr", outputs)
            place = 0  # as the author counts: papermill puts a cell with the parameters between
            for index, cell in enumerate(nb_man.nb.cells):
                place += "injected-parameters" not in cell.metadata.get("tags", [])
                if cell.cell_type != "code" or not cell.source.strip():
                    continue
                tell(f"cell {place}")
                nb_man.cell_start(cell, index)
                outputs.clear()
                result = shell.run_cell(cell.source, store_history=True)
                cell.outputs = [*outputs]
                cell.execution_count = shell.execution_count - 1
                if not result.success:
                    nb_man.cell_exception(cell, index)
                    break
                nb_man.cell_complete(cell, index)
        finally:
            sys.stdout, sys.stderr, sys.displayhook = kept


def register() -> None:
    """Make the engine known to papermill as ``nevbook``."""
    papermill_engines.register(NAME, InProcessEngine)


def plain_text(traceback: list[str]) -> str:
    """Return a traceback without colours."""
    return re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(traceback))
