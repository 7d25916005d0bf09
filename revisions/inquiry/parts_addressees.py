"""Whom an inquiry is issued to. Usable only inside a command."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.conf import settings
from django.utils.translation import override

from revisions.inquiry.addressees import rule
from revisions.inquiry.models import Inquiry
from revisions.inquiry.queries_addressees import office_on
from revisions.plan.models import PlanVersion
from revisions.plan.queries import sections_on_sheets
from workflow.people.models import Section


def send_out(
    inquiry: Inquiry,
    version: PlanVersion,
    sections: Sequence[Section],
    choices: Collection[str],
    *,
    on: date,
    at: datetime,
) -> dict[str, list[str]]:
    """Let an inquiry go out; return code → by which of the choices each section is asked."""
    with override(settings.LANGUAGE_CODE):  # names are kept
        office = office_on(on, sections_on_sheets(inquiry.revision))
    kept, why = rule(office, choices, [section.code for section in sections])
    addressed = {"on": on.isoformat(), "classes": office.classes} | kept
    inquiry.issue(version=version, addressed=addressed, at=at)
    return why
