"""紙の伺いの画面."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from revisions.cycle.commands_paper import back_enter_proposal
from revisions.cycle.views import crumbs, errors_on, see
from revisions.plan.policies import check_can_steer
from revisions.plan.queries import readable_revisions
from workflow.access import Audience, audience
from workflow.deadline.calendar import in_tokyo
from workflow.path.models import Stage
from workflow.people.http import SignedInRequest
from workflow.signoff.forms_record import PaperForm


@audience(Audience.STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def back_entry(request: SignedInRequest, stage_id: int) -> HttpResponse:
    revision = get_object_or_404(readable_revisions(request.user), case__stages=stage_id)
    check_can_steer(request.user, revision, in_tokyo(timezone.now()))
    stage = get_object_or_404(Stage.objects.select_related("round"), pk=stage_id)
    form = PaperForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        with errors_on(form):
            proposal = back_enter_proposal(
                stage_id=stage_id,
                paper=form.paper(),
                by=request.user,
                at=timezone.now(),
                **form.words(),
            )
            messages.success(request, _("紙の決裁を登録しました。この段階の決裁になります。"))
            return see("request", proposal.request_id)
    back = reverse("stage", args=[stage_id])
    context = {
        "form": form,
        "crumbs": [*crumbs(revision), (back, stage.name)],
        "place": f"{revision.title}　{stage.name}",
        "back": back,
    }
    status = 422 if form.errors else 200
    return render(request, "signoff/back_entry.html", context, status=status)
