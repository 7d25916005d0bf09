from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.differences import list_diff, text_diff

TEXTS = st.text(
    alphabet="子育て支援の充実を図るため、。\n葛辻かガｶﾞ\u3099\U000e0100\U000e0101\u200d👩👧🏽\U000f0000",
    max_size=40,
)
WHOLE = [
    *("令和8年度", "令和８年度", "令和元年", "平成三十年度", "令和3", "4年度", "12月", "R8.12.4"),
    *("30", "１，２００人", "70.8%", "７５％", "45万枚", "3か所", "二十三", "1-1-(2)", "第3条"),
    *(
        "システム",
        "スマートフォン",
        "ｼｽﾃﾑ",
        "AI-OCR",
        "Wi-Fi",
        "ＩＣＴ",
        "5G",
        "か\u3099",
        "葛\U000e0100",
    ),
]
BETWEEN = [
    "",
    "の",
    "を",
    "、",
    "。",
    "・",
    "〜",
    "に関する",
    "活用を進め",
    "推進計画",
    "検討",
    "\n",
]
SENTENCES = st.lists(st.sampled_from(WHOLE) | st.sampled_from(BETWEEN), max_size=12)


def sides(ops):
    """Return the two texts that the pieces were made from."""
    return tuple("".join(text for op, text in ops if op in kept) for kept in ("=-", "=+"))


def ends(texts):
    return list(accumulate(map(len, texts)))


@pytest.mark.parametrize(
    "before, after, ops",
    [
        ("", "", []),
        ("同じ", "同じ", [("=", "同じ")]),
        ("", "新しい", [("+", "新しい")]),
        ("古い", "", [("-", "古い")]),
        # a year of an era, and a number with its commas and unit, in either width
        (
            "令和8年度までに検討します。",
            "令和10年度までに検討します。",
            [("-", "令和8年度"), ("+", "令和10年度"), ("=", "までに検討します。")],
        ),
        (
            "利用者は１，２００人です",
            "利用者は１，５００人です",
            [("=", "利用者は"), ("-", "１，２００人"), ("+", "１，５００人"), ("=", "です")],
        ),
        ("年3回以上", "年5回以上", [("=", "年"), ("-", "3回"), ("+", "5回"), ("=", "以上")]),
        ("30台とする", "35台とする", [("-", "30台"), ("+", "35台"), ("=", "とする")]),
        # a word in katakana or in Latin letters
        (
            "システムの更新",
            "サブシステムの更新",
            [("-", "システム"), ("+", "サブシステム"), ("=", "の更新")],
        ),
        ("AI-OCRの導入", "OCRの導入", [("-", "AI-OCR"), ("+", "OCR"), ("=", "の導入")]),
        # in a word that changed, what is the same is kept when it is more than one character
        (
            "推進計画の検討",
            "推進方針の検討",
            [("=", "推進"), ("-", "計画"), ("+", "方針"), ("=", "の検討")],
        ),
        ("窓口の検討", "窓口の検証", [("=", "窓口の"), ("-", "検討"), ("+", "検証")]),
        (
            "情報システム課",
            "情報政策課",
            [("=", "情報"), ("-", "システム"), ("+", "政策"), ("=", "課")],
        ),
        ("職員の育成", "職員の人材育成", [("=", "職員の"), ("+", "人材"), ("=", "育成")]),
        (
            "中学生までを対象とする",
            "18歳までを対象とする",
            [("-", "中学生"), ("+", "18歳"), ("=", "までを対象とする")],
        ),
        # の and を between larger changes are no island of their own
        (
            "子育て支援の充実を図るため",
            "子育て世帯の経済的負担を軽減するため",
            [
                ("=", "子育て"),
                ("-", "支援の充実を図"),
                ("+", "世帯の経済的負担を軽減す"),
                ("=", "るため"),
            ],
        ),
        # one stands whole while others come and go
        (
            "一つ目です。二つ目です。三つ目です。",
            "一つ目です。三つ目です。四つ目です。",
            [
                ("=", "一つ目です。"),
                ("-", "二つ目です。"),
                ("=", "三つ目です。"),
                ("+", "四つ目です。"),
            ],
        ),
        # little is the same: replaced whole
        (
            "会議、決裁、台帳を紙からデータに改めます。",
            "文書の管理を電子化し、保管の手間を減らします。",
            [
                ("-", "会議、決裁、台帳を紙からデータに改めます。"),
                ("+", "文書の管理を電子化し、保管の手間を減らします。"),
            ],
        ),
        # a variation selector, a combining mark and a joiner stay with their base
        (
            "葛\U000e0100城",
            "葛\U000e0101城",
            [("-", "葛\U000e0100"), ("+", "葛\U000e0101"), ("=", "城")],
        ),
        ("か行", "か\u3099行", [("-", "か"), ("+", "か\u3099"), ("=", "行")]),
        ("👩\u200d👧", "👩\u200d👦", [("-", "👩\u200d👧"), ("+", "👩\u200d👦")]),
    ],
)
def test_text_diff(before, after, ops):
    assert text_diff(before, after) == ops


@given(TEXTS, TEXTS)
def test_the_pieces_rebuild_both_texts(before, after):
    ops = text_diff(before, after)
    assert sides(ops) == (before, after)
    assert all(text for _, text in ops)
    assert all(a != b for (a, _), (b, _) in pairwise(ops))


@given(TEXTS, TEXTS)
def test_no_mark_is_torn_from_its_base(before, after):
    ops = text_diff(before, after)
    for side in ("=-", "=+"):
        pieces = [text for op, text in ops if op in side]
        marks = ("\u3099", "\U000e0100", "\U000e0101", "\u200d", "ﾞ", "🏽")
        assert not any(piece.startswith(marks) for piece in pieces[1:])


@given(SENTENCES, SENTENCES)
def test_what_is_read_as_one_is_never_split(before, after):
    ops = text_diff("".join(before), "".join(after))
    for words, kept in ((before, "=-"), (after, "=+")):
        cuts = set(ends(text for op, text in ops if op in kept))
        starts = [0, *ends(words)]
        for word, start in zip(words, starts, strict=False):
            if word in WHOLE:
                inside = set(range(start + 1, start + len(word)))
                assert not inside & cuts, (word, ops)


def test_long_texts_keep_the_sentences_that_stand():
    before = "".join(f"{n}番目の取組を進めます。" for n in range(3000))
    after = before.replace("1500番目の取組を進めます。", "1500番目の取組をやめます。\n")
    ops = text_diff(before, after)
    assert sides(ops) == (before, after)
    assert sum(len(text) for op, text in ops if op != "=") < 30


def test_a_text_written_anew_is_replaced_whole():
    before = "、".join(f"前{chr(0x4E00 + n)}" for n in range(800))
    after = "、".join(f"後{chr(0x6E00 + n)}" for n in range(800))
    assert text_diff(before, after) == [("-", before), ("+", after)]


def test_what_would_take_too_long_to_compare_is_replaced_whole():
    """Comparing costs by the product: texts of thousands of short lines kept a page for minutes."""
    lines = [f"{n}。" for n in range(600)]
    before, after = (f"初め。{''.join(side)}終わり。" for side in (lines, lines[::-1]))
    pieces = text_diff(before, after)
    assert [op for op, _ in pieces] == ["=", "-", "+", "="]
    assert (pieces[0][1], pieces[-1][1]) == ("初め。", "終わり。")
    assert len(text_diff(before, before.replace("300。", "三百。"))) == 4


def test_lists_are_compared_by_whole_items():
    assert list_diff(["情報システム課", "広報課"], ["広報課", "情報政策課"], "、") == [
        ("-", "情報システム課、"),
        ("=", "広報課"),
        ("+", "、情報政策課"),
    ]
    assert list_diff([], ["広報課"], "、") == [("+", "広報課")]
    assert list_diff([], [], "、") == []
