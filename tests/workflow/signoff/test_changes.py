"""What changed, as a signer reads it. The comparison itself: tests/workflow/test_differences.py."""

from workflow.differences import text_diff
from workflow.signoff.changes import near, words_of


def test_pages_are_compared_by_their_words():
    page = "<h2>回答</h2><p>子育て&amp;<b>支援</b>\n  を行う</p><ul><li>一</li><li>二"
    assert words_of(page) == "回答\n子育て&支援 を行う\n一\n二"


def test_what_is_far_from_a_change_is_left_out():
    lines = "".join(f"{n}行目\n" for n in range(20))
    pieces = near(text_diff(lines + "古い\n", lines + "新しい\n"))
    assert pieces[0] == ("=", "…\n17行目\n18行目\n19行目\n")
    assert ("-", "古") in pieces
    assert ("+", "新し") in pieces
    both = near([("+", "頭\n"), ("=", lines), ("-", "尾\n")])
    assert both[1] == ("=", "0行目\n1行目\n2行目\n…\n17行目\n18行目\n19行目\n")


def test_what_is_short_is_shown_whole():
    pieces = [("=", "一\n二\n三\n"), ("+", "四\n")]
    assert near(pieces) == pieces
