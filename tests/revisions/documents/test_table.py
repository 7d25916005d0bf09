"""The rows of the form, beside the golden file that a person has read."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revisions.documents.table import Entry, Group, Line, comparison_table, places_of
from revisions.plan.diff import plan_diff
from tests.revisions.documents import pair
from tests.revisions.plan.contents import plan
from workflow.differences import text_diff

GOLDEN = Path(__file__).parent / "golden"
SIDES = {"改定後": ("+=", "new_mark"), "現行": ("-=", "old_mark")}
CASES = {
    "changed": {},
    "all": {"scope": "all"},
    "policy": {"scope": "place:3"},
    "program": {"scope": "place:1-2"},
    "section": {"scope": "section:joho"},
    "by_section": {"sections": list(pair.old()["sections"].values())},
}


def table(**how: object) -> list[Group]:
    old, new = pair.old(), pair.new()
    changes = plan_diff(old, new, names=new["sections"])
    return comparison_table(old, new, changes, reasons=pair.REASONS, **how)  # type: ignore[arg-type]


def written(groups: list[Group]) -> str:
    """Return the table as text: what is underlined stands in 〔〕."""
    return "\n".join(line for group in groups for line in _group(group)) + "\n"


def _group(group: Group) -> Iterator[str]:
    if group.title:
        yield f"## {group.title}"
    for entry in group.entries:
        yield f"# {entry.kind or '-'} {entry.number} {entry.name}".rstrip()
        for line in entry.lines:
            if line.label:
                yield f"【{line.label}】"
            yield from (f"{word}｜{side(line, word)}" for word in SIDES)
        for reason in entry.reasons:
            yield f"理由｜{reason.text}（{reason.origin}）"


def side(line: Line, word: str) -> str:
    shown, mark = SIDES[word]
    texts = (text if op == "=" else f"〔{text}〕" for op, text in line.pieces if op in shown)
    return (getattr(line, mark) or "".join(texts)).replace("\n", "⏎")


@pytest.mark.parametrize("name", CASES)
def test_golden(name: str) -> None:
    path = GOLDEN / f"{name}.txt"
    assert written(table(**CASES[name])) == path.read_text(encoding="utf-8")


def entries(**how: object) -> dict[str, Entry]:
    return {e.name: e for group in table(**how) for e in group.entries if e.name}


def test_what_did_not_change_leaves_no_table() -> None:
    old = pair.old()
    assert comparison_table(old, old, [], reasons={}, scope="all") == []
    assert table(scope="section:giji") == []


def test_both_places_of_a_move_have_it() -> None:
    moved = "はだのWEBマップにおける地図情報公開"
    assert entries(scope="place:1-2")[moved].kind == "moved"
    assert entries(scope="place:3-1")[moved].kind == "moved"
    assert moved not in entries(scope="place:1-1")


def test_the_choice_of_places_is_the_plan_s() -> None:
    places = places_of(pair.new())
    assert places[0] == ("1", "市民にとって便利でやさしいICT活用の推進")
    assert [number for number, _name in places if number.startswith("2")] == [
        *("2", "2-1", "2-2", "2-3", "2-4", "2-5")
    ]


def overview(before: str, after: str) -> list[Line]:
    """Return the heading of a project of which only the overview changed, and the overview."""
    old, new = plan(), plan()
    old["projects"][0]["overview"], new["projects"][0]["overview"] = before, after
    groups = comparison_table(old, new, plan_diff(old, new, names={}), reasons={})
    lines = [line for group in groups for entry in group.entries for line in entry.lines]
    return [line for line in lines if line.label or line.pieces]


def test_paragraphs_in_which_nothing_changed_are_left_out() -> None:
    paragraphs = [f"第{n}段落。" for n in range(1, 8)]
    changed = [*paragraphs[:2], "改めた。", *paragraphs[3:5], "直した。", paragraphs[6]]
    _heading, line = overview("\n".join(paragraphs), "\n".join(changed))
    assert side(line, "改定後") == "（略）⏎〔改めた。〕⏎（略）⏎〔直した。〕⏎（略）"
    assert side(line, "現行") == "（略）⏎〔第3段落。〕⏎（略）⏎〔第6段落。〕⏎（略）"


def test_a_paragraph_is_shown_with_its_change() -> None:
    _heading, line = overview(
        "概要。\n対象は市民。続き。\n終わり。", "概要。\n対象は職員。続き。\n終わり。"
    )
    assert side(line, "改定後") == "（略）⏎対象は〔職員〕。続き。⏎（略）"


PARAGRAPHS = st.lists(st.sampled_from(["概要。", "続き。", "終わり。"]), max_size=8)


@given(PARAGRAPHS, PARAGRAPHS)
def test_a_change_is_never_left_out(before: list[str], after: list[str]) -> None:
    texts = "\n".join(before), "\n".join(after)
    shown = [piece for line in overview(*texts)[1:] for piece in line.pieces if piece[0] != "="]
    assert shown == [piece for piece in text_diff(*texts) if piece[0] != "="]
