"""The pages of questions, without a script: nothing typed is lost, nobody else looks in."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from revisions.inquiry.queries import paper_of, sheets_of
from revisions.models import Inquiry, InquiryTarget, Opinion
from tests.counting import at_most
from tests.factories import section
from tests.revisions.inquiry.test_question_commands import CHOICE, NUMBER, THEN
from tests.revisions.inquiry.test_questions import PNG
from tests.revisions.inquiry.test_views import SECRETARIAT, SECTION, client, page, post
from tests.revisions.inquiry.walk import (
    accept,
    answer_questions,
    approve,
    asked,
    asking,
    current,
    issued,
    receive,
    submit,
    target_of,
    unchanged,
)
from workflow.people.models import ClassMember

pytestmark = pytest.mark.django_db

TABLE = {"kind": "table", "label": "内訳", "columns": ["業務", "額"]}
FILE = {"kind": "file", "label": "図面"}


@pytest.fixture(autouse=True)
def the_city(city):
    """Every test walks it."""


def builder(inquiry, rest=""):
    return f"/inquiries/{inquiry.pk}/questions/{rest}"


def seen(inquiry):
    return {"seen": Inquiry.objects.get(pk=inquiry.pk).chain_length}


def typed(**given):
    return {"kind": "text", "label": "設問", "choices": "", "columns": "", "on": ""} | given


# The secretariat makes them


def test_questions_are_added_mended_moved_and_removed():
    inquiry = asking()
    sent = seen(inquiry) | typed(kind="choice", label="委託", choices="はい\n\nいいえ\n")
    assert post(SECRETARIAT, builder(inquiry), **sent).status_code == 303
    first = inquiry.questions.get()
    assert first.choices == ["はい", "いいえ"]
    sent = seen(inquiry) | typed(
        kind="table", columns="業務\n額", on=f"{first.pk}:0", required="on"
    )
    assert post(SECRETARIAT, builder(inquiry), **sent).status_code == 303
    second = inquiry.questions.last()
    assert (second.on, second.on_value, second.columns) == (first, "はい", ["業務", "額"])
    path = f"/questions/{second.pk}/"
    form = client(SECRETARIAT).get(path).context["form"]
    assert form.initial["on"] == f"{first.pk}:0"
    sent = seen(inquiry) | typed(label="見込額", kind="number")
    assert post(SECRETARIAT, path, **sent).status_code == 303
    post(SECRETARIAT, f"{path}move/", **seen(inquiry), to="up")
    assert [q.label for q in inquiry.questions.all()] == ["見込額", "委託"]
    post(SECRETARIAT, f"{path}remove/", **seen(inquiry))
    assert [q.label for q in inquiry.questions.all()] == ["委託"]


def test_what_is_wrong_with_a_question_comes_back_as_it_was_typed():
    inquiry = asking()
    sent = seen(inquiry) | typed(kind="choice", label="委託", choices="はい", help="書きかけ")
    response = post(SECRETARIAT, builder(inquiry), **sent)
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["choices"])
    assert "書きかけ" in response.content.decode()
    assert not inquiry.questions.exists()


def test_a_move_that_breaks_a_condition_is_refused_in_words():
    inquiry = asking(CHOICE, THEN)
    path = f"/questions/{inquiry.questions.last().pk}/move/"
    given = seen(inquiry) | {"to": "up"}
    response = client(SECRETARIAT).post(path, given, follow=True)
    assert ["前に置いて" in str(m) for m in response.context["messages"]] == [True]


@pytest.mark.parametrize("rest", ["", "preview/"])
def test_only_the_secretariat_makes_them_and_few_statements_show_them(rest):
    inquiry = asking(CHOICE, THEN, NUMBER, TABLE, FILE)
    assert client(SECTION).get(builder(inquiry, rest)).status_code == 403
    secretariat = client(SECRETARIAT)
    with at_most(20):
        assert secretariat.get(builder(inquiry, rest)).status_code == 200


def test_what_went_out_is_not_mended():
    target = asked(CHOICE)
    where = f"/inquiries/{target.inquiry_id}/"
    assert client(SECRETARIAT).get(builder(target.inquiry))["Location"] == where
    pk = target.inquiry.questions.get().pk
    assert client(SECRETARIAT).get(f"/questions/{pk}/")["Location"] == where


# A section answers


def names(target):
    return [f"q{q.pk}" for q in target.inquiry.questions.all()]


def test_an_answer_brings_up_the_next_question():
    target = asked(CHOICE, THEN)
    first, then = names(target)
    path = page(target, "questions/")
    shown = client(SECTION).get(path).context["form"].rows()
    assert [is_asked for _q, _bound, is_asked in shown] == [True, False]
    response = post(SECTION, path, target, **{first: "はい"})
    assert response["Location"] == f"{path}#question-{then[1:]}"
    shown = client(SECTION).get(path).context["form"].rows()
    assert [is_asked for _q, _bound, is_asked in shown] == [True, True]
    response = post(SECTION, path, target, **{first: "はい", then: "設計"})
    assert response["Location"] == page(target) + "#questions"


def test_each_error_stands_beside_its_question_and_nothing_typed_is_lost():
    target = asked(NUMBER, {"label": "備考"}, TABLE, FILE)
    number, text, table, file = names(target)
    given = {
        number: "たくさん",
        text: "書いた文",
        f"{table}-0": ["設計", ""],
        f"{table}-1": ["100", ""],
    }
    sent = given | {file: SimpleUploadedFile("図.png", PNG)}
    response = post(SECTION, page(target, "questions/"), target, **sent)
    body = response.content.decode()
    assert (response.status_code, list(response.context["form"].errors)) == (422, [number])
    assert all(words in body for words in ("たくさん", "書いた文", "設計", "図.png"))
    kept = paper_of(current(target)).values
    assert {f"q{pk}" for pk in kept} == {text, table, file}
    again = given | {number: "100"} | {"seen": response.context["form"]["seen"].value()}
    assert client(SECTION).post(page(target, "questions/"), again).status_code == 303
    assert {f"q{pk}" for pk in paper_of(current(target)).values} == {number, text, table, file}


def test_a_stale_page_of_answers_tells_what_happened_and_can_be_sent_again():
    target = asked({"label": "備考"})
    (text,) = names(target)
    path, old = page(target, "questions/"), {"seen": target.chain_length}
    answer_questions(target, {int(text[1:]): "同僚の答え"})
    response = client(SECTION).post(path, old | {text: "私の答え"})
    assert response.status_code == 409
    assert [e["verb"] for e in response.context["meanwhile"]] == ["inquiry.questions_answered"]
    assert "私の答え" in response.content.decode()
    assert list(paper_of(current(target)).values.values()) == ["同僚の答え"]
    again = {"seen": response.context["form"]["seen"].value(), text: "私の答え"}
    assert client(SECTION).post(path, again).status_code == 303


@pytest.mark.parametrize(
    "username, status", [(SECTION, 200), (SECRETARIAT, 200), ("kansa", 200), ("bunsho-tanto", 404)]
)
def test_a_file_is_seen_by_whom_the_answer_is(username, status):
    target = asked(FILE)
    (file,) = names(target)
    answer_questions(target, {int(file[1:]): ("図.png", PNG)})
    sha256 = target.files.get().sha256
    response = client(username).get(page(target, f"files/{sha256}/"))
    assert response.status_code == status
    if status == 200:
        assert response["Content-Type"] == "image/png"
        assert response["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("username", [SECRETARIAT, "koho-kacho"])
def test_who_may_not_write_is_led_to_the_answer(username):
    target = unchanged(asked({"label": "備考"}))
    submit(target)
    assert client(username).get(page(target, "questions/"))["Location"] == page(target)


def test_the_answer_says_what_is_missing_in_twenty_statements():
    target = unchanged(asked(CHOICE, THEN, TABLE))
    staff = client(SECTION)
    with at_most(20):
        shown = staff.get(page(target))
    assert [q.label for q in shown.context["unsaid"]] == ["委託しますか"]
    assert "設問「委託しますか」に答える" in shown.content.decode()
    with at_most(20):
        staff.get(page(target, "questions/"))


def test_the_chief_reads_the_answers_that_are_signed():
    target = unchanged(asked(CHOICE, THEN, TABLE))
    first, then, table = target.inquiry.questions.all()
    answer_questions(target, {first.pk: "はい", then.pk: "設計", table.pk: [["設計", "100"]]})
    submit(target)
    shown = client("koho-kacho").get(f"/requests/{current(target).request_id}/").content.decode()
    assert all(words in shown for words in ("委託の内容", "設計", "<td>100</td>"))


# Related sections, and who is asked


def test_a_related_section_remarks_of_what_another_answers_and_of_nothing_else():
    target = receive(target_of(issued("joho", "koho"), "joho"), by=SECRETARIAT)
    sheets = sheets_of(target)
    related = sheets.shared[0]["uid"]
    own, at = sheets.own[0]["uid"], page(target, "remarks/")
    for uid in ("", own):
        assert post(SECRETARIAT, at, target, text="意見", project_uid=uid).status_code == 422
    assert not target.remarks.exists()
    words = {"text": "意見です", "reason": "そのわけ", "proposal": "こう直す"}
    assert post(SECRETARIAT, at, target, **words, project_uid=related).status_code == 303
    assert client(SECRETARIAT).get(page(target, f"sheets/{related}/")).status_code == 200
    shown = client(SECRETARIAT).get(page(target)).content.decode()
    assert all(text in shown for text in words.values())


def test_why_a_section_has_an_opinion_reaches_the_ledger():
    target = receive(target_of(issued(kind="opinions")))
    words = {"text": "意見です", "reason": "そのわけ", "proposal": "こう直す"}
    post(SECTION, page(target, "remarks/"), target, **words, project_uid="P01")
    submit(target)
    approve(target)
    accept(target)
    assert Opinion.objects.get().text == "意見です\n\n理由：そのわけ\n\n修正案：こう直す"


def test_choices_are_combined_counted_and_kept():
    ClassMember.objects.all().delete()
    inquiry = asking()
    path = f"/stages/{inquiry.stage_id}/inquiry/"
    secretariat = client(SECRETARIAT)
    to = {"to": ["department:somu", "body:kanjikai", "class:各施設所管課等"], "on": "R8.11.24"}
    with at_most(20):
        shown = secretariat.get(path, to).context
    assert shown["nobody"] == ["各施設所管課等"]
    rows = [row for _department, rows in shown["departments"] for row in rows if row["picked"]]
    assert len(rows) == shown["picked"] == len({row["section"].pk for row in rows})
    assert any(len(row["why"]) == 2 for row in rows)
    ids = [row["section"].pk for row in rows] + [section("koho").pk]
    response = post(SECRETARIAT, f"/inquiries/{inquiry.pk}/issue/", **seen(inquiry), **to, ids=ids)
    assert response.status_code == 303
    kept = Inquiry.objects.get(pk=inquiry.pk).addressed
    assert kept["on"] == "2026-11-24"
    assert [choice for choice, _label in kept["choices"]][:3] == to["to"]
    assert InquiryTarget.objects.get(section__code="koho").asked_as == ["section:koho"]
    assert secretariat.get(f"/inquiries/{inquiry.pk}/").status_code == 200


@pytest.mark.parametrize("kind, usual", [("projects", ["leads"]), ("opinions", ["all"])])
def test_an_inquiry_goes_first_to_those_it_usually_goes_to(kind, usual):
    inquiry = asking(kind=kind)
    shown = client(SECRETARIAT).get(f"/stages/{inquiry.stage_id}/inquiry/").context
    assert shown["chosen"] == usual
    assert shown["picked"] > 0


def test_an_inquiry_that_was_issued_without_a_choice_is_shown_too():
    target = receive(target_of(issued()))
    assert target.asked_as == ["section:koho"]
    assert client(SECTION).get(page(target)).context["asked_as"] == [section("koho").name]
