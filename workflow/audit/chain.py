"""The hash chain of one subject's audit entries (証跡). Pure: no database, no clock, no Django."""

import hashlib
import json
from collections.abc import Iterable, Mapping

GENESIS = "0" * 64
"""What the first entry of a chain, number 1, has in place of a hash before it."""

_PLAIN = frozenset({str, int, bool, type(None)})
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class Broken(Exception):
    """A chain does not hold: `seq` is the first number at which, `why` a Japanese sentence."""

    def __init__(self, seq: int, why: str) -> None:
        super().__init__(f"{seq}番: {why}")
        self.seq, self.why = seq, why


def canonical(value: object) -> str:
    """Return the one JSON text of `value`: keys by code point, no spaces, text as it is (no NFC).

    value    str, int, bool, None, and lists and str-keyed dicts of these
    raises   TypeError for anything else, floats and tuples too; ValueError for a lone surrogate
    """
    _check(value)
    text = _ENCODER.encode(value)
    text.encode()
    return text


def digest(text: str | bytes) -> str:
    """Return the SHA-256 of `text` (UTF-8) in 64 hex digits."""
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()


def link(body: Mapping[str, object], *, prev: str, seq: int) -> tuple[str, str]:
    """Return the text to store for entry `seq` that follows hash `prev`, and the hash of it."""
    text = canonical({**body, "prev": prev, "seq": seq})
    return text, digest(text)


def walk(
    entries: Iterable[tuple[int, str, str, str]], *, prev: str = GENESIS, seq: int = 0
) -> tuple[int, str]:
    """Follow a chain and return its end (seq, hash), to be compared with the head kept elsewhere.

    entries     (seq, prev, body text, hash) in order of seq
    prev, seq   where to start: the hash and number of the entry before
    raises      Broken at the first entry that is missing, altered, moved or forged
    """
    for number, before, body, hash_ in entries:
        seq += 1
        if number != seq:
            raise Broken(seq, f"この番号の記録がありません(次にあるのは{number}番)。")
        if before != prev:
            raise Broken(seq, "直前の記録とつながっていません。")
        if digest(body) != hash_:
            raise Broken(seq, "本文が記録したときのものと違います。")
        if _place(body) != (number, before):
            raise Broken(seq, "本文にある番号や直前のハッシュ値が、記録の位置と合いません。")
        prev = hash_
    return seq, prev


def _place(body: str) -> tuple[object, object] | None:
    """Return what the body says of its place, None unless it is a canonical JSON object."""
    try:
        value = json.loads(body)
        if isinstance(value, dict) and canonical(value) == body:
            return value.get("seq"), value.get("prev")
    except (TypeError, ValueError, RecursionError):
        pass
    return None


def _check(value: object) -> None:
    if isinstance(value, dict):
        for key in value:
            if not isinstance(key, str):
                raise TypeError(f"a key must be str, not {type(key).__name__}")
        _check_each(value.values())
    elif isinstance(value, list):
        _check_each(value)
    elif not (value is None or isinstance(value, str | int)):
        raise TypeError(f"no canonical text for {type(value).__name__}")


def _check_each(values: Iterable[object]) -> None:
    for value in values:
        if type(value) not in _PLAIN:
            _check(value)
