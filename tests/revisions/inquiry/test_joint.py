"""共管: those who lead a sheet too consent to what the first of them answers."""

import pytest
from django_fsm import TransitionNotAllowed

from revisions.desk.queries import work_of
from revisions.inquiry import commands_joint as joint
from revisions.inquiry.models_between import Consent
from revisions.inquiry.queries import missing_consents
from revisions.inquiry.states import TargetState as S
from revisions.inquiry.tiers import NO_TIERS
from revisions.plan.queries import sheet_of
from tests.factories import NOON, TODAY, section, user
from tests.replay import walked_once
from tests.revisions.inquiry import walk
from tests.revisions.inquiry.walk import TIERS, counted, current, issued, target_of
from workflow.audit.models import AuditEntry
from workflow.deadline.queries import calendar
from workflow.errors import Invalid, NotAllowed, Unmet
from workflow.models import OutboxEvent

pytestmark = pytest.mark.django_db

UID = "P21"  # led by joho, which answers, and by bunsho
LEADS, SECRETARIAT = ("bunsho-tanto", "bunsho-kacho"), ("joho-tanto", "joho-kacho")
OTHERS = ("koho-tanto", "fuku-shicho-a", "iin-1", "kansa", "kanri")


@walked_once
def answered(kind="edit", tiers=NO_TIERS):
    """joho answers for the sheet that bunsho leads too."""
    target = target_of(issued("joho", "bunsho", tiers=tiers), "joho")
    walk.receive(target, by="joho-tanto")
    sheet = sheet_of(target.revision, UID)
    words = {"sheet": sheet | {"aims": "改めた目指すもの。"}} if kind == "edit" else {}
    walk.answer(target, by="joho-tanto", uid=UID, kind=kind, **words)
    walk.unchanged(target, by="joho-tanto")
    return current(target)


def consent(target):
    return Consent.objects.get(answer__target=target, answer__uid=UID)


def say(act, target, by, **words):
    return act(consent_id=consent(target).pk, by=user(by), at=NOON, **words)


def agree(target, by="bunsho-tanto"):
    return say(joint.agree, target, by)


def object_to(target, by="bunsho-tanto"):
    return say(joint.object_to, target, by, reason="所管の言葉と違う")


def agree_instead(target, by="joho-kacho"):
    return say(joint.agree_instead, target, by, reason="期限のため")


def submit(target):
    return walk.submit(target, by="joho-tanto")


@pytest.mark.parametrize(
    "act, who, agrees",
    [(agree, LEADS, True), (object_to, LEADS, False), (agree_instead, SECRETARIAT, True)],
    ids=["agree", "object_to", "agree_instead"],
)
def test_who_says_it_while_the_section_writes(city, act, who, agrees):
    target = answered()
    for by in {*LEADS, *SECRETARIAT, *OTHERS} - {*who}:
        before = counted()
        with pytest.raises(NotAllowed):
            act(target, by=by)
        assert counted() == before
    act(target, by=who[0])
    assert (consent(target).agrees, consent(target).by) == (agrees, user(who[0]))
    entry = AuditEntry.objects.filter(subject=target.key).latest("seq")
    assert (entry.verb, entry.by) == (f"inquiry.{entry.verb.partition('.')[2]}", user(who[0]))
    agree(target)
    submit(target)
    before = counted()
    with pytest.raises(TransitionNotAllowed):
        act(target, by=who[0])
    assert counted() == before


def test_a_change_goes_up_with_the_consent_of_every_lead(city):
    target = answered()
    with pytest.raises(Unmet) as refused:
        submit(target)
    (missing,) = refused.value.missing
    assert missing.link == f"/answers/{target.pk}/sheets/{UID}/"
    assert "文書法制課の同意" in missing.what
    agree(target)
    assert submit(target).state == S.IN_REVIEW


def test_an_objection_stops_it_until_it_is_rewritten_and_consented_to(city):
    target = answered()
    object_to(target)
    with pytest.raises(Unmet) as refused:
        submit(target)
    assert "所管の言葉と違う" in refused.value.missing[0].what
    sheet = sheet_of(target.revision, UID) | {"aims": "もう一度改めた目指すもの。"}
    walk.answer(target, by="joho-tanto", uid=UID, kind="edit", sheet=sheet)
    assert consent(target).agrees is None
    agree(target)
    assert submit(target).state == S.IN_REVIEW


def test_no_change_needs_no_consent_but_bears_an_objection(city):
    target = answered("unchanged")
    assert not missing_consents(target).exists()
    object_to(target)
    with pytest.raises(Unmet):
        submit(target)
    agree(target)
    assert submit(target).state == S.IN_REVIEW


def test_who_need_not_answer_need_not_consent(city):
    target = answered()
    walk.waive(target_of(target.inquiry, "bunsho"))
    assert submit(target).state == S.IN_REVIEW


def test_who_was_not_asked_need_not_consent(city):
    target = target_of(issued("joho"), "joho")
    walk.receive(target, by="joho-tanto")
    walk.answer(target, by="joho-tanto", uid=UID, kind="discontinue")
    walk.unchanged(target, by="joho-tanto")
    assert submit(target).state == S.IN_REVIEW


@pytest.mark.parametrize("act", [joint.object_to, joint.agree_instead])
def test_why_is_said(city, act):
    target = answered()
    by = "bunsho-tanto" if act is joint.object_to else "joho-tanto"
    with pytest.raises(Invalid):
        say(act, target, by, reason=" ")


def test_the_other_lead_is_told_and_has_it_on_its_desk(city):
    target = answered()
    link = f"/answers/{target_of(target.inquiry, 'bunsho').pk}/sheets/{UID}/"
    event = OutboxEvent.objects.get(kind="inquiry.sheet_answered")
    assert (event.groups, event.link) == ([section("bunsho").group_id], link)
    assert link in links("bunsho-tanto")
    agree(target)
    assert link not in links("bunsho-tanto")


def test_who_is_told_that_its_consent_is_done_without_reads_it_on_its_own_page(city, client):
    target = answered()
    agree_instead(target)
    told = OutboxEvent.objects.filter(kind="inquiry.agreed_instead")
    own, other = told.order_by("pk")
    assert (own.groups, own.link) == ([section("joho").group_id], f"/answers/{target.pk}/")
    assert other.groups == [section("bunsho").group_id]
    for name in LEADS:
        client.force_login(user(name))
        assert client.get(other.link).status_code == 200


@pytest.mark.parametrize("kind", ["sheet_answered", "objected"])
def test_the_day_told_is_that_of_the_section_that_answers(city, kind):
    target = answered(tiers=TIERS)
    object_to(target)
    facts = OutboxEvent.objects.get(kind=f"inquiry.{kind}").facts
    days = {"due_on": "2026-12-01", "due_of": "課の案", "whole_on": "2026-12-04"}
    assert facts.items() >= (days | {"section": "情報システム課"}).items()


def test_of_an_answer_that_the_secretariat_mends_nobody_is_told_a_day(city):
    target = answered("unchanged")
    submit(target)
    walk.approve(target, by="joho-kacho")
    words = {"uid": UID, "sheet": sheet_of(target.revision, UID) | {"aims": "事務局の案。"}}
    walk.mend_answer(target, **words)
    own, lead = OutboxEvent.objects.filter(kind="inquiry.answer_mended").order_by("pk")
    assert (own.groups, lead.groups) == tuple([section(s).group_id] for s in ("joho", "bunsho"))
    assert "due_on" not in lead.facts


def links(name):
    return [row.link for row in work_of(user(name), TODAY, calendar())]
