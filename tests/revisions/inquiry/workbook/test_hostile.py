"""What somebody does to a workbook to have more than was asked, or less be seen."""

from datetime import datetime
from io import BytesIO

import pytest
from openpyxl import load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from revisions.inquiry.queries import paper_of
from revisions.inquiry.workbook.drawing import MARK, put
from tests.revisions.inquiry.test_answers import remark
from tests.revisions.inquiry.walk import answer_questions, asked, issued, receive, target_of
from tests.revisions.inquiry.workbook.filling import (
    filled,
    given_out,
    looked_at,
    shuffled,
    squares,
)
from tests.revisions.inquiry.workbook.test_beside_sheets import QUESTIONS, keys
from workflow.errors import Invalid

pytestmark = pytest.mark.django_db


@pytest.fixture
def target(city):
    """With a choice, a table of two rows, a number and a day that are answered."""
    found = asked(*QUESTIONS)
    typed = ["はい", "清掃", [["更新", "1"], ["保守", "2"]], "7", "R8.12.4"]
    pks = found.inquiry.questions.values_list("pk", flat=True)
    assert not answer_questions(found, dict(zip(pks, typed, strict=False)))
    return found


def done(target, *acts, **values):
    return looked_at(target, filled(given_out(target), values, *acts))


def line_of(book, key):
    """Return the sheet and the row number of a key's cell."""
    square = squares(book)[key]
    return square.parent, square.row


def test_two_addressees_do_not_answer_for_each_other(city):
    inquiry = issued("joho", "koseki")
    joho = receive(target_of(inquiry, "joho"), by="joho-tanto")
    koseki = receive(target_of(inquiry, "koseki"), by="koseki-tanto")
    for own, other in ((joho, koseki), (koseki, joho)):
        with pytest.raises(Invalid, match=f"これは{other.section.name}"):
            looked_at(own, given_out(other))


def test_the_hidden_sheet_of_one_does_not_open_the_workbook_of_another(city):
    """Its base says which cells there are, so that another's are none."""
    inquiry = issued("joho", "koseki")
    joho = receive(target_of(inquiry, "joho"), by="joho-tanto")
    koseki = receive(target_of(inquiry, "koseki"), by="koseki-tanto")
    mine = next(s for s in load_workbook(BytesIO(given_out(joho))).worksheets if _is_stamp(s))

    def swap(book):
        del book[next(sheet for sheet in book.worksheets if _is_stamp(sheet)).title]
        stamp = book.create_sheet("管理")
        for row in mine.iter_rows():
            for square in row:
                put(stamp.cell(square.row, square.column), square.value)

    review = looked_at(joho, filled(given_out(koseki), {}, swap))
    assert not review.outcome
    assert review.missing


def _is_stamp(sheet):
    return sheet["A1"].value == MARK


def test_a_workbook_of_the_form_before_is_refused_with_what_to_do(target):
    def older(book):
        next(sheet for sheet in book.worksheets if _is_stamp(sheet))["B1"].value = "1"

    with pytest.raises(Invalid, match="古い様式です。新しい照会票をダウンロードして"):
        done(target, older)


def test_a_row_that_was_copied_says_it_twice_or_is_told(target):
    key = f"{keys(target)[2]}/0/c0"

    def copy(text):
        def act(book):
            sheet, row = line_of(book, key)
            last = sheet.max_row + 1
            for square in list(sheet[row]):
                put(sheet.cell(last, square.column), square.value)
            put(sheet.cell(last, 3), text)

        return act

    assert not done(target, copy("更新")).faults
    review = done(target, copy("別の業務"))
    [fault] = review.faults
    assert "書かれていることが違います" in fault.said
    assert not review.outcome


def test_a_row_without_its_hidden_name_is_told_and_changes_nothing(target):
    def act(book):
        sheet, row = line_of(book, f"{keys(target)[2]}/1/c0")
        sheet.cell(row, 1).value = None

    review = done(target, act)
    assert [fault.at for fault in review.faults] == [f"C{_row(target, 1)}"]
    assert review.missing == ["問3 2行目 業務", "問3 2行目 額"]
    assert not review.outcome


def _row(target, line):
    book = load_workbook(BytesIO(given_out(target)))
    return line_of(book, f"{keys(target)[2]}/{line}/c0")[1]


def test_names_of_two_rows_exchanged_are_an_edit_like_any_other(target):
    def act(book):
        sheet, row = line_of(book, f"{keys(target)[2]}/0/c0")
        one, two = sheet.cell(row, 1), sheet.cell(row + 1, 1)
        one.value, two.value = two.value, one.value

    review = done(target, act)
    assert review.values[paper_of(target).questions[2].pk] == [["保守", "2"], ["更新", "1"]]


def test_a_name_that_is_none_of_ours_is_no_cell(target):
    def act(book):
        sheet, row = line_of(book, keys(target)[3])
        for n, name in enumerate(("questions:questions/999999", "remarks:remarks/P01.x-1"), 1):
            put(sheet.cell(sheet.max_row + 1, 1), f"{MARK}:{name}")
            put(sheet.cell(sheet.max_row, 5), str(n))
        put(sheet.cell(row, 5), "8")

    review = done(target, act)
    assert list(review.outcome.typed.values()) == ["8"]
    assert not review.outcome.opinions


def test_sheets_renamed_reordered_and_lost_keep_what_they_do_not_say(target):
    def act(book):
        del book["問3"]
        shuffled(6)(book)

    review = done(target, act)
    assert review.missing == ["「問3」のシート"]
    assert not review.outcome


def test_what_a_merged_cell_swallowed_is_told_before_it_is_saved(target):
    def act(book):
        sheet, row = line_of(book, keys(target)[3])
        sheet.merge_cells(start_row=row, end_row=row, start_column=4, end_column=5)

    review = done(target, act)
    number = paper_of(target).questions[3].pk
    assert (review.outcome.typed, number in review.values) == ({number: ""}, False)


@pytest.mark.parametrize("value", [datetime(2026, 12, 7), datetime(2026, 12, 7, 9, 30)])  # noqa: DTZ001
def test_days_counted_from_1904_are_the_same_days(target, value):
    def act(book):
        book.epoch = CALENDAR_MAC_1904
        square = squares(book)[keys(target)[4]]
        square.value, square.number_format = value, "yyyy/m/d"

    review = done(target, act)
    assert review.values[paper_of(target).questions[4].pk] == "2026-12-07"


def test_a_day_that_lost_its_format_is_not_guessed_at(target):
    def act(book):
        squares(book)[keys(target)[4]].value = 46363

    [fault] = done(target, act).faults
    assert "日付として読めません" in fault.said


@pytest.mark.parametrize(
    "text, value",
    [
        ("1,234", "1234"),
        ("１，２３４", "1234"),
        (" 12.50　", "12.5"),
        ("−５", "-5"),
        ("1,234,567.8", "1234567.8"),
        ("1.234,5", None),
        ("12,34", None),
        ("1e9", None),
        ("=1+2", None),
        ("'5", None),
    ],
)
def test_numbers_as_texts_are_read_or_told(target, text, value):
    review = looked_at(target, filled(given_out(target), {keys(target)[3]: text}))
    number = paper_of(target).questions[3].pk
    assert bool(review.faults) == (value is None)
    assert review.values[number] == (value or "7")


def test_a_formula_in_an_answer_is_told_and_never_worked_out(target):
    def act(book):
        squares(book)[keys(target)[3]].value = "=6*7"
        squares(book)[f"{keys(target)[2]}/0/c1"].value = "#REF!"

    review = done(target, act)
    assert [(fault.label, fault.said[:2]) for fault in review.faults] == [
        ("設問 問4", "数式"),
        ("問3 1行目 額", "表計"),
    ]
    assert not review.outcome


def test_a_remark_copied_to_another_sheet_stays_with_the_sheet_it_is_named_for(city):
    joho = receive(target_of(issued("joho", "koseki"), "joho"), by="joho-tanto")
    one, two = "P02", "P03"
    kept = remark(joho, by="joho-tanto", project_uid=one, text="意見")

    def act(book):
        name = squares(book)[f"remarks/{one}.{kept.pk}/text"]
        other = squares(book)[f"remarks/{two}.ab12cd34-1/text"]
        put(other.parent.cell(other.row, 1), name.parent.cell(name.row, 1).value)
        put(other, "別の意見")

    review = looked_at(joho, filled(given_out(joho), {}, act))
    assert [fault.sheet for fault in review.faults]
    assert not review.outcome.opinions
