"""伺いの画面: the words, the facts that decide the tier, and the line with its holders of today."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from revisions.cycle import commands_adoption
from revisions.cycle.forms_propose import LINE, ProposeForm
from revisions.cycle.gates import running_of
from revisions.cycle.parts import Said
from revisions.cycle.queries import matter_of, proposed_day, scope_of
from revisions.cycle.views import crumbs, errors_on, see
from revisions.cycle.views_stage import GET_OR_POST, steered
from revisions.plan.models import Revision
from revisions.plan.policies import check_can_steer
from workflow.access import Audience, audience
from workflow.audit.queries import history_of
from workflow.authority.forms import FactsForm
from workflow.authority.laying import Laid, route
from workflow.authority.preview import preview
from workflow.authority.resolve import Facts
from workflow.authority.states import StepRole
from workflow.deadline.calendar import in_tokyo
from workflow.deadline.queries import calendar
from workflow.errors import Unmet
from workflow.path.models import Stage
from workflow.people.http import SignedInRequest
from workflow.people.models import Post
from workflow.people.states import Rank
from workflow.signoff.boxes import to_drafter
from workflow.signoff.forms_record import KEEPING
from workflow.signoff.models import Request, Step
from workflow.signoff.queries import steps_now

SENT = ("title", "text", "due_on", "accept_closed_day", "seen")


class Way(NamedTuple):
    """laid is None where no table lays the line, or where its refusal says why it can't."""

    laid: Laid | None
    refusal: Unmet | None = None


@audience(Audience.STAFF)
@require_http_methods(GET_OR_POST)
def propose(request: SignedInRequest, stage_id: int) -> HttpResponse:
    revision, found, _stages = steered(request, stage_id)
    sent = request.POST or None
    asking = sent is not None and bool({"check", "more"} & sent.keys())
    came_back = _came_back(found)
    facts = FactsForm(sent, initial=_facts(came_back) | {"scope": scope_of(revision)})
    drafter = check_can_steer(request.user, revision, in_tokyo(timezone.now()))
    way = _way(found, facts.given(), drafter, in_tokyo(timezone.now()))
    lax = asking or way.refusal is not None
    form = _form(sent, revision, found, drafter, way.laid, came_back, asking=lax)
    if sent and way.refusal and not asking:
        form.add_error(None, str(way.refusal))
    if sent and not asking and facts.is_valid() and form.is_valid():
        with errors_on(form):
            return _send(request, found, facts, form)
    why = to_drafter(history_of(came_back.key)) if came_back else None
    return _page(request, revision, found, facts, form, way, came_back=why)


def _send(
    request: SignedInRequest, found: Stage, facts: FactsForm, form: ProposeForm
) -> HttpResponse:
    deviation = form.cleaned_data.get("deviation", "")
    proposal = commands_adoption.propose(
        stage_id=found.pk,
        steps=form.steps(),
        said=Said(**facts.given(), **form.keeping(), deviation=deviation),
        by=request.user,
        at=timezone.now(),
        **{name: form.cleaned_data[name] for name in SENT},
    )
    messages.success(request, _("伺いを立てました。回議の先頭の人に知らせます。"))
    return see("request", proposal.request_id)


def _way(found: Stage, given: dict[str, Any], drafter: Post, on: date) -> Way:
    facts = Facts(matter_of(found), frozenset(given["flags"]), given["amount"], given["scope"])
    try:
        return Way(route(facts, drafter=drafter, on=on))
    except Unmet as refusal:
        return Way(None, refusal)


def _form(
    sent: QueryDict | None,
    revision: Revision,
    found: Stage,
    drafter: Post,
    laid: Laid | None,
    came_back: Request | None,
    *,
    asking: bool,
) -> ProposeForm:
    posts = list(Post.objects.exclude(rank=Rank.COMMISSIONED))
    steps = steps_now(came_back) if came_back else []
    initial: dict[str, Any] = {"seen": revision.chain_length}
    if came_back:
        initial |= {"title": came_back.title, "text": came_back.proposal.text}
        initial["due_on"] = came_back.asked_for_on
        initial |= as_before(steps, laid) | _kept(came_back, laid)
    else:
        initial["line_1"] = _chief(drafter, posts)
        initial["due_on"] = proposed_day(found, in_tokyo(timezone.now()), calendar())
    rows = max(LINE, len([step for step in steps if step.role == StepRole.LINE]))
    if sent:
        rows = max(rows, len([name for name in sent if name.startswith("line_")]))
        rows += LINE if "more" in sent else 0
    return ProposeForm(sent, posts=posts, laid=laid, rows=rows, asking=asking, initial=initial)


def as_before(steps: Iterable[Step], laid: Laid | None) -> dict[str, Any]:
    """Return what ProposeForm starts from, to lay the line of these steps again."""
    by_role: dict[str, list[int]] = {role: [] for role in StepRole}
    for step in steps:
        by_role[step.role].append(step.post_id)
    initial: dict[str, Any] = {
        "concurrences": by_role[StepRole.CONCURRENCE],
        "informed": by_role[StepRole.INFORMED],
    }
    if laid:
        there = {post for posts in by_role.values() for post in posts}
        return initial | {"dropped": [t.post.pk for t in laid.line if t.post.pk not in there]}
    line = {f"line_{n}": post for n, post in enumerate(by_role[StepRole.LINE], 1)}
    return initial | line | {"decider": next(iter(by_role[StepRole.DECIDER]), None)}


def _page(
    request: SignedInRequest,
    revision: Revision,
    found: Stage,
    facts: FactsForm,
    form: ProposeForm,
    way: Way,
    *,
    came_back: dict[str, Any] | None,
) -> HttpResponse:
    today, wrong = in_tokyo(timezone.now()), facts.errors or form.errors
    laid = way.laid
    context = {
        "revision": revision,
        "stage": found,
        "facts": facts,
        "form": form,
        "laid": laid,
        "came_back": came_back,
        "refusal": way.refusal,
        "rows": preview(form.line(), today, laid=[turn.post for turn in laid.line] if laid else []),
        "left_out": form.left_out(),
        "today": today,
        "running": running_of(found),
        "crumbs": [*crumbs(revision), (f"/stages/{found.pk}/", found.name)],
    }
    # htmx swaps nothing for a refusal; what is wrong with the facts stands in the line's place
    status = 422 if wrong and "HX-Request" not in request.headers else 200
    return render(request, "cycle/propose.html", context, status=status)


def _chief(drafter: Post, posts: list[Post]) -> int | None:
    """Return whom a proposal passes first: the drafter's own chief."""
    own = drafter.section_id
    chiefs = [p.pk for p in posts if p.section_id == own and p.rank == Rank.SECTION_CHIEF]
    return chiefs[0] if own and chiefs else None


def _came_back(found: Stage) -> Request | None:
    """What was proposed before and came back, to be worded anew and sent the same way."""
    drafts = found.proposals.filter(request__state="draft", request__corrects=None)
    last = drafts.select_related("request").last()
    return last.request if last else None


def _kept(came_back: Request, laid: Laid | None) -> dict[str, str]:
    """What the drafter chose; what the rule said is the rule's to say again."""
    kept = {name: getattr(came_back, name) for name in KEEPING}
    return kept | ({"retention": ""} if laid and laid.rule.retention == kept["retention"] else {})


def _facts(came_back: Request | None) -> dict[str, Any]:
    return {"flags": came_back.flags, "amount": came_back.amount} if came_back else {}
