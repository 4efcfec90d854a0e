"""The README of a course's folder."""

from __future__ import annotations

from nevbook.common.i18n import N_

TEXT = N_("""# Made in Chongqing: the course

Lessons in reading figures, from the book *Made in Chongqing*, edition {label}. Every number in them
comes from the tables in `data/` beside the notebooks; each row names its source.

- `student/`: what you hand out. Notebooks without solutions, `classroom.py` with the checks, the tables.
- `solutions/`: the same notebooks with solutions. Do not hand this folder out.
- `nbgrader/`: the same lessons for nbgrader, one assignment each, in `source/`.
- `KEY.html`: the answers, the mistakes that the checks know, and levels for the open exercises,
  to print. Do not hand it out.
- `quiz-moodle.xml`: the exercises as a quiz; in Moodle, *Question bank*, *Import*, *Moodle XML format*.
- `.devcontainer/`, `binder/`: the environment for Codespaces and for Binder.
- `GUIDE.md`: for the teacher: plans for a lesson, a day, six weeks.

## Lessons

{lessons}

## Run it

    python -m venv env
    env/bin/pip install -r requirements.txt
    env/bin/jupyter lab student

On Windows: `env\\Scripts\\pip` and `env\\Scripts\\jupyter`. After the installation no network is needed. VS
Code opens the notebooks as they are.

- **Binder**: put the content of this folder into a repository of your own; Binder reads `binder/`.
- **Colab**: put the folder `student` and `requirements-colab.txt` on your drive and open a notebook there. Run
  first, in a cell of its own, with the folder's name as it is on your drive:

      from google.colab import drive
      drive.mount("/content/drive")
      %cd /content/drive/MyDrive/student
      %pip install -q -r ../requirements-colab.txt
{fetch}
## Checks

`lesson.check("LABEL", answer)` says whether an answer is right, wrong, or a known slip, by name. Answers are
kept as hashes, so that nobody reads one by accident; it is no lock. A number may stay as it is computed, or be rounded
to the place that the exercise asks for (a tenth where it names none).

## Slides

    jupyter nbconvert --to slides --execute solutions/points.ipynb

Hints and solutions are the speaker's notes (key S). Reveal comes from the network; to do without, unpack it
beside the slides and add `--SlidesExporter.reveal_url_prefix=FOLDER`.

## Variants

`nevbook course DIR --variant 3` gives the same exercises on other places, years and indicators, with a key of
their own.

## nbgrader

nbgrader is not among the requirements; `pip install nbgrader` adds it.

    cd nbgrader
    nbgrader generate_assignment points    # writes release/points, which is what students get
    nbgrader autograde points              # marks submitted/STUDENT/points
    nbgrader generate_feedback points      # writes feedback/STUDENT/points

Feedback names the slip. A checked exercise counts two points, an open one and the repaired chart four. Open ones are
marked by hand (`nbgrader formgrader`); each lesson ends with what to give points for.

## Another year, another region

With the book's own tools: `nevbook course DIR --year 2024 --region anhui`. Numbers, texts and checks follow;
where a region has no figures for a lesson, the lesson says so and takes those of the country or of Chongqing.

Text and our compilation of data: CC BY 4.0. Code: MIT. The terms of each source are in `data/sources.csv`.
""")
