"""What a notice tells besides what happened, and what each is called."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from notifications.days import days_words
from notifications.urgency import day_of
from workflow.deadline.days import day_words
from workflow.models import OutboxEvent

FACTS = {  # in the order in which they are told
    "section": _("課"),
    "giver": _("転送した課"),
    "taker": _("転送を受けた課"),
    "vacant": _("欠員の職"),
    "other": _("共管の課"),
    "stage": _("段階"),
    "new_days": _("新しい日程"),
    "body": _("会議体"),
    "name": _("個別事業"),
    "number": _("意見の番号"),
    "since_on": _("始まり"),
    "until_on": _("終わり"),
    "posts": _("いまの職"),
    "waiting": _("決裁待ちの件数"),
    "held_on": _("開催日"),
    "starts_at": _("開始時刻"),
    "place": _("場所"),
    "first_on": _("募集の始まり"),
    "last_on": _("募集の終わり"),
    "decided": _("回答のとおりにせず、事務局が決めたところ"),
    "was_due_on": _("前の期限"),
    "due_on": _("期限"),
    "whole_on": _("照会の期限"),
    "wanted_on": _("申し出のあった期限"),
    "reason": _("理由"),
    "why": _("お知らせする理由"),
}


HOLDER = _("担当")
"""Whose a deadline is: a section, or a post."""
TITLE, POST = _("件名"), _("職")


def title_label(event: OutboxEvent) -> str:
    """What kind of thing the title names."""
    return str(POST if event.kind.startswith("people.absence") else TITLE)


def told(event: OutboxEvent, facts: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (label, words) of the facts that are told, `facts` being those of the moment."""
    for key, label in (FACTS | _labels(event)).items():
        if value := facts.get(key):
            yield str(label), _in_words(key, value)


def _labels(event: OutboxEvent) -> dict[str, Any]:
    """Return what is called otherwise: by whose day it is, of a tier or of the whole inquiry."""
    area = event.kind.partition(".")[0]
    found = {"section": HOLDER} if area == "deadline" else {}
    if tier := event.facts.get("due_of"):
        return found | {"due_on": gettext("%sの期限") % tier}
    whole = area == "inquiry" and "whole_on" not in event.facts
    return found | ({"due_on": FACTS["whole_on"]} if whole else {})


def _in_words(key: str, value: Any) -> str:
    if key == "new_days":
        return days_words(value)
    day = day_of(value) if key.endswith("_on") else None
    return day_words(day) if day else str(value)
