"""設問: the secretariat asks them while it prepares an inquiry, a section answers them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from revisions.inquiry import gates, parts, parts_questions
from revisions.inquiry.models import Inquiry
from revisions.inquiry.models_questions import Question
from revisions.inquiry.policies import check_can_answer
from revisions.inquiry.queries import paper_of
from revisions.inquiry.questions import read_all
from revisions.plan.policies import check_can_steer
from workflow.audit.trail import check_seen, record
from workflow.deadline.calendar import in_tokyo
from workflow.ledger.command import command
from workflow.people.models import User


@command
def add_question(
    *, inquiry_id: int, asked: Mapping[str, Any], by: User, at: datetime, seen: int | None = None
) -> Question:
    """Ask one thing more, after the others (設問の追加).

    asked  kind, label and, if they differ from the model's: help, required, choices, columns,
           on_id, on_value
    """
    inquiry = parts.lock_inquiry(inquiry_id)  # lock
    questions = list(inquiry.questions.all())
    question = Question(inquiry=inquiry, order=len(questions) + 1, **asked)

    post = check_can_steer(by, inquiry.revision, in_tokyo(at))  # check
    check_seen(inquiry, seen)
    gates.check_questions([*questions, question])

    inquiry.ask()  # move
    question.save()

    record(  # record; nobody is asked before it goes out, so nobody is told
        "inquiry.question_added",
        inquiry,
        by=by,
        post=post,
        at=at,
        question=question.pk,
        asked=dict(asked),
    )
    return question


@command
def edit_question(
    *, question_id: int, asked: Mapping[str, Any], by: User, at: datetime, seen: int | None = None
) -> Question:
    """Ask a thing otherwise (設問の修正). asked: as of add_question()."""
    inquiry = parts.lock_inquiry(Question.objects.get(pk=question_id).inquiry_id)  # lock
    questions = list(inquiry.questions.all())
    question = next(q for q in questions if q.pk == question_id)
    for name, value in asked.items():
        setattr(question, name, value)

    post = check_can_steer(by, inquiry.revision, in_tokyo(at))  # check
    check_seen(inquiry, seen)
    gates.check_questions(questions)

    inquiry.ask()  # move
    question.save()

    record(  # record; nobody is told before it goes out
        "inquiry.question_edited",
        inquiry,
        by=by,
        post=post,
        at=at,
        question=question.pk,
        asked=dict(asked),
    )
    return question


@command
def move_question(
    *, question_id: int, to: int, by: User, at: datetime, seen: int | None = None
) -> Inquiry:
    """Let a question stand at another place (設問の順). to: 1 for the first."""
    inquiry = parts.lock_inquiry(Question.objects.get(pk=question_id).inquiry_id)  # lock
    questions = list(inquiry.questions.all())
    question = next(q for q in questions if q.pk == question_id)
    before = questions.index(question) + 1
    questions.remove(question)
    questions.insert(max(to, 1) - 1, question)

    post = check_can_steer(by, inquiry.revision, in_tokyo(at))  # check
    check_seen(inquiry, seen)
    gates.check_questions(questions)

    inquiry.ask()  # move
    parts_questions.number(questions)

    record(  # record; nobody is told before it goes out
        "inquiry.question_moved",
        inquiry,
        by=by,
        post=post,
        at=at,
        before=str(before),
        after=str(question.order),
        question=question.pk,
    )
    return inquiry


@command
def remove_question(
    *, question_id: int, by: User, at: datetime, seen: int | None = None
) -> Inquiry:
    """Ask a thing no more (設問の削除)."""
    inquiry = parts.lock_inquiry(Question.objects.get(pk=question_id).inquiry_id)  # lock
    questions = list(inquiry.questions.all())
    question = next(q for q in questions if q.pk == question_id)
    questions.remove(question)

    post = check_can_steer(by, inquiry.revision, in_tokyo(at))  # check
    check_seen(inquiry, seen)
    gates.check_questions(questions)

    inquiry.ask()  # move
    question.delete()
    parts_questions.number(questions)

    record(  # record; nobody is told before it goes out
        "inquiry.question_removed",
        inquiry,
        by=by,
        post=post,
        at=at,
        question=question_id,
        label=question.label,
    )
    return inquiry


@command
def answer_questions(
    *,
    target_id: int,
    typed: Mapping[int, Any],
    by: User,
    at: datetime,
    seen: int | None = None,
) -> dict[int, str]:
    """Answer the questions (設問への回答); return what is wrong in what was typed, by id.

    What is right is kept all the same, and in place of what is wrong what was answered before.

    typed  by id of the question, as questions.read() takes it
    """
    target = parts.lock_target(pk=target_id)  # lock
    paper = paper_of(target)
    values, wrong = read_all(paper.questions, typed, paper.values)

    post = check_can_answer(by, target, in_tokyo(at))  # check
    check_seen(target, seen)
    gates.check_running(target)

    target.write()  # move
    parts_questions.put_values(target, values, _files(typed, values, wrong))

    record(  # record; it goes nowhere before it is submitted, so nobody is told
        "inquiry.questions_answered",
        target,
        by=by,
        post=post,
        at=at,
        **parts_questions.values_told(paper, values),
    )
    return wrong


def _files(
    typed: Mapping[int, Any], values: Mapping[int, Any], wrong: Mapping[int, str]
) -> dict[int, tuple[str, bytes]]:
    """Return those of the files sent that were taken."""
    sent = {pk: given for pk, given in typed.items() if isinstance(given, tuple)}
    return {pk: given for pk, given in sent.items() if pk in values and pk not in wrong}
