"""伺い: where it is mended, how a decided one is corrected. Registered by revisions/kinds.py."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from revisions.cycle.gates import check_can_correct
from revisions.cycle.models import Proposal
from revisions.cycle.parts import PROPOSAL, REVISION_OF_REQUEST, wording
from revisions.cycle.queries import matter_of, scope_of
from revisions.plan.models import Revision
from workflow.access import granted
from workflow.audit.models import key_of
from workflow.authority.resolve import Facts
from workflow.people.models import User
from workflow.signoff.kinds import Correction, Kind, nothing, register
from workflow.signoff.models import Request
from workflow.signoff.oversight import oversee


def _redraft(request: Request) -> str:
    return reverse("propose", args=[request.proposal.stage_id])


def _lock(request_id: int) -> None:
    """A stage neither ends nor gets another proposal meanwhile: both take this lock."""
    REVISION_OF_REQUEST.get(request=request_id)


def _text(request: Request) -> str:
    return request.proposal.text


def _check(request: Request) -> None:
    check_can_correct(request.proposal)


def _body(request: Request, text: str) -> str:
    """The same version of the plan, asked for in other words."""
    old = request.proposal
    title = _first(request).title
    return wording(old.revision, old.stage, old.version, title=title, text=text)


def _first(request: Request) -> Request:
    """Return what was corrected first: its title is the matter's, without 訂正 before it."""
    while request.corrects:
        request = request.corrects
    return request


def _facts(request: Request) -> Facts:
    """Its stage is the matter; the draft may concern others by now."""
    proposal = request.proposal
    scope = scope_of(proposal.revision)
    return Facts(matter_of(proposal.stage), frozenset(request.flags), request.amount, scope)


def _circulated(request: Request, correction: Request, *, text: str) -> None:
    old = request.proposal
    place = {"revision": old.revision, "stage": old.stage, "version": old.version, "text": text}
    Proposal.objects.update_or_create(request=correction, defaults=place)


CORRECTION = Correction(
    lock=_lock, check=_check, text=_text, body=_body, facts=_facts, circulated=_circulated
)

register(
    Kind(
        PROPOSAL,
        _("伺い"),
        decided=nothing,
        redraft=_redraft,
        numbered=True,
        correction=CORRECTION,
    )
)


def _steered(user: User) -> list[str]:
    steered = granted(Revision.objects.all(), "steer_revision", user)
    return [key_of(Revision, pk) for pk in steered.values_list("pk", flat=True)]


oversee(_steered)
