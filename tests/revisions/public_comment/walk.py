"""Public comments in every state, reached by walking the commands."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from revisions.models import Opinion, PublicComment, Submission
from revisions.opinion import commands as opinions
from revisions.public_comment import commands
from tests.factories import NOON, user
from tests.replay import walked_once
from tests.revisions.drafts import open_stage, running_revision
from tests.revisions.meeting.walk import EVERYBODY, SECRETARIAT, refused, small_plan
from workflow.models import Stage

__all__ = ["EVERYBODY", "SECRETARIAT", "refused"]

BY = "joho-tanto"
STATES = ("preparing", "announced", "accepting", "closed", "answering", "published")

FIRST, LAST = date(2026, 12, 1), date(2026, 12, 30)


def moment(month: int, day: int, hour: int = 12) -> datetime:
    """A time of day in Tokyo, in 2026; December 31 is the day after the last."""
    return datetime(2026, month, day, hour - 9, tzinfo=UTC)


OPEN, AFTER = moment(12, 10), moment(12, 31)


@walked_once
def stage_of() -> Stage:
    return open_stage(
        running_revision(content=small_plan()), kind="public_comment", asks="comments"
    )


@walked_once
def prepared(stage: Stage, **more: Any) -> PublicComment:
    given = {
        "title": "計画（素案）への意見募集",
        "first_on": FIRST,
        "last_on": LAST,
        "by": user(BY),
        "at": NOON,
    }
    return commands.prepare_comment(stage_id=stage.pk, **(given | more))


@walked_once
def announced(stage: Stage, **more: Any) -> PublicComment:
    comment = prepared(stage, **more)
    return commands.announce(comment_id=comment.pk, by=user(BY), at=NOON)


@walked_once
def turned(comment: PublicComment, at: datetime) -> PublicComment:
    return commands.turn(comment_id=comment.pk, by=None, at=at)


@walked_once
def submit(comment: PublicComment, text: str = "予約を増やしてほしい。", **more: Any) -> Submission:
    given = {"form_id": "t-1", "sender": "192.0.2.1", "at": OPEN}
    return commands.submit_opinion(comment_id=comment.pk, text=text, **(given | more))


@walked_once
def answering(stage: Stage) -> PublicComment:
    comment = turned(announced(stage), AFTER)
    return commands.start_answering(comment_id=comment.pk, by=user(BY), at=AFTER)


@walked_once
def published(stage: Stage) -> PublicComment:
    return publish(answering(stage))


def publish(comment: PublicComment) -> PublicComment:
    return commands.publish(comment_id=comment.pk, result="結果", by=user(BY), at=AFTER)


@walked_once
def reach(state: str, stage: Stage | None = None) -> PublicComment:
    walks: dict[str, Callable[[Stage], PublicComment]] = {
        "preparing": prepared,
        "announced": announced,
        "accepting": lambda stage: turned(announced(stage), OPEN),
        "closed": lambda stage: turned(announced(stage), AFTER),
        "answering": answering,
        "published": published,
    }
    return PublicComment.objects.get(pk=walks[state](stage or stage_of()).pk)


@walked_once
def answer(opinion: Opinion) -> None:
    """Drafted by the secretariat and approved by its chief."""
    opinions.draft_response(
        opinion_id=opinion.pk,
        disposition="reflected",
        response="計画に反映します。",
        summary="予約枠の拡大を求める意見",
        by=user(BY),
        at=AFTER,
    )
    opinions.approve_response(opinion_id=opinion.pk, by=user("joho-kacho"), at=AFTER)
