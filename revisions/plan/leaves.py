"""Leaves of a version and of a comparison: what only depends on frozen bytes is drawn once.

A version never changes, so neither does what is drawn from its content in one language; kept in
the process by the content itself, there is nothing that could go stale.
"""

import json
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy

from revisions.plan import diff, reading
from revisions.plan.content import Content
from revisions.plan.diff import Change, plan_diff
from revisions.plan.models import PlanVersion

_TONES = {
    "added": "done",
    "edited": "active",
    "moved": "waiting",
    "renumbered": "neutral",
    "relisted": "neutral",
    "discontinued": "off",
}
KINDS = {kind: (gettext_lazy(word), _TONES[kind]) for kind, word in diff.KINDS.items()}
"""A change's word and tone."""

KEPT = 32
"""Contents, of some 100 KB each."""


def sheets_of(version: PlanVersion, template: str) -> SafeString:
    """Draw a version by a template that gets `content`, `chart`, `pages` and `dropped`."""
    return _sheets(version.content, template, get_language() or "")


def title_of(version: PlanVersion) -> str:
    return _title(version.content)


def changes_of(before: PlanVersion, after: PlanVersion) -> tuple[Change, ...]:
    """Return what happened between two versions."""
    return _changes(before.content, after.content)


def comparison(before: PlanVersion, after: PlanVersion, *, side_by_side: bool) -> SafeString:
    """Draw what happened between two versions."""
    language = get_language() or ""
    return _comparison(before.content, after.content, side_by_side, language)


def changes_between(before: Content, after: Content) -> list[Change]:
    return plan_diff(before, after, names=before["sections"] | after["sections"])


def shown(change: Change) -> dict[str, Any]:
    """A change with the pieces of its fields, for plan/changes.html."""
    label, tone = KINDS[change.kind]
    fields = [(field.label, field.pieces) for field in change.fields]
    return {"change": change, "label": label, "tone": tone, "fields": fields}


def counted(changes: Sequence[Change]) -> list[tuple[str, str, int]]:
    """Return (label, tone, how many) of every kind of change that there is."""
    found = Counter[str](change.kind for change in changes)
    return [(str(label), tone, found[kind]) for kind, (label, tone) in KINDS.items() if found[kind]]


@lru_cache(maxsize=KEPT)
def _sheets(text: str, template: str, language: str) -> SafeString:
    content = json.loads(text)
    context = {
        "content": content,
        "pages": reading.pages(content),
        "chart": reading.chart(content),
        "dropped": reading.dropped(content),
    }
    return render_to_string(template, context)


@lru_cache(maxsize=KEPT)
def _title(text: str) -> str:
    return str(json.loads(text)["plan"]["title"])


@lru_cache(maxsize=KEPT)
def _changes(before: str, after: str) -> tuple[Change, ...]:
    return tuple(changes_between(json.loads(before), json.loads(after)))


@lru_cache(maxsize=KEPT)
def _comparison(before: str, after: str, side_by_side: bool, language: str) -> SafeString:
    rows = [shown(change) for change in _changes(before, after)]
    context = {"changes": rows, "side_by_side": side_by_side}
    return render_to_string("plan/compare_changes.html", context)
