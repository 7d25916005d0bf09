"""What an act leaves in a 決裁欄: who, when, in which right, with which words."""

from dataclasses import dataclass
from datetime import datetime

from workflow.people.models import Post, User


@dataclass(frozen=True)
class Right:
    """The post in which somebody acts.

    acting_as  a DeputyKind when it is for another post than their own; "" otherwise
    basis      text of the rule that lets them
    """

    post: Post
    acting_as: str = ""
    basis: str = ""


@dataclass(frozen=True)
class Mark:
    """One act.

    number  seq of its entry in the request's chain: acts are ordered by it, never by their time
    before  state of the request until then
    """

    by: User
    at: datetime
    number: int
    right: Right
    said: str = ""
    before: str = ""
