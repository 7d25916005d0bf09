"""The pages of tiers, more time, forwarding, consent and correction."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import localdate

from revisions.desk.queries import work_of
from revisions.inquiry import commands, commands_joint
from revisions.inquiry.models import Inquiry
from revisions.inquiry.models_between import Consent, Forward, Mending
from revisions.inquiry.queries_tiers import due_now
from revisions.inquiry.states import TargetState as S
from revisions.plan.forms import SheetForm
from tests.counting import at_most
from tests.factories import NOON, section, user
from tests.revisions.drafts import open_stage, running_revision
from tests.revisions.inquiry import walk
from tests.revisions.inquiry.test_forward import forwarded
from tests.revisions.inquiry.test_joint import UID, answered
from tests.revisions.inquiry.walk import (
    DUE,
    TIERED,
    TIERS,
    ask_extension,
    current,
    issued,
    mend_answer,
    target_at,
    target_of,
    tiered_at,
)
from tests.revisions.plan.posted import posted
from workflow.deadline.calendar import in_tokyo
from workflow.deadline.era import era_date
from workflow.deadline.queries import calendar

pytestmark = pytest.mark.django_db

SECRETARIAT, COORDINATING = "joho-tanto", "sogo-seisaku-tanto"


@pytest.fixture(autouse=True)
def the_city(city):
    """Every test walks it."""


def client(username):
    signed_in = Client()
    signed_in.force_login(user(username))
    return signed_in


def get(username, path, status=200):
    response = client(username).get(path)
    assert response.status_code == status
    return response.content.decode()


def post(username, path, target, **given):
    return client(username).post(path, {"seen": current(target).chain_length} | given)


def page(target, rest=""):
    return f"/answers/{target.pk}/{rest}"


def test_the_day_of_the_tier_is_named_beside_that_of_the_inquiry():
    target = tiered_at(S.RECEIVED)
    due_on = due_now(target, calendar())
    assert due_on < target.due_on
    [work] = work_of(user("koho-tanto"), in_tokyo(NOON), calendar())
    assert (work.due_on, work.due_of, work.whole_on) == (due_on, "課の案", target.due_on)
    shown = get("koho-tanto", "/")
    assert "課の案" in shown
    assert f"照会の期限 {era_date(target.due_on)}" in shown
    for username in ("koho-tanto", SECRETARIAT):
        shown = get(username, page(target))
        head = re.findall("<dt>([^<]*の期限)</dt><dd>.*?datetime=.([0-9-]+)", shown)
        assert head[:2] == [
            ("課の案の期限", due_on.isoformat()),
            ("照会の期限", target.due_on.isoformat()),
        ]
    assert "照会の期限" in get(SECRETARIAT, f"/inquiries/{target.inquiry_id}/board/")
    assert "照会の期限" in get(SECRETARIAT, "/inquiries/")


# Preparing


def typed(**more):
    words = {"seen": 0, "kind": "projects", "title": "照会", "text": "", "due_on": "R9.12.3"}
    return words | {"chief_days": 1, "compiling_days": 2, "through_coordinating": "on"} | more


def test_the_tiers_are_prepared_with_days_that_can_be_changed():
    stage = open_stage(running_revision())
    path = f"/stages/{stage.pk}/inquiry/"
    fresh = get(SECRETARIAT, path)
    assert 'name="compiling_days" value="2"' in fresh
    assert client(SECRETARIAT).post(path, typed()).status_code == 303
    kept = Inquiry.objects.get()
    assert (kept.through_coordinating, kept.chief_days, kept.compiling_days) == (True, 1, 2)
    today = {"due_on": localdate().isoformat(), "accept_closed_day": "on"}
    short = client(SECRETARIAT).post(path, typed(seen=1, **today))
    assert short.status_code == 422
    assert "期限までの日数が足りません。逆算すると、課の案は" in short.content.decode()


@pytest.mark.parametrize(
    "given, told",
    [
        ({"due_on": "2027-12-03"}, "課の案は令和9年11月30日(火)、課長の確認は令和9年12月1日(水)"),
        ({"due_on": localdate().isoformat()}, "期限までの日数が足りません"),
        ({"due_on": "いつか"}, ""),
    ],
)
def test_the_days_are_said_while_they_are_typed(given, told):
    response = client(SECRETARIAT).get("/inquiries/days/", typed(**given))
    assert response.content.decode().startswith(told)
    assert bool(response.content) == bool(told)


# The coordinating section


@pytest.mark.parametrize("state", TIERED)
@pytest.mark.parametrize("username", ["koho-tanto", SECRETARIAT])
def test_a_target_page_takes_twenty_statements_in_every_tier(username, state):
    target = tiered_at(state)
    signed_in = client(username)
    with at_most(20):
        assert signed_in.get(page(target)).status_code == 200


@pytest.mark.parametrize(
    "username, status",
    [(COORDINATING, 200), ("koho-tanto", 404), (SECRETARIAT, 404), ("bunsho-tanto", 404)],
)
def test_the_department_s_page_is_the_coordinating_section_s(username, status):
    target = tiered_at(S.COMPILING)
    get(username, f"/inquiries/{target.inquiry_id}/compile/", status)


@pytest.mark.parametrize(
    "state, status", [(S.RECEIVED, 404), (S.IN_REVIEW, 404), (S.COMPILING, 200), (S.ANSWERED, 200)]
)
def test_it_reads_an_answer_once_the_chief_has_approved_it(state, status):
    target = tiered_at(state)
    get(COORDINATING, page(target), status)
    get(COORDINATING, f"/inquiries/{target.inquiry_id}/compile/")


def test_it_reads_what_was_answered_to_questions_on_its_page():
    inquiry = walk.prepared(tiers=TIERS)
    asked = walk.ask(inquiry, kind="text", label="委託の予定")
    chosen = [section("koho").pk, section("gyosei-keiei").pk]
    by = user(SECRETARIAT)
    commands.issue(inquiry_id=inquiry.pk, section_ids=chosen, by=by, at=NOON)
    target = walk.receive(target_of(inquiry))
    walk.answer_questions(target, {asked.pk: "来年度に委託します。"})
    path = f"/inquiries/{inquiry.pk}/compile/"
    assert "来年度に委託します。" not in get(COORDINATING, path)
    for step in (walk.unchanged, walk.submit, walk.approve):
        step(target)
    target.answers.all().delete()
    shown = get(COORDINATING, path)
    assert "来年度に委託します。" in shown
    assert "該当なし" not in shown


def test_the_inquiry_s_address_leads_it_to_its_page():
    inquiry = tiered_at(S.COMPILING).inquiry
    response = client(COORDINATING).get(f"/inquiries/{inquiry.pk}/")
    assert response["Location"] == f"/inquiries/{inquiry.pk}/compile/"


def test_it_sends_on_one_returns_one_and_sends_on_all_that_are_ready():
    inquiry = issued("koho", "gyosei-keiei", "sogo-seisaku", tiers=TIERS)
    for code in ("koho", "gyosei-keiei"):
        target = target_of(inquiry, code)
        walk.receive(target, by=f"{code}-tanto")
        walk.unchanged(target, by=f"{code}-tanto")
        walk.submit(target, by=f"{code}-tanto")
        walk.approve(target, by=f"{code}-kacho")
    koho, keiei = target_of(inquiry), target_of(inquiry, "gyosei-keiei")
    path = f"/inquiries/{inquiry.pk}/compile/"
    signed_in = client(COORDINATING)
    with at_most(20):
        assert "そろった2課をすべて事務局へ回す" in signed_in.get(path).content.decode()
    assert post(COORDINATING, page(koho, "hand-back/"), koho).status_code == 422
    handed = post(COORDINATING, page(koho, "hand-back/"), koho, reason="部の方針")
    assert (handed.status_code, handed["Location"]) == (303, path)
    assert current(koho).state == S.RETURNED
    ids = [f"{row.pk}.{current(row).chain_length}" for row in (koho, keiei)]
    told = client(COORDINATING).post(f"{path}ready/", {"ids": ids}, follow=True).content.decode()
    assert "1課の回答を事務局に回しました" in told
    assert "広報広聴課はできませんでした" in told
    assert current(keiei).state in (S.ANSWERED, S.NOT_APPLICABLE)


def test_one_answer_is_sent_on_from_its_page():
    target = tiered_at(S.COMPILING)
    post(COORDINATING, page(target, "compile/"), target)
    assert current(target).state == S.ANSWERED


# More time, asking again


def test_more_time_is_asked_for_shown_and_declined():
    target = target_at(S.RECEIVED)
    bad = post("koho-tanto", page(target, "more-time/"), target, due_on="R8.12.4", reason="議会")
    assert bad.status_code == 422
    assert "いまの期限より後の日" in bad.content.decode()
    post("koho-tanto", page(target, "more-time/"), target, due_on="R8.12.11", reason="議会")
    assert "期限の延長が申し出られています" in get(SECRETARIAT, page(target))
    assert 'value="2026-12-11"' in get(SECRETARIAT, page(target))
    assert "広報広聴課" in get(SECRETARIAT, f"/inquiries/{target.inquiry_id}/?wanted=on")
    assert "延長の申出" in get(SECRETARIAT, f"/revisions/{target.revision_id}/board/")
    post(SECRETARIAT, page(target, "no-more-time/"), target, reason="日程")
    assert current(target).wanted_on is None


def test_a_section_is_asked_again():
    target = target_at(S.ACCEPTED)
    later = (DUE + timedelta(days=7)).isoformat()
    assert "回答を再開する" in get(SECRETARIAT, page(target))
    assert "回答を再開する" not in get("koho-tanto", page(target))
    post(SECRETARIAT, page(target, "reopen/"), target, due_on=later, reason="追加")
    assert current(target).state == S.RETURNED


# Forwarding


def test_a_sheet_is_forwarded_from_its_page_and_taken_over():
    target = walk.receive(target_of(issued()))
    path = page(target, "sheets/P06/")
    words = {"section_id": section("bosai").pk, "reason": "所管違い"}
    assert post("koho-tanto", f"{path}forward/", target).status_code == 422
    went = post("koho-tanto", f"{path}forward/", target, **words)
    row = Forward.objects.get()
    assert went["Location"] == f"/forwards/{row.pk}/"
    assert "防災課に転送を申し出て" in get("koho-tanto", path)
    signed_in = client("bosai-tanto")
    with at_most(20):
        assert "引き受ける" in signed_in.get(f"/forwards/{row.pk}/").content.decode()
    get("kodomo-tanto", f"/forwards/{row.pk}/", 404)
    get("kansa", f"/forwards/{row.pk}/")
    assert post("bosai-tanto", f"/forwards/{row.pk}/decline/", target).status_code == 422
    post("bosai-tanto", f"/forwards/{row.pk}/take/", target)
    assert "引受済" in get("koho-tanto", f"/forwards/{row.pk}/")
    assert "P06" in get("bosai-tanto", page(target_of(target.inquiry, "bosai")))


def test_who_can_take_nothing_in_any_more_is_told_before_and_not_after():
    row = forwarded("koho", "bosai")
    path = f"/forwards/{row.pk}/"
    assert "差し戻してから" not in get("bosai-tanto", path)
    into = target_of(row.target.inquiry, "bosai")
    for step in (walk.receive, walk.unchanged, walk.submit):
        step(into, by="bosai-tanto")
    shown = get("bosai-tanto", path)
    assert "差し戻してから引き受けて" in shown
    assert f"{path}take/" not in shown


@pytest.mark.parametrize(
    "username, act, state",
    [("bosai-tanto", "decline", "declined"), ("koho-tanto", "withdraw", "withdrawn")],
)
def test_it_stays_where_it_is(username, act, state):
    row = forwarded()
    post(username, f"/forwards/{row.pk}/{act}/", row.target, reason="所管でない")
    assert Forward.objects.get().state == state


# 共管


def test_another_lead_reads_the_answer_and_says_what_it_thinks():
    target = answered()
    other = target_of(target.inquiry, "bunsho")
    consent = Consent.objects.get(answer__uid=UID)
    path = page(other, f"sheets/{UID}/")
    signed_in = client("bunsho-tanto")
    with at_most(20):
        shown = signed_in.get(path).content.decode()
    assert "<ins" in shown
    assert "同意する" in shown
    joint = page(other, f"joint/{consent.pk}/")
    assert post("bunsho-tanto", f"{joint}object/", target).status_code == 422
    post("bunsho-tanto", f"{joint}object/", target, reason="言葉が違う")
    assert "言葉が違う" in get("joho-tanto", page(target, f"sheets/{UID}/"))
    assert "文書法制課の同意を得る（異議：言葉が違う）" in get("joho-tanto", page(target))
    post("bunsho-tanto", f"{joint}agree/", target)
    assert Consent.objects.get(pk=consent.pk).agrees is True


def test_the_secretariat_does_without_a_consent():
    target = answered()
    consent = Consent.objects.get(answer__uid=UID)
    path = page(target, f"joint/{consent.pk}/instead/")
    assert "同意に代える" in get(SECRETARIAT, page(target, f"sheets/{UID}/"))
    assert post(SECRETARIAT, path, target).status_code == 422
    post(SECRETARIAT, path, target, reason="期限のため")
    assert Consent.objects.get(pk=consent.pk).agrees is True


def test_a_page_with_other_leads_takes_twenty_statements():
    target = answered()
    commands_joint.agree(
        consent_id=Consent.objects.get(answer__uid=UID).pk, by=user("bunsho-tanto"), at=NOON
    )
    for name in ("joho-tanto", "bunsho-tanto"):
        signed_in = client(name)
        own = target if name == "joho-tanto" else target_of(target.inquiry, "bunsho")
        with at_most(20):
            signed_in.get(page(own))


# Correction


def test_the_secretariat_corrects_and_the_section_reads_both_texts():
    target = target_at(S.ANSWERED)
    path = page(target, "sheets/P06/mend/")
    answer = target.answers.get(uid="P06")
    sheet = SheetForm(plan=target.revision.plan, sheet=answer.before)
    words = posted(sheet) | {"sheet-aims": "事務局が直した。"}
    get("koho-tanto", path, 403)
    signed_in = client(SECRETARIAT)
    with at_most(20):
        signed_in.get(path)
    assert post(SECRETARIAT, path, target, **words).status_code == 422
    stale = client(SECRETARIAT).post(path, words | {"seen": 1, "reason": "表記"})
    assert (stale.status_code, "事務局が直した。" in stale.content.decode()) == (409, True)
    assert not Mending.objects.exists()
    assert post(SECRETARIAT, path, target, **words, reason="表記").status_code == 303
    shown = get("koho-tanto", page(target))
    assert "事務局が直したところ" in shown
    assert "情報システム課担当" in shown


def test_what_was_mended_costs_no_more_than_twenty_statements():
    target = target_at(S.ANSWERED)
    mend_answer(target)
    signed_in = client(SECRETARIAT)
    with at_most(20):
        signed_in.get(page(target))


def test_the_desks_of_all_tiers_open():
    target = tiered_at(S.COMPILING)
    ask_extension(target)
    for name in (COORDINATING, SECRETARIAT, "koho-tanto"):
        get(name, "/")
