"""改定の画面: what everybody is shown and offered, and that nothing typed is lost."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from revisions.cycle import commands
from revisions.models import Revision
from revisions.plan.states import END
from tests.counting import at_most
from tests.factories import NOON, TODAY, post, request_to, user
from tests.revisions.cycle.paths import (
    act,
    adopted,
    at_adoption,
    decide,
    path,
    plan,
    propose,
    reach,
    start,
    two_reports,
)
from tests.revisions.inquiry.walk import issued, receive, target_of, waive
from workflow.deadline.calendar import end_of_day
from workflow.models import AuditEntry, Deadline, Request, Stage
from workflow.signoff import commands as signoff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]

BY = "joho-tanto"
READERS = [BY, "koho-kacho", "shicho", "kansa"]


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)


def client_of(who: str = BY) -> Client:
    client = Client()
    client.force_login(user(who))
    return client


def shown(address: str, who: str = BY) -> str:
    client = client_of(who)
    with at_most(20):
        response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def stage_page(stage: Stage, part: str = "") -> str:
    return f"/stages/{stage.pk}/{part}"


def fresh(stage: Stage) -> Stage:
    return Stage.objects.get(pk=stage.pk)


def seen(stage: Stage) -> int:
    return Revision.objects.get(case__stages=stage.pk).chain_length


def send(stage: Stage, part: str, who: str = BY, **words: Any) -> Any:
    return client_of(who).post(stage_page(stage, part), {"seen": seen(stage)} | words)


# who sees what


@pytest.mark.parametrize("who", [*READERS, "iin-1", "kanri"])
def test_the_list_of_revisions(who: str) -> None:
    title = start().title
    assert (title in shown("/revisions/", who)) == (who in READERS)


def test_the_list_takes_as_many_statements_for_many_as_for_one() -> None:
    start()
    for number in range(8):
        start(plan_id=plan(f"plan-{number}").pk, title=f"第{number}の改定")
    client = client_of()
    with at_most(10):
        assert client.get("/revisions/").status_code == 200


@pytest.mark.parametrize("who", READERS)
def test_a_revision_shows_path_versions_and_deviations(who: str) -> None:
    revision, _stage = reach("open")
    page = shown(f"/revisions/{revision.pk}/", who)
    assert "議員連絡会" in page
    assert "第1版" in page
    assert "段階の省略" in page
    assert ("改定を取り下げる" in page) == (who == BY)
    board = f'href="/revisions/{revision.pk}/board/"'
    assert (board in page) == ("進行管理板" in page) == (who in (BY, "kansa"))


@pytest.mark.parametrize("who", ["iin-1", "kanri"])
def test_outsiders_find_no_revision(who: str) -> None:
    revision, stage = reach("open")
    client = client_of(who)
    assert client.get(f"/revisions/{revision.pk}/").status_code == 404
    assert client.get(stage_page(stage)).status_code == 403
    assert client.get(f"/history/{revision.key}/").status_code == 404


@pytest.mark.parametrize("who", READERS)
def test_the_board_is_for_the_secretariat_and_auditors(who: str) -> None:
    revision = start()
    response = client_of(who).get(f"/revisions/{revision.pk}/board/")
    assert response.status_code == (200 if who in (BY, "kansa") else 403)


@pytest.mark.parametrize("who", READERS)
def test_history_of_a_revision(who: str) -> None:
    revision, adoption = at_adoption()
    decide(propose(adoption))
    page = shown(f"/revisions/{revision.pk}/history/", who)
    assert "段階を始めました" in page
    assert "予定 → 進行中" in page
    assert ("決裁しました" in page) == (who in (BY, "kansa"))


def test_history_is_paged() -> None:
    revision, _first, _second = two_reports()
    for number in range(60):
        words = {"kind": "report", "asks": "report", "name": f"報告{number}", "reason": "試験"}
        act(commands.add_stage, after_id=path(revision)[0].pk, **words)
    first = shown(f"/history/{revision.key}/")
    assert first.count("段階を加えました") == 50
    last = AuditEntry.objects.filter(subject=revision.key).order_by("-pk")[49]
    second = shown(f"/history/{revision.key}/?after={last.pk}")
    assert "改定を始めました" in second
    newer = shown(f"/history/{revision.key}/?before={last.pk - 1}")
    assert newer.count("段階を加えました") == 50


@pytest.mark.parametrize("key", ["x", "workflow.user:1", "revisions.revision:x", "x.y:1", ":1"])
def test_no_such_history(key: str) -> None:
    assert client_of().get(f"/history/{key}/").status_code == 404


@pytest.mark.parametrize("cursor", ["x", "-1", "9" * 30])
def test_a_cursor_that_is_none(cursor: str) -> None:
    assert client_of().get(f"/history/{start().key}/?after={cursor}").status_code == 200


@pytest.mark.parametrize(
    "who,status", [("joho-kacho", 200), ("somu-bucho", 404), ("kansa", 200), (BY, 200)]
)
def test_history_of_a_request_is_for_those_it_concerns(who: str, status: int) -> None:
    request = request_to("joho-kacho")
    assert client_of(who).get(f"/history/{request.key}/").status_code == status


def test_an_auditor_reads_everybodys_history() -> None:
    key = user(BY).key
    assert client_of("kansa").get(f"/history/{key}/").status_code == 200
    assert client_of("kanri").get(f"/history/{key}/").status_code == 404


# what is offered on a stage

OFFERED = {
    "planned": {"段階を始める", "省略する", "日程を決める", "次に段階を加える"},
    "open": {"「報告済」で終える", "伺いを立てる", "差し戻す", "中止する", "次に段階を加える"},
    "concluded": {"次に段階を加える"},
    "sent_back": {"次に段階を加える"},
    "skipped": {"次に段階を加える"},
    "cancelled": {"次に段階を加える"},
}
EVERY_ACT = set().union(*OFFERED.values())


@pytest.mark.parametrize("state", OFFERED)
def test_what_a_stage_offers(state: str) -> None:
    _revision, stage = reach(state)
    page = shown(stage_page(stage))
    assert {verb for verb in EVERY_ACT if verb in page} == OFFERED[state]
    for reader in READERS[1:]:
        page = shown(stage_page(stage), reader)
        assert not {verb for verb in EVERY_ACT if verb in page}


def test_an_ended_revision_offers_nothing() -> None:
    page = shown(stage_page(path(adopted())[-1]))
    assert not {verb for verb in EVERY_ACT if verb in page}


def test_out_of_turn_asks_for_the_reason() -> None:
    stage = path(start())[1]
    page = shown(stage_page(stage))
    assert "順序を変えて始める" in page
    assert "「庁内照会」がまだ終わっていません" in page
    refused = send(stage, "open/")
    assert refused.status_code == 422
    assert fresh(stage).state == "planned"
    done = send(stage, "open/", reason="日程の都合")
    assert (done.status_code, done["Location"]) == (303, stage_page(stage))
    assert fresh(stage).deviations.get().reason == "日程の都合"


def test_what_is_missing_is_linked_and_blocks() -> None:
    stage = path(start())[0]
    act(commands.open_stage, stage_id=stage.pk)
    page = shown(stage_page(stage))
    assert "終える前に済ませること（1件）" in page
    assert "先に済ませること：1件" in page
    refused = send(stage, "conclude/", outcome="answered")
    assert refused.status_code == 409
    assert "照会を準備" in refused.content.decode()


# acts


def test_a_stage_is_opened_and_concluded() -> None:
    _revision, stage = reach("planned")
    assert send(stage, "open/").status_code == 303
    done = send(stage, "conclude/", outcome="reported", remarks="意見なし")
    assert done.status_code == 303
    assert (fresh(stage).outcome, fresh(stage).remarks) == ("reported", "意見なし")


def test_an_outcome_that_does_not_answer() -> None:
    _revision, stage = reach("open")
    refused = send(stage, "conclude/", outcome="approved", remarks="書いたこと")
    assert refused.status_code == 422
    assert fresh(stage).state == "open"


@pytest.mark.parametrize(
    "words,status",
    [
        ({"planned_from": "R8.12.1", "planned_until": "令和8年12月1日"}, 303),
        ({"planned_from": "2026-12-01", "planned_until": "2026-11-30"}, 422),
        ({"planned_from": "12月1日", "planned_until": "2026-12-01"}, 422),
        ({"planned_from": "", "planned_until": ""}, 422),
    ],
)
def test_dates(words: dict[str, str], status: int) -> None:
    _revision, stage = reach("planned")
    response = send(stage, "plan/", precision="day", **words)
    assert response.status_code == status
    if status == 422:
        assert words["planned_from"] in response.content.decode()


@pytest.mark.parametrize("part,state", [("skip/", "skipped"), ("cancel/", "cancelled")])
def test_a_stage_is_left_out_with_a_reason(part: str, state: str) -> None:
    _revision, stage = reach("planned" if state == "skipped" else "open")
    assert send(stage, part, reason=" ").status_code == 422
    assert send(stage, part, reason="不要").status_code == 303
    assert fresh(stage).state == state


def test_a_stage_is_sent_back() -> None:
    revision, stage = reach("open")
    earlier = next(s for s in path(revision) if s.state == "concluded")
    assert send(stage, "send-back/", to_stage_id=stage.pk, reason="理由").status_code == 422
    done = send(stage, "send-back/", to_stage_id=earlier.pk, reason="再検討")
    assert done.status_code == 303
    assert "やり直し" in shown(stage_page(stage))


def test_a_stage_is_added() -> None:
    _revision, stage = reach("open")
    assert "段階を加える" in shown(stage_page(stage, "add/"))
    words = {"kind": "report", "asks": "report", "name": "庁議"}
    assert send(stage, "add/", **words).status_code == 422
    done = send(stage, "add/", reason="市長の指示", **words)
    added = Stage.objects.get(name="庁議")
    assert (done.status_code, done["Location"]) == (303, stage_page(added))


def test_a_plan_is_proposed_and_adopted() -> None:
    revision, adoption = at_adoption()
    assert "策定の伺いを立て" in shown(stage_page(adoption))
    form = shown(stage_page(adoption, "propose/"))
    assert f'<option value="{post("joho-kacho").pk}" selected>' in form
    line = {"line_1": post("joho-kacho").pk, "concurrences": [post("bunsho-kacho").pk]}
    words = {"title": "策定について", "text": "伺います。", "decider": post("shicho").pk}
    words |= {"retention": "30", "disclosure": "open"}
    assert send(adoption, "propose/", **line, **words | {"decider": ""}).status_code == 422
    done = send(adoption, "propose/", **line, **words)
    request = Request.objects.get(proposal__stage=adoption)
    assert (done.status_code, done["Location"]) == (303, f"/requests/{request.pk}/")
    steps = [(step.order, step.role, step.post.code) for step in request.steps.all()]
    assert steps == [
        (1, "line", "joho-kacho"),
        (2, "concurrence", "bunsho-kacho"),
        (3, "decider", "shicho"),
    ]
    decide(request.proposal)
    assert "計画を策定する" in shown(stage_page(adoption))
    assert send(adoption, "adopt/").status_code == 303
    assert Revision.objects.get(pk=revision.pk).state == "adopted"


def test_a_stale_page_says_what_happened_meanwhile() -> None:
    revision, stage = reach("planned")
    old = revision.chain_length
    act(commands.open_stage, stage_id=stage.pk)
    words = {"seen": old, "outcome": "reported", "remarks": "書いたこと"}
    response = send(stage, "conclude/", **words)
    assert response.status_code == 409
    page = response.content.decode()
    assert "段階を始めました" in page
    assert "書いたこと" in page
    assert fresh(stage).state == "open"


@pytest.mark.parametrize("who", READERS[1:])
@pytest.mark.parametrize("part", ["open/", "skip/", "plan/", "add/"])
def test_readers_move_nothing(who: str, part: str) -> None:
    _revision, stage = reach("planned")
    dates = {"planned_from": TODAY, "planned_until": TODAY, "precision": "day"}
    words = {"kind": "report", "asks": "report", "name": "庁議", "reason": "理由"}
    assert send(stage, part, who, **dates, **words).status_code == 403
    assert fresh(stage).state == "planned"


# starting and ending


@pytest.mark.parametrize("who", [BY, "koho-kacho", "kansa"])
def test_start(who: str) -> None:
    found = plan()
    client = client_of(who)
    words = {"plan": found.pk, "kind": "new_plan", "route": "standard", "title": "策定"}
    response = client.post("/revisions/new/", words | {"starts_on": "R8.12.1"})
    if who != BY:
        assert response.status_code == 403
        assert not Revision.objects.exists()
        return
    revision = Revision.objects.get()
    assert (response.status_code, response["Location"]) == (303, f"/revisions/{revision.pk}/")


def test_start_keeps_what_was_typed() -> None:
    words = {"plan": plan().pk, "kind": "new_plan", "route": "standard", "title": "次の策定"}
    response = client_of().post("/revisions/new/", words | {"starts_on": "いつか"})
    assert response.status_code == 422
    assert "次の策定" in response.content.decode()


def test_start_is_offered_where_nothing_runs() -> None:
    plan()
    assert "/revisions/new/" in shown("/revisions/")
    assert "/revisions/new/" not in shown("/revisions/", "koho-kacho")
    start()
    assert client_of().get("/revisions/new/").status_code == 403


def test_withdraw() -> None:
    revision = start()
    address = f"/revisions/{revision.pk}/withdraw/"
    words = {"seen": revision.chain_length}
    assert client_of().post(address, words | {"reason": ""}).status_code == 422
    assert client_of().post(address, words | {"reason": "廃止"}).status_code == 303
    assert Revision.objects.get(pk=revision.pk).state == "withdrawn"


# the board


def test_the_board_shows_every_section_and_who_is_late() -> None:
    inquiry = issued("koho", "toshokan", "bosai")
    receive(target_of(inquiry))
    past = end_of_day(TODAY - timedelta(days=4))
    Deadline.objects.filter(subject=target_of(inquiry, "bosai").key).update(due_at=past)
    page = shown(f"/revisions/{inquiry.revision_id}/board/")
    for words in ("広報広聴課", "受取済", "図書館", "受取待ち", "政策部", "期限超過 1課"):
        assert words in page
    only_late = shown(f"/revisions/{inquiry.revision_id}/board/?late")
    assert "防災課" in only_late
    assert "広報広聴課" not in only_late


def test_a_revision_tells_how_far_its_inquiry_has_come() -> None:
    inquiry = issued("koho", "toshokan")
    waive(target_of(inquiry, "toshokan"))
    page = shown(f"/revisions/{inquiry.revision_id}/")
    assert "1／2 受理・不要" in page
    assert "掲載事業について（照会）" in page


@pytest.mark.parametrize(
    "who,opens", [(BY, True), ("kansa", True), ("koho-tanto", True), ("bosai-tanto", False)]
)
def test_nobody_is_led_to_a_page_that_is_closed_to_them(who: str, opens: bool) -> None:
    inquiry = issued("koho")
    for address in (f"/revisions/{inquiry.revision_id}/", stage_page(inquiry.stage)):
        page = shown(address, who)
        assert inquiry.title in page
        assert (f'href="/inquiries/{inquiry.pk}/"' in page) == opens


@pytest.mark.parametrize("who", [BY, "joho-kacho", "koho-kacho"])
def test_a_request_is_linked_for_those_it_concerns(who: str) -> None:
    _revision, stage = reach("open")
    proposal = propose(stage)
    link = f'href="/requests/{proposal.request_id}/"'
    assert (link in shown(stage_page(stage), who)) == (who != "koho-kacho")


def test_the_board_before_anybody_was_asked() -> None:
    assert "まだどの課にも照会していません" in shown(f"/revisions/{start().pk}/board/")


# my work


def test_the_secretariat_is_told_what_to_begin_and_what_to_end() -> None:
    stage = path(start())[0]
    assert "「庁内照会」を始める" in shown("/")
    assert "を始める" not in shown("/", "koho-kacho")
    act(commands.open_stage, stage_id=stage.pk)
    assert "を終える" not in shown("/")
    Deadline.objects.filter(kind=END).update(due_at=end_of_day(TODAY - timedelta(days=1)))
    page = shown("/")
    assert "「庁内照会」を終える" in page
    assert stage_page(stage) in page


def test_a_proposal_that_came_back_leads_to_where_it_is_mended() -> None:
    _revision, adoption = at_adoption()
    proposal = propose(adoption)
    step = proposal.request.steps.get(state="active")
    signoff.send_back(step_id=step.pk, by=user("joho-kacho"), at=NOON, reason="字句の修正")
    link, page = f'href="{stage_page(adoption, "propose/")}"', f"/requests/{proposal.request_id}/"
    assert link in shown("/")
    assert link in shown(page)
    assert "直して出し直す" not in shown(page, "joho-kacho")


def test_a_proposal_that_came_back_is_sent_again_as_it_was() -> None:
    _revision, adoption = at_adoption()
    turns = [(1, "joho-kacho", "line"), (2, "seisaku-bucho", "line")]
    turns += [(3, "zaisan-kacho", "concurrence"), (3, "koho-kacho", "concurrence")]
    turns += [(4, "fuku-shicho-a", "decider")]
    steps = [(order, role, post(code).pk) for order, code, role in turns]
    proposal = propose(adoption, title="件名", text="本文", steps=steps)
    first = proposal.request.steps.get(order=1)
    signoff.send_back(step_id=first.pk, by=user("joho-kacho"), at=NOON, reason="直してください")

    form = client_of("joho-tanto").get(stage_page(adoption, "propose/")).context["form"]
    data = {bound.html_name: bound.initial for bound in form if bound.initial is not None}
    data |= {"retention": "30", "disclosure": "open"}
    again = client_of("joho-tanto").post(stage_page(adoption, "propose/"), data)
    assert again.status_code == 303
    request = type(proposal.request).objects.get(pk=proposal.request_id)
    assert (request.title, request.attempt) == ("件名", 2)
    laid = [(s.order, s.post.code, s.role) for s in request.steps.filter(attempt=2)]
    assert sorted(laid) == sorted(turns)
    assert proposal.stage.proposals.count() == 1
