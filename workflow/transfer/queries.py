from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from workflow.errors import Invalid
from workflow.people.gates import check_fits
from workflow.people.models import Appointment, Post
from workflow.signoff.models import Step
from workflow.signoff.states import TURN
from workflow.transfer.models import Transfer, TransferLine
from workflow.transfer.states import TransferState

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Fault:
    """Why a line does not fit on the day, and the field that it is about."""

    text: str
    field: str = ""


def transfers() -> QuerySet[Transfer]:
    return Transfer.objects.annotate(people=Count("lines__user", distinct=True))


def due(on: date) -> QuerySet[Transfer]:
    """Return the scheduled transfers whose day has come."""
    return Transfer.objects.filter(state=TransferState.SCHEDULED, effective_on__lte=on).order_by(
        "effective_on", "pk"
    )


def lines_of(transfer: Transfer) -> list[TransferLine]:
    return list(
        transfer.lines.select_related(
            "user", "from_post__section", "from_post__group", "to_post__section", "to_post__group"
        )
    )


def appointments_around(users: Sequence[int], day: date) -> dict[int, list[Appointment]]:
    """Return, by user id, the appointments that hold on the day before `day` or later."""
    found: dict[int, list[Appointment]] = {}
    rows = Appointment.objects.exclude(until__lt=day - DAY).filter(user__in=users)
    for row in rows.select_related("post").order_by("is_concurrent", "post__order", "pk"):
        found.setdefault(row.user_id, []).append(row)
    return found


def left_by(line: TransferLine, held: Sequence[Appointment], day: date) -> Appointment | None:
    """Return the appointment that the line ends, when it still holds the day before."""
    return next((a for a in held if a.post_id == line.from_post_id and a.since < day), None)


def faults(lines: Sequence[TransferLine], day: date) -> list[Fault | None]:
    """Return, for every line, why it does not fit on the day. One statement."""
    held = appointments_around([line.user_id for line in lines], day)
    return [fault_of(line, held.get(line.user_id, []), day) for line in lines]


def fault_of(line: TransferLine, held: Sequence[Appointment], day: date) -> Fault | None:
    if line.from_post_id is None and line.to_post_id is None:
        return Fault(_("新しい職か、離れる職を選んでください。"), "to_post")
    if line.from_post_id == line.to_post_id:
        return Fault(_("いまの職と同じ職には異動できません。"), "to_post")
    if line.to_post and (fault := _misfit(line, held, day)):
        return fault
    return _unheld(line, held, day)


def _unheld(line: TransferLine, held: Sequence[Appointment], day: date) -> Fault | None:
    """Why the person can't leave the post as the line says."""
    if line.from_post is None:
        return Fault(_("引き継ぐ職がありません。"), "keep_until") if line.keep_until else None
    leaves = left_by(line, held, day)
    if leaves is None:
        text = _("異動の前の日に、%sの職に就いていません。") % line.from_post.name
        return Fault(text, "from_post")
    if line.keep_until and line.keep_until < day:
        return Fault(_("引継ぎの終わりは、異動の日以後にしてください。"), "keep_until")
    if line.keep_until and leaves.until and line.keep_until > leaves.until:
        return Fault(_("引継ぎの終わりより前に、いまの職の任期が終わります。"), "keep_until")
    return None


def _misfit(line: TransferLine, held: Sequence[Appointment], day: date) -> Fault | None:
    """Why the person can't have the new post."""
    if line.to_post is None:
        return None
    try:
        check_fits(line.user, line.to_post)
    except Invalid as refused:
        return Fault(str(refused), "to_post" if refused.field == "post" else refused.field)
    if any(a.post_id == line.to_post_id and (a.until is None or a.until >= day) for a in held):
        return Fault(_("異動の日に、すでに%sの職に就いています。") % line.to_post.name, "to_post")
    return None


def waiting_by_post(posts: Iterable[Post]) -> dict[int, int]:
    """Return how many steps wait for each post, by its id."""
    waiting = Step.objects.filter(state__in=TURN, post__in=[post.pk for post in posts])
    return dict(waiting.values_list("post").annotate(n=Count("pk")).order_by())
