"""The whole paper of an addressee: a cover, then a worksheet a project or a table of opinions."""

from collections.abc import Sequence

from revisions.inquiry.models import Remark, SheetAnswer
from revisions.inquiry.workbook.asked import REST, YES, Asked, chosen_in
from revisions.inquiry.workbook.cells import Cell, Kind, shown
from revisions.inquiry.workbook.pages import COVER, new_page, project_page
from revisions.inquiry.workbook.paper import OWN, Block, Line, Link, Page, Paper, cells_of
from revisions.inquiry.workbook.stamp import seal_of, stamp_for
from workflow.deadline.era import era_date

PROJECTS = "個別事業一覧"
OPINIONS = "意見"
WHOLE = "計画の全体、またはその他"

ABOUT_SHEETS = (
    "1　黄色の欄に書き込んでください。はじめは、いまの内容が入っています。",
    "2　個別事業ごとのシートで「回答」を選び、変える欄だけを書き直します。",
    "3　書き直した欄は、だいだい色に変わります。",
    "4　新たに掲載する事業は、「新規」のシートに書きます。",
    "5　保存して、照会の画面の「Excelで回答する」から送ってください。",
    "　　読み取った内容を確かめてから、回答になります。",
)
ABOUT_OPINIONS = (
    "1　「意見」のシートの黄色の欄に、一件を一行で書いてください。",
    "2　どの個別事業についてかは、一覧から選びます。",
    "　　全体についての意見は、空欄のままで構いません。",
    "3　直してほしい文があるときは、「修正案」に書いてください。",
    "4　保存して、照会の画面の「Excelで回答する」から送ってください。",
    "　　読み取った内容を確かめてから、回答になります。",
)


def paper_of(asked: Asked, name: str) -> Paper:
    """Return the paper to be given out under a name of its own."""
    pages = pages_of(asked, name)
    stamp = stamp_for(asked.target, cells_of(pages), name)
    footer = shown(f"{asked.target.section.name}　{asked.target.inquiry.title}")
    return Paper(pages, stamp, seal_of(stamp), footer)


def pages_of(asked: Asked, name: str = "") -> list[Page]:
    if not asked.asks_sheets:
        return [_cover(asked, ABOUT_OPINIONS, []), _opinions(asked, name), _projects(asked)]
    own = [project_page(asked, sheet) for sheet in asked.sheets.own]
    new = [new_page(asked, uid) for uid in asked.new_uids]
    blocks = [_rest(asked)] if own else []
    return [_cover(asked, ABOUT_SHEETS, [*blocks, _list(asked, [*own, *new])]), *own, *new]


def _cover(asked: Asked, about: Sequence[str], blocks: Sequence[Block]) -> Page:
    target, inquiry = asked.target, asked.target.inquiry
    return Page(
        title=COVER,
        heading=shown(inquiry.title),
        widths=[17, 60, 15],
        landscape=False,
        facts=[
            ("回答する課", target.section.name),
            ("照会元", asked.asked_by),
            ("期限", era_date(target.due_on)),
            ("依頼の文", inquiry.text),
        ],
        says=about,
        blocks=blocks,
    )


def _rest(asked: Asked) -> Block:
    rest = Cell(REST, Kind.CHOICE, "", (YES,))
    left = "ほかはすべて\n変更なし"
    note = "「はい」を選ぶと、まだ回答していない個別事業がすべて「変更なし」になります。"
    return Block("cover", ["", "書き込む欄"], [Line([left, rest], REST)], ["", OWN], note=note)


def _list(asked: Asked, pages: Sequence[Page]) -> Block:
    answers = asked.sheets.answers
    own = [(f"{asked.numbers[s['uid']]}　{s['name']}", s["uid"]) for s in asked.sheets.own]
    new = [(_new_name(answers.get(uid)), uid) for uid in asked.new_uids]
    lines = [
        Line([Link(page.title, page.title), name, _said(answers.get(uid))])
        for page, (name, uid) in zip(pages, own + new, strict=True)
    ]
    return Block("list", ["シート", "個別事業", "いまの回答"], lines)


def _new_name(answer: SheetAnswer | None) -> str:
    return answer.proposed["name"] if answer else "（新たに掲載する事業があるとき）"


def _said(answer: SheetAnswer | None) -> str:
    return (chosen_in(answer) or "新規") if answer else ""


def _opinions(asked: Asked, name: str) -> Page:
    projects = {sheet["uid"]: sheet["name"] for sheet in asked.sheets.content["projects"]}
    labels = {uid: shown(f"{n} {projects[uid]}") for uid, n in asked.numbers.items()}
    also = {number: labels[uid] for uid, number in asked.numbers.items()}
    lines = []
    for n, (row, remark) in enumerate(asked.opinion_rows(name).items(), 1):
        key, said = f"remarks/{row}", remark or Remark()
        about = labels.get(said.project_uid, "")
        cells = [
            Cell(f"{key}/project_uid", Kind.CHOICE, about, (WHOLE, *labels.values()), also),
            Cell(f"{key}/place", Kind.LINE, said.place),
            Cell(f"{key}/text", Kind.PROSE, said.text),
            Cell(f"{key}/proposal", Kind.PROSE, said.proposal),
        ]
        lines.append(Line([str(n), *cells], key, lines=2))
    headings = ["番号", "個別事業", "箇所", "意見", "修正案"]
    ids = ["", "project_uid", "place", "text", "proposal"]
    return Page(
        title=OPINIONS,
        heading="素案への意見",
        widths=[6, 34, 22, 50, 46],
        back=COVER,
        blocks=[Block("opinions", headings, lines, ids)],
    )


def _projects(asked: Asked) -> Page:
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
