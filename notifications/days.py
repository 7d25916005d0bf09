"""Which stages have new days, in words: a line each, the others counted."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from workflow.deadline.days import period_words
from workflow.deadline.era import read_period

NAMED = 5
"""Stages that are named before the others are counted."""


def days_words(moved: Sequence[Mapping[str, str]]) -> str:
    """moved   rows of name, before and after, as dates() of a stage keeps them"""
    lines = [
        _("「%(name)s」%(before)s → %(after)s")
        % {"name": row["name"], "before": _words(row["before"]), "after": _words(row["after"])}
        for row in moved[:NAMED]
    ]
    if left := len(moved) - len(lines):
        lines.append(_("ほか%d件") % left)
    return "\n".join(lines)


def _words(kept: str) -> str:
    if not kept.strip("～"):  # entries of old have the sign alone
        return _("未定")
    first, last, month = read_period(kept)
    return period_words(first, last, month=month)
