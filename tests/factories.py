"""People and rows for tests. States are reached by walking the commands."""

from datetime import UTC, date, datetime
from typing import Any

from django.core.management import call_command
from django.db import transaction

from tests.replay import walked_once
from workflow.authority.about import UNSAID
from workflow.authority.line import Line, Turn
from workflow.authority.states import StepRole
from workflow.models import Post, Request, Section, User
from workflow.people.queries import posts_held
from workflow.signoff import parts
from workflow.signoff.kinds import Correction, Kind, nothing, register

NOON = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)

register(Kind("test.plain", "試験", decided=nothing))
register(Kind("test.numbered", "試験", decided=nothing, numbered=True, correction=Correction()))


def user(username: str) -> User:
    return User.objects.get(username=username)


def post(code: str) -> Post:
    return Post.objects.select_related("group").get(code=code)


def section(code: str) -> Section:
    return Section.objects.select_related("group").get(code=code)


@walked_once
def demo() -> None:
    call_command("demo", today=TODAY, verbosity=0)


@walked_once
def request_to(*codes: str, drafter: str = "joho-tanto", **more: Any) -> Request:
    """A request circulating to posts one after another; "a+b" side by side; the last decides."""
    steps = [
        Turn(order, _role(group, last=order == len(codes)), post(code))
        for order, group in enumerate(codes, 1)
        for code in group.split("+")
    ]
    return circulating(steps, drafter=drafter, **more)


def _role(group: str, *, last: bool) -> StepRole:
    return StepRole.DECIDER if last and "+" not in group else StepRole.LINE


def circulating(steps: Line, *, drafter: str = "joho-tanto", **more: Any) -> Request:
    by = user(drafter)
    with transaction.atomic():
        return parts.circulate(
            kind=more.get("kind", "test.plain"),
            title=more.get("title", "試験の伺い"),
            link="/",
            part_of=more.get("part_of", ""),
            matter=more.get("matter", ""),
            asked_for_on=more.get("asked_for_on"),
            body=more.get("body", "本文"),
            drafter=by,
            post=posts_held(by, TODAY).first(),
            steps=steps,
            at=more.get("at", NOON),
            about=more.get("about", UNSAID),
        )
