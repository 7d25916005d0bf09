"""What a browser sends of a form as it stands."""

from typing import Any

from revisions.plan.forms import SheetForm


def posted(form: SheetForm) -> dict[str, str]:
    members: list[Any] = [form]
    for rows in form.rows.values():
        members += [rows.management_form, *rows.forms]
    values = {bound.html_name: bound.value() for member in members for bound in member}
    return {
        name: "on" if value is True else str(value).replace("\n", "\r\n")
        for name, value in values.items()
        if value is not None and value is not False
    }
