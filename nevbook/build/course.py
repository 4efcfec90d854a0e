"""Execute the lessons of an edition for its course."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from nevbook.build.plan import chapters
from nevbook.common import config
from nevbook.common.config import Edition
from nevbook.course.notebooks import PREFIX
from nevbook.course.package import Course, assemble
from nevbook.data.dataset import as_edition, load
from nevbook.data.package import readable_folder


def course(root: Path, edition: Edition, data_dir: Path | None = None, workers: int = 2, variant: int = 0) -> Course:
    """Execute the lessons of an edition; a `variant` works on other figures of it."""
    from nevbook.build.execute import Job, check_parameters, execute, parameters_of

    folder = readable_folder(data_dir or root / "data")
    everything = load(folder)
    as_edition(everything, edition.year, edition.region, edition.as_of)  # refused as a build refuses it
    parameters = {"year": edition.year, "region": edition.region, "data_dir": str(folder)}
    taken = [p for p in chapters(root) if p.stem.startswith(PREFIX)]
    with tempfile.TemporaryDirectory() as work:
        own = {"variant": variant}
        jobs = [Job(p, Path(work) / p.name, parameters | (own if "variant" in parameters_of(p) else {})) for p in taken]
        for job in jobs:
            check_parameters(job.notebook, job.parameters)
        execute(jobs, workers, lambda job, seconds: None, limit=config.timeout(root))
        books = [(j.notebook.stem, json.loads(j.output.read_text(encoding="utf-8"))) for j in jobs]
    return assemble(root, edition, everything, books, variant)
