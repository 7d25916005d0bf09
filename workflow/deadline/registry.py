"""Kinds of deadlines, as the slices of the domain register them."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Kind:
    """label    what is to be done
    receipt  whoever is asked acknowledges it first (受取)
    own_day  no other table holds the day: it may be moved with the calendar
    """

    code: str
    label: str | Promise = ""
    receipt: bool = False
    own_day: bool = False


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    _kinds[kind.code] = kind


def kinds() -> list[Kind]:
    return list(_kinds.values())


def kind_of(code: str) -> Kind:
    return _kinds.get(code, Kind(code))


def has_receipt(code: str) -> bool:
    """Of all together (""), some have: where there is none, nothing waits for it."""
    return not code or kind_of(code).receipt


def label_of(code: str) -> str:
    """Return the words for a kind; "" is all that have no rule of their own."""
    if not code:
        return _("ほかのすべての期限")
    return str(kind_of(code).label) or code
