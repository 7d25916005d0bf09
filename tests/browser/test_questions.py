"""Questions and the choice of addressees in a browser, with a script and without."""

import pytest
from playwright.sync_api import expect

from revisions.inquiry.queries import paper_of
from tests.browser.conftest import PageAs
from tests.revisions.inquiry import walk
from tests.revisions.inquiry.test_question_commands import CHOICE, THEN

pytestmark = pytest.mark.once  # the screens: what they do is tried on both where it lives


@pytest.mark.parametrize("scripted", [True, False])
def test_an_answer_brings_up_its_question(page_as: PageAs, scripted: bool) -> None:
    target = walk.asked(CHOICE, THEN)
    page = page_as("koho-tanto", width=390, java_script_enabled=scripted)
    page.goto(f"/answers/{target.pk}/questions/")
    then = page.get_by_label("委託の内容")
    expect(then).to_be_hidden()
    page.get_by_label("はい").check()
    if not scripted:
        page.get_by_role("button", name="答えを保存する").click()
    expect(then).to_be_visible()
    then.fill("設計")
    page.get_by_role("button", name="答えを保存する").click()
    expect(page.get_by_role("heading", name="設問（2）")).to_be_visible()
    assert list(paper_of(target).values.values()) == ["はい", "設計"]


def test_those_chosen_are_counted_as_they_are_chosen(page_as: PageAs) -> None:
    inquiry = walk.asking()
    page = page_as("joho-tanto")
    page.goto(f"/stages/{inquiry.stage_id}/inquiry/")
    count = page.locator("[data-count]")
    before = int(count.inner_text())
    page.get_by_label("主管課（").uncheck()
    expect(count).to_have_text("0")
    page.get_by_label("主管課（").check()
    page.get_by_label("総務部（").check()
    expect(page.get_by_role("row", name="文書法制課")).to_contain_text("総務部")
    now = int(count.inner_text())
    assert now > before
    page.get_by_label("文書法制課", exact=True).uncheck()
    expect(count).to_have_text(str(now - 1))
