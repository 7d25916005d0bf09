import json
import re

import pytest
from django.test import Client
from django.urls import reverse

from revisions.models import Plan, Revision
from revisions.plan import commands, parts
from revisions.plan.forms import SheetForm
from revisions.plan.queries import fingerprint, sheet_of
from tests.counting import at_most
from tests.factories import NOON, user
from tests.revisions.drafts import running_revision
from tests.revisions.plan.posted import posted
from workflow.access import grant
from workflow.models import AuditEntry, Body

pytestmark = pytest.mark.django_db


def signed_in(username="joho-tanto"):
    client = Client()
    client.force_login(user(username))
    return client


@pytest.fixture
def revision(city):
    """A revision whose plan is in force, its first version; one sheet of the draft is changed."""
    revision = running_revision()
    first = parts.freeze(revision, label="現計画", by=user("joho-tanto"), at=NOON)
    Plan.objects.update(current=first)
    revision.base = first
    revision.save(update_fields=["base"])
    sheet = sheet_of(revision, "P05") | {"overview": "改めた概要。"}
    commands.edit_sheet(
        revision_id=revision.pk,
        uid="P05",
        sheet=sheet,
        reason="誤記",
        by=user("joho-tanto"),
        at=NOON,
    )
    revision = Revision.objects.get(pk=revision.pk)
    parts.freeze(revision, label="素案", by=user("joho-tanto"), at=NOON)
    return revision


def versions(revision):
    return [version.pk for version in revision.versions.order_by("number")]


def sent(revision, uid="P01", **changes):
    sheet = sheet_of(revision, uid)
    form = posted(SheetForm(plan=revision.plan, sheet=sheet))
    return form | {"seen": fingerprint(sheet), "reason": "誤記の訂正"} | changes


def edit_url(revision, uid="P01"):
    return reverse("edit_sheet", args=[revision.pk, uid])


def test_every_page_opens_in_few_statements(revision):
    client, (first, second) = signed_in(), versions(revision)
    for url in (
        reverse("plans"),
        reverse("plan", args=["ict-2021"]),
        reverse("version", args=[first]),
        reverse("compare", args=[first, second]),
        reverse("draft", args=[revision.pk]),
        reverse("sheet", args=[revision.pk, "P05"]),
        reverse("add_sheet", args=[revision.pk]),
        edit_url(revision),
        reverse("edit_heading", args=[revision.pk]) + "?place=1-2",
    ):
        with at_most(20):
            response = client.get(url)
        assert response.status_code == 200, url


def test_the_chart_is_filtered_by_section_and_words(revision):
    url = reverse("plan", args=["ict-2021"])
    told = signed_in().get(url, {"words": "電子書籍", "section": "toshokan"})
    page = told.content.decode()
    assert "電子書籍の導入検討" in page
    assert "テレワーク勤務制度の推進" not in page


def test_a_relisting_says_so_and_leads_to_its_original(revision):
    url = reverse("sheet", args=[revision.pk, "P21"])
    page = signed_in().get(url, {"at": "2-3-(2)"}).content.decode()
    assert "ここは再掲です" in page
    assert edit_url(revision, "P21") not in page


def test_the_download_is_what_was_hashed(revision):
    version = revision.versions.get(number=1)
    response = signed_in().get(reverse("version_json", args=[version.pk]))
    assert response["Content-Type"] == "application/json"
    assert response.content == version.content.encode()
    assert json.loads(response.content)["plan"]["code"] == "ict-2021"


def test_the_comparison_shows_what_changed_and_nothing_else(revision):
    page = signed_in().get(reverse("compare", args=versions(revision))).content.decode()
    assert "オンラインによる母子保健相談" in page
    assert "各種手続のオンライン化の推進" not in page


def test_two_versions_are_compared_older_first(revision):
    first, second = versions(revision)
    url = reverse("compare_pick", args=["ict-2021"])
    response = signed_in().get(url, {"before": second, "after": first})
    assert response["Location"] == reverse("compare", args=[first, second])
    assert signed_in().get(url, {"before": "x"}).status_code == 422
    same = signed_in().get(url, {"before": first, "after": first})
    assert same.status_code == 422
    assert "前の版とは別の版を選んでください。" in same.content.decode()


def test_a_body_reads_the_version_it_was_sent_and_no_other(revision):
    first, second = versions(revision)
    body = Body.objects.get(code="iinkai")
    grant("view_planversion", body.group, revision.versions.get(pk=second))
    client = signed_in("iin-3")
    assert client.get(reverse("version", args=[second])).status_code == 200
    for url in (
        reverse("version", args=[first]),
        reverse("version_json", args=[first]),
        reverse("compare", args=[first, second]),
        reverse("draft", args=[revision.pk]),
        reverse("sheet", args=[revision.pk, "P05"]),
    ):
        assert client.get(url).status_code == 404, url


def test_a_sheet_is_changed_with_a_reason(revision):
    data = sent(revision, **{"sheet-overview": "新しい概要。"})
    response = signed_in().post(edit_url(revision), data)
    assert (response.status_code, response["Location"]) == (
        303,
        reverse("sheet", args=[revision.pk, "P01"]),
    )
    assert sheet_of(revision, "P01")["overview"] == "新しい概要。"


@pytest.mark.parametrize(
    "changes, told",
    [
        ({"sheet-overview": "途中", "sheet-name": ""}, "入力してください。"),
        ({"sheet-overview": "途中", "reason": ""}, "入力してください。"),
        ({}, "変更した項目がありません。"),
    ],
)
def test_a_bad_sheet_comes_back_as_typed(revision, changes, told):
    entries = AuditEntry.objects.count()
    response = signed_in().post(edit_url(revision), sent(revision, **changes))
    assert response.status_code == 422
    assert told in response.content.decode()
    assert changes.get("sheet-overview", "") in response.content.decode()
    assert AuditEntry.objects.count() == entries


def test_rows_are_added_without_a_script(revision):
    data = sent(revision, **{"sheet-name": "書きかけ", "sheet-more": "actions", "reason": "途中"})
    response = signed_in().post(edit_url(revision), data)
    page = response.content.decode()
    assert response.status_code == 200
    assert "書きかけ" in page
    assert "途中" in page
    assert "入力を確かめてください" not in page


def test_a_sheet_that_moved_meanwhile_is_refused(revision):
    data = sent(revision, **{"sheet-overview": "新しい概要。", "seen": "older"})
    response = signed_in().post(edit_url(revision), data)
    assert response.status_code == 409
    kept = response.context["kept"]
    assert kept["概要"] == "新しい概要。"
    assert kept["主管課等 1行目"].startswith("課：")
    assert not [label for label in kept if re.search("[A-Za-z]", label)]


def test_only_the_secretariat_edits(revision):
    client = signed_in("koho-kacho")
    assert client.get(reverse("sheet", args=[revision.pk, "P01"])).status_code == 200
    assert client.post(edit_url(revision), sent(revision)).status_code == 403
    gone = reverse("discontinue", args=[revision.pk, "P01"])
    assert client.post(gone, {"reason": "完了", "dropped_as": "achieved"}).status_code == 403


def test_a_project_is_added_and_taken_out(revision):
    data = sent(revision, **{"sheet-name": "新しい事業", "place": "1-2"})
    response = signed_in().post(reverse("add_sheet", args=[revision.pk]), data)
    assert response.status_code == 303
    uid = response["Location"].split("/")[-2]
    assert sheet_of(revision, uid)["name"] == "新しい事業"
    gone = reverse("discontinue", args=[revision.pk, uid])
    assert signed_in().post(gone, {"reason": "", "dropped_as": "merged"}).status_code == 422
    assert signed_in().post(gone, {"reason": "取りやめ"}).status_code == 422
    assert signed_in().post(gone, {"reason": "取りやめ", "dropped_as": "merged"}).status_code == 303
    assert signed_in().get(reverse("sheet", args=[revision.pk, uid])).status_code == 404
    page = signed_in().get(reverse("draft", args=[revision.pk]))
    assert page.context["dropped"] == [
        {"uid": uid, "name": "新しい事業", "word": "統合", "because": "取りやめ", "into": None}
    ]


def test_a_heading_is_changed_where_the_revision_may(revision):
    url = reverse("edit_heading", args=[revision.pk])
    shown = signed_in().get(f"{url}?place=1-2").context["seen"]
    given = {"name": "新しい見出し", "aim": "ねらい", "reason": "言い直し", "seen": shown}
    assert signed_in().post(f"{url}?place=1-2", given).status_code == 303
    late = signed_in().post(f"{url}?place=1-2", given | {"name": "遅れた見出し"})
    assert late.status_code == 409
    assert "遅れた見出し" in late.content.decode()
    assert "新しい見出し" in signed_in().get(reverse("draft", args=[revision.pk])).content.decode()
    assert signed_in().post(f"{url}?place=1", given).status_code == 409
    assert signed_in().get(f"{url}?place=9-9").status_code == 404


def test_a_version_is_drawn_once_in_each_language(revision, monkeypatch):
    first, second = (reverse("version", args=[pk]) for pk in versions(revision))
    compared = reverse("compare", args=versions(revision))
    client = signed_in()

    def main(url, **more):
        return client.get(url, **more).content.decode().partition("<main")[2]

    before = {url: main(url) for url in (first, second, compared)}
    assert main(first, headers={"Accept-Language": "en"}) != before[first]
    assert before[first] != before[second]
    assert main(compared, query_params={"side": 1}) != before[compared]
    monkeypatch.setattr("revisions.plan.reading.pages", None)
    monkeypatch.setattr("revisions.plan.leaves.plan_diff", None)
    assert {url: main(url) for url in before} == before


def test_what_is_to_be_settled_is_told_with_where_it_is_mended(revision):
    parts.apply_sheet(revision, "P03", sheet_of(revision, "P03") | {"rationale": ""})
    url = reverse("draft_check", args=[revision.pk])
    assert url in signed_in().get(reverse("draft", args=[revision.pk])).content.decode()
    rows = signed_in().get(url).context["rows"]
    [row] = [row for row in rows if row["uid"] == "P03"]
    assert (row["number"], row["is_error"]) == ("1-1-(3)", False)
    assert row["url"].endswith("/sheets/P03/edit/#id_sheet-rationale")
    assert 'id="id_sheet-rationale"' in signed_in().get(row["url"]).content.decode()
    [row, *_] = [row for row in rows if row["field"] == "indicators"]
    assert 'id="sheet-indicators"' in signed_in().get(row["url"]).content.decode()
    assert signed_in("koho-kacho").get(url).status_code == 403
