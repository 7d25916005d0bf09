"""The floors of the commands: each is done once, and its rights put as SQL."""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.floor import Floor, Of, Row, Text, record
from benchmarks.ours.work import AT, TODAY, drafter, holder, requests, stages
from revisions.cycle.commands import conclude_stage
from revisions.models import Revision
from revisions.plan.states import END
from workflow.audit.models import key_of
from workflow.models import Deadline, Request, Stage, Step, User
from workflow.signoff.commands import approve

HOLDS_THE_POST = """EXISTS (SELECT 1 FROM workflow_step s
    JOIN workflow_appointment a ON a.post_id = s.post_id
    WHERE s.id = %s AND s.state = 'active' AND a.user_id = %s
    AND a.since <= %s AND (a.until IS NULL OR a.until >= %s))"""

STEERS = """EXISTS (SELECT 1 FROM revisions_revisiongrant g
    JOIN auth_permission may ON may.id = g.permission_id AND may.codename = 'steer_revision'
    JOIN workflow_section s ON s.group_id = g.group_id
    JOIN workflow_post p ON p.section_id = s.id
    JOIN workflow_appointment a ON a.post_id = p.id
    WHERE g.content_object_id = %s AND a.user_id = %s
    AND a.since <= %s AND (a.until IS NULL OR a.until >= %s))"""


@dataclass(frozen=True)
class Sample:
    """rows   what the sample's act was on: the row that heads the chain, then others in order
    words  what its texts say of these
    """

    rows: Sequence[Row]
    words: Sequence[str]
    floors: Sequence[Floor]

    def on(self, other: "Sample", turn: int = 0) -> list[Text]:
        """Return the statements that do the same act, the `turn`-th, on the rows of another."""
        pks = [pk for _table, pk in other.rows]
        words = zip(self.words, other.words, strict=True)
        return self.floors[turn].of(dict(zip(self.rows, pks, strict=True)), words)


def line(request: Request, steps: Sequence[Step], floors: Sequence[Floor] = ()) -> Sample:
    rows: list[Row] = [(Request, request.pk), *((Step, step.pk) for step in steps)]
    return Sample(rows, (request.key, f"/requests/{request.pk}/"), floors)


def place(stage: Stage, floors: Sequence[Floor] = ()) -> Sample:
    revision = Revision.objects.get(case=stage.case_id)
    ends = Deadline.objects.get(subject=key_of(Stage, stage.pk), kind=END)
    rows: list[Row] = [(Revision, revision.pk), (Stage, stage.pk), (Deadline, ends.pk)]
    return Sample(rows, (revision.key, f"/stages/{stage.pk}/", ends.key), floors)


def sampled_line() -> Sample:
    """Approve every step of a request."""
    ((request, steps),) = requests(1)
    return line(request, steps, [_approved(step, holder(step.post_id)) for step in steps])


def sampled_stage() -> Sample:
    """Conclude a report stage."""
    (stage,) = stages(1)
    by, sample = drafter(), place(stage)
    written = record(lambda: conclude_stage(stage_id=stage.pk, outcome="reported", by=by, at=AT))
    right = Text(STEERS, [Of(sample.rows[0]), by.pk, TODAY.isoformat(), TODAY.isoformat()])
    return place(stage, [Floor(written, right)])


def _approved(step: Step, by: User) -> Floor:
    written = record(lambda: approve(step_id=step.pk, by=by, at=AT))
    right = [Of((Step, step.pk)), by.pk, TODAY.isoformat(), TODAY.isoformat()]
    return Floor(written, Text(HOLDS_THE_POST, right))
