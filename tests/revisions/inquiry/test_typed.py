"""Any number of people type into one sheet, in any order: nothing that anybody typed is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revisions.inquiry.rows import named, names_kept, shown, staying
from revisions.inquiry.typed import Page, as_initial, as_typed, from_post, joined, mark, marks

BASE = as_typed(
    {"overview": "もと", "aims": "", "actions": [{"text": "調査", "first": 2026}], "kind": ""},
    {"actions": ["a"]},
)
FIELDS = ("overview", "aims", "actions/a/text", "actions/a/DELETE", "actions/b/text")
TEXTS = st.sampled_from(["甲", "乙", "丙", ""])


class Person:
    """Holds a page of the sheet and types into it."""

    def __init__(self, shared, name):
        self.name = name
        self.open(shared)

    def open(self, shared):
        latest = shared.latest
        typed = {f: latest.get(f, "") for f in (*FIELDS, "actions/a/first")}
        self.page = Page(typed, marks(latest) | {"page": self.name})

    def type(self, field, text):
        self.page = Page(self.page.typed | {field: text}, self.page.made_of)


class Shared:
    """The answer and the drafts over it, as the commands treat them."""

    def __init__(self):
        self.base, self.drafts, self.pages = dict(BASE), {}, {}

    @property
    def latest(self):
        return self.base | self.drafts

    def keep(self, page):
        by, latest = self.pages, self.latest
        met = [f for f in page.at_stake if page.meets(f, latest.get(f, ""), by.get(f, ""))]
        kept = [field for field in page.touched if field not in met]
        for field in kept:
            self.drafts[field], self.pages[field] = page.typed[field], page.name
        return kept

    def answer(self, person):
        own = [f for f, name in self.pages.items() if name == person.name]
        if any(person.page.overlaps(self.base, self.drafts, own)):
            return False
        said = person.page.typed
        self.base |= said | {"actions": " ".join(staying(said, "actions"))}
        self.drafts = {f: v for f, v in self.drafts.items() if f not in own and said[f] != v}
        self.pages = {f: name for f, name in self.pages.items() if f in self.drafts}
        person.open(self)
        return True


STEPS = st.tuples(
    st.integers(0, 2),
    st.sampled_from(["type", "keep", "lost", "answer", "open"]),
    st.sampled_from(FIELDS),
)


@given(st.lists(st.tuples(STEPS, TEXTS), max_size=30))
def test_nothing_is_replaced_by_who_has_not_seen_it(steps):
    shared = Shared()
    people = [Person(shared, f"page {n}") for n in range(3)]
    for (who, act, field), text in steps:
        person, before = people[who], shared.latest
        seen, pages = person.page.made_of, dict(shared.pages)
        match act:
            case "type":
                person.type(field, text)
            case "keep":
                person.page = person.page.after(shared.keep(person.page))
            case "lost":  # the answer never came
                shared.keep(person.page)
            case "answer":
                shared.answer(person)
            case "open":
                person.open(shared)
        for f in FIELDS:
            was = before.get(f, "")
            replaced = shared.latest.get(f, "") != was
            seen_it = seen.get(f, mark("")) == mark(was)
            assert not replaced or seen_it or pages.get(f) == person.name


@given(st.lists(st.tuples(STEPS, TEXTS), max_size=30))
def test_what_is_typed_is_kept_or_told(steps):
    shared = Shared()
    people = [Person(shared, f"page {n}") for n in range(3)]
    for (who, act, field), text in steps:
        person = people[who]
        person.type(field, text)
        if act == "answer":
            said = dict(person.page.typed)
            assert not shared.answer(person) or shared.base | said == shared.base
            continue
        typed, touched = person.page.typed, person.page.touched
        kept = shared.keep(person.page)
        person.page = person.page.after(kept)
        latest = shared.latest
        assert all(latest[f] == typed[f] for f in kept)
        assert all(person.page.meets(f, latest.get(f, "")) for f in set(touched) - set(kept))


def test_a_page_does_not_meet_itself():
    page = Page(dict(BASE) | {"aims": "書き"}, marks(BASE) | {"page": "a"})
    assert not page.meets("aims", "書", by="a")
    assert page.meets("aims", "書", by="b")
    assert page.overlaps(BASE, {"aims": "書"}, own=["aims"]) == ([], [])


def test_a_draft_in_a_field_that_the_page_let_be_stays_a_draft():
    page = Page(dict(BASE) | {"aims": "自分"}, marks(BASE))
    assert page.overlaps(BASE, {"overview": "ほかの人"}) == ([], [])


def test_saving_does_not_take_back_what_another_answered_meanwhile():
    page = Page(dict(BASE) | {"aims": "自分"}, marks(BASE))
    now = BASE | {"overview": "ほかの人の回答", "kind": "discontinue"}
    assert page.overlaps(now, {}) == ([], ["overview", "kind"])


def test_two_who_write_the_same_do_not_clash():
    page = Page(dict(BASE) | {"aims": "同じ"}, marks(BASE))
    assert page.overlaps(BASE | {"aims": "同じ"}, {}) == ([], [])


def test_what_is_newer_than_the_text_overwritten_by_choice_is_met_again():
    page = Page(dict(BASE) | {"aims": "自分"}, marks(BASE))
    assert not page.settled("aims", "mine", "相手", mark("相手")).meets("aims", "相手")
    assert page.settled("aims", "mine", "相手", mark("相手")).meets("aims", "相手の続き")
    assert page.settled("aims", "theirs", "相手", "").touched == []
    assert page.settled("aims", "both", "相手", "").typed["aims"] == "自分\n相手"


def test_both_are_joined_as_the_field_is_written():
    assert joined("aims", "甲", "乙") == "甲\n乙"
    assert joined("actions/a/text", "甲", "乙") == "甲／乙"
    assert joined("aims", "", "乙") == "乙"


# Tables


def post(*rows, table="actions"):
    """What a browser sends of rows: (name, number, cells)."""
    sent = {f"sheet-{table}-TOTAL_FORMS": str(len(rows))}
    for n, (name, number, cells) in enumerate(rows):
        inputs = {"ROW": name, "AFTER": "", "ORDER": number} | cells
        sent |= {f"sheet-{table}-{n}-{column}": text for column, text in inputs.items()}
    return sent


def texts(values):
    return [row["text"] for row in shown(values)["actions"].values()]


def test_a_post_is_read_cell_by_cell():
    values = from_post(
        post(("a", "1", {"text": "調査"}), ("b", "2", {"text": ""}), ("c", "3", {"text": "実施"}))
        | {"sheet-overview": "一行\r\n二行", "sheet-actions-99999-text": "多すぎる"}
    )
    assert values["overview"] == "一行\n二行"
    assert (values["actions/a/text"], values["actions/c/text"]) == ("調査", "実施")
    assert texts(values) == ["調査", "実施"]
    assert shown(values)["lead"] == {}


@pytest.mark.parametrize("name", ["", "../a", "123456789"])
def test_a_row_without_a_name_is_nobodys(name):
    with pytest.raises(ValueError, match=name or "^$"):
        from_post(post((name, "1", {"text": "調査"})))


@pytest.mark.parametrize(
    "numbers, order, after",
    [
        ("123", "abc", {}),
        ("120", "cab", {"c": "^"}),
        ("121", "acb", {"c": "a"}),
        ("312", "bca", {"a": "c", "b": "^", "c": "b"}),
        ("３23", "bac", {"a": "b"}),
        ("x23", "abc", {}),
        ("92 ", "bac", {"a": "b"}),
    ],
)
def test_a_row_whose_number_is_typed_stands_after_another(numbers, order, after):
    rows = [(name, number, {"text": name}) for name, number in zip("abc", numbers, strict=True)]
    values = from_post(post(*rows))
    told = {f: text for f, text in values.items() if f.endswith("AFTER") and text}
    assert told == {f"actions/{name}/AFTER": text for name, text in after.items()}
    assert texts(values) == list(order)
    assert texts(values | {"actions": "a b c"}) == list(order)


def test_rows_that_were_put_after_each_other_or_after_what_is_gone_are_there():
    values = {f"actions/{name}/text": name for name in "abcd"}
    moved = {"actions/a/AFTER": "b", "actions/b/AFTER": "a", "actions/d/AFTER": "gone"}
    assert sorted(texts(values | {"actions": "a b c d"} | moved)) == list("abcd")


def test_a_row_keeps_its_name_when_it_is_reworded_moved_or_joined_by_others():
    before = named([{"text": "調査"}, {"text": "実施"}], ["a", "b"])
    assert names_kept([{"text": "調査と設計"}, {"text": "実施"}], before) == ["a", "b"]
    first, *rest = names_kept([{"text": "周知"}, {"text": "調査"}, {"text": "実施"}], before)
    assert (first in "ab", rest) == (False, ["a", "b"])
    assert names_kept([{"text": "実施"}], before) == ["b"]


def test_rows_alike_have_names_of_their_own_and_always_the_same():
    rows = [{"text": "調査"}, {"text": "調査"}]
    assert len(named(rows)) == 2
    assert named(rows) == named(rows)


def test_a_form_starts_from_the_rows_as_they_stand():
    values = as_typed({"overview": "文", "actions": [{"text": "一"}, {"text": "二"}]})
    one, two = values["actions"].split()
    initial = as_initial(values | {f"actions/{two}/AFTER": "^", f"actions/{one}/DELETE": "on"})
    assert [row["ROW"] for row in initial["actions"]] == [two, one]
    assert initial["actions"][1]["DELETE"] == "on"
    left_out = as_initial(values | {"actions": two, f"actions/{one}/DELETE": "on"})
    assert [row["ROW"] for row in left_out["actions"]] == [two]


def test_a_box_that_is_not_sent_was_unticked_unless_its_row_is_not_there():
    made_of = marks({"indicators/a/cumulative": "on", "indicators/b/cumulative": "on"})
    assert Page({"indicators/a/name": ""}, made_of).touched == ["indicators/a/cumulative"]


def test_who_takes_a_row_out_has_every_cell_of_it_at_stake():
    base = {"actions/a/text": "調査", "actions/a/first": "2026"}
    out = Page(base | {"actions/a/DELETE": "on"}, marks(base))
    assert out.overlaps(base, {"actions/a/first": "2027"}) == (["actions/a/first"], [])
    written = Page(base | {"actions/a/text": "設計"}, marks(base))
    assert written.overlaps(base, {"actions/a/DELETE": "on"}) == (["actions/a/DELETE"], [])
    assert written.overlaps(base, {"actions/a/first": "2027"}) == ([], [])


def test_fields_that_no_sheet_has_are_nobodys():
    assert Page({}, {"x" * 50: "0", "actions/../text": "0", "kind": "0"}).touched == []
    assert Page(from_post(post(("a", "1", {"other": "0"}))), {}).touched == []
