"""The floor that `make bench` measures against does what the command does, no less and no more."""

from collections.abc import Callable, Sequence
from typing import Any

import psycopg
import pytest
from django.db import connection

from benchmarks import floor
from benchmarks.floor import Refused, Text, Written, record
from benchmarks.ours.samples import Sample, line, place, sampled_line, sampled_stage
from benchmarks.ours.work import requests, stages
from tests.factories import user
from workflow.models import Appointment, Request


@pytest.fixture
def write(city: None) -> Callable[[Sequence[Text]], None]:
    """The floor's own way of writing, inside the test's transaction."""

    def do(statements: Sequence[Text]) -> None:
        connection.ensure_connection()
        if connection.vendor == "postgresql":
            floor.write_postgres(psycopg.Cursor(connection.connection), statements)
        elif not floor.put(connection.connection.cursor(), statements):
            raise Refused

    return do


def seen(written: list[Written], where: Sample, new: dict[Any, str]) -> list[Any]:
    """Put what was written in words that are the same for any request."""
    names = {row: f"row {number}" for number, row in enumerate(where.rows)} | new

    def said(w: Written, column: str, value: Any) -> Any:
        for number, word in enumerate(where.words):
            value = value.replace(word, f"word {number}") if isinstance(value, str) else value
        row = floor.referred(w.table, column, value)
        return names.get(row, value) if row else value

    found = [
        (
            w.table,
            names.get((w.table, w.pk), "new"),
            {c: v for c, v in (w.before or {}).items() if c != "chain_head"},
            {column: said(w, column, value) for column, value in w.after.items()},
        )
        for w in written
    ]  # PostgreSQL inserts what one statement says in whatever order
    return sorted(found, key=lambda one: (one[0].__name__, one[1], one[3].get("verb", "")))


def new_rows(written: list[Written]) -> dict[Any, str]:
    return {(w.table, w.pk): f"new {w.table.__name__}" for w in written if w.before is None}


def assert_same(sample: Sample, turn: int, twin: Sample, written: list[Written]) -> None:
    commands = list(sample.floors[turn].written)
    pairs = zip(
        seen(written, twin, new_rows(written)),
        seen(commands, sample, new_rows(commands)),
        strict=True,
    )
    for (*place_, ours), (*theirs_, theirs) in pairs:
        assert place_ == theirs_
        differing = {
            c: (ours[c], theirs[c]) for c in ours.keys() & theirs.keys() if ours[c] != theirs[c]
        }
        assert (ours.keys(), differing) == (theirs.keys(), {})


def test_it_writes_the_rows_of_approve(write: Callable[[Sequence[Text]], None]) -> None:
    sample = sampled_line()
    ((request, steps),) = requests(1)
    twin = line(request, steps)
    for turn in range(len(steps)):
        statements = sample.on(twin, turn)
        assert_same(sample, turn, twin, record(lambda s=statements: write(s)))
        assert record(lambda s=statements: refused(write, s)) == []  # the second click
    assert Request.objects.get(pk=request.pk).state == "decided"


def test_it_writes_the_rows_of_conclude(write: Callable[[Sequence[Text]], None]) -> None:
    sample = sampled_stage()
    (stage,) = stages(1)
    twin = place(stage)
    statements = sample.on(twin)
    assert_same(sample, 0, twin, record(lambda: write(statements)))
    assert record(lambda: refused(write, statements)) == []


def test_it_refuses_who_may_not(write: Callable[[Sequence[Text]], None]) -> None:
    sample = sampled_line()
    ((request, steps),) = requests(1)
    Appointment.objects.filter(post=steps[0].post_id).update(user=user("kansa"))
    statements = sample.on(line(request, steps))
    assert record(lambda: refused(write, statements)) == []


def refused(write: Callable[[Sequence[Text]], None], statements: Sequence[Text]) -> None:
    with pytest.raises(Refused):
        write(statements)
