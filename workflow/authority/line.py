"""A line of signers as it is laid out before a request circulates."""

from collections.abc import Sequence
from typing import NamedTuple

from workflow.authority.states import StepRole
from workflow.people.models import Post


class Turn(NamedTuple):
    """One post's turn. Turns of the same order run side by side.

    needed  how many of the turns of this order must sign; 0 when all of them must
    """

    order: int
    role: StepRole
    post: Post
    needed: int = 0


Line = Sequence[Turn]
