"""進捗のボード: who may open it, what it counts and shows, what is news on it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from revisions.inquiry import commands, commands_answer
from revisions.inquiry.states import TargetState as S
from revisions.plan.queries import sheet_of
from tests.counting import at_most
from tests.factories import NOON, section, user
from tests.revisions.inquiry import test_joint as joint
from tests.revisions.inquiry.test_accept import answered, proposal, secretariat_edits
from tests.revisions.inquiry.test_forward import forwarded, take_over
from tests.revisions.inquiry.walk import (
    answer,
    current,
    issued,
    many_sections,
    prepared,
    receive,
    target_of,
    unchanged,
    waive,
)
from workflow.deadline.calendar import end_of_day, in_tokyo
from workflow.deadline.models import Deadline
from workflow.signoff import commands as signoff

pytestmark = pytest.mark.django_db

SECRETARIAT = "joho-tanto"


@pytest.fixture(autouse=True)
def the_city(city):
    """Every test walks it."""


def client(username):
    signed_in = Client()
    signed_in.force_login(user(username))
    return signed_in


def page(inquiry, rest=""):
    return f"/inquiries/{inquiry.pk}/board/{rest}"


def shown(inquiry, rest="", by=SECRETARIAT):
    return client(by).get(page(inquiry, rest)).context


def sections_of(context):
    return [row.target.section.code for row in context["rows"]]


def overdue(target, days):
    """Let its day be so many days past by the clock of the pages."""
    past = in_tokyo(datetime.now(UTC)) - timedelta(days=days)
    Deadline.objects.filter(subject=target.key).update(due_at=end_of_day(past))


# Who may open it


@pytest.mark.parametrize(
    "username, status",
    [
        ("joho-tanto", 200),
        ("joho-kacho", 200),
        ("kansa", 200),
        ("koho-tanto", 403),
        ("koho-kacho", 403),
        ("fuku-shicho-a", 403),
        ("iin-1", 403),
        ("kanri", 403),
    ],
)
def test_the_board_is_the_secretariats_and_the_auditors(username, status):
    inquiry, signed_in = issued(), client(username)
    for path in ("/inquiries/", page(inquiry), page(inquiry, "sheets/")):
        assert signed_in.get(path).status_code == status
    may_act = 404 if username.startswith("joho") else 403
    assert signed_in.post(page(inquiry, "acts/"), {"act": "none"}).status_code == may_act
    seen = signed_in.post(page(inquiry, "seen/"), {"upto": 0}).status_code
    assert seen == (303 if status == 200 else 403)


@pytest.mark.parametrize(
    "username, led", [("joho-tanto", True), ("kansa", True), ("koho-tanto", False)]
)
def test_the_first_page_leads_there_who_may_open_it(username, led):
    issued()
    assert ('href="/inquiries/"' in client(username).get("/").content.decode()) is led


def test_an_auditor_is_offered_no_act():
    inquiry = issued()
    assert shown(inquiry, by="kansa")["acts"] == []
    assert b"ids" not in client("kansa").get(page(inquiry)).content


def test_an_inquiry_that_did_not_go_out_has_no_board():
    inquiry = prepared()
    for rest in ("", "sheets/"):
        response = client(SECRETARIAT).get(page(inquiry, rest))
        assert response["Location"] == f"/inquiries/{inquiry.pk}/"


def test_an_inquiry_for_opinions_has_no_sheets():
    inquiry = issued(kind="opinions")
    assert [words for _, words, _ in shown(inquiry)["tabs"]] == ["課ごと"]
    assert client(SECRETARIAT).get(page(inquiry, "sheets/")).status_code == 302


# What it counts


def test_departments_are_counted():
    inquiry = issued("koho", "koseki", "bosai", "kodomo")
    answered(receive(target_of(inquiry)))
    waive(target_of(inquiry, "koseki"))
    overdue(target_of(inquiry, "bosai"), 1)
    context = shown(inquiry)
    counts = {row.code: row.counts for row, _ in context["departments"]}
    told = {code: (c.total, c.answered, c.waiting, c.done, c.late) for code, c in counts.items()}
    assert told == {
        "seisaku": (1, 1, 0, 0, 0),
        "kurashi": (2, 1, 1, 1, 1),
        "kodomo-kenko": (1, 0, 1, 0, 0),
    }
    total = context["total"]
    assert (total.total, total.answered, total.done, total.late) == (4, 2, 1, 1)
    assert context["longest"] == 1
    rows = client(SECRETARIAT).get("/inquiries/").context["rows"]
    assert [(each.pk, whole.answered, whole.late) for each, _, whole, _ in rows] == [
        (inquiry.pk, 2, 1)
    ]
    assert [word for _, _, word in rows[0][3]] == ["答1", "答1・未1", "未1"]


@pytest.mark.parametrize(
    "asked, codes",
    [
        ("", ["koho", "koseki", "bosai"]),
        ("?department=kurashi", ["koseki", "bosai"]),
        ("?state=received", ["koho"]),
        ("?late=1", ["koseki", "bosai"]),
        ("?late=5", ["bosai"]),
        ("?late=5&department=seisaku", []),
        ("?late=x&department=nowhere", ["koho", "koseki", "bosai"]),
        ("?before=%00&after=zzz", ["koho", "koseki", "bosai"]),
    ],
)
def test_the_list_is_filtered(asked, codes):
    inquiry = issued("koho", "koseki", "bosai")
    receive(target_of(inquiry))
    overdue(target_of(inquiry, "koseki"), 1)
    overdue(target_of(inquiry, "bosai"), 30)
    assert sections_of(shown(inquiry, asked)) == codes


def test_pages_show_every_addressee_once():
    inquiry = prepared()
    ids = [each.pk for each in many_sections(230)]
    commands.issue(inquiry_id=inquiry.pk, section_ids=ids, by=user(SECRETARIAT), at=NOON)
    found, asked = [], ""
    while True:
        context = shown(inquiry, asked)
        found += [row.target.section_id for row in context["rows"]]
        if not context["after"]:
            break
        asked = f"?after={context['after']}"
    assert found == ids


@pytest.mark.parametrize("rest", ["", "sheets/", "?late=1&news=on", "sheets/?department=seisaku"])
def test_statements_do_not_grow_with_the_addressees(rest):
    inquiry = prepared()
    ids = [each.pk for each in many_sections(60)]
    commands.issue(inquiry_id=inquiry.pk, section_ids=ids, by=user(SECRETARIAT), at=NOON)
    small = issued("koho", "koseki", revision=inquiry.revision)
    signed_in = client(SECRETARIAT)
    for each in (small, inquiry):
        with at_most(12):
            assert signed_in.get(page(each, rest)).status_code == 200
    with at_most(12):
        assert len(signed_in.get("/inquiries/").context["rows"]) == 2


# By sheet


def test_a_sheet_that_was_taken_over_stands_under_who_took_it():
    row = forwarded("bosai")
    name = sheet_of(row.target.revision, row.uid)["name"]

    def cells():
        rows = [r for r, _ in shown(row.target.inquiry, "sheets/")["sheets"] if r.name == name]
        return [(cell.section, cell.forward) for cell in rows[0].cells]

    to = section("bosai").name
    assert cells() == [(section("koho").name, (f"{to}に転送、返事待ち", "waiting"))]
    take_over(row)
    assert cells() == [(to, ("転送を引受け", "done"))]


def test_another_lead_stands_with_what_it_says_of_the_answer():
    target = joint.answered()

    def cells():
        rows = shown(target.inquiry, "sheets/")["sheets"]
        found = [c for row, _ in rows for c in row.cells if c.section == section("bunsho").name]
        return {cell.answer for cell in found}

    assert ("同意待ち", "waiting") in cells()
    joint.object_to(target)
    assert ("異議", "bad") in cells()
    joint.agree(target)
    assert ("同意", "done") in cells()
    assert shown(target.inquiry, "sheets/")["every"] == 41


def test_sheets_stand_in_the_plans_order_with_what_each_lead_answers():
    inquiry = issued("koho", "gakko")
    answer(receive(target_of(inquiry)))
    context = shown(inquiry, "sheets/")
    rows = [row for row, _ in context["sheets"]]
    assert len(rows) == context["every"] == 41
    assert [row.number for row in rows[:2]] == ["1-1-(1)", "1-1-(2)"]
    assert {row.number for row in rows if row.relisted}
    mine = {
        row.number: cell.answer[0]
        for row in rows
        for cell in row.cells
        if cell.target and cell.target.section.code == "koho"
    }
    assert mine["1-2-(1)"] == "変更なし"
    words = {cell.answer[0] for row in rows for cell in row.cells}
    assert words == {"変更なし", "未記入", "照会していません", "共に主管"}


def test_sheets_are_filtered_by_who_leads_them():
    inquiry = issued("koho", "koseki")
    rows = shown(inquiry, "sheets/?department=kurashi")["sheets"]
    leads = [{c.target.section.code for c in row.cells if c.target} for row, _ in rows]
    assert leads
    assert all("koseki" in codes for codes in leads)


def test_what_would_be_added_stands_last():
    inquiry = issued("koho", "bunsho")
    target = receive(target_of(inquiry))
    sheet = proposal(target)["sheet"] | {"name": "新しい事業", "status": "new"}
    answer(target, uid="", kind="add", sheet=sheet, place="1-2")
    row, _ = shown(inquiry, "sheets/")["sheets"][-1]
    assert (row.number, row.name, row.cells[0].answer[0]) == ("1-2", "新しい事業", "新規")


# News


def new_on(inquiry, by=SECRETARIAT):
    return sections_of(shown(inquiry, "?news=on", by))


def test_news_stays_until_it_is_said_to_be_seen_and_comes_again():
    inquiry = issued("koho", "koseki")
    assert new_on(inquiry) == []  # what they did themselves is none
    at = datetime.now(UTC) - timedelta(minutes=1)
    target = target_of(inquiry)
    commands_answer.receive(target_id=target.pk, by=user("koho-tanto"), at=at)
    unchanged(target)  # nor what a section writes before it sends it
    signed_in = client(SECRETARIAT)
    for _visit in range(2):
        assert new_on(inquiry) == ["koho"]
    [row, *_] = shown(inquiry)["rows"]
    assert (row.news["verb"], row.more) == ("inquiry.received", 0)
    upto = {"upto": shown(inquiry)["inquiry"].latest}
    assert signed_in.post(page(inquiry, "seen/"), upto).status_code == 303
    assert (new_on(inquiry), new_on(inquiry, "kansa")) == ([], ["koho"])
    commands_answer.submit(target_id=target.pk, by=user("koho-tanto"), at=at)
    assert new_on(inquiry) == ["koho"]
    sent = current(target)
    signoff.pull_back(request_id=sent.request_id, by=user("koho-tanto"), at=at)
    [row, *_] = shown(inquiry)["rows"]
    assert (row.news["verb"], row.more) == ("inquiry.pulled_back", 1)


def test_what_came_a_moment_ago_is_not_seen_yet():
    """Another entry with a lower id may still be on its way."""
    inquiry = issued()
    commands_answer.receive(
        target_id=target_of(inquiry).pk, by=user("koho-tanto"), at=datetime.now(UTC)
    )
    upto = {"upto": 2**62}
    assert client(SECRETARIAT).post(page(inquiry, "seen/"), upto).status_code == 303
    assert new_on(inquiry) == ["koho"]


# Acts


def post(inquiry, *targets, by=SECRETARIAT, query="", **given):
    ids = [f"{target.pk}.{current(target).chain_length}" for target in targets]
    return client(by).post(page(inquiry, f"acts/{query}"), {"ids": ids} | given)


def test_all_done_leads_back_to_the_list_as_it_was():
    inquiry = issued("koho", "koseki")
    response = post(inquiry, *inquiry.targets.all(), act="remind", query="?late=1")
    assert (response.status_code, response["Location"]) == (303, page(inquiry, "?late=1"))


def test_who_was_refused_is_told_with_the_place_where_it_is_mended():
    inquiry = issued("koho", "koseki")
    clashing, waiting = target_of(inquiry), target_of(inquiry, "koseki")
    answered(receive(clashing), **proposal(clashing, overview="課の文"))
    secretariat_edits(clashing, overview="事務局の文")
    response = post(inquiry, clashing, waiting, act="accept")
    told = {t.section.code: (reason, missing) for t, reason, missing in response.context["refused"]}
    assert "計画案" in told["koho"][0] or "事務局の案" in told["koho"][0]
    assert told["koho"][1][0].link in response.content.decode()
    assert "この操作はできません" in told["koseki"][0]


def test_a_return_asks_first_and_comes_back_with_what_was_typed():
    inquiry = issued()
    target = answered(receive(target_of(inquiry)))
    asked = post(inquiry, target, act="return")
    assert (asked.status_code, asked.context["form"].errors) == (200, {})
    given = {"act": "return", "answered": "1", "reason": "数値の確認"}
    closed = post(inquiry, target, **given, due_on="R9.12.4")
    assert (closed.status_code, list(closed.context["form"].errors)) == (422, ["due_on"])
    assert "数値の確認" in closed.content.decode()
    assert post(inquiry, target, **given, due_on="R9.12.3").status_code == 303
    assert current(target).state == S.RETURNED


@pytest.mark.parametrize("ids", [[], ["x"], ["1"], ["99999999999999999999.1"]])
def test_nothing_picked_is_told(ids):
    inquiry = issued()
    given = {"act": "remind", "ids": ids}
    response = client(SECRETARIAT).post(page(inquiry, "acts/"), given, follow=True)
    assert [str(m) for m in response.context["messages"]] == ["課を1つ以上選んでください。"]
