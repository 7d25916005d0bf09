"""いつ: what must be so before an answer goes up to the section's chief."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from revisions.inquiry.gates import page
from revisions.inquiry.gates_between import disagreed, unreplied
from revisions.inquiry.gates_drafts import typed_on
from revisions.inquiry.models import InquiryTarget
from revisions.inquiry.queries import Paper, Sheets
from revisions.inquiry.queries_drafts import with_drafts
from revisions.plan.content import numbers
from workflow.errors import Missing, Unmet
from workflow.people.models import Post
from workflow.people.queries import chief_of


def check_complete(target: InquiryTarget, sheets: Sheets, paper: Paper) -> Post:
    """Return the chief to whom an answer goes up.

    raises  Unmet, with everything that is missing
    """
    chief, typed = chief_of(target.section), with_drafts(target)
    missing = missing_to_submit(target, sheets, paper, typed, has_chief=chief is not None)
    if chief is None or missing:
        raise Unmet(_("課長へ回す前に、済ませることがあります。"), missing)
    return chief


def missing_to_submit(
    target: InquiryTarget,
    sheets: Sheets,
    paper: Paper,
    typed: Collection[str],
    *,
    has_chief: bool,
) -> list[Missing]:
    """Return all that is missing, each with the place where it is mended.

    typed  uids of the sheets of which something is typed and not answered
    """
    return [
        *_unanswered(target, sheets, typed),
        *typed_on(target, sheets, typed),
        *_unsaid(target, paper),
        *unreplied(sheets),
        *disagreed(target, sheets),
        *([] if has_chief else [_chiefless(target)]),
    ]


def _unanswered(target: InquiryTarget, sheets: Sheets, typed: Collection[str]) -> list[Missing]:
    """Return the sheets without an answer, neither begun nor passed on."""
    places, told = numbers(sheets.content), _("%(number)s %(name)sに回答する")
    return [
        Missing(
            told % {"number": places[sheet["uid"]], "name": sheet["name"]},
            page(target, f"sheets/{sheet['uid']}/"),
        )
        for sheet in sheets.unanswered
        if sheet["uid"] not in typed and sheet["uid"] not in sheets.forwards
    ]


def _unsaid(target: InquiryTarget, paper: Paper) -> list[Missing]:
    told = _("設問「%s」に答える")
    return [
        Missing(told % question.label, page(target, f"questions/#question-{question.pk}"))
        for question in paper.unanswered
    ]


def _chiefless(target: InquiryTarget) -> Missing:
    """The section cannot mend it: whoever keeps the office's posts does."""
    return Missing(_("%sに課長の職を置くよう、システム管理者に頼む") % target.section.name)
