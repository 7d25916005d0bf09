"""People and rows for tests. States are reached by walking the commands."""

from datetime import UTC, date, datetime
from typing import Any

from django.db import transaction

from workflow.models import Post, Request, Section, User
from workflow.people.queries import principal_post
from workflow.signoff import parts
from workflow.signoff.kinds import Kind, nothing, register
from workflow.signoff.states import StepRole

NOON = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)

register(Kind("test.plain", "試験", decided=nothing))


def user(username: str) -> User:
    return User.objects.get(username=username)


def post(code: str) -> Post:
    return Post.objects.select_related("group").get(code=code)


def section(code: str) -> Section:
    return Section.objects.select_related("group").get(code=code)


def request_to(*codes: str, drafter: str = "joho-tanto", **more: Any) -> Request:
    """A request circulating to posts one after another; "a+b" side by side."""
    steps = [
        (order, StepRole.LINE, post(code))
        for order, group in enumerate(codes, 1)
        for code in group.split("+")
    ]
    by = user(drafter)
    with transaction.atomic():
        return parts.circulate(
            kind=more.get("kind", "test.plain"),
            title="試験の伺い",
            link="/",
            part_of="",
            body=more.get("body", "本文"),
            drafter=by,
            post=principal_post(by, TODAY),
            steps=steps,
            at=NOON,
        )
