"""自分の仕事: what waits for a person in inquiries, in four statements."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from revisions.desk.work import LIMIT, Work, steered
from revisions.inquiry.models import InquiryTarget
from revisions.inquiry.models_between import Consent, Forward
from revisions.inquiry.naming import tier_word
from revisions.inquiry.queries import compiled_by
from revisions.inquiry.queries_tiers import days_running, due_now, with_asked
from revisions.inquiry.states import (
    TO_ACCEPT,
    WRITING,
    AnswerKind,
    ForwardState,
    InquiryState,
    TargetState,
)
from workflow.access import granted
from workflow.deadline.calendar import Calendar, in_tokyo
from workflow.deadline.days import day_short
from workflow.people.models import User
from workflow.people.queries import sections_of

ANSWERING = (TargetState.PENDING_RECEIPT, *WRITING)


def to_answer(user: User, on: date, calendar: Calendar) -> Iterator[Work]:
    """What the user's sections answer, compile for their departments, and consent to."""
    compiled = set[int]()
    for target in _asked(user).order_by("due_on", "pk")[:LIMIT]:
        if target.joint:
            yield _to_say(target)
        if target.state in ANSWERING:
            receives = target.state == TargetState.PENDING_RECEIPT
            act = _("受け取る") if receives else _("回答する")
            link = reverse("target", args=[target.pk])
            yield _due(target, act, _("事務局"), link, on, calendar)
        if target.compiles and target.inquiry_id not in compiled:  # a department's go together
            compiled.add(target.inquiry_id)
            act = _("部の回答をまとめて事務局へ回す")
            link = reverse("compiling", args=[target.inquiry_id])
            yield _due(target, act, target.section.name, link, on, calendar)


def _asked(user: User) -> QuerySet[Any]:
    """Annotate `joint`, the uid of a sheet of which the section is to say something, `compiles`."""
    answers = granted(InquiryTarget.objects.all(), "answer_inquirytarget", user).values("pk")
    theirs = compiled_by(user).order_by().values("pk")
    silent = Consent.objects.filter(
        target=OuterRef("pk"), agrees=None, answer__target__state__in=WRITING
    ).exclude(answer__kind=AnswerKind.UNCHANGED)
    targets = with_asked(InquiryTarget.objects.all()).annotate(
        joint=Subquery(silent.values("answer__uid")[:1]),
        compiles=Q(pk__in=theirs, state=TargetState.COMPILING),
    )
    own = Q(Q(state__in=ANSWERING) | Q(joint__isnull=False), pk__in=answers)
    asked = targets.filter(own | Q(compiles=True), inquiry__state=InquiryState.ISSUED)
    return asked.select_related("inquiry", "section")


def _to_say(target: Any) -> Work:
    return Work(
        what=target.inquiry.title,
        act=_("共管の個別事業の回答に、同意か異議を答える"),
        from_=_("共管の課"),
        link=reverse("sheet_answer", args=[target.pk, target.joint]),
        state="waiting",
        state_label=_("同意待ち"),
    )


def _due(
    target: InquiryTarget, act: str, from_: str, link: str, on: date, calendar: Calendar
) -> Work:
    return Work(
        what=target.inquiry.title,
        act=act,
        from_=from_,
        link=link,
        state=target.state,
        state_label=target.get_state_display(),
        **_days(target, due_now(target, calendar), on, calendar),
    )


def _days(target: InquiryTarget, due_on: date, on: date, calendar: Calendar) -> dict[str, Any]:
    tier = tier_word(target)
    return {
        "due_on": due_on,
        "left": calendar.working_days_between(on, due_on),
        "due_of": tier,
        "whole_on": target.due_on if tier else None,
    }


def to_take_over(user: User, on: date, calendar: Calendar) -> Iterator[Work]:
    """By the day of the section that was asked: its answer does not go up before the reply."""
    forwards = Forward.objects.filter(
        Q(section__in=sections_of(user, on)) | Q(target__revision__in=steered(user)),
        state=ForwardState.OPEN,
        target__inquiry__state=InquiryState.ISSUED,
    )
    rows = forwards.select_related("section", "target__section", "target__inquiry")[:LIMIT]
    running = days_running([forward.target for forward in rows])
    for forward in rows:
        due_on = running.get(forward.target.key, forward.target.due_on)
        told = {"giver": forward.target.section.name, "taker": forward.section.name}
        yield Work(
            what=forward.target.inquiry.title,
            act=_("%(giver)sから%(taker)sに転送された個別事業を引き受けるか断る") % told,
            from_=forward.target.section.name,
            link=reverse("forward", args=[forward.pk]),
            state=forward.state,
            state_label=forward.get_state_display(),
            **_days(forward.target, due_on, on, calendar),
        )


def _to_reply(target: InquiryTarget) -> str:
    """The act alone tells the rows of one inquiry apart."""
    told = {"section": target.section.name}
    if target.wanted_on or not target.answered_at:
        return _("%(section)sの期限の延長の申出に返事をする") % told
    told["day"] = day_short(in_tokyo(target.answered_at))
    return _("%(section)sの回答（%(day)s）を確かめて受理する") % told


def to_accept(user: User) -> Iterator[Work]:
    """What the secretariat accepts, and where it is asked for more time."""
    waiting = Q(state__in=TO_ACCEPT) | Q(wanted_on__isnull=False)
    targets = InquiryTarget.objects.filter(
        waiting, inquiry__state=InquiryState.ISSUED, revision__in=steered(user)
    )
    for target in targets.select_related("inquiry", "section").order_by("answered_at")[:LIMIT]:
        yield Work(
            what=target.inquiry.title,
            act=_to_reply(target),
            from_=target.section.name,
            link=reverse("target", args=[target.pk]),
            state=target.state,
            state_label=target.get_state_display(),
        )
