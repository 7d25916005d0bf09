"""A section writes its answer."""

from functools import partial

import pytest

from revisions.inquiry import commands_answer as commands
from revisions.inquiry.models import Remark, SheetAnswer
from revisions.inquiry.queries import sheets_of
from revisions.models import Project, Revision
from tests.factories import NOON, user
from tests.revisions.inquiry.walk import (
    answer,
    counted,
    current,
    issued,
    receive,
    submit,
    target_of,
    unchanged,
)
from workflow.errors import Invalid, NotAllowed, Stale, Unmet

pytestmark = pytest.mark.django_db


@pytest.fixture
def target(city):
    return receive(target_of(issued()))


@pytest.fixture
def opinions(city):
    return receive(target_of(issued(kind="opinions")))


def sheet(target, uid="P06", **fields):
    return sheets_of(target).own_sheet(uid) | fields


def remark(target, *, by="koho-tanto", text="言い方を改めてほしい。", **more):
    return commands.add_remark(target_id=target.pk, text=text, by=user(by), at=NOON, **more)


def remove(target, uid, *, by="koho-tanto"):
    return commands.remove_answer(target_id=target.pk, uid=uid, by=user(by), at=NOON)


def test_a_section_answers_for_the_sheets_it_leads_first(city):
    inquiry = issued("koho", "koseki", "joho")
    assert [s["uid"] for s in sheets_of(target_of(inquiry)).own] == own_of("koho")
    assert own_of("koho")
    joho = sheets_of(target_of(inquiry, "joho"))
    assert [s["uid"] for s in joho.own] == own_of("joho")
    assert {s["uid"] for s in joho.shared} == shared_by("joho")


def own_of(code):
    projects = Project.objects.filter(sections__role="lead", sections__section__code=code)
    return [p.uid for p in projects.order_by("uid") if first_lead(p) == code]


def shared_by(code):
    projects = Project.objects.filter(sections__section__code=code)
    return {p.uid for p in projects if first_lead(p) != code}


def first_lead(project):
    rows = project.sections.filter(role="lead", section__isnull=False).order_by("order")
    return rows.first().section.code


def test_a_relisted_sheet_is_answered_once(city):
    uids = [s["uid"] for s in sheets_of(target_of(issued("joho"), "joho")).own]
    assert len(uids) == len(set(uids))


def test_each_kind_of_answer_is_kept_with_what_was_seen(target):
    changed = sheet(target, overview="改めた概要")
    assert answer(target, kind="edit", sheet=changed).proposed["overview"] == "改めた概要"
    assert SheetAnswer.objects.get().before == sheet(target)
    assert answer(target, kind="discontinue").proposed == {}
    assert answer(target).kind == "unchanged"
    assert SheetAnswer.objects.count() == 1


def test_what_was_seen_stays_what_it_was_when_the_draft_moves_on(target):
    Project.objects.filter(revision=target.revision, uid="P06").update(name="別の名称")
    assert answer(target).before["name"] != "別の名称"


def test_additions_are_each_their_own(target):
    new = sheet(target, name="新しい事業")
    first = answer(target, uid="", kind="add", sheet=new, place="1-2")
    second = answer(target, uid="", kind="add", sheet=new, place="2-1")
    assert (first.uid, second.uid) == ("new-1", "new-2")
    again = answer(target, uid="new-1", kind="add", sheet=new | {"name": "改"}, place="1-3")
    assert (again.pk, again.proposed["name"], again.place) == (first.pk, "改", "1-3")
    remove(target, "new-1")
    assert [a.uid for a in SheetAnswer.objects.all()] == ["new-2"]


@pytest.mark.parametrize(
    "wrong, field",
    [
        ({"kind": "perhaps"}, "kind"),
        ({"uid": "P01", "kind": "unchanged"}, "uid"),
        ({"uid": "P99", "kind": "unchanged"}, "uid"),
        ({"kind": "discontinue", "reason": " "}, "reason"),
        ({"kind": "discontinue", "dropped_as": ""}, "dropped_as"),
        ({"kind": "discontinue", "dropped_as": "perhaps"}, "dropped_as"),
        ({"kind": "unchanged", "dropped_as": "merged"}, "dropped_as"),
        ({"kind": "edit", "changed": {"name": ""}}, "name"),
        ({"kind": "edit", "changed": {"overview": "改"}, "reason": ""}, "reason"),
        ({"kind": "edit", "changed": {}}, ""),
        ({"kind": "add", "changed": {"name": "新"}, "uid": "", "place": "9-9"}, "place"),
        ({"kind": "add", "changed": {"name": ""}, "uid": "", "place": "1-2"}, "name"),
        ({"kind": "add", "changed": {"name": "新"}, "uid": "P06", "place": "1-2"}, "uid"),
    ],
)
def test_what_is_wrong_names_its_field(target, wrong, field):
    if "changed" in wrong:
        wrong = wrong | {"sheet": sheet(target) | wrong["changed"]}
        del wrong["changed"]
    before = counted()
    with pytest.raises(Invalid) as refused:
        answer(target, **wrong)
    assert refused.value.field == field
    assert counted() == before
    assert not SheetAnswer.objects.exists()


def test_unchanged_for_the_rest_keeps_what_is_there(target):
    answer(target, kind="discontinue")
    unchanged(target)
    kinds = dict(SheetAnswer.objects.values_list("uid", "kind"))
    assert kinds.pop("P06") == "discontinue"
    assert set(kinds.values()) <= {"unchanged"}
    assert set(kinds) | {"P06"} == set(own_of("koho"))


@pytest.mark.parametrize("by", ["kodomo-tanto", "joho-kacho", "iin-1", "kansa", "kanri"])
def test_nobody_else_takes_back_or_remarks(target, by):
    unchanged(target)
    before = counted()
    with pytest.raises(NotAllowed):
        remove(target, "P06", by=by)
    with pytest.raises(NotAllowed):
        remark(target, by=by)
    assert counted() == before


def test_an_incomplete_answer_does_not_go_up_and_says_where_to_go(target):
    before = counted()
    with pytest.raises(Unmet) as refused:
        submit(target)
    links = [missing.link for missing in refused.value.missing]
    assert links == [f"/answers/{target.pk}/sheets/{uid}/" for uid in own_of("koho")]
    assert counted() == before


def test_the_note_and_every_answer_are_what_the_chief_signs(target):
    answer(target, kind="edit", sheet=sheet(target, overview="改めた概要"), reason="制度改正")
    unchanged(target)
    request = submit(target, note="関係課と調整済み").request
    body = request.content.body
    for words in ("改めた概要", "制度改正", "関係課と調整済み", target.inquiry.version.sha256):
        assert words in body


def test_what_went_up_is_not_edited(target):
    unchanged(target)
    submit(target)
    seen = target.chain_length
    with pytest.raises(Stale):
        commands.submit(target_id=target.pk, by=user("koho-tanto"), at=NOON, seen=seen)


@pytest.mark.parametrize(
    "act", [commands.answer_all_unchanged, partial(commands.answer_sheet, uid="P06", kind="edit")]
)
def test_a_page_older_than_a_colleagues_answer_is_stale(target, act):
    seen = target.chain_length
    answer(target)
    with pytest.raises(Stale):
        act(target_id=target.pk, by=user("koho-kacho"), at=NOON, seen=seen)


def test_an_inquiry_for_opinions_asks_for_no_sheet(opinions):
    assert sheets_of(opinions).own == []
    for act in (answer, unchanged):
        with pytest.raises(Invalid):
            act(opinions)


def test_remarks_are_written_and_taken_back(opinions):
    first = remark(opinions, project_uid="P06", place="概要", proposal="こう書く")
    remark(opinions)
    commands.remove_remark(remark_id=first.pk, by=user("koho-kacho"), at=NOON)
    assert [r.project_uid for r in Remark.objects.all()] == [""]
    submit(opinions)
    assert current(opinions).state == "in_review"


def test_only_who_wrote_a_remark_takes_it_back(opinions):
    first = remark(opinions)
    before = counted()
    with pytest.raises(NotAllowed):
        commands.remove_remark(remark_id=first.pk, by=user("kodomo-tanto"), at=NOON)
    assert counted() == before


@pytest.mark.parametrize(
    "wrong, field", [({"text": " "}, "text"), ({"project_uid": "P99"}, "project_uid")]
)
def test_a_remark_has_words_and_a_place_that_is_there(opinions, wrong, field):
    with pytest.raises(Invalid) as refused:
        remark(opinions, **wrong)
    assert refused.value.field == field


def test_an_inquiry_for_projects_takes_no_remark(target):
    with pytest.raises(Invalid):
        remark(target)


def test_a_department_without_a_chief_says_so(target):
    unchanged(target)
    target.section.posts.filter(rank="section_chief").update(rank="staff")
    with pytest.raises(Unmet):
        submit(target)
    assert Revision.objects.count() == 1
