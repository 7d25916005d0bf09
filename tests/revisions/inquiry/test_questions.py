"""What questions may be answered: pure. A condition hangs on an earlier choice."""

from dataclasses import dataclass, field, replace
from datetime import date
from zlib import crc32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from revisions.inquiry.questions import asked, faults, in_words, read, read_all, told, unanswered
from workflow.deadline.era import era_date

PNG = b"\x89PNG\r\n\x1a\n" + b"".join(
    len(data).to_bytes(4) + kind + data + crc32(kind + data).to_bytes(4)
    for kind, data in [(b"IHDR", bytes(13)), (b"IDAT", b"x"), (b"IEND", b"")]
)


@dataclass(frozen=True)
class Ask:
    pk: int = 1
    kind: str = "text"
    label: str = "設問"
    required: bool = False
    choices: list = field(default_factory=list)
    columns: list = field(default_factory=list)
    on_id: int | None = None
    on_value: str = ""


CHOICE = Ask(kind="choice", choices=["はい", "いいえ"])
THEN = Ask(2, required=True, on_id=1, on_value="はい")


@pytest.mark.parametrize(
    "kind, typed, value, shown",
    [
        ("text", "そのまま\r\n二行目", "そのまま\n二行目", "そのまま\n二行目"),
        ("number", "１，２３４．５０", "1234.5", "1,234.5"),
        ("number", "−０", "0", "0"),
        ("number", "-12", "-12", "-12"),
        ("date", "R8.12.4", "2026-12-04", "令和8年12月4日(金)"),
        ("table", [["a ", "1"], ["", " "]], [["a", "1"]], "a｜1"),
    ],
)
def test_what_is_typed_is_read_and_shown(kind, typed, value, shown):
    question = Ask(kind=kind, columns=["名称", "数"])
    assert read(question, typed) == value
    assert in_words(question, value) == shown


@pytest.mark.parametrize(
    "question, typed",
    [
        (Ask(), "字" * 10_001),
        (Ask(), "a\0b"),
        (Ask(kind="number"), "たくさん"),
        (Ask(kind="number"), "1e9"),
        (Ask(kind="date"), "いつか"),
        (CHOICE, "どちらでもない"),
        (Ask(kind="table", columns=["a"]), [["x" * 501]]),
        (Ask(kind="table", columns=["a"]), [["x"]] * 201),
        (Ask(kind="table", columns=["a"]), [["x", "y"]]),
        (Ask(kind="file"), ("表.xlsx", b"PK\3\4")),
        (Ask(kind="file"), ("絵.png", PNG[:-4])),
    ],
)
def test_what_no_answer_is_says_why(question, typed):
    with pytest.raises(ValueError, match="。"):
        read(question, typed)


def test_a_file_is_told_by_its_content_kept_and_taken_away():
    question = Ask(kind="file")
    value = read(question, ("図.pdf", PNG))
    assert (value["media_type"], value["size"], in_words(question, value)) == (
        "image/png",
        len(PNG),
        "図.pdf",
    )
    assert read(question, None, value) == value
    assert read(question, False, value) is None


def test_a_question_whose_condition_does_not_hold_is_neither_asked_nor_missed_nor_told():
    questions = [CHOICE, THEN]
    assert unanswered(questions, {1: "いいえ", 2: "残った"}) == []
    assert unanswered(questions, {1: "はい"}) == [THEN]
    assert [answer["id"] for answer in told(questions, {1: "いいえ", 2: "残った"})] == [1]
    assert read_all(questions, {1: "いいえ", 2: "書いた"}, {}) == ({1: "いいえ"}, {})


def test_what_is_wrong_leaves_what_was_answered_before():
    questions = [Ask(kind="number"), Ask(2)]
    values, wrong = read_all(questions, {1: "たくさん", 2: "書いた"}, {1: "5"})
    assert values == {1: "5", 2: "書いた"}
    assert list(wrong) == [1]


@pytest.mark.parametrize(
    "questions, field",
    [
        ([Ask(label=" ")], "label"),
        ([Ask(kind="essay")], "kind"),
        ([replace(CHOICE, choices=["はい"])], "choices"),
        ([replace(CHOICE, choices=["はい", "はい"])], "choices"),
        ([replace(CHOICE, choices=["はい", "い" * 101])], "choices"),
        ([Ask(kind="table")], "columns"),
        ([Ask(kind="table", columns=list("abcdefghi"))], "columns"),
        ([THEN, CHOICE], "on"),
        ([Ask(), THEN], "on"),
        ([replace(CHOICE, choices=["可", "否"]), THEN], "on"),
    ],
)
def test_what_is_wrong_with_a_list_of_questions_names_its_field(questions, field):
    assert [found[1] for found in faults(questions)] == [field]


def test_nothing_is_wrong_with_a_good_list():
    assert not list(faults([CHOICE, THEN, Ask(3, kind="table", columns=["名称"])]))


# Any questions, any answers

WORDS = st.text("あア漢a1１.-−,年月日 \n", max_size=12)


@st.composite
def forms(draw):
    """A list of questions without a fault, and whatever somebody types into it."""
    questions = []
    for pk in range(1, draw(st.integers(1, 6)) + 1):
        kind = draw(st.sampled_from(["text", "number", "choice", "date", "table"]))
        choices, columns = ["甲", "乙"], ["名称", "数"]
        on = draw(st.sampled_from([None, *(q for q in questions if q.kind == "choice")]))
        questions.append(
            Ask(
                pk,
                kind,
                required=draw(st.booleans()),
                choices=choices if kind == "choice" else [],
                columns=columns if kind == "table" else [],
                on_id=on.pk if on else None,
                on_value="甲" if on else "",
            )
        )
    typed = {q.pk: draw(typing(q)) for q in questions}
    return questions, typed


def typing(question):
    good = {
        "choice": st.sampled_from(["甲", "乙", ""]),
        "number": st.integers(-999, 999).map(str),
        "date": st.dates(date(2000, 1, 1), date(2099, 12, 31)).map(era_date),
        "table": st.lists(st.tuples(WORDS, WORDS).map(list), max_size=3),
    }
    return good.get(question.kind, WORDS) | WORDS if question.kind != "table" else good["table"]


@settings(max_examples=150)
@given(forms())
def test_only_what_is_asked_has_a_value_and_saving_again_changes_nothing(form):
    questions, typed = form
    assert not list(faults(questions))
    values, wrong = read_all(questions, typed, {})
    shown = {q.pk for q in asked(questions, values)}
    assert values.keys() | wrong.keys() <= shown
    assert not values.keys() & wrong.keys()
    assert read_all(questions, values, values) == (values, {})
    assert {q.pk for q in unanswered(questions, values)} == {
        q.pk for q in questions if q.pk in shown - values.keys() and q.required
    }
    assert [answer["id"] for answer in told(questions, values)] == sorted(values)
