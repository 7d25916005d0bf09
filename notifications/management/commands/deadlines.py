from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import get_current_timezone, localtime, now

from notifications.failures import in_words
from notifications.models import Delivery
from notifications.operations.queries import tasks_at
from workflow.deadline.calendar import in_tokyo
from workflow.deadline.era import era_date
from workflow.deadline.explaining import Explained, Line
from workflow.deadline.models import Deadline
from workflow.deadline.queries import overdue
from workflow.deadline.registry import label_of
from workflow.deadline.states import DeadlineState
from workflow.deadline.words import rule_words
from workflow.models import User


class Command(BaseCommand):
    help = "期限の督促を調べます。"

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        explain = acts.add_parser("explain", help="なぜ督促されたか、されなかったかを示します。")
        explain.add_argument("id", type=int, help="期限の番号")
        explain.add_argument(
            "--at", type=datetime.fromisoformat, help="この時点で(2026-12-04T10:00)"
        )
        listing = acts.add_parser("list", help="対応が済んでいない期限を示します。")
        listing.add_argument("--overdue", action="store_true", required=True, help="過ぎたものだけ")

    def handle(self, *args: Any, act: str, **options: Any) -> None:
        if act == "list":
            self._list()
        else:
            self._explain(options["id"], options["at"] or now())

    def _list(self) -> None:
        for deadline in overdue(now()).select_related("group").iterator():
            day = era_date(in_tokyo(deadline.due_at))
            self.stdout.write(f"{deadline.pk}\t{day}\t{label_of(deadline.kind)}\t{deadline.title}")

    def _explain(self, pk: int, at: datetime) -> None:
        deadline = Deadline.objects.select_related("group").filter(pk=pk).first()
        if deadline is None:
            raise CommandError(f"期限{pk}番はありません。")
        if at.tzinfo is None:
            at = at.replace(tzinfo=get_current_timezone())
        found = Explained(deadline, at)
        for line in (*_about(found), "", *_told(found.lines())):
            self.stdout.write(line)


def _about(found: Explained) -> Iterator[str]:
    deadline, rule = found.deadline, found.rule
    kind = label_of(deadline.kind)
    yield f"期限{deadline.pk}番　{kind}　{deadline.title}"
    yield f"担当: {found.holder}　期限: {era_date(in_tokyo(deadline.due_at))}"
    yield f"状態: {_state(found)}　{_received(deadline)}"
    version = f"第{rule.number}版（{_when(rule.set_at)}から）" if rule else "はじめからの規則"
    yield f"規則: {version}"
    yield from (f"  {words}" for words in rule_words(found.timetable.steps))
    yield f"{_when(found.at)}現在: {found.now}"
    yield f"次の督促: {_when(deadline.next_at) if deadline.next_at else 'ありません'}"
    yield f"見回り: {_swept(found.at)}"


def _state(found: Explained) -> str:
    """Whether it is late is a matter of the clock, also where no sweep has said so."""
    late = found.deadline.state == DeadlineState.OPEN and found.deadline.due_at < found.at
    return (
        "期限を過ぎています（まだ督促していません）" if late else found.deadline.get_state_display()
    )


def _swept(at: datetime) -> str:
    """When the sweep last ran: whatever is due is told by none but it."""
    sweep = next(task for task in tasks_at(at) if task.name == "deadline.sweep")
    if (run := sweep.run) is None:
        return "一度も動いていません。manage.py operations を見てください。"
    words = f"前回 {_when(run.started_at)}"
    if run.error:
        return f"{words}（{run.error}で失敗）。manage.py operations を見てください。"
    if sweep.is_late:
        return f"{words}。止まっています。manage.py operations を見てください。"
    return words


def _received(deadline: Deadline) -> str:
    if deadline.received_at is None:
        return "受取: まだ"
    return f"受取: {_when(deadline.received_at)}"


def _told(lines: list[Line]) -> Iterator[str]:
    for line in lines:
        yield f"{_when(line.at)}　{line.to}　{line.outcome}"
        if line.event:
            yield from (f"  {words}" for words in _people(line))


def _people(line: Line) -> Iterator[str]:
    """Who belongs to the groups told, and what reached each by which channel."""
    if line.event is None or line.event.fanned_out_at is None:
        yield f"送信待ち{line.event.pk if line.event else ''}番: まだ配られていません。"
        return
    reached: dict[int, list[str]] = {}
    deliveries = Delivery.objects.filter(event=line.event).select_related("leader")
    for delivery in deliveries.order_by("channel"):
        reached.setdefault(delivery.user_id, []).append(_stands(delivery))
    everybody = User.objects.filter(pk__in=reached) | User.objects.filter(
        groups__in=line.event.groups
    )
    for user in everybody.distinct().order_by("pk"):
        told = reached.get(user.pk)
        yield f"{user}: {_reached(told) if told else _missed(user)}"


def _stands(delivery: Delivery) -> str:
    """What stands in a digest stands as its mail does."""
    mail = delivery.leader or delivery
    words = f"{delivery.get_channel_display()} {mail.get_state_display()}"
    more = [f"次は{_when(mail.next_at)}"] if mail.next_at else []
    more += [f"{mail.attempts}回失敗: {in_words(mail.error)}"] if mail.error else []
    return f"{words}（{'、'.join(more)}）" if more else words


def _reached(told: list[str]) -> str:
    return "、".join(told if len(told) > 1 else [*told, "電子メールは受け取らない設定か、宛先なし"])


def _missed(user: User) -> str:
    return "知らせた後に加わった人" if user.is_active else "利用を止められているため、届けません"


def _when(at: datetime) -> str:
    return f"{era_date(in_tokyo(at))} {localtime(at):%H:%M}"
