"""One transaction, in which writes are collected and written at its end.

Whatever is read in between sees them: pending writes go out before any other statement, unless it
only reads and names none of their tables.
"""

import re
from collections.abc import Callable, Sequence
from functools import wraps
from threading import local
from types import TracebackType
from typing import Any, ParamSpec, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections, models, transaction

from workflow.ledger.pending import Pending
from workflow.ledger.write import next_keys, write

P = ParamSpec("P")
R = TypeVar("R")

BATCH = 500
"""Rows a statement, at most."""

_now = local()


def command(act: Callable[P, R]) -> Callable[P, R]:
    """Run `act` in a transaction of its own, with its writes in one statement at the end.

    raises  RuntimeError inside another transaction
    """

    @wraps(act)
    def in_transaction(*args: P.args, **kwargs: P.kwargs) -> R:
        with _Command():
            return act(*args, **kwargs)

    return in_transaction


def move(row: models.Model) -> None:
    """Write a row that exists, as it is now."""
    _collect(Pending.move, row)


def add(row: models.Model) -> None:
    """Write a new row; it may refer to another new one by its foreign key."""
    _collect(Pending.add, row)


def number(rows: Sequence[models.Model]) -> None:
    """Give new rows of one table their primary keys before add(), for what tells of them by it."""
    table = type(rows[0])
    pending: Pending | None = getattr(_now, "pending", None)
    if pending and table in pending.added:
        flush()
    for row, key in zip(rows, next_keys(table, len(rows)), strict=True):
        row.pk = key


def flush() -> None:
    """Write what is pending now."""
    pending: Pending | None = getattr(_now, "pending", None)
    if pending:
        taken = pending.take()
        try:
            write(taken)
        except BaseException:
            pending.take()
            raise


def require_transaction(what: str) -> None:
    if not connection.in_atomic_block:
        raise RuntimeError(f"{what}() belongs inside a command")


def _collect(put: Callable[[Pending, models.Model], None], row: models.Model) -> None:
    """Outside a command, what would be collected is written at once."""
    pending: Pending | None = getattr(_now, "pending", None)
    if pending is None:
        alone = Pending()
        put(alone, row)
        write(alone)
        return
    put(pending, row)
    if pending.count >= BATCH:
        flush()


class _Command:
    def __enter__(self) -> None:
        self._atomic = transaction.atomic(durable=True)
        self._atomic.__enter__()
        self._wrappers = connections[DEFAULT_DB_ALIAS].execute_wrappers
        self._wrappers.insert(0, _flush_first)  # outermost: what others watch comes in order
        _now.pending = Pending()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if error is not None:
                self._close()
                self._atomic.__exit__(kind, error, trace)
                return
            try:
                flush()
            except BaseException as failed:
                self._close()
                self._atomic.__exit__(type(failed), failed, failed.__traceback__)
                raise
            self._close()
            self._atomic.__exit__(None, None, None)
        finally:
            self._close()

    def _close(self) -> None:
        """Collect no more. What was pending when the act failed is forgotten."""
        _now.pending = None
        if _flush_first in self._wrappers:
            self._wrappers.remove(_flush_first)


def _flush_first(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    if not _reads_past(sql):
        flush()
    return execute(sql, params, many, context)


def _reads_past(sql: str) -> bool:
    pending: Pending = _now.pending
    named = (re.search(rf"\b{name}\b", sql) for name in pending.names)
    return sql.startswith("SELECT") and not any(named)
