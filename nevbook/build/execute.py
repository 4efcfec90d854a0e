"""Execute the chapters: papermill, each in a process of its own, several at once."""

from __future__ import annotations

import ast
import json
import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from IPython.core.inputtransformer2 import TransformerManager

from nevbook.build.plan import READ
from nevbook.common import config
from nevbook.common.errors import ChapterError, ChoiceError, unknown
from nevbook.common.files import write_json, write_whole
from nevbook.common.processes import each
from nevbook.data.package import recorded

KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


@dataclass(frozen=True)
class Job:
    """One chapter of one edition to execute."""

    notebook: Path
    output: Path
    parameters: dict[str, object]
    tables: dict[str, str] = field(default_factory=dict)  # digest of each, by name: kept of those that it reads


def read(notebook: Path) -> nbformat.NotebookNode:
    """Read a chapter, from whatever editor: a byte order mark or a missing kernel is no obstacle."""
    if not notebook.is_file():
        raise ChapterError(f"{notebook}: no such chapter.")
    try:
        book = nbformat.reads(notebook.read_text(encoding="utf-8-sig"), as_version=4)
    except Exception as error:  # nbformat raises errors of several kinds for what is no notebook
        raise ChapterError(f"{notebook}: not a notebook ({error}).") from None
    book.metadata.setdefault("kernelspec", KERNEL)
    return book


def parameters_of(notebook: Path) -> set[str]:
    """Return the names of the parameters that a chapter declares."""
    for number, cell in enumerate(read(notebook).cells, start=1):
        if "parameters" in cell.metadata.get("tags", []):
            try:
                lines = ast.parse(TransformerManager().transform_cell(cell.source)).body
            except SyntaxError as error:
                raise ChapterError(f"{notebook.name}, cell {number}: not Python ({error.msg}).") from None
            targets = [t for x in lines for t in getattr(x, "targets", [getattr(x, "target", None)])]
            return {t.id for t in targets if isinstance(t, ast.Name)}
    raise ChapterError(f"{notebook}: no cell is tagged 'parameters'.")


def check_parameters(notebook: Path, parameters: dict[str, object]) -> None:
    """Refuse a parameter that a chapter does not know."""
    known = parameters_of(notebook)
    for name in parameters:
        if name not in known:
            raise ChoiceError(f"{notebook.name}: {unknown('parameter', name, known)}")


def execute(
    jobs: list[Job],
    workers: int,
    done: Callable[[Job, float], None],
    meanwhile: Iterator[object] | None = None,
    limit: float = config.TIMEOUT,
    passed_over: Callable[[Job, ChapterError], bool] = lambda job, error: False,
) -> None:
    """Execute chapters, several at once; raise ChapterError of the first that fails, unless it is `passed_over`."""
    load_libraries()

    def failed(job: Job, failure: str) -> ChapterError | None:
        error = ChapterError(f"{job.notebook.name}{', ' if failure.startswith('cell ') else ': '}{failure}")
        return None if passed_over(job, error) else error

    each(jobs, workers, _run, done, failed, meanwhile, limit)


def load_libraries() -> None:
    """Import what every chapter needs, once, before the first fork. Starts no thread."""
    import altair  # noqa: F401
    import babel.dates
    import babel.lists  # noqa: F401
    import pandas  # noqa: F401
    import papermill  # noqa: F401

    from nevbook.build import engine

    engine.register()


def _run(job: Job) -> None:
    """Execute one chapter and write it."""
    import papermill
    from papermill.exceptions import PapermillExecutionError

    from nevbook.build.engine import plain_text
    from nevbook.report.charts import renderer

    renderer.use_in_build()
    logging.getLogger("papermill").setLevel(logging.WARNING)  # Sphinx's libraries have logs printed
    os.chdir(job.notebook.parent)
    try:
        with recorded() as tables:
            book = papermill.execute_notebook(
                read(job.notebook), None, parameters=job.parameters, engine_name="nevbook", progress_bar=False,
                log_output=False,
            )  # fmt: skip
    except PapermillExecutionError as error:
        cause = plain_text(error.traceback).strip().splitlines()
        first = next((line for line in error.source.splitlines() if line.strip()), "")
        raise ChapterError(
            f"{error.ename}: {error.evalue}\n  in: {first}\n" + "\n".join(f"  {line}" for line in cause[-12:])
        ) from None
    beside = job.output.with_suffix(".json")
    beside.unlink(missing_ok=True)  # until the new output stands, nothing may tell what was read for it
    write_whole(job.output, json.dumps(strip(book), ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    write_json(beside, {READ: {name: seen for name, seen in job.tables.items() if name in tables}})


def strip(book: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Take out of an executed notebook what differs between two runs of the same chapter."""
    book.metadata.pop("papermill", None)
    book.metadata.get("language_info", {}).pop("version", None)
    for cell in book.cells:
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell.id = "injected-parameters"
            cell.metadata["tags"] = [*cell.metadata["tags"], "remove-cell"]  # it names folders of this machine
    return book
