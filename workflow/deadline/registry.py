"""What the slices of the domain register: kinds of deadlines, who waits, what is planned."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from workflow.deadline.models import Deadline
from workflow.deadline.schedule import Step

Acting = Mapping[int, int | None]
"""Deadline (id) → the group (id) that can act on it in the place of its own, None when nobody can;
those whose own group can act are left out."""


def whoever_is_asked(deadlines: Collection[Deadline], on: date) -> Acting:
    """Nobody is known to be away."""
    return {}


@dataclass(frozen=True)
class Kind:
    """label    what is to be done
    act      how, in a sentence to whoever is asked; "" where the page says it
    acts     instead of it, by whom it lies with by now (DayName.lies_with)
    done     what they press when they have done it, where nothing else in here tells
    receipt  whoever is asked acknowledges it first (受取)
    told     the act that sets one tells whoever is asked: no reminder follows on that day
    own_day  no other table holds the day: it may be moved with the calendar
    onward   it is counted from a day that must be over: then to the open day after, not before
    steps    the rule it is shipped with; without one, that of all others
    opens    tiers that may open its link; the others read the page of the deadline itself
    acting   who can act on some deadlines of the kind on a day, in a constant number of statements
    """

    code: str
    label: str | Promise = ""
    act: str | Promise = ""
    acts: Mapping[str, str | Promise] = field(default_factory=dict)
    done: str | Promise = ""
    receipt: bool = False
    told: bool = False
    own_day: bool = False
    onward: bool = False
    steps: tuple[Step, ...] = ()
    opens: tuple[str, ...] = ("holder", "chief", "secretariat")
    acting: Callable[[Collection[Deadline], date], Acting] = whoever_is_asked


@dataclass(frozen=True)
class Planned:
    """What is laid on a day without being a deadline.

    what   kind and state of it, in words
    to_do  what somebody decides when the day closes, in words
    link   where that is done
    """

    day: date
    title: str
    what: str
    to_do: str
    link: str


Askers = Callable[[Collection[str]], Mapping[str, int]]
"""Keys of what deadlines are part of → the group of the 事務局 that waits for each."""
Planners = Callable[[Collection[date]], Iterable[Planned]]

_kinds: dict[str, Kind] = {}
_askers: list[Askers] = []
_planners: list[Planners] = []


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


def register_askers(askers: Askers) -> None:
    _askers.append(askers)


def askers_of(keys: Collection[str]) -> dict[str, int]:
    """Return who waits, by the keys of those of which somebody is known."""
    return {key: group for askers in _askers for key, group in askers(keys).items()}


def register_planners(planners: Planners) -> None:
    _planners.append(planners)


def planned_on(days: Collection[date]) -> list[Planned]:
    """Return what is planned on some days, in order; without days nothing is asked."""
    found = [plan for planners in _planners for plan in planners(days)] if days else []
    return sorted(found, key=lambda plan: (plan.day, plan.title))
