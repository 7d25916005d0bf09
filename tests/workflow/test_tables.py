import pytest

from workflow.errors import Invalid
from workflow.tables import Encoding, from_csv, neutral, to_csv


@pytest.mark.parametrize("text", ["=1+1", "+81", "-1", "@cmd", "＝1", "\t=1"])
def test_no_text_is_a_formula(text: str) -> None:
    assert neutral(text) == "'" + text


@pytest.mark.parametrize("cell", ["件名", "1-2", "", -3, None])
def test_the_rest_stays_as_it_is(cell: object) -> None:
    assert neutral(cell) == cell


def test_the_file_opens_in_a_spreadsheet() -> None:
    assert b"".join(to_csv([[["件名", "日数"]], [["更新, 二期", 3]]])) == (
        b"\xef\xbb\xbf" + '件名,日数\r\n"更新, 二期",3\r\n'.encode()
    )


def test_the_old_encoding_keeps_what_it_can() -> None:
    written = b"".join(to_csv([[["10〜12月", "髙橋", "𠮷野"]]], Encoding.CP932))
    assert written.decode("cp932") == "10～12月,髙橋,〓野\r\n"


ROWS = [["件名", "'=1"], ["=1+1", "''+"], ["更新,\n二期", ""], ["'", "'件名"]]


@pytest.mark.parametrize("encoding", Encoding)
def test_what_was_written_is_read_again(encoding: Encoding) -> None:
    assert from_csv(b"".join(to_csv([ROWS], encoding))) == ROWS


@pytest.mark.parametrize(
    "data, part_of_reason",
    [
        (b"\x00\x01", "文字コード"),
        ("件名".encode("euc-jp") + b"\xff", "文字コード"),
        (b'a,"b\n', "行目を読めません"),
        (b"a," + b"x" * 200_000, "行目を読めません"),
        (b"a\n" * 20_001, "多すぎます"),
        (b"," * 256, "多すぎます"),
    ],
)
def test_what_is_no_csv_is_refused(data: bytes, part_of_reason: str) -> None:
    with pytest.raises(Invalid, match=part_of_reason) as refused:
        from_csv(data)
    assert refused.value.field == "file"
