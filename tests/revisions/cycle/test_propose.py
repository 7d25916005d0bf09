"""伺いの経路: laid by the table in force, previewed with today's holders, lengthened, shortened."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from revisions.cycle.parts import Said
from revisions.cycle.queries import scope_of
from revisions.demo.script import sign_all
from revisions.models import Revision
from revisions.plan.states import SectionRole
from tests.counting import at_most
from tests.factories import NOON, post, user
from tests.revisions.cycle.paths import at_adoption, line, propose, reach
from tests.revisions.drafts import running_revision
from tests.revisions.inquiry.walk import (
    current,
    issued,
    receive,
    step_of,
    submit,
    target_at,
    target_of,
    unchanged,
)
from tests.workflow.authority.tables import DEMO, adopt, written
from workflow.errors import Invalid, Unmet
from workflow.models import Absence, Appointment, AuditEntry, OutboxEvent, Request, Stage, Step
from workflow.signoff import commands as signoff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]

BOSSES = [
    ("joho-kacho", "line"),
    ("bunsho-kacho", "concurrence"),
    ("gyosei-keiei-kacho", "concurrence"),
    ("somu-bucho", "line"),
    ("fuku-shicho-a", "line"),
    ("shicho", "decider"),
]


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)


def client() -> Client:
    client = Client()
    client.force_login(user("joho-tanto"))
    return client


def page_of(stage: Stage) -> str:
    return f"/stages/{stage.pk}/propose/"


def send(stage: Stage, **words: Any) -> Any:
    seen = Revision.objects.get(case__stages=stage.pk).chain_length
    said = {"seen": seen, "title": "件名", "text": "本文", "disclosure": "open"}
    return client().post(page_of(stage), said | words)


def told(steps: Any) -> list[tuple[int, str, str]]:
    return [(step.order, step.role, step.post.code) for step in steps]


def codes(response: Any) -> list[str]:
    return [row.post.code for row in response.context["rows"]]


# the command


def test_a_proposal_says_by_which_rule_it_goes() -> None:
    _revision, adoption = at_adoption()
    adopt(DEMO)
    request = propose(adoption, steps=line(*BOSSES), said=Said(flags=["disputed"])).request
    assert (request.tier, request.flags, request.retention) == ("甲 市長決裁", ["disputed"], "30")
    assert request.basis == "見本市事務決裁規程（令和7年見本市訓令第2号）第4条"


@pytest.mark.parametrize(
    "signers, said, refusal, field",
    [
        (BOSSES[1:], Said(), Invalid, "deviation"),
        ([*BOSSES[:3], ("somu-bucho", "decider")], Said(deviation="急ぐ"), Invalid, "steps"),
        (BOSSES, Said(flags=["x"]), Invalid, "flags"),
        ([BOSSES[0], ("shicho", "decider"), ("somu-bucho", "line")], Said(), Invalid, "steps"),
    ],
)
def test_a_line_below_the_rule_is_refused(
    signers: list[tuple[str, str]], said: Said, refusal: type[Invalid], field: str
) -> None:
    _revision, adoption = at_adoption()
    adopt(DEMO)
    before = AuditEntry.objects.count(), OutboxEvent.objects.count()
    with pytest.raises(refusal) as refused:
        propose(adoption, steps=line(*signers), said=said)
    assert refused.value.field == field
    assert (AuditEntry.objects.count(), OutboxEvent.objects.count()) == before
    assert not Request.objects.exists()


def test_what_is_left_out_with_a_reason_is_signed_and_kept() -> None:
    revision, adoption = at_adoption()
    adopt(DEMO)
    request = propose(
        adoption, steps=line(*BOSSES[1:]), said=Said(deviation="課長が起案者")
    ).request
    departs = "情報システム課長を経路から外す（理由：課長が起案者）"
    assert f"経路の変更：{departs}" in request.content.body
    entry = AuditEntry.objects.get(subject=revision.key, verb="revision.proposed")
    assert departs in entry.body


def test_no_rule_takes_the_matter() -> None:
    _revision, adoption = at_adoption()
    adopt(written({"matter": "revision.proposal:adoption", "amount_from": "5万円"}))
    with pytest.raises(Unmet, match="どの区分にも当たりません。"):
        propose(adoption, steps=line(*BOSSES))
    assert not Request.objects.exists()


def test_a_change_of_table_never_touches_a_running_request() -> None:
    _revision, adoption = at_adoption()
    adopt(DEMO)
    request = propose(adoption, steps=line(*BOSSES)).request
    before = list(Step.objects.filter(request=request).values()), request.about
    adopt(written({"matter": "revision.proposal"}, since="2026-11-01"))
    request = Request.objects.get(pk=request.pk)
    assert (list(Step.objects.filter(request=request).values()), request.about) == before
    sign_all(request, NOON)
    assert Request.objects.get(pk=request.pk).state == "decided"
    done = Step.objects.filter(request=request, state__in=["approved", "concurred"])
    assert [step.post.code for step in done] == [code for code, _role in BOSSES]


def test_whom_a_draft_concerns() -> None:
    revision = running_revision()
    assert scope_of(revision) == "several_departments"
    leads = [s for p in revision.projects.all() for s in p.sections.filter(role=SectionRole.LEAD)]
    for row, code in zip(leads, ["joho", "zaisan"] * len(leads), strict=False):
        row.section_id = post(f"{code}-kacho").section_id
        row.class_name = ""
        row.save()
    assert scope_of(revision) == "several_sections"
    revision.projects.all().update(is_discontinued=True, dropped_as="abolished")
    assert scope_of(revision) == "one_section"


# the page


def test_the_line_is_shown_with_the_holders_of_today() -> None:
    _revision, adoption = at_adoption()
    adopt(DEMO)
    Absence.objects.create(
        post=post("fuku-shicho-a"), since=NOON.date(), until=NOON.date(), reason="出張"
    )
    Appointment.objects.filter(post__code="bunsho-kacho").update(until=date(2026, 11, 1))
    browser = client()
    with at_most(25):
        response = browser.get(page_of(adoption))
    page = response.content.decode()
    assert codes(response) == [code for code, _role in BOSSES]
    for said in (
        "甲 市長決裁",
        "別表第1の1",
        user("shicho").name,
        "欠員",
        "不在",
        "令和8年11月24日",
    ):
        assert said in page


def test_facts_lay_another_line_before_anything_is_sent() -> None:
    _revision, stage = reach("open")
    adopt(DEMO)
    assert codes(client().get(page_of(stage))) == ["joho-kacho", "bunsho-kacho", "somu-bucho"]
    asked = send(stage, title="", text="", check="1", flags=["unusual"])
    assert asked.status_code == 200
    assert codes(asked) == [code for code, _role in BOSSES]
    asked = send(stage, check="1", amount="８００万円", concurrences=[post("koho-kacho").pk])
    assert codes(asked)[-2:] == ["koho-kacho", "fuku-shicho-a"]
    wrong = send(stage, check="1", amount="八百", text="書いたこと")
    assert wrong.status_code == 422
    page = wrong.content.decode()
    assert "「八百」は金額として読めません。" in page
    assert "書いたこと" in page
    assert not Request.objects.exists()


def test_what_is_shown_is_what_is_sent() -> None:
    _revision, stage = reach("open")
    adopt(DEMO)
    extra = {
        "concurrences": [post("koho-kacho").pk],
        "informed": [post("shicho").pk, post("jinji-kacho").pk],
        "dropped": [post("bunsho-kacho").pk],
    }
    refused = send(stage, **extra)
    assert refused.status_code == 422
    assert "文書法制課長を経路から外す理由を書いてください。" in refused.content.decode()
    assert [turn.post.code for turn in refused.context["left_out"]] == ["bunsho-kacho"]
    done = send(stage, **extra, deviation="合議済みのため")
    request = Request.objects.get(proposal__stage=stage)
    assert (done.status_code, done["Location"]) == (303, f"/requests/{request.pk}/")
    assert told(request.steps.select_related("post")) == [
        (1, "line", "joho-kacho"),
        (2, "concurrence", "koho-kacho"),
        (3, "decider", "somu-bucho"),
        (4, "informed", "shicho"),
        (4, "informed", "jinji-kacho"),
    ]
    assert request.tier == "丙 部長専決"


def test_how_long_and_how_openly_it_is_kept_is_the_drafters_to_say() -> None:
    _revision, stage = reach("open")
    adopt(DEMO)
    assert "区分表の保存期間　<b>10年</b>" in client().get(page_of(stage)).content.decode()
    for wrong, field in (
        ({"disclosure": ""}, "disclosure"),
        ({"disclosure": "partly", "disclosure_ground": " "}, "disclosure_ground"),
    ):
        assert send(stage, **wrong, check="1").status_code == 200
        refused = send(stage, **wrong)
        assert (refused.status_code, list(refused.context["form"].errors)) == (422, [field])
    assert not Request.objects.exists()
    ground = "情報公開条例第7条第5号（審議中の情報）"
    send(stage, disclosure="partly", disclosure_ground=ground)
    request = Request.objects.get(proposal__stage=stage)
    kept = ("10", "partly", ground)
    assert (request.retention, request.disclosure, request.disclosure_ground) == kept
    assert ground in client().get(f"/requests/{request.pk}/").content.decode()

    step = request.steps.get(order=1)
    signoff.send_back(step_id=step.pk, by=user("joho-kacho"), at=NOON, reason="保存期間")
    again = client().get(page_of(stage)).context["form"].initial
    assert (again["retention"], again["disclosure_ground"]) == ("", ground)
    send(stage, retention="30")
    request = Request.objects.get(pk=request.pk)
    assert (request.retention, request.disclosure, request.disclosure_ground) == ("30", "open", "")


def test_no_rule_is_said_with_its_articles_and_stops_the_drafter() -> None:
    _revision, adoption = at_adoption()
    adopt(written({"matter": "revision.proposal", "amount_to": "5万円", "article": "第8条"}))
    for response in (client().get(page_of(adoption)), send(adoption, amount="6万円")):
        page = response.content.decode()
        assert "どの区分にも当たりません。" in page
        assert "第8条は、金額が合いません。" in page
    assert response.status_code == 422
    assert not Request.objects.exists()
    assert send(adoption, amount="4万円", retention="10").status_code == 303


def test_by_hand_there_is_no_limit_and_the_page_says_that_there_is_no_table() -> None:
    _revision, adoption = at_adoption()
    page = client().get(page_of(adoption)).content.decode()
    assert "この伺いについての決裁区分表の定めがありません" in page
    chiefs = ["joho", "koho", "jinji", "zaisan", "shimin", "koseki"]
    lines = {f"line_{n}": post(f"{code}-kacho").pk for n, code in enumerate(chiefs, 1)}
    more = send(adoption, more="1", line_1=lines["line_1"])
    assert more.status_code == 200
    assert "id_line_8" in more.content.decode()
    assert codes(more) == ["joho-kacho"]
    words = lines | {"decider": post("shicho").pk, "flags": ["important"]}
    assert "retention" in send(adoption, **words).context["form"].errors
    done = send(adoption, **words, retention="10")
    assert done.status_code == 303
    request = Request.objects.get(proposal__stage=adoption)
    assert [code for _n, _role, code in told(request.steps.all())] == [
        *(f"{code}-kacho" for code in chiefs),
        "shicho",
    ]
    assert (request.flags, request.tier, request.basis) == (["important"], "", "")


def test_what_came_back_keeps_its_facts_and_its_changes() -> None:
    _revision, stage = reach("open")
    adopt(DEMO)
    words = {"amount": "800万円", "informed": [post("shicho").pk]}
    words |= {"dropped": [post("bunsho-kacho").pk], "deviation": "協議済み"}
    send(stage, **words)
    request = Request.objects.get(proposal__stage=stage)
    step = request.steps.get(order=1)
    signoff.send_back(step_id=step.pk, by=user("joho-kacho"), at=NOON, reason="直してください")
    again = client().get(page_of(stage))
    assert again.context["facts"].initial["amount"] == 8_000_000
    assert codes(again) == ["joho-kacho", "zaisan-kacho", "somu-bucho", "fuku-shicho-a", "shicho"]
    assert [turn.post.code for turn in again.context["left_out"]] == ["bunsho-kacho"]
    assert "直してください" in again.content.decode()


# answers to an inquiry


def test_an_answer_goes_by_the_table() -> None:
    adopt(DEMO)
    target = target_at("in_review")
    request = current(target).request
    assert told(request.steps.all()) == [(1, "decider", "koho-kacho")]
    assert (request.tier, request.retention) == ("丁 課長専決", "5")
    assert request.basis.endswith("別表第2の2")
    signoff.approve(step_id=step_of(target).pk, by=user("koho-kacho"), at=NOON)
    assert current(target).state == "answered"


def test_a_chief_who_answers_does_not_decide_it() -> None:
    adopt(DEMO)
    target = target_of(issued())
    receive(target, by="koho-kacho")
    unchanged(target, by="koho-kacho")
    request = submit(target, by="koho-kacho").request
    assert told(request.steps.all()) == [(1, "decider", "seisaku-bucho")]
    assert (request.tier, "起案者が決裁者に当たるため" in request.basis) == ("丙 部長専決", True)


def test_without_a_rule_for_answers_the_chief_decides() -> None:
    adopt(written({}))
    request = current(target_at("in_review")).request
    assert told(request.steps.all()) == [(1, "decider", "koho-kacho")]
    assert (request.tier, request.basis) == ("", "")
