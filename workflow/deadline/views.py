from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from workflow.access import Audience, audience
from workflow.deadline.days import day_words
from workflow.deadline.era import parse_date
from workflow.deadline.queries import calendar


@audience(Audience.SIGNED_IN)
@require_safe
def day_hint(request: HttpRequest) -> HttpResponse:
    """Say what a typed day means, while it is typed; the parameter is named as the field is."""
    try:
        day = parse_date(str(next(iter(request.GET.values()), "")))
    except ValueError:
        return HttpResponse("")
    days = calendar()
    if not days.is_closed(day):
        return HttpResponse(day_words(day))
    told = {"day": day_words(day), "before": day_words(days.previous_working_day(day))}
    return HttpResponse(_("%(day)sは閉庁日です。直前の開庁日は%(before)sです。") % told)
