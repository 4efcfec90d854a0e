"""Our engine does what a kernel does, and says what went wrong."""

from __future__ import annotations

from pathlib import Path

import nbformat
import papermill
import pytest

from nevbook.build.execute import Job, check_parameters, execute, parameters_of, strip
from nevbook.common.errors import ChapterError, ChoiceError


def notebook(path: Path, *cells: str, parameters: str = "year = 2025") -> Path:
    book = nbformat.v4.new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    )
    first = nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]})
    book.cells = [first, *(nbformat.v4.new_code_cell(c) for c in cells)]
    nbformat.write(book, path)
    return path


def run(path: Path, **parameters: object) -> nbformat.NotebookNode:
    out = path.with_name("out.ipynb")
    execute([Job(path, out, parameters)], 1, lambda job, seconds: None)
    return nbformat.read(out, as_version=4)


def outputs(book: nbformat.NotebookNode) -> list:
    return [[dict(o) for o in c.get("outputs", [])] for c in book.cells]


FOREIGN = {
    "streams and results": ["print('a'); print('b')\n1 + 1", "import sys; print('err', file=sys.stderr); 'x'", "_ * 2"],
    "displays": [
        "from IPython.display import HTML, Markdown, display\ndisplay(HTML('<b>x</b>')); Markdown('*y*')",
        "display(1, 2)",
    ],
    "silence": ["x = 3;", "x;", "None", "%pwd\nx"],
    "tables": ["import pandas as pd\npd.DataFrame({'a': [1, 2]})"],
    "state": ["def f():\n    return year", "f() + 1", "class A:\n    def __repr__(self):\n        return 'A!'\nA()"],
    "altair": [
        "import altair as alt\nalt.Chart({'values': [{'a': 1}]}).mark_point().encode(x='a:Q').to_dict()['mark']"
    ],
}


@pytest.mark.parametrize("name", FOREIGN)
def test_outputs_are_those_of_a_kernel(name: str, tmp_path: Path) -> None:
    path = notebook(tmp_path / "n.ipynb", *FOREIGN[name])
    ours = run(path, year=2024)
    kernel = papermill.execute_notebook(
        str(path), None, parameters={"year": 2024}, progress_bar=False, cwd=str(tmp_path)
    )
    assert outputs(strip(ours)) == outputs(strip(kernel))


def test_each_chapter_has_a_process_of_its_own(tmp_path: Path) -> None:
    import os

    path = notebook(tmp_path / "n.ipynb", "import os, pandas\npandas.touched = True\nprint(os.getpid())")
    other = notebook(tmp_path / "m.ipynb", "import pandas\nprint(hasattr(pandas, 'touched'))")
    first, second = run(path), run(other)
    assert int(first.cells[-1].outputs[0].text) != os.getpid()
    assert second.cells[-1].outputs[0].text == "False\n"


def test_an_error_names_chapter_cell_and_cause(tmp_path: Path) -> None:
    path = notebook(tmp_path / "bad.ipynb", "x = 1", "x / 0")
    with pytest.raises(ChapterError, match=r"(?s)bad\.ipynb, cell 3: ZeroDivisionError: division by zero.*x / 0"):
        execute([Job(path, tmp_path / "out.ipynb", {})], 1, lambda job, seconds: None)
    assert not (tmp_path / "out.ipynb").exists()


def test_a_chapter_that_kills_its_process_is_named(tmp_path: Path) -> None:
    path = notebook(tmp_path / "dead.ipynb", "import os\nos._exit(7)")
    with pytest.raises(ChapterError, match=r"^dead\.ipynb, cell 2: its process ended with code 7"):
        execute([Job(path, tmp_path / "out.ipynb", {})], 1, lambda job, seconds: None)


def test_a_cell_that_does_not_end_is_stopped_and_named(tmp_path: Path) -> None:
    deaf = "import time\nwhile True:\n    try:\n        time.sleep(600)\n    except BaseException:\n        pass"
    path = notebook(tmp_path / "slow.ipynb", "import time\ntime.sleep(0.7)", "time.sleep(0.7)", deaf)
    with pytest.raises(ChapterError, match=r"^slow\.ipynb, cell 4: not finished after 1 seconds"):
        execute([Job(path, tmp_path / "out.ipynb", {"year": 2024})], 1, lambda job, seconds: None, limit=1)


def test_a_parameter_that_a_chapter_does_not_know_is_refused(tmp_path: Path) -> None:
    path = notebook(tmp_path / "n.ipynb", parameters="year = 2025\nregion = 'chongqing'\ndata_dir = None")
    assert parameters_of(path) == {"year", "region", "data_dir"}
    with pytest.raises(ChoiceError, match=r"n\.ipynb: unknown parameter 'yaer'\. Did you mean year"):
        check_parameters(path, {"yaer": 2024})


def test_a_chapter_of_another_editor_is_executed(tmp_path: Path) -> None:
    path = notebook(tmp_path / "n.ipynb", "%pwd", "year + 1", parameters="%time\nyear: int = 2025")
    book = nbformat.read(path, as_version=4)
    del book.metadata["kernelspec"]
    path.write_text(nbformat.writes(book), encoding="utf-8-sig")
    check_parameters(path, {"year": 2024})
    done = run(path, year=2024)
    assert done.cells[-1].outputs[0].data["text/plain"] == "2025" and done.metadata.kernelspec.name == "python3"
    broken = notebook(tmp_path / "broken.ipynb", parameters="year =")
    with pytest.raises(ChapterError, match=r"broken\.ipynb, cell 1: not Python"):
        parameters_of(broken)


def test_what_is_no_chapter_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ChapterError, match="no such chapter"):
        parameters_of(tmp_path / "none.ipynb")
    (tmp_path / "text.ipynb").write_text("no json", encoding="utf-8")
    with pytest.raises(ChapterError, match="not a notebook"):
        parameters_of(tmp_path / "text.ipynb")


def test_nothing_that_differs_between_runs_is_kept(tmp_path: Path) -> None:
    path = notebook(tmp_path / "n.ipynb", "year")
    run(path, year=2024)
    first = path.with_name("out.ipynb").read_bytes()
    run(path, year=2024)
    assert path.with_name("out.ipynb").read_bytes() == first
    assert b"papermill" not in first
