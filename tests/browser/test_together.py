"""Two people of a section at one sheet: each sees the other, and both texts of a field."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from revisions.models import AnswerDraft
from tests.browser.conftest import PageAs
from tests.browser.test_main_job import PHONE, press, start_clock
from tests.factories import NOON
from tests.revisions.inquiry import walk


@pytest.fixture(autouse=True)
def on_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    start_clock(monkeypatch, NOON)


def write(page: Page, label: str, text: str) -> None:
    """Type into a field and leave it."""
    page.get_by_label(label).fill(text)
    page.keyboard.press("Tab")


def test_the_second_writer_of_a_field_sees_both_texts(
    page_as: PageAs,
    axe: Callable[[Page], list[str]],
    shot: Callable[[Page, str], Path],
) -> None:
    target = walk.receive(walk.target_of(walk.issued()))
    path = f"/answers/{target.pk}/sheets/P06/"
    one, other = page_as("koho-tanto"), page_as("koho-kacho", **PHONE)
    one.goto(path)
    expect(one.get_by_text("いま開いている人：広報広聴課担当")).to_be_visible()
    other.goto(path)
    expect(other.get_by_text("いま開いている人：広報広聴課長、広報広聴課担当")).to_be_visible()

    write(one, "概要", "知らせを登録した方に届けます。")
    expect(one.get_by_role("status").filter(has_text="下書きを保存しました 12:00")).to_be_visible()
    expect(one.get_by_label("目指すもの")).to_be_focused()

    write(other, "概要", "知らせを選んだ方に届けます。")
    told = other.get_by_role("status").filter(has_text="同じ欄が、別の画面でも書かれています。")
    expect(told).to_be_visible()
    expect(other.get_by_label("目指すもの")).to_be_focused()
    expect(other.get_by_role("heading", name="「概要」を、ほかの人も書いています")).to_be_visible()
    expect(other.get_by_label("概要")).to_have_value("知らせを選んだ方に届けます。")
    shot(other, "together-clash-390")
    assert axe(other) == []

    other.get_by_role("button", name="両方を並べて書き直す").click()
    overview = other.get_by_label("概要")
    expect(overview).to_have_value("知らせを選んだ方に届けます。\n知らせを登録した方に届けます。")
    expect(overview).to_be_focused()
    write(other, "概要", "知らせを登録し、選んだ方に届けます。")
    expect(other.get_by_role("status").filter(has_text="下書きを保存しました")).to_be_visible()

    write(one, "変更・掲載の理由", "言い方をそろえるため。")
    expect(one.get_by_role("status").filter(has_text="別の画面で書かれた欄：概要")).to_be_visible()
    press(one, "回答を保存する")
    expect(one.get_by_role("heading", level=1)).to_be_visible()
    expect(one.get_by_text("別の画面で書かれた欄（概要）は、下に取り込みました。")).to_be_visible()
    expect(one.get_by_label("概要")).to_have_value("知らせを登録し、選んだ方に届けます。")
    shot(one, "together-taken-1280")
    assert axe(one) == []
    press(one, "回答を保存する")
    expect(one.get_by_role("heading", name="保存した回答")).to_be_visible()
    assert not AnswerDraft.objects.exists()
    assert target.answers.get().proposed["overview"] == "知らせを登録し、選んだ方に届けます。"


def test_two_write_one_table_and_meet_in_one_cell_only(
    page_as: PageAs,
    axe: Callable[[Page], list[str]],
    shot: Callable[[Page, str], Path],
) -> None:
    target = walk.receive(walk.target_of(walk.issued()))
    path = f"/answers/{target.pk}/sheets/P10/"
    one, other = page_as("koho-tanto"), page_as("koho-kacho", **PHONE)
    for page in (one, other):
        page.goto(path)
    saved = "下書きを保存しました 12:00"

    write(one, "1行目の取組", "サイトの充実")
    expect(one.get_by_role("status").filter(has_text=saved)).to_be_visible()
    write(other, "3行目の取組", "アクセスの分析")
    told = other.get_by_role("status").filter(has_text=saved)
    expect(told).to_contain_text("別の画面で書かれた欄：年度ごとの取組『サイトの充実』")
    write(one, "3行目の取組", "多言語での発信")
    theirs = one.get_by_role("status").filter(has_text="年度ごとの取組『アクセスの分析』")
    expect(theirs).to_be_visible()
    expect(one.locator("[data-clash]")).to_have_count(0)

    write(other, "1行目の取組", "ホームページの刷新")
    told = other.get_by_role("heading", name="年度ごとの取組『ホームページの刷新』の取組")
    expect(told).to_be_visible()
    expect(other.get_by_text("サイトの充実", exact=True)).to_be_visible()
    shot(other, "together-cell-390")
    assert axe(other) == []
    other.get_by_role("button", name="相手の文を使う").click()
    expect(other.get_by_label("1行目の取組")).to_have_value("サイトの充実")
    expect(other.get_by_label("1行目の取組")).to_be_focused()

    one.goto(path)
    rows = [one.get_by_label(f"{n}行目の取組") for n in (1, 2, 3, 4)]
    texts = ["サイトの充実", "職員研修の実施", "アクセスの分析", "多言語での発信"]
    for row_input, text in zip(rows, texts, strict=True):
        expect(row_input).to_have_value(text)
    shot(one, "together-table-1280")
    write(one, "変更・掲載の理由", "取組をそろえるため。")
    press(one, "回答を保存する")
    expect(one.get_by_role("heading", name="保存した回答")).to_be_visible()
    assert not AnswerDraft.objects.exists()
    assert [row["text"] for row in target.answers.get().proposed["actions"]] == texts


def test_a_form_that_the_server_does_not_keep_says_so_and_keeps_it_here(page_as: PageAs) -> None:
    target = walk.receive(walk.target_of(walk.issued()))
    page = page_as("koho-tanto")
    page.goto(f"/answers/{target.pk}/sheets/P06/")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    write(page, "概要", "届かない文")
    told = page.get_by_role("status").filter(has_text="下書きを保存できませんでした。")
    expect(told).to_be_visible()
    expect(page.get_by_label("概要")).to_have_value("届かない文")
    assert not AnswerDraft.objects.exists()
