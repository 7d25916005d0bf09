"""The table of two versions, made and drawn once: as revisions/plan/leaves.py, by frozen bytes."""

import json
from functools import lru_cache
from typing import NamedTuple

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from revisions.documents.table import COLUMNS, Group, Reason, comparison_table
from revisions.plan.leaves import KEPT, changes_between


class Asked(NamedTuple):
    """What a table is made from, by which it is kept; as comparison_table says.

    old, new  contents of versions
    """

    old: str
    new: str
    reasons: tuple[tuple[str, tuple[Reason, ...]], ...]
    scope: str
    sections: tuple[str, ...] | None


@lru_cache(maxsize=KEPT)
def groups_of(asked: Asked) -> tuple[Group, ...]:
    old, new = json.loads(asked.old), json.loads(asked.new)
    return tuple(
        comparison_table(
            old,
            new,
            changes_between(old, new),
            reasons=dict(asked.reasons),
            scope=asked.scope,
            sections=asked.sections,
        )
    )


def drawn(asked: Asked) -> SafeString:
    """Draw the rows by documents/rows.html; "" where nothing changed."""
    return _drawn(asked, get_language() or "")


@lru_cache(maxsize=KEPT)
def _drawn(asked: Asked, language: str) -> SafeString:
    groups = groups_of(asked)
    context = {"groups": groups, "columns": COLUMNS}
    return render_to_string("documents/rows.html", context) if groups else SafeString("")
