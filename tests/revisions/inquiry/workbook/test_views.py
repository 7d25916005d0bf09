"""The page of a workbook: who may open it, what is read, and that nothing is saved unasked."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from revisions.inquiry import commands
from revisions.inquiry.models import SheetAnswer
from revisions.inquiry.queries import sheets_of
from revisions.inquiry.states import TargetState as S
from revisions.inquiry.workbook.models import Upload
from tests.counting import at_most
from tests.factories import NOON, user
from tests.revisions.inquiry.test_answers import remark, sheet
from tests.revisions.inquiry.test_views import client, page
from tests.revisions.inquiry.walk import (
    answer,
    counted,
    current,
    issued,
    receive,
    target_at,
    target_of,
    unchanged,
)
from tests.revisions.inquiry.workbook.filling import filled, shuffled, squares

pytestmark = pytest.mark.django_db

SECTION, SECRETARIAT = "koho-tanto", "joho-tanto"
EDIT = {"P06/kind": "変更あり", "P06/reason": "見直し", "P06/overview": "改めた概要"}


@pytest.fixture(autouse=True)
def the_city(city):
    """Every test walks it."""


@pytest.fixture
def target():
    return receive(target_of(issued()))


def taken(target, username=SECTION):
    response = client(username).get(page(target, "workbook/file/"))
    assert response.status_code == 200
    return response.content


def send(target, body, username=SECTION, name="返送.xlsx"):
    file = SimpleUploadedFile(name, body)
    return client(username).post(page(target, "workbook/"), {"file": file})


def shown(target, username=SECTION):
    return client(username).get(page(target, "workbook/"))


def accept(target, username=SECTION, **more):
    form = shown(target, username).context["accept"]
    data = {"seen": form.initial["seen"], "file": form.initial["file"]} | more
    return client(username).post(page(target, "workbook/save/"), data)


def test_the_whole_way(target):
    before = counted()
    assert send(target, filled(taken(target), EDIT, shuffled(7))).status_code == 303
    assert counted() == before
    seen = shown(target)
    assert [row["uid"] for row in seen.context["changes"]] == ["P06"]
    assert "返送.xlsx" in seen.content.decode()
    response = accept(target)
    assert (response.status_code, response["Location"]) == (303, page(target))
    saved = target.answers.get()
    assert (saved.uid, saved.kind, saved.reason) == ("P06", "edit", "見直し")
    assert saved.proposed == sheet(target, overview="改めた概要")
    assert counted() == (before[0] + 1, before[1])
    assert not Upload.objects.exists()


def test_an_untouched_workbook_offers_nothing_to_accept(target):
    unchanged(target)
    send(target, taken(target))
    seen = shown(target)
    assert "いまの回答から変わるところはありません" in seen.content.decode()
    assert "accept-form" not in seen.content.decode()


def test_everything_else_unchanged_is_one_cell(target):
    uids = [own["uid"] for own in sheets_of(target).own]
    send(target, filled(taken(target), EDIT | {"cover/rest": "はい"}))
    assert [row["uid"] for row in shown(target).context["unchanged"]] == uids[1:]
    accept(target)
    assert dict(target.answers.values_list("uid", "kind")) == dict.fromkeys(uids, "unchanged") | {
        "P06": "edit"
    }


def test_a_project_is_added_and_taken_back(target):
    new = {
        "new-1/name": "新しい事業",
        "new-1/place": "1-2",
        "new-1/reason": "要望",
        "new-1/actions/0/text": "準備",
        "new-1/actions/0/first": "R4",
    }
    send(target, filled(taken(target), new))
    accept(target)
    added = target.answers.get()
    assert (added.kind, added.place, added.proposed["name"]) == ("add", "1-2", "新しい事業")
    assert added.proposed["lead"] == ["koho"]
    body = taken(target)
    keys = squares(load_workbook(BytesIO(body)))
    send(target, filled(body, {key: None for key in keys if key.startswith("new-1/")}))
    assert [row["uid"] for row in shown(target).context["removed"]] == ["new-1"]
    accept(target)
    assert not target.answers.exists()


def test_an_answer_is_taken_back_by_emptying_it(target):
    unchanged(target)
    send(target, filled(taken(target), {"P06/kind": None}))
    accept(target)
    assert not target.answers.filter(uid="P06").exists()


def test_what_both_sides_changed_is_for_the_person_to_choose(target):
    body = filled(taken(target), EDIT)
    answer(target, kind="edit", sheet=sheet(target, overview="画面の概要"), reason="見直し")
    send(target, body)
    seen = shown(target)
    [clash] = seen.context["review"].clashes
    assert (clash.now, clash.mine) == ("画面の概要", "改めた概要")
    assert clash.sheet == "個別事業1-2-(1)"
    assert accept(target).status_code == 422
    assert target.answers.get().proposed["overview"] == "画面の概要"
    assert accept(target, pick_0="mine").status_code == 303
    assert target.answers.get().proposed["overview"] == "改めた概要"


def test_the_answer_as_it_is_may_win(target):
    body = filled(taken(target), EDIT | {"P06/aims": "改めた目標"})
    answer(target, kind="edit", sheet=sheet(target, overview="画面の概要"), reason="見直し")
    send(target, body)
    accept(target, pick_0="now")
    saved = target.answers.get().proposed
    assert (saved["overview"], saved["aims"]) == ("画面の概要", "改めた目標")


def test_what_a_choice_may_mend_is_told_after_the_choice(target):
    body = filled(taken(target), EDIT)
    answer(target, kind="unchanged", reason="")
    send(target, body)
    seen = shown(target)
    [clash] = seen.context["review"].clashes
    assert (clash.now, clash.mine) == ("変更なし", "変更あり")
    assert not seen.context["review"].faults
    assert 'form="accept-form"' in seen.content.decode()
    refused = accept(target, pick_0="now")
    assert refused.status_code == 422
    text = refused.content.decode()
    assert "回答は「変更なし」ですが、内容が書き直されています。" in text
    assert 'form="accept-form"' in text
    assert target.answers.get().kind == "unchanged"
    assert accept(target, pick_0="mine").status_code == 303
    assert target.answers.get().proposed["overview"] == "改めた概要"


def test_what_is_wrong_elsewhere_is_told_beside_a_conflict(target):
    other = sheets_of(target).own[1]["uid"]
    body = filled(taken(target), EDIT | {f"{other}/kind": "どちらでもない"})
    answer(target, kind="unchanged", reason="")
    send(target, body)
    seen = shown(target)
    assert [fault.label.split()[-1] for fault in seen.context["review"].faults] == ["回答"]
    assert 'form="accept-form"' in seen.content.decode()
    assert accept(target, pick_0="mine").status_code == 422
    assert target.answers.get().kind == "unchanged"


def test_many_conflicts_are_settled_at_once_but_for_those_chosen(target):
    body = filled(taken(target), EDIT | {"P06/aims": "改めた目標"})
    now = sheet(target, overview="画面の概要", aims="画面の目標")
    answer(target, kind="edit", sheet=now, reason="見直し")
    send(target, body)
    labels = [clash.label.split()[-1] for clash in shown(target).context["review"].clashes]
    accept(target, every="mine", **{f"pick_{labels.index('目指すもの')}": "now"})
    saved = target.answers.get().proposed
    assert (saved["overview"], saved["aims"]) == ("改めた概要", "画面の目標")


def test_a_table_whose_rows_moved_meanwhile_is_one_conflict(target):
    moved = sheet(target)["actions"] + [{"text": "画面の取組", "spans": []}]
    body = filled(taken(target), EDIT | {"P06/actions/1/text": "Excelの取組"})
    answer(target, kind="edit", sheet=sheet(target, actions=moved), reason="見直し")
    send(target, body)
    [clash] = shown(target).context["review"].clashes
    assert clash.key == "P06/actions"
    accept(target, pick_0="mine")
    assert [a["text"] for a in target.answers.get().proposed["actions"]][1:] == ["Excelの取組"]


def test_a_stale_preview_saves_nothing_and_compares_anew(target):
    send(target, filled(taken(target), EDIT))
    stale = shown(target).context["accept"].initial
    answer(target, kind="edit", sheet=sheet(target, overview="画面の概要"), reason="見直し")
    response = client(SECTION).post(page(target, "workbook/save/"), stale)
    assert response.status_code == 409
    assert "画面を開いたあとに" in response.content.decode()
    assert [c.now for c in response.context["review"].clashes] == ["画面の概要"]
    assert target.answers.get().proposed["overview"] == "画面の概要"


def test_another_file_sent_in_another_tab_is_not_accepted_unseen(target):
    body = taken(target)
    send(target, filled(body, EDIT))
    first = shown(target).context["accept"].initial
    send(target, filled(body, EDIT | {"P06/overview": "別の概要"}))
    response = client(SECTION).post(page(target, "workbook/save/"), first)
    assert response.status_code == 422
    assert not target.answers.exists()


def test_faults_are_told_by_sheet_and_cell_and_marked_in_a_copy(target):
    wrong = {"P06/kind": "変更あり", "P06/name": None, "P06/actions/0/first": "いつか"}
    send(target, filled(taken(target), wrong))
    seen = shown(target)
    faults = seen.context["review"].faults
    assert {(f.sheet, f.label) for f in faults} >= {
        ("個別事業1-2-(1)", "個別事業1-2-(1) 名称"),
        ("個別事業1-2-(1)", "個別事業1-2-(1) 取組1 から"),
    }
    assert "「個別事業1-2-(1)」シートのD" in seen.content.decode()
    assert accept(target).status_code == 422
    assert not target.answers.exists()
    copy = load_workbook(BytesIO(client(SECTION).get(page(target, "workbook/marks/")).content))
    for fault in faults:
        assert fault.said in copy[fault.sheet][fault.at].comment.text
        assert copy[fault.sheet][fault.at].fill.start_color.rgb == "FFFFB3B3"


def test_a_marked_copy_that_was_mended_goes_through(target):
    wrong = EDIT | {"P06/name": None, "P06/aims": "=HYPERLINK(1)"}
    book = load_workbook(BytesIO(filled(taken(target), wrong)))
    squares(book)["P06/rationale"].value = "=1+2"
    body = BytesIO()
    book.save(body)
    send(target, body.getvalue())
    assert len(shown(target).context["review"].faults) == 2
    copy = client(SECTION).get(page(target, "workbook/marks/")).content
    assert squares(load_workbook(BytesIO(copy)))["P06/rationale"].data_type == "s"
    send(target, filled(copy, {"P06/name": "SNS等による発信", "P06/rationale": "根拠"}))
    accept(target)
    saved = target.answers.get().proposed
    assert (saved["name"], saved["aims"]) == ("SNS等による発信", "=HYPERLINK(1)")


def test_what_was_sent_can_be_thrown_away(target):
    send(target, filled(taken(target), EDIT))
    client(SECTION).post(page(target, "workbook/drop/"))
    assert not Upload.objects.exists()
    assert client(SECTION).get(page(target, "workbook/marks/")).status_code == 404
    assert client(SECTION).post(page(target, "workbook/save/")).status_code == 404


def test_what_one_sent_another_does_not_see(target):
    send(target, filled(taken(target), EDIT))
    assert "upload" not in shown(target, "koho-kacho").context
    assert client("koho-kacho").get(page(target, "workbook/marks/")).status_code == 404


def test_opinions_by_workbook():
    target = receive(target_of(issued(kind="opinions")))
    first, second = remark(target, text="古い意見"), remark(target, text="要らない意見")
    body = taken(target)
    keys = [key for key in squares(load_workbook(BytesIO(body))) if key.endswith("/text")]
    fresh = keys[2].removesuffix("/text")
    values = {
        f"remarks/{first.pk}/text": "改めた意見",
        f"remarks/{second.pk}/text": None,
        f"{fresh}/text": "新しい意見",
        f"{fresh}/project_uid": "1-2-(1)",
    }
    body = filled(body, values, shuffled(3))
    send(target, body)
    assert "新しい意見" in shown(target).content.decode()
    accept(target)
    found = target.remarks.values_list("text", "project_uid")
    assert list(found) == [("改めた意見", ""), ("新しい意見", "P06")]
    send(target, body)  # the same file once more
    assert not shown(target).context["review"].outcome
    assert not shown(target).context["review"].clashes


def test_a_line_of_opinions_is_known_again_when_its_file_comes_again():
    target = receive(target_of(issued(kind="opinions")))
    body = taken(target)
    keys = [key for key in squares(load_workbook(BytesIO(body))) if key.endswith("/text")]
    send(target, filled(body, {keys[0]: "はじめの文"}))
    accept(target)
    send(target, filled(body, {keys[0]: "直した文"}))
    [clash] = shown(target).context["review"].clashes
    assert (clash.now, clash.mine) == ("はじめの文", "直した文")
    accept(target, pick_0="mine")
    assert list(target.remarks.values_list("text", flat=True)) == ["直した文"]


@pytest.mark.parametrize(
    "username, status", [("kodomo-tanto", 404), ("kansa", 200), (SECRETARIAT, 200)]
)
def test_who_may_see_an_answer_may_take_its_workbook(target, username, status):
    assert client(username).get(page(target, "workbook/file/")).status_code == status
    assert client(username).get(page(target, "workbook/")).status_code == status


def test_who_only_sees_it_can_send_nothing_in(target):
    body = filled(taken(target), EDIT)
    for username, status in ((SECRETARIAT, 403), ("kansa", 403), ("kodomo-tanto", 404)):
        assert send(target, body, username).status_code == status
    assert not Upload.objects.exists()


@pytest.mark.parametrize("state", [S.PENDING_RECEIPT, S.IN_REVIEW, S.ANSWERED, S.ACCEPTED])
def test_nothing_is_sent_in_where_nothing_is_written(state):
    target = target_at(state)
    assert send(target, filled(taken(target), EDIT)).status_code == 409
    assert 'type="file"' not in shown(target).content.decode()


def test_an_inquiry_that_is_closed_takes_nothing(target):
    send(target, filled(taken(target), EDIT))
    form = shown(target).context["accept"].initial
    commands.waive(target_id=target.pk, reason="所管なし", by=user(SECRETARIAT), at=NOON)
    response = client(SECTION).post(
        page(target, "workbook/save/"), form | {"seen": current(target).chain_length}
    )
    assert response.status_code == 409
    assert not SheetAnswer.objects.exists()


def test_the_pages_take_few_statements():
    joho = receive(target_of(issued("joho"), "joho"), by=SECRETARIAT)
    values = {
        f"{own['uid']}/{name}": text
        for own in sheets_of(joho).own
        for name, text in (("kind", "変更あり"), ("reason", "見直し"), ("aims", "改めた目標"))
    }
    body = filled(taken(joho, SECRETARIAT), values)
    assert len(values) > 20
    file = {"file": SimpleUploadedFile("返送.xlsx", body)}
    signed_in = client(SECRETARIAT)
    with at_most(20):
        assert signed_in.post(page(joho, "workbook/"), file).status_code == 303
    with at_most(20):
        seen = signed_in.get(page(joho, "workbook/"))
    assert len(seen.context["changes"]) == len(values) // 3
    with at_most(30):
        form = seen.context["accept"].initial
        assert signed_in.post(page(joho, "workbook/save/"), form).status_code == 303
    assert joho.answers.count() == len(values) // 3
