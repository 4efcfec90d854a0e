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
    "check.parts": "The answer has too many parts, or too few: see what the exercise asks for.",
    "check.word": "A word is asked for, in quotation marks, where you gave a number.",
    "check.number": "A number is asked for, without quotation marks, where you gave a word.",
    "glossary.term": "Term",
    "glossary.caption": "Terms of the field",
    "glossary.dataset": "this dataset's definition of {name}",
    "course.exercise": "Exercise {n}. {title}",
    "course.solution": "Solution",
    "course.stub": "{name} = ...  # your answer in the place of the dots; no need to round a number",
    "course.answer": "*Write your answer here.*",
    "course.sources": "*Every row of `lesson.values` names the source and the publisher of its figure.*",
    "course.download": "Download this lesson",
    "course.download.all": "Download the whole course",
    "course.binder": "Open in Binder",
    "course.colab": "Open in Colab",
    "course.wrote": "{out}: {lessons} lessons of {label}",
    "course.nbgrader": """c = get_config()
c.CourseDirectory.course_id = "made-in-chongqing"
c.ClearSolutions.code_stub = {
    "python": "answer = ...  # your answer in the place of the dots; no need to round a number"
}
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

Lessons in reading figures, from the book *Made in Chongqing*, edition {label}. Every number in them
comes from the tables in `data/` beside the notebooks; each row names its source.

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

Text and our compilation of data: CC BY 4.0. Code: MIT. The terms of each source stand in `data/sources.csv`.
""",
    "course.readme.fetch": "- This course is kept at {address}.\n",
}
