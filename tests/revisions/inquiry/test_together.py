"""Several people write one table at once: nothing is lost, and only who writes one cell meets."""

from importlib import import_module

import pytest
from django.apps import apps
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from revisions.inquiry.gates_drafts import WrittenMeanwhile
from revisions.inquiry.typed import mark
from revisions.models import AnswerDraft
from tests.factories import NOON, user
from tests.revisions.inquiry.opened import Opened
from tests.revisions.inquiry.walk import issued, receive, target_of
from workflow.models import Post

pytestmark = pytest.mark.django_db

ONE, OTHER = "koho-tanto", "koho-kacho"
WEB, TRAINING = "ホームページの充実", "職員研修の実施"


@pytest.fixture
def target(city):
    return receive(target_of(issued()))


@pytest.fixture
def two(target):
    return Opened(target), Opened(target, OTHER)


def words(rows):
    return [row["text"] for row in rows]


def spans(rows):
    return {row["text"]: [(span["from"], span["to"]) for span in row["spans"]] for row in rows}


def test_two_in_different_rows_and_cells_do_not_meet(target, two):
    one, other = two
    one.type("actions", WEB, last="2024")
    other.type("actions", WEB, text="サイトの充実").type("actions", TRAINING, first="2022")
    assert (one.keep().clashes, other.keep().clashes) == ([], [])
    now = Opened(target)
    assert spans(now.rows("actions")) == {
        "サイトの充実": [(2021, 2024)],
        TRAINING: [(2022, 2025)],
    }
    now.answer()
    assert not AnswerDraft.objects.exists()


def test_the_second_writer_of_a_cell_sees_both_texts(target, two):
    one, other = two
    one.type("actions", WEB, text="甲").keep()
    other.type("actions", WEB, text="乙").type("actions", TRAINING, text="研修")
    kept = other.keep()
    assert [draft.value for draft in kept.clashes] == ["甲"]
    assert other.page.says(kept.clashes[0].field) == "乙"
    assert words(Opened(target).rows("actions")) == ["甲", "研修"]
    with pytest.raises(WrittenMeanwhile) as refused:
        other.answer()
    assert refused.value.clashes == [kept.clashes[0].field]


def test_rows_that_two_add_are_both_there(target, two):
    for opened, text in zip(two, ["甲の取組", "乙の取組"], strict=True):
        opened.type("actions", "", text=text, first="2023")
        assert opened.keep().clashes == []
    assert words(Opened(target).rows("actions")) == [WEB, TRAINING, "甲の取組", "乙の取組"]


def test_a_row_that_one_rewords_and_answers_is_still_the_others_row(target, two):
    one, other = two
    one.type("actions", WEB, text="サイトの充実", ORDER="2").answer()
    other.type("actions", WEB, last="2023")
    assert other.keep().clashes == []
    now = Opened(target)
    assert spans(now.rows("actions")) == {
        TRAINING: [(2021, 2025)],
        "サイトの充実": [(2021, 2023)],
    }
    with pytest.raises(WrittenMeanwhile) as refused:
        other.answer()
    assert refused.value.clashes == []
    now.answer()
    assert not AnswerDraft.objects.exists()


@pytest.mark.parametrize("is_answered", [False, True])
def test_who_writes_in_a_row_that_another_takes_out_is_told(target, two, is_answered):
    one, other = two
    one.type("actions", WEB, DELETE="on")
    one.answer() if is_answered else one.keep()
    told = other.type("actions", WEB, text="サイトの充実").keep()
    (met,) = told.clashes
    assert (met.field.rpartition("/")[2], met.value) == ("DELETE", "on")
    other.was = other.page.settled(met.field, "mine", met.value, mark(met.value)).made_of
    other.keep()
    assert spans(Opened(target).rows("actions"))["サイトの充実"] == [(2021, 2025)]


def test_who_takes_out_a_row_that_another_writes_in_sees_the_text(target, two):
    one, other = two
    one.type("actions", WEB, text="サイトの充実").keep()
    (met,) = other.type("actions", WEB, DELETE="on").keep().clashes
    assert met.value == "サイトの充実"
    with pytest.raises(WrittenMeanwhile):
        other.answer()
    assert words(Opened(target).rows("actions")) == [TRAINING]  # as both say so far
    del other.sent[f"{other.row('actions', WEB)}-DELETE"]
    other.keep()
    assert words(Opened(target).rows("actions")) == ["サイトの充実", TRAINING]


def test_rows_that_two_move_stand_where_each_put_them(target, two):
    one, other = two
    for text in ("三", "四"):
        one.type("actions", "", text=text)
    one.answer()
    one, other = Opened(target), Opened(target, OTHER)
    one.type("actions", "四", ORDER="0")
    other.type("actions", WEB, ORDER="4")
    assert (one.keep().clashes, other.keep().clashes) == ([], [])
    now = Opened(target)
    assert words(now.rows("actions")) == ["四", TRAINING, "三", WEB]
    assert now.page.touched == []
    now.answer()
    assert not AnswerDraft.objects.exists()
    assert words(Opened(target).rows("actions")) == ["四", TRAINING, "三", WEB]


def test_an_answer_does_not_undo_how_another_put_the_rows(target, two):
    one, other = two
    one.type("actions", TRAINING, ORDER="0").answer()
    other.sent["sheet-aims"] = "乙のねらい"
    with pytest.raises(WrittenMeanwhile) as refused:
        other.answer()
    assert refused.value.moved == ["actions"]


def test_a_box_that_is_unticked_is_kept(target, two):
    two[0].type("indicators", "年間アクセス数", cumulative="on").keep()
    opened = Opened(target)
    del opened.sent[f"{opened.row('indicators', '年間アクセス数')}-cumulative"]
    assert len(opened.keep().saved) == 1
    assert [row["cumulative"] for row in Opened(target).rows("indicators")] == [False]


def test_a_table_that_was_typed_as_a_whole_is_its_cells(target):
    """As drafts stood before the rows of a table had names."""
    migration = import_module("revisions.migrations.0004_rows_of_an_answer")
    rows = [{"text": WEB, "first": "2022", "last": "2025"}, {}, {"text": "新しい", "ORDER": "0"}]
    who = {"by": user(ONE), "post": Post.objects.get(code=ONE), "at": NOON}
    AnswerDraft.objects.create(target=target, uid="P10", field="actions", value=rows, **who)
    migration.split_tables(apps, None)
    now = Opened(target)
    assert spans(now.rows("actions")) == {"新しい": [], WEB: [(2022, 2025)]}
    assert words(now.rows("actions")) == ["新しい", WEB]
    now.answer()
    assert not AnswerDraft.objects.exists()


# Whatever two people do in rows of their own, in any order

ACTS = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.sampled_from(["last", "note", "year", "add", "out", "keep", "answer", "open"]),
        st.integers(0, 3),
    ),
    max_size=14,
)
YEARS = ("2022", "2023", "2024", "2025")


class Writer:
    """Writes in one row of the actions and the even or the odd years of the indicator."""

    def __init__(self, target, by, row):
        self.target, self.by, self.row, self.added = target, by, row, ""
        self.typed: dict[tuple[str, str], str] = {}
        self.opened = Opened(target, by)

    def act(self, what, n):
        match what:
            case "open":
                self.keep()
                self.opened = Opened(self.target, self.by)
            case "keep":
                self.keep()
            case "answer":
                self.answer()
            case "add":
                self.opened.type("actions", self.added, text=f"{self.by}の{n}", first="2021")
                self.added = f"{self.by}の{n}"
            case "year":
                self.type("indicators", "年間アクセス数", f"y{YEARS[n]}", f"{self.by}{n}件")
            case "out" if (self.row, "DELETE") not in self.typed:
                self.type("actions", self.row, "DELETE", "on")
            case "last" | "note" if (self.row, "DELETE") not in self.typed:
                self.type("actions", self.row, what, YEARS[n] if what == "last" else f"添え{n}")

    def type(self, table, row, column, text):
        if column[0] != "y" or int(column[1:]) % 2 == (self.by == ONE):
            self.opened.type(table, row, **{column: text})
            self.typed[row, column] = text

    def keep(self):
        assert self.opened.keep().clashes == []

    def answer(self):
        """Where others answered meanwhile, who is told so reads on; both answer for one reason."""
        self.opened.sent |= {"reason": "見直し", "sheet-rationale": "見直した考え方"}
        try:
            self.opened.answer()
        except WrittenMeanwhile as met:
            if met.clashes:
                raise
            self.keep()
        self.opened = Opened(self.target, self.by)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@example([(0, "last", 0), (0, "open", 0), (0, "last", 1), (0, "answer", 0)])
@given(ACTS)
def test_two_in_rows_and_cells_of_their_own_lose_nothing_and_never_meet(target, acts):
    target.drafts.all().delete()
    target.answers.all().delete()
    writers = [Writer(target, ONE, WEB), Writer(target, OTHER, TRAINING)]
    for who, what, n in acts:
        writers[who].act(what, n)
    for writer in writers:
        writer.keep()
    now = Opened(target)
    rows = {row["text"]: row for row in now.rows("actions")}
    indicator = now.sent
    for writer in writers:
        if writer.added:
            assert writer.added in rows
        if (writer.row, "DELETE") in writer.typed:
            assert writer.row not in rows
            continue
        row = now.row("actions", writer.row)
        for (words_, column), text in writer.typed.items():
            place = row if words_ == writer.row else now.row("indicators", words_)
            assert indicator[f"{place}-{column}"] == text
