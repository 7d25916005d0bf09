"""照会票を読む: what a workbook is made from, for one addressee and for all of an inquiry."""

from collections.abc import Collection, Iterator
from datetime import datetime

from revisions.inquiry.models import Inquiry, InquiryTarget
from revisions.inquiry.models_questions import AnswerFile
from revisions.inquiry.queries import (
    content_shown,
    live_forwards,
    paper_of,
    papers_of,
    sheets_in,
    sheets_of,
)
from revisions.inquiry.states import QuestionKind
from revisions.inquiry.workbook.asked import Asked
from revisions.inquiry.workbook.models import Upload
from revisions.inquiry.workbook.names import names_of
from revisions.inquiry.workbook.questions import number_of
from revisions.plan.models import Revision
from workflow.access import groups_holding
from workflow.people.models import Section, User


def asked_of(target: InquiryTarget, base: Collection[str] = ()) -> Asked:
    """Return what one addressee is asked and answers now. base: as in Asked."""
    sheets = sheets_of(target)
    return Asked(
        target,
        sheets,
        list(target.remarks.all()),
        names_of(sheets.content),
        paper_of(target),
        asked_by=asked_by(target.inquiry),
        base=base,
    )


def all_asked(inquiry: Inquiry) -> Iterator[Asked]:
    """Yield the same of every addressee, in the order of the list; a constant number of reads
    beside one for each who was shown the plan anew."""
    content, by = content_shown(inquiry), asked_by(inquiry)
    names, forwards = names_of(content), list(live_forwards(inquiry))
    related = ("section__department", "revision__plan", "version")
    targets = inquiry.targets.select_related(*related).order_by(
        "section__department__order", "section__order", "pk"
    )
    targets = targets.prefetch_related("answers", "remarks", "question_answers")
    for target, paper in zip(targets, papers_of(inquiry, targets), strict=True):
        target.inquiry = inquiry
        shown = content_shown(target) if target.version else content
        sheets = sheets_in(shown, forwards, target)
        theirs = names_of(shown) if target.version else names
        yield Asked(target, sheets, list(target.remarks.all()), theirs, paper, by)


def files_of(asked: Asked) -> Iterator[tuple[str, AnswerFile]]:
    """Yield (問2, the file) of what an addressee sent, each read when it is its turn."""
    for question in asked.paper.questions:
        value = asked.paper.values.get(question.pk)
        if value and question.kind == QuestionKind.FILE:
            file = AnswerFile.objects.get(target=asked.target, sha256=value["sha256"])
            yield number_of(asked.paper, question.pk), file


def asked_by(inquiry: Inquiry) -> str:
    """Return the names of the sections that steer the revision."""
    groups = groups_holding("steer_revision", Revision, inquiry.revision_id)
    return "、".join(Section.objects.filter(group__in=groups).values_list("name", flat=True))


def upload_of(target: InquiryTarget, by: User, at: datetime) -> Upload | None:
    """Return what the person sent in for this addressee and did not accept yet."""
    return Upload.objects.filter(target=target, by=by, expires_at__gt=at).first()
