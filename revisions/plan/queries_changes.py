"""変更を読む: what was done to the draft, for whoever shows two versions or one sheet."""

from collections.abc import Iterator

from django.db.models import Q, QuerySet

from revisions.plan.models import PlanVersion, Revision
from revisions.plan.models_changes import Change


def changes_between(old: PlanVersion, new: PlanVersion) -> dict[str, list[Change]]:
    """Return what led from one version of a plan to a later one, in the order it was done.

    By uid; of a heading by its place: "" the philosophy, "1", "1-2". Of a merge and a split both
    projects have the change. Also over several revisions, when one was the base of the next.
    """
    found: dict[str, list[Change]] = {}
    for part in reversed(list(_stretches(old, new))):
        for change in part.order_by("number"):
            found.setdefault(change.uid or change.place, []).append(change)
    return found


def changes_of_project(revision: Revision, uid: str) -> QuerySet[Change]:
    """Return what was done to a project in a revision, the latest first."""
    return revision.changes.filter(uid=uid).select_related("by").order_by("-number")


def _stretches(old: PlanVersion, new: PlanVersion) -> Iterator[QuerySet[Change]]:
    """Yield the changes of each revision on the way back from the new version to the old."""
    while new.number > old.number:
        before_new = Q(since=None) | Q(since__number__lt=new.number)
        part = new.revision.changes.filter(before_new)
        if new.revision_id == old.revision_id:
            yield part.filter(since__number__gte=old.number)
            return
        yield part
        if new.revision.base is None:
            return
        new = new.revision.base
