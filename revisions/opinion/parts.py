"""Writes of the ledger. Usable only inside a command, under the revision's lock."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import Group
from django.db.models import Max

from revisions.opinion.gates import check_wording, page
from revisions.opinion.models import Opinion, Submitter
from revisions.opinion.states import Channel, Medium
from revisions.plan.gates import check_running
from revisions.plan.models import Revision
from workflow.access import groups_with
from workflow.audit.chain import digest
from workflow.audit.models import AuditEntry
from workflow.audit.trail import record_all
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
    said = {
        "stage": stage,
        "channel": channel,
        "medium": medium,
        "source": source,
        "received_on": received_on,
        "project_uid": project_uid,
        "place": place,
        "text": text,
        "section": section,
    }
    (opinion,) = receive_opinions(revision, [said], by=by, post=post, at=at)
    if submitter and any(submitter.values()):
        Submitter.objects.create(opinion=opinion, **submitter)
    return opinion


def receive_opinions(
    revision: Revision,
    said: Sequence[Mapping[str, Any]],
    *,
    by: User | None,
    at: datetime,
    post: Post | None = None,
) -> list[Opinion]:
    """As receive_opinion() for many at once, a few statements per 500.

    said  columns of Opinion
    """
    if not said:
        return []
    check_running(revision)
    for one in said:
        check_wording(one["text"])
    opinions = [
        Opinion(revision=revision, number=number, received_at=at, **one)
        for number, one in enumerate(said, _next_number(revision))
    ]
    rows = [(opinion, _facts(opinion)) for opinion in opinions]
    after = opinions[0].state
    entries = record_all("opinion.received", rows, by=by, post=post, at=at, after=after)
    steering = groups_with("steer_revision", revision)
    for entry, opinion in zip(entries, opinions, strict=True):
        _tell(entry, opinion, steering)
    return opinions


def _facts(opinion: Opinion) -> dict[str, Any]:
    return {
        "number": opinion.number,
        "channel": str(opinion.channel),
        "medium": str(opinion.medium),
        "text": digest(opinion.text),
    }


def tell(entry: AuditEntry, opinion: Opinion, **facts: Any) -> None:
    """Tell the secretariat, and the section that is to answer."""
    _tell(entry, opinion, groups_with("steer_revision", opinion.revision), **facts)


def _tell(entry: AuditEntry, opinion: Opinion, steering: Iterable[Group], **facts: Any) -> None:
    if opinion.section:
        facts["section"] = opinion.section.name
    emit(
        entry,
        to=[*steering, opinion.section.group if opinion.section else None],
        link=page(opinion),
        title=opinion.revision.title,
        number=opinion.number,
        **facts,
    )


def _next_number(revision: Revision) -> int:
    last = Opinion.objects.filter(revision=revision).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1
