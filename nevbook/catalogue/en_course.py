"""English: lessons, checks, the course that is handed out."""

EN: dict[str, str] = {
    "lesson.missing": "The dataset has no figures on which this lesson could work.",
    "lesson.later": "The edition of {asked} ends before the figures that this lesson is about; "
    "it uses those known up to {used}.",
    "lesson.elsewhere": "For {what}, {region} has no figures that would do; "
    "the lesson uses those of {place} in {when}.",
    "lesson.earlier": "The newest year for {what} of {place} is {when}.",
    "check.right": "Right.",
    "check.wrong": "Not right.",
    "check.empty": "No answer yet: put one in the place of the three dots.",
    "check.kind": "A number, a word, or a pair or list of these is asked for; this is something else.",
    "glossary.term": "Term",
    "glossary.caption": "Terms of the field",
    "glossary.dataset": "this dataset's definition of {name}",
    "course.exercise": "Exercise {n}. {title}",
    "course.solution": "Solution",
    "course.stub": "{name} = ...  # your answer in the place of the dots",
    "course.answer": "*Write your answer here.*",
    "course.sources": "*Every row of `lesson.values` names the source and the publisher of its figure.*",
    "course.download": "Download this lesson",
    "course.download.all": "Download the whole course",
    "course.binder": "Open in Binder",
    "course.colab": "Open in Colab",
    "course.wrote": "{out}: {lessons} lessons of {label}",
    "course.nbgrader": """c = get_config()
c.CourseDirectory.course_id = "made-in-chongqing"
c.ClearSolutions.code_stub = {"python": "answer = ...  # your answer in the place of the dots"}
c.ClearSolutions.text_stub = "*Write your answer here.*"
""",
    "course.environment": """name: made-in-chongqing
channels: [conda-forge]
dependencies:
  - python=3.12
  - pip
  - pip:
      - -r requirements.txt
""",
    "course.readme": """# Made in Chongqing: the course

Lessons in reading figures, from the book *Made in Chongqing*, edition {label}. Every number in them comes from
the tables in `data/`;
each row names its source.

- `student/`: what you hand out. Notebooks without solutions, `classroom.py` with the checks, the tables.
- `solutions/`: the same notebooks with solutions. Do not hand this folder out.
- `nbgrader/`: the same lessons for nbgrader, one assignment each, in `source/`.
- `GUIDE.md`: for the teacher: plans for a lesson, a day, six weeks.

## Lessons

{lessons}

## Run it

    python -m venv env
    env/bin/pip install -r requirements.txt
    env/bin/jupyter lab student

On Windows: `env\\Scripts\\pip` and `env\\Scripts\\jupyter`. After the installation no network is needed. VS
Code opens the notebooks as they are.

- **Binder**: put the content of this folder into a repository of your own; Binder reads `environment.yml`.
- **Colab**: upload the folder `student`, or mount a drive that holds it; `pip install -r
  requirements-colab.txt` adds what Colab lacks.
{fetch}
## Checks

`lesson.check("LABEL", answer)` says whether an answer is right, wrong, or a known slip, by name. Answers are
kept as hashes, so that
nobody reads one by accident; it is no lock. A number may be off by half of the place that the exercise asks for.

## nbgrader

    cd nbgrader
    nbgrader generate_assignment points
    nbgrader autograde points

Feedback names the slip. Open exercises are marked by hand; each lesson ends with what to give points for.

## Another year, another region

With the book's own tools: `nevbook course DIR --year 2024 --region anhui`. Numbers, texts and checks follow;
where a region has no
figures for a lesson, the lesson says so and takes those of the country.

Text and our compilation of data: CC BY 4.0. Code: MIT. The terms of each source stand in `data/sources.csv`.
""",
    "course.readme.fetch": "- This course is kept at {address}.\n",
}
