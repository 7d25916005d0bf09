"""工程図: stepped through by keyboard."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.revisions.cycle.paths import start

pytestmark = pytest.mark.once  # the screens: what they do is tried on both where it lives


@pytest.fixture
def chart(page_as) -> Page:
    page: Page = page_as("joho-tanto")
    page.goto(f"/revisions/{start().pk}/schedule/")
    return page


def test_arrows_step_from_stage_to_stage(chart: Page) -> None:
    rows = chart.locator(".gantt-chart a")
    last = rows.count() - 1
    chart.get_by_role("region", name="工程図").focus()
    for key, here in (
        ("ArrowDown", 0),
        ("ArrowDown", 1),
        ("ArrowUp", 0),
        ("ArrowUp", 0),
        ("End", last),
        ("ArrowDown", last),
        ("Home", 0),
        ("Tab", 1),
    ):
        chart.keyboard.press(key)
        expect(rows.nth(here)).to_be_focused()
    chart.keyboard.press("Enter")
    expect(chart).to_have_url(re.compile(r"/stages/\d+/$"))


def test_arrows_elsewhere_are_the_browsers(chart: Page) -> None:
    chart.get_by_label("遅れる段階").focus()
    chart.keyboard.press("ArrowDown")
    assert chart.get_by_label("遅れる段階").evaluate("box => box.selectedIndex") == 1


def test_on_a_phone_it_is_read_as_a_list_and_printed_as_a_drawing(page_as) -> None:
    phone = page_as("joho-tanto", width=390)
    phone.goto(f"/revisions/{start().pk}/schedule/")
    expect(phone.locator(".chart-part")).to_be_hidden()
    expect(phone.get_by_role("heading", name="段階ごとの日程")).to_be_visible()
    phone.emulate_media(media="print")
    expect(phone.locator(".chart-part svg.drawn")).to_be_visible()
