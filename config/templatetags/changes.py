"""Filters for what was signed: its own words, compared and dated as the screens do."""

from datetime import date

from django import template

from workflow.differences import Op, text_diff

register = template.Library()


@register.filter
def compared(before: str, after: str) -> list[tuple[Op, str]]:
    """(op, text) pairs for {% diff %} and change.html."""
    return text_diff(before, after)


@register.filter
def from_iso(day: str) -> date:
    """The day that a signed text writes as 2026-12-04."""
    return date.fromisoformat(day)
