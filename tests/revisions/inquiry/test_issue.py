"""An inquiry is prepared and goes out."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_fsm import TransitionNotAllowed

from revisions.inquiry import commands
from revisions.inquiry.gates import check_inquiry_done
from revisions.inquiry.models import Inquiry, InquiryTarget
from revisions.inquiry.models_grants import TargetGrant
from tests.counting import at_most
from tests.factories import NOON, section, user
from tests.revisions.drafts import open_stage, running_revision
from tests.revisions.inquiry.walk import DUE, counted, issued, many_sections, prepared, target_of
from workflow.access import holds
from workflow.audit.chain import walk
from workflow.audit.models import AuditEntry
from workflow.errors import Invalid, NotAllowed, Stale, Unmet
from workflow.models import Deadline, OutboxEvent, Stage

pytestmark = pytest.mark.django_db

OTHERS = ("koho-kacho", "fuku-shicho-a", "iin-1", "kansa", "kanri")


def stage_at(state, kind="inquiry"):
    stage = open_stage(running_revision(), kind=kind)
    if state == "planned":
        Stage.objects.filter(pk=stage.pk).delete()
        stage = Stage(
            case=stage.case, round=stage.round, order=1, kind=kind, asks="answers", name="庁内照会"
        )
    if state == "concluded":
        stage.conclude(outcome="answered", remarks="", on=DUE, at=NOON)
    stage.save()
    return stage


def prepare(stage, *, by="joho-tanto", **more):
    words = {"kind": "projects", "title": "照会", "text": "", "due_on": DUE} | more
    return commands.prepare_inquiry(stage_id=stage.pk, by=user(by), at=NOON, **words)


def issue(inquiry, *, by="joho-tanto", sections=("koho",), **more):
    ids = [section(code).pk for code in sections]
    return commands.issue(inquiry_id=inquiry.pk, section_ids=ids, by=user(by), at=NOON, **more)


@pytest.mark.parametrize(
    "state, refusal", [("planned", None), ("open", None), ("concluded", Unmet)]
)
def test_prepare(city, state, refusal):
    stage = stage_at(state)
    for by in OTHERS:
        before = counted()
        with pytest.raises(NotAllowed):
            prepare(stage, by=by)
        assert counted() == before
    if refusal:
        with pytest.raises(refusal):
            prepare(stage)
        return
    assert prepare(stage).title == "照会"
    assert prepare(stage, title="書き直した照会").title == "書き直した照会"
    assert Inquiry.objects.count() == 1


def test_a_stage_of_another_kind_asks_nobody(city):
    with pytest.raises(Invalid):
        prepare(stage_at("open", kind="meeting"))


@pytest.mark.parametrize(
    "wrong, field",
    [
        ({"kind": "census"}, "kind"),
        ({"title": " "}, "title"),
        ({"due_on": date(2026, 11, 23)}, "due_on"),
        ({"due_on": date(2026, 12, 5)}, "due_on"),
    ],
)
def test_what_is_wrong_names_its_field(city, wrong, field):
    stage = stage_at("open")
    before = counted()
    with pytest.raises(Invalid) as refused:
        prepare(stage, **wrong)
    assert refused.value.field == field
    assert counted() == before


def test_a_closed_day_proposes_the_working_day_before_unless_it_is_meant(city):
    stage = stage_at("open")
    with pytest.raises(Invalid, match="12月4日"):
        prepare(stage, due_on=date(2026, 12, 6))
    assert prepare(stage, due_on=date(2026, 12, 6), accept_closed_day=True).due_on.day == 6


@pytest.mark.parametrize("state", ["preparing", "issued"])
def test_issue(city, state):
    inquiry = prepared() if state == "preparing" else issued()
    for by in OTHERS:
        before = counted()
        with pytest.raises(NotAllowed):
            issue(inquiry, by=by)
        assert counted() == before
    if state == "issued":
        with pytest.raises(TransitionNotAllowed):
            issue(inquiry, sections=["kodomo"])
        with pytest.raises(TransitionNotAllowed):
            prepare(inquiry.stage)
        return
    assert issue(inquiry).state == "issued"


def test_an_inquiry_goes_out_in_an_open_stage_and_to_somebody(city):
    planned = prepare(stage_at("planned"))
    with pytest.raises(Unmet) as refused:
        issue(planned)
    assert refused.value.missing[0].link == f"/stages/{planned.stage_id}/"
    stage = Stage.objects.get(pk=planned.stage_id)
    stage.open(on=NOON.date())
    stage.save()
    with pytest.raises(Invalid):
        issue(planned, sections=())
    with pytest.raises(Invalid):
        commands.issue(inquiry_id=planned.pk, section_ids=[0], by=user("joho-tanto"), at=NOON)


def test_an_old_page_is_stale(city):
    inquiry = prepared()
    prepare(inquiry.stage, seen=1)
    with pytest.raises(Stale):
        issue(inquiry, seen=1)


def test_what_an_issue_leaves_behind(city):
    inquiry = issued("koho", "kodomo")
    target = target_of(inquiry)
    assert inquiry.version.sha256 in AuditEntry.objects.get(verb="inquiry.issued").body
    assert (target.state, target.due_on) == ("pending_receipt", DUE)
    assert holds(user("koho-tanto"), "answer_inquirytarget", target)
    assert not holds(user("kodomo-tanto"), "answer_inquirytarget", target)
    deadline = Deadline.objects.get(subject=target.key)
    assert (deadline.group, deadline.link) == (section("koho").group, f"/answers/{target.pk}/")
    event = OutboxEvent.objects.get(kind="inquiry.issued")
    assert event.groups == sorted(section(code).group_id for code in ("koho", "kodomo"))
    assert event.link == f"/inquiries/{inquiry.pk}/"


def test_the_gate_lists_what_is_missing_from_the_start(city):
    stage = stage_at("open")
    links = []
    for act in (lambda: None, lambda: prepare(stage), lambda: issue(Inquiry.objects.get())):
        act()
        with pytest.raises(Unmet) as refused:
            check_inquiry_done(stage)
        links += [missing.link for missing in refused.value.missing]
    inquiry = Inquiry.objects.get()
    target = target_of(inquiry)
    assert links == [
        f"/stages/{stage.pk}/inquiry/",
        f"/inquiries/{inquiry.pk}/",
        f"/answers/{target.pk}/",
    ]


def test_a_thousand_sections_cost_few_statements(city):
    """PostgreSQL takes 500 rows a statement; SQLite, at 999 parameters, some forty."""
    inquiry, sections = prepared(), many_sections(1000)
    ids = [each.pk for each in sections]
    by = user("joho-tanto")
    with at_most(400):
        commands.issue(inquiry_id=inquiry.pk, section_ids=ids, by=by, at=NOON)
    assert TargetGrant.objects.count() == 1000
    target = InquiryTarget.objects.last()
    chain = AuditEntry.objects.filter(subject=target.key)
    assert walk(chain.values_list("seq", "prev", "body", "hash")) == (1, target.chain_head)


@pytest.mark.postgres
def test_every_500_more_cost_the_same_few_statements(city):
    revision, by = running_revision(), user("joho-tanto")
    ids, made = [each.pk for each in many_sections(1200)], []
    for asked in (600, 1200):
        given = {"section_ids": ids[:asked], "choices": ["leads"], "by": by, "at": NOON}
        inquiry = prepared(revision=revision)
        with CaptureQueriesContext(connection) as captured:
            commands.issue(inquiry_id=inquiry.pk, **given)
        made.append(len(captured))
    assert made[1] - made[0] <= 7 * 600 / 500
