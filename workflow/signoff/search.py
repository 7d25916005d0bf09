"""Words are found in either width: ＡＢＣ is ABC, ｼｽﾃﾑ is システム."""

import unicodedata
from typing import Any, TypeVar, cast

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Case, CharField, Func, Model, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Concat

M = TypeVar("M", bound=Model)


def plain(text: str) -> str:
    """Return the text in NFKC and small letters."""
    return unicodedata.normalize("NFKC", text).lower()


class Plain(Func):
    """plain() in the database; SQLite is taught it by teach()."""

    function = "kaitei_plain"
    arity = 1
    output_field = CharField()

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        return self.as_sql(
            compiler, connection, template="lower(normalize(%(expressions)s, NFKC))", **more
        )


def teach(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    if connection.vendor == "sqlite":
        connection.connection.create_function("kaitei_plain", 1, plain, deterministic=True)


def having(rows: QuerySet[M], words: str, *places: Combinable | Case) -> QuerySet[M]:
    """Return the rows that have each of the words in one of the places.

    places  texts, which may be null
    """
    asked = plain(words).split()
    if not asked:
        return rows
    told = [part for place in places for part in (Coalesce(place, Value("")), Value("\n"))]
    found = rows.alias(told=Plain(Concat(*told, output_field=CharField())))
    for word in asked:
        found = found.filter(told__contains=word)
    return cast(QuerySet[M], found)
