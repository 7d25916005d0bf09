"""Writes of questions and of what is answered. Usable only inside a command."""

from collections.abc import Mapping, Sequence
from typing import Any

from revisions.inquiry.models import InquiryTarget
from revisions.inquiry.models_questions import AnswerFile, Question, QuestionAnswer
from revisions.inquiry.queries import Paper
from revisions.inquiry.questions import Value
from workflow.audit.chain import canonical, digest


def number(questions: Sequence[Question]) -> None:
    """Let questions stand in this order."""
    for order, question in enumerate(questions, 1):
        question.order = order
    Question.objects.bulk_update(questions, ["order"])


def values_told(paper: Paper, values: Mapping[int, Value]) -> dict[str, Any]:
    """Return what the audit keeps of answers that take the place of those on a paper."""
    return {
        "questions": sorted(pk for pk in values if values[pk] != paper.values.get(pk)),
        "taken_back": sorted(pk for pk in paper.values if pk not in values),
        "values": digest(canonical([[pk, values[pk]] for pk in sorted(values)])),
    }


def put_values(
    target: InquiryTarget, values: Mapping[int, Value], files: Mapping[int, tuple[str, bytes]]
) -> None:
    """Let a section's answers be these, by id of the question; the others are taken back."""
    target.question_answers.exclude(question__in=values).delete()
    QuestionAnswer.objects.bulk_create(
        [QuestionAnswer(target=target, question_id=pk, value=v) for pk, v in values.items()],
        update_conflicts=True,
        unique_fields=["target", "question"],
        update_fields=["value"],
    )
    for pk, (_name, body) in files.items():
        facts: dict[str, Any] = dict(values[pk])
        AnswerFile.objects.get_or_create(
            target=target,
            sha256=facts["sha256"],
            defaults={"name": facts["name"], "media_type": facts["media_type"], "body": body},
        )
