"""Read this first: one revision on the standard path, walked by the people whose job each step is.

庁内照会 → 幹事会 → 本部会 → 情報化推進委員会 → パブリックコメント → 策定
"""

from datetime import date, datetime, time

import pytest

from revisions.cycle import commands as cycle
from revisions.cycle.commands_adoption import adopt, propose
from revisions.demo.city import read
from revisions.inquiry import commands as inquiry
from revisions.inquiry import commands_answer as answer
from revisions.inquiry.commands_accept import accept
from revisions.meeting import commands as meeting
from revisions.meeting import commands_minutes as minutes
from revisions.models import InquiryTarget, Meeting, Opinion, Plan, PlanVersion, Revision
from revisions.opinion import commands as opinion
from revisions.plan.commands import import_draft
from revisions.plan.diff import plan_diff
from revisions.plan.queries import content_of_version, sheet_of
from revisions.public_comment import commands as comment
from tests.factories import post, section, user
from workflow.audit.verify import verify
from workflow.deadline.calendar import TOKYO
from workflow.errors import NotAllowed, Unmet
from workflow.models import AuditEntry, Request, Stage
from workflow.signoff.commands import approve, concur

pytestmark = pytest.mark.django_db

SECRETARY = "joho-tanto"


def at(text: str, hour: int = 10) -> datetime:
    return datetime.combine(date.fromisoformat(text), time(hour), tzinfo=TOKYO)


def stage(revision: Revision, name: str) -> Stage:
    return Stage.objects.get(case=revision.case, name=name)


def sign(request: Request, *names: str, on: str) -> None:
    """Each signs in turn, in the post that they are called by."""
    for name in names:
        step = request.steps.get(state="active", post__code=name)
        act = concur if step.role == "concurrence" else approve
        act(step_id=step.pk, by=user(name), at=at(on))


def test_a_plan_is_revised_from_inquiry_to_adoption(city: None) -> None:
    plan = Plan.objects.create(
        code="ict-2021", title="ICT活用推進計画", first_year=2021, last_year=2025
    )
    revision = the_secretariat_starts(plan)
    the_sections_answer(revision)
    a_body_is_consulted(revision, "幹事会", "2026-10-26", ["joho-kacho", "giji-kacho"])
    a_body_is_consulted(revision, "本部会", "2026-11-09", ["fuku-shicho-b", "somu-bucho"])
    the_committee_is_heard(revision)
    citizens_comment(revision)
    the_mayor_decides_and_the_plan_is_adopted(revision, plan)
    everything_can_be_proved(revision)


def the_secretariat_starts(plan: Plan) -> Revision:
    """情報システム課 starts the revision; nobody else may."""
    words = {
        "plan_id": plan.pk,
        "kind": "new_plan",
        "route": "standard",
        "title": "ICT活用推進計画の策定",
        "starts_on": date(2026, 10, 1),
    }
    with pytest.raises(NotAllowed):
        cycle.start_revision(**words, by=user("koho-tanto"), at=at("2026-10-01"))
    revision = cycle.start_revision(**words, by=user(SECRETARY), at=at("2026-10-01"))
    import_draft(
        revision_id=revision.pk,
        content=read("plan.yaml"),
        reason="骨子案の取込み",
        by=user(SECRETARY),
        at=at("2026-10-01", 11),
    )
    return revision


def the_sections_answer(revision: Revision) -> None:
    """図書館 changes one sheet, its chief approves, the secretariat accepts it into the draft."""
    asked = stage(revision, "庁内照会")
    cycle.open_stage(stage_id=asked.pk, by=user(SECRETARY), at=at("2026-10-05"))
    sent = inquiry.prepare_inquiry(
        stage_id=asked.pk,
        kind="projects",
        title="個別事業の確認について（照会）",
        text="所管する事業を確かめてください。",
        due_on=date(2026, 10, 16),
        by=user(SECRETARY),
        at=at("2026-10-05"),
    )
    inquiry.issue(
        inquiry_id=sent.pk,
        section_ids=[section("toshokan").pk, section("bunka").pk],
        by=user(SECRETARY),
        at=at("2026-10-05", 13),
    )

    library = InquiryTarget.objects.get(section__code="toshokan")
    staff = user("toshokan-tanto")
    answer.receive(target_id=library.pk, by=staff, at=at("2026-10-06"))
    sheet = sheet_of(revision, "P04")
    answer.answer_sheet(
        target_id=library.pk,
        uid="P04",
        kind="edit",
        sheet={**sheet, "aims": "令和5年度までに導入の可否を決めます。"},
        reason="検討の期限を示すため",
        by=staff,
        at=at("2026-10-06", 11),
    )
    answer.answer_all_unchanged(target_id=library.pk, by=staff, at=at("2026-10-06", 12))
    with pytest.raises(NotAllowed):
        answer.submit(target_id=library.pk, by=user("bunka-tanto"), at=at("2026-10-07"))
    request = answer.submit(target_id=library.pk, by=staff, at=at("2026-10-07")).request
    sign(request, "toshokan-kacho", on="2026-10-08")

    culture = InquiryTarget.objects.get(section__code="bunka")
    answer.receive(target_id=culture.pk, by=user("bunka-tanto"), at=at("2026-10-06"))
    request = answer.submit(target_id=culture.pk, by=user("bunka-tanto"), at=at("2026-10-06"))
    sign(request.request, "bunka-kacho", on="2026-10-07")
    assert InquiryTarget.objects.get(pk=culture.pk).state == "not_applicable"

    with pytest.raises(Unmet) as unmet:
        conclude(asked, "answered", on="2026-10-16")
    assert len(unmet.value.missing) == 2
    for target in (library, culture):
        accept(target_id=target.pk, by=user(SECRETARY), at=at("2026-10-09"))
    assert sheet_of(revision, "P04")["aims"] == "令和5年度までに導入の可否を決めます。"
    conclude(asked, "answered", on="2026-10-16")


def a_body_is_consulted(revision: Revision, name: str, on: str, present: list[str]) -> None:
    """The chair presides; when the CIO is away, the other vice-mayor does (職務代理)."""
    asked = stage(revision, name)
    held = a_meeting_is_convened(asked, on)
    cycle.open_stage(stage_id=asked.pk, by=user(SECRETARY), at=at(on, 9))
    they_meet(held, on, present, outcome="agreed")
    chair = Meeting.objects.get(pk=held.pk).presiding
    assert chair.code == present[0]
    minutes.edit_minutes(meeting_id=held.pk, text="了承した。", by=user(SECRETARY), at=at(on, 14))
    minutes.fix_minutes(meeting_id=held.pk, by=user(SECRETARY), at=at(on, 15))
    conclude(asked, "agreed", on=on)


def the_committee_is_heard(revision: Revision) -> None:
    """Four of eight are no quorum; five are. The chair and a member sign the minutes."""
    on, asked = "2026-11-24", stage(revision, "情報化推進委員会")
    held = a_meeting_is_convened(asked, on)
    cycle.open_stage(stage_id=asked.pk, by=user(SECRETARY), at=at(on, 9))
    four = ["iin-1", "iin-2", "iin-3", "iin-4"]
    with pytest.raises(Unmet):
        they_meet(held, on, four, outcome="heard")
    they_meet(held, on, [*four, "iin-5"], outcome="heard")
    minutes.edit_minutes(meeting_id=held.pk, text="聴いた。", by=user(SECRETARY), at=at(on, 14))
    fixed = minutes.fix_minutes(
        meeting_id=held.pk, second_id=post("iin-3").pk, by=user(SECRETARY), at=at(on, 15)
    )
    with pytest.raises(Unmet):
        conclude(asked, "heard", on=on)
    for name in ("iin-1", "iin-3"):
        sign(fixed.request, name, on="2026-11-25")
    conclude(asked, "heard", on="2026-11-25")


def citizens_comment(revision: Revision) -> None:
    """Thirty days, the first counted; the section answers, its chief approves, all is published."""
    asked = stage(revision, "パブリックコメント")
    by = user(SECRETARY)
    open_for = comment.prepare_comment(
        stage_id=asked.pk,
        title="計画案への意見募集",
        first_on=date(2026, 12, 1),
        last_on=date(2026, 12, 30),
        by=by,
        at=at("2026-11-26"),
    )
    comment.announce(comment_id=open_for.pk, by=by, at=at("2026-11-27"))
    cycle.open_stage(stage_id=asked.pk, by=by, at=at("2026-12-01", 9))
    comment.submit_opinion(
        comment_id=open_for.pk,
        form_id="a",
        text="電子書籍を増やしてください。",
        name="市民",
        sender="192.0.2.7",
        at=at("2026-12-10"),
    )
    received = Opinion.objects.get(revision=revision)
    assert "市民" not in AuditEntry.objects.get(verb="opinion.received").body

    comment.start_answering(comment_id=open_for.pk, by=by, at=at("2027-01-04"))
    opinion.assign(
        opinion_id=received.pk, section_id=section("toshokan").pk, by=by, at=at("2027-01-04")
    )
    opinion.draft_response(
        opinion_id=received.pk,
        disposition="noted",
        response="検討の参考にします。",
        summary="電子書籍を増やしてほしい。",
        by=user("toshokan-tanto"),
        at=at("2027-01-06"),
    )
    with pytest.raises(Unmet):
        comment.publish(comment_id=open_for.pk, result="", by=by, at=at("2027-01-07"))
    opinion.approve_response(opinion_id=received.pk, by=user("toshokan-kacho"), at=at("2027-01-07"))
    comment.publish(comment_id=open_for.pk, result="1件でした。", by=by, at=at("2027-01-08"))
    conclude(asked, "comments_published", on="2027-01-08")


def the_mayor_decides_and_the_plan_is_adopted(revision: Revision, plan: Plan) -> None:
    """起案 by the secretariat, 合議 of two sections, 決裁 by the mayor, then 策定."""
    adoption, by = stage(revision, "策定"), user(SECRETARY)
    cycle.open_stage(stage_id=adoption.pk, by=by, at=at("2027-01-12"))
    with pytest.raises(Unmet):
        adopt(stage_id=adoption.pk, by=by, at=at("2027-01-12"))
    line = [
        (1, "line", post("joho-kacho").pk),
        (2, "concurrence", post("bunsho-kacho").pk),
        (2, "concurrence", post("gyosei-keiei-kacho").pk),
        (3, "line", post("fuku-shicho-a").pk),
        (4, "decider", post("shicho").pk),
    ]
    proposal = propose(
        stage_id=adoption.pk,
        title="計画の策定について（伺い）",
        text="案のとおり策定してよいか伺います。",
        steps=line,
        by=by,
        at=at("2027-01-12", 13),
    )
    signers = ["joho-kacho", "gyosei-keiei-kacho", "bunsho-kacho", "fuku-shicho-a", "shicho"]
    sign(proposal.request, *signers, on="2027-01-14")
    adopt(stage_id=adoption.pk, by=by, at=at("2027-01-15"))

    plan.refresh_from_db()
    assert plan.current == proposal.version
    assert Revision.objects.get(pk=revision.pk).state == "adopted"


def everything_can_be_proved(revision: Revision) -> None:
    """The chains hold, and what changed between the first version and the plan is one aim."""
    assert verify().findings == []
    first, *_, last = PlanVersion.objects.filter(revision=revision)
    changes = plan_diff(content_of_version(first), content_of_version(last), names={})
    assert [(c.uid, [f.field for f in c.fields]) for c in changes] == [("P04", ["aims"])]


def conclude(asked: Stage, outcome: str, *, on: str) -> None:
    cycle.conclude_stage(stage_id=asked.pk, outcome=outcome, by=user(SECRETARY), at=at(on, 17))


def a_meeting_is_convened(asked: Stage, on: str) -> Meeting:
    planned = meeting.plan_meeting(
        stage_id=asked.pk,
        body_id=asked.body_id,
        held_on=date.fromisoformat(on),
        title=asked.name,
        by=user(SECRETARY),
        at=at("2026-10-19"),
    )
    agenda = [("計画案について", False)]
    return meeting.convene(
        meeting_id=planned.pk, agenda=agenda, by=user(SECRETARY), at=at("2026-10-19")
    )


def they_meet(held: Meeting, on: str, present: list[str], *, outcome: str) -> None:
    by = user(SECRETARY)
    came = {
        row.post_id: ("present" if row.post.code in present else "absent", "")
        for row in held.attendance.select_related("post")
    }
    meeting.set_attendance(meeting_id=held.pk, presences=came, by=by, at=at(on))
    meeting.start(meeting_id=held.pk, by=by, at=at(on))
    for item in held.items.all():
        meeting.record_item(
            meeting_id=held.pk, item_id=item.pk, outcome=outcome, by=by, at=at(on, 11)
        )
    meeting.close(meeting_id=held.pk, by=by, at=at(on, 12))
