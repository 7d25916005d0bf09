import json
from copy import deepcopy

import pytest

from revisions.plan import parts
from revisions.plan.consistency import check
from revisions.plan.content import numbers
from revisions.plan.queries import content_of, sheet_of
from tests.counting import at_most
from tests.factories import NOON, user
from tests.revisions.drafts import demo_content, running_revision
from workflow.audit.chain import digest
from workflow.errors import Invalid

pytestmark = pytest.mark.django_db


def plain(content):
    return {key: content[key] for key in ("plan", "policies", "projects")}


def frozen(revision):
    return parts.freeze(revision, label="試験", by=user("joho-tanto"), at=NOON)


def test_what_was_loaded_is_read_back(city):
    assert plain(content_of(running_revision())) == demo_content()


def test_the_draft_is_read_in_a_constant_number_of_statements(city):
    revision = running_revision()
    with at_most(8):
        content_of(revision)
    with at_most(4):
        sheet_of(revision, "P01")


def test_load_refuses_a_section_that_is_not_there(city):
    content = deepcopy(demo_content())
    content["projects"][0]["lead"] = ["nowhere"]
    with pytest.raises(Invalid, match="nowhere"):
        running_revision(content=content)


def test_load_refuses_a_plan_that_contradicts_itself(city):
    content = deepcopy(demo_content())
    content["projects"][0]["name"] = ""
    with pytest.raises(Invalid, match="名称"):
        running_revision(content=content)


def test_a_version_is_the_canonical_text_and_its_digest(city):
    revision = running_revision()
    version = frozen(revision)
    assert (version.number, version.sha256) == (1, digest(version.content))
    assert json.loads(version.content)["sections"]["joho"] == "情報システム課"


def test_the_same_content_is_one_version(city):
    revision = running_revision()
    first = frozen(revision)
    assert frozen(revision) == first
    parts.apply_sheet(revision, "P01", sheet_of(revision, "P01") | {"name": "改めた名称"})
    assert frozen(revision).number == 2


def test_a_sheet_is_replaced_whole(city):
    revision = running_revision()
    sheet = sheet_of(revision, "P01") | {
        "lead": ["koho", {"class": "各施設所管課等"}],
        "actions": [],
    }
    parts.apply_sheet(revision, "P01", sheet)
    assert sheet_of(revision, "P01") == sheet


def test_a_relisting_shows_its_original(city):
    revision = running_revision()
    parts.apply_sheet(revision, "P21", sheet_of(revision, "P21") | {"name": "改めた名称"})
    content = content_of(revision)
    places = [
        place["project"]
        for policy in content["policies"]
        for program in policy["programs"]
        for place in program["placements"]
    ]
    assert places.count("P21") == 2
    assert [p["name"] for p in content["projects"] if p["uid"] == "P21"] == ["改めた名称"]


def test_a_discontinued_project_leaves_every_place_and_the_rest_move_up(city):
    revision = running_revision()
    assert numbers(content_of(revision))["P28"] == "2-3-(3)"
    parts.discontinue(revision, "P21")
    content = content_of(revision)
    assert check(plain(content)) == []
    assert "P21" not in numbers(content)
    assert numbers(content)["P28"] == "2-3-(2)"


def test_a_new_project_stands_last_in_its_program(city):
    revision = running_revision()
    sheet = sheet_of(revision, "P01") | {"name": "新しい事業", "status": "new"}
    uid = parts.add_project(revision, sheet, place="1-2")
    assert uid == "P39"
    content = content_of(revision)
    assert numbers(content)[uid] == "1-2-(5)"
    assert check(plain(content)) == []


@pytest.mark.parametrize("place", ["", "9-9", "1", "一-二", "1-2-3"])
def test_a_new_project_needs_a_program_that_is_there(city, place):
    revision = running_revision()
    with pytest.raises(Invalid):
        parts.add_project(revision, sheet_of(revision, "P01"), place=place)


def test_a_uid_is_not_given_twice(city):
    revision = running_revision()
    sheet = sheet_of(revision, "P01")
    parts.discontinue(revision, parts.add_project(revision, sheet, place="1-2"))
    assert parts.add_project(revision, sheet, place="1-2") == "P40"


def test_what_a_plan_did_not_carry_over_stays_behind_when_it_is_revised(city):
    gone = {"uid": "P99", "name": "定点カメラ", "as": "achieved", "because": ""}
    revision = running_revision(content=plain(demo_content()) | {"dropped": [gone]})
    assert "dropped" not in content_of(revision)
