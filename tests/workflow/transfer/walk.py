"""A transfer to the day it takes effect, by the commands."""

from datetime import UTC, date, datetime, timedelta

from tests.factories import post, user
from workflow.models import Transfer
from workflow.transfer import commands
from workflow.transfer.gates import Move

APRIL = date(2027, 4, 1)
DAY = timedelta(days=1)
BY = "jinji-tanto"


def noon(day):
    return datetime(day.year, day.month, day.day, 3, tzinfo=UTC)


MARCH = noon(date(2027, 3, 24))


def move(who, to=None, **more):
    """Codes and usernames in place of ids."""
    if "from_post" in more:
        more["from_post"] = post(more["from_post"]).pk
    return Move(user(who).pk, to and post(to).pk, **more)


def prepared(*moves, effective_on=APRIL, at=MARCH):
    transfer = commands.prepare(
        title="令和9年4月1日定期異動", effective_on=effective_on, by=user(BY), at=at
    )
    if moves:
        commands.add_lines(transfer_id=transfer.pk, moves=moves, by=user(BY), at=at)
    return Transfer.objects.get(pk=transfer.pk)


def scheduled(*moves, **more):
    transfer = prepared(*moves, **more)
    return commands.schedule(transfer_id=transfer.pk, by=user(BY), at=more.get("at", MARCH))
