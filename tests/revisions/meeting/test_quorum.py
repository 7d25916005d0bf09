import pytest
from hypothesis import given
from hypothesis import strategies as st

from revisions.meeting.quorum import Result, has_quorum, required, tally

COUNTS = st.integers(0, 12)


def count(votes, *, present, first=False, presiding=None):
    yes, no, abstain = votes
    return tally(
        yes=yes,
        no=no,
        abstain=abstain,
        present=present,
        chair_votes_first=first,
        presiding_vote=presiding,
    )


@pytest.mark.parametrize("base, needed", [(1, 1), (2, 2), (3, 2), (7, 4), (8, 5), (9, 5)])
def test_quorum_is_more_than_half(base, needed):
    assert required(base) == needed
    assert has_quorum(needed, base)
    assert not has_quorum(needed - 1, base)


def test_a_body_without_members_has_no_quorum():
    with pytest.raises(ValueError, match="委員がいません"):
        required(0)


@pytest.mark.parametrize(
    "votes, present, first, presiding, expected",
    [
        # eight attend, the presiding officer is not counted: 4 of 7
        ((4, 3, 0), 8, False, None, Result("carried", False, 4)),
        ((3, 4, 0), 8, False, None, Result("lost", False, 4)),
        ((3, 2, 2), 8, False, None, Result("lost", False, 4)),
        ((4, 0, 3), 8, False, None, Result("carried", False, 4)),
        ((3, 0, 0), 8, False, None, Result("lost", False, 4)),
        ((0, 0, 7), 8, False, None, Result("lost", False, 4)),
        ((3, 3, 1), 8, False, None, Result("tie_undecided", False, 4)),
        ((3, 3, 1), 8, False, "yes", Result("carried", True, 4)),
        ((3, 3, 1), 8, False, "no", Result("lost", True, 4)),
        # seven attend, not counted: 4 of 6
        ((3, 3, 0), 7, False, None, Result("tie_undecided", False, 4)),
        ((3, 3, 0), 7, False, "yes", Result("carried", True, 4)),
        ((4, 2, 0), 7, False, None, Result("carried", False, 4)),
        # the presiding officer votes with the others: 5 of 8, 4 of 7
        ((4, 4, 0), 8, True, None, Result("tie_undecided", False, 5)),
        ((4, 4, 0), 8, True, "no", Result("lost", True, 5)),
        ((5, 3, 0), 8, True, None, Result("carried", False, 5)),
        ((4, 3, 1), 8, True, None, Result("lost", False, 5)),
        ((4, 3, 0), 7, True, None, Result("carried", False, 4)),
        # nobody but the presiding officer
        ((0, 0, 0), 1, False, None, Result("lost", False, 1)),
        ((1, 0, 0), 1, True, None, Result("carried", False, 1)),
        ((0, 0, 0), 0, False, None, Result("lost", False, 1)),
    ],
)
def test_tally(votes, present, first, presiding, expected):
    assert count(votes, present=present, first=first, presiding=presiding) == expected


@pytest.mark.parametrize(
    "votes, present, first, presiding, why",
    [
        ((5, 3, 0), 8, False, None, "合計8が、採決に加わる出席委員7人を超えています"),
        ((5, 3, 1), 8, True, None, "合計9が、採決に加わる出席委員8人を超えています"),
        ((1, 0, 0), 0, False, None, "委員0人を超えています"),
        ((-1, 0, 0), 8, False, None, "0以上"),
        ((4, 3, 0), 8, False, "yes", "可否同数ではない"),
        ((0, 0, 7), 8, False, "no", "可否同数ではない"),
    ],
)
def test_an_impossible_count_is_refused(votes, present, first, presiding, why):
    with pytest.raises(ValueError, match=why):
        count(votes, present=present, first=first, presiding=presiding)


@given(COUNTS, COUNTS, COUNTS, COUNTS, st.booleans())
def test_carried_without_the_presiding_officer_means_more_than_half(yes, no, abstain, idle, first):
    voters = yes + no + abstain + idle
    result = count((yes, no, abstain), present=voters + (not first), first=first)
    assert (result.outcome == "carried") == (yes * 2 > voters)
    assert (result.outcome == "tie_undecided") == (yes == no > 0)
    assert not result.casting


@given(st.integers(1, 12), COUNTS, st.booleans(), st.sampled_from(["yes", "no"]))
def test_the_presiding_officer_decides_every_tie(each, abstain, first, vote):
    result = count(
        (each, each, abstain), present=2 * each + abstain + (not first), first=first, presiding=vote
    )
    assert result.outcome == {"yes": "carried", "no": "lost"}[vote]
    assert result.casting
