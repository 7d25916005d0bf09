"""Out and in again: what nobody touched changes nothing, what was edited is what the form saves."""

from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from revisions.inquiry.models import Remark, SheetAnswer
from revisions.inquiry.models_questions import Question
from revisions.inquiry.queries import Paper
from revisions.inquiry.states import QuestionKind
from revisions.inquiry.workbook.cells import Kind
from revisions.inquiry.workbook.drawing import drawn
from revisions.inquiry.workbook.whole import paper_of
from revisions.plan.forms import SheetForm
from tests.revisions.inquiry.workbook import anything
from tests.revisions.inquiry.workbook.filling import filled, shuffled
from tests.revisions.plan.posted import posted

seeds = st.integers(0, 10_000)
kinds = st.sampled_from(["unchanged", "edit", "discontinue", None])


def given_out(*projects: dict[str, Any], **how: Any) -> bytes:
    return drawn(paper_of(anything.asked(*projects, **how), "ab12cd34"))


def assert_nothing(review: Any) -> None:
    assert (review.merged.changed, review.merged.conflicts) == ({}, [])
    assert (review.faults, review.missing) == ([], [])
    assert not review.outcome


@settings(max_examples=20)
@given(anything.sheets("P1"), anything.sheets("P2"), anything.sheets("new-1"), kinds, kinds, seeds)
def test_an_untouched_workbook_changes_nothing(one, two, new, first, second, seed) -> None:
    proposed = {"edit": two | {"uid": "P1"}}
    answers = [
        SheetAnswer(
            uid=uid,
            kind=kind,
            before=sheet,
            proposed=proposed.get(kind, {}),
            dropped_as=as_ if kind == "discontinue" else "",
            reason="=理",
        )
        for uid, kind, sheet, as_ in (("P1", first, one, "abolished"), ("P2", second, two, "moved"))
        if kind
    ]
    added = SheetAnswer(uid="new-1", kind="add", proposed=new, place="1-1", reason="新規")
    how = {"answers": (*answers, added)}
    body = given_out(one, two, **how)
    assert_nothing(anything.review(body, one, two, **how))
    assert_nothing(anything.review(filled(body, {}, shuffled(seed)), one, two, **how))


@settings(max_examples=10)
@given(anything.sheets("P1"), st.lists(anything.words.filter(str.strip), max_size=4), seeds)
def test_untouched_opinions_change_nothing(sheet, texts, seed) -> None:
    remarks = tuple(
        Remark(pk=n, project_uid="P1" if n % 2 else "", place="=概要", text=text, proposal=text)
        for n, text in enumerate(texts, 1)
    )
    how = {"kind": "opinions", "remarks": remarks}
    body = given_out(sheet, **how)
    assert_nothing(anything.review(filled(body, {}, shuffled(seed)), sheet, **how))


typed = (anything.tricky | st.text("あ漢字0１ %,.・", min_size=1, max_size=20)).filter(str.strip)
edits = st.dictionaries(
    st.sampled_from(
        [
            *("name", "status", "lead", "related", "overview", "aims", "rationale"),
            *(f"actions/{i}/{name}" for i in (0, 1) for name in ("text", "first", "last", "note")),
            *(f"indicators/0/{name}" for name in ("name", "cumulative", "y2021", "y2023")),
        ]
    ),
    st.tuples(typed, st.sampled_from([*range(2021, 2026)]), anything.sections, st.booleans()),
    min_size=1,
    max_size=5,
)


@settings(max_examples=30)
@given(anything.sheets("P1"), edits, seeds)
def test_edits_in_any_order_save_what_the_form_saves(sheet, edited, seed) -> None:
    """The same fields typed on the page and in the workbook give the same sheet, or are refused."""
    base = anything.asked(sheet)
    form = SheetForm(plan=base.plan, sheet=sheet, sections=base.names.choices)
    data, values = posted(form), {"P1/kind": "変更あり", "P1/reason": "見直し"}
    for key, (text, year, listed, tick) in edited.items():
        values[f"P1/{key}"] = _type(data, key, text, year, listed, tick)
    by_form = SheetForm(data, plan=base.plan, sheet=sheet, sections=base.names.choices)
    cells = anything.review(given_out(sheet), sheet).cells
    for key, value in values.items():  # spaces alone are no edit in a workbook
        assume(value is None or cells[key].says(str(value)) != cells[key].says(cells[key].text))
    review = anything.review(filled(given_out(sheet), values, shuffled(seed)), sheet)
    assert not review.merged.conflicts
    if not by_form.is_valid():
        assert review.faults
    elif by_form.sheet() == sheet:
        assert list(review.outcome.faults) == ["P1/kind"]
    else:
        assert not review.faults
        [answer] = review.outcome.answers
        assert (answer.kind, answer.sheet, answer.reason) == ("edit", by_form.sheet(), "見直し")


def _type(data: dict[str, str], key: str, text: str, year: int, listed: Any, tick: bool) -> Any:
    """Type something in one field of the form; return what an officer writes in the cell."""
    name = f"sheet-{key.replace('/', '-')}"
    match key.rpartition("/")[2]:
        case "status":
            data[name] = "new" if tick else "continued"
            return "新規" if tick else " 継続　"
        case "lead" | "related":
            return _list(data, name, listed)
        case "first" | "last":
            data[name] = str(year)
            return year if tick else f"令和{year - 2018}年度"
        case "cumulative":
            data.pop(name, None)
            data |= {name: "on"} if tick else {}
            return "○" if tick else None
        case _:
            data[name] = text
            return text


def _list(data: dict[str, str], name: str, listed: list[Any]) -> str | None:
    for key in [key for key in data if key.startswith(f"{name}-")]:
        del data[key]
    data |= {f"{name}-TOTAL_FORMS": str(len(listed)), f"{name}-INITIAL_FORMS": "0"}
    said = []
    for i, section in enumerate(listed):
        is_class = isinstance(section, dict)
        data[f"{name}-{i}-{'class_name' if is_class else 'section'}"] = (
            section["class"] if is_class else section
        )
        said.append(section["class"] if is_class else anything.SECTIONS[section])
    return " 、".join(said) or None


def test_every_kind_of_cell_is_tried() -> None:
    kinds = {QuestionKind.NUMBER, QuestionKind.DATE}
    paper = Paper([Question(pk=n, kind=kind, label="問") for n, kind in enumerate(kinds, 1)], {})
    body = given_out(anything.PLAIN, paper=paper)
    cells = anything.review(body, anything.PLAIN, paper=paper).cells
    assert {cell.kind for cell in cells.values()} == set(Kind)
