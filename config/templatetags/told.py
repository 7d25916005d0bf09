"""経過 in words: who did what, for whom, and what it moved."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _

from config.templatetags.tones import tone_of
from config.templatetags.verbs import VERBS
from notifications.days import days_words
from revisions.inquiry.decided import decided_words
from workflow.deadline.days import day_words, period_words
from workflow.deadline.era import read_period
from workflow.people.states import DeputyKind

Entry = Mapping[str, Any]

NAMED = 3
"""People that are named before the others are counted."""

FIELDS = {"meeting.minutes": "minutes_state"}
"""Verbs that move another field than the state of their subject."""


def told(entry: Entry) -> dict[str, Any]:
    """Return an audit entry as parts/history.html shows it."""
    return {
        "at": entry["at"],
        "who": _who(entry),
        "did": _did(entry),
        "tone": tone_of(entry["verb"].rpartition(".")[2]),
        "what": _what(entry),
        "changed": _change_of(entry),
        "said": entry.get("reason", ""),
        "url": entry.get("url", ""),
        "link": _("この記録だけを見る"),
    }


def _did(entry: Entry) -> str:
    verb = entry["verb"]
    if verb == "signoff.decided" and _passed_over(entry):
        return _("引き上げて決裁しました")
    if verb == "signoff.concurred" and entry.get("reason"):
        return _("合議に意見を付けて同意しました")
    return str(VERBS.get(verb, verb))


def _what(entry: Entry) -> str:
    """Return what it is about, where neither its subject nor its verb says so."""
    return (
        entry.get("what")
        or _passed_over(entry)
        or _sent_to(entry)
        or _moved(entry)
        or _new_days(entry)
        or _decided(entry)
    )


def _passed_over(entry: Entry) -> str:
    """Whom a 引き上げ承認 did not wait for."""
    names = _facts(entry).get("passed_over")
    return _("飛ばした欄：%s") % "、".join(names) if names else ""


def _sent_to(entry: Entry) -> str:
    """To whose box a 差戻し went, where that is not the drafter's."""
    name = _facts(entry).get("to_post")
    return _("差戻し先：%s") % name if name else ""


def _decided(entry: Entry) -> str:
    """Of which words of an answer the secretariat took others."""
    answers = _facts(entry).get("answers") if entry["verb"] == "inquiry.accepted" else None
    words = decided_words(answers or [])
    return _("事務局が決めた言葉：%s") % words if words else ""


def _moved(entry: Entry) -> str:
    """Whom a 人事異動 was prepared for."""
    if not entry["verb"].startswith("transfer.line"):
        return ""
    names = list(dict.fromkeys(line["user"] for line in _facts(entry)["lines"]))
    told, left = "、".join(names[:NAMED]), len(names) - NAMED
    return _("%(names)sほか%(n)d人") % {"names": told, "n": left} if left > 0 else told


def _new_days(entry: Entry) -> str:
    """Which stages had their days changed, on the record of their revision."""
    if entry["verb"] != "revision.scheduled":
        return ""
    return days_words(_facts(entry).get("days", [])).replace("\n", "、")


def _who(entry: Entry) -> str:
    """The post and the person; once, where an account is named by its post."""
    post, name = (entry[key]["name"] if entry.get(key) else "" for key in ("post", "by"))
    who = name if name.startswith(post) else f"{post}　{name}".strip()
    facts = _facts(entry)
    if not facts.get("acting_as"):
        return who
    kind = str(DeputyKind(facts["acting_as"]).label)
    words = {"who": who, "principal": facts["for_post"]["name"], "kind": kind}
    return _("%(who)s（%(principal)sの%(kind)s）") % words


def _change_of(entry: Entry) -> tuple[str, str] | None:
    """Return before and after in the words of the state that an entry moved; None if it did not."""
    before, after = entry.get("before", ""), entry.get("after", "")
    if not before or not after or before == after:
        return None
    words = _words(entry["subject"], entry["verb"])
    return _in_words(before, words), _in_words(after, words)


def _in_words(value: str, words: Mapping[str, str]) -> str:
    """What was moved is a state, a day, or the days of a stage."""
    if value in words:
        return words[value]
    with suppress(ValueError):
        return day_words(date.fromisoformat(value))
    with suppress(ValueError):
        first, last, month = read_period(value)
        return period_words(first, last, month=month)
    return value


def _words(subject: str, verb: str) -> dict[str, str]:
    """Stages are moved on the record of their revision. What is no state has no words."""
    label = "workflow.stage" if verb.startswith("stage.") else subject.partition(":")[0]
    name = FIELDS.get(verb.partition("_")[0], "state")
    fields = {field.name: field for field in apps.get_model(label)._meta.fields}
    return {key: str(word) for key, word in fields[name].flatchoices} if name in fields else {}


def _facts(entry: Entry) -> Mapping[str, Any]:
    return entry.get("facts") or {}
