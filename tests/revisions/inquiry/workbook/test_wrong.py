"""What comes back in every wrong way: each is refused or told, and none is guessed at."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook, load_workbook

from revisions.inquiry.workbook.marking import marked
from revisions.inquiry.workbook.reading import read
from revisions.plan.cells import cell_text
from tests.factories import user
from tests.revisions.inquiry.walk import answer, issued, receive, target_of
from tests.revisions.inquiry.workbook.filling import (
    filled,
    given_out,
    looked_at,
    saved,
    squares,
)
from workflow.errors import Invalid
from workflow.workbooks import open_workbook

pytestmark = pytest.mark.django_db


@pytest.fixture
def target(city):
    return receive(target_of(issued("koho", "joho")))


def changed(body, act):
    book = load_workbook(BytesIO(body))
    act(book)
    return saved(book)


def hidden(book):
    return next(sheet for sheet in book.worksheets if sheet["A1"].value == "kaitei")


def test_another_section_s_workbook_is_refused_by_its_name(target):
    other = receive(target_of(target.inquiry, "joho"), by="joho-tanto")
    with pytest.raises(
        Invalid, match="これは情報システム課（掲載事業について（照会））の照会票です"
    ):
        looked_at(target, given_out(other))


def test_another_inquiry_s_workbook_is_refused(target):
    body = given_out(target)
    with pytest.raises(Invalid, match="ダウンロードし直して"):
        looked_at(target, changed(body, lambda book: hidden(book)["B2"].__setattr__("value", "x")))


def _drop_stamp(book):
    del book[hidden(book).title]


def _older(book):
    hidden(book)["B1"].value = "0"


def _forged(book):
    rows = list(hidden(book).iter_rows())
    rows[-1][1].value = "0" * 16


def _half_a_character(book):
    hidden(book)["B3"].value = "_xD800_"


@pytest.mark.parametrize(
    "act, said",
    [
        (_drop_stamp, "ダウンロードした照会票ではありません"),
        (_older, "古い様式"),
        (_forged, "書き換わっています"),
        (_half_a_character, "書き換わっています"),
    ],
)
def test_a_workbook_that_is_not_as_it_was_given_out_is_refused(target, act, said):
    with pytest.raises(Invalid, match=said):
        looked_at(target, changed(given_out(target), act))


def test_a_workbook_outlives_a_change_of_the_secret(target, settings):
    body = given_out(target)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = settings.SECRET_KEY[::-1]
    assert not looked_at(target, body).outcome


def _bomb():
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (80 * 2**20))
    return file.getvalue()


def _dtd(body):
    file = BytesIO()
    with ZipFile(BytesIO(body)) as old, ZipFile(file, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name.endswith("sheet2.xml"):
                part = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + part
            new.writestr(name, part)
    return file.getvalue()


@pytest.mark.parametrize(
    "made, said",
    [
        (lambda body: b"", ".xlsx"),
        (lambda body: b"%PDF-1.7", ".xlsx"),
        (lambda body: body[: len(body) // 2], "壊れて"),
        (lambda body: b"\xd0\xcf\x11\xe0" + b"\0" * 600, "パスワード"),
        (lambda body: saved(Workbook()), "照会票ではありません"),
        (lambda body: _bomb(), "中身が多すぎます"),
        (_dtd, "DTD"),
    ],
)
def test_what_is_no_workbook_of_ours_is_refused_with_what_to_do(target, made, said):
    with pytest.raises(Invalid, match=said) as refused:
        looked_at(target, made(given_out(target)))
    assert refused.value.field == "file"


EDIT = {"P06/kind": "変更あり", "P06/reason": "見直し"}


@pytest.mark.parametrize(
    "values, key, said",
    [
        (EDIT | {"P06/name": None}, "P06/name", "入力してください"),
        (EDIT | {"P06/name": "あ" * 201}, "P06/name", "200"),
        (EDIT | {"P06/status": "既存"}, "P06/status", "「既存」は選べません"),
        (EDIT | {"P06/lead": "広報公聴課"}, "P06/lead", "「広報公聴課」という課は見つかりません"),
        (EDIT | {"P06/lead": None}, "P06/lead", ""),
        (
            EDIT | {"P06/actions/0/first": "令和20年度"},
            "P06/actions/0/first",
            "「令和20年度」は選べません",
        ),
        (EDIT | {"P06/actions/0/last": "R2"}, "P06/actions/0/last", ""),
        (EDIT | {"P06/actions/0/text": None}, "P06/actions/0/text", "入力してください"),
        (EDIT | {"P06/indicators/4/y2021": "→"}, "P06/indicators/4/y2021", "続けられません"),
        (EDIT, "P06/kind", "変更した項目がありません"),
        ({"P06/kind": "変更なし", "P06/aims": "改"}, "P06/kind", "書き直されています"),
        ({"P06/kind": "廃止", "P06/reason": "終了", "P06/aims": "改"}, "P06/kind", "書き直され"),
        ({"P06/kind": "廃止"}, "P06/reason", "理由"),
        ({"P06/aims": "改"}, "P06/reason", "理由"),
        (
            {"P06/kind": "たぶん"},
            "P06/kind",
            "「廃止（統合）」「廃止（移管）」「廃止（その他）」から選ぶか",
        ),
        ({"P06/reason": "見直し"}, "P06/kind", "回答を選んでください"),
        ({"new-1/reason": "要望"}, "new-1/name", "名称"),
        ({"new-1/name": "新", "new-1/reason": "要望"}, "new-1/place", "選んでください"),
        ({"new-1/name": "新", "new-1/place": "1-2"}, "new-1/reason", "理由"),
        (
            {"new-1/name": "新", "new-1/place": "9-9", "new-1/reason": "要"},
            "new-1/place",
            "「9-9」は選べません",
        ),
        (
            {"new-1/name": "新", "new-1/place": "９ - 9　子育て", "new-1/reason": "要"},
            "new-1/place",
            "「９ - 9　子育て」は選べません",
        ),
        (
            EDIT | {"P06/status": "既 存"},
            "P06/status",
            "「既 存」は選べません。「新規」「継続」から選んでください。",
        ),
        ({"cover/rest": "いいえ"}, "cover/rest", "「はい」"),
    ],
)
def test_a_wrong_cell_is_told_at_its_place(target, values, key, said):
    body = filled(given_out(target), values)
    review = looked_at(target, body)
    at = squares(load_workbook(BytesIO(body)))[key]
    told = {(fault.sheet, fault.at): fault.said for fault in review.faults}
    assert said in told[at.parent.title, at.coordinate]


def test_a_formula_is_an_error_and_never_worked_out(target):
    def act(book):
        squares(book)["P06/overview"].value = "=1+2"
        squares(book)["P06/aims"].value = "#REF!"

    body = changed(filled(given_out(target), EDIT | {"P06/rationale": "=1+2"}), act)
    review = looked_at(target, body)
    assert [(fault.label, fault.said[:2]) for fault in review.faults] == [
        ("個別事業1-2-(1) 概要", "数式"),
        ("個別事業1-2-(1) 目指すもの", "表計"),
    ]
    [answer] = review.outcome.answers
    assert answer.sheet["rationale"] == "=1+2"


@pytest.mark.parametrize(
    "values, key",
    [
        ({"P06/aims": "改"}, "P06/reason"),
        ({"new-1/place": "1-2", "new-1/reason": "要望"}, "new-1/name"),
        ({"new-1/name": "新", "new-1/reason": "要望"}, "new-1/place"),
    ],
)
def test_a_formula_where_a_text_is_required_is_told_once(target, values, key):
    def act(book):
        squares(book)[key].value = "=1+2"

    [fault] = looked_at(target, changed(filled(given_out(target), values), act)).faults
    assert "数式は読み取れません" in fault.said


def test_texts_that_begin_like_formulas_go_out_as_texts(target):
    answer(target, kind="discontinue", reason='=HYPERLINK("http://x","y")')
    book = load_workbook(BytesIO(given_out(target)))
    reason = squares(book)["P06/reason"]
    assert (reason.data_type, reason.number_format, reason.quotePrefix) == ("s", "@", True)
    formulas = [
        square.coordinate
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for square in row
        if square.data_type == "f"
    ]
    assert formulas == []


def test_rows_and_sheets_that_are_gone_stay_as_they_are_and_are_told(target):
    def act(book):
        square = squares(book)["P06/aims"]
        square.parent.delete_rows(square.row)
        del book["個別事業1-3-(1)"]

    review = looked_at(target, changed(given_out(target), act))
    assert review.missing == ["個別事業1-2-(1) 目指すもの", "「個別事業1-3-(1)」のシート"]
    assert not review.outcome


def test_a_sheet_that_was_copied_is_told_where_it_says_otherwise(target):
    def act(book):
        copy = book.copy_worksheet(book["新規1"])
        copy["D6"].value = "1-2"

    review = looked_at(target, changed(given_out(target), act))
    [fault] = review.faults
    assert fault.at == "D6"
    assert "新規1 Copy" in fault.said


def test_what_is_written_outside_the_form_is_not_passed_over(target):
    def act(book):
        book["個別事業1-2-(1)"].cell(60, 4).value = "ここに書いた"
        book.create_sheet("メモ")["D4"].value = "自分のメモ"

    [fault] = looked_at(target, changed(given_out(target), act)).faults
    assert (fault.sheet, fault.at) == ("個別事業1-2-(1)", "D60")


def test_a_copy_is_marked_also_where_cells_were_merged(target):
    def merge(book):
        square = squares(book)["P06/name"]
        sheet, row = square.parent, square.row
        square.value = None
        sheet.merge_cells(start_row=row, end_row=row, start_column=3, end_column=4)

    body = changed(filled(given_out(target), EDIT), merge)
    faults = looked_at(target, body).faults
    assert faults
    assert load_workbook(BytesIO(marked(BytesIO(body), faults)))


def test_a_workbook_of_another_place_names_no_cells_of_ours(target):
    """A key that the hidden sheet has not is no key."""

    def act(book):
        book["個別事業1-2-(1)"].cell(61, 1).value = "kaitei:fields:P99/name"
        book["個別事業1-2-(1)"].cell(61, 4).value = "よその事業"

    body = changed(given_out(target), act)
    assert "P99/name" not in read(open_workbook(BytesIO(body), formulas=True)).found
    assert not looked_at(target, body).outcome


@pytest.mark.parametrize(
    "value, number_format, text",
    [
        (8000, "General", "8000"),
        (0.85, "0%", "85%"),
        ("８５％以上", "@", "85%以上"),
        ("検討を踏まえ設定", "@", "検討を踏まえ設定"),
    ],
)
def test_a_number_that_was_retyped_is_read_as_it_looks(target, value, number_format, text):
    def act(book):
        square = squares(book)["P06/indicators/0/y2021"]
        square.value, square.number_format = value, number_format

    body = changed(filled(given_out(target), EDIT), act)
    [answer] = looked_at(target, body).outcome.answers
    cell = answer.sheet["indicators"][0]["cells"][0]
    assert cell_text(cell).replace(",", "") == text


def test_the_page_refuses_by_size_before_it_reads(target, settings, client):
    settings.WORKBOOK_MAX_BYTES = 2**20
    client.force_login(user("koho-tanto"))
    big = BytesIO(b"PK\x03\x04" + b"\0" * (2**20))
    big.name = "big.xlsx"
    response = client.post(f"/answers/{target.pk}/workbook/", {"file": big})
    assert response.status_code == 422
    assert "大きすぎます" in response.content.decode()
