"""Who watches over which requests (滞留): the domain says which wholes somebody steers."""

from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _

from workflow.errors import NotAllowed
from workflow.people.models import User
from workflow.people.states import UserKind

Wholes = Callable[[User], Iterable[str]]

_wholes: list[Wholes] = []


def oversee(wholes: Wholes) -> None:
    """Register what returns the keys (Request.part_of) of the wholes that somebody steers."""
    _wholes.append(wholes)


def overseen(user: User) -> list[str]:
    return [key for wholes in _wholes for key in wholes(user)]


def check_can_oversee(by: User) -> None:
    if by.kind != UserKind.AUDITOR and not overseen(by):
        raise NotAllowed(_("滞留一覧を見られるのは、改定の事務局と監査の担当者です。"))
