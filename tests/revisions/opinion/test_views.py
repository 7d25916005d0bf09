from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from revisions.models import Opinion
from revisions.opinion import commands
from tests.counting import at_most
from tests.factories import NOON, section, user
from tests.revisions.drafts import open_stage, running_revision
from tests.workflow.signoff.scanned import PDF
from workflow.models import AuditEntry

pytestmark = pytest.mark.django_db

ANSWER = {"disposition": "partly", "summary": "要旨", "response": "考え方", "change": ""}


def signed_in(username="joho-tanto"):
    client = Client()
    client.force_login(user(username))
    return client


@pytest.fixture
def stage(city):
    return open_stage(running_revision())


def receive(stage, text="", **more):
    text = text or f"意見の文{stage.opinions.count() + 1}"
    facts = {"channel": "citizen", "medium": "post", "received_on": date(2026, 11, 20)}
    return commands.receive_opinion(
        stage_id=stage.pk, text=text, by=user("joho-tanto"), at=NOON, **(facts | more)
    )


def drafted(stage, **more):
    opinion = receive(stage, **more)
    ids = {"opinion_id": opinion.pk, "by": user("joho-tanto"), "at": NOON}
    commands.assign(section_id=section("koho").pk, **ids)
    return commands.draft_response(**ids, **ANSWER)


def again(opinion):
    return Opinion.objects.get(pk=opinion.pk)


def act(name, opinion, client=None, **given):
    data = {"seen": again(opinion).chain_length} | given
    return (client or signed_in()).post(reverse(name, args=[opinion.pk]), data)


def page(url, client=None, **query):
    response = (client or signed_in()).get(url, query)
    assert response.status_code == 200
    return response.content.decode()


def test_both_pages_open_in_few_statements(stage):
    for n in range(60):
        receive(stage, f"意見{n}", name="氏名", scan=("a.pdf", PDF))
    first = drafted(stage)
    client = signed_in()
    with at_most(20):
        page(reverse("opinions", args=[first.revision_id]), client)
    with at_most(20):
        page(reverse("opinion", args=[first.pk]), client)


def test_the_ledger_is_walked_in_pages_of_fifty(stage):
    for n in range(1, 52):
        receive(stage, f"意見の{n:03}")
    url = reverse("opinions", args=[stage.case.revision.pk])
    first = page(url)
    assert "意見の001" in first
    assert "意見の051" not in first
    assert "意見の051" in page(url, after=50)
    assert "意見の001" in page(url, before=51)
    assert "意見の001" in page(url, after="x")


def test_the_ledger_is_filtered_by_its_address(stage):
    drafted(stage, text="残る意見", place="概要")
    receive(stage, "消える意見", channel="section")
    url = reverse("opinions", args=[stage.case.revision.pk])
    for query in (
        {"channel": "citizen"},
        {"state": "drafted"},
        {"disposition": "partly"},
        {"section": "koho"},
        {"words": "残る 意見"},
    ):
        told = page(url, **query)
        assert "要旨" in told, query
        assert "消える意見" not in told, query


def test_the_ledger_shows_what_one_stage_heard(stage):
    receive(stage, "この段階の意見")
    other = open_stage(stage.case.revision, kind="public_comment", asks="public_opinions")
    receive(other, "別の段階の意見")
    told = page(reverse("opinions", args=[stage.case.revision.pk]), stage=stage.pk)
    assert "この段階の意見" in told
    assert "別の段階の意見" not in told


def key_in(stage, **changes):
    data = {
        "stage_id": stage.pk,
        "channel": "citizen",
        "medium": "post",
        "received_on": "R8.11.20",
        "text": "　届いた\r\nままの文 ",
        "name": "氏名",
    }
    url = reverse("new_opinion", args=[stage.case.revision.pk])
    return signed_in().post(url, data | changes)


def test_paper_is_keyed_in_to_the_letter_with_its_scan(stage):
    paper = SimpleUploadedFile("ikensho.pdf", PDF)
    response = key_in(stage, scan=paper)
    assert response.status_code == 303
    made = Opinion.objects.get()
    assert (made.text, made.received_on) == ("　届いた\nままの文 ", date(2026, 11, 20))
    scan = reverse("scan", args=[made.pk, made.scans.get().pk])
    assert signed_in().get(scan).content == PDF
    assert signed_in("koho-kacho").get(scan).status_code == 403


@pytest.mark.parametrize(
    "changes, told",
    [
        ({"text": ""}, "入力してください。"),
        ({"received_on": "2099-01-01"}, "受付日は、今日までの日にしてください。"),
        ({"scan": SimpleUploadedFile("a.exe", b"MZ")}, "PDF、PNG、JPEG"),
    ],
)
def test_what_cannot_be_received_comes_back_as_typed(stage, changes, told):
    response = key_in(stage, source="自治会", **changes)
    assert response.status_code == 422
    assert told in response.content.decode()
    assert "自治会" in response.content.decode()
    assert not Opinion.objects.exists()


def test_only_the_secretariat_sees_who_sent_it(stage):
    opinion = receive(stage, name="ある人", address="ある町")
    url = reverse("opinion", args=[opinion.pk])
    assert "ある人" in page(url)
    for other in ("koho-kacho", "kansa"):
        told = page(url, signed_in(other))
        assert "ある人" not in told
        assert "ある町" not in told
    assert "ある人" not in page(reverse("opinions", args=[opinion.revision_id]))


def test_an_opinion_goes_from_its_section_to_its_approval(stage):
    opinion = receive(stage)
    assert act("assign_opinion", opinion, section_id=section("koho").pk).status_code == 303
    chief = signed_in("koho-kacho")
    assert act("respond", opinion, chief, **ANSWER).status_code == 303
    assert act("send_back_response", opinion, chief, reason="").status_code == 422
    assert act("send_back_response", opinion, chief, reason="根拠を足す").status_code == 303
    shown = page(reverse("opinion", args=[opinion.pk]), signed_in("koho-tanto"))
    assert ANSWER["response"] in shown, "the draft is there to be mended"
    assert act("respond", opinion, chief, **ANSWER).status_code == 303
    assert act("approve_response", opinion, chief).status_code == 303
    assert again(opinion).state == "approved"


def test_a_bad_answer_comes_back_as_typed(stage):
    opinion = receive(stage)
    entries = AuditEntry.objects.count()
    response = act("respond", opinion, **ANSWER | {"disposition": "", "response": "書きかけ"})
    assert response.status_code == 422
    assert "書きかけ" in response.content.decode()
    assert AuditEntry.objects.count() == entries


def test_like_opinions_are_linked_by_number(stage):
    first, second = receive(stage), receive(stage)
    assert act("link_similar", second, number=99).status_code == 422
    assert act("link_similar", second, number=second.number).status_code == 422
    assert act("link_similar", second, number=first.number).status_code == 303
    assert again(second).similar_to == first


def test_a_page_that_is_too_old_is_refused(stage):
    opinion = drafted(stage)
    chief = signed_in("koho-kacho")
    assert act("approve_response", opinion, chief, seen=1).status_code == 409


def test_a_stranger_sees_nothing_and_another_section_changes_nothing(stage):
    opinion = drafted(stage)
    assert act("approve_response", opinion, signed_in("toshokan-kacho")).status_code == 403
    assert signed_in("iin-3").get(reverse("opinion", args=[opinion.pk])).status_code == 403


def test_a_second_post_of_the_form_asks_whether_it_is_somebody_elses(stage):
    client, url = signed_in(), reverse("new_opinion", args=[stage.case.revision.pk])
    given = {
        "stage_id": stage.pk,
        "channel": "citizen",
        "medium": "post",
        "received_on": "2026-11-20",
        "text": "同じ葉書の文",
    }
    assert 'name="same_as"' not in page(url, client)
    assert client.post(url, given).status_code == 303
    again = client.post(url, given)
    assert again.status_code == 422
    assert "第1号としてすでに受け付けています" in again.content.decode()
    assert 'name="same_as"' in again.content.decode()
    assert client.post(url, given | {"same_as": "1"}).status_code == 303
    assert stage.opinions.count() == 2


def test_a_pile_is_keyed_in_one_after_another(stage):
    client, url = signed_in(), reverse("new_opinion", args=[stage.case.revision.pk])
    alike = {"stage_id": stage.pk, "channel": "citizen", "medium": "post"}
    given = alike | {"received_on": "2026-11-20", "text": "一通目", "next": "1"}
    done = client.post(url, given)
    assert done.status_code == 303
    form = client.get(done["Location"]).context["form"]
    shown = {name: str(form[name].value()) for name in (*alike, "received_on")}
    assert shown == {name: str(given[name]) for name in shown}
    assert not form["text"].value()
    assert client.post(done["Location"], given | {"text": "二通目"}).status_code == 303
    assert stage.opinions.count() == 2
