"""運用の状態, 届かなかった通知, 外部連携, with something in them: accessible, without JS too."""

import pytest
from playwright.sync_api import Page, expect

from notifications.hooks.commands import register_webhook
from notifications.models import Delivery
from tests.factories import NOON, user
from tests.notifications.undelivered.letters import dead_mails

pytestmark = pytest.mark.once  # the screens: what they do is tried on both where it lives

PAGES = ["/administration/operations/", "/undelivered/", "/administration/webhooks/"]


@pytest.fixture
def filled(transactional_db: None, city: None, settings) -> int:
    """Return the id of a webhook; two mails were given up."""
    settings.WEBHOOK_HOSTS = ["gw.example.lg.jp"]
    dead_mails()
    given = {"name": "掲示板", "url": "https://gw.example.lg.jp/in", "areas": ["stage"]}
    return register_webhook(**given, by=user("kanri"), at=NOON).pk


@pytest.mark.parametrize("look", [{}, {"width": 390, "color_scheme": "dark"}])
def test_axe_finds_nothing(filled: int, page_as, axe, look) -> None:
    page: Page = page_as("kanri", **look)
    for path in [*PAGES, f"{PAGES[-1]}{filled}/"]:
        page.goto(path)
        assert axe(page) == [], path
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= look.get("width", 1280), path


@pytest.mark.parametrize("scripted", [True, False])
def test_withdrawing_asks_for_its_reason_and_keeps_what_was_picked(
    filled: int, page_as, scripted: bool
) -> None:
    page: Page = page_as("kanri", java_script_enabled=scripted)
    page.goto("/undelivered/")
    box = page.get_by_role("checkbox", name="選ぶ：段階が差し戻されました").first
    box.check()
    page.get_by_role("button", name="取り下げる").click()
    reason = page.get_by_role("textbox", name="取り下げる理由")
    expect(reason).to_have_accessible_description(
        "取り下げるときだけ入れます。証跡に残ります。 取り下げる理由を入れてください。"
    )
    expect(box).to_be_checked()
    reason.fill("電話で伝えた")
    page.get_by_role("button", name="取り下げる").click()
    expect(page.get_by_text("1件を取り下げました。")).to_be_visible()
    assert Delivery.objects.filter(state="withdrawn").count() == 1
