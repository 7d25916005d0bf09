"""Remarks as lines of worksheets: on the draft as a whole, or below another section's sheet."""

from collections.abc import Iterable, Sequence

from revisions.inquiry.duties import Sheet, answerer
from revisions.inquiry.forms import RemarkForm
from revisions.inquiry.models import Remark
from revisions.inquiry.reading import in_words
from revisions.inquiry.workbook.answers import WORDS, Opinion
from revisions.inquiry.workbook.asked import COVER, Asked
from revisions.inquiry.workbook.cells import Cell, Kind, shown
from revisions.inquiry.workbook.paper import Block, Line, Page, Value
from revisions.inquiry.workbook.sheets import Faults, Texts, told

OPINIONS, PROJECTS = "意見", "個別事業一覧"
WHOLE = "計画の全体、またはその他"
HEADINGS = {"place": "箇所", "text": "意見", "reason": "理由", "proposal": "修正案"}
BELOW = {name: HEADINGS[name] for name in ("text", "place", "reason", "proposal")}
"""Below a sheet the opinion stands in the wide column, under what it is about."""


def opinions_page(asked: Asked, name: str) -> Page:
    """Remarks on any place of the draft, a line each. name: of the workbook."""
    projects = {sheet["uid"]: sheet["name"] for sheet in asked.sheets.content["projects"]}
    labels = {uid: shown(f"{n} {projects[uid]}") for uid, n in asked.numbers.items()}
    also = {number: labels[uid] for uid, number in asked.numbers.items()}
    lines = []
    for n, (row, remark) in enumerate(asked.remark_rows(name).items(), 1):
        about = labels.get(remark.project_uid, "") if remark else ""
        choices = (WHOLE, *labels.values())
        project = Cell(f"remarks/{row}/project_uid", Kind.CHOICE, about, choices, also)
        lines.append(_line(row, [str(n), project], remark, HEADINGS))
    headings, ids = ["番号", "個別事業", *HEADINGS.values()], ["", "project_uid", *HEADINGS]
    return Page(
        title=OPINIONS,
        heading="素案への意見",
        widths=[6, 34, 22, 46, 32, 40],
        back=COVER,
        said=_count(asked.remarks),
        blocks=[Block("opinions", headings, lines, ids)],
    )


def projects_page(asked: Asked) -> Page:
    """Every project of the plan, to be looked up."""
    sheets = {sheet["uid"]: sheet for sheet in asked.sheets.content["projects"]}
    lines = [
        Line(
            [
                number,
                sheets[uid]["name"],
                asked.names.text(sheets[uid]["lead"]),
                sheets[uid]["overview"],
            ]
        )
        for uid, number in asked.numbers.items()
    ]
    return Page(
        title=PROJECTS,
        heading=PROJECTS,
        widths=[10, 40, 24, 80],
        back=COVER,
        blocks=[Block("projects", ["番号", "個別事業", "主管課等", "概要"], lines)],
    )


def remark_page(asked: Asked, sheet: Sheet, name: str) -> Page:
    """A sheet for which another section answers, and lines for remarks on it."""
    uid, number = sheet["uid"], asked.numbers[sheet["uid"]]
    by = asked.sheets.taken.get(uid, answerer(sheet))
    content = [Line([label, text]) for label, text in in_words(sheet, asked.sheets)]
    rows = asked.remark_rows(name, uid)
    lines = [
        _line(row, [f"意見{n}"], remark, BELOW) for n, (row, remark) in enumerate(rows.items(), 1)
    ]
    return Page(
        title=f"意見{number}",
        heading=shown(f"{number}　{sheet['name']}"),
        widths=[14, 62, 24, 34, 44],
        says=[
            f"{asked.names.labels.get(by, by)}が回答する個別事業です。意見は、下の欄に書きます。"
        ],
        back=COVER,
        said=_count(filter(None, rows.values())),
        blocks=[
            Block("content", ["項目", "いまの内容"], content),
            Block("remarks", ["", *BELOW.values()], lines, ["", *BELOW], "意見"),
        ],
    )


def _count(remarks: Iterable[Remark]) -> str:
    count = len(list(remarks))
    return f"意見{count}件" if count else ""


def _line(row: str, before: Sequence[Value], remark: Remark | None, names: Iterable[str]) -> Line:
    said, key = remark or Remark(), f"remarks/{row}"
    kinds = {"place": Kind.LINE}
    cells = [
        Cell(f"{key}/{name}", kinds.get(name, Kind.PROSE), getattr(said, name)) for name in names
    ]
    return Line([*before, *cells], key, lines=2)


def opinion_of(
    asked: Asked, row: str, texts: Texts, was: Remark | None
) -> tuple[Opinion | None, Faults]:
    """Return what a line says, None where nothing is said anew, and what is wrong with it.

    texts  by column of the line
    was    what it said before
    """
    uid, _dot, name = row.rpartition(".")
    about = texts.get("project_uid", "")
    if not uid:
        uids = {number: uid for uid, number in asked.numbers.items()}
        uid = "" if about == WHOLE else uids.get(about.partition(" ")[0], about)
    data = {**texts, "seen": "0", "project_uid": uid}
    choices = [(uid, uid) for uid in asked.numbers]
    form = RemarkForm(data, projects=choices, whole=not asked.asks_sheets)
    if not form.is_valid():
        return None, [(field, told(errors)) for field, errors in form.errors.as_data().items()]
    words = {word: form.cleaned_data[word] for word in WORDS}
    opinion = Opinion(was.pk if was else None, name, **words)
    return (None if opinion.is_same_as(was) else opinion), []
