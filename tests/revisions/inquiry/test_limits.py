"""A draft takes what its form takes, and no more."""

from collections.abc import Iterator

import pytest

from revisions.inquiry.forms import WhyForm
from revisions.inquiry.limits import too_long
from revisions.plan.forms import SheetForm
from tests.revisions.drafts import running_revision

pytestmark = pytest.mark.django_db


def fields() -> Iterator[tuple[str, str, int]]:
    """Yield (field or table, column, its longest text) of everything that can be written."""
    form = SheetForm(plan=running_revision().plan)
    for part in (form, WhyForm(places=None)):
        for name, field in part.fields.items():
            if limit := getattr(field, "max_length", None):
                yield name, "", limit
    for table, rows in form.rows.items():
        for name, field in rows.forms[0].fields.items():
            if limit := getattr(field, "max_length", None):
                yield table, name, limit


def test_the_limits_are_those_of_the_form(city: None) -> None:
    found = list(fields())
    assert {name for name, *_rest in found} >= {"name", "overview", "reason", "lead", "actions"}
    for name, column, limit in found:
        for length, is_long in ((limit, False), (limit + 1, True)):
            text = "長" * length
            field = f"{name}/1f3ac0de/{column}" if column else name
            assert (name in too_long({field: text})) is is_long, (name, column, length)
