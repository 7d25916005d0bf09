"""進捗のボードの「事業ごと」を読む: what each lead of each sheet answers."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.fields.json import KT

from revisions.inquiry.models import Inquiry, InquiryTarget, SheetAnswer
from revisions.inquiry.states import AnswerKind
from workflow.people.models import Department, Section


class Addition(NamedTuple):
    """A project that a section would have added. place: of the program, 1-2."""

    target: int
    place: str
    name: str


class Said(NamedTuple):
    """What another lead says of an answer of that kind (共管の同意). agrees: None for nothing."""

    kind: str
    agrees: bool | None


@dataclass(frozen=True)
class SheetAnswers:
    """Of an inquiry: (uid, target id) → kind of answer; → what another lead says of it, where it
    is to speak; and what is to be added, by place."""

    kinds: dict[tuple[str, int], str] = field(default_factory=dict)
    said: dict[tuple[str, int], Said] = field(default_factory=dict)
    additions: list[Addition] = field(default_factory=list)


def sheet_answers(inquiry: Inquiry) -> SheetAnswers:
    """In one statement; an answer has a row for each of its other leads."""
    answers = SheetAnswer.objects.filter(target__inquiry=inquiry).order_by("place", "pk")
    given = answers.annotate(called=KT("proposed__name"))
    found, named = SheetAnswers(), ("consents__target", "consents__agrees")
    for uid, target, kind, place, name, other, agrees in given.values_list(
        "uid", "target", "kind", "place", "called", *named
    ):
        if other and (agrees is not None or kind != AnswerKind.UNCHANGED):
            found.said[uid, other] = Said(kind, agrees)
        if kind == AnswerKind.ADD and (uid, target) not in found.kinds:
            found.additions.append(Addition(target, place, name))
        found.kinds[uid, target] = kind
    return found


def leading(targets: QuerySet[InquiryTarget], codes: Collection[str]) -> QuerySet[InquiryTarget]:
    """Return the addressees that lead a sheet, and those that would add one."""
    adding = SheetAnswer.objects.filter(target=OuterRef("pk"), kind=AnswerKind.ADD)
    asked = targets.filter(Q(section__code__in=codes) | Exists(adding))
    return asked.select_related("section__department")


def departments_of(codes: Collection[str]) -> dict[str, Department]:
    """Return section's code → its department."""
    sections = Section.objects.filter(code__in=codes).select_related("department")
    return {section.code: section.department for section in sections}
