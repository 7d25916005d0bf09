"""What somebody can do with a request now: each act's verb, its consequence and its form."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _
from django_fsm import can_proceed

from workflow.access import allowed
from workflow.authority.states import StepRole
from workflow.errors import Refused, Unmet
from workflow.people.models import User
from workflow.people.states import DeputyKind
from workflow.signoff.circulation import also_signed, decides, last_signed, returnable
from workflow.signoff.forms import ApproveForm, CommentForm, ReasonForm, SendBackForm
from workflow.signoff.gates import check_can_pass
from workflow.signoff.gates_record import correction_of
from workflow.signoff.kinds import kind_of
from workflow.signoff.marks import Right
from workflow.signoff.models import Request, Step
from workflow.signoff.policies import (
    check_can_comment,
    check_can_correct,
    check_can_pull_back,
    check_can_sign,
    check_is_drafter,
)
from workflow.signoff.states import GATING, RETURNING, TURN, RequestState, StepState

FORMS: dict[str, type[Form]] = {
    "approve": ApproveForm,
    "pull_up": ApproveForm,
    "concur": ApproveForm,
    "dissent": ReasonForm,
    "send_back": SendBackForm,
    "reject": ReasonForm,
    "hold": ReasonForm,
    "post_review": ApproveForm,
    "comment": CommentForm,
    "withdraw": ReasonForm,
}
"""Acts that ask for words; the others send only what the page showed."""


@dataclass(frozen=True)
class Offer:
    """One act as the page shows it (templates/parts/act.html)."""

    act: str
    verb: str
    says: str
    url: str
    tone: str = "primary"
    form: Form | None = None
    hidden: dict[str, int] = field(default_factory=dict)
    more: str = ""
    method: str = "post"
    blocked: str = ""


@dataclass(frozen=True)
class Reader:
    """Who looks at which request on which day; `failed` is the form that came back, by act."""

    user: User
    request: Request
    steps: Sequence[Step]
    on: date
    failed: dict[str, Form] = field(default_factory=dict)

    def right_on(self, step: Step) -> Right | None:
        try:
            return check_can_sign(self.user, step, self.steps, self.on)
        except Refused:
            return None

    def offer(self, act: str, verb: str, says: str, *, on: int, **more: Any) -> Offer:
        targets = more.pop("targets", ())
        form = self.failed.get(act) or self._form(act, targets)
        seen = {} if form else {"seen": self.request.chain_length}
        return Offer(act, verb, says, reverse(act, args=[on]), form=form, hidden=seen, **more)

    def _form(self, act: str, targets: Sequence[Step]) -> Form | None:
        if act not in FORMS:
            return None
        about: dict[str, Any] = {
            "initial": {"seen": self.request.chain_length},
            "auto_id": f"{act}_%s",
        }
        if act == "send_back":
            about["targets"] = targets
        return FORMS[act](**about)


def turn_of(reader: Reader) -> tuple[Step, Right] | None:
    """Return the step that it is the reader's turn to sign, and in which right."""
    turn = [s for s in reader.steps if s.role in GATING and s.state in TURN]
    return next(((s, right) for s in turn if (right := reader.right_on(s))), None)


def remark(reader: Reader) -> Offer | None:
    """意見: for everybody whom the request concerns, at any time."""
    request = reader.request
    if not allowed(check_can_comment, reader.user, request, reader.steps, reader.on):
        return None
    says = _("進み方は変えずに、関わる人に伝えます。経過に残ります。")
    return reader.offer("comment", _("意見を書く"), says, on=request.pk, tone="asks")


def offers(reader: Reader) -> list[Offer]:
    return [
        *_signing(reader),
        *_early(reader),
        *_reading(reader),
        *_drafting(reader),
        *_correcting(reader),
    ]


def _signing(reader: Reader) -> Iterator[Offer]:
    found = turn_of(reader)
    if found is None:
        return
    step, right = found
    yield from _deciding(reader, step, right)
    if step.state == StepState.HELD:
        says = _("保留をやめ、決裁待ちに戻します。このまま署名しても解けます。")
        yield reader.offer("resume", _("保留を解く"), says, on=step.pk, tone="plain")
    targets = returnable(step, reader.steps) if step.role in RETURNING else []
    says = (
        _("起案者か、先に署名した欄に戻ります。どこからやり直すかを選べます。")
        if targets
        else _("起案者に戻り、ここまでの承認はやり直しになります。")
    )
    more: dict[str, Any] = {"tone": "negative", "targets": targets}
    yield reader.offer("send_back", _("差し戻す"), says, on=step.pk, **more)
    if can_proceed(step.reject):
        says = _("この決裁はここで終わります。")
        yield reader.offer("reject", _("否決する"), says, on=step.pk, tone="negative")
    if can_proceed(step.hold):
        says = _("あなたの番のまま止めておきます。理由と日付が、全員に見えます。")
        yield reader.offer("hold", _("保留する"), says, on=step.pk, tone="asks")


def _deciding(reader: Reader, step: Step, right: Right) -> Iterator[Offer]:
    """What the step is there for: to agree, and for a 合議 also to say that one does not."""
    if can_proceed(step.concur):
        says = _("同意の署名を残します。意見を添えると「意見を付けて同意」になります。")
        yield reader.offer("concur", _("同意する"), says, on=step.pk)
        says = _("回議は止まりません。理由が、決裁者の画面のはじめに出ます。")
        yield reader.offer("dissent", _("同意しない"), says, on=step.pk, tone="negative")
        return
    verb = {StepRole.DECIDER: _("決裁する"), StepRole.SIGNER: _("署名する")}.get(
        StepRole(step.role), _("承認する")
    )
    if decides(step, reader.steps):
        says = _("あなたの署名を残し、この件が決まります。引き戻せません。")
    else:
        says = _("あなたの署名を残し、次の人に回します。次の人が処理するまで引き戻せます。")
    says = "".join([_capacity(step, right), says, both_words(step, reader.steps)])
    yield reader.offer("approve", verb, says, on=step.pk)


def _capacity(step: Step, right: Right) -> str:
    """In whose place the signature is, and what follows from it."""
    words = {"post": right.post.name, "principal": step.post.name, "basis": right.basis}
    if right.acting_as == DeputyKind.SUBSTITUTE:
        return (
            _(
                "%(principal)sが不在のため、%(post)sとして代決します（%(basis)s）。"
                "%(principal)sには後閲が届きます。"
            )
            % words
        )
    if right.acting_as == DeputyKind.ACTING:
        return _("%(principal)sの職務代理者として決裁します（%(basis)s）。") % words
    return ""


def both_words(step: Step, steps: Sequence[Step]) -> str:
    """兼務: say beforehand that one signature fills several boxes; empty when it does not."""
    own = [step, *also_signed(step, steps)]
    if len(own) == 1:
        return ""
    posts = _("と").join(s.post.name for s in own)
    words = {"posts": posts, "n": len(own)}
    return _("%(posts)sを兼ねているため、%(n)dつの欄に署名します。") % words


def _early(reader: Reader) -> Iterator[Offer]:
    """引き上げ承認: for the first of one's steps that could sign before its turn."""
    for step in reader.steps:
        if not can_proceed(step.pull_up) or not reader.right_on(step):
            continue
        try:
            passed = check_can_pass(step, reader.steps)
        except Refused:
            return
        if any(s.mine for s in passed):  # one's own turn is signed, not passed over
            return
        names = "、".join(_passed_word(s) for s in passed)
        says = _("先の欄（%s）を待たずに署名します。飛ばした人には後閲が届きます。") % names
        says += both_words(step, reader.steps)
        verb = _("引き上げて承認する")
        if step.role == StepRole.DECIDER:
            verb, says = _("引き上げて決裁する"), says + _("この件が決まります。引き戻せません。")
        yield reader.offer("pull_up", verb, says, on=step.pk, tone="plain")
        return


def _passed_word(step: Step) -> str:
    return step.post.name if step.manned else _("%s：欠けています") % step.post.name


def to_review(reader: Reader) -> Step | None:
    """Return the first of one's 後閲 that is due."""
    return next((s for s in reader.steps if s.mine and can_proceed(s.post_review)), None)


def to_read(reader: Reader) -> Step | None:
    """Return the first of one's 供覧 that has begun."""
    return next((s for s in reader.steps if s.mine and can_proceed(s.read)), None)


def _reading(reader: Reader) -> Iterator[Offer]:
    """後閲 and 供覧: what went on without the reader."""
    if step := to_review(reader):
        says = _("%sとして後で読んだことを、署名で残します。") % step.post.name
        yield reader.offer("post_review", _("後閲を済ませる"), says, on=step.pk)
    if step := to_read(reader):
        says = _("%sとして読んだことを記録します。承認の署名ではありません。") % step.post.name
        yield reader.offer("read", _("読みました"), says, on=step.pk)


def _drafting(reader: Reader) -> Iterator[Offer]:
    request, pk = reader.request, reader.request.pk
    running = request.state == RequestState.CIRCULATING
    came_back = request.state == RequestState.DRAFT
    by = reader.user
    drafted = allowed(check_is_drafter, by, request, reader.on)
    if came_back and drafted:
        says = _("いまの内容を直して、はじめから回議に付します。")
        kind, corrects = kind_of(request), request.corrects
        url = kind.correction.page(corrects) if corrects else kind.redraft(request)
        yield Offer("redraft", _("直して出し直す"), says, url, method="get")
    last = last_signed(reader.steps)
    may = drafted if last is None else allowed(check_can_pull_back, by, request, last, reader.on)
    if running and may:
        says = (
            _("自分の処理を取り消し、自分の番に戻します。")
            if last
            else _("回議をやめて手元に戻し、直して出し直せるようにします。")
        )
        yield reader.offer("pull_back", _("引き戻す"), says, on=pk, tone="plain")
    if (running or came_back) and drafted:
        says = _("起案をやめます。元に戻すには、新しく起案します。")
        yield reader.offer("withdraw", _("取り下げる"), says, on=pk, tone="negative")


def _correcting(reader: Reader) -> Iterator[Offer]:
    """What was decided is corrected once; what can't be any more says why."""
    request = reader.request
    if request.state != RequestState.DECIDED or correction_of(request) is not None:
        return
    correction = kind_of(request).correction
    url = correction.page(request)
    if url and allowed(check_can_correct, reader.user, request, reader.on):
        says = _("この記録は変えずに、正しい内容の新しい決裁を起こします。")
        more: dict[str, Any] = {"tone": "plain", "method": "get"}
        try:
            correction.check(request)
        except Unmet as late:
            more = {"tone": "plain", "blocked": str(late)}
        yield Offer("correct", _("訂正する"), says, url, **more)
