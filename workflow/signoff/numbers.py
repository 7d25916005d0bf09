"""文書番号: dense within a symbol and a fiscal year. Usable only inside a command."""

from collections.abc import Iterable
from operator import itemgetter

from django.db import connection

from workflow.deadline.era import fiscal_year
from workflow.signoff.models import Request

_NEXT = (
    "INSERT INTO workflow_documentseries (symbol, fiscal_year, last) VALUES (%s, %s, %s)"
    " ON CONFLICT (symbol, fiscal_year)"
    " DO UPDATE SET last = workflow_documentseries.last + excluded.last"
    " RETURNING last"
)
"""Begins a series or goes on with it, and locks its row until the end of the transaction: what is
rolled back gives its number back, and who comes next waits for it. The last lock to take."""


def give_numbers(requests: Iterable[Request]) -> None:
    """Number requests that are decided in this transaction; without a symbol they get none.

    One statement a series, always in the same order.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a number belongs to the transaction that decides")
    series: dict[tuple[str, int], list[Request]] = {}
    for request in requests:
        if request.decided_on is not None and request.symbol:
            key = request.symbol, fiscal_year(request.decided_on)
            series.setdefault(key, []).append(request)
    for (symbol, year), members in sorted(series.items(), key=itemgetter(0)):
        with connection.cursor() as cursor:
            cursor.execute(_NEXT, [symbol, year, len(members)])
            (last,) = cursor.fetchone()
        for number, request in enumerate(members, last - len(members) + 1):
            request.document_year, request.document_number = year, number


def give_number(request: Request) -> None:
    give_numbers([request])
