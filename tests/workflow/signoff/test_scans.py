import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflow.signoff.scanned import JPEG, PDF, PNG, chunk, packed, pdf
from workflow.signoff.scans import LARGEST, media_type_of


@pytest.mark.parametrize(
    "body, media_type",
    [
        (PDF, "application/pdf"),
        (packed(b"<< /Type /Page /JSONish 1 >>"), "application/pdf"),
        (pdf(b"5 0 obj << /Length 9 >>\nstream\n/JS /AA x\nendstream\nendobj"), "application/pdf"),
        (PNG, "image/png"),
        (JPEG, "image/jpeg"),
    ],
)
def test_what_a_scanner_makes_is_taken(body: bytes, media_type: str) -> None:
    assert media_type_of(body) == media_type


BOMB = packed(b"a" * 60 * 2**20)


@pytest.mark.parametrize(
    "body, said",
    [
        (b"", "いずれか"),
        (b"MZ" + PDF, "いずれか"),
        (b"<svg onload='x'></svg>", "いずれか"),
        (b"GIF89a", "いずれか"),
        (PDF + b" " * LARGEST, "10MB"),
        (PDF.replace(b"%%EOF", b""), "壊れて"),
        (PDF[:60], "壊れて"),
        (pdf(b"/Encrypt 9 0 R"), "保護"),
        (pdf(b"/Encr#79pt 9 0 R"), "保護"),
        (pdf(b"<< /S /JavaScript /JS (app.alert(1)) >>"), "動作"),
        (pdf(b"<< /S /J#61vaScript >>"), "動作"),
        (pdf(b"<< /AA << /O << /JS(x) >> >> >>"), "動作"),
        (pdf(b"<< /S /Launch /F (cmd.exe) >>"), "動作"),
        (pdf(b"<< /Type /EmbeddedFile >>"), "動作"),
        (pdf(b"<< /Names << /EmbeddedFiles 3 0 R >> >>"), "動作"),
        (pdf(b"% stream\n<< /S /JavaScript >>\n% endstream"), "動作"),
        (packed(b"<< /S /JavaScript >>"), "動作"),
        (packed(b"<< /JS (x) >>"), "動作"),
        (packed(b"<< /JS (x) >>", entry=b"/Obj#53tm"), "動作"),
        (packed(b"<< /JS (x) >>", spoil=b"x"), "読み取れません"),
        (BOMB, "大きすぎ"),
        (PNG[:-4], "壊れて"),
        (PNG + b"<script>", "壊れて"),
        (PNG.replace(chunk(b"IEND", b""), b""), "壊れて"),
        (PNG.replace(zlib.compress(b"\0\0"), b"y" * 10), "壊れて"),
        (b"\x89PNG\r\n\x1a\n", "壊れて"),
        (JPEG[:-2], "壊れて"),
        (JPEG.replace(b"\xff\xda", b"\xff\xe1"), "壊れて"),
        (b"\xff\xd8\xff\xd9", "壊れて"),
    ],
)
def test_what_is_broken_disguised_or_active_is_refused(body: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        media_type_of(body)


@given(st.sampled_from([PDF, PNG, JPEG, packed(b"<< /A /B >>")]), st.data())
def test_whatever_comes_it_is_a_type_or_a_sentence(whole: bytes, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(whole)))
    body = whole[:place] + data.draw(st.binary(max_size=8)) + whole[place:]
    try:
        assert media_type_of(body) in ("application/pdf", "image/png", "image/jpeg")
    except ValueError as error:
        assert str(error).endswith("。")  # noqa: PT017
