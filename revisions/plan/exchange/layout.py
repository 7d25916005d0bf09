"""The layout of a plan as tables (docs/import-layout.md): their sheets, columns and words. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from revisions.plan.content import DROP_REASONS, STATUSES

Rows = list[tuple[int, list[str]]]
"""Row numbers from 1, as a spreadsheet counts, and cells as text."""

Tables = dict[str, Rows]
"""Title of a sheet → its rows."""

YES = "○"
RELISTED = "【再掲】"
JOINED = "、"


@dataclass(frozen=True)
class Column:
    """One column: `aliases` are other titles under which it is found.

    width   in characters, of the template
    needed  without it the table can't be read
    """

    title: str
    width: int = 16
    note: str = ""
    needed: bool = False
    aliases: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    title: str
    note: str
    columns: Mapping[str, Column]
    needed: bool = False
    has_years: bool = False
    """The fiscal years of the plan are columns, behind the others."""


_NUMBER = Column(
    "番号", 12, "1-1-(1) のように。日付に変わらないよう、文字列のまま書きます。", needed=True
)
_NAME = Column(
    "名称", 48, f"再掲は、末尾に{RELISTED}と書きます。", needed=True, aliases=("個別事業", "事業名")
)
_SHARED = {
    "number": _NUMBER,
    "name": _NAME,
    "original": Column("再掲のもと", 12, "再掲のとき、もとの掲載の番号。なければ名称で探します。"),
    "status": Column("新規・継続", 12, aliases=("新規/継続",), choices=tuple(STATUSES.values())),
    "lead": Column("主管課等", 28, "課の名称を順に「、」で区切ります。", aliases=("主管課",)),
    "related": Column("関係課等", 28, "課の名称か、総称（各施設所管課等）。", aliases=("関係課",)),
}

TABLES = {
    "plan": Table(
        "計画",
        "計画そのもの。名称、記号、年度は、改定する計画と同じでなければなりません。",
        {
            "item": Column("項目", 16, needed=True),
            "value": Column("内容", 60, needed=True),
        },
    ),
    "chart": Table(
        "体系",
        "基本方針（番号は 1）、事業推進計画（1-1）、個別事業（1-1-(1)）を、1行に一つずつ。",
        {**_SHARED, "aim": Column("ねらい", 60, "事業推進計画だけに書きます。")},
        needed=True,
    ),
    "list": Table(
        "一覧", "個別事業の一覧。なくてもよく、あれば体系、個別事業と見比べます。", _SHARED
    ),
    "sheet": Table(
        "個別事業",
        "個別事業を1行に一つずつ。再掲の行はなくてもよく、あればもとの行と見比べます。",
        {
            **_SHARED,
            "overview": Column("概要", 60),
            "aims": Column("目指すもの", 60),
            "rationale": Column("指標の考え方", 40),
            "uid": Column("記号", 10, "事業を版の間で見分ける半角の英数字。空欄なら付けます。"),
        },
        needed=True,
    ),
    "actions": Table(
        "年度ごとの取組",
        "矢印を1行に一つずつ。同じ取組の矢印が分かれるときは、同じ取組名の行を続けます。",
        {
            "number": _NUMBER,
            "text": Column("取組", 48, needed=True, aliases=("取組内容", "内容")),
            "from": Column(
                "から",
                14,
                "令和3年度、R3、2021。「R3～R5」なら、まで は空欄。",
                aliases=("期間", "開始年度"),
            ),
            "to": Column("まで", 14, "1年度だけなら空欄。", aliases=("終了年度",)),
            "note": Column("矢印に添える言葉", 32),
        },
    ),
    "indicators": Table(
        "評価指標",
        "指標を1行に一つずつ。年度の欄には「70%以上」「年3回以上」「検討を踏まえ設定」のように書き、"
        "前の年度から続くときは「→」と書きます。",
        {
            "number": _NUMBER,
            "name": Column("指標", 48, needed=True, aliases=("評価指標",)),
            "cumulative": Column("累計", 8, aliases=("累積",), choices=(YES,)),
        },
        has_years=True,
    ),
    "dropped": Table(
        "引き継がない事業",
        "前の計画から引き継がない事業と、その理由。",
        {
            "name": Column("名称", 48, needed=True),
            "as": Column("理由の区分", 14, needed=True, choices=tuple(DROP_REASONS.values())),
            "because": Column("理由", 60),
            "uid": Column("記号", 10),
        },
    ),
    "notes": Table(
        "食い違いの記録",
        "もとの資料で記載が食い違っていたところ。",
        {
            "number": _NUMBER,
            "field": Column("項目", 16),
            "sheet": Column("シートの記載", 48, needed=True),
            "elsewhere": Column("ほかの記載", 48),
            "where": Column("ほかの場所", 16),
        },
    ),
}

PLAN_ITEMS = {
    "title": "計画の名称",
    "code": "計画の記号",
    "first_year": "初年度",
    "last_year": "最終年度",
    "philosophy": "基本理念",
}
