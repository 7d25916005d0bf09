"""いつ: what was read of a workbook is held to what an answer by the page is held to."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from revisions.inquiry import gates
from revisions.inquiry.gates_drafts import check_no_drafts
from revisions.inquiry.models import InquiryTarget
from revisions.inquiry.queries import Paper, Sheets
from revisions.inquiry.states import InquiryKind
from revisions.inquiry.workbook.answers import Answer, Opinion
from workflow.errors import Invalid


def check_answers(
    target: InquiryTarget, sheets: Sheets, answers: Sequence[Answer], removed: Sequence[str]
) -> None:
    if answers or removed:
        gates.check_kind(target, InquiryKind.PROJECTS)
    check_no_drafts(target, [*(answer.uid for answer in answers), *removed])
    for answer in answers:
        gates.check_answer(
            target,
            sheets,
            uid=answer.uid if answer.before or answer.uid in sheets.answers else "",
            kind=answer.kind,
            sheet=answer.sheet,
            place=answer.place,
        )
        gates.check_why(answer.kind, answer.reason, answer.dropped_as)


def check_opinions(target: InquiryTarget, sheets: Sheets, opinions: Sequence[Opinion]) -> None:
    for opinion in opinions:
        gates.check_remark(target, opinion.text, opinion.project_uid, sheets)


def check_typed(paper: Paper, wrong: Mapping[int, str]) -> None:
    """wrong: by id of the question, as questions.read_some() gives it."""
    for question in paper.questions:
        if why := wrong.get(question.pk):
            raise Invalid(f"{question.label}：{_(why)}")
