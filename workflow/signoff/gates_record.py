"""いつ: what a request says of itself is whole, what may be corrected, what a paper must say."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from workflow.authority.about import About
from workflow.authority.line import Line
from workflow.authority.states import Disclosure, Retention
from workflow.errors import Invalid, Missing, Unmet
from workflow.people.models import Post
from workflow.signoff.models import Request
from workflow.signoff.papers import PaperDecision
from workflow.signoff.scans import media_type_of
from workflow.signoff.states import DECIDING, RequestState

PAPER = "signoff.paper"
"""Kind of a decision that was taken on paper and belongs to no other kind."""

ENDED_WITHOUT = (RequestState.REJECTED, RequestState.WITHDRAWN)


def check_about(about: About) -> None:
    """raises  Invalid (retention, disclosure, disclosure_ground)"""
    if about.retention not in ["", *Retention.values]:
        raise Invalid(_("保存期間を一覧から選んでください。"), field="retention")
    if about.disclosure not in ["", *Disclosure.values]:
        raise Invalid(_("公開区分を一覧から選んでください。"), field="disclosure")
    if about.disclosure in ("", Disclosure.OPEN) or about.disclosure_ground.strip():
        return
    raise Invalid(_("公開しない理由と根拠を入力してください。"), field="disclosure_ground")


def check_reason(reason: str) -> None:
    if not reason.strip():
        raise Invalid(_("理由を入力してください。"), field="reason")


def check_text(text: str) -> None:
    if not text.strip():
        raise Invalid(_("本文を入力してください。"), field="text")


def check_changed(old: Request, body: str, about: About) -> None:
    """raises  Invalid (text) when a correction would put nothing right"""
    if body == old.content.body and about == old.about:
        raise Invalid(_("本文か、保存期間・公開区分のどれかを直してください。"), field="text")


def check_title(title: str) -> None:
    if not 0 < len(title.strip()) <= 200:
        raise Invalid(_("件名を200字までで入力してください。"), field="title")


def check_paper(paper: PaperDecision, on: date) -> str:
    """Return the type of its copy.

    raises  Invalid (decided_on, decider_name, reason, scan)
    """
    if paper.decided_on > on:
        raise Invalid(_("決裁日は、今日までの日にしてください。"), field="decided_on")
    if not paper.name.strip():
        raise Invalid(_("紙に書かれた決裁者の氏名を入力してください。"), field="decider_name")
    check_reason(paper.reason)
    return check_scan(paper.scan[1])


def check_scan(body: bytes) -> str:
    """Return the type of a copy; raises Invalid (scan)."""
    try:
        return media_type_of(body)
    except ValueError as error:
        raise Invalid(str(error), field="scan") from error


def check_not_entered(entered: Request | None, corrects: Request | None) -> None:
    """Two clicks enter one decision; a wrong entry is put right in other words.

    entered  what was entered last in the same words, with the same copy
    """
    if entered and entered != corrects:
        missing = Missing(_("登録したものを開く"), f"/requests/{entered.pk}/")
        raise Unmet(_("同じ内容の紙の決裁が、すでに登録されています。"), [missing])


def check_others_decide(line: Line, held: Iterable[Post]) -> None:
    """The line of a correction is given, and nobody decides their own draft; raises Unmet."""
    deciding = {turn.post for turn in line if turn.role in DECIDING}
    if own := next((post for post in held if post in deciding), None):
        raise Unmet(
            _("%sは、この訂正の決裁者です。起案は、課の別の人に依頼してください。") % own.name
        )


def check_entered_on_paper(request: Request) -> None:
    if request.kind != PAPER:
        raise Unmet(_("紙の登録で訂正できるのは、紙の決裁を登録したものだけです。"))


def check_correctable(request: Request) -> Request | None:
    """Only what was decided is corrected, by one correction at a time, the last one first.

    returns  the correction that came back to its drafter, to be sent round again
    raises   Unmet
    """
    if request.state != RequestState.DECIDED:
        state = request.get_state_display()
        raise Unmet(_("訂正できるのは、決裁済のものだけです（今は%s）。") % state)
    correction = correction_of(request)
    if correction is None or correction.state == RequestState.DRAFT:
        return correction
    link = f"/requests/{correction.pk}/"
    if correction.state == RequestState.DECIDED:
        missing = Missing(_("訂正後のものを開き、それを訂正する"), link)
        raise Unmet(_("すでに訂正されています。"), [missing])
    missing = Missing(_("訂正の決裁を受けるか、取り下げる"), link)
    raise Unmet(_("訂正が決裁に回っています。"), [missing])


def correction_of(request: Request) -> Request | None:
    """Return what corrects a request, or is on its way to; at most one (models_record)."""
    return request.corrections.exclude(state__in=ENDED_WITHOUT).first()
