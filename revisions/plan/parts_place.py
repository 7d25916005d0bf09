"""掲載: writes of where projects stand in a draft. Numbers stay 1..n in every program.

Usable only inside a command that holds the revision's lock.
"""

from collections.abc import Sequence

from django.db.models import F
from django.utils.translation import gettext as _

from revisions.plan.models import Placement, Program, Revision
from revisions.plan.queries import placements_of
from workflow.errors import Invalid

ASIDE = 10_000
"""Added to numbers while a program is numbered anew: at no instant do two places share one."""


def placement_at(revision: Revision, place: str) -> Placement:
    """Return what stands at a place such as 1-2-(3).

    raises  Invalid when there is none
    """
    for number, placement in placements_of(revision):
        if number == place:
            return placement
    raise Invalid(_("「%s」に掲載された個別事業がありません。") % place, field="place")


def put(placement: Placement, program: Program, number: int) -> None:
    """Let a placement, new or not, be the `number`-th of a program; the others make room.

    raises  Invalid when there is no such place
    """
    source = Program.objects.filter(placements=placement.pk).exclude(pk=program.pk).first()
    others = list(program.placements.exclude(pk=placement.pk))
    if not 1 <= number <= len(others) + 1:
        raise Invalid(_("掲載する場所を選んでください。"), field="slot")
    placement.program, placement.number = program, 0
    placement.save()
    arrange([*others[: number - 1], placement, *others[number - 1 :]])
    if source:
        arrange(list(source.placements.all()))


def take_out(placement: Placement) -> None:
    """Take a placement away; those that stood after it move up."""
    program = placement.program
    placement.delete()
    arrange(list(program.placements.all()))


def arrange(placements: Sequence[Placement]) -> None:
    """Number the places of one program 1..n as listed."""
    pks = [placement.pk for placement in placements]
    Placement.objects.filter(pk__in=pks).update(number=F("number") + ASIDE)
    for number, placement in enumerate(placements, 1):
        placement.number = number
    Placement.objects.bulk_update(placements, ["number"])
