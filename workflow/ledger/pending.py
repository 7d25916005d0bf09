"""Rows that wait to be written."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

from django.db import models

Table = type[models.Model]
Column = Any
Key = Any
"""Django's own types of fields say less than mypy asks for."""
Values = dict[str, Any]


class Reference(NamedTuple):
    """A new row whose foreign key is another new row: both by their number in their table."""

    table: Table
    number: int
    field: Key
    to: int


@dataclass
class Pending:
    """What was moved and added, by table; a row moved twice is written once, as it was last.

    count  rows given since it was begun
    new    id() of the rows added: one that moves before it is written is written as it is then
    """

    moved: dict[Table, dict[Any, Values]] = field(default_factory=dict)
    added: dict[Table, list[models.Model]] = field(default_factory=dict)
    count: int = 0
    new: set[int] = field(default_factory=set)

    def __bool__(self) -> bool:
        return self.count > 0

    def move(self, row: models.Model) -> None:
        if row.pk is None:
            raise ValueError("a row that moves exists already")
        if id(row) in self.new:
            return
        self.moved.setdefault(type(row), {})[row.pk] = values(row)
        self.count += 1

    def add(self, row: models.Model) -> None:
        self.added.setdefault(type(row), []).append(row)
        self.new.add(id(row))
        self.count += 1

    @property
    def names(self) -> set[str]:
        return {table._meta.db_table for table in (*self.moved, *self.added)}

    def take(self) -> Pending:
        """Return what is pending and begin anew."""
        taken = Pending(self.moved, self.added, self.count, self.new)
        self.moved, self.added, self.count, self.new = {}, {}, 0, set()
        return taken

    def numbered(self) -> frozenset[Table]:
        """Return the tables whose new rows have their keys already: all of them, or none.

        raises  ValueError for a table of both
        """
        found = {table: {row.pk is not None for row in rows} for table, rows in self.added.items()}
        if any(len(both) > 1 for both in found.values()):
            raise ValueError("the new rows of a table are all numbered before, or none of them")
        return frozenset(table for table, has_keys in found.items() if True in has_keys)

    def references(self) -> list[Reference]:
        found = []
        for table, rows in self.added.items():
            for key in _foreign_keys(table):
                others = self.added.get(key.related_model, ())
                numbers = {id(other): number for number, other in enumerate(others)}
                for number, row in enumerate(rows) if others else ():
                    other = row._state.fields_cache.get(key.name)
                    if other is not None and other.pk is None:
                        found.append(Reference(table, number, key, numbers[id(other)]))
        return found


def values(row: models.Model) -> Values:
    """Return what the columns of a row hold at this moment, its primary key aside."""
    held = row.__dict__
    return {column: held[name] for name, column in _names(type(row))}


@cache
def columns(table: Table) -> tuple[Column, ...]:
    """Return the fields of a table that are columns, its primary key aside."""
    return tuple(f for f in table._meta.concrete_fields if not f.primary_key)


@cache
def _names(table: Table) -> tuple[tuple[str, str], ...]:
    return tuple((f.attname, f.column) for f in columns(table))


@cache
def _foreign_keys(table: Table) -> tuple[Key, ...]:
    return tuple(f for f in columns(table) if isinstance(f, models.ForeignKey))
