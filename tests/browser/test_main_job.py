"""The main job in a browser: a section answers, its chief approves, the secretariat concludes.

What went before is done by commands; the acts themselves are clicks and keys.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from revisions.models import Inquiry, InquiryTarget, Submission
from revisions.plan.queries import sheet_of
from tests.browser.conftest import PageAs
from tests.factories import NOON, request_to
from tests.revisions.inquiry import walk
from tests.revisions.public_comment import walk as comments
from workflow.models import Request, Stage

Look = Callable[[Page, str], None]

AIMS = "登録した方に、暮らしと防災の知らせを迷わず届けます。"
REASON = "利用者の声を受けたため。"
TITLE = "掲載事業について（照会）"
PHONE = {"width": 390, "has_touch": True, "is_mobile": True}


def start_clock(monkeypatch: pytest.MonkeyPatch, start: datetime) -> None:
    """Let the clock that the site reads run from `start`."""
    began = datetime.now(UTC)
    monkeypatch.setattr(timezone, "now", lambda: start + (datetime.now(UTC) - began))


@pytest.fixture(autouse=True)
def on_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    start_clock(monkeypatch, NOON)


@pytest.fixture
def look(axe: Callable[[Page], list[str]], shot: Callable[[Page, str], Path]) -> Look:
    """Picture a page; nothing on it may be out of somebody's reach."""

    def look(page: Page, name: str) -> None:
        shot(page, f"main-job-{name}")
        assert axe(page) == [], name

    return look


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def is_told(page: Page, words: str) -> None:
    expect(page.get_by_role("status").filter(has_text=words)).to_be_visible()


def test_three_people_take_an_inquiry_from_answer_to_conclusion(
    page_as: PageAs, look: Look
) -> None:
    inquiry = walk.issued("koho", "bunka")
    target = walk.target_of(inquiry)

    the_section_answers(page_as("koho-tanto"), look, target)
    its_chief_approves(page_as("koho-kacho", **PHONE), look, target)
    the_secretariat_concludes(page_as("joho-tanto"), look, inquiry)

    stage = Stage.objects.get(pk=inquiry.stage_id)
    assert (stage.state, stage.outcome) == ("concluded", "answered")
    assert sheet_of(inquiry.revision, "P10")["aims"] == AIMS


def the_section_answers(page: Page, look: Look, target: InquiryTarget) -> None:
    page.goto("/")
    look(page, "1-my-work")
    page.get_by_role("link", name=TITLE).click()
    look(page, "2-asked")
    press(page, "受け取る")
    is_told(page, "受け取りました。")

    unchanged = page.locator("#sheet-P06")
    unchanged.get_by_role("button", name="変更なし").click()
    expect(unchanged.get_by_role("button", name="取り消す")).to_be_visible()
    page.locator("#sheet-P10").get_by_role("link", name="変更する").click()
    look(page, "3-sheet")
    a_wrong_value_is_put_right(page, look)
    is_told(page, "保存しました。")
    look(page, "5-saved")

    page.get_by_role("link", name="回答の一覧へ").click()
    press(page, "残りはすべて変更なし")
    look(page, "6-answered")
    press(page, "課長へ回す")
    is_told(page, "課長の確認に回しました。")
    look(page, "7-sent")
    assert walk.current(target).state == "in_review"


def a_wrong_value_is_put_right(page: Page, look: Look) -> None:
    """The message stands beside its field, and nothing that was typed is lost."""
    page.get_by_role("textbox", name="目指すもの").fill(AIMS)
    page.get_by_role("textbox", name="変更・掲載の理由").fill(REASON)
    value = page.get_by_role("textbox", name="1行目の令和3年度")
    value.fill("→")
    press(page, "回答を保存する")
    expect(page.locator("[data-error-summary]")).to_contain_text("前の年度に値がないため")
    look(page, "4-wrong")

    page.locator("[data-error-summary]").get_by_role("link").click()
    expect(value).to_be_focused()
    expect(value).to_have_accessible_description("前の年度に値がないため、続けられません。")
    expect(page.get_by_role("textbox", name="目指すもの")).to_have_value(AIMS)
    expect(page.get_by_role("textbox", name="変更・掲載の理由")).to_have_value(REASON)
    value.fill("790万件")
    press(page, "回答を保存する")


def its_chief_approves(page: Page, look: Look, target: InquiryTarget) -> None:
    page.goto("/")
    look(page, "8-chief")
    page.get_by_role("link", name=TITLE).click()
    expect(page.get_by_role("region", name="決裁の対象")).to_contain_text(AIMS)
    approve = page.get_by_role("button", name="決裁する")
    expect(approve).to_be_in_viewport()
    expect(page.get_by_text("この件が決まります。")).to_be_visible()
    look(page, "9-request")
    approve.click()
    is_told(page, "決裁しました。")
    look(page, "10-approved")
    assert walk.current(target).state == "answered"


def the_secretariat_concludes(page: Page, look: Look, inquiry: Inquiry) -> None:
    page.goto("/")
    look(page, "11-secretariat")
    page.get_by_role("link", name=TITLE).click()
    look(page, "12-answer")
    press(page, "受理する")
    is_told(page, "受理しました。")
    page.get_by_role("link", name=TITLE).click()
    look(page, "13-inquiry")

    page.get_by_role("link", name="文化振興課").click()
    page.locator("summary", has_text="回答不要とする").click()
    page.get_by_role("textbox", name="理由").fill("所管する事業がないため。")
    look(page, "14-waive")
    press(page, "回答不要とする")

    page.get_by_role("link", name=TITLE).click()
    page.get_by_role("link", name="段階の画面へ").click()
    look(page, "15-stage")
    page.get_by_role("button", name="で終える").click()
    is_told(page, "段階を終えました。")
    look(page, "16-concluded")


def test_an_answer_is_given_by_keyboard_alone(page_as: PageAs) -> None:
    target = walk.target_of(walk.issued())
    page: Page = page_as("koho-tanto")
    page.goto("/")
    page.keyboard.press("j")
    page.keyboard.press("o")
    hit(page, page.get_by_role("button", name="受け取る"))
    is_told(page, "受け取りました。")

    row = page.locator("#sheet-P06")
    hit(page, row.get_by_role("button", name="変更なし"), "Space")
    expect(row.get_by_role("button", name="取り消す")).to_be_visible()
    for key in "jjjk":  # three rows, and back to the second
        page.keyboard.press(key)
    page.keyboard.press("o")
    write(page, "目指すもの", AIMS)
    write(page, "変更・掲載の理由", REASON)
    hit(page, page.get_by_role("button", name="回答を保存する"))
    is_told(page, "保存しました。")

    hit(page, page.get_by_role("link", name="回答の一覧へ"))
    hit(page, page.get_by_role("button", name="残りはすべて変更なし"), "Space")
    hit(page, page.get_by_role("button", name="課長へ回す"))
    is_told(page, "課長の確認に回しました。")
    assert walk.current(target).state == "in_review"


def tab_to(page: Page, wanted: Locator) -> None:
    wanted.wait_for()
    for _ in range(150):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{wanted} is not reached by Tab")


def hit(page: Page, wanted: Locator, key: str = "Enter") -> None:
    tab_to(page, wanted)
    page.keyboard.press(key)


def write(page: Page, label: str, text: str) -> None:
    tab_to(page, page.get_by_role("textbox", name=label))
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(text)


def test_who_comes_second_reads_what_happened_and_keeps_the_words(
    page_as: PageAs, look: Look
) -> None:
    request = request_to("bunsho-kacho+gyosei-keiei-kacho")
    first, second = (page_as(name) for name in ("bunsho-kacho", "gyosei-keiei-kacho"))
    for page in (first, second):
        page.goto(f"/requests/{request.pk}/")

    first.locator("summary", has_text="差し戻す").click()
    first.get_by_role("textbox", name="理由").fill("根拠の条番号が違います。")
    press(first, "差し戻す")
    is_told(first, "起案者に差し戻しました。")

    second.locator("summary", has_text="意見を添える").click()
    second.get_by_role("textbox", name="意見").fill("予算の裏付けを確かめました。")
    with second.expect_response("**/approve/") as answer:
        press(second, "承認する")
    assert answer.value.status == 409
    expect(second.get_by_role("main")).to_contain_text("根拠の条番号が違います。")
    expect(second.get_by_role("textbox", name="意見")).to_have_value("予算の裏付けを確かめました。")
    look(second, "17-stale")
    second.get_by_role("link", name="最新の画面を開く").click()
    expect(second.get_by_role("button", name="承認する")).to_have_count(0)
    assert Request.objects.get(pk=request.pk).state == "draft"


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_citizen_sends_an_opinion_from_a_phone(
    page_as: PageAs, look: Look, monkeypatch: pytest.MonkeyPatch, script: bool
) -> None:
    comment = comments.reach("accepting")
    start_clock(monkeypatch, comments.OPEN)
    page: Page = page_as(None, java_script_enabled=script, **PHONE)
    page.goto("/public/")
    page.get_by_role("link", name=comment.title).click()
    write_link = page.get_by_role("link", name="意見を書く")
    expect(write_link).to_be_in_viewport()
    if script:
        look(page, "18-public")
    write_link.click()
    page.get_by_role("textbox", name="意見").fill("相談できる場を増やしてください。")
    press(page, "意見を送る")
    expect(page.get_by_role("heading", level=1)).to_have_text("意見を受け付けました")
    if script:
        look(page, "19-receipt")

    received = Submission.objects.get()
    assert received.opinion.text == "相談できる場を増やしてください。"
    number = page.get_by_role("definition").filter(has_text=received.number)
    expect(number).to_be_visible()
