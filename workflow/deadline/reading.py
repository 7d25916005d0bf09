"""期限の画面を読む: who has it, by when, how it stands; never what it is about."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from workflow.audit.queries import history_of
from workflow.deadline.models import Deadline
from workflow.deadline.parts_remind import TELLING
from workflow.people.models import Post, Section, User
from workflow.people.queries import group_names, holders_now
from workflow.people.states import UserKind


@dataclass(frozen=True)
class Holder:
    """Whoever is asked, and how to ring them up.

    people  who holds the post on the day; nobody by name where a whole section or a body is asked
    """

    name: str
    section: Section | None
    people: list[str]


def holder_of(deadline: Any, on: date) -> Holder:
    """deadline  with `whose`"""
    post = Post.objects.filter(group=deadline.group_id).select_related("section__department")
    if held := post.first():
        return Holder(deadline.whose, held.section, holders_now(on, [held.pk]).get(held.pk, []))
    sections = Section.objects.filter(group=deadline.group_id).select_related("department")
    return Holder(deadline.whose, sections.first(), [])


def opens_it(user: User, deadline: Deadline) -> bool:
    """Tell whether the user may open what it is about: who is asked, who waits for it, auditors."""
    if user.kind == UserKind.AUDITOR:
        return True
    theirs = {deadline.group_id, deadline.asked_by_id}
    return not theirs.isdisjoint(user.groups.values_list("pk", flat=True))


def history(deadline: Deadline) -> list[dict[str, Any]]:
    """Return its entries, newest first, with whom it told or went to."""
    entries = history_of(deadline.key)
    names = group_names({e["facts"]["group"] for e in entries if "group" in e["facts"]})
    return [entry | {"what": _what(entry, names)} for entry in entries]


def _what(entry: dict[str, Any], names: dict[int, str]) -> str:
    facts = entry["facts"]
    if entry["verb"] in TELLING:
        return _("知らせた先：%s") % facts["to"]
    whose = names.get(facts.get("group", 0))
    return _("移した先：%s") % whose if whose else ""
