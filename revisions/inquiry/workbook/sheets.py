"""A sheet of the plan as cells, and cells as what the form of a sheet is sent.

The cells are the fields of SheetForm under other names: P06/actions/0/first is its
sheet-actions-0-first. So a workbook is checked by the form, and saves what the form would.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from revisions.inquiry.duties import Sheet
from revisions.inquiry.workbook.cells import TICK, Cell, Kind, squashed, year_of
from revisions.inquiry.workbook.names import Names
from revisions.plan.cells import initial_of
from revisions.plan.content import STATUSES
from revisions.plan.forms import SheetForm
from revisions.plan.models import Plan
from workflow.deadline.era import fiscal_year_label

Texts = Mapping[str, str]
Faults = list[tuple[str, str]]
"""(key, what is wrong with it)."""

FIELDS = ("name", "status", "lead", "related", "overview", "aims", "rationale")
KINDS = {
    "name": Kind.LINE,
    "status": Kind.CHOICE,
    "lead": Kind.NAMES,
    "related": Kind.NAMES,
    "overview": Kind.PROSE,
    "aims": Kind.PROSE,
    "rationale": Kind.PROSE,
}
ACTIONS = {"text": Kind.LINE, "first": Kind.YEAR, "last": Kind.YEAR, "note": Kind.LINE}
FIRST = {"actions": "text", "indicators": "name"}
"""The column of a table where what is wrong with the whole of it is told."""


def years_of(plan: Plan) -> range:
    return range(plan.first_year, plan.last_year + 1)


def indicator_columns(plan: Plan) -> dict[str, Kind]:
    years = {f"y{year}": Kind.VALUE for year in years_of(plan)}
    return {"name": Kind.LINE, "cumulative": Kind.TICK} | years


def columns_of(table: str, plan: Plan) -> dict[str, Kind]:
    return ACTIONS if table == "actions" else indicator_columns(plan)


def texts_of(sheet: Sheet, names: Names) -> dict[str, str]:
    """Return what stands in every field and row of a sheet: overview, actions/0/first."""
    given = initial_of(sheet)
    texts = {name: str(given.get(name, "")) for name in FIELDS}
    texts["status"] = STATUSES.get(sheet["status"]) or sheet["status"]
    texts |= {name: names.text(sheet[name]) for name in ("lead", "related")}
    for table in FIRST:
        for i, row in enumerate(given[table]):
            texts |= {f"{table}/{i}/{name}": _written(name, value) for name, value in row.items()}
    return texts


def _written(name: str, value: Any) -> str:
    if value is None or value is False:
        return ""
    if name in ("first", "last"):
        return fiscal_year_label(value)
    return TICK if value is True else str(value)


def cell(key: str, kind: Kind, text: str, plan: Plan) -> Cell:
    """Return a field of a sheet with the choices that it has."""
    choices: tuple[str, ...] = ()
    if kind is Kind.CHOICE:
        choices = tuple(STATUSES.values())
    elif kind is Kind.YEAR:
        choices = tuple(map(fiscal_year_label, years_of(plan)))
    elif kind is Kind.TICK:
        choices = (TICK,)
    return Cell(key, kind, text, choices, is_required=kind is Kind.CHOICE)


def form_of(
    texts: Texts, before: Sheet | None, plan: Plan, names: Names
) -> tuple[SheetForm, Faults]:
    """Return the form as if `texts` had been typed in it, and everything wrong with them.

    texts  as `typed` gives them, by field and row as in `texts_of`
    """
    data, faults = _data(texts, names)
    form = SheetForm(data, plan=plan, sheet=before, sections=names.choices)
    if not form.is_valid():
        faults += list(_faults(form))
    return form, faults


def _data(texts: Texts, names: Names) -> tuple[dict[str, str], Faults]:
    data, faults = dict[str, str](), Faults()
    tables = defaultdict[str, dict[int, dict[str, str]]](lambda: defaultdict(dict))
    for key, text in texts.items():
        table, _slash, rest = key.partition("/")
        if rest:
            row, _slash, column = rest.partition("/")
            tables[table][int(row)][column] = text
        elif KINDS[key] is Kind.NAMES:
            rows, unknown = names.rows(text)
            tables[key] = defaultdict(dict, enumerate(rows))
            faults += [(key, _("「%s」という課は見つかりません。") % name) for name in unknown]
        else:
            data[f"sheet-{key}"] = _status(text) if key == "status" else text
    for table in ("lead", "related", *FIRST):
        found = tables[table]
        data |= {
            f"sheet-{table}-TOTAL_FORMS": str(max(found, default=-1) + 1),
            f"sheet-{table}-INITIAL_FORMS": "0",
        }
        for i, sent in found.items():
            data |= {f"sheet-{table}-{i}-{name}": _sent(name, sent[name]) for name in sent}
    return data, faults


def _status(text: str) -> str:
    return next((value for value, label in STATUSES.items() if label == squashed(text)), text)


def _sent(name: str, text: str) -> str:
    if name in ("first", "last"):
        year = year_of(text) if text else None
        return text if year is None else str(year)
    return "on" if name == "cumulative" and text else text


def _faults(form: SheetForm) -> Iterator[tuple[str, str]]:
    for field, errors in form.errors.as_data().items():
        yield field if field in KINDS else "name", told(errors)
    for table, rows in form.rows.items():
        first = f"{table}/0/{FIRST[table]}" if table in FIRST else table
        for said in rows.non_form_errors():
            yield first, str(said)
        for i, row in enumerate(rows.forms):
            for field, errors in row.errors.as_data().items():
                yield (f"{table}/{i}/{field}" if table in FIRST else table), told(errors)


def told(errors: Iterable[ValidationError]) -> str:
    """Say what is wrong with a field in one line, of an empty one as the pages do."""
    empty = _("入力してください。")
    return " ".join(
        empty if error.code == "required" else str(message)
        for error in errors
        for message in error.messages
    )
