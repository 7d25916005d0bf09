"""Writes between two sections. Usable only inside a command."""

from datetime import datetime

from revisions.inquiry import parts
from revisions.inquiry.gates import check_running
from revisions.inquiry.models import InquiryTarget
from revisions.inquiry.models_between import Consent, Forward
from workflow.people.models import Post, User


def lock_forward(forward_id: int) -> Forward:
    """Lock both targets, in their order, and what passes between them.

    Forward.into is the row of the section named, where it was asked too.
    """
    forward = Forward.objects.select_related("target").get(pk=forward_id)
    rows = InquiryTarget.objects.filter(inquiry=forward.target.inquiry_id)
    pks = rows.filter(section__in=(forward.target.section_id, forward.section_id))
    locked = [parts.lock_target(pk=pk) for pk in sorted(pks.values_list("pk", flat=True))]
    rows_of = {target.section_id: target for target in locked}
    forward = Forward.objects.select_related("section__group").get(pk=forward_id)
    forward.target = rows_of[forward.target.section_id]
    forward.into = rows_of.get(forward.section_id)
    return forward


def lock_consent(consent_id: int) -> Consent:
    """Lock the target of the section that answers, under which its other leads consent."""
    target = parts.lock_target(answers__consents=consent_id)
    related = ("answer", "target__section", "target__inquiry", "target__revision")
    consent = Consent.objects.select_related(*related).get(pk=consent_id)
    consent.answer.target = target
    check_running(target)
    return consent


def ask_instead(forward: Forward, *, by: User, post: Post, at: datetime) -> InquiryTarget:
    """Ask a section that had not been asked."""
    asked = forward.target
    nobody_chose: dict[str, list[str]] = {forward.section.code: []}
    parts.deliver(asked.inquiry, [forward.section], nobody_chose, by=by, post=post, at=at)
    return parts.lock_target(inquiry=asked.inquiry_id, section=forward.section_id)


def begin_anew(target: InquiryTarget) -> None:
    """Clear the sheet of a section whose answer was accepted: its words are in the draft, in the
    ledger of opinions, and in the request that its chief signed. What it answered to questions
    went nowhere else, and stays."""
    target.answers.all().delete()
    target.remarks.all().delete()
