"""Two changes of one sheet: what goes together, and that nobody's words are lost unseen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revisions.plan.merging import Choice, joined, merge, resolve


def sheet(**fields):
    plain = {"name": "名称", "overview": "", "aims": ""}
    lists = {"lead": ["joho"], "related": [], "actions": [], "indicators": []}
    return plain | lists | fields


def action(text, first=2021, last=2021):
    return {"text": text, "spans": [{"from": first, "to": last}]}


A, B, C, D = map(action, "甲乙丙丁")
A2 = action("甲", 2022, 2023)


@pytest.mark.parametrize(
    "draft, before, proposed, merged",
    [
        ([A2, B], [A, B], [A, B, C], [A2, B, C]),  # one row edited, another added
        ([A, B, C], [A, B], [A, D, B], [A, D, B, C]),  # both added, elsewhere
        ([A, B, C], [A, B], [A, B, D], [A, B, D, C]),  # both added at the end
        ([B], [A, B], [A, B, C], [B, C]),  # one removed, another added
        ([B, A], [A, B], [A2, B], [B, A2]),  # moved here, edited there
        ([A, C, B], [A, B, C], [A, B], [A, B]),  # moved here, one removed there
        ([], [A], [A], []),  # not touched by the proposal
        ([A2], [A], [A2, B], [A2, B]),  # the same edit, and one more
        ([A2], [A], [], None),  # edited here, removed there
        ([A2], [A], [action("甲", 2024, 2025)], None),  # edited both
        ([B, A, C], [A, B, C], [A, C, B], None),  # moved both
        ([C], [A], [D], None),  # reworded both, perhaps
        ([C], [A], [], None),  # reworded here, removed there, perhaps
        ([A, A2], [A], [A, B], None),  # two rows of the same words
        ([A], [A, A2], [A, A2, B], None),
    ],
)
def test_tables_are_merged_row_by_row(draft, before, proposed, merged):
    found = merge(sheet(actions=draft), sheet(actions=before), sheet(actions=proposed))
    if before == proposed:
        assert (found.fields, found.conflicts) == ({}, ())
    elif merged is None:
        assert (found.fields, found.conflicts) == ({}, ("actions",))
    else:
        assert (found.fields, found.conflicts) == ({"actions": merged}, ())


def test_a_section_is_not_named_twice_by_two_people():
    """One puts it first, the other last: each sheet is right, both together are not."""
    before = sheet()
    found = merge(sheet(related=["koho"]), before, sheet(lead=["joho", "koho"]))
    assert found.conflicts == ("lead",)


def test_what_was_decided_stands_and_the_rest_goes_together():
    before = sheet(overview="元の概要", aims="元")
    draft = before | {"overview": "事務局の概要", "name": "新名称"}
    proposed = before | {"overview": "課の概要", "aims": "課"}
    for choice, words in [
        (Choice("draft"), "事務局の概要"),
        (Choice("answer"), "課の概要"),
        (Choice("own", "両方の概要"), "両方の概要"),
    ]:
        found = resolve(draft, before, proposed, {"overview": choice})
        assert found == {"overview": words, "aims": "課"}
    with pytest.raises(KeyError):
        resolve(draft, before, proposed, {})


@pytest.mark.parametrize(
    "field, one, other, both",
    [
        ("overview", "甲", "乙", "甲\n乙"),
        ("overview", "甲", "甲", "甲"),
        ("overview", "", "乙", "乙"),
        ("overview", "甲", "", "甲"),
        ("related", ["a", "b"], ["b", "c"], ["a", "b", "c"]),
        ("actions", [A, B], [A2, C], [A, B, C]),
    ],
)
def test_two_sheets_become_one_with_nothing_twice(field, one, other, both):
    assert joined(field, one, other) == both


WORDS = st.sampled_from(["", "一", "二", "三"])
PLAIN = st.fixed_dictionaries({"name": WORDS, "overview": WORDS, "aims": WORDS})
ROWS = st.lists(
    st.builds(lambda t, y: action(t, y, y), st.sampled_from("甲乙丙"), st.integers(2021, 2022)),
    max_size=4,
)


@given(draft=PLAIN, before=PLAIN, proposed=PLAIN)
def test_a_merge_loses_nobodys_words_unseen(draft, before, proposed):
    draft, before, proposed = (sheet(**fields) for fields in (draft, before, proposed))
    found = merge(draft, before, proposed)
    for field in before:
        if proposed[field] == before[field]:
            assert field not in found.fields
            assert field not in found.conflicts
        elif draft[field] in (before[field], proposed[field]):
            assert found.fields[field] == proposed[field]
        else:
            assert field in found.conflicts


@given(draft=ROWS, before=ROWS, proposed=ROWS)
def test_a_merged_table_has_both_changes_row_by_row(draft, before, proposed):
    found = merge(sheet(actions=draft), sheet(actions=before), sheet(actions=proposed))
    if "actions" not in found.fields or draft in (before, proposed):
        return
    sides = [{row["text"]: row for row in rows} for rows in (draft, before, proposed)]
    merged = {row["text"]: row for row in found.fields["actions"]}
    assert len(merged) == len(found.fields["actions"])
    for text in "甲乙丙":
        ours, was, theirs = (side.get(text) for side in sides)
        assert merged.get(text) == (theirs if ours == was else ours)
        assert ours == was or theirs in (was, ours)


@given(draft=ROWS, before=ROWS, proposed=ROWS)
def test_it_makes_no_difference_who_was_first(draft, before, proposed):
    one = merge(sheet(actions=draft), sheet(actions=before), sheet(actions=proposed))
    other = merge(sheet(actions=proposed), sheet(actions=before), sheet(actions=draft))
    if draft == before or proposed == before:
        return
    assert bool(one.conflicts) == bool(other.conflicts)
    if not one.conflicts:
        first, second = one.fields["actions"], other.fields["actions"]
        assert sorted(map(str, first)) == sorted(map(str, second))
