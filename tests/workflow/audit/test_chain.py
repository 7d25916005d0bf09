import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.audit.chain import GENESIS, Broken, canonical, digest, link, walk

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
BODIES = st.lists(st.dictionaries(TEXT, VALUES, max_size=3), min_size=1, max_size=5)


def chain(bodies):
    """Return the stored entries: (seq, prev, body text, hash)."""
    entries, prev = [], GENESIS
    for seq, body in enumerate(bodies, 1):
        text, hash_ = link(body, prev=prev, seq=seq)
        entries.append((seq, prev, text, hash_))
        prev = hash_
    return entries


THREE = chain([{"verb": "signoff.approved"}, {"verb": "signoff.sent_back"}, {"verb": "差戻し"}])


def forged(entry, **facts):
    """Return `entry` with other facts and a hash that fits them."""
    text = canonical({**json.loads(entry[2]), **facts})
    return (*entry[:2], text, digest(text))


@pytest.mark.parametrize(
    "value, text",
    [
        ({"b": 1, "a": [True, None, "あ"]}, '{"a":[true,null,"あ"],"b":1}'),
        ({"か\u3099": "が"}, '{"か\u3099":"が"}'),
        ("葛\U000e0100", '"葛\U000e0100"'),
        ('改\n行\u2028"\\', '"改\\n行\u2028\\"\\\\"'),
        ({}, "{}"),
        (-0, "0"),
    ],
)
def test_canonical(value, text):
    assert canonical(value) == text


@pytest.mark.parametrize(
    "value", [1.5, float("nan"), (1, 2), {1: "a"}, {None: 1}, b"x", {"a": {"b": [0.1]}}, {"a": {1}}]
)
def test_what_has_no_single_text_is_refused(value):
    with pytest.raises(TypeError):
        canonical(value)


def test_a_lone_surrogate_is_refused():
    with pytest.raises(ValueError, match="surrogates"):
        canonical("\ud83d")


@given(VALUES)
def test_canonical_is_json_and_stable(value):
    assert json.loads(canonical(value)) == value
    assert canonical(json.loads(canonical(value))) == canonical(value)


def test_digest():
    assert digest("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert digest("改定") == digest("改定".encode())


@given(BODIES)
def test_a_chain_holds_from_the_start_and_from_any_place(bodies):
    entries = chain(bodies)
    end = (len(entries), entries[-1][3])
    assert walk(entries) == end
    for seq, _, _, hash_ in entries:
        assert walk(entries[seq:], prev=hash_, seq=seq) == end


def test_nothing_ends_where_it_began():
    assert walk([]) == (0, GENESIS)


@pytest.mark.parametrize(
    "entries, seq, why",
    [
        (THREE[1:], 1, "記録がありません"),
        ([THREE[0], THREE[2]], 2, "次にあるのは3番"),
        ([THREE[0], THREE[0]], 2, "次にあるのは1番"),
        ([THREE[0], chain([{}, {}])[1]], 2, "つながっていません"),
        (
            [(*THREE[0][:2], THREE[0][2].replace("approved", "rejected"), THREE[0][3])],
            1,
            "違います",
        ),
        ([(*THREE[0][:3], "0" * 64)], 1, "違います"),
        ([forged(THREE[0], verb="signoff.rejected"), *THREE[1:]], 2, "つながっていません"),
        ([forged(THREE[0], seq=7)], 1, "位置と合いません"),
        ([forged(THREE[0], prev="f" * 64)], 1, "位置と合いません"),
        ([(1, GENESIS, "not json", digest("not json"))], 1, "位置と合いません"),
        ([(1, GENESIS, "[1.5]", digest("[1.5]"))], 1, "位置と合いません"),
        ([(1, GENESIS, "[" * 100_000, digest("[" * 100_000))], 1, "位置と合いません"),
    ],
)
def test_the_first_broken_place_is_told(entries, seq, why):
    with pytest.raises(Broken, match=why) as told:
        walk(entries)
    assert told.value.seq == seq
    assert str(told.value).startswith(f"{seq}番: ")


def test_a_body_with_two_readings_is_refused():
    text = '{"prev":"' + GENESIS + '","seq":1,"verb":"a","verb":"b"}'
    with pytest.raises(Broken):
        walk([(1, GENESIS, text, digest(text))])


@given(BODIES, st.data())
def test_no_single_change_goes_unseen(bodies, data):
    entries = chain(bodies)
    at = data.draw(st.integers(0, len(entries) - 1))
    seq, prev, text, hash_ = entries[at]
    spot = data.draw(st.integers(0, len(text) - 1))
    entries[at] = (seq, prev, f"{text[:spot]}\x00{text[spot + 1 :]}", hash_)
    with pytest.raises(Broken) as told:
        walk(entries)
    assert told.value.seq == seq
