"""回付: the whole answer as it goes up to the chief. Usable only inside a command."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import override

from revisions.inquiry.gates import page
from revisions.inquiry.models import InquiryTarget, Remark, SheetAnswer
from revisions.inquiry.parts import KIND
from revisions.inquiry.queries import Paper, Sheets
from revisions.inquiry.questions import told
from revisions.plan.content import numbers
from revisions.plan.diff import sheet_diff
from workflow.audit.chain import canonical
from workflow.authority.about import UNSAID
from workflow.authority.laying import route
from workflow.authority.line import Turn
from workflow.authority.resolve import Facts
from workflow.authority.states import StepRole
from workflow.deadline.calendar import in_tokyo
from workflow.people.models import Post, User
from workflow.signoff import parts as signoff
from workflow.signoff.models import Request
from workflow.signoff.states import RequestState


def circulate(
    target: InquiryTarget,
    sheets: Sheets,
    paper: Paper,
    *,
    note: str,
    chief: Post,
    by: User,
    post: Post,
    at: datetime,
) -> Request:
    """Send the whole answer up: on from where it came back, or anew.

    The table in force lays the line; without a rule for answers the section's chief decides.
    """
    with override(settings.LANGUAGE_CODE):  # not the language of whoever submits
        body = canonical(answer_told(target, sheets, paper, note))
    facts = Facts(KIND)
    laid = route(facts, drafter=post, on=in_tokyo(at))
    sent: dict[str, Any] = {
        "body": body,
        "steps": laid.line if laid else [Turn(1, StepRole.DECIDER, chief)],
        "about": laid.about(facts) if laid else UNSAID,
        "at": at,
    }
    if target.request and target.request.state == RequestState.DRAFT:
        return signoff.recirculate(target.request, by=by, post=post, **sent)
    return signoff.circulate(
        kind=KIND,
        title=f"{target.section.name}の回答（{target.inquiry.title}）",
        link=page(target),
        part_of=target.within,
        matter=target.key,
        drafter=by,
        post=post,
        **sent,
    )


def answer_told(target: InquiryTarget, sheets: Sheets, paper: Paper, note: str) -> dict[str, Any]:
    """Return all that the chief signs, in words and in data."""
    inquiry, version = target.inquiry, target.shown
    places = numbers(sheets.content)
    return {
        "inquiry": {"id": inquiry.pk, "title": inquiry.title, "due_on": target.due_on.isoformat()},
        "version": {"number": version.number, "sha256": version.sha256} if version else None,
        "target": target.pk,
        "section": target.section.name,
        "answers": [_answer_told(a, sheets, places) for a in sheets.answers.values()],
        "questions": told(paper.questions, paper.values),
        "remarks": [_remark_told(remark, places) for remark in target.remarks.all()],
        "note": note,
    }


def _answer_told(answer: SheetAnswer, sheets: Sheets, places: dict[str, str]) -> dict[str, Any]:
    sheet = answer.proposed or answer.before
    names = sheets.content.get("sections", {})
    changes = sheet_diff(answer.before, answer.proposed, names=names) if answer.proposed else ()
    return {
        "uid": answer.uid,
        "number": places.get(answer.uid, answer.place),
        "name": sheet["name"],
        "kind": answer.kind,
        "label": str(answer.get_kind_display()),
        "dropped_as": str(answer.get_dropped_as_display()),
        "reason": answer.reason,
        "changes": [{"label": c.label, "before": c.before, "after": c.after} for c in changes],
        "before": answer.before,
        "proposed": answer.proposed,
    }


def _remark_told(remark: Remark, places: dict[str, str]) -> dict[str, str]:
    return {
        "project_uid": remark.project_uid,
        "number": places.get(remark.project_uid, ""),
        "place": remark.place,
        "text": remark.text,
        "reason": remark.reason,
        "proposal": remark.proposal,
    }
