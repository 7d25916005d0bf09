"""Questions and remarks out and in again: what was typed is what the page would have saved."""

from dataclasses import asdict
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from revisions.inquiry.models import Remark
from revisions.inquiry.models_questions import Question
from revisions.inquiry.queries import Paper
from revisions.inquiry.questions import asked, read_all
from revisions.inquiry.workbook.answers import WORDS
from revisions.inquiry.workbook.cells import shown, squashed
from revisions.inquiry.workbook.drawing import drawn
from revisions.inquiry.workbook.whole import paper_of
from tests.revisions.inquiry.test_questions import forms
from tests.revisions.inquiry.workbook import anything
from tests.revisions.inquiry.workbook.filling import filled, shuffled
from tests.revisions.inquiry.workbook.test_round_trip import assert_nothing, seeds

KINDS = st.sampled_from(["projects", "opinions"])
FILE = {"name": "=図.pdf", "media_type": "application/pdf", "sha256": "0" * 64, "size": 3}


def paper(form: Any, kept: bool = True) -> Paper:
    """The questions of a form and the answers that it gives, and a file beside them."""
    questions = [Question(help="=補足", **asdict(ask)) for ask in form[0]]
    file = Question(pk=99, kind="file", label="図", choices=[], columns=[])
    values = read_all(questions, form[1], {})[0] | {99: FILE} if kept else {}
    return Paper([*questions, file], values)


def given_out(**how: Any) -> bytes:
    return drawn(paper_of(anything.asked(anything.PLAIN, **how), "ab12cd34"))


def reviewed(body: bytes, **how: Any) -> Any:
    return anything.review(body, anything.PLAIN, **how)


@settings(max_examples=12)
@given(forms(), KINDS, seeds)
def test_untouched_questions_change_nothing(form, kind, seed) -> None:
    how = {"kind": kind, "paper": paper(form)}
    body = given_out(**how)
    assert_nothing(reviewed(body, **how))
    assert_nothing(reviewed(filled(body, {}, shuffled(seed)), **how))


@settings(max_examples=25)
@given(forms(), KINDS, seeds)
def test_any_answers_are_saved_as_the_page_saves_them(form, kind, seed) -> None:
    blank = {"kind": kind, "paper": paper(form, kept=False)}
    questions, typed = form[0], {q.pk: _as_written(q, form[1][q.pk]) for q in form[0]}
    values, wrong = read_all(questions, typed, {})
    now = asked(questions, values)
    cells = {key: text for q in now for key, text in _cells(q, typed[q.pk])}
    review = reviewed(filled(given_out(**blank), cells, shuffled(seed)), **blank)
    assert {key.split("/")[1] for key in review.outcome.faults} == set(map(str, wrong))
    assert review.values == values


def _as_written(question: Any, typed: Any) -> Any:
    """As the page sends it: choices from a list, cells of a table in one line."""
    if question.kind == "table":
        return [["".join(cell.splitlines()) for cell in row] for row in typed]
    meant = squashed(typed)
    return meant if meant in question.choices else typed


def _cells(question: Any, typed: Any) -> list[tuple[str, str]]:
    key = f"questions/{question.pk}"
    if question.kind != "table":
        return [(key, typed)]
    rows = enumerate(typed)
    return [(f"{key}/{i}/c{n}", cell) for i, row in rows for n, cell in enumerate(row)]


remarks = st.fixed_dictionaries(
    {
        "text": anything.words.map(shown).filter(str.strip),  # no other can be typed in a cell
        "place": anything.notes.map(shown),
        "reason": anything.words.map(shown),
        "proposal": anything.words.map(shown),
    }
)


@settings(max_examples=8)
@given(anything.sheets("P1"), anything.sheets("P2"), st.lists(remarks, max_size=5), seeds)
def test_untouched_remarks_on_others_sheets_change_nothing(own, other, said, seed) -> None:
    row = ["", "ab12cd34-1"]  # by the page, and by the workbook
    kept = [
        Remark(pk=n, project_uid="P2", row=row[n == 3], **words) for n, words in enumerate(said, 1)
    ]
    how: dict[str, Any] = {"shared": (other,), "remarks": tuple(kept)}
    body = drawn(paper_of(anything.asked(own, **how), "cd34ef56"))
    assert_nothing(anything.review(body, own, **how))
    assert_nothing(anything.review(filled(body, {}, shuffled(seed)), own, **how))


@settings(max_examples=12)
@given(anything.sheets("P2"), st.lists(remarks, min_size=1, max_size=3), seeds)
def test_any_remarks_come_in_as_they_were_written(other, said, seed) -> None:
    how: dict[str, Any] = {"shared": (other,)}
    cells = {
        f"remarks/P2.ab12cd34-{n}/{name}": text
        for n, words in enumerate(said, 1)
        for name, text in words.items()
    }
    review = reviewed(filled(given_out(**how), cells, shuffled(seed)), **how)
    assert not review.faults
    found = sorted(review.outcome.opinions, key=lambda opinion: opinion.row)
    assert [opinion.row for opinion in found] == [f"ab12cd34-{n}" for n in range(1, len(said) + 1)]
    wanted = [{"project_uid": "P2"} | {k: t.strip() for k, t in words.items()} for words in said]
    assert [{name: getattr(o, name).strip() for name in WORDS} for o in found] == wanted
