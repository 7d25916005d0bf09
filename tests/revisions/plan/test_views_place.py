"""The pages on which the secretariat moves, relists, merges and splits projects of the draft."""

import pytest
from django.urls import reverse

from revisions.plan import commands, parts
from revisions.plan.cells import initial_of
from revisions.plan.content import numbers
from revisions.plan.forms import SheetForm
from revisions.plan.forms_place import slots
from revisions.plan.queries import content_of, fingerprint, places_of, sheet_of
from revisions.plan.states import DropReason
from tests.counting import at_most
from tests.factories import NOON, user
from tests.revisions.drafts import running_revision
from tests.revisions.plan.contents import plan
from tests.revisions.plan.posted import posted
from tests.revisions.plan.test_commands import counted, edit
from tests.revisions.plan.test_commands_join import merge_projects
from tests.revisions.plan.test_commands_place import relist_project
from tests.revisions.plan.test_views import signed_in

pytestmark = pytest.mark.django_db

PAGES = ["move_sheet", "relist_sheet", "merge_sheet", "split_sheet"]


@pytest.fixture
def revision(city):
    return running_revision()


def url(name, revision, uid="P05", query=""):
    return reverse(name, args=[revision.pk, uid]) + query


def told(revision, **given):
    return {"seen": fingerprint(places_of(revision)), "reason": "見直し"} | given


@pytest.mark.parametrize("name", [*PAGES, "sheet"])
def test_every_page_opens_in_few_statements(revision, name):
    client = signed_in()
    for query in ("", "?other=P06") if name == "merge_sheet" else ("",):
        with at_most(20):
            assert client.get(url(name, revision, query=query)).status_code == 200


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("username, status", [("koho-tanto", 403), ("kansa", 403), ("iin-1", 403)])
def test_only_the_secretariat_gets_them(revision, name, username, status):
    assert signed_in(username).get(url(name, revision)).status_code == status


@pytest.mark.parametrize("name", [*PAGES, "edit_sheet"])
def test_a_draft_that_is_done_says_why_it_stays(revision, name):
    revision.withdraw(at=NOON)
    revision.save()
    response = signed_in().get(url(name, revision))
    assert response.status_code == 409
    assert "取下げ" in response.content.decode()


def test_a_level_that_the_revision_leaves_alone_is_locked_and_says_why(city):
    revision = running_revision("annual_review")
    shown = signed_in().get(reverse("draft", args=[revision.pk])).content.decode()
    for level in ("基本理念・基本方針", "事業推進計画"):
        assert f"「毎年度見直し」では{level}を変更できません。" in shown
    for place in ("", "1", "1-2"):
        response = signed_in().get(reverse("edit_heading", args=[revision.pk]), {"place": place})
        assert response.status_code == 409
        assert "毎年度見直し" in response.content.decode()


def test_a_project_is_moved_to_where_it_was_put(revision):
    client = signed_in()
    client.post(url("move_sheet", revision), told(revision, slot="1-2:2"))
    assert numbers(content_of(revision))["P05"] == "1-2-(2)"
    assert "1-1-(5) → 1-2-(2)" in client.get(url("sheet", revision)).content.decode()


def test_the_places_are_told_by_their_neighbours():
    content = plan()
    found = slots(content, moving="1-1-(1)", without=["2-1"])
    assert found == [
        ("1-1 手続のデジタル化", [("1-1:2", "1-1 の最後")]),
        ("1-2 地域のICT", [("1-2:1", "1-2-(1) 学校のICTの前"), ("1-2:2", "1-2 の最後")]),
    ]
    assert slots(content, moving="1-1-(2)")[0][1] == [("1-1:1", "1-1-(1) 手続のオンライン化の前")]


def test_a_relisting_is_made_moved_and_ended(revision):
    client = signed_in()
    client.post(url("relist_sheet", revision), told(revision, slot="1-2:1"))
    assert places_of(revision)["1-2-(1)"] == "P05"
    shown = client.get(url("sheet", revision, query="?at=1-2-(1)")).content.decode()
    assert "再掲をやめる" in shown
    at = "?at=1-2-(1)"
    client.post(url("move_sheet", revision, query=at), told(revision, slot="1-3:1"))
    assert places_of(revision)["1-3-(1)"] == "P05"
    given = told(revision, place="1-3-(1)")
    blank = client.post(url("unlist_sheet", revision, query="?at=1-3-(1)"), given | {"reason": ""})
    assert (blank.status_code, places_of(revision)["1-3-(1)"]) == (422, "P05")
    assert client.post(url("unlist_sheet", revision), given).status_code == 303
    assert list(places_of(revision).values()).count("P05") == 1


@pytest.mark.parametrize("name", ["move_sheet", "relist_sheet"])
def test_a_missing_or_stale_place_comes_back(revision, name):
    client, before = signed_in(), counted()
    given = told(revision, slot="1-2:1")
    for wrong in ({"slot": ""}, {"slot": "9-9:1"}, {"reason": ""}):
        assert client.post(url(name, revision), given | wrong).status_code == 422
    assert counted() == before
    relist_project(revision, uid="P06", slot=("1-1", 1))
    assert client.post(url(name, revision), given).status_code == 409


@pytest.mark.parametrize("query", ["?at=1-2-(1)", "?at=9-9-(9)"])
def test_a_place_where_it_does_not_stand_is_no_page(revision, query):
    assert signed_in().get(url("move_sheet", revision, query=query)).status_code == 404


def decided(page, **chosen):
    """What a browser sends of the page on which two become one, all of it as the first has it."""
    form = page.context["form"]
    sent = {"seen": page.context["seen"], "reason": "重なるため"}
    for name in form.decides:
        sent[form[name].html_name] = "into"
    for rows in form.rows.values():
        for member in [rows.management_form, *rows.forms]:
            sent |= {b.html_name: b.value() for b in member if b.value() not in (None, False)}
    return sent | {f"merge-{name.replace('__', '-')}": value for name, value in chosen.items()}


def test_two_projects_are_read_side_by_side_and_merged(revision):
    client, other = signed_in(), sheet_of(revision, "P06")
    page = client.get(url("merge_sheet", revision, query="?other=P06"))
    assert other["overview"] in page.content.decode()
    given = decided(page, name="own", own__name="発信の強化", aims="taken", lead="own")
    response = client.post(url("merge_sheet", revision, query="?other=P06"), given)
    assert response.status_code == 303
    sheet = sheet_of(revision, "P05")
    assert (sheet["name"], sheet["aims"]) == ("発信の強化", other["aims"])
    assert sheet["lead"] == ["kodomo", "koho"]
    assert not revision.projects.filter(uid="P06", is_discontinued=False).exists()


def test_a_merger_that_is_not_decided_or_stale_comes_back(revision):
    client, before = signed_in(), counted()
    address = url("merge_sheet", revision, query="?other=P06")
    given = decided(client.get(address))
    for wrong in ({"merge-name": ""}, {"reason": ""}, {"merge-name": "own", "merge-own-name": ""}):
        assert client.post(address, given | wrong).status_code == 422
    assert counted() == before
    edit(revision, uid="P06", aims="改めた目標")
    assert client.post(address, given).status_code == 409


@pytest.mark.parametrize("other", ["P05", "P99", ""])
def test_only_another_project_can_be_taken_in(revision, other):
    response = signed_in().get(url("merge_sheet", revision, query=f"?other={other}"))
    assert response.status_code == 422


def halves(revision, **changes):
    sheet = sheet_of(revision, "P05")
    copy = {**initial_of(sheet), "name": ""}
    stays = posted(SheetForm(plan=revision.plan, sheet=sheet))
    goes = posted(SheetForm(plan=revision.plan, initial=copy, prefix="new"))
    words = {
        "sheet-overview": "残る概要",
        "new-name": "分けた事業",
        "new-overview": "移る概要",
        "seen": fingerprint(sheet),
        "slot": "1-2:1",
        "reason": "担当が分かれるため",
    }
    return stays | goes | words | changes


def test_a_project_is_written_apart(revision):
    client = signed_in()
    assert client.post(url("split_sheet", revision), halves(revision)).status_code == 303
    uid = places_of(revision)["1-2-(1)"]
    assert sheet_of(revision, uid)["overview"] == "移る概要"
    assert sheet_of(revision, "P05")["overview"] == "残る概要"


@pytest.mark.parametrize(
    "changes", [{"new-name": ""}, {"slot": ""}, {"reason": ""}, {"sheet-name": ""}]
)
def test_a_bad_half_comes_back_as_typed(revision, changes):
    before = counted()
    response = signed_in().post(url("split_sheet", revision), halves(revision, **changes))
    assert (response.status_code, counted()) == (422, before)
    assert "移る概要" in response.content.decode()


@pytest.mark.parametrize("half", ["sheet", "new"])
def test_rows_are_added_to_either_half_without_a_script(revision, half):
    given = halves(revision) | {f"{half}-more": "actions"}
    response = signed_in().post(url("split_sheet", revision), given)
    assert response.status_code == 200
    shown = response.context["stays" if half == "sheet" else "new"].rows["actions"]
    typed = int(given[f"{half}-actions-TOTAL_FORMS"])
    assert len(shown.forms) == typed + 3
    assert "担当が分かれるため" in response.content.decode()


def test_what_was_merged_says_into_what(city):
    revision = running_revision()
    first = parts.freeze(revision, label="現計画", by=user("joho-tanto"), at=NOON)
    revision.base = first
    revision.save(update_fields=["base"])
    merge_projects(revision, uid="P05", other="P06")
    words = {"uid": "P03", "reason": "完了", "by": user("joho-tanto"), "at": NOON}
    commands.discontinue_project(revision_id=revision.pk, dropped_as=DropReason.ACHIEVED, **words)
    client = signed_in()
    with at_most(20):
        shown = client.get(reverse("draft", args=[revision.pk]))
    gone = {row["uid"]: row["into"] for row in shown.context["dropped"]}
    assert gone == {"P06": ("1-1-(4)", sheet_of(revision, "P05")["name"]), "P03": None}
