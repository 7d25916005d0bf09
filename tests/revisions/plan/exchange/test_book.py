import io
import shutil
import subprocess
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from django.core.files.base import ContentFile

from revisions.plan.exchange.book import read, to_workbook
from revisions.plan.exchange.layout import TABLES
from revisions.plan.exchange.write import write
from tests.revisions.drafts import demo_content

SOFFICE = shutil.which("soffice")


def workbook(**sheets):
    book = openpyxl.Workbook()
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return ContentFile(file.getvalue(), "案.xlsx")


def test_cells_come_as_they_would_be_typed():
    moment = datetime(2021, 4, 1, 9)  # noqa: DTZ001  a cell has no zone
    cells = [1, 70.5, 7000.0, 0.1 + 0.2, True, moment, date(2021, 4, 1), " 字 ", None]
    tables = read([workbook(体系=[cells], ほか=[[1]])])
    [(number, row)] = tables.pop("体系")
    assert (number, tables) == (1, {})
    assert row[:9] == [
        "1", "70.5", "7000", "0.3", "TRUE", "2021-04-01", "2021-04-01", " 字 ", ""
    ]  # fmt: skip


def test_no_cell_of_a_workbook_is_a_formula():
    content = demo_content() | {"dropped": []}
    project = content["projects"][0] | {"overview": "=1+1", "aims": "+1\x07", "name": "@SUM(A1)"}
    content["projects"] = [project, *content["projects"][1:]]
    book = to_workbook(write(content, names={}))
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        texts = [archive.read(name) for name in archive.namelist() if "worksheets" in name]
    assert len(texts) == 9
    assert not any(b"<f>" in text for text in texts)
    sheet = openpyxl.load_workbook(io.BytesIO(book))["個別事業"]
    assert [sheet["G2"].value, sheet["H2"].value, sheet["B2"].value] == ["=1+1", "+1", "@SUM(A1)"]
    assert sheet["G2"].quotePrefix
    assert sheet["B2"].quotePrefix


@pytest.mark.slow
@pytest.mark.skipif(SOFFICE is None, reason="needs LibreOffice")
def test_a_workbook_that_was_saved_by_a_spreadsheet_is_read_the_same(tmp_path: Path) -> None:
    tables = write(demo_content(), names={})
    ours, saved = tmp_path / "ours.xlsx", tmp_path / "saved"
    ours.write_bytes(to_workbook(tables))
    subprocess.run(  # noqa: S603
        [str(SOFFICE), f"-env:UserInstallation=file://{tmp_path}/profile", "--headless",
         "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(saved), str(ours)],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip

    def said(path: Path) -> dict[str, list[list[str]]]:
        read_ = read([ContentFile(path.read_bytes(), path.name)])
        return {title: [[*filter(None, row)] for _n, row in rows] for title, rows in read_.items()}

    assert said(saved / "ours.xlsx") == said(ours)


def test_the_layout_is_documented() -> None:
    text = (Path(__file__).parents[4] / "docs" / "import-layout.md").read_text()
    for table in TABLES.values():
        _, found, section = text.partition(f"### {table.title}")
        assert found, table.title
        told = section.partition("### ")[0]
        titles = [c.title for c in table.columns.values() if table.title != "一覧"]
        assert [title for title in titles if title not in told] == [], table.title
