"""Sheets of any kind that the plan can hold, and people who ask about them, without a database."""

from datetime import date
from io import BytesIO
from typing import Any

from hypothesis import strategies as st

from revisions.inquiry.models import Inquiry, InquiryTarget, Remark, SheetAnswer
from revisions.inquiry.queries import Paper, Sheets
from revisions.inquiry.workbook.asked import Asked
from revisions.inquiry.workbook.names import Names
from revisions.inquiry.workbook.reading import read
from revisions.inquiry.workbook.review import Review, compared
from revisions.models import Plan, Revision
from workflow.models import Section
from workflow.workbooks import open_workbook

FIRST, LAST = 2021, 2025
SECTIONS = {"koho": "広報広聴課", "joho": "情報システム課", "somu": "総務課（消防本部）"}
NO_QUESTIONS = Paper([], {})
CLASSES = ("各施設所管課等", "総合政策課ほか")

tricky = st.sampled_from(
    [
        "=1+2",
        "+81",
        "-5",
        "@SUM(A1)",
        "＝A1",
        "_x0041_",
        "'ab",
        "70%",
        "→",
        "○",
        "令和3年度",
        "#REF!",
    ]
)
any_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
words = tricky | any_text | st.text("あ漢字 　\n\t0１%,.", max_size=20)
lines = words.map(lambda text: "".join(text.split()) or "文")
notes = words.map(lambda text: "".join(text.splitlines()).strip())  # typed in a field of one line
years = st.integers(FIRST, LAST)


@st.composite
def stretches(draw: Any, **fields: Any) -> list[dict[str, Any]]:
    """Spans of years, one after another."""
    found, year = [], FIRST
    while year <= LAST and draw(st.booleans()):
        first = draw(st.integers(year, LAST))
        last = draw(st.integers(first, LAST))
        said = {key: value for key, field in fields.items() if (value := draw(field))}
        found.append({"from": first, "to": last} | said)
        year = last + 1
    return found


@st.composite
def indicator_cells(draw: Any) -> list[dict[str, Any]]:
    number = {"value": "70.8", "unit": "%", "comparison": ">="}
    return [
        span | (number if draw(st.booleans()) else {"text": draw(lines)})
        for span in draw(stretches())
    ]


actions = st.fixed_dictionaries({"text": lines, "spans": stretches(text=notes)})
indicators = st.fixed_dictionaries(
    {"name": lines, "cumulative": st.booleans(), "cells": indicator_cells()}
)
sections = st.lists(
    st.sampled_from([*SECTIONS, *({"class": name} for name in CLASSES)]),
    max_size=3,
    unique_by=str,
)


def sheets(uid: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "uid": st.just(uid),
            "name": lines,
            "status": st.sampled_from(["new", "continued"]),
            "lead": sections.map(lambda listed: ["koho", *(s for s in listed if s != "koho")]),
            "related": sections,
            "overview": words,
            "aims": words,
            "actions": st.lists(actions, max_size=3, unique_by=lambda action: action["text"]),
            "indicators": st.lists(indicators, max_size=2),
            "rationale": words,
            "notes": st.just([]),
        }
    )


PLAIN: dict[str, Any] = {
    **dict.fromkeys(("overview", "aims", "rationale"), ""),
    **{name: [] for name in ("actions", "indicators", "related", "notes")},
    **{"uid": "P1", "name": "事業", "status": "new", "lead": ["koho"]},
}


def content(*projects: dict[str, Any]) -> dict[str, Any]:
    placements = [{"number": n, "project": p["uid"]} for n, p in enumerate(projects, 1)]
    program = {"number": 1, "name": "手続", "aim": "", "placements": placements}
    return {
        "plan": {"code": "ict", "title": "計画", "first_year": FIRST, "last_year": LAST},
        "policies": [{"number": 1, "name": "便利", "programs": [program]}],
        "projects": list(projects),
        "sections": SECTIONS,
    }


def asked(
    *projects: dict[str, Any],
    kind: str = "projects",
    shared: tuple[dict[str, Any], ...] = (),
    answers: tuple[SheetAnswer, ...] = (),
    remarks: tuple[Remark, ...] = (),
    paper: Paper = NO_QUESTIONS,
    base: tuple[str, ...] = (),
) -> Asked:
    plan = Plan(code="ict", title="計画", first_year=FIRST, last_year=LAST)
    target = InquiryTarget(
        pk=1,
        inquiry=Inquiry(kind=kind, title="照会", text="=依頼"),
        revision=Revision(plan=plan),
        section=Section(code="koho", name="広報広聴課"),
        due_on=date(2026, 12, 4),
    )
    shown = Sheets(
        content(*projects, *shared),
        list(projects) if kind == "projects" else [],
        list(shared),
        {a.uid: a for a in answers},
        remarkable=[sheet["uid"] for sheet in shared or projects],
    )
    names = Names(SECTIONS, frozenset(CLASSES), tuple(SECTIONS.items()))
    return Asked(target, shown, list(remarks), names, paper, "情報システム課", base)


def review(given: bytes, *projects: dict[str, Any], **how: Any) -> Review:
    reading = read(open_workbook(BytesIO(given), formulas=True))
    return compared(asked(*projects, base=tuple(reading.stamp.base), **how), reading)
