"""いつ: what must be so before the path goes on. Every refusal lists all that is missing."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from revisions.cycle.models import Proposal
from revisions.cycle.queries import UNDECIDED, WITH_WORK, decided_version, last_decided
from revisions.inquiry.gates import check_inquiry_done
from revisions.inquiry.models import InquiryTarget
from revisions.inquiry.states import DONE
from revisions.meeting.gates import check_meeting_done
from revisions.meeting.models import Meeting
from revisions.meeting.states import MeetingState, MinutesState
from revisions.opinion.gates import check_disposed
from revisions.plan.gates import check_running
from revisions.plan.models import Plan, PlanVersion, Revision
from revisions.plan.policies import check_can_steer
from revisions.plan.queries import content_of
from revisions.plan.states import RUNNING, RevisionKind
from revisions.public_comment.gates import check_comment_done
from workflow.audit.chain import canonical, digest
from workflow.audit.trail import check_seen
from workflow.deadline.calendar import in_tokyo
from workflow.errors import Invalid, Missing, Unmet
from workflow.path.models import Stage
from workflow.path.states import ENDED, StageKind, StageState
from workflow.people.models import Post, User
from workflow.signoff.states import RequestState

LIVE = (StageState.OPEN, StageState.CONCLUDED)


def page(stage: Stage) -> str:
    return f"/stages/{stage.pk}/"


def check_can_begin(plan: Plan, *, kind: str, title: str) -> None:
    """A plan has one running revision."""
    if kind not in RevisionKind.values:
        raise Invalid(_("改定の種類を選んでください。"), field="kind")
    check_title(title)
    if running := plan.revisions.filter(state__in=RUNNING).first():
        missing = Missing(
            _("「%s」を策定するか、取り下げる") % running, f"/revisions/{running.pk}/"
        )
        raise Unmet(_("この計画には、進行中の改定があります。"), [missing])
    if kind != RevisionKind.NEW_PLAN and plan.current is None:
        raise Unmet(_("まだ策定されていない計画は、見直せません。種類は「策定」を選んでください。"))


def check_can_move(by: User, revision: Revision, at: datetime, seen: int | None) -> Post:
    """The secretariat moves a running revision, from a page that shows it as it is."""
    post = check_can_steer(by, revision, in_tokyo(at))
    check_seen(revision, seen)
    check_running(revision)
    return post


def check_can_go_without(stage: Stage) -> None:
    """Only with an adoption does a revision reach its end."""
    if stage.kind == StageKind.ADOPTION:
        raise Unmet(_("策定の段階は省けません。改定をやめるときは、改定を取り下げてください。"))


def check_can_break_off(stages: Iterable[Stage]) -> None:
    """A meeting that is being held is closed first; all else is called off with the stage."""
    sitting = Meeting.objects.filter(stage__in=stages, state=MeetingState.IN_SESSION)
    missing = [Missing(_("「%s」を閉会する") % m.title, f"/meetings/{m.pk}/") for m in sitting]
    if missing:
        raise Unmet(_("開会中の会議があります。"), missing)


def check_can_conclude(stage: Stage) -> None:
    """What hangs on the stage is done: answers, meeting, comments, decisions.

    raises  Unmet, with everything that is missing
    """
    if stage.kind == StageKind.ADOPTION:
        missing = [Missing(_("計画を策定する"), page(stage))]
        raise Unmet(_("策定の段階は、計画を策定すると終わります。"), missing)
    if missing := missing_to_conclude(stage):
        raise Unmet(_("「%s」を終えるには、先に済ませることがあります。") % stage.name, missing)


def missing_to_conclude(stage: Stage) -> list[Missing]:
    work: Any = WITH_WORK.get(stage=stage.pk)
    return [*_missing_of(stage, meets=work.meets), *(_undecided(stage) if work.undecided else ())]


def _missing_of(stage: Stage, *, meets: bool) -> tuple[Missing, ...]:
    """Return what is missing of the work that hangs on the stage by its kind."""
    checks: dict[str, Callable[[Stage], None]] = {
        StageKind.INQUIRY: check_inquiry_done,
        StageKind.MEETING: check_meeting_done,
        StageKind.PUBLIC_COMMENT: check_comment_done,
    }
    if stage.kind == StageKind.REPORT and meets:
        return _missing(check_meeting_done, stage)
    return _missing(checks[stage.kind], stage) if stage.kind in checks else ()


def check_can_propose(stage: Stage, *, title: str, text: str) -> None:
    """One proposal at a time, in a stage that is open."""
    check_title(title)
    if not text.strip():
        raise Invalid(_("伺いの本文を入力してください。"), field="text")
    if stage.state != StageState.OPEN:
        missing = [Missing(_("段階を始める"), page(stage))]
        raise Unmet(_("伺いを立てる段階が、進行中ではありません。"), missing)
    if running := running_of(stage):
        raise Unmet(_("この段階の伺いが、決裁に回っています。"), running)


def running_of(stage: Stage) -> list[Missing]:
    """Return the proposal that bars another one."""
    running = stage.proposals.filter(_running()).first()
    return [_request(running)] if running else []


def _running() -> Q:
    """A correction that came back goes round again as a correction, not as a new proposal."""
    returned = Q(request__state=RequestState.DRAFT, request__corrects__isnull=False)
    return Q(request__state=RequestState.CIRCULATING) | returned


def check_can_back_enter(stage: Stage, *, title: str, text: str) -> None:
    """A paper decides a stage that is open and has nothing else on its way."""
    check_can_propose(stage, title=title, text=text)
    if missing := _undecided(stage):
        raise Unmet(_("この段階の伺いが、まだ決裁を受けていません。"), missing)


def check_can_correct(proposal: Proposal) -> None:
    """What a stage was given is corrected while the stage runs; then only by a new run of it.

    raises  Unmet, with the way
    """
    stage, revision = proposal.stage, proposal.revision
    if revision.state not in RUNNING:
        missing = Missing(_("新しい改定を始める"), "/revisions/new/")
        raise Unmet(
            _("この改定は終わっています。決裁を受けた計画は、新しい改定で直します。"), [missing]
        )
    if stage.state != StageState.OPEN:
        missing = Missing(_("進行中の段階から差し戻して、やり直す"), f"/revisions/{revision.pk}/")
        raise Unmet(_("この段階は終わっているため、伺いだけを訂正できません。"), [missing])
    if not proposal.request.attempt:
        missing = Missing(_("改めて伺いを立てる"), f"/stages/{stage.pk}/propose/")
        raise Unmet(_("紙で決裁を受けた伺いは、ここで訂正できません。"), [missing])
    others = stage.proposals.filter(request__state__in=UNDECIDED)
    if undecided := others.exclude(request__corrects=proposal.request_id).first():
        raise Unmet(_("この段階の別の伺いが、決裁に回っています。"), [_request(undecided)])
    if (last := last_decided(stage)) and last != proposal:
        missing = Missing(_("後の伺いを開く"), f"/requests/{last.request_id}/")
        raise Unmet(_("この伺いのあとに、別の伺いが決裁されています。"), [missing])


def check_can_adopt(revision: Revision, adoption: Stage, stages: Iterable[Stage]) -> PlanVersion:
    """Return the version to adopt: the one decided on, if the draft is still that.

    raises  Unmet, with everything that is missing
    """
    missing = missing_to_adopt(revision, adoption, stages)
    version = decided_version(adoption)
    if version and version.sha256 != digest(canonical(content_of(revision))):
        what = _("決裁のあとに計画案が変わったため、もう一度伺いを立てる")
        missing.append(Missing(what, f"/stages/{adoption.pk}/propose/"))
    if missing or version is None:
        raise Unmet(_("策定するには、先に済ませることがあります。"), missing)
    return version


def missing_to_adopt(revision: Revision, adoption: Stage, stages: Iterable[Stage]) -> list[Missing]:
    """Return all that stands between a revision and its adoption, in a fixed number of statements.

    What a stage needed to end is not asked again, but minutes may have been reopened since.
    """
    if adoption.kind != StageKind.ADOPTION:
        raise Invalid(_("策定の段階ではありません。"))
    return [
        *(_unended(s) for s in stages if s != adoption and s.state not in ENDED),
        *_unanswered(revision),
        *_unsigned(revision),
        *_missing(check_disposed, revision),
        *_undecided_adoption(adoption),
    ]


def check_title(title: str) -> None:
    if not 0 < len(title.strip()) <= 200:
        raise Invalid(_("件名を200字までで入力してください。"), field="title")


def check_reason(reason: str) -> None:
    if not reason.strip():
        raise Invalid(_("理由を入力してください。"), field="reason")


def _unended(stage: Stage) -> Missing:
    words = {"stage": stage.name, "state": stage.get_state_display()}
    return Missing(_("「%(stage)s」を終える（今は%(state)s）") % words, page(stage))


def _unanswered(revision: Revision) -> list[Missing]:
    targets = InquiryTarget.objects.filter(revision=revision, inquiry__stage__state__in=LIVE)
    unanswered = targets.exclude(state__in=DONE)
    message = _("%(section)sの回答を受理する（今は%(state)s）")
    return [
        Missing(
            message % {"section": target.section, "state": target.get_state_display()},
            f"/answers/{target.pk}/",
        )
        for target in unanswered.select_related("section")
    ]


def _unsigned(revision: Revision) -> list[Missing]:
    """Minutes that nobody has to sign are fixed without a request."""
    unsigned = Q(minutes_state=MinutesState.DRAFTING) | Q(
        minutes_state=MinutesState.FIXED, request__isnull=False
    )
    closed = Meeting.objects.filter(revision=revision, state=MeetingState.CLOSED)
    return [
        Missing(
            _("「%s」の議事録を確定し、署名を受ける") % meeting, f"/meetings/{meeting.pk}/#minutes"
        )
        for meeting in closed.filter(unsigned)
    ]


def _undecided(stage: Stage) -> list[Missing]:
    return [_request(p) for p in stage.proposals.filter(request__state__in=UNDECIDED)]


def _request(proposal: Proposal) -> Missing:
    """Only who it concerns may open the request itself."""
    return Missing(_("伺いの決裁を受けるか、取り下げる"), f"/stages/{proposal.stage_id}/#tasks")


def _undecided_adoption(adoption: Stage) -> list[Missing]:
    if adoption.state != StageState.OPEN:
        return [Missing(_("策定の段階を始める"), page(adoption))]
    if undecided := _undecided(adoption):
        return undecided
    if decided_version(adoption) is None:
        return [Missing(_("策定の伺いを立て、決裁を受ける"), f"/stages/{adoption.pk}/propose/")]
    return []


def _missing(check: Callable[[Any], None], subject: Stage | Revision) -> tuple[Missing, ...]:
    """Return what a slice's own gate finds missing."""
    try:
        check(subject)
    except Unmet as refusal:
        return refusal.missing or (Missing(str(refusal)),)
    return ()
