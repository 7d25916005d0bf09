"""What the review's inquiry asks beside the sheets, and what some sections answer."""

from datetime import datetime
from typing import Any

from revisions.demo.script import SECRETARY, who
from revisions.inquiry.commands_questions import add_question, answer_questions
from revisions.inquiry.models import Inquiry, InquiryTarget

OUTSOURCED = "はい"
ASKED: list[dict[str, Any]] = [
    {
        "kind": "choice",
        "label": "計画期間の残りに、外部への委託を予定していますか",
        "choices": [OUTSOURCED, "いいえ"],
    },
    {
        "kind": "table",
        "label": "委託する業務と見込額",
        "help": "決まっている範囲で書いてください。",
        "columns": ["業務", "年度", "見込額（千円）"],
        "required": True,
    },
    {
        "kind": "text",
        "label": "計画の進め方について、気付いたこと",
    },
]
TABLES = {
    "toshokan": [["図書館システムの更新", "令和9年度", "12,000"]],
    "kyoiku-ken": [["学習教材の利用", "令和9年度", "3,300"], ["同上", "令和10年度", "3,300"]],
}
REMARKS = {"koseki": "評価指標の基準年度をそろえると、比べやすくなると思います。"}
BEGUN = ["kodomo"]
"""Have said that they outsource, but not yet what."""


def ask_more(inquiry: Inquiry, at: datetime) -> None:
    given: dict[str, Any] = {"inquiry_id": inquiry.pk, "by": who(SECRETARY), "at": at}
    choice, table, text = ASKED
    first = add_question(asked=choice, **given)
    add_question(asked=table | {"on_id": first.pk, "on_value": OUTSOURCED}, **given)
    add_question(asked=text, **given)


def answer_more(target: InquiryTarget, code: str, at: datetime) -> None:
    """Answer the questions as the section does; most have nothing to say to them."""
    choice, table, text = target.inquiry.questions.all()
    typed: dict[int, Any] = {}
    if code in TABLES:
        typed = {choice.pk: OUTSOURCED, table.pk: TABLES[code]}
    elif code in REMARKS:
        typed = {choice.pk: "いいえ", text.pk: REMARKS[code]}
    elif code in BEGUN:
        typed = {choice.pk: OUTSOURCED}
    if typed:
        answer_questions(target_id=target.pk, typed=typed, by=who(f"{code}-tanto"), at=at)
