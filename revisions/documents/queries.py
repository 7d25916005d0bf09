"""新旧対照表を読む: why a version differs from another, as was said when it was changed."""

from datetime import datetime

from django.db.models import Max
from django.utils.translation import gettext as _

from revisions.documents.table import Reason
from revisions.plan.content import Content
from revisions.plan.models import PlanVersion, Revision
from revisions.plan.queries import content_of
from revisions.plan.queries_changes import changes_between
from workflow.audit.chain import canonical
from workflow.people.models import Section


def working(revision: Revision, at: datetime) -> PlanVersion:
    """Return the draft as it stands, as the version after the last: one that nobody has kept."""
    last = PlanVersion.objects.filter(plan=revision.plan).aggregate(last=Max("number"))["last"]
    return PlanVersion(
        plan=revision.plan,
        revision=revision,
        number=(last or 0) + 1,
        label=_("作業中の計画案"),
        content=canonical(content_of(revision)),
        made_at=at,
    )


def reasons_between(
    old: PlanVersion, new: PlanVersion
) -> tuple[tuple[str, tuple[Reason, ...]], ...]:
    """Return the reasons of what led from one version of a plan to a later one, in their order.

    By uid; of a heading by its place: "" the philosophy, "1", "1-2".
    """
    told = (
        (key, dict.fromkeys(Reason(c.reason_told, c.origin_label) for c in changes if c.reason))
        for key, changes in changes_between(old, new).items()
    )
    return tuple((key, tuple(reasons)) for key, reasons in told if reasons)


def sections_in_order(*contents: Content) -> tuple[str, ...]:
    """Return the names of the sections on the sheets, in the order of the organisation."""
    names = {code: name for content in contents for code, name in content["sections"].items()}
    codes = Section.objects.order_by("department__order", "order").values_list("code", flat=True)
    order = [code for code in codes if code in names]
    return tuple(names[code] for code in dict.fromkeys([*order, *names]))
