"""Writes of corrections and of decisions taken on paper. Usable only inside a command."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from workflow.audit.trail import record
from workflow.authority.about import About
from workflow.authority.laying import tier_of
from workflow.authority.resolve import Facts
from workflow.deadline.calendar import in_tokyo
from workflow.errors import Invalid
from workflow.outbox.queue import emit
from workflow.people.models import Post, User
from workflow.people.queries import posts_held
from workflow.signoff import parts
from workflow.signoff.gates_record import (
    check_about,
    check_not_entered,
    check_others_decide,
    check_paper,
)
from workflow.signoff.models import Request
from workflow.signoff.models_record import Paper
from workflow.signoff.numbers import give_number
from workflow.signoff.papers import PaperDecision, file_name
from workflow.signoff.rerouting import way_again
from workflow.signoff.standing import page

TITLE = 200


def circulate_correction(
    old: Request,
    draft: Request | None,
    *,
    body: str,
    about: About,
    facts: Facts,
    reason: str,
    by: User,
    post: Post,
    at: datetime,
) -> Request:
    """Send a correction of `old` round.

    draft   the correction that came back, if one did
    raises  Invalid (text) when it corrects nothing; Unmet when it has no line
    """
    if (body, about) == (old.content.body, old.about):
        raise Invalid(_("訂正するところがありません。本文か区分を直してください。"), field="text")
    line, laid = way_again(old, facts, drafter=post, on=in_tokyo(at))
    check_others_decide(line, posts_held(by, in_tokyo(at)))
    if laid:
        ruled = laid.about(facts)
        about = replace(about, tier=ruled.tier, basis=ruled.basis)
    words: dict[str, Any] = {
        "body": body,
        "steps": line,
        "post": post,
        "at": at,
        "about": about,
    }
    if draft is not None:
        again = Request.objects.select_for_update(of=("self",)).get(pk=draft.pk)
        again.correction_reason = reason
        return parts.recirculate(again, by=by, **words)
    return parts.circulate(
        kind=old.kind,
        title=_title(old),
        link=old.link,
        part_of=old.part_of,
        drafter=by,
        corrects=old,
        correction_reason=reason,
        **words,
    )


def enter_paper(
    request: Request,
    paper: PaperDecision,
    *,
    text: str,
    about: About,
    numbered: bool,
    by: User,
    post: Post,
    at: datetime,
) -> Request:
    """Keep a decision that was taken on paper (後日登録), with the copy of its original.

    request   new, with its kind and title, and what it corrects
    text      what was decided; what the paper says of itself stands before it
    about     its 決裁区分 is that of its decider by the table of its day
    numbered  whether it takes a 文書番号 when its paper has none
    """
    media_type = check_paper(paper, in_tokyo(at))
    check_about(about)
    symbol = post.section.symbol if post.section and not paper.number else ""
    tier, basis = tier_of(paper.decider, drafter=post, on=paper.decided_on)
    request.classify(replace(about, symbol=symbol, tier=tier, basis=basis))
    request.content = parts.freeze(f"{paper.wording()}\n\n{text}")
    check_not_entered(_same(request, paper), request.corrects)
    request.drafter, request.drafter_post = by, post
    request.correction_reason = paper.reason if request.corrects else ""
    request.back_enter(at=at, on=paper.decided_on)
    if numbered:
        give_number(request)
    entry = record(
        "signoff.back_entered",
        request,
        by=by,
        post=post,
        at=at,
        before="draft",
        after=request.state,
        reason=paper.reason,
        decided_on=paper.decided_on.isoformat(),
        decider=[paper.decider.name, paper.name],
        content=request.content.sha256,
        paper=paper.sha256,
        about=request.about.facts(),
        corrects=request.correction,
        number=request.number,
    )
    _keep_copy(request, paper, media_type)
    to = [post.section.group] if post.section else []
    emit(entry, to=to, link=page(request), title=request.title)
    return request


def _same(request: Request, paper: PaperDecision) -> Request | None:
    """Return what was entered last in the very same words of the same original.

    Two clicks share the decider's post: its lock lets one see what the other entered.
    """
    Post.objects.select_for_update(no_key=True).get(pk=paper.decider.pk)
    same = Request.objects.filter(paper__sha256=paper.sha256, content=request.content)
    return same.filter(title=request.title).order_by("pk").last()


def _keep_copy(request: Request, paper: PaperDecision, media_type: str) -> None:
    name, body = paper.scan
    Paper.objects.create(
        request=request,
        name=file_name(name),
        media_type=media_type,
        sha256=paper.sha256,
        body=body,
    )


def _title(old: Request) -> str:
    title = old.title if old.corrects_id else _("訂正：%s") % old.title
    return title[:TITLE]
