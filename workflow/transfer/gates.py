"""発令できるか: every line fits on the day, or nothing is carried out."""

from collections.abc import Mapping, Sequence, Set
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _

from workflow.errors import Invalid, Missing, Unmet
from workflow.people.models import Appointment, Post, User
from workflow.transfer.models import Transfer, TransferLine
from workflow.transfer.queries import Fault, appointments_around, fault_of, faults


class Move(NamedTuple):
    """What somebody is asked to do, by id.

    from_post      None for the principal post; without a new post for all that they hold
    is_concurrent  the new post is held beside those held already (兼務): none is left
    """

    user: int
    to_post: int | None
    from_post: int | None = None
    is_concurrent: bool = False
    keep_until: date | None = None


class Unfit(Invalid):
    """Some moves can't be taken: `faults` names them by their place from 0."""

    def __init__(self, found: dict[int, Fault]) -> None:
        first = next(iter(found.values()))
        super().__init__(first.text, field=first.field)
        self.faults = found


def check_title(title: str) -> str:
    """Return it as it is kept."""
    if not title.strip():
        raise Invalid(_("名称を入力してください。"), field="title")
    return title.strip()


def check_moves(transfer: Transfer, moves: Sequence[Move]) -> list[TransferLine]:
    """Return the new lines for `moves`, all of which fit.

    raises  Unfit
    """
    day = transfer.effective_on
    users = User.objects.in_bulk([move.user for move in moves])
    posts = Post.objects.in_bulk([pk for m in moves for pk in (m.from_post, m.to_post) if pk])
    held = appointments_around(list(users), day)
    lines: list[TransferLine] = []
    found: dict[int, Fault] = {}
    taken = {key for line in transfer.lines.all() for key in _keys(line)}
    for place, move in enumerate(moves):
        mine = held.get(move.user, [])
        for line in _lines(transfer, move, users[move.user], posts, mine):
            if fault := fault_of(line, mine, day) or _again(line, taken):
                found.setdefault(place, fault)
            taken |= _keys(line)
            lines.append(line)
    if found:
        raise Unfit(found)
    return lines


def check_all_fit(transfer: Transfer, lines: Sequence[TransferLine]) -> None:
    """raises  Unmet, naming every line that does not fit"""
    if not lines:
        raise Unmet(_("異動する人がいません。先に人を加えてください。"))
    if wrong := misfits(transfer, lines):
        where = page(transfer, "#lines")
        missing = [Missing(words, where) for words in wrong]
        raise Unmet(_("このままでは発令できない人がいます。"), missing)


def misfits(transfer: Transfer, lines: Sequence[TransferLine]) -> list[str]:
    """Return, in words, which lines do not fit on the day."""
    found = faults(lines, transfer.effective_on)
    return [
        f"{line.user.name}：{fault.text}" for line, fault in zip(lines, found, strict=True) if fault
    ]


def check_day_has_come(transfer: Transfer, today: date) -> None:
    if today < transfer.effective_on:
        raise Unmet(_("発令の日がまだ来ていません。"))


def page(transfer: Transfer, place: str = "") -> str:
    return f"/transfers/{transfer.pk}/{place}"


def _lines(
    transfer: Transfer,
    move: Move,
    user: User,
    posts: Mapping[int, Post],
    held: Sequence[Appointment],
) -> list[TransferLine]:
    leaves: list[Post | None] = [posts[move.from_post]] if move.from_post else []
    if not leaves and not move.is_concurrent:
        begun: list[Post | None] = [a.post for a in held if a.since < transfer.effective_on]
        leaves = begun[:1] if move.to_post else begun
    return [
        TransferLine(
            transfer=transfer,
            user=user,
            from_post=post,
            to_post=posts[move.to_post] if move.to_post else None,
            is_concurrent=move.is_concurrent,
            keep_until=move.keep_until,
        )
        for post in leaves or [None]
    ]


def _keys(line: TransferLine) -> set[tuple[int, str, int]]:
    """What one person can do once in a transfer: leave a post, be given a post."""
    told = (("from", line.from_post_id), ("to", line.to_post_id))
    return {(line.user_id, way, pk) for way, pk in told if pk}


def _again(line: TransferLine, taken: Set[tuple[int, str, int]]) -> Fault | None:
    return (
        Fault(_("この人の同じ職は、すでに加わっています。"), "user")
        if _keys(line) & taken
        else None
    )
