"""The parameters of a chapter: which there are, and what is said of one that is not."""

from __future__ import annotations

import ast

from IPython import get_ipython

from nevbook.common.errors import unknown

PARAMETERS = ("year", "region", "data_dir")  # of every chapter


def refuse_strange_parameters() -> None:
    """Refuse a parameter that papermill injected and the chapter has not; papermill itself only warns of it."""
    shell = get_ipython()
    declared = [*PARAMETERS]
    for cell in shell.user_ns.get("In", ()) if shell is not None else ():
        if cell.startswith("# Parameters\n"):  # how papermill marks the cell it injects
            for name in _assigned(cell):
                if name not in declared:
                    raise unknown("parameter", name, declared)
        elif declared == [*PARAMETERS]:  # a chapter's own cell of parameters stands before it, and may have more
            own = _assigned(cell)
            declared += [n for n in own if n not in declared] if set(PARAMETERS) <= set(own) else []


def _assigned(cell: str) -> list[str]:
    """Return the names that a cell of parameters assigns; none of a cell that is no plain Python."""
    try:
        body = ast.parse(cell).body
    except SyntaxError:  # a magic, in somebody's own notebook
        return []
    targets = [t for line in body if isinstance(line, ast.Assign) for t in line.targets]
    return [t.id for t in targets if isinstance(t, ast.Name)]
