"""Two changes of one sheet: what goes together, and that nobody's words are lost unseen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revisions.plan.cells import parse_cell
from revisions.plan.merging import Choice, joined, merge, resolve, table_of
from revisions.plan.merging_tables import written


def sheet(**fields):
    plain = {"name": "名称", "overview": "", "aims": ""}
    lists = {"lead": ["joho"], "related": [], "actions": [], "indicators": []}
    return plain | lists | fields


def action(text, first=2021, last=2021):
    return {"text": text, "spans": [{"from": first, "to": last}]}


A, B, C, D = map(action, "甲乙丙丁")
A2 = action("甲", 2022, 2023)
C3, C2 = action("手続の電子化"), action("手続の電子化", 2023, 2024)
E, E2 = action("全手続の電子化"), action("全手続の電子化", 2023, 2024)
F = action("手続の電子化の拡大")


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
        ([A2], [A], [], "actions/1"),  # edited here, removed there
        ([A2], [A], [action("甲", 2024, 2025)], "actions/1/spans"),  # edited both
        ([B, A, C], [A, B, C], [A, C, B], "actions"),  # moved both
        ([C], [A], [D], "actions"),  # reworded both, perhaps
        ([C], [A], [], "actions"),  # reworded here, removed there, perhaps
        ([A, A2], [A], [A, B], "actions"),  # two rows of the same words
        ([A], [A, A2], [A, A2, B], "actions"),
        ([E, B], [C3, B], [C2, A, B], [E2, A, B]),  # reworded here, other years there
        ([B, E], [C3, B], [C2, B], [B, E2]),  # and moved
        ([E], [C3], [F], "actions/1/text"),  # reworded both
        ([E], [C3], [], "actions/1"),  # reworded here, removed there
    ],
)
def test_tables_are_merged_row_by_row(draft, before, proposed, merged):
    found = merge(sheet(actions=draft), sheet(actions=before), sheet(actions=proposed))
    if before == proposed:
        assert (found.fields, found.conflicts) == ({}, ())
    elif isinstance(merged, str):
        assert (found.fields, found.conflicts) == ({}, (merged,))
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


# Cell by cell


def indicator(name, **cells):
    """cells  y2021="70%" or y2021_2023="70%" """
    told = []
    for years, text in cells.items():
        first, _, last = years.removeprefix("y").partition("_")
        told.append({"from": int(first), "to": int(last or first)} | parse_cell(text))
    return {"name": name, "cumulative": False, "cells": told}


BEFORE = indicator("満足度", y2021="60%", y2022="65%", y2023_2025="70%")


@pytest.mark.parametrize(
    "ours, theirs, merged",
    [
        (
            indicator("満足度", y2021="61%", y2022="65%", y2023_2025="70%"),
            indicator("利用者の満足度", y2021="60%", y2022="65%", y2023_2025="75%"),
            indicator("利用者の満足度", y2021="61%", y2022="65%", y2023_2025="75%"),
        ),
        (
            indicator("満足度", y2021="60%", y2022="65%"),
            indicator("満足度", y2021="62%", y2022="65%", y2023_2025="70%"),
            indicator("満足度", y2021="62%", y2022="65%"),
        ),
        (
            indicator("満足度", y2021="61%", y2022="65%", y2023_2025="70%"),
            indicator("満足度", y2021="62%", y2022="66%", y2023_2025="70%"),
            "indicators/1/2021-2021",
        ),
        (  # the years themselves went two ways
            indicator("満足度", y2021="60%", y2022="65%", y2023_2025="80%"),
            indicator("満足度", y2021="60%", y2022="65%", y2023="70%", y2024_2025="75%"),
            "indicators/1/cells",
        ),
        (
            indicator("満足度", y2021="60%", y2022_2025="65%"),
            indicator("満足度", y2021_2022="60%", y2023_2025="70%"),
            "indicators/1/cells",
        ),
    ],
)
def test_an_indicator_is_merged_year_by_year(ours, theirs, merged):
    found = merge(*(sheet(indicators=[row]) for row in (ours, BEFORE, theirs)))
    if isinstance(merged, str):
        assert (found.fields, found.conflicts) == ({}, (merged,))
    else:
        assert (found.fields, found.conflicts) == ({"indicators": [merged]}, ())


def test_what_was_decided_of_a_cell_stands_and_the_rest_of_its_table_goes_together():
    ours, theirs = (
        indicator(name, y2021=text, y2022=other, y2023_2025="70%")
        for name, text, other in [("満足度", "61%", "65%"), ("利用者の満足度", "62%", "66%")]
    )
    new = indicator("件数", y2021="5件")
    sheets = [sheet(indicators=rows) for rows in ([ours, new], [BEFORE], [theirs])]
    name = "indicators/1/2021-2021"
    for choice, text in [
        (Choice("draft"), "61%"),
        (Choice("answer"), "62%"),
        (Choice("own", written(name, "63%")), "63%"),
    ]:
        rows = resolve(*sheets, {name: choice})["indicators"]
        cells = {"y2021": text, "y2022": "66%", "y2023_2025": "70%"}
        assert rows == [indicator("利用者の満足度", **cells), new]
    emptied, _new = resolve(*sheets, {name: Choice("own", written(name, ""))})["indicators"]
    assert [cell["from"] for cell in emptied["cells"]] == [2022, 2023]


def test_a_person_reads_which_row_and_column_it_is_and_every_wording():
    table = table_of("actions", sheet(actions=[E]), sheet(actions=[C3]), sheet(actions=[F]))
    assert table.label("actions/1/text") == (E["text"], "取組")
    assert table.wordings("actions/1/text") == [E["text"], C3["text"], F["text"]]
    gone = table_of("actions", sheet(actions=[A2]), sheet(actions=[A]), sheet())
    assert gone.label("actions/1") == ("甲", "")
    assert gone.wordings("actions/1") == [
        "甲: 令和4年度～令和5年度",
        "甲: 令和3年度",
        "",
    ]
    assert gone.wordings("actions/1/spans")[0] == "令和4年度～令和5年度"
    table = table_of("indicators", *[sheet(indicators=[BEFORE])] * 3)
    name = "indicators/1/2023-2025"
    assert table.label(name) == ("満足度", "令和5年度～令和7年度")
    assert table.wordings(name) == ["70%"] * 3


YEARS = [f"y{year}" for year in range(2021, 2026)]
EDITS = st.dictionaries(
    st.tuples(st.integers(0, 2), st.sampled_from(["name", *YEARS])), st.integers(1, 9), max_size=6
)


@given(EDITS, EDITS, st.permutations(range(3)), st.permutations(range(3)), st.booleans())
def test_two_who_edit_cells_of_their_own_lose_nothing_and_never_conflict(
    ours, theirs, one_order, other_order, one_moves
):
    """One of them moves rows, too, and both add one."""
    theirs = {place: n for place, n in theirs.items() if place not in ours}
    names = ["窓口の利用者の満足度", "電子申請の件数の割合", "ホームページのアクセス数"]
    plain = [{"name": name} | dict.fromkeys(YEARS, f"{n}回") for n, name in enumerate(names)]

    def rows(edits, order, new):
        told = [dict(row) for row in plain]
        for (n, column), k in edits.items():
            told[n][column] = f"{names[n]}{k}" if column == "name" else f"{100 + k}回"
        added = [indicator(new, y2021="1回")] if new else []
        return [indicator(**told[n]) for n in order] + added

    orders = (one_order, range(3)) if one_moves else (range(3), other_order)
    sides = rows(ours, orders[0], "甲"), rows({}, range(3), ""), rows(theirs, orders[1], "乙")
    found = merge(*(sheet(indicators=side) for side in sides))
    assert found.conflicts == ()
    merged = found.fields["indicators"]
    expected = rows(ours | theirs, range(3), "")
    assert sorted(map(str, merged)) == sorted(map(str, [*expected, sides[0][3], sides[2][3]]))
