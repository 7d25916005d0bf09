"""決裁 and 人事異動 as officers walk them: each act a click, each page read by who comes next."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.conftest import PageAs
from tests.browser.test_main_job import PHONE, is_told, press, start_clock
from tests.factories import NOON, request_to
from tests.revisions.cycle.paths import at_adoption, propose
from workflow.models import Appointment, Request, Transfer

pytestmark = pytest.mark.once  # the screens: what they do is tried on both where it lives

Axe = Callable[[Page], list[str]]

CHIEF, CIO = "joho-kacho", "fuku-shicho-a"
WHY = "議会の会期との重なりを確かめてください。"
BEFORE, AFTER = "計画案のとおり策定します。", "計画案のとおり、4月1日に策定します。"


@pytest.fixture(autouse=True)
def on_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    start_clock(monkeypatch, NOON)


def sends_back(page: Page, to: str, *, again: str = "") -> None:
    page.locator("summary", has_text="差し戻す").click()
    page.get_by_role("textbox", name="理由").fill(WHY)
    between = page.get_by_role("group", name="途中の欄に差し戻したあと")
    expect(between).to_be_hidden()  # as long as it goes to the drafter
    page.get_by_role("radio", name=to).check()
    if again:
        between.get_by_role("radio", name=again).check()
    press(page, "差し戻す")


def test_what_is_sent_back_comes_round_again_with_what_changed(page_as: PageAs, axe: Axe) -> None:
    request = propose(at_adoption()[1], text=BEFORE).request
    drafter, chief, cio = page_as("joho-tanto"), page_as(CHIEF, **PHONE), page_as(CIO)

    for page, verb in ((chief, "承認する"), (cio, "")):
        page.goto(f"/requests/{request.pk}/")
        if verb:
            press(page, verb)
            is_told(page, "承認しました。")
    sends_back(cio, "情報システム課長", again="差戻し先だけが署名し直し、すぐ私に戻る")
    is_told(cio, "先に署名した人に差し戻しました。")

    chief.reload()
    expect(chief.get_by_role("main")).to_contain_text(
        "副市長（情報化担当）から情報システム課長に差し戻されています"
    )
    assert axe(chief) == []
    press(chief, "承認する")
    cio.reload()
    sends_back(cio, "起案者")
    is_told(cio, "起案者に差し戻しました。")

    drafter.goto(f"/requests/{request.pk}/")
    drafter.get_by_role("link", name="直して出し直す").click()
    expect(drafter.get_by_role("main")).to_contain_text(WHY)
    drafter.get_by_role("textbox", name="伺いの本文").fill(AFTER)
    drafter.get_by_label("保存期間").select_option("30")
    drafter.get_by_label("公開区分").select_option("open")
    assert axe(drafter) == []
    press(drafter, "回議に付す")
    is_told(drafter, "伺いを立てました。")

    chief.goto(f"/requests/{request.pk}/")
    changed = chief.get_by_role("region", name="あなたが前に見た版から変わったところ")
    expect(changed.locator("ins")).to_contain_text("、4月1日に")
    assert axe(chief) == []
    press(chief, "承認する")
    cio.goto(f"/requests/{request.pk}/")
    press(cio, "決裁する")
    is_told(cio, "決裁しました。")
    assert Request.objects.get(pk=request.pk).state == "decided"


def test_a_transfer_is_prepared_mended_and_applied(page_as: PageAs, axe: Axe) -> None:
    waiting = request_to(CHIEF, title="異動の日をまたぐ伺い")
    today = timezone.localdate().isoformat()
    page = page_as("jinji-tanto")
    page.goto("/transfers/")
    page.get_by_role("textbox", name="名称").fill("十二月の異動")
    page.get_by_role("textbox", name="発令の日").fill("R8.12.1")
    press(page, "準備を始める")

    page.locator("summary", has_text="異動する人の表を貼り付ける").click()
    page.get_by_role("textbox", name="異動の表").fill(
        "joho-kacho,bosai-kacho\nbosai-kacho,joho-kacho"
    )
    press(page, "表の全員を加える")
    is_told(page, "2行を加えました。")
    expect(page.get_by_role("region", name="仕事への影響")).to_contain_text("決裁待ち1件")

    page.locator("summary", has_text="名称と発令の日を直す").click()
    page.get_by_role("textbox", name="名称").fill("十一月の異動")
    page.get_by_role("textbox", name="発令の日").fill(today)
    press(page, "直したものを保存する")
    is_told(page, "名称と発令の日を直しました。")
    expect(page.get_by_role("heading", level=1)).to_have_text("十一月の異動")
    assert axe(page) == []
    press(page, "予約する")
    press(page, "いま発令する")
    is_told(page, "発令し、全員に知らせました。")
    assert Transfer.objects.get().state == "applied"

    successor = page_as("bosai-kacho")
    successor.goto("/requests/")
    successor.get_by_role("link", name=waiting.title).click()
    press(successor, "決裁する")
    is_told(successor, "決裁しました。")
    gone = page_as(CHIEF)
    gone.goto("/requests/")
    expect(gone.get_by_role("main")).to_contain_text("決裁を待っているものはありません")
    held = Appointment.objects.on(timezone.localdate()).filter(user__username=CHIEF)
    assert [one.post.code for one in held] == ["bosai-kacho"]
