"""共管の課の同意: the sections that lead a sheet too, beside the one that answers."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.auth.models import Group

from revisions.inquiry import parts
from revisions.inquiry.gates import page
from revisions.inquiry.models_between import Consent
from revisions.inquiry.naming import days_awaited
from revisions.inquiry.parts_between import lock_consent
from revisions.inquiry.parts_joint import name_of
from revisions.inquiry.policies import check_can_consent
from revisions.plan.gates import check_reason
from revisions.plan.policies import check_can_steer
from workflow.audit.models import AuditEntry
from workflow.audit.trail import check_seen, record
from workflow.deadline.calendar import in_tokyo
from workflow.ledger.command import command
from workflow.people.models import User


@command
def agree(
    *, consent_id: int, reason: str = "", by: User, at: datetime, seen: int | None = None
) -> Consent:
    """Consent to what the first lead answers for a sheet (同意)."""
    consent = lock_consent(consent_id)  # lock
    target = consent.answer.target

    post = check_can_consent(by, consent, in_tokyo(at))  # check
    check_seen(target, seen)

    target.write()  # move
    consent.agrees, consent.reason, consent.by, consent.at = True, reason, by, at

    entry = record(  # record
        "inquiry.agreed",
        target,
        consent,
        by=by,
        post=post,
        at=at,
        reason=reason,
        uid=consent.answer.uid,
        section=consent.target.section.name,
    )
    _tell(entry, consent, [target.section.group], reason=reason)  # tell
    return consent


@command
def agree_instead(
    *, consent_id: int, reason: str, by: User, at: datetime, seen: int | None = None
) -> Consent:
    """Do without a lead's consent (同意に代える): the secretariat decides, with a reason."""
    consent = lock_consent(consent_id)  # lock
    target = consent.answer.target

    post = check_can_steer(by, target.revision, in_tokyo(at))  # check
    check_seen(target, seen)
    check_reason(reason)

    target.write()  # move
    consent.agrees, consent.reason, consent.by, consent.at = True, reason, by, at

    entry = record(  # record
        "inquiry.agreed_instead",
        target,
        consent,
        by=by,
        post=post,
        at=at,
        reason=reason,
        uid=consent.answer.uid,
        section=consent.target.section.name,
    )
    _tell(entry, consent, [target.section.group], reason=reason)  # tell
    theirs = page(consent.target, f"sheets/{consent.answer.uid}/")
    _tell(entry, consent, [consent.target.section.group], link=theirs, reason=reason)
    return consent


@command
def object_to(
    *, consent_id: int, reason: str, by: User, at: datetime, seen: int | None = None
) -> Consent:
    """Object to what the first lead answers for a sheet (異議); it can't go up like that."""
    consent = lock_consent(consent_id)  # lock
    target = consent.answer.target

    post = check_can_consent(by, consent, in_tokyo(at))  # check
    check_seen(target, seen)
    check_reason(reason)

    target.write()  # move
    consent.agrees, consent.reason, consent.by, consent.at = False, reason, by, at

    entry = record(  # record
        "inquiry.objected",
        target,
        consent,
        by=by,
        post=post,
        at=at,
        reason=reason,
        uid=consent.answer.uid,
        section=consent.target.section.name,
    )
    days = days_awaited(target)
    _tell(entry, consent, [target.section.group], reason=reason, **days)  # tell
    return consent


def _tell(entry: AuditEntry, consent: Consent, to: Iterable[Group], **facts: Any) -> None:
    """Of which sheet, and which of its leads has spoken."""
    answer, other = consent.answer, consent.target.section.name
    parts.tell(entry, answer.target, to, other=other, name=name_of(answer), **facts)
