"""Counting who came and who voted how (定足数・議決). Pure: no database, no clock, no Django."""

from dataclasses import dataclass
from typing import Literal

Vote = Literal["yes", "no"]


@dataclass(frozen=True)
class Result:
    """What a vote came to.

    outcome   tie_undecided: 可否同数, and the presiding officer has yet to decide
    casting   decided by the presiding officer (議長決裁)
    needed    votes in favour that would have carried it
    """

    outcome: Literal["carried", "lost", "tie_undecided"]
    casting: bool
    needed: int


def required(base: int) -> int:
    """Return how many are more than half (過半数) of `base`: 8 → 5, 7 → 4. ValueError below 1."""
    if base < 1:
        raise ValueError("定足数のもとになる委員がいません。名簿を確かめてください。")
    return base // 2 + 1


def has_quorum(present: int, base: int) -> bool:
    """Whether the meeting can be opened (委員会規則第5条2項).

    base   members in office, or seats: a setting of the body
    """
    return present >= required(base)


def tally(
    *,
    yes: int,
    no: int,
    abstain: int,
    present: int,
    chair_votes_first: bool,
    presiding_vote: Vote | None,
) -> Result:
    """Count a vote: more than half of those attending; on a tie the presiding officer decides.

    source              委員会規則第5条3項; first count without the chair: cf. 地方自治法116条2項
    yes, no, abstain    of the first count; who attends and is in none of them abstains
    present             members attending, the presiding officer included
    chair_votes_first   True: the presiding officer is counted and votes among the members;
                        False: is neither voter nor attendant in the first count
    presiding_vote      decides a tie; None while undecided
    raises              ValueError: more votes than voters, or a presiding vote without a tie

    Abstaining is attending, so 3 to 2 with 2 abstaining is lost: 4 of the 7 are needed. A tie
    (可否同数) is as many for as against, whatever the abstentions; none when nobody votes.
    """
    voters = present if chair_votes_first else present - 1
    _check(yes, no, abstain, voters)
    needed = max(voters, 0) // 2 + 1
    if not yes == no > 0:
        if presiding_vote:
            raise ValueError("可否同数ではないので、議長が決することはできません。")
        return Result("carried" if yes >= needed else "lost", casting=False, needed=needed)
    if presiding_vote is None:
        return Result("tie_undecided", casting=False, needed=needed)
    return Result("carried" if presiding_vote == "yes" else "lost", casting=True, needed=needed)


def _check(yes: int, no: int, abstain: int, voters: int) -> None:
    if min(yes, no, abstain) < 0:
        raise ValueError("票数は0以上で入力してください。")
    if (votes := yes + no + abstain) > max(voters, 0):
        raise ValueError(
            f"票数の合計{votes}が、採決に加わる出席委員{max(voters, 0)}人を超えています。"
        )
