"""Opened, edited and saved by LibreOffice, as .ods and back as .xlsx: the same answer."""

import shutil
import subprocess
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from revisions.plan.lines import indicator_line
from tests.revisions.inquiry.test_answers import remark
from tests.revisions.inquiry.walk import answer_questions, asked, issued, receive, target_of
from tests.revisions.inquiry.workbook.filling import (
    filled,
    given_out,
    looked_at,
    saved,
    shuffled,
    squares,
)
from tests.revisions.inquiry.workbook.test_beside_sheets import QUESTIONS, keys

SOFFICE = shutil.which("soffice")

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.skipif(SOFFICE is None, reason="needs LibreOffice: apt-get install libreoffice"),
]

EDIT = {
    "P06/kind": "変更あり",
    "P06/reason": "=理由は\n二行",
    "P06/overview": '  行頭の空白と\n\n空行と & < > "',
    "P06/aims": "@mention",
    "P06/indicators/3/name": "動画の本数",
}


def converted(body: bytes, folder: Path, *kinds: str) -> bytes:
    path = folder / "照会票.xlsx"
    path.write_bytes(body)
    for kind in kinds:
        out = folder / kind
        profile = f"-env:UserInstallation=file://{folder}/profile"
        subprocess.run(  # noqa: S603
            [SOFFICE, profile, "--headless", "--convert-to", kind, "--outdir", out, path],
            check=True,
            capture_output=True,
            timeout=180,
        )
        path = out / f"照会票.{kind}"
    return path.read_bytes()


@pytest.fixture
def target(city):
    return receive(target_of(issued("koho", "joho")))


def test_what_was_only_opened_and_saved_changes_nothing(target, tmp_path):
    joho = receive(target_of(target.inquiry, "joho"), by="joho-tanto")
    review = looked_at(joho, converted(given_out(joho), tmp_path, "ods", "xlsx"))
    assert (review.merged.changed, review.merged.conflicts) == ({}, [])
    assert (review.faults, review.missing) == ([], [])


def test_edits_come_through_moved_about_and_retyped(target, tmp_path):
    def retype(book):
        """As cells come that were pasted without the format of a text."""
        found = squares(book)
        for key, value, number_format in (
            ("P06/indicators/0/y2021", 7000, "#,##0"),
            ("P06/indicators/1/y2021", 0.7, "0%"),
            ("P06/indicators/3/y2022", 45, "General"),
            ("P06/actions/1/text", "動画", "General"),
            ("P06/actions/1/first", datetime(2022, 4, 1), "yyyy/m/d"),  # noqa: DTZ001
            ("P06/actions/1/last", 2023, "General"),
        ):
            found[key].value, found[key].number_format = value, number_format

    body = filled(given_out(target), EDIT, retype, shuffled(5))
    direct = looked_at(target, body)
    review = looked_at(target, converted(body, tmp_path, "ods", "xlsx"))
    assert (review.faults, review.missing) == ([], [])
    assert review.outcome == direct.outcome
    [answer] = review.outcome.answers
    assert (answer.reason, answer.sheet["aims"]) == ("=理由は\n二行", "@mention")
    assert answer.sheet["overview"] == EDIT["P06/overview"]
    assert str(indicator_line(answer.sheet["indicators"][1])).startswith(
        "YouTube チャンネル登録者数: 令和3年度 70%、"
    )
    assert answer.sheet["actions"][1]["spans"] == [{"from": 2022, "to": 2023}]


def test_opinions_come_through(city, tmp_path):
    target = receive(target_of(issued(kind="opinions")))
    first = remark(target, text="+81から始まる意見")
    body = given_out(target)
    keys = [key for key in squares(load_workbook(BytesIO(body))) if key.endswith("/text")]
    body = filled(body, {keys[1]: "新しい意見"}, shuffled(9))
    review = looked_at(target, converted(body, tmp_path, "ods", "xlsx"))
    assert first.pk in [known.pk for known in review.asked.remarks]
    assert [opinion.text for opinion in review.outcome.opinions] == ["新しい意見"]


def test_questions_and_remarks_come_through(city, tmp_path):
    target = asked(*QUESTIONS)
    choice, then, table, number, day, _file = keys(target)
    answer_questions(target, {int(number.removeprefix("questions/")): "1234.5"})
    cells = {choice: "はい", then: "=1+2\n二行目", f"{table}/2/c1": "＋12,000", day: "R8.12.4"}
    body = filled(given_out(target), cells, shuffled(3))
    direct = looked_at(target, body)
    review = looked_at(target, converted(body, tmp_path, "ods", "xlsx"))
    assert (review.faults, review.missing) == ([], [])
    assert review.outcome == direct.outcome
    assert list(review.values.values()) == [
        "はい",
        "=1+2\n二行目",
        [["", "＋12,000"]],
        "1234.5",
        "2026-12-04",
    ]


def test_remarks_on_others_sheets_come_through(city, tmp_path):
    joho = receive(target_of(issued("joho", "koseki"), "joho"), by="joho-tanto")
    first = remark(joho, by="joho-tanto", project_uid="P02", text="+81から始まる意見")
    cells = {"remarks/P02.ab12cd34-1/text": "新しい意見", "remarks/P02.ab12cd34-1/reason": "=理由"}
    body = filled(given_out(joho), cells, shuffled(2))
    review = looked_at(joho, converted(body, tmp_path, "ods", "xlsx"))
    assert (review.faults, review.missing) == ([], [])
    assert [known.pk for known in review.asked.remarks] == [first.pk]
    assert [(o.text, o.reason) for o in review.outcome.opinions] == [("新しい意見", "=理由")]


def test_a_formula_typed_there_is_an_error_here(target, tmp_path):
    book = load_workbook(BytesIO(given_out(target)))
    squares(book)["P06/aims"].value = "=1+2"
    review = looked_at(target, converted(saved(book), tmp_path, "ods", "xlsx"))
    assert [fault.label for fault in review.faults] == ["個別事業1-2-(1) 目指すもの"]
