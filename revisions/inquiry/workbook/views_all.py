"""すべての回答: what every addressee answered, as one table or as their workbooks."""

from secrets import token_hex

from django.conf import settings
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import override
from django.views.decorators.http import require_safe

from revisions.inquiry.models import Inquiry
from revisions.inquiry.states import InquiryState
from revisions.inquiry.views import inquiry_of
from revisions.inquiry.workbook.collected import ALL, Row, tables
from revisions.inquiry.workbook.collection import archive, workbook
from revisions.inquiry.workbook.http import attachment, file_name, xlsx
from revisions.inquiry.workbook.queries import all_asked
from workflow.access import Audience, audience, holds
from workflow.deadline.calendar import in_tokyo
from workflow.people.http import SignedInRequest
from workflow.people.states import UserKind
from workflow.tables import Encoding, to_csv

WORKBOOKS = "照会票"


@audience(Audience.STAFF)
@require_safe
def as_workbook(request: SignedInRequest, inquiry_id: int) -> HttpResponse:
    found = _collected(request, inquiry_id)
    return xlsx(workbook(_tables(found)), _name(ALL, found))


@audience(Audience.STAFF)
@require_safe
def as_csv(request: SignedInRequest, inquiry_id: int) -> HttpResponse:
    found = _collected(request, inquiry_id)
    encoding = Encoding.CP932 if request.GET.get("encoding") == "cp932" else Encoding.UTF8
    return HttpResponse(
        to_csv([_tables(found)[ALL]], encoding),
        content_type="text/csv",
        headers=attachment(f"{_name(ALL, found)}.csv"),
    )


@audience(Audience.STAFF)
@require_safe
def as_zip(request: SignedInRequest, inquiry_id: int) -> StreamingHttpResponse:
    found = _collected(request, inquiry_id)
    everyone = list(all_asked(found))  # read now: pieces are made when the view has returned
    pieces = archive(everyone, name=lambda: token_hex(4), at=timezone.now())
    headers = attachment(f"{_name(WORKBOOKS, found)}.zip")
    return StreamingHttpResponse(pieces, content_type="application/zip", headers=headers)


def _collected(request: SignedInRequest, inquiry_id: int) -> Inquiry:
    """Return an inquiry whose every answer the user may see; to others it isn't there."""
    found = inquiry_of(inquiry_id)
    sees = request.user.kind == UserKind.AUDITOR
    if not (sees or holds(request.user, "steer_revision", found.revision)):
        raise Http404
    if found.state == InquiryState.PREPARING:
        raise Http404
    return found


def _tables(found: Inquiry) -> dict[str, list[Row]]:
    with override(settings.LANGUAGE_CODE):  # the table is a paper of the office, whoever takes it
        return tables(all_asked(found))


def _name(word: str, found: Inquiry) -> str:
    return file_name(word, found.title, in_tokyo(timezone.now()).isoformat())
