"""運用の状態 in words: how it stands, and what whoever watches over it does about it."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from notifications.failures import in_words
from notifications.operations.queries import DAY, Failing, Lag, State, Task, state_at

TASKS = {
    "notifications.drain": gettext_lazy("お知らせの配信"),
    "hooks.send": gettext_lazy("外部連携への送信"),
    "deadline.sweep": gettext_lazy("期限の見回りと督促"),
    "transfer.apply_due": gettext_lazy("予約した異動の発令"),
    "people.refresh": gettext_lazy("発令による権限の切替え"),
    "revision.reckon": gettext_lazy("広報紙・招集の期限の見直し"),
    "inquiry.forget_uploads": gettext_lazy("使われなかった照会票の片付け"),
    "inquiry.forget_presence": gettext_lazy("開いている人の表示の片付け"),
    "public_comment.turn": gettext_lazy("意見公募の予告・募集・締切"),
}

LAGS = {
    "outbox": gettext_lazy("配信を待つ出来事"),
    "deadlines": gettext_lazy("督促の時刻が来た期限"),
    "mails": gettext_lazy("送信を待つ電子メール"),
    "webhooks": gettext_lazy("外部連携への送信待ち"),
}

FAILING = {
    "mails": gettext_lazy("送り直している電子メール"),
    "webhooks": gettext_lazy("送り直している外部連携"),
    "deadlines": gettext_lazy("知らせられない期限"),
    "events": gettext_lazy("知らせられない出来事"),
}

RESTART = gettext_lazy(
    "workerとbeatが動いているか、ブローカーにつながるかを確かめ、止まっていれば起動してください。"
)
WORKER = gettext_lazy(
    "ブローカーに合図がたまっています。workerが止まっているようです。起動してください。"
)
BEAT = gettext_lazy(
    "ブローカーに合図が一つもありません。beatが止まっているようです。起動してください。"
)
MENDS = {
    "outbox": RESTART,
    "mails": gettext_lazy("メールサーバー（EMAIL_URL）と、workerを確かめてください。"),
    "webhooks": gettext_lazy("「外部連携」で試し送信をして、送り先とworkerを確かめてください。"),
}
UNTELLABLE = {
    "deadlines": gettext_lazy(
        "期限%(id)d番は、続けて%(n)d回失敗しました（%(error)s）。"
        "manage.py deadlines explain %(id)d で誰に届いていないかを見て、"
        "workerのログの deadline.remind_failed にある原因を直してください。"
        "直れば、自動で知らせます。"
    ),
    "events": gettext_lazy(
        "%(n)d回失敗したものがあります（%(error)s）。まだ誰にも届いていません。"
        "workerのログの notifications.event_failed にある原因を直してください。"
        "直れば、自動で知らせます。"
        "あきらめたものは「届かなかった通知」の「配信前」にあり、そこから再送します。"
    ),
}
"""What is to be done where people are not told at all."""
CROWDED = 1_000
"""Messages at the broker that no number of ticks explains."""


@dataclass(frozen=True)
class Row:
    """One line of the page; `mend` says what to do where it does not stand well."""

    name: str
    word: str
    tone: str
    mend: str = ""
    every: str = ""
    run: Any = None
    count: int = 0
    since: datetime | None = None
    age: str = ""

    def __str__(self) -> str:
        return _("%(name)s（%(word)s）") % {"name": self.name, "word": self.word}


def restart(state: State) -> str:
    """What is to be started: beat fills the broker's queue, worker empties it."""
    if not state.is_standing or state.queued is None:
        return str(RESTART)
    return str(WORKER if state.queued else BEAT)


def task_row(task: Task, restart: str = "") -> Row:
    word, tone, mend = _standing(task, restart)
    name = str(TASKS.get(task.name, task.name))
    return Row(name, word, tone, mend, every=_every(task.every), run=task.run)


def _standing(task: Task, restart: str) -> tuple[str, str, str]:
    if task.is_late:
        never = task.run is None
        return _("一度も動いていません") if never else _("遅れています"), "bad", restart
    if task.run is None:
        return _("まだ動いていません"), "neutral", _("その時刻が来ると動きます。")
    if task.run.error:
        return _("失敗しました"), "bad", _("workerのログでこの時刻を見て、原因を直してください。")
    if task.is_stuck:
        return _("終わっていません"), "bad", restart
    if task.run.finished_at is None:
        return _("動いています"), "active", ""
    return _("正常"), "done", ""


def lag_row(lag: Lag, restart: str = "") -> Row:
    name = str(LAGS[lag.name])
    if not lag.count:
        return Row(name, _("ありません"), "done")
    if lag.is_well:
        word, tone, mend = _("順番待ち"), "active", ""
    else:
        word, tone, mend = _("遅れています"), "bad", str(MENDS.get(lag.name, restart))
    return Row(name, word, tone, mend, count=lag.count, since=lag.since, age=in_time(lag.age))


def failing_row(failing: Failing) -> Row:
    name = str(FAILING[failing.name])
    if not failing.count:
        return Row(name, _("ありません"), "done")
    if failing.name in UNTELLABLE:
        return _untellable_row(failing)
    if failing.is_well:
        return Row(name, _("間をおいて再送"), "active", count=failing.count)
    mend = _("%s直れば、自動で送り直します。") % in_words(failing.error)
    return Row(name, _("送れていません"), "bad", mend, count=failing.count)


def _untellable_row(failing: Failing) -> Row:
    known = {"id": failing.worst, "n": failing.attempts, "error": failing.error}
    mend, times = str(UNTELLABLE[failing.name]) % known, _("%d回失敗") % failing.attempts
    name, word = str(FAILING[failing.name]), _("知らせられません")
    return Row(name, word, "bad", mend, count=failing.count, age=times)


def broker_row(queued: int | None) -> Row:
    name = _("ブローカーに並ぶ合図")
    if queued is None:
        mend = _("ブローカーが0.5秒以内に答えません。BROKER_URLの相手を確かめてください。")
        return Row(name, _("わからない"), "warn", mend)
    if queued > CROWDED:
        return Row(name, _("多すぎます"), "warn", str(RESTART), count=queued)
    return Row(name, _("正常"), "done", count=queued)


def rows_of(state: State) -> tuple[list[Row], list[Row]]:
    """Return the tasks, and what waits."""
    what = restart(state)
    waiting = [lag_row(lag, what) for lag in state.lags]
    waiting += [*map(failing_row, state.failing), broker_row(state.queued)]
    return [task_row(task, what) for task in state.tasks], waiting


def wrong_of(rows: Iterable[Row]) -> list[tuple[str, str, str]]:
    """Return (tone, what does not stand well, what to do), once for what is mended alike."""
    alike: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        if row.tone in ("bad", "warn"):
            alike.setdefault((row.tone, row.mend), []).append(str(row))
    return [(tone, "、".join(told), mend) for (tone, mend), told in alike.items()]


def troubles(at: datetime) -> list[str]:
    """Return what does not stand well, the broker not asked."""
    state = state_at(at)
    rows = [*map(task_row, state.tasks), *map(lag_row, state.lags)]
    rows += map(failing_row, state.failing)
    return [str(row) for row in rows if row.tone == "bad"]


def in_time(span: timedelta) -> str:
    """2日3時間, 3時間5分, 5分, 12秒: two units at most."""
    left, found = int(span.total_seconds()), []
    for seconds, word in ((86_400, _("%d日")), (3_600, _("%d時間")), (60, _("%d分"))):
        if left >= seconds:
            found.append(word % (left // seconds))
            left %= seconds
    return "".join(found[:2]) or _("%d秒") % left


def _every(span: timedelta) -> str:
    return _("毎日") if span == DAY else _("%sごと") % in_time(span)


def as_json(state: State) -> dict[str, Any]:
    """Return what a monitor reads: what is wrong, moments in ISO 8601, spans in seconds."""
    rows = [row for part in rows_of(state) for row in part]
    return {
        "at": state.at.isoformat(),
        "ok": state.is_well,
        "wrong": [{"what": what, "do": mend} for _tone, what, mend in wrong_of(rows)],
        "tasks": list(map(_task_json, state.tasks)),
        "waiting": list(map(_lag_json, state.lags)),
        "retrying": [asdict(failing) for failing in state.failing],
        "broker": {"queued": state.queued},
        "undelivered": state.dead,
    }


def _task_json(task: Task) -> dict[str, Any]:
    run = task.run
    return {
        "name": task.name,
        "ok": task.is_well,
        "every_seconds": task.every.total_seconds(),
        "started_at": _iso(run.started_at if run else None),
        "finished_at": _iso(run.finished_at if run else None),
        "handled": run.handled if run else None,
        "error": run.error if run else "",
    }


def _lag_json(lag: Lag) -> dict[str, Any]:
    return {
        "name": lag.name,
        "ok": lag.is_well,
        "count": lag.count,
        "oldest_at": _iso(lag.since),
        "age_seconds": lag.age.total_seconds(),
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def lines_of(state: State) -> Iterator[str]:
    """What does not stand well and what to do comes first, then all of it."""
    tasks, waiting = rows_of(state)
    for _tone, what, mend in wrong_of([*tasks, *waiting]):
        yield from (f"! {what}", f"  → {mend}", "")
    for row in tasks:
        yield "\t".join(filter(None, [row.name, row.word, *_ran(row)]))
    for row in waiting:
        yield "\t".join(filter(None, [row.name, row.word, _many(row.count), row.age]))
    yield _("届かなかった通知\t%d件") % sum(state.dead.values())


def _ran(row: Row) -> Iterator[str]:
    if row.run:
        yield _("前回 %s") % f"{localtime(row.run.started_at):%Y-%m-%d %H:%M:%S}"
        yield str(row.run.error)


def _many(count: int) -> str:
    return _("%d件") % count if count else ""
