"""What an opinion changes in the draft is told by the opinion, here and in the draft."""

import pytest
from django.urls import reverse

from revisions.models import Change
from revisions.opinion import commands_reflect
from revisions.plan.forms import SheetForm
from revisions.plan.queries import fingerprint, sheet_of
from tests.counting import at_most
from tests.factories import NOON, section, user
from tests.revisions.drafts import open_stage, running_revision
from tests.revisions.opinion.test_commands import approve, asked, counted, receive
from tests.revisions.opinion.test_commands import draft as draft_response
from tests.revisions.opinion.test_views import signed_in
from tests.revisions.plan.posted import posted
from workflow.errors import Invalid, NotAllowed, Stale, Unmet
from workflow.models import AuditEntry, OutboxEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def opinion(city):
    return receive(open_stage(running_revision()), project_uid="P06")


def reflect(
    opinion, *, by="joho-tanto", uid="P06", reason="意見のとおりのため", seen=None, **fields
):
    return commands_reflect.reflect(
        opinion_id=opinion.pk,
        uid=uid,
        sheet=sheet_of(opinion.revision, uid) | fields,
        reason=reason,
        by=user(by),
        at=NOON,
        seen=seen,
    )


@pytest.mark.parametrize("by", ["joho-tanto", "joho-kacho"])
def test_the_draft_and_the_opinion_tell_of_each_other(opinion, by):
    reflect(opinion, by=by, overview="改めた概要")
    assert sheet_of(opinion.revision, "P06")["overview"] == "改めた概要"
    change = Change.objects.get()
    assert (change.origin_label, change.origin_key) == ("意見第1号", opinion.key)
    assert (change.kind, change.final) == ("edit", {"overview": "改めた概要"})
    entry = AuditEntry.objects.filter(subject=opinion.key).latest("seq")
    assert (entry.verb, entry.within_key) == ("opinion.reflected", opinion.revision.key)
    event = OutboxEvent.objects.get(entry=entry)
    assert event.groups == [section("koho").group_id]


@pytest.mark.parametrize("by", ["koho-tanto", "koho-kacho", "fuku-shicho-a", "kansa", "iin-1"])
def test_nobody_else_does(opinion, by):
    before = counted()
    with pytest.raises(NotAllowed):
        reflect(opinion, by=by, overview="改めた概要")
    assert (counted(), Change.objects.count()) == (before, 0)


def test_also_of_an_opinion_that_was_answered(city):
    stage = open_stage(running_revision())
    opinion = asked(stage)
    draft_response(opinion)
    approve(opinion)
    state = type(opinion).objects.get(pk=opinion.pk).state
    reflect(opinion, overview="改めた概要")
    assert type(opinion).objects.get(pk=opinion.pk).state == state == "approved"


@pytest.mark.parametrize(
    "given, error",
    [
        ({"name": " "}, Invalid),
        ({"reason": " ", "overview": "改めた"}, Invalid),
        ({}, Invalid),
        ({"overview": "改めた", "seen": "0" * 64}, Stale),
    ],
)
def test_what_makes_no_sense_is_refused(opinion, given, error):
    before = counted()
    with pytest.raises(error):
        reflect(opinion, **given)
    assert (counted(), Change.objects.count()) == (before, 0)


def test_an_ended_revision_reflects_nothing(opinion):
    revision = opinion.revision
    revision.withdraw(at=NOON)
    revision.save()
    with pytest.raises(Unmet):
        reflect(opinion, overview="改めた")


def test_on_its_page_the_sheet_is_chosen_and_changed(opinion):
    client, address = signed_in(), reverse("reflect_opinion", args=[opinion.pk])
    with at_most(20):
        chooser = client.get(address)
    assert chooser.context["form"]["other"].value() == "P06"
    with at_most(20):
        assert opinion.text in client.get(address, {"other": "P06"}).content.decode()
    sheet = sheet_of(opinion.revision, "P06")
    sent = posted(SheetForm(plan=opinion.revision.plan, sheet=sheet))
    sent |= {"seen": fingerprint(sheet), "reason": "意見のとおり", "sheet-overview": "改めた概要"}
    blank = client.post(f"{address}?other=P06", sent | {"reason": ""})
    assert (blank.status_code, Change.objects.count()) == (422, 0)
    assert client.post(f"{address}?other=P06", sent).status_code == 303
    assert sheet_of(opinion.revision, "P06")["overview"] == "改めた概要"
    shown = client.get(reverse("opinion", args=[opinion.pk])).content.decode()
    assert "計画案に反映した変更" in shown
    assert (
        "意見第1号" in client.get(f"/revisions/{opinion.revision_id}/sheets/P06/").content.decode()
    )


def test_only_the_secretariat_gets_the_page(opinion):
    address = reverse("reflect_opinion", args=[opinion.pk])
    assert signed_in("koho-tanto").get(address).status_code == 403
    assert signed_in().get(address, {"other": "P99"}).status_code == 422
