"""The pages of an inquiry: who may open them, what they do, and that nothing typed is lost."""

import pytest
from django.test import Client

from notifications.catalog import notice_of
from revisions.inquiry.states import AnswerKind, InquiryState
from revisions.inquiry.states import TargetState as S
from revisions.inquiry.typed import as_initial, as_typed, marks
from revisions.models import Inquiry
from revisions.plan.cells import initial_of
from revisions.plan.forms import SheetForm
from revisions.plan.queries import sheet_of
from tests.counting import at_most
from tests.factories import section, user
from tests.revisions.drafts import open_stage, running_revision
from tests.revisions.inquiry.test_accept import answered, proposal, secretariat_edits
from tests.revisions.inquiry.test_answers import remark
from tests.revisions.inquiry.walk import (
    PATHS,
    answer,
    current,
    issued,
    prepared,
    receive,
    submit,
    target_at,
    target_of,
    unchanged,
    waive,
)
from tests.revisions.plan.posted import posted
from workflow.audit.chain import canonical
from workflow.models import OutboxEvent, Section

pytestmark = pytest.mark.django_db

SECTION, SECRETARIAT = "koho-tanto", "joho-tanto"
DAY = "R8.12.11"


@pytest.fixture(autouse=True)
def the_city(city):
    """Every test walks it."""


def client(username):
    signed_in = Client()
    signed_in.force_login(user(username))
    return signed_in


def page(target, rest=""):
    return f"/answers/{target.pk}/{rest}"


def post(username, path, target=None, **given):
    seen = {"seen": current(target).chain_length} if target else {}
    return client(username).post(path, seen | given)


def typed(target, uid="P06", **fields):
    """What a browser sends for a sheet, with some fields typed anew."""
    sheet = sheet_of(target.revision, uid)
    values = as_typed(initial_of(sheet) | {"reason": "", "place": "", "kind": ""})
    form = SheetForm(plan=target.revision.plan, sheet=sheet, initial=as_initial(values))
    was = marks(values)
    return (
        posted(form)
        | {"was": canonical(was)}
        | {f"sheet-{name}": value for name, value in fields.items()}
    )


# Who may open what


@pytest.mark.parametrize(
    "username, status",
    [
        ("koho-tanto", 200),
        ("koho-kacho", 200),
        ("joho-tanto", 200),
        ("kansa", 200),
        ("bunsho-tanto", 404),
        ("fuku-shicho-a", 404),
    ],
)
def test_an_answer_is_there_only_for_those_it_concerns(username, status):
    target = receive(target_of(issued()))
    assert client(username).get(page(target)).status_code == status
    assert client(username).get(page(target, "sheets/P06/")).status_code == status


@pytest.mark.parametrize(
    "username, status, where",
    [
        ("joho-tanto", 200, ""),
        ("kansa", 200, ""),
        ("koho-tanto", 302, "/answers/{}/"),
        ("bunsho-tanto", 404, ""),
    ],
)
def test_the_list_leads_a_section_to_its_own_answer(username, status, where):
    inquiry = issued("koho", "koseki")
    response = client(username).get(f"/inquiries/{inquiry.pk}/")
    own = target_of(inquiry).pk
    assert (response.status_code, response.get("Location", "")) == (status, where.format(own))


def test_only_the_secretariat_prepares():
    stage = open_stage(running_revision())
    assert client(SECTION).get(f"/stages/{stage.pk}/inquiry/").status_code == 403
    assert client(SECRETARIAT).get(f"/stages/{stage.pk}/inquiry/").status_code == 200


@pytest.mark.parametrize("state", PATHS)
@pytest.mark.parametrize("username", [SECTION, SECRETARIAT])
def test_a_target_page_takes_twenty_statements_in_every_state(username, state):
    target = target_at(state)
    signed_in = client(username)
    with at_most(20):
        assert signed_in.get(page(target)).status_code == 200


def test_looking_for_clashes_takes_no_more():
    target = receive(target_of(issued()))
    answered(target, **proposal(target, overview="改めた"))
    signed_in = client(SECRETARIAT)
    with at_most(20):
        signed_in.get(page(target))


@pytest.mark.parametrize("codes", [("koho",), ("koho", "koseki", "joho", "bunsho", "jinji")])
def test_the_list_and_the_sheet_take_twenty_statements(codes):
    inquiry = issued(*codes)
    target = receive(target_of(inquiry))
    secretariat, staff = client(SECRETARIAT), client(SECTION)
    with at_most(20):
        secretariat.get(f"/inquiries/{inquiry.pk}/")
    with at_most(20):
        staff.get(page(target, "sheets/P06/"))


# The secretariat prepares and issues


def words(**given):
    return {"seen": 0, "kind": "projects", "title": "照会", "due_on": "R9.12.3"} | given


def test_an_inquiry_is_worded_then_issued_to_those_picked():
    stage = open_stage(running_revision())
    path = f"/stages/{stage.pk}/inquiry/"
    assert post(SECRETARIAT, path, **words()).status_code == 303
    inquiry = Inquiry.objects.get(stage=stage)
    to = client(SECRETARIAT).get(path).context
    assert (to["chosen"], 0 < to["picked"] < Section.objects.count()) == (["leads"], True)
    given = {"seen": inquiry.chain_length, "ids": [section("koho").pk, section("koseki").pk]}
    given |= {"to": ["leads"], "on": "2026-11-24"}
    response = post(SECRETARIAT, f"/inquiries/{inquiry.pk}/issue/", **given)
    assert response["Location"] == f"/inquiries/{inquiry.pk}/"
    assert Inquiry.objects.get().state == InquiryState.ISSUED
    assert inquiry.targets.count() == 2
    assert client(SECRETARIAT).get(path)["Location"] == f"/inquiries/{inquiry.pk}/"


@pytest.mark.parametrize(
    "wrong, field",
    [({"due_on": "R9.12.4"}, "due_on"), ({"due_on": "いつか"}, "due_on"), ({"title": ""}, "title")],
)
def test_bad_words_come_back_as_they_were_typed(wrong, field):
    stage = open_stage(running_revision())
    response = post(SECRETARIAT, f"/stages/{stage.pk}/inquiry/", **words(text="頼みます", **wrong))
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert "頼みます" in response.content.decode()
    assert not Inquiry.objects.exists()


def test_words_that_were_saved_are_not_offered_as_unsent():
    """A day is shown otherwise than it was typed, and a draft is told by its name from what is."""
    stage = open_stage(running_revision())
    path = f"/stages/{stage.pk}/inquiry/"
    draft = f'data-draft="inquiry-{stage.pk}-{{}}"'.format
    assert draft(0) in post(SECRETARIAT, path, **words(due_on="いつか")).content.decode()
    post(SECRETARIAT, path, **words())
    seen = Inquiry.objects.get(stage=stage).chain_length
    assert seen > 0
    assert draft(seen) in client(SECRETARIAT).get(path).content.decode()


def test_an_inquiry_goes_to_somebody():
    inquiry = prepared()
    given = {"seen": inquiry.chain_length, "on": "2026-11-24", "to": ["all"]}
    response = post(SECRETARIAT, f"/inquiries/{inquiry.pk}/issue/", **given)
    assert response.status_code == 422
    assert Inquiry.objects.get().state == InquiryState.PREPARING


# The section answers


def test_a_section_takes_answers_and_sends_up():
    target = target_of(issued())
    assert post(SECTION, page(target, "receive/"), target).status_code == 303
    assert current(target).received_by == user(SECTION)
    post(SECTION, page(target, "sheets/P06/unchanged/"), target)
    assert target.answers.get(uid="P06").kind == AnswerKind.UNCHANGED
    post(SECTION, page(target, "sheets/P06/remove/"), target)
    assert not target.answers.exists()
    why = {"dropped_as": "achieved", "reason": "終わったため"}
    post(SECTION, page(target, "sheets/P06/discontinue/"), target, **why)
    found = target.answers.get(uid="P06")
    assert (found.kind, found.dropped_as) == (AnswerKind.DISCONTINUE, "achieved")
    assert "廃止（達成）" in client(SECTION).get(page(target)).content.decode()
    post(SECTION, page(target, "rest/"), target)
    post(SECTION, page(target, "submit/"), target, note="よろしくお願いします")
    assert current(target).state == S.IN_REVIEW
    shown = client("koho-kacho").get(f"/requests/{current(target).request_id}/").content.decode()
    assert "廃止する（達成）" in shown
    assert "よろしくお願いします" in shown


@pytest.mark.parametrize(
    "wrong", [{"reason": " ", "dropped_as": "merged"}, {"reason": "終了"}, {"dropped_as": "x"}]
)
def test_a_reason_and_its_class_are_asked_for_in_the_row(wrong):
    target = receive(target_of(issued()))
    response = post(SECTION, page(target, "sheets/P06/discontinue/"), target, **wrong)
    assert response.status_code == 422
    assert [row["uid"] for row in response.context["own"] if row["form"].errors] == ["P06"]


def test_a_changed_sheet_is_kept_and_shown_as_a_change():
    target = receive(target_of(issued()))
    path = page(target, "sheets/P06/")
    sent = typed(target, overview="改めた概要") | {"reason": "見直し"}
    assert post(SECTION, path, target, **sent)["Location"] == path
    assert target.answers.get().proposed["overview"] == "改めた概要"
    shown = client(SECTION).get(path)
    assert [label for label, _ in shown.context["change"]["fields"]] == ["概要"]


@pytest.mark.parametrize(
    "fields, reason", [({"name": ""}, "見直し"), ({"overview": "改めた"}, ""), ({}, "見直し")]
)
def test_a_sheet_that_is_refused_comes_back_as_it_was_typed(fields, reason):
    target = receive(target_of(issued()))
    sent = typed(target, aims="書きかけの文", **fields) if fields else typed(target)
    response = post(SECTION, page(target, "sheets/P06/"), target, **sent, reason=reason)
    assert response.status_code == 422
    assert "data-error-summary" in response.content.decode()
    assert ("書きかけの文" in response.content.decode()) is bool(fields)
    assert not target.answers.exists()


def test_more_rows_keep_what_was_typed():
    target = receive(target_of(issued()))
    sent = typed(target, overview="改めた概要") | {"reason": "途中", "sheet-more": "actions"}
    response = post(SECTION, page(target, "sheets/P06/"), target, **sent)
    assert response.status_code == 200
    assert "改めた概要" in response.content.decode()
    assert "途中" in response.content.decode()


def test_a_new_project_is_proposed_under_a_program():
    target = receive(target_of(issued()))
    sent = typed(target, name="新しい事業") | {"reason": "必要なため", "place": "1-2"}
    response = post(SECTION, page(target, "sheets/new/"), target, **sent)
    assert response["Location"] == page(target, "sheets/new-1/")
    assert target.answers.get().place == "1-2"
    assert client(SECTION).get(page(target, "sheets/new-1/")).status_code == 200


def test_nothing_new_is_proposed_before_the_inquiry_was_taken():
    target = target_of(issued())
    assert client(SECTION).get(page(target, "sheets/new/")).status_code == 404


def test_remarks_are_written_and_taken_back():
    target = receive(target_of(issued(kind="opinions")))
    post(SECTION, page(target, "remarks/"), target, text="直してほしい", project_uid="P01")
    written = target.remarks.get()
    assert "直してほしい" in client(SECTION).get(page(target)).content.decode()
    post(SECTION, page(target, f"remarks/{written.pk}/remove/"), target)
    assert not target.remarks.exists()


def test_an_empty_remark_comes_back_with_what_was_typed():
    target = receive(target_of(issued(kind="opinions")))
    response = post(SECTION, page(target, "remarks/"), target, text="", proposal="こう直す")
    assert response.status_code == 422
    assert "こう直す" in response.content.decode()


# The secretariat receives


def test_an_answer_is_accepted_on_its_page():
    target = target_at(S.ANSWERED)
    assert post(SECRETARIAT, page(target, "accept/"), target).status_code == 303
    assert current(target).state == S.ACCEPTED


def clashing(**fields):
    """koho's answer, and the secretariat's other words for the same field."""
    target = receive(target_of(issued()))
    target = answered(target, **proposal(target, overview="課の文"))
    secretariat_edits(target, overview="事務局の文", **fields)
    return target


def drafted(target):
    return client(SECRETARIAT).get(page(target, "conflicts/")).context["drafted"]


def test_a_clash_leads_to_the_page_where_every_wording_stands():
    target = clashing()
    shown = client(SECRETARIAT).get(page(target))
    assert [(row["uid"], row["labels"]) for row in shown.context["clashes"]] == [("P06", "概要")]
    assert post(SECRETARIAT, page(target, "accept/"), target).status_code == 409
    signed_in = client(SECRETARIAT)
    with at_most(20):
        asked = signed_in.get(page(target, "conflicts/"))
    text = asked.content.decode()
    assert all(words in text for words in ("課の文", "事務局の文", "事務局修正", "字句の整理"))
    assert "checked" not in text


@pytest.mark.parametrize(
    "given, words",
    [
        ({"clash-P06-overview": "draft"}, "事務局の文"),
        ({"clash-P06-overview": "answer"}, "課の文"),
        ({"clash-P06-overview": "own", "clash-P06-own-overview": "両方の文"}, "両方の文"),
    ],
)
def test_what_was_chosen_is_accepted(given, words):
    target = clashing()
    given |= {"drafted": drafted(target)}
    assert post(SECRETARIAT, page(target, "conflicts/"), target, **given).status_code == 303
    assert sheet_of(target.revision, "P06")["overview"] == words
    assert current(target).state == S.ACCEPTED
    sheet = client(SECRETARIAT).get(f"/revisions/{target.revision_id}/sheets/P06/")
    assert "人が選んだところ：概要（" in sheet.content.decode()


@pytest.mark.parametrize("side, told", [("own", True), ("draft", True), ("answer", False)])
def test_the_section_is_told_which_of_its_words_were_decided_otherwise(side, told):
    target = clashing()
    given = {"drafted": drafted(target), "clash-P06-overview": side}
    given["clash-P06-own-overview"] = "両方の文"
    post(SECRETARIAT, page(target, "conflicts/"), target, **given)
    shown = client(SECTION).get(page(target))
    decided = shown.context["decided"]
    pieces = [pairs for row in decided for _label, pairs in row["fields"]]
    words = "両方の文" if side == "own" else "事務局の文"
    joined = ["".join(text for op, text in pairs if op != "+") for pairs in pieces]
    assert joined == (["課の文"] if told else [])
    stands = ["".join(text for op, text in pairs if op != "-") for pairs in pieces]
    assert stands == ([words] if told else [])
    text = "SNS等による情報発信（概要）"
    assert (f"事務局が決めた言葉：{text}" in shown.content.decode()) == told
    event = OutboxEvent.objects.get(kind="inquiry.accepted")
    assert list(notice_of(event).facts[1:]) == (
        [("回答のとおりにせず、事務局が決めたところ", text)] if told else []
    )


def test_what_was_to_end_and_was_kept_is_told():
    target = answered(receive(target_of(issued())), kind="discontinue")
    secretariat_edits(target, overview="事務局の文")
    given = {"drafted": drafted(target), "clash-P06-place": "draft"}
    post(SECRETARIAT, page(target, "conflicts/"), target, **given)
    shown = client(SECTION).get(page(target))
    assert [row["kept"] for row in shown.context["decided"]] == ["廃止とせず、計画案に残しました。"]


def test_a_clash_that_nobody_decided_comes_back():
    target = clashing()
    given = {"drafted": drafted(target), "clash-P06-own-overview": "書きかけ"}
    response = post(SECRETARIAT, page(target, "conflicts/"), target, **given)
    assert response.status_code == 422
    assert "書きかけ" in response.content.decode()


@pytest.mark.parametrize("words", ["", " \n"])
def test_own_words_that_say_nothing_do_not_empty_the_field(words):
    target = clashing()
    given = {"drafted": drafted(target), "clash-P06-overview": "own"}
    given["clash-P06-own-overview"] = words
    response = post(SECRETARIAT, page(target, "conflicts/"), target, **given)
    assert response.status_code == 422
    text = response.content.decode()
    assert text.count("自分で書く言葉を入力してください。") == 2
    assert 'href="#id_clash-P06-own-overview"' in text
    assert sheet_of(target.revision, "P06")["overview"] == "事務局の文"
    assert current(target).state == S.ANSWERED


def test_a_draft_that_moved_again_is_shown_with_what_was_typed():
    target = clashing()
    given = {"drafted": drafted(target), "clash-P06-overview": "own"}
    secretariat_edits(target, overview="さらに直した文")
    given["clash-P06-own-overview"] = "書きかけ"
    response = post(SECRETARIAT, page(target, "conflicts/"), target, **given)
    assert response.status_code == 409
    text = response.content.decode()
    assert "書きかけ" in text
    assert "さらに直した文" in text
    again = post(
        SECRETARIAT, page(target, "conflicts/"), target, **given | {"drafted": drafted(target)}
    )
    assert again.status_code == 303
    assert sheet_of(target.revision, "P06")["overview"] == "書きかけ"


def test_who_decides_after_somebody_else_is_told_and_loses_nothing_typed():
    target = clashing()
    given = {"drafted": drafted(target), "clash-P06-overview": "own"}
    given["clash-P06-own-overview"] = "書きかけの文"
    shown = {"seen": target.chain_length} | given
    first = given | {"clash-P06-overview": "draft"}
    assert post("joho-kacho", page(target, "conflicts/"), target, **first).status_code == 303
    response = client(SECRETARIAT).post(page(target, "conflicts/"), shown)
    assert response.status_code == 409
    text = response.content.decode()
    assert "今は受理済" in text
    assert "情報システム課長" in text
    assert response.context["kept"] == {"1-2-(1) SNS等による情報発信：概要": "書きかけの文"}
    assert sheet_of(target.revision, "P06")["overview"] == "事務局の文"


def test_tables_are_decided_as_a_whole():
    target = receive(target_of(issued()))
    rows = [{"text": "課の取組", "spans": [{"from": 2022, "to": 2023}]}]
    target = answered(target, **proposal(target, actions=rows, lead=["koho", "joho"]))
    secretariat_edits(target, actions=[], lead=["koho", "jinji"])
    shown = client(SECRETARIAT).get(page(target, "conflicts/"))
    (row,) = shown.context["rows"]
    own = row["form"].rows["lead"]
    given = {
        "drafted": shown.context["drafted"],
        "clash-P06-actions": "answer",
        "clash-P06-lead": "own",
    } | posted_rows(own, [{"section": "koho"}, {"section": "jinji"}, {"section": "joho"}])
    given |= posted_rows(row["form"].rows["actions"], [])
    assert post(SECRETARIAT, page(target, "conflicts/"), target, **given).status_code == 303
    sheet = sheet_of(target.revision, "P06")
    assert (sheet["actions"], sheet["lead"]) == (rows, ["koho", "jinji", "joho"])


@pytest.mark.parametrize(
    "choice, words",
    [
        ({"": "draft"}, "情報発信の強化"),
        ({"": "answer"}, "情報発信の拡大と充実"),
        ({"": "own", "own-": "情報発信の強化と充実"}, "情報発信の強化と充実"),
    ],
)
def test_a_cell_is_decided_by_itself_and_the_rest_of_its_table_goes_together(choice, words):
    target = receive(target_of(issued()))
    rows = [{"text": "情報発信の拡大と充実", "spans": [{"from": 2021, "to": 2025}]}]
    rows += [{"text": "課の取組", "spans": [{"from": 2022, "to": 2023}]}]
    target = answered(target, **proposal(target, actions=rows))
    ours = {"text": "情報発信の強化", "spans": [{"from": 2021, "to": 2024}]}
    secretariat_edits(target, actions=[ours])
    shown = client(SECRETARIAT).get(page(target, "conflicts/"))
    told = shown.content.decode()
    assert "年度ごとの取組『情報発信の強化』の取組" in told
    assert "字句の整理" in told
    given = {f"clash-P06-{part}actions/1/text": text for part, text in choice.items()}
    given["drafted"] = shown.context["drafted"]
    assert post(SECRETARIAT, page(target, "conflicts/"), target, **given).status_code == 303
    assert sheet_of(target.revision, "P06")["actions"] == [ours | {"text": words}, rows[1]]
    sheet = client(SECRETARIAT).get(f"/revisions/{target.revision_id}/sheets/P06/")
    assert "人が選んだところ：年度ごとの取組（" in sheet.content.decode()


def test_an_own_table_without_a_row_does_not_empty_the_field():
    target = receive(target_of(issued()))
    target = answered(target, **proposal(target, lead=["koho", "joho"]))
    secretariat_edits(target, lead=["koho", "jinji"])
    shown = client(SECRETARIAT).get(page(target, "conflicts/"))
    (row,) = shown.context["rows"]
    given = {"drafted": shown.context["drafted"], "clash-P06-lead": "own"}
    given |= posted_rows(row["form"].rows["lead"], [])
    response = post(SECRETARIAT, page(target, "conflicts/"), target, **given)
    assert response.status_code == 422
    assert response.content.decode().count("自分で書く行を入力してください。") == 2
    assert current(target).state == S.ANSWERED


def posted_rows(rows, values):
    sent = {f"{rows.prefix}-TOTAL_FORMS": len(values), f"{rows.prefix}-INITIAL_FORMS": 0}
    for n, value in enumerate(values):
        sent |= {f"{rows.prefix}-{n}-{name}": given for name, given in value.items()}
    return sent


def test_a_discontinued_project_is_decided():
    target = receive(target_of(issued()))
    target = answered(target, kind="discontinue")
    secretariat_edits(target, overview="事務局の文")
    shown = client(SECRETARIAT).get(page(target, "conflicts/"))
    assert "事務局の文" in shown.content.decode()
    given = {"drafted": shown.context["drafted"], "clash-P06-place": "own"}
    assert post(SECRETARIAT, page(target, "conflicts/"), target, **given).status_code == 422
    given["clash-P06-place"] = "draft"
    assert post(SECRETARIAT, page(target, "conflicts/"), target, **given).status_code == 303
    assert sheet_of(target.revision, "P06")["overview"] == "事務局の文"


def test_where_nothing_clashes_there_is_nothing_to_decide():
    target = target_at(S.ANSWERED)
    assert client(SECRETARIAT).get(page(target, "conflicts/")).status_code == 302
    assert client(SECTION).get(page(target, "conflicts/")).status_code == 403


@pytest.mark.parametrize(
    "state, act, given, then",
    [
        (S.ANSWERED, "return", {"reason": "確かめて", "due_on": DAY}, S.RETURNED),
        (S.RECEIVED, "waive", {"reason": "所管なし"}, S.WAIVED),
    ],
)
def test_the_secretariat_returns_and_waives(state, act, given, then):
    target = target_at(state)
    refused = post(SECRETARIAT, page(target, f"{act}/"), target, **given | {"reason": ""})
    assert refused.status_code == 422
    assert post(SECRETARIAT, page(target, f"{act}/"), target, **given).status_code == 303
    assert current(target).state == then
    assert current(target).due_on.day == (11 if "due_on" in given else 4)


def test_more_time_is_given_without_a_reason_and_less_with_one():
    target = target_at(S.RECEIVED)
    path = page(target, "extend/")
    assert post(SECRETARIAT, path, target, due_on=DAY).status_code == 303
    assert current(target).due_on.day == 11
    shorter = {"due_on": "R8.12.8"}
    refused = post(SECRETARIAT, path, target, **shorter)
    assert (refused.status_code, list(refused.context["failed"].errors)) == (422, ["reason"])
    assert post(SECRETARIAT, path, target, **shorter, reason="日程のため").status_code == 303


def test_a_section_may_not_accept_its_own_answer():
    target = target_at(S.ANSWERED)
    assert post("koho-kacho", page(target, "accept/"), target).status_code == 403


# Many at once


def picked(*targets):
    return {"ids": [f"{target.pk}.{current(target).chain_length}" for target in targets]}


def test_a_bulk_acceptance_tells_who_was_accepted_and_who_was_not():
    inquiry = issued("koho", "koseki")
    ready, waiting = target_of(inquiry), target_of(inquiry, "koseki")
    answered(receive(ready))
    given = picked(ready, waiting) | {"act": "accept"}
    response = client(SECRETARIAT).post(f"/inquiries/{inquiry.pk}/bulk/?late=on", given)
    assert [t.section.code for t in response.context["done"]] == ["koho"]
    ((refused, reason, _missing),) = response.context["refused"]
    assert (refused.section.code, reason[:8]) == ("koseki", "今は受取待ちのた")
    assert response.context["back"] == f"/inquiries/{inquiry.pk}/?late=on"
    assert [current(ready).state, current(waiting).state] == [S.ACCEPTED, S.PENDING_RECEIPT]


def test_a_bulk_extension_asks_first_and_refuses_a_closed_day():
    inquiry = issued("koho", "koseki")
    targets = list(inquiry.targets.all())
    path = f"/inquiries/{inquiry.pk}/bulk/"
    given = picked(*targets) | {"act": "extend"}
    asked = client(SECRETARIAT).post(path, given)
    assert (asked.status_code, asked.context["form"].errors) == (200, {})
    given |= {"answered": "1"}
    closed = client(SECRETARIAT).post(path, given | {"due_on": "R8.12.12"})
    assert (closed.status_code, list(closed.context["form"].errors)) == (422, ["due_on"])
    assert client(SECRETARIAT).post(path, given | {"due_on": DAY}).status_code == 303
    assert {current(target).due_on.day for target in targets} == {11}


def test_many_are_reminded_each_for_itself():
    inquiry = issued("koho", "koseki")
    waive(target_of(inquiry, "koseki"))
    given = picked(*inquiry.targets.all()) | {"act": "remind"}
    path = f"/inquiries/{inquiry.pk}/bulk/"
    assert client(SECTION).post(path, given).status_code == 403
    told = client(SECRETARIAT).post(path, given).context
    assert [t.section.code for t in told["done"]] == ["koho"]
    assert [t.section.code for t, *_why in told["refused"]] == ["koseki"]
    assert OutboxEvent.objects.filter(kind="inquiry.reminded").count() == 1


def test_both_lists_offer_the_same_acts():
    inquiry = issued("koho", "koseki")
    shown = [
        client(SECRETARIAT).get(f"/inquiries/{inquiry.pk}/{place}").context["acts"]
        for place in ("", "board/")
    ]
    assert [name for name, *_words in shown[0]] == ["accept", "remind", "extend", "return", "waive"]
    assert shown[0] == shown[1]
    given = picked(target_of(inquiry)) | {"act": "remind"}
    for place, back in (("bulk/?late=on", "?late=on"), ("board/acts/?news=on", "board/?news=on")):
        response = client(SECRETARIAT).post(f"/inquiries/{inquiry.pk}/{place}", given)
        assert (response.status_code, response.headers.get("Location", "")) in [
            (303, f"/inquiries/{inquiry.pk}/{back}"),
            (200, ""),  # reminded today already
        ]


def test_the_list_is_filtered_by_its_address():
    inquiry = issued("koho", "koseki")
    receive(target_of(inquiry))
    shown = client(SECRETARIAT).get(f"/inquiries/{inquiry.pk}/?state=received")
    assert (shown.context["shown"], shown.context["total"]) == (1, 2)


def test_what_is_signed_is_read_from_the_signed_words_alone():
    target = receive(target_of(issued()))
    answer(target, **proposal(target, overview="改めた概要"))
    unchanged(target)
    submit(target)
    shown = client("koho-kacho").get(f"/requests/{current(target).request_id}/").content.decode()
    assert "<ins>" in shown


def test_opinions_reach_the_chief_in_words():
    target = receive(target_of(issued(kind="opinions")))
    remark(target, proposal="こう直す", place="概要")
    submit(target)
    shown = client("koho-kacho").get(f"/requests/{current(target).request_id}/").content.decode()
    assert "こう直す" in shown
