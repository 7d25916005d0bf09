"""The parts every screen is built from: accessible, within the policy, usable by keyboard."""

import copy
import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = [
    pytest.mark.once,  # the parts with made-up words; their database holds who is signed in
    pytest.mark.urls("tests.browser.gallery_urls"),
    pytest.mark.usefixtures("own_frame"),
]

WHO = "joho-kacho"
PAGES = ["", "?wrong", "refused", "404", "403", "403_csrf", "500", "login", "public", "print"]
LOOKS = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "phone": {"width": 390},
    "phone-dark": {"width": 390, "color_scheme": "dark"},
    "forced-colors": {"forced_colors": "active"},
}


@pytest.fixture
def own_frame(settings) -> None:
    """The gallery brings its own navigation."""
    templates = copy.deepcopy(settings.TEMPLATES)
    templates[0]["OPTIONS"]["context_processors"].remove("config.context.around")
    settings.TEMPLATES = templates


@pytest.fixture
def gallery(page_as) -> Page:
    page = page_as(WHO)
    page.goto("/gallery/")
    return page


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing(page_as, axe, shot, look: str) -> None:
    page: Page = page_as(WHO, **LOOKS[look])
    for name in PAGES:
        page.goto(f"/gallery/{name}")
        shot(page, f"gallery-{name.strip('?') or 'all'}-{look}")
        assert axe(page) == [], name


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_is_wider_than_the_window(page_as, width: int) -> None:
    page: Page = page_as(WHO, width=width)
    for name in PAGES:
        page.goto(f"/gallery/{name}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name


def test_acts_stay_in_reach_while_reading(gallery: Page) -> None:
    gallery.mouse.wheel(0, 1500)
    expect(gallery.get_by_role("button", name="承認する").last).to_be_in_viewport()


def test_the_head_of_a_long_table_stays_in_sight(gallery: Page) -> None:
    table = gallery.locator("table.gantt")
    table.get_by_role("row", name="パブリックコメント").evaluate("row => row.scrollIntoView(true)")
    expect(table.get_by_role("columnheader", name="状態")).to_be_in_viewport()


def test_negative_act_asks_for_its_reason_in_place_without_script(page_as) -> None:
    page: Page = page_as(WHO, java_script_enabled=False)
    page.goto("/gallery/")
    reason = page.get_by_role("textbox", name="差戻しの理由")
    expect(reason).to_be_hidden()
    page.locator("summary", has_text="差し戻す").click()
    expect(reason).to_be_visible()


def test_what_is_wrong_is_said_on_top_and_beside_the_field(page_as) -> None:
    page: Page = page_as(WHO)
    page.goto("/gallery/?wrong")
    summary = page.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    summary.get_by_role("link", name="名称：入力してください。").click()
    name = page.get_by_role("textbox", name="名称必須")
    expect(name).to_be_focused()
    expect(name).to_have_accessible_description(
        "体系図と一覧にも、この名称が載ります。 入力してください。"
    )
    expect(page.get_by_role("textbox", name="回答期限必須")).to_have_value("12月の終わり")
    expect(page.get_by_role("textbox", name="差戻しの理由")).to_be_visible()


def test_a_closed_day_is_pointed_out_while_typing(gallery: Page) -> None:
    due = gallery.get_by_role("textbox", name="回答期限必須")
    due.press_sequentially("R8.12.5")
    expect(gallery.locator("#id_due_live")).to_have_text("R8.12.5は閉庁日です。")


def test_keys_walk_a_list_and_can_be_switched_off(gallery: Page) -> None:
    first, second = (
        gallery.get_by_role("link", name=f"個別事業 1-1-({n}) の変更について") for n in (1, 2)
    )
    gallery.keyboard.press("j")
    expect(first).to_be_focused()
    gallery.keyboard.press("j")
    expect(second).to_be_focused()
    gallery.keyboard.press("k")
    expect(first).to_be_focused()
    gallery.keyboard.press("o")
    expect(gallery).to_have_url(re.compile(r"#request$"))
    gallery.keyboard.press("/")
    expect(gallery.get_by_role("textbox", name="名称・番号")).to_be_focused()
    gallery.locator("h1").click()
    gallery.keyboard.press("?")
    gallery.get_by_role("checkbox", name="キー操作を使う").uncheck()
    gallery.get_by_role("button", name="閉じる").click()
    gallery.reload()
    gallery.keyboard.press("j")
    expect(first).not_to_be_focused()


def test_typing_a_letter_in_a_field_is_not_a_key(gallery: Page) -> None:
    name = gallery.get_by_role("textbox", name="名称必須")
    name.press_sequentially("jk?/o")
    expect(name).to_have_value("jk?/o")


def test_selection_is_counted_and_brings_its_acts(gallery: Page) -> None:
    bar = gallery.get_by_role("group", name="選んだものをまとめて")
    expect(bar).to_be_hidden()
    whole = gallery.get_by_role("checkbox", name="すべて選ぶ")
    whole.check()
    expect(bar).to_contain_text("3件を選択")
    gallery.get_by_role("checkbox", name="選ぶ：neutral").uncheck()
    expect(bar).to_contain_text("2件を選択")
    assert whole.evaluate("box => box.indeterminate")
    whole.check()
    whole.uncheck()
    expect(bar).to_be_hidden()


def test_bulk_acts_are_there_without_script(page_as) -> None:
    page: Page = page_as(WHO, java_script_enabled=False)
    page.goto("/gallery/")
    expect(page.get_by_role("group", name="選んだものをまとめて")).to_be_visible()


def test_a_draft_outlives_its_page_until_it_was_sent(page_as) -> None:
    page: Page = page_as(WHO)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/gallery/public")
    name = page.get_by_role("textbox", name="名称必須")
    name.fill("書きかけ")
    page.reload()
    expect(name).to_have_value("")
    page.get_by_role("button", name="入力を戻す").click()
    expect(name).to_have_value("書きかけ")
    page.get_by_role("button", name="意見を出す").click()
    page.wait_for_url("**/gallery/404")
    page.goto("/gallery/public")
    expect(page.get_by_role("button", name="入力を戻す")).to_have_count(0)


def test_what_was_taken_is_not_offered_again_though_its_form_is_there(page_as) -> None:
    page: Page = page_as(WHO)
    page.goto("/gallery/public")
    page.get_by_role("textbox", name="名称必須").fill("送ったもの")
    form = page.locator("form[data-draft]")
    form.evaluate("form => { form.method = 'get'; form.action = '' }")
    page.get_by_role("button", name="意見を出す").click()
    page.wait_for_url("**/gallery/public?**")
    expect(page.get_by_role("textbox", name="名称必須")).to_have_value("")
    expect(page.get_by_role("button", name="入力を戻す")).to_have_count(0)


@pytest.mark.parametrize("answer", ["login", "refused"])
def test_a_draft_outlives_an_ended_session_and_a_refusal(page_as, answer: str) -> None:
    page: Page = page_as(WHO)
    page.goto("/gallery/public")
    page.get_by_role("textbox", name="名称必須").fill("書きかけ")
    page.locator("form[data-draft]").evaluate(f"form => form.action = '/gallery/{answer}'")
    page.get_by_role("button", name="意見を出す").click()
    page.wait_for_url(f"**/gallery/{answer}")
    page.goto("/gallery/public")
    page.get_by_role("button", name="入力を戻す").click()
    expect(page.get_by_role("textbox", name="名称必須")).to_have_value("書きかけ")


def test_leaving_with_unsent_words_is_warned_of(page_as) -> None:
    page: Page = page_as(WHO)
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto("/gallery/public")
    page.get_by_role("textbox", name="名称必須").fill("書きかけ")
    page.goto("/gallery/404")
    assert asked == ["beforeunload"]


def test_another_person_is_not_offered_the_draft(page_as) -> None:
    page: Page = page_as(WHO)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/gallery/public")
    page.get_by_role("textbox", name="名称必須").fill("書きかけ")
    page.context.clear_cookies()
    page.reload()
    expect(page.get_by_role("button", name="入力を戻す")).to_have_count(0)


def test_the_path_is_a_list_with_words(gallery: Page) -> None:
    path = gallery.get_by_role("region", name="経路")
    here = path.locator("[aria-current=step]")
    expect(here).to_have_text(
        ["庁内照会進行中 遅れ R2.12.10～12.14", "情報化推進委員会進行中 R2.12.17～"]
    )
    row = path.get_by_role("row", name="パブリックコメント")
    expect(row).to_contain_text("予定令和3年2月17日(水)～3月18日(木)")


def test_the_menu_opens_on_a_phone_without_script(page_as) -> None:
    page: Page = page_as(WHO, width=390, java_script_enabled=False)
    page.goto("/gallery/")
    link = page.get_by_role("link", name="進行表")
    expect(link).to_be_hidden()
    page.get_by_role("button", name="メニュー").click()
    expect(link).to_be_visible()
