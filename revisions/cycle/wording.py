"""逆算日程 in words: why a day is as it is, and what is wrong with a plan."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workflow.deadline.days import day_words
from workflow.path.placing import Reason
from workflow.path.warnings import Warned
from workflow.people.regular import Regular, words_of

Names = Mapping[int, str]

REASONS: dict[str, Any] = {
    "actual": gettext_lazy("実際の日"),
    "fixed": gettext_lazy("決めてある日"),
    "today": gettext_lazy("今日より前には始められない"),
    "not_before": gettext_lazy("%(day)s以後"),
    "rule_since": gettext_lazy("%(day)sからの定めによる"),
    "rule_until": gettext_lazy("%(day)sまでの定めによる"),
    "notice": gettext_lazy("招集の通知（%(days)s日前まで）を%(by)sに出せる最初の日"),
    "gazette": gettext_lazy("広報%(issue)s号（入稿は%(by)sまで）で予告できる最初の日"),
    "after": gettext_lazy("「%(stage)s」が終わり、%(lead)s開庁日おいた日"),
    "spread": gettext_lazy("余裕を均等に配って%(days)s開庁日の幅の中で"),
    "regular": gettext_lazy("定例日（%(regular)s）"),
    "irregular": gettext_lazy("定例日（%(regular)s）によらない日なので、開庁日で数える"),
    "adoption": gettext_lazy("策定の月の最後の開庁日（%(by)s）まで"),
    "before": gettext_lazy("「%(stage)s」（%(begins)sから）の%(lead)s開庁日前まで"),
    "comment": gettext_lazy("初日を含めて%(days)s日間"),
    "length": gettext_lazy("%(days)s開庁日かかる"),
}

READY: dict[str, Any] = {
    "notice": gettext_lazy("招集の通知 %(by)sまで"),
    "gazette": gettext_lazy("広報%(issue)s号の原稿 %(by)sまで"),
}

WARNINGS: dict[str, Any] = {
    "past": gettext_lazy("遅くとも%(by)sに始めている必要がありました。%(days)s開庁日前です。"),
    "notice_past": gettext_lazy(
        "%(begins)sに開くには、招集の通知を%(by)sまでに出す必要がありました（%(days)s日前まで）。"
    ),
    "gazette_past": gettext_lazy(
        "%(begins)sに始めるには、予告する広報%(issue)s号の原稿を%(by)sまでに入れる必要がありました。"
    ),
    "no_regular_day": gettext_lazy(
        "定例日（%(regular)s）が、%(from)sから%(until)sまでの間にありません。次は%(next)sです。"
    ),
    "late": gettext_lazy(
        "%(by)sまでに終わる必要がありますが、%(last)sまでかかる見込みです。%(days)s開庁日の遅れです。"
    ),
    "misses": gettext_lazy(
        "この日程で策定できるのは、早くて%(adopted_on)sです。策定の月を%(days)s開庁日過ぎます。"
    ),
    "begins_past": gettext_lazy("始める日（%(first)s）が過ぎています。"),
    "too_early": gettext_lazy(
        "「%(stage)s」が終わるのを待つと、始められるのは%(possible)s以後です（間に%(lead)s開庁日）。"
    ),
    "too_late": gettext_lazy("策定の月に間に合うのは%(by)sまでです。%(days)s開庁日遅れています。"),
    "closed": gettext_lazy("%(day)sは閉庁日です。"),
    "not_regular": gettext_lazy("定例日（%(regular)s）ではありません。次の定例日は%(next)sです。"),
    "short": gettext_lazy(
        "%(has)s開庁日しかありません。標準は%(needs)s開庁日です。短くするには理由が要ります。"
    ),
    "short_comment": gettext_lazy(
        "募集の期間が%(has)s日しかありません。%(needs)s日以上が必要です（初日を数えます）。"
        "短くするには、公表する理由が要ります。"
    ),
    "new_year": gettext_lazy("募集の期間が年末年始の閉庁日（%(days)s）にかかります。"),
}


def reason_words(reason: Reason, names: Names) -> str:
    return REASONS[reason.rule] % _said(reason.values, names)


def ready_words(reason: Reason) -> str:
    return READY[reason.rule] % _said(reason.values, {})


def warning_words(warned: Warned, names: Names) -> str:
    text = WARNINGS[warned.rule] % _said(warned.values, names)
    return _("「%(stage)s」：%(text)s") % {"stage": names[warned.key], "text": text}


def _said(values: Mapping[str, Any], names: Names) -> dict[str, Any]:
    named: dict[str, Callable[[Any], str]] = {"stage": lambda key: names[key], "days": _days}
    return {key: named.get(key, _plain)(value) for key, value in values.items()}


def _days(value: Any) -> str:
    return _("%d日間") % len(value) if isinstance(value, list) else str(value)


def _plain(value: Any) -> str:
    if isinstance(value, Regular):
        return words_of(value)
    return day_words(value) if hasattr(value, "isoformat") else str(value)
