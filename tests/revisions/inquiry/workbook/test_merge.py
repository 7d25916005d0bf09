"""Three sides of a cell: as given out, as it came back, as it is answered now."""

from hypothesis import given
from hypothesis import strategies as st

from revisions.inquiry.workbook.cells import Cell
from revisions.inquiry.workbook.merge import Found, merge

texts = st.sampled_from(["", "甲", "乙", "丙"])
KEYS = [
    "P1/aims",
    "P1/overview",
    *(f"P1/actions/{i}/{c}" for i in (0, 1) for c in ("text", "note")),
]
sides = st.fixed_dictionaries(dict.fromkeys(KEYS, texts))


def hashed(key: str, says: str) -> str:
    return f"{key}#{says}"


def merged(was: dict[str, str], mine: dict[str, str], now: dict[str, str]):
    base = {key: hashed(key, text) for key, text in was.items()}
    cells = {key: Cell(key, text=text) for key, text in now.items()}
    found = {key: Found([text], "表", "D1") for key, text in mine.items()}
    return merge(cells, base, found, hashed)


@given(sides, sides, sides)
def test_no_edit_of_either_side_is_lost_unseen(was, mine, now) -> None:
    result = merged(was, mine, now)
    clashing = {key for conflict in result.conflicts for key in conflict.mine}
    for key in KEYS:
        is_mine, is_now = mine[key] != was[key], now[key] != was[key]
        if key in clashing:
            continue  # both are shown
        if is_mine and is_now:
            assert mine[key] == now[key]
            assert key not in result.changed
        else:
            assert result.changed.get(key) == (mine[key] if is_mine else None)
    one_sided = [c for c in result.conflicts if len(c.mine) == 1]
    for conflict in one_sided:
        [key] = conflict.mine
        assert len({was[key], mine[key], now[key]}) == 3


@given(sides, sides)
def test_who_alone_edits_has_no_conflict(was, other) -> None:
    assert merged(was, other, was).changed == {k: v for k, v in other.items() if v != was[k]}
    assert not merged(was, other, was).conflicts
    result = merged(was, was, other)
    assert (result.changed, result.conflicts) == ({}, [])


@given(sides, sides, sides)
def test_picking_the_workbook_gives_the_workbook(was, mine, now) -> None:
    result = merged(was, mine, now)
    chosen = now | result.chosen(conflict.key for conflict in result.conflicts)
    for key in KEYS:
        assert chosen[key] == (mine[key] if mine[key] != was[key] else chosen[key])
    nothing = now | result.chosen([])
    assert all(nothing[k] in (now[k], mine[k]) for k in KEYS)
