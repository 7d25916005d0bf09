"""Any number of people type into one sheet, in any order: nothing that anybody typed is lost."""

from hypothesis import given
from hypothesis import strategies as st

from revisions.inquiry.typed import Page, as_typed, from_post, joined, mark, marks

BASE = as_typed({"overview": "もと", "aims": "", "actions": [{"text": "調査"}], "kind": ""})
FIELDS = ("overview", "aims", "actions")
TEXTS = st.sampled_from(["甲", "乙", "丙", ""])


def rows(text):
    return [{"text": text}] if text else []


class Person:
    """Holds a page of the sheet and types into it."""

    def __init__(self, shared, name):
        self.name = name
        self.open(shared)

    def open(self, shared):
        latest = shared.latest
        self.page = Page({f: latest[f] for f in FIELDS}, marks(latest) | {"page": self.name})

    def type(self, field, text):
        value = rows(text) if field == "actions" else text
        self.page = Page(self.page.typed | {field: value}, self.page.made_of)


class Shared:
    """The answer and the drafts over it, as the commands treat them."""

    def __init__(self):
        self.base, self.drafts, self.pages = dict(BASE), {}, {}

    @property
    def latest(self):
        return self.base | self.drafts

    def keep(self, page):
        kept = [f for f in page.touched if not page.meets(f, self.latest[f], self.pages.get(f, ""))]
        for field in kept:
            self.drafts[field], self.pages[field] = page.typed[field], page.name
        return kept

    def answer(self, person):
        own = [f for f, name in self.pages.items() if name == person.name]
        if any(person.page.overlaps(self.base, self.drafts, own)):
            return False
        said = person.page.typed
        self.base |= said
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
            replaced = shared.latest[f] != before[f]
            assert not replaced or seen[f] == mark(before[f]) or pages.get(f) == person.name


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
        assert all(shared.drafts.get(f, shared.base[f]) == typed[f] for f in kept)
        assert all(person.page.meets(f, shared.latest[f]) for f in set(touched) - set(kept))


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


def test_both_tables_together_have_each_row_once():
    one, two, three = {"text": "一"}, {"text": "二"}, {"text": "三"}
    assert joined("actions", [one, two], [two, three]) == [one, two, three]


def test_a_post_is_read_cell_by_cell():
    values = from_post(
        {
            "sheet-overview": "一行\r\n二行",
            "sheet-actions-TOTAL_FORMS": "4",
            "sheet-actions-0-text": "調査",
            "sheet-actions-0-ORDER": "1",
            "sheet-actions-2-text": "実施",
            "sheet-actions-2-ORDER": "1",
            "sheet-actions-3-text": "",
            "sheet-actions-99999-text": "多すぎる",
        }
    )
    assert values["overview"] == "一行\n二行"
    assert values["actions"] == [{"text": "調査"}, {}, {"text": "実施", "ORDER": "1"}]
    assert values["lead"] == []
