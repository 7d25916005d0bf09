"""How many statements a piece of work takes; the transaction's own brackets aside."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext

BRACKETS = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK")
REWINDS = "SELECT SETVAL"  # tests/pristine.py, before the first write of a test


@contextmanager
def at_most(limit: int) -> Iterator[None]:
    with CaptureQueriesContext(connection) as captured:
        yield
    made = [q["sql"] for q in captured if not q["sql"].upper().startswith((*BRACKETS, REWINDS))]
    assert len(made) <= limit, f"{len(made)} statements, not {limit}:\n" + "\n".join(made)
