"""署名: who means what, bound to the bytes shown. Usable only inside a command."""

from collections.abc import Sequence

from django.db.models import prefetch_related_objects

from workflow.audit.chain import digest
from workflow.authority.states import StepRole
from workflow.ledger.command import add
from workflow.signoff.circulation import dissents
from workflow.signoff.marks import Mark, Right
from workflow.signoff.models import Signature, Step
from workflow.signoff.seal import statement
from workflow.signoff.states import Meaning


def sign(signed: Sequence[Step], steps: Sequence[Step], meaning: Meaning, mark: Mark) -> None:
    """Bind signer, post, meaning and time to the bytes shown; each step has its own signature.

    signed  one's own; the others by the same hand in the same act (兼務)
    """
    for step in signed:
        add(_signature(step, signed[0], steps, meaning, mark))


def _signature(
    step: Step, first: Step, steps: Sequence[Step], meaning: Meaning, mark: Mark
) -> Signature:
    right = mark.right if step is first else Right(step.post)
    principal = (step.post_id, step.post.name)
    text = statement(
        request=step.request_id,
        step=step.pk,
        attempt=step.attempt,
        signer=(mark.by.pk, mark.by.name),
        post=(right.post.pk, right.post.name),
        meaning=meaning,
        content_sha256=step.request.content.sha256,
        about=step.request.about.facts(),
        corrects=step.request.correction,
        at=mark.at.isoformat(),
        comment=mark.said,
        for_post=principal if right.acting_as else None,
        acting_as=right.acting_as,
        basis=right.basis,
        with_step=None if step is first else first.pk,
        dissents=heard(steps) if step.role == StepRole.DECIDER else (),
    )
    return Signature(
        step=step,
        signer=mark.by,
        meaning=meaning,
        at=mark.at,
        statement=text,
        sha256=digest(text),
    )


def heard(steps: Sequence[Step]) -> list[dict[str, str]]:
    """Return the dissents that a decider decides in the face of."""
    against = dissents(steps)
    prefetch_related_objects(against, "acted_by")
    return [
        {
            "post": step.post.name,
            "signer": step.acted_by.name if step.acted_by else "",
            "comment_sha256": digest(step.comment),
        }
        for step in against
    ]
