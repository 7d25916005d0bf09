"""What the demo's sections, councillors and citizens answered."""

from collections.abc import Callable
from copy import deepcopy
from datetime import date, datetime, timedelta
from typing import Any

from revisions.cycle import commands as cycle
from revisions.demo.city import read
from revisions.demo.script import SECRETARY, sign_all, when, who
from revisions.inquiry import commands as inquiries
from revisions.inquiry import commands_answer as answers
from revisions.inquiry.commands_accept import accept
from revisions.inquiry.models import Inquiry, InquiryTarget
from revisions.inquiry.tiers import NO_TIERS, Tiers
from revisions.opinion import commands as opinions
from revisions.opinion.commands_reflect import reflect
from revisions.opinion.models import Opinion
from revisions.opinion.states import Channel, Disposition, Medium, OpinionState
from revisions.public_comment import commands as comments
from workflow.models import Section, Stage
from workflow.path.states import Outcome

REMARKS = [
    ("koho", "P06", "発信の手段ごとに、届けたい相手を書き分けたほうがよい。"),
    ("kyoiku-ken", "P09", "研修会の回数だけでなく、参加した教職員の割合も見てはどうか。"),
    ("bosai", "P36", "観測機器の候補地を、関係課と早めに調整したい。"),
]
COUNCILLORS = [
    "窓口に来られない人への配慮を、計画の全体で示してほしい。",
    "個人情報の扱いについて、市民に分かる説明を加えてほしい。",
]
CITIZENS = [
    "スマートフォンを持たない高齢者も取り残されないように、相談できる場を増やしてほしい。",
    "公衆無線LANを、災害のときに誰でも使えるようにしてほしい。",
    "オープンデータは、使いやすい形式で早く公開してほしい。",
]
REFLECTED = CITIZENS[1]
NOTED: dict[str, Any] = {
    "disposition": Disposition.NOTED,
    "response": "計画を進める中で、関係課と相談しながら取り入れていきます。",
}
EARLIER = {
    "P06": ("overview", "Twitterなどの公式アカウントで、市の情報を届けます。"),
    "P12": ("aims", "機器を入れ替えて使い方を統一したうえで、新しい施設に広げます。"),
}
"""What two sheets of the outline said, before a section and a citizen had it changed."""


def outline() -> dict[str, Any]:
    """Return the plan as it stood in the outline (骨子案)."""
    content = deepcopy(read("plan.yaml"))
    for sheet in content["projects"]:
        if sheet["uid"] in EARLIER:
            field, text = EARLIER[sheet["uid"]]
            sheet[field] = text
    return content


def _final(uid: str) -> dict[str, Any]:
    return next(sheet for sheet in read("plan.yaml")["projects"] if sheet["uid"] == uid)


def answer_all(stage: Stage, *, title: str, issued_on: date, due_on: date) -> Callable[[], None]:
    """Ask every section; return what answers, accepts and concludes by the due day."""
    inquiry = ask(stage, kind="projects", title=title, issued_on=issued_on, due_on=due_on)

    def finish() -> None:
        for target in _targets(inquiry):
            _answer(target, due_on)
        _conclude(stage, due_on)

    return finish


def remark_on(stage: Stage, *, title: str, issued_on: date, due_on: date) -> Callable[[], None]:
    """Ask every section for its opinion on the draft; some have one, which is then answered."""
    inquiry = ask(stage, kind="opinions", title=title, issued_on=issued_on, due_on=due_on)
    remarks = {code: (uid, text) for code, uid, text in REMARKS}

    def finish() -> None:
        for target in _targets(inquiry):
            _answer(target, due_on, remarks.get(target.section.code))
        _dispose(stage, due_on)
        _conclude(stage, due_on)

    return finish


def ask(
    stage: Stage,
    *,
    kind: str,
    title: str,
    issued_on: date,
    due_on: date,
    tiers: Tiers = NO_TIERS,
    more: Callable[[Inquiry, datetime], None] = lambda inquiry, at: None,
) -> Inquiry:
    """Open the stage and issue its inquiry to every section.

    more  asks what it asks beside the sheets
    """
    by, at = who(SECRETARY), when(issued_on, 9)
    cycle.open_stage(stage_id=stage.pk, by=by, at=at)
    inquiry = inquiries.prepare_inquiry(
        stage_id=stage.pk,
        kind=kind,
        title=title,
        text="所管する事業について、内容を確かめて回答してください。",
        due_on=due_on,
        tiers=tiers,
        by=by,
        at=at,
    )
    more(inquiry, at)
    sections = list(Section.objects.values_list("pk", flat=True))
    return inquiries.issue(
        inquiry_id=inquiry.pk, section_ids=sections, choices=["all"], by=by, at=when(issued_on)
    )


def _targets(inquiry: Inquiry) -> list[InquiryTarget]:
    return list(InquiryTarget.objects.filter(inquiry=inquiry).select_related("section"))


def _answer(target: InquiryTarget, due_on: date, remark: tuple[str, str] | None = None) -> None:
    """The section takes it two days before it is due, its chief approves, it is accepted."""
    taken_on = due_on - timedelta(days=3)
    staff = who(f"{target.section.code}-tanto")
    answers.receive(target_id=target.pk, by=staff, at=when(taken_on))
    if remark:
        answers.add_remark(
            target_id=target.pk,
            project_uid=remark[0],
            text=remark[1],
            by=staff,
            at=when(taken_on, 11),
        )
    elif target.inquiry.kind == "projects":
        if target.section.code == "koho":
            answers.answer_sheet(
                target_id=target.pk,
                uid="P06",
                kind="edit",
                sheet=_final("P06"),
                reason="使っている手段をすべて挙げるため。",
                by=staff,
                at=when(taken_on, 10, 30),
            )
        answers.answer_all_unchanged(target_id=target.pk, by=staff, at=when(taken_on, 11))
    sent = answers.submit(target_id=target.pk, by=staff, at=when(taken_on, 14))
    signers_day = when(due_on, 10)
    sign_all(sent.request, signers_day)
    accept(target_id=target.pk, by=who(SECRETARY), at=when(due_on, 15))


def _dispose(stage: Stage, on: date) -> None:
    """Answer and approve every opinion that the stage brought; one changes the plan."""
    for opinion in Opinion.objects.filter(stage=stage, state=OpinionState.RECEIVED):
        words = _reflect(opinion, on) if opinion.text == REFLECTED else NOTED
        opinions.draft_response(
            opinion_id=opinion.pk,
            summary=opinion.text,
            by=who(SECRETARY),
            at=when(on, 16),
            **words,
        )
        opinions.approve_response(opinion_id=opinion.pk, by=who("joho-kacho"), at=when(on, 16, 30))


def _reflect(opinion: Opinion, on: date) -> dict[str, Any]:
    reflect(
        opinion_id=opinion.pk,
        uid="P12",
        sheet=_final("P12"),
        reason="災害時の使い方を示すため。",
        by=who(SECRETARY),
        at=when(on, 15),
    )
    return {
        "disposition": Disposition.REFLECTED,
        "response": "災害時に開放する条件を決めることを、計画に加えます。",
        "change": "1-3-(3)の「目指すもの」に、災害時の開放を加えた。",
    }


def _conclude(stage: Stage, on: date) -> None:
    cycle.conclude_stage(
        stage_id=stage.pk, outcome=Outcome.ANSWERED, by=who(SECRETARY), at=when(on, 17)
    )


def councillors_opinions(stage: Stage, on: date) -> None:
    for text in COUNCILLORS:
        opinions.receive_opinion(
            stage_id=stage.pk,
            channel=Channel.COUNCILLOR,
            medium=Medium.MEETING,
            received_on=on,
            text=text,
            by=who(SECRETARY),
            at=when(on),
        )
    _dispose(stage, on)


def public_comment(
    stage: Stage, *, first_on: date, last_on: date, reason: str
) -> Callable[[date], None]:
    """Announce and open the comment; return what collects, answers and publishes on a day."""
    by = who(SECRETARY)
    comment = comments.prepare_comment(
        stage_id=stage.pk,
        title="はだのICT活用推進計画（案）への意見を募集します",
        text="計画案を公表し、皆さんの意見を募集します。",
        first_on=first_on,
        last_on=last_on,
        by=by,
        at=when(first_on - timedelta(days=6)),
    )
    comments.announce(comment_id=comment.pk, by=by, at=when(first_on - timedelta(days=2)))
    cycle.open_stage(stage_id=stage.pk, by=by, at=when(first_on, 9), reason=reason)
    for days, text in enumerate(CITIZENS, 3):
        comments.submit_opinion(
            comment_id=comment.pk,
            form_id=f"demo-{days}",
            text=text,
            sender="192.0.2.1",
            at=when(first_on + timedelta(days=days)),
        )

    def finish(on: date) -> None:
        comments.start_answering(comment_id=comment.pk, by=by, at=when(last_on + timedelta(days=1)))
        _dispose(stage, on)
        comments.publish(
            comment_id=comment.pk,
            result="いただいた意見と市の考え方を公表します。",
            by=by,
            at=when(on, 17),
        )
        cycle.conclude_stage(
            stage_id=stage.pk, outcome=Outcome.COMMENTS_PUBLISHED, by=by, at=when(on, 17, 15)
        )

    return finish
