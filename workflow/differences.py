"""What changed between two texts, as a reader of Japanese would mark it. Pure.

Sentences first, then words, then characters inside a word. The same input gives the same output on
every machine: nothing here has a time limit.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import accumulate, groupby, takewhile
from operator import itemgetter
from typing import Literal

from diff_match_patch import diff_match_patch

Op = Literal["=", "+", "-"]
Pieces = list[tuple[Op, str]]
Pair = tuple[str, str]
"""What stands in both at one place; the same text twice where nothing changed."""

_DIGIT = "0-9０-９"
_LATIN = "A-Za-zＡ-Ｚａ-ｚÀ-ɏ"
_NUMBER = rf"[{_DIGIT}]+(?:[,.，．][{_DIGIT}]+)*"
_UNIT = (
    "年度|年間|年|か月間?|ヶ月間?|ヵ月間?|カ月間?|月|週間?|日間?|時間|時|分|秒"
    "|百万|千|[万億兆]|[%％‰℃㎡㎞]|円|割|倍|歳|回|件|台|枚|人|名|校|館|課|社|者|冊|本|点|頁|部|組|団体|世帯"
    "|か所|箇所|ヵ所|ヶ所|カ所|丁目|番地|号|条|項|章|節|つ"
)
_ATOM = "|".join(
    [
        rf"(?:明治|大正|昭和|平成|令和)(?:元|[{_DIGIT}]+|[一二三四五六七八九十]+)(?:年度|年)?",
        rf"[{_DIGIT}]+(?:[-－‐][{_DIGIT}]+)+(?:[-－‐][(（][{_DIGIT}]+[)）])?",  # 1-1-(1), a date
        rf"第?{_NUMBER}(?:(?:{_UNIT})+|[{_LATIN}]+)?",
        r"第?[〇一二三四五六七八九十百千]{2,}(?:[万億兆]|年度|年|月|日|条|項)*",
        rf"[{_LATIN}][{_LATIN}{_DIGIT}]*(?:[-'’&._/][{_LATIN}{_DIGIT}]+)*",
        r"[ァ-ヺーヽヾｦ-ﾟ\u3099\u309a]+",
    ]
)
_KANJI = r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff々〆〇]"
_RUN = rf"(?:(?!{_ATOM}){_KANJI})+|[ぁ-ゖゝゞ]+|[^\S\n]+"
_WORD = re.compile(rf"(?P<atom>{_ATOM})|{_RUN}|(?s:.)")
_SENTENCE = re.compile(r"[^。\n]*[。\n]|[^。\n]+")

_MANY = 250_000
"""Product of the counts beyond which sentences or words that changed are replaced whole."""
_MANY_CHARACTERS = 10_000
"""Product of the lengths beyond which words that changed are not looked into."""


def text_diff(before: str, after: str) -> Pieces:
    """Return the pieces kept, added and removed, in order; none of them empty.

    A piece never ends inside a year of an era, a number with its unit, a word in katakana or Latin
    letters, or between a character and its marks. What is mostly different is replaced whole.
    """
    return list(_pieces(before, after))


def list_diff(before: Iterable[str], after: Iterable[str], between: str = "") -> Pieces:
    """Return the pieces of two lists, of which each item is kept, added or removed whole.

    between  stands between two items: 、
    """
    return _pieces_of(_pairs(_joined(before, between), _joined(after, between)))


def strung(parts: Iterable[Pieces], between: str = "") -> Pieces:
    """Return the pieces of one after the other.

    between  stands between two parts of the same side: a line's end
    """
    pairs: list[Pair] = []
    begun = (False, False)
    for part in parts:
        there = tuple(any(op in kept for op, _ in part) for kept in ("=-", "=+"))
        gap = [between if both == (True, True) else "" for both in zip(begun, there, strict=True)]
        pairs += [(gap[0], gap[1]), *(_pair(op, text) for op, text in part)]
        begun = (begun[0] or there[0], begun[1] or there[1])
    return _pieces_of(pair for pair in pairs if any(pair))


def _pair(op: Op, text: str) -> Pair:
    return "" if op == "+" else text, "" if op == "-" else text


def _pieces_of(pairs: Iterable[Pair]) -> Pieces:
    """Write pairs as pieces: what goes stands before what comes."""
    pieces: Pieces = []
    for old, new in _grouped(pairs):
        sides: Pieces = [("=", old)] if old == new else [("-", old), ("+", new)]
        pieces += [(op, text) for op, text in sides if text]
    return pieces


@lru_cache(maxsize=4096)
def _pieces(before: str, after: str) -> tuple[tuple[Op, str], ...]:
    by_sentence = _by_sentence(*(_glued(_SENTENCE.findall(side)) for side in (before, after)))
    return tuple(_pieces_of(fine for pair in by_sentence for fine in _by_word(pair)))


def _by_sentence(before: list[str], after: list[str]) -> list[Pair]:
    """Where more than can be compared have changed, what is between the first and last is one."""
    first = _alike(before, after)
    last = _alike(before[first:][::-1], after[first:][::-1])
    old, new = (side[first : len(side) - last] for side in (before, after))
    if len(old) * len(new) <= _MANY:
        return _pairs(before, after)
    kept = ["".join(before[:first]), "".join(before[len(before) - last :])]
    return _grouped([(kept[0], kept[0]), ("".join(old), "".join(new)), (kept[1], kept[1])])


def _alike(before: list[str], after: list[str]) -> int:
    """Return how many are the same from the first on."""
    return sum(
        1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False))
    )


def _by_word(pair: Pair) -> list[Pair]:
    if pair[0] == pair[1] or not all(pair):
        return [pair]
    old, new = map(_words, pair)
    if len(old) * len(new) > _MANY:
        return [pair]
    coarse = _without_islands(_pairs(old, new))
    fine = _without_islands(part for run in coarse for part in _by_character(run))
    kept = sum(len(was) for was, now in fine if was == now)
    return fine if 10 * kept >= 3 * max(map(len, pair)) else [pair]


def _by_character(pair: Pair) -> list[Pair]:
    """Keep what is the same and two characters long, or a whole word on either side, as 課 is."""
    if pair[0] == pair[1] or not 0 < len(pair[0]) * len(pair[1]) <= _MANY_CHARACTERS:
        return [pair]
    words = tuple(map(_words, pair))
    pairs = _pairs(*([c for word in side for c in _characters(word)] for side in words))
    ends = [set(_ends(side)) for side in words]
    starts = [_ends(side) for side in zip(*pairs, strict=True)]

    def is_kept(n: int) -> bool:
        return len(pairs[n][0]) > 1 or any(
            {start[n], start[n + 1]} <= known for start, known in zip(starts, ends, strict=True)
        )

    return _kept_where(is_kept, pairs)


def _ends(pieces: Iterable[str]) -> list[int]:
    return list(accumulate(map(len, pieces), initial=0))


def _without_islands(pairs: Iterable[Pair]) -> list[Pair]:
    """Take a few kept characters between two larger changes for changed, but for a full stop."""
    grouped = _grouped(pairs)

    def is_kept(n: int) -> bool:
        text = grouped[n][0]
        if n in (0, len(grouped) - 1) or "。" in text or "\n" in text:
            return True
        sizes = [max(map(len, grouped[near])) for near in (n - 1, n + 1)]
        return len(text) > 2 and 2 * len(text) > min(sizes)

    return _kept_where(is_kept, grouped)


def _kept_where(is_kept: Callable[[int], bool], pairs: Sequence[Pair]) -> list[Pair]:
    """Join every other pair, and what had changed, to their neighbours."""
    stays = [was == now and is_kept(n) for n, (was, now) in enumerate(pairs)]
    runs = groupby(zip(stays, pairs, strict=True), key=itemgetter(0))
    return [_sum(pair for _, pair in run) for _, run in runs]


def _grouped(pairs: Iterable[Pair]) -> list[Pair]:
    """Join neighbours that changed, and neighbours that did not."""
    return [_sum(run) for _, run in groupby(pairs, key=lambda pair: pair[0] == pair[1])]


def _sum(pairs: Iterable[Pair]) -> Pair:
    old, new = zip(*pairs, strict=True)
    return "".join(old), "".join(new)


def _pairs(before: Sequence[str], after: Sequence[str]) -> list[Pair]:
    """Compare two lists of pieces: what is kept and what changed, in turn.

    Each piece stands as one character while the library compares.
    """
    known = {piece: chr(0x10000 + n) for n, piece in enumerate(dict.fromkeys([*before, *after]))}
    pieces = {mark: piece for piece, mark in known.items()}
    engine = diff_match_patch()
    engine.Diff_Timeout = 0
    sides = ("".join(map(known.__getitem__, side)) for side in (before, after))
    found = engine.diff_main(*sides, False)
    texts = [(op, "".join(map(pieces.__getitem__, marks))) for op, marks in found]
    return _grouped((text if op <= 0 else "", text if op >= 0 else "") for op, text in texts)


def _words(text: str) -> list[str]:
    return _glued(found[0] for found in _WORD.finditer(text))


def _characters(word: str) -> list[str]:
    """A word as its characters, or whole when it is never split."""
    found = _WORD.match(word)
    return [word] if found and found["atom"] else _glued(word)


def _glued(pieces: Iterable[str]) -> list[str]:
    """Join marks to what they stand on, as a reader sees one character."""
    glued: list[str] = []
    for piece in pieces:
        if glued and (_extends(piece[0]) or glued[-1].endswith("\u200d")):
            glued[-1] += piece
        else:
            glued.append(piece)
    return glued


def _extends(character: str) -> bool:
    """Whether it belongs to the character before: marks, selectors, joiner, skin tones, ﾞ and ﾟ."""
    return (
        unicodedata.category(character).startswith("M")
        or character in "\u200dﾞﾟ"
        or "\U0001f3fb" <= character <= "\U0001f3ff"
    )


def _joined(items: Iterable[str], between: str) -> list[str]:
    pieces = [piece for item in items for piece in (between, item)][1:]
    return [piece for piece in pieces if piece]
