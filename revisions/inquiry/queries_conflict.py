"""食い違いを読む: where an answer meets a draft that has gone another way."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from revisions.inquiry.duties import Sheet
from revisions.inquiry.models import SheetAnswer
from revisions.inquiry.states import AnswerKind
from revisions.plan.merging import PLACE, changed_fields, field_of, merge, table_of
from revisions.plan.merging_tables import Table


@dataclass(frozen=True)
class Clash:
    """An answer that the draft, as it stands now, does not take by itself.

    draft   the sheet as it stands now; None when it was discontinued
    fields  that a person has to decide, or parts of a table (plan/merging_tables.py); ("place",) is
            whether the project stands at all
    """

    answer: SheetAnswer
    draft: Sheet | None
    fields: tuple[str, ...]

    @property
    def tables(self) -> dict[str, Table]:
        """Return the table of every part of one that is to be decided."""
        sheets = self.draft or {}, self.answer.before, self.answer.proposed
        return {name: table_of(field_of(name), *sheets) for name in self.fields if "/" in name}


def clashes_of(draft: Mapping[str, Sheet], answers: Iterable[SheetAnswer]) -> list[Clash]:
    """Return where the draft has gone another way since the section saw it.

    draft  uid → sheet
    """
    found = (Clash(a, draft.get(a.uid), _clashing(draft.get(a.uid), a)) for a in answers)
    return [clash for clash in found if clash.fields]


def _clashing(draft: Sheet | None, answer: SheetAnswer) -> tuple[str, ...]:
    if answer.kind == AnswerKind.EDIT and draft:
        return merge(draft, answer.before, answer.proposed).conflicts
    moved = draft is not None and changed_fields(draft, answer.before)
    if answer.kind == AnswerKind.EDIT or (answer.kind == AnswerKind.DISCONTINUE and moved):
        return (PLACE,)
    return ()


def clashing_words(clashes: Iterable[Clash]) -> Sheet:
    """Return the draft's side of every clash, by which a page that showed them is known."""
    return {clash.answer.uid: clash.draft for clash in clashes}
