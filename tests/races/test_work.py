"""Two people at the same thing at the same instant: one act, one clear refusal, one entry."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django_fsm import TransitionNotAllowed

from revisions.cycle import commands as cycle
from revisions.inquiry import commands_answer as answers
from revisions.inquiry.commands_accept import accept
from revisions.meeting import commands as meetings
from revisions.models import InquiryTarget, Opinion, Revision
from revisions.opinion import commands as opinion
from revisions.plan import commands as plan
from revisions.plan.queries import fingerprint
from tests.factories import NOON, user
from tests.revisions.cycle import paths
from tests.revisions.drafts import open_stage, running_revision
from tests.revisions.inquiry import walk
from tests.revisions.opinion.test_commands import receive as walk_opinion
from workflow.audit.verify import verify
from workflow.errors import Refused
from workflow.models import AuditEntry, OutboxEvent, Stage
from workflow.signoff import commands as signoff

pytestmark = pytest.mark.django_db(transaction=True)

Together = Callable[..., list[Any]]


def once(results: list[Any]) -> None:
    """Assert that one act was done, the other refused in so many words."""
    errors = [r for r in results if isinstance(r, Exception)]
    assert len(errors) == len(results) - 1, results
    assert all(isinstance(e, Refused | TransitionNotAllowed) for e in errors), errors


def counted() -> tuple[int, int]:
    return AuditEntry.objects.count(), OutboxEvent.objects.count()


def test_a_stage_opens_once(city: None, together: Together) -> None:
    revision = paths.start()
    stage, by = paths.path(revision)[0], user("joho-tanto")
    entries, events = counted()

    def click() -> Any:
        return cycle.open_stage(stage_id=stage.pk, by=by, at=NOON)

    once(together(click, click))
    of_its_deadlines = 2  # that it begins is met; that it ends is set
    assert counted() == (entries + 1 + of_its_deadlines, events + 1)
    assert Stage.objects.get(pk=stage.pk).state == "open"


def test_a_stage_is_concluded_or_sent_back_never_both(city: None, together: Together) -> None:
    revision, first, stage = paths.two_reports()
    by = user("joho-tanto")
    cycle.open_stage(stage_id=stage.pk, by=by, at=NOON)
    once(
        together(
            lambda: cycle.conclude_stage(stage_id=stage.pk, outcome="reported", by=by, at=NOON),
            lambda: cycle.send_back_stage(
                stage_id=stage.pk, to_stage_id=first.pk, reason="再検討", by=by, at=NOON
            ),
        )
    )
    reruns = Stage.objects.filter(case=revision.case, rerun_of__isnull=False).count()
    assert (Stage.objects.get(pk=stage.pk).state == "sent_back") == (reruns > 0)
    assert verify().findings == []


def test_one_running_revision_a_plan(city: None, together: Together) -> None:
    plan = paths.plan()

    def start() -> Any:
        return paths.start(plan_id=plan.pk)

    once(together(start, start))
    assert Revision.objects.filter(plan=plan).count() == 1


def test_two_colleagues_take_an_inquiry_once(city: None, together: Together) -> None:
    target = walk.target_at("pending_receipt")
    entries, _events = counted()
    once(
        together(
            *(
                lambda name=name: answers.receive(target_id=target.pk, by=user(name), at=NOON)
                for name in ("koho-tanto", "koho-kacho")
            )
        )
    )
    assert counted()[0] == entries + 2  # the answer's, and its deadline's


@pytest.mark.parametrize("_again", range(3))
def test_approve_and_pull_back_of_an_answer_exclude_each_other(
    city: None, together: Together, _again: int
) -> None:
    target = walk.target_at("in_review")
    step, chief, staff = walk.step_of(target), user("koho-kacho"), user("koho-tanto")
    once(
        together(
            lambda: signoff.approve(step_id=step.pk, by=chief, at=NOON),
            lambda: signoff.pull_back(request_id=step.request_id, by=staff, at=NOON),
        )
    )
    assert InquiryTarget.objects.get(pk=target.pk).state in ("answered", "received")


def test_an_answer_is_accepted_once(city: None, together: Together) -> None:
    target = walk.target_at("answered")
    by = user("joho-tanto")

    def click() -> Any:
        return accept(target_id=target.pk, by=by, at=NOON)

    entries, _events = counted()
    once(together(click, click))
    assert InquiryTarget.objects.get(pk=target.pk).state == "accepted"
    assert verify().findings == []
    assert counted()[0] > entries


def test_sections_answer_side_by_side_without_waiting_or_losing(
    city: None, together: Together
) -> None:
    codes = ["koho", "jinji", "kokuho", "nogyo", "toshokan", "bosai", "hoiku", "giji"]
    issued = walk.issued(*codes)

    def work(code: str) -> Any:
        target = walk.target_of(issued, code)
        by = user(f"{code}-tanto")
        answers.receive(target_id=target.pk, by=by, at=NOON)
        answers.answer_all_unchanged(target_id=target.pk, by=by, at=NOON)
        sent = answers.submit(target_id=target.pk, by=by, at=NOON)
        step = sent.request.steps.get()
        return signoff.approve(step_id=step.pk, by=user(f"{code}-kacho"), at=NOON)

    results = together(*(lambda code=code: work(code) for code in codes))
    assert [r for r in results if isinstance(r, Exception)] == []
    states = set(issued.targets.values_list("state", flat=True))
    assert states == {"answered"}
    assert verify().findings == []


def test_more_time_and_the_end_of_a_stage_do_not_wait_for_each_other(
    city: None, together: Together
) -> None:
    """Both lock the target before its deadline."""
    by, revision = user("joho-tanto"), running_revision()
    for _ in range(5):
        target = walk.target_of(walk.issued("koho", "jinji", "bosai", "giji", revision=revision))
        for step in walk.PATHS["in_review"]:
            step(target)
        stage_id = target.inquiry.stage_id
        extended, cancelled = together(
            lambda target=target: walk.extend(target),
            lambda stage_id=stage_id: cycle.cancel_stage(
                stage_id=stage_id, reason="やり直し", by=by, at=NOON
            ),
        )
        assert not isinstance(cancelled, Exception), cancelled
        assert isinstance(extended, InquiryTarget | Refused), extended
    assert verify().findings == []


def test_two_links_make_no_circle(city: None, together: Together) -> None:
    """In a circle neither opinion would be published."""
    stage, by = open_stage(running_revision()), user("joho-tanto")
    first, second = (walk_opinion(stage) for _ in range(2))

    def link(one: Opinion, other: Opinion) -> Any:
        return opinion.link_similar(opinion_id=one.pk, to_id=other.pk, by=by, at=NOON)

    once(together(lambda: link(first, second), lambda: link(second, first)))
    assert Opinion.objects.filter(similar_to=None).count() == 1


def test_a_meeting_is_planned_once(city: None, together: Together) -> None:
    revision = paths.start()
    stage, by = paths.path(revision)[1], user("joho-tanto")

    def click() -> Any:
        return meetings.plan_meeting(
            stage_id=stage.pk,
            body_id=stage.body_id,
            held_on=date(2026, 12, 10),
            title="幹事会",
            by=by,
            at=NOON,
        )

    once(together(click, click))
    assert revision.meetings.count() == 1


def test_an_opinion_is_keyed_in_once(city: None, together: Together) -> None:
    stage = open_stage(running_revision())
    entries, events = counted()

    def click() -> Any:
        return walk_opinion(stage, text="一度だけ", name="ある人")

    once(together(click, click))
    assert counted() == (entries + 1, events + 1)
    assert stage.opinions.count() == 1


def test_a_heading_is_changed_once_from_one_page(city: None, together: Together) -> None:
    revision = running_revision(kind="new_plan")
    heading = revision.policies.get(number=1)
    seen = fingerprint({"name": heading.name, "aim": ""})

    def change(name: str) -> Any:
        return plan.edit_heading(
            revision_id=revision.pk,
            place="1",
            name=name,
            reason="言い直し",
            by=user("joho-tanto"),
            at=NOON,
            seen=seen,
        )

    once(together(lambda: change("こちら"), lambda: change("あちら")))
    assert AuditEntry.objects.filter(verb="plan.heading_edited").count() == 1
