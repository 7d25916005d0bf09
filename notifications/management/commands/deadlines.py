from argparse import ArgumentTypeError
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import get_current_timezone, localtime, now

from notifications.failures import in_words
from notifications.models import Delivery, Untold
from notifications.operations.queries import tasks_at
from workflow.deadline.calendar import in_tokyo
from workflow.deadline.era import FIRST_YEAR, LAST_YEAR, era_date
from workflow.deadline.explaining import Explained
from workflow.deadline.models import Deadline
from workflow.deadline.queries import overdue, running, stuck, whose
from workflow.deadline.registry import has_receipt, label_of
from workflow.deadline.states import RUNNING, DeadlineState
from workflow.deadline.words import rule_words
from workflow.models import OutboxEvent, User

AHEAD = timedelta(days=366)
FEW = 2
"""Moments in a row with the same outcome that are told one by one."""
OPERATIONS = "manage.py operations を見てください。"
LYING = "あきらめています。原因を直して、画面「届かなかった通知」の「配信前」から再送します。"
FAILED = "原因は、workerのログの deadline.remind_failed にあります。"


class Command(BaseCommand):
    help = "期限の督促を調べます。"

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        explain = acts.add_parser("explain", help="なぜ督促されたか、されなかったかを示します。")
        explain.add_argument("id", type=int, help="期限の番号")
        explain.add_argument("--at", type=_moment, help="この時点で(2026-12-04T10:00)")
        listing = acts.add_parser("list", help="対応が済んでいない期限を、番号とともに示します。")
        which = listing.add_mutually_exclusive_group()
        for option, words in (("overdue", "過ぎたものだけ"), ("stuck", "知らせられないものだけ")):
            which.add_argument(
                f"--{option}", dest="which", action="store_const", const=option, help=words
            )

    def handle(self, *args: Any, act: str, **options: Any) -> None:
        if act == "list":
            self._list(options["which"], now())
        else:
            self._explain(options["id"], options["at"], now())

    def _list(self, which: str | None, at: datetime) -> None:
        rows = {None: running(), "overdue": overdue(at), "stuck": stuck()}[which]
        if not rows.exists():
            self.stderr.write("ありません。")
        for deadline in whose(rows).iterator():
            self.stdout.write("\t".join(_listed(deadline, at)))

    def _explain(self, pk: int, at: datetime | None, now: datetime) -> None:
        deadline = Deadline.objects.select_related("group").filter(pk=pk).first()
        if deadline is None:
            raise CommandError(
                f"期限{pk}番はありません。番号は manage.py deadlines list に出ます。"
            )
        if at and at > now + AHEAD:
            raise CommandError("--at は、1年先までの日時にしてください。")
        found = Explained(deadline, at or now, now)
        if not found.history:
            raise CommandError(
                f"期限{pk}番は、{_when(found.at)}には、まだありませんでした。"
                f"定められたのは{_when(found.set_at)}です。"
            )
        for line in (*_about(found), "", *_told(found)):
            self.stdout.write(line)


def _moment(typed: str) -> datetime:
    """raises  ArgumentTypeError, when it is no moment that the calendar knows"""
    try:
        at = datetime.fromisoformat(typed)
    except ValueError:
        at = None
    if at is None or not FIRST_YEAR < at.year < LAST_YEAR:
        raise ArgumentTypeError(
            f"日時を 2026-12-04T10:00 のように書いてください（{typed}）。"
            f"{FIRST_YEAR + 1}年から{LAST_YEAR - 1}年までです。"
        )
    return at if at.tzinfo else at.replace(tzinfo=get_current_timezone())


def _listed(deadline: Any, at: datetime) -> Iterator[str]:
    """deadline  with `whose`"""
    yield from (str(deadline.pk), era_date(in_tokyo(deadline.due_at)), deadline.whose)
    yield from (label_of(deadline.kind), deadline.title)
    if deadline.due_at < at:
        yield "期限超過"
    if deadline.attempts:
        yield f"{deadline.attempts}回失敗（{deadline.error}）"


def _about(found: Explained) -> Iterator[str]:
    deadline, rule = found.deadline, found.rule
    kind = label_of(deadline.kind)
    yield f"期限{deadline.pk}番　{kind}　{deadline.title}"
    yield f"担当: {found.holder}　期限: {era_date(found.due_on)}"
    yield f"状態: {_state(found)}{_received(found)}"
    version = f"第{rule.number}版（{_when(rule.set_at)}から）" if rule else "はじめからの規則"
    yield f"規則: {version}"
    yield from (f"  {words}" for words in rule_words(found.timetable.steps))
    if found.is_past:
        more = "、担当" if found.holder_is_of_now else ""
        yield f"  閉庁日、執務時間、在籍{more}は、いまのものです。"
    if found.state not in RUNNING:
        return
    yield f"{_when(found.at)}現在: {found.now}"
    yield f"次の督促: {_when(found.next_at) if found.next_at else 'ありません'}"
    if found.attempts:
        yield f"失敗: 続けて{found.attempts}回（{deadline.error}）。{FAILED}"
    yield f"見回り: {_swept(found)}"


def _state(found: Explained) -> str:
    """Whether it is late is a matter of the clock, also where no sweep has said so."""
    if found.state == DeadlineState.OPEN and found.is_late:
        return "期限を過ぎています（まだ督促していません）"
    return str(found.state.label)


def _swept(found: Explained) -> str:
    """When the sweep last ran: whatever is due is told by none but it."""
    sweep = next(task for task in tasks_at(found.at) if task.name == "deadline.sweep")
    if (run := sweep.run) is None:
        return f"一度も動いていません。{OPERATIONS}"
    if found.is_past and found.at < run.started_at:
        return "この時点に動いていたかは、残っていません。"
    words = f"前回 {_when(run.started_at)}"
    if run.error:
        return f"{words}（{run.error}で失敗）。{OPERATIONS}"
    return f"{words}。止まっています。{OPERATIONS}" if sweep.is_late else words


def _received(found: Explained) -> str:
    if not has_receipt(found.deadline.kind):
        return ""
    return f"　受取: {_when(found.received_at) if found.received_at else 'まだ'}"


def _told(found: Explained) -> Iterator[str]:
    """What is past and came to the same, many times in a row, is one line."""
    for (what, is_told), some in groupby(found.lines(), lambda line: (line.outcome, line.event)):
        lines = list(some)
        if is_told is None and len(lines) > FEW and lines[-1].at <= found.at:
            tiers = "、".join(dict.fromkeys(line.to for line in lines))
            span = f"{_when(lines[0].at)}から{_when(lines[-1].at)}まで"
            yield f"{span}　{len(lines)}回分（{tiers}）　{what}"
            continue
        for line in lines:
            yield "　".join(filter(None, [_when(line.at), line.to, line.outcome]))
            if line.event:
                yield from (f"  {words}" for words in _people(line.event))


def _people(event: OutboxEvent) -> Iterator[str]:
    """Who belongs to the groups told, and what reached each by which channel."""
    if event.fanned_out_at is None:
        yield f"送信待ち{event.pk}番: {_waits(event)}"
        return
    reached: dict[int, list[str]] = {}
    deliveries = Delivery.objects.filter(event=event).select_related("leader")
    for delivery in deliveries.order_by("channel"):
        reached.setdefault(delivery.user_id, []).append(_stands(delivery))
    everybody = User.objects.filter(pk__in=reached) | User.objects.filter(groups__in=event.groups)
    if not everybody.exists():
        yield "誰にも届いていません。職にも課にも、利用者がいません。"
    for user in everybody.distinct().order_by("pk"):
        told = reached.get(user.pk)
        yield f"{user}: {_reached(told) if told else _missed(user)}"


def _waits(event: OutboxEvent) -> str:
    row = Untold.objects.filter(event=event).first()
    if row is None:
        return f"まだ配られていません。{OPERATIONS}"
    words = f"{row.attempts}回失敗し（{row.error}）、まだ誰にも届いていません。"
    return f"{words}次は{_when(row.next_at)}。" if row.next_at else f"{words}{LYING}"


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
