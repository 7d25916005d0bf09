"""意見: what the secretariat and the sections do with an opinion, from receipt to approval."""

from datetime import date, datetime

from revisions.opinion import gates, parts
from revisions.opinion.models import Opinion, Scan
from revisions.opinion.policies import check_can_approve, check_can_respond
from revisions.opinion.states import Channel, Medium
from revisions.plan.gates import check_reason, check_running
from revisions.plan.models import Revision
from revisions.plan.policies import check_can_steer
from workflow.audit.chain import digest
from workflow.audit.trail import check_seen, record
from workflow.deadline.calendar import in_tokyo
from workflow.ledger.command import command
from workflow.path.models import Stage
from workflow.people.models import Section, User
from workflow.signoff.gates_record import check_scan


@command
def receive_opinion(
    *,
    stage_id: int,
    channel: Channel,
    medium: Medium,
    received_on: date,
    text: str,
    by: User,
    at: datetime,
    source: str = "",
    project_uid: str = "",
    place: str = "",
    name: str = "",
    address: str = "",
    contact: str = "",
    scan: tuple[str, bytes] | None = None,
    same_as: int | None = None,
) -> Opinion:
    """Key in an opinion that came on paper, by mail or by word (意見の受付).

    scan     file name and bytes of the paper: PDF, PNG or JPEG
    same_as  number of an opinion in the same words, when this one is somebody else's
    """
    revisions = Revision.objects.select_for_update(of=("self",))
    revision = revisions.get(case__stages=stage_id)  # lock

    post = check_can_steer(by, revision, in_tokyo(at))  # check
    stage = Stage.objects.get(pk=stage_id)
    gates.check_stage_hears(stage)
    gates.check_received(channel=channel, medium=medium, received_on=received_on, on=in_tokyo(at))
    gates.check_not_keyed_in(
        stage, same_as, channel=channel, received_on=received_on, text=text, name=name
    )
    media_type = check_scan(scan[1]) if scan else ""

    opinion = parts.receive_opinion(  # move, record, tell
        revision,
        stage=stage,
        channel=channel,
        medium=medium,
        received_on=received_on,
        text=text,
        source=source,
        project_uid=project_uid,
        place=place,
        submitter={"name": name, "address": address, "contact": contact},
        by=by,
        post=post,
        at=at,
    )
    if scan:
        Scan.objects.create(
            opinion=opinion,
            name=scan[0],
            media_type=media_type,
            body=scan[1],
            sha256=digest(scan[1]),
        )
    return opinion


@command
def assign(
    *, opinion_id: int, section_id: int, by: User, at: datetime, seen: int | None = None
) -> Opinion:
    """Ask a section for the city's answer (担当課の指定)."""
    opinion = _lock(opinion_id)  # lock

    post = check_can_steer(by, opinion.revision, in_tokyo(at))  # check
    check_seen(opinion, seen)
    check_running(opinion.revision)

    section = Section.objects.select_related("group").get(pk=section_id)
    opinion.assign(section=section)  # move

    entry = record(  # record
        "opinion.assigned", opinion, by=by, post=post, at=at, section=section.name
    )
    parts.tell(entry, opinion)  # tell
    return opinion


@command
def draft_response(
    *,
    opinion_id: int,
    disposition: str,
    response: str,
    summary: str,
    by: User,
    at: datetime,
    change: str = "",
    seen: int | None = None,
) -> Opinion:
    """Draft the city's answer (市の考え方の案) and what the opinion changed in the plan."""
    opinion = _lock(opinion_id)  # lock

    post = check_can_respond(by, opinion, in_tokyo(at))  # check
    check_seen(opinion, seen)
    check_running(opinion.revision)
    gates.check_answer(disposition, response, summary)

    before = opinion.state
    opinion.draft_response(  # move
        disposition=disposition, response=response, summary=summary, change=change
    )

    entry = record(  # record
        "opinion.drafted",
        opinion,
        by=by,
        post=post,
        at=at,
        before=before,
        after=opinion.state,
        disposition=disposition,
        response=digest(response),
        summary=digest(summary),
    )
    parts.tell(entry, opinion)  # tell
    return opinion


@command
def approve_response(
    *, opinion_id: int, by: User, at: datetime, seen: int | None = None
) -> Opinion:
    """Approve the drafted answer (回答の承認)."""
    opinion = _lock(opinion_id)  # lock

    post = check_can_approve(by, opinion, in_tokyo(at))  # check
    check_seen(opinion, seen)
    check_running(opinion.revision)

    before = opinion.state
    opinion.approve(at=at)  # move

    entry = record(  # record
        "opinion.approved",
        opinion,
        by=by,
        post=post,
        at=at,
        before=before,
        after=opinion.state,
        response=digest(opinion.response),
    )
    parts.tell(entry, opinion)  # tell
    return opinion


@command
def send_back_response(
    *, opinion_id: int, reason: str, by: User, at: datetime, seen: int | None = None
) -> Opinion:
    """Return the drafted answer to whom drafts it (差戻し)."""
    opinion = _lock(opinion_id)  # lock

    post = check_can_approve(by, opinion, in_tokyo(at))  # check
    check_seen(opinion, seen)
    check_running(opinion.revision)
    check_reason(reason)

    before = opinion.state
    opinion.send_back()  # move

    entry = record(  # record
        "opinion.sent_back",
        opinion,
        by=by,
        post=post,
        at=at,
        before=before,
        after=opinion.state,
        reason=reason,
    )
    parts.tell(entry, opinion, reason=reason)  # tell
    return opinion


@command
def link_similar(
    *, opinion_id: int, to_id: int, by: User, at: datetime, seen: int | None = None
) -> Opinion:
    """Group an opinion with one like it: linked, counted, never merged."""
    Revision.objects.select_for_update(of=("self",)).get(opinions=opinion_id)  # lock: no circle
    opinion = _lock(opinion_id)

    post = check_can_steer(by, opinion.revision, in_tokyo(at))  # check
    check_seen(opinion, seen)
    check_running(opinion.revision)
    first = Opinion.objects.get(pk=to_id)
    gates.check_similar(opinion, first)

    opinion.link(to=first)  # move

    record("opinion.linked", opinion, by=by, post=post, at=at, to=first.number)  # record
    return opinion


def _lock(opinion_id: int) -> Opinion:
    opinions = Opinion.objects.select_for_update(of=("self",))
    return opinions.select_related("revision", "section__group").get(pk=opinion_id)
