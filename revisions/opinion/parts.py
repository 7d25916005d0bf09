"""Writes of the ledger. Usable only inside a command, under the revision's lock."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Max

from revisions.opinion.gates import check_wording, page
from revisions.opinion.models import Opinion, Submitter
from revisions.opinion.states import Channel, Medium
from revisions.plan.gates import check_running
from revisions.plan.models import Revision
from workflow.access import groups_with
from workflow.audit.chain import digest
from workflow.audit.models import AuditEntry
from workflow.audit.trail import record
from workflow.outbox.queue import emit
from workflow.path.models import Stage
from workflow.people.models import Post, Section, User


def receive_opinion(
    revision: Revision,
    *,
    stage: Stage,
    channel: Channel,
    medium: Medium,
    received_on: date,
    text: str,
    by: User | None,
    at: datetime,
    post: Post | None = None,
    source: str = "",
    project_uid: str = "",
    place: str = "",
    section: Section | None = None,
    submitter: Mapping[str, str] | None = None,
) -> Opinion:
    """Enter an opinion in the ledger under the next number, its wording untouched.

    revision   locked by the caller
    submitter  name, address, contact: kept apart, in no entry and no notice
    """
    check_running(revision)
    check_wording(text)
    opinion = Opinion(
        revision=revision,
        stage=stage,
        number=_next_number(revision),
        channel=channel,
        medium=medium,
        source=source,
        received_on=received_on,
        received_at=at,
        project_uid=project_uid,
        place=place,
        text=text,
        section=section,
    )
    entry = record(
        "opinion.received",
        opinion,
        by=by,
        post=post,
        at=at,
        after=opinion.state,
        number=opinion.number,
        channel=str(channel),
        medium=str(medium),
        text=digest(text),
    )
    if submitter and any(submitter.values()):
        Submitter.objects.create(opinion=opinion, **submitter)
    tell(entry, opinion)
    return opinion


def tell(entry: AuditEntry, opinion: Opinion, **facts: Any) -> None:
    """Tell the secretariat, and the section that is to answer."""
    emit(
        entry,
        to=[
            *groups_with("steer_revision", opinion.revision),
            opinion.section.group if opinion.section else None,
        ],
        link=page(opinion),
        title=opinion.revision.title,
        number=opinion.number,
        **facts,
    )


def _next_number(revision: Revision) -> int:
    last = Opinion.objects.filter(revision=revision).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1
