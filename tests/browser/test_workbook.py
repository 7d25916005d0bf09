"""Excelで回答する in a browser: take the workbook away, send it back, look, choose, accept."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from revisions.models import InquiryTarget
from tests.browser.conftest import PageAs
from tests.browser.test_main_job import is_told, on_the_day, press
from tests.revisions.inquiry import walk
from tests.revisions.inquiry.test_answers import remark, sheet
from tests.revisions.inquiry.workbook.filling import filled

pytestmark = pytest.mark.once  # the screens: what they do is tried on both where it lives

__all__ = ["on_the_day"]

EDIT = {
    "P06/kind": "変更あり",
    "P06/reason": "利用者の声を受けたため。",
    "P06/aims": "迷わず届けます。",
}
MORE = {
    "P06/overview": "動画を中心に、市の情報を届けます。",
    "cover/rest": "はい",
    "new-1/name": "窓口の案内の多言語化",
    "new-1/place": "1-2",
    "new-1/reason": "外国人住民が増えたため。",
}
WRONG = EDIT | {"P06/name": None, "P06/actions/0/first": "いつか", "P06/lead": "広報公聴課"}

Axe = Callable[[Page], list[str]]
Shot = Callable[[Page, str], Path]


@pytest.fixture
def target(city: None) -> InquiryTarget:
    return walk.receive(walk.target_of(walk.issued()))


def downloaded(page: Page) -> bytes:
    with page.expect_download() as got:
        page.get_by_role("link", name="照会票をダウンロードする").first.click()
    assert got.value.suggested_filename == "照会票_広報広聴課_掲載事業について（照会）.xlsx"
    return Path(got.value.path()).read_bytes()


def send(page: Page, body: bytes) -> None:
    file = {"name": "返送 (2).xlsx", "mimeType": "application/octet-stream", "buffer": body}
    page.locator("input[type=file]").set_input_files(files=[file])
    press(page, "読み取る")


def test_a_section_answers_by_workbook(
    page_as: PageAs, axe: Axe, shot: Shot, target: InquiryTarget
) -> None:
    page = page_as("koho-tanto")
    page.goto(f"/answers/{target.pk}/")
    shot(page, "workbook-0-place")
    body = downloaded(page)
    page.get_by_role("link", name="記入した照会票を送る").click()
    shot(page, "workbook-1-empty")
    assert axe(page) == []
    send(page, b"%PDF-1.7")
    expect(page.get_by_role("alert")).to_contain_text("Excelブック（.xlsx）ではありません")
    shot(page, "workbook-2-refused")
    send(page, filled(body, WRONG))
    expect(page.get_by_role("row").filter(has_text="広報公聴課")).to_contain_text("シートのD")
    shot(page, "workbook-3-faults")
    assert axe(page) == []
    walk.answer(target, kind="edit", sheet=sheet(target, overview="画面の概要"), reason="見直し")
    send(page, filled(body, EDIT | MORE))
    shot(page, "workbook-4-clash")
    assert axe(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    shot(page, "workbook-4-clash-phone")
    press(page, "この内容を回答にする")
    expect(page.get_by_role("alert")).to_contain_text("どちらにするか選んでください")
    every = page.get_by_role("group", name="まとめて選ぶ")
    every.get_by_label("Excelの内容にする").check()
    press(page, "この内容を回答にする")
    is_told(page, "Excelの内容を回答にしました")
    shot(page, "workbook-5-done-phone")
    saved = dict(target.answers.values_list("uid", "kind"))
    assert (saved["P06"], saved["new-1"]) == ("edit", "add")
    assert target.answers.get(uid="P06").proposed["overview"] == MORE["P06/overview"]


def test_opinions_and_what_the_secretariat_takes(
    page_as: PageAs, axe: Axe, shot: Shot, city: None
) -> None:
    target = walk.receive(walk.target_of(walk.issued(kind="opinions")))
    first = remark(target, text="古い意見")
    page = page_as("koho-tanto")
    page.goto(f"/answers/{target.pk}/workbook/")
    body = downloaded(page)
    values = {f"remarks/{first.pk}/text": "改めた意見", f"remarks/{first.pk}/proposal": "修正案"}
    send(page, filled(body, values))
    shot(page, "workbook-6-opinions")
    assert axe(page) == []
    page = page_as("joho-tanto")
    page.goto(f"/inquiries/{target.inquiry_id}/")
    shot(page, "workbook-7-all")
    assert axe(page) == []
    with page.expect_download() as got:
        page.get_by_role("link", name="課ごとの照会票（ZIP）").click()
    assert got.value.suggested_filename.startswith("照会票_掲載事業について（照会）_")
