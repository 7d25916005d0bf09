"""The whole paper of an addressee: a cover, then the worksheets of all that it is asked."""

from collections.abc import Sequence

from revisions.inquiry.workbook.asked import COVER, REST, YES, Asked
from revisions.inquiry.workbook.cells import Cell, Kind, shown
from revisions.inquiry.workbook.pages import new_page, project_page
from revisions.inquiry.workbook.paper import OWN, Block, Line, Link, Page, Paper, cells_of
from revisions.inquiry.workbook.questions import question_pages
from revisions.inquiry.workbook.remarks import opinions_page, projects_page, remark_page
from revisions.inquiry.workbook.stamp import seal_of, stamp_for
from workflow.deadline.era import era_date

ABOUT_SHEETS = (
    "黄色の欄に書き込んでください。はじめは、いまの内容が入っています。",
    "個別事業ごとのシートで「回答」を選び、変える欄だけを書き直します。",
    "書き直した欄は、だいだい色に変わります。",
    "新たに掲載する事業は、「新規」のシートに書きます。",
)
ABOUT_SHARED = ("ほかの課が回答する個別事業に意見があれば、「意見」のシートに書きます。",)
ABOUT_OPINIONS = (
    "「意見」のシートの黄色の欄に、一件を一行で書いてください。",
    "どの個別事業についてかは、一覧から選びます。全体への意見は、空欄のままで構いません。",
    "直してほしい文があるときは、「修正案」に書いてください。",
)
ABOUT_QUESTIONS = ("「設問」のシートで、計画のほかに尋ねることに答えてください。",)
THEN = (
    "保存して、照会の画面の「Excelで回答する」から送ってください。",
    "　　読み取った内容を確かめてから、回答になります。",
)


def paper_of(asked: Asked, name: str) -> Paper:
    """Return the paper to be given out under a name of its own."""
    pages = pages_of(asked, name)
    stamp = stamp_for(asked.target, cells_of(pages), name)
    footer = shown(f"{asked.target.section.name}　{asked.target.inquiry.title}")
    return Paper(pages, stamp, seal_of(stamp), footer)


def pages_of(asked: Asked, name: str = "") -> list[Page]:
    more = question_pages(asked)
    if not asked.asks_sheets:
        listed = [opinions_page(asked, name), projects_page(asked), *more]
        return [_cover(asked, ABOUT_OPINIONS, [_list(listed)]), *listed]
    own = [project_page(asked, sheet) for sheet in asked.sheets.own]
    new = [new_page(asked, uid) for uid in asked.new_uids]
    shared = [remark_page(asked, sheet, name) for sheet in asked.sheets.shared]
    blocks = [_rest()] if own else []
    listed = [*own, *new, *shared, *more]
    about = (*ABOUT_SHEETS, *(ABOUT_SHARED if shared else ()))
    return [_cover(asked, about, [*blocks, _list(listed)]), *listed]


def _cover(asked: Asked, about: Sequence[str], blocks: Sequence[Block]) -> Page:
    target, inquiry = asked.target, asked.target.inquiry
    steps = (*about, *(ABOUT_QUESTIONS if asked.paper.questions else ()), THEN[0])
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
        says=[*(f"{n}　{step}" for n, step in enumerate(steps, 1)), THEN[1]],
        blocks=blocks,
    )


def _rest() -> Block:
    rest = Cell(REST, Kind.CHOICE, "", (YES,))
    left = "ほかはすべて\n変更なし"
    note = "「はい」を選ぶと、まだ回答していない個別事業がすべて「変更なし」になります。"
    return Block("cover", ["", "書き込む欄"], [Line([left, rest], REST)], ["", OWN], note=note)


def _list(pages: Sequence[Page]) -> Block:
    lines = [Line([Link(page.title, page.title), page.heading, page.said]) for page in pages]
    return Block("list", ["シート", "内容", "いまの回答"], lines)
