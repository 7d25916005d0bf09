"""後閲と供覧: what is read afterwards. Usable only inside a command."""

from collections.abc import Sequence

from workflow.signoff import parts
from workflow.signoff.marks import Mark
from workflow.signoff.models import Request, Step
from workflow.signoff.parts_sign import sign
from workflow.signoff.parts_tell import tell_drafter
from workflow.signoff.states import Meaning


def post_review(request: Request, step: Step, steps: Sequence[Step], mark: Mark) -> Request:
    """Sign that one has read what went on without one; the drafter is told."""
    step.post_review(mark)
    sign([step], steps, Meaning.POST_REVIEWED, mark)
    entry = parts.enter("signoff.post_reviewed", request, [step], mark, step=step)
    tell_drafter(entry, request)
    return request


def read(request: Request, step: Step, mark: Mark) -> Request:
    """Leave a receipt, no signature; nobody waits for it."""
    step.read(mark)
    parts.enter("signoff.read", request, [step], mark, step=step)
    return request
