"""A real plan draft was typed three times; the importer tells where the three disagree.

The data hold the facts of a city's published draft (2021): numbers, names and sections as its
chart, its list and its sheets have them.
"""

from functools import cache
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from revisions.demo.city import read as demo
from revisions.plan.content import sheets
from revisions.plan.exchange.book import read
from revisions.plan.exchange.build import Outcome, build
from revisions.plan.exchange.fields import Office
from revisions.plan.exchange.parse import parse
from revisions.plan.exchange.settle import Disagreement
from revisions.plan.oddities import Standing

DATA = Path(__file__).parents[1] / "data" / "hadano_2021"
TITLES = {"chart": "体系", "list": "一覧", "sheet": "個別事業"}
PLAN = {
    name: demo("plan.yaml")["plan"][name] for name in ("code", "title", "first_year", "last_year")
}


@cache
def brought(*choices: tuple[str, int]) -> Outcome:
    """The three as CSV files, UTF-8 with BOM and CP932, brought into one plan."""
    files = [
        SimpleUploadedFile(f"計画案_{title}.csv", (DATA / f"{name}.csv").read_bytes())
        for name, title in TITLES.items()
    ]
    sections = {section["name"]: section["code"] for section in demo("city.yaml")["sections"]}
    classes = {row["name"]: row["sections"] for row in demo("city.yaml")["classes"]}
    return build(
        parse(read(files)),
        plan=PLAN,
        office=Office(sections),
        standing=Standing(2020, {*sections.values()}, classes),
        choices=dict(choices),
    )


def told(found: Disagreement) -> dict[str, str]:
    """Where → what is written there, of all places."""
    return {
        f"{place.sheet}{place.row}": reading.text
        for reading in found.readings
        for place in reading.places
    }


def test_exactly_these_fields_disagree() -> None:
    outcome = brought()
    assert outcome.errors == []
    assert [(found.number, found.field) for found in outcome.disagreements] == [
        ("1-1-(2)", "name"),
        ("1-2-(2)", "related"),
        ("1-3-(3)", "related"),
        ("1-3-(4)", "name"),
        ("2-1-(1)", "related"),
        ("2-1-(2)", "name"),
        ("2-1-(2)", "related"),
        ("2-2-(2)", "lead"),
        ("2-4-(1)", "name"),
        ("2-4-(3)", "related"),
        ("3-1-(1)", "related"),
        ("3-1-(2)", "related"),
    ]


@pytest.mark.parametrize(
    "key, sheet, others",
    [
        (
            "1-1-2-name",
            "住民異動届出等におけるスマート窓口の導入検討",
            {"体系": "住民異動届出等におけるスマート窓口の導入"},
        ),
        (
            "1-3-4-name",
            "電子書籍の導入検討",
            {"一覧": "電子書籍導入の検討", "体系": "電子書籍導入の検討"},
        ),
        (
            "2-1-2-name",
            "AI-OCR(OCRの自動読み取り)の導入検討",
            {"体系": "AI-OCR(OCRの自動読み取り)の導入"},
        ),
        ("2-4-1-name", "次期基幹系システムの最適化", {"体系": "次期基幹システムの最適化"}),
        ("1-2-2-related", "各地図データ所管課等", {"体系": "各地図データ所管課"}),
        ("2-1-1-related", "行政経営課、各業務所管課等", {"体系": "（空欄）"}),
    ],
)
def test_both_readings_are_told_with_sheet_and_row(
    key: str, sheet: str, others: dict[str, str]
) -> None:
    [found] = [found for found in brought().disagreements if found.key == key]
    first, second = found.readings
    assert first.text == sheet
    assert first.places[0].sheet == "個別事業"
    assert {place.sheet: second.text for place in second.places} == others
    assert all(place.row > 1 and place.column for one in found.readings for place in one.places)


def test_a_relisted_sheet_speaks_with_its_original() -> None:
    """Chart and sheets order the joint leads differently, at both places of the project."""
    [found] = [found for found in brought().disagreements if found.field == "lead"]
    assert list(told(found).items()) == [
        ("個別事業22", "情報システム課、 文書法制課"),
        ("個別事業29", "情報システム課、 文書法制課"),
        ("体系29", "文書法制課、情報システム課"),
        ("体系37", "文書法制課、情報システム課"),
    ]


def test_nothing_is_ready_before_all_is_chosen() -> None:
    keys = [found.key for found in brought().disagreements]
    assert not brought().is_ready
    assert not brought(*[(key, 0) for key in keys[1:]]).is_ready
    assert not brought(*[(key, 7) for key in keys]).is_ready
    assert brought(*[(key, 0) for key in keys]).is_ready


@pytest.mark.parametrize("taken, name", [(0, "電子書籍の導入検討"), (1, "電子書籍導入の検討")])
def test_the_reading_that_was_chosen_is_taken_and_the_other_is_noted(taken: int, name: str) -> None:
    keys = [found.key for found in brought().disagreements]
    content = brought(*[(key, taken) for key in keys]).content
    [project] = [project for project in content["projects"] if "電子書籍" in project["name"]]
    assert project["name"] == name
    assert {note["where"] for note in project["notes"]} == (
        {"chart", "list"} if taken == 0 else {"sheet"}
    )


def test_what_agrees_is_the_plan_of_the_demo() -> None:
    keys = [found.key for found in brought().disagreements]
    content = brought(*[(key, 0) for key in keys]).content
    plan = demo("plan.yaml")
    facts = ("name", "status", "lead", "related")
    assert [
        (number, relisted, *(project[fact] for fact in facts))
        for number, project, relisted in sheets(content)
    ] == [
        (number, relisted, *(project[fact] for fact in facts))
        for number, project, relisted in sheets(plan)
    ]
