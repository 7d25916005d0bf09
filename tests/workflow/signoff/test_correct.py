"""訂正: what was decided stays as it is; a new request, linked to it, says what is right."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from tests.counting import at_most
from tests.factories import NOON, TODAY, post, request_to, user
from tests.workflow.authority.tables import CHIEF, adopt, written
from tests.workflow.signoff.lines import act as sign
from tests.workflow.signoff.lines import fresh, sent_round
from workflow.authority.about import About
from workflow.errors import Invalid, NotAllowed, Stale, Unmet
from workflow.models import Appointment, AuditEntry, OutboxEvent, Request, Signature
from workflow.signoff import commands
from workflow.signoff.commands_record import correct

pytestmark = pytest.mark.django_db

ABOUT = About(retention="5", disclosure="partly", disclosure_ground="条例第7条第1号", symbol="情シ")
KEEPING = {"retention": "5", "disclosure": "partly", "disclosure_ground": "条例第7条第1号"}
STATES = ["circulating", "draft", "rejected", "withdrawn"]


def reach(state: str, kind: str = "test.numbered") -> Request:
    request = request_to("joho-kacho", "somu-bucho", kind=kind, about=ABOUT)
    first, chief = request.steps.first(), user("joho-kacho")
    if state == "draft":
        commands.send_back(step_id=first.pk, by=chief, at=NOON, reason="再検討")
    if state == "rejected":
        commands.approve(step_id=first.pk, by=chief, at=NOON)
        last, director = request.steps.last(), user("somu-bucho")
        commands.reject(step_id=last.pk, by=director, at=NOON, reason="見送り")
    if state == "withdrawn":
        commands.withdraw(request_id=request.pk, by=user("joho-tanto"), at=NOON, reason="不要")
    if state == "decided":
        decide(request)
    return Request.objects.get(pk=request.pk)


def decide(request: Request) -> Request:
    for step in request.steps.filter(attempt=request.attempt).select_related("post"):
        commands.approve(step_id=step.pk, by=user(step.post.code), at=NOON)
    return Request.objects.get(pk=request.pk)


def act(request: Request, who: str = "joho-tanto", **more: Any) -> Request:
    words = {"text": "正しい本文", "reason": "金額の誤り", **KEEPING, **more}
    return correct(request_id=request.pk, by=user(who), at=NOON, **words)


def refused(act: Callable[[], Any], error: type[Exception]) -> Exception:
    def count() -> tuple[int, ...]:
        return tuple(m.objects.count() for m in (Request, AuditEntry, OutboxEvent, Signature))

    before = count()
    with pytest.raises(error) as caught:
        act()
    assert count() == before
    return caught.value


def test_the_old_one_stays_and_the_new_one_goes_the_same_line(city: None) -> None:
    old = reach("decided")
    was = Request.objects.filter(pk=old.pk).values().get()
    new = act(old, disclosure="open", disclosure_ground="")
    assert (new.state, new.corrects, new.kind, new.part_of) == (
        "circulating",
        old,
        old.kind,
        old.part_of,
    )
    assert new.title == "訂正：試験の伺い"
    assert [(s.order, s.role, s.post.code) for s in new.steps.all()] == [
        (1, "line", "joho-kacho"),
        (2, "decider", "somu-bucho"),
    ]
    assert new.about == replace(ABOUT, flags=[], disclosure="open", disclosure_ground="")
    now = Request.objects.filter(pk=old.pk).values().get()
    moved = {name for name in was if was[name] != now[name]}
    assert moved == {"chain_length", "chain_head"}

    entry = AuditEntry.objects.get(subject=old.key, verb="signoff.corrected")
    body = json.loads(entry.body)
    assert (body["reason"], body["facts"]["correction"]) == ("金額の誤り", new.pk)
    signs = {"request": old.pk, "content_sha256": old.content.sha256, "reason": "金額の誤り"}
    new = decide(new)
    assert (old.number, new.number) == ("情シ第1号（令和8年度）", "情シ第2号（令和8年度）")
    for signature in Signature.objects.filter(step__request=new):
        assert json.loads(signature.statement)["corrects"] == signs


@pytest.mark.parametrize("state", STATES)
def test_only_what_was_decided_is_corrected(city: None, state: str) -> None:
    request = reach(state)
    for stranger in ("somu-bucho", "koho-tanto", "shicho", "kansa", "kanri", "iin-1"):
        refused(lambda who=stranger: act(request, who), NotAllowed)
    refused(lambda: act(request), Unmet)


def test_the_drafter_or_the_section_corrects(city: None) -> None:
    request = reach("decided")
    for stranger in ("somu-bucho", "koho-tanto", "shicho", "kansa", "kanri", "iin-1"):
        refused(lambda who=stranger: act(request, who), NotAllowed)
    Appointment.objects.filter(user=user("joho-tanto")).update(until=TODAY - timedelta(days=1))
    refused(lambda: act(request), NotAllowed)
    assert act(request, "joho-kacho").drafter == user("joho-kacho")


def test_one_correction_at_a_time_the_last_one_first(city: None) -> None:
    old = reach("decided")
    new = act(old)
    again = refused(lambda: act(old), Unmet)
    assert again.missing[0].link == f"/requests/{new.pk}/"
    other = request_to("joho-kacho")
    with pytest.raises(IntegrityError), transaction.atomic():
        Request.objects.filter(pk=other.pk).update(corrects=old, correction_reason="二重")
    commands.withdraw(request_id=new.pk, by=user("joho-tanto"), at=NOON, reason="不要")
    new = decide(act(old))
    after = refused(lambda: act(old), Unmet)
    assert after.missing[0].link == f"/requests/{new.pk}/"
    assert act(new, text="さらに正しい本文").title == "訂正：試験の伺い"


def test_a_correction_that_came_back_goes_round_again(city: None) -> None:
    old = reach("decided")
    new = act(old)
    step = new.steps.first()
    commands.send_back(step_id=step.pk, by=user("joho-kacho"), at=NOON, reason="まだ誤り")
    again = act(old, text="さらに直した本文", reason="金額と期日の誤り")
    assert (again.pk, again.attempt, again.state) == (new.pk, 2, "circulating")
    assert (again.content.body, again.correction_reason) == ("さらに直した本文", "金額と期日の誤り")


def test_the_reason_of_another_correction_is_not_offered_again(
    city: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    client.force_login(user("joho-tanto"))
    new = decide(act(reach("decided")))
    form = client.get(f"/requests/{new.pk}/correct/").context["form"]
    assert (form["text"].value(), form["reason"].value()) == ("正しい本文", "")
    draft = act(new, text="さらに正しい本文", reason="期日の誤り")
    commands.pull_back(request_id=draft.pk, by=user("joho-tanto"), at=NOON)
    form = client.get(f"/requests/{new.pk}/correct/").context["form"]
    assert (form["text"].value(), form["reason"].value()) == ("さらに正しい本文", "期日の誤り")


def test_what_is_typed_is_checked(city: None) -> None:
    old = reach("decided")
    for wrong, field in [
        ({"reason": " 　"}, "reason"),
        ({"text": ""}, "text"),
        ({"text": "本文"}, "text"),  # puts nothing right
        ({"disclosure": "closed", "disclosure_ground": ""}, "disclosure_ground"),
    ]:
        assert refused(lambda wrong=wrong: act(old, **wrong), Invalid).field == field
    refused(lambda: act(old, seen=old.chain_length - 1), Stale)
    assert act(old, text="本文", retention="10").retention == "10"


def test_other_kinds_are_corrected_in_their_own_way(city: None) -> None:
    request = reach("decided", kind="test.plain")
    refused(lambda: act(request), Unmet)


def test_nobody_decides_their_own_correction(city: None) -> None:
    """The line of a correction is given: who would decide it asks a colleague to draft it."""
    old = decide(request_to("joho-kacho", kind="test.numbered", about=ABOUT))
    way = refused(lambda: act(old, "joho-kacho"), Unmet)
    assert "決裁者" in str(way)
    assert act(old, "joho-tanto").state == "circulating"


UP = [
    {"role": "line", "who": "own:section_chief"},
    {"role": "decider", "who": "post:fuku-shicho-a"},
]


def decided_with_others() -> Request:
    request = sent_round(
        "joho-kacho", "c:koho-kacho", "d:somu-bucho", "i:zaisan-kacho", kind="test.numbered"
    )
    sign(request, "approve", "joho-kacho")
    sign(request, "concur", "koho-kacho")
    return sign(request, "approve", "somu-bucho")


def test_the_table_in_force_lays_its_line(city: None) -> None:
    """The old line is no rule any more; who concurred or was informed is asked again."""
    old = decided_with_others()
    adopt(written({"matter": "test.numbered", "tier": "乙 副市長専決", "steps": UP}))
    new = act(old)
    assert [(s.order, s.role, s.post.code) for s in new.steps.all()] == [
        (1, "line", "joho-kacho"),
        (2, "concurrence", "koho-kacho"),
        (3, "decider", "fuku-shicho-a"),
        (4, "informed", "zaisan-kacho"),
    ]
    assert (new.tier, new.basis) == ("乙 副市長専決", "試験規程（訓令第1号）第1条")
    step = new.steps.first()
    commands.send_back(step_id=step.pk, by=user("joho-kacho"), at=NOON, reason="まだ誤り")
    again = act(old, text="さらに正しい本文")
    assert (again.pk, again.steps.filter(attempt=2).count()) == (new.pk, 4)


def test_who_drafts_a_correction_does_not_agree_to_it(city: None) -> None:
    old = sent_round("c:koho-kacho", "d:somu-bucho", kind="test.numbered", drafter="koho-tanto")
    sign(old, "concur", "koho-kacho")
    sign(old, "approve", "somu-bucho")
    adopt(written({"matter": "test.numbered", "tier": "乙 副市長専決", "steps": UP}))
    new = act(fresh(old), "koho-kacho")
    assert [s.post.code for s in new.steps.all()] == ["fuku-shicho-a"]


def test_what_no_rule_takes_is_refused_as_any_request_would_be(city: None) -> None:
    old = reach("decided")
    adopt(written({"matter": "test.numbered", "amount_from": 1_000_000, "steps": [CHIEF]}))
    assert "どの区分にも当たりません" in str(refused(lambda: act(old), Unmet))


def test_nothing_corrected_is_nothing_although_the_table_changed(city: None) -> None:
    old = reach("decided")
    adopt(written({"matter": "test.numbered", "tier": "乙 副市長専決", "steps": UP}))
    assert refused(lambda: act(old, text="本文"), Invalid).field == "text"


def test_the_heirs_of_a_drafter_who_left_are_told(city: None) -> None:
    old = reach("decided")
    Appointment.objects.filter(user=user("joho-tanto")).update(until=TODAY - timedelta(days=1))
    act(old, "joho-kacho")
    told = OutboxEvent.objects.filter(kind="signoff.corrected").latest("pk")
    assert told.groups == [post("joho-tanto").group_id]


def test_the_page_shows_the_line_before(city: None, client: Client) -> None:
    old = decided_with_others()
    adopt(written({"matter": "test.numbered", "tier": "乙 副市長専決", "steps": UP}))
    client.force_login(user("joho-tanto"))
    with at_most(20):
        page = client.get(f"/requests/{old.pk}/correct/")
    assert [(row.post.code, row.is_laid) for row in page.context["rows"]] == [
        ("joho-kacho", True),
        ("koho-kacho", False),
        ("fuku-shicho-a", True),
        ("zaisan-kacho", False),
    ]
    assert "乙 副市長専決" in page.content.decode()
