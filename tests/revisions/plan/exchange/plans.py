"""Any plan that the checker lets pass, as far as one fits into a test."""

from typing import Any

from hypothesis import strategies as st

from revisions.plan.cells import parse_cell

NAMES = {"joho": "情報システム課", "koseki": "戸籍住民課", "koho": "広報広聴課", "tosho": "図書館"}
CLASSES = ["各施設所管課等", "番号利用事務系業務の各課等"]
FIRST, LAST = 2019, 2023
"""平成31年度 is 令和元年度, and the last year is beyond it."""

LETTERS = "あ漢ー AaＡ1１(（・、,~～-−=+@'\"<&%→○髙𠮷"
words = st.text(LETTERS, min_size=1, max_size=8).map(str.strip).filter(bool)
prose = st.text(LETTERS + "\n ", max_size=12)
numbers = st.sampled_from(["70%以上", "年3回以上", "45万枚", "7,000", "0.5", "1か所", "-3.50%未満"])


@st.composite
def spans(draw: st.DrawFn, inner: st.SearchStrategy[dict[str, Any]]) -> list[dict[str, Any]]:
    """Stretches of years in order, none twice, each with what `inner` says."""
    found, year = [], FIRST
    while year <= LAST and draw(st.booleans()):
        first = draw(st.integers(year, LAST))
        last = draw(st.integers(first, LAST))
        found.append({"from": first, "to": last} | draw(inner))
        year = last + 1
    return found


notes = st.just({}) | words.map(lambda text: {"text": text})
values = numbers.map(parse_cell) | st.sampled_from(["検討を踏まえ設定", "=1+1", "3月"]).map(
    lambda text: {"text": text}
)


@st.composite
def projects(draw: st.DrawFn, uid: str) -> dict[str, Any]:
    sections = draw(
        st.lists(st.sampled_from([*NAMES, *CLASSES]), min_size=1, max_size=4, unique=True)
    )
    sections = [s if s in NAMES else {"class": s} for s in sections]
    leads = draw(st.integers(1, len(sections)))
    return {
        "uid": uid,
        "name": draw(words),
        "status": draw(st.sampled_from(["new", "continued"])),
        "lead": sections[:leads],
        "related": sections[leads:],
        "overview": draw(prose),
        "aims": draw(prose),
        "actions": [
            {"text": text, "spans": draw(spans(notes))}
            for text in draw(st.lists(words, max_size=3, unique=True))
        ],
        "indicators": [
            {"name": draw(words), "cumulative": draw(st.booleans()), "cells": draw(spans(values))}
            for _ in range(draw(st.integers(0, 2)))
        ],
        "rationale": draw(prose),
        "notes": draw(
            st.lists(
                words
                | st.builds(
                    lambda field, one, other, where: {
                        "field": field,
                        "sheet": one,
                        "elsewhere": other,
                        "where": where,
                    },
                    st.sampled_from(["name", "lead"]),
                    words,
                    words,
                    st.sampled_from(["chart", "list", "sheet"]),
                ),
                max_size=2,
            )
        ),
    }


@st.composite
def plans(draw: st.DrawFn) -> dict[str, Any]:
    """Projects dealt to programs in any order, some relisted, some dropped."""
    uids = [f"P{n:02}" for n in range(1, draw(st.integers(1, 4)) + 1)]
    programs = [
        {"number": number, "name": draw(words), "aim": draw(prose), "placements": []}
        for number in range(1, draw(st.integers(1, 3)) + 1)
    ]
    places = [(uid, False) for uid in draw(st.permutations(uids))]
    places += [(uid, True) for uid in draw(st.lists(st.sampled_from(uids), max_size=2))]
    for uid, relisted in places:
        spots = draw(st.sampled_from(programs))["placements"]
        spot = {"number": len(spots) + 1, "project": uid}
        spots.append(spot | {"relisted": True} if relisted else spot)
    cut = draw(st.integers(1, len(programs)))
    halves = [half for half in (programs[:cut], programs[cut:]) if half]
    for half in halves:
        for number, program in enumerate(half, 1):
            program["number"] = number
    content = {
        "plan": {
            "code": "ict",
            "title": "計画",
            "first_year": FIRST,
            "last_year": LAST,
            "philosophy": draw(words | st.just("")),
        },
        "policies": [
            {"number": number, "name": draw(words), "programs": half}
            for number, half in enumerate(halves, 1)
        ],
        "projects": [draw(projects(uid)) for uid in uids],
    }
    dropped = [
        {"uid": f"Q{n}", "name": draw(words), "as": "merged", "because": draw(prose)}
        for n in range(draw(st.integers(0, 2)))
    ]
    return content | ({"dropped": dropped} if dropped else {})
