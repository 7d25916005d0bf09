"""変更: what was done to the draft of a revision, row by row."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from revisions.plan.models import PlanVersion, Revision
from revisions.plan.states import ChangeKind, DropReason, Origin
from workflow.audit.models import Evidence


class Change(Evidence):
    """変更: one thing that was done to the draft of a revision, and what it came of.

    number                   1..n in the revision, in the order of what was done
    uid, place               the project; of a heading its place: "" the philosophy, "1", "1-2"
    other                    merge and split: the project at the other end
    before, proposed, final  the fields that it touched, as in content.py, with "place": "1-2-(3)"
                             where it is about one; {} where there is none; of what was
                             discontinued "as": the class of reason
    before                   what whoever proposed it saw; the draft may have moved since
    final                    what the draft then had
    decided                  field → "draft", "answer" or "own": what a person chose in a conflict,
                             "place" standing for the project as a whole; of a merge "into",
                             "taken" or "own"
    based_on                 the version that was shown to whoever proposed it; None: the draft
    since                    the revision's last version before it; None: there was none
    origin_key, origin_name  the row that it came of (workflow.audit), and its name or number
    """

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="changes")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=ChangeKind)
    uid = models.SlugField(max_length=20, blank=True)
    place = models.CharField(max_length=10, blank=True)
    other = models.SlugField(max_length=20, blank=True)
    before = models.JSONField(default=dict)
    proposed = models.JSONField(default=dict)
    final = models.JSONField(default=dict)
    decided = models.JSONField(default=dict)
    reason = models.TextField()
    origin = models.CharField(max_length=12, choices=Origin)
    origin_key = models.CharField(max_length=80, blank=True)
    origin_name = models.CharField(max_length=120, blank=True)
    based_on = models.ForeignKey(PlanVersion, null=True, on_delete=models.PROTECT, related_name="+")
    since = models.ForeignKey(PlanVersion, null=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["revision", "number"]
        constraints = [
            models.UniqueConstraint(fields=["revision", "number"], name="change_numbered_once"),
            models.CheckConstraint(
                name="change_of_a_project_or_a_heading",
                condition=Q(kind="heading", uid="") | (~Q(kind="heading") & ~Q(uid="")),
            ),
            models.CheckConstraint(
                name="change_comes_of_a_row_unless_the_secretariats",
                condition=Q(origin="secretariat", origin_key="")
                | (~Q(origin="secretariat") & ~Q(origin_key="")),
            ),
        ]

    @property
    def reason_told(self) -> str:
        """The reason, after its class where a project was discontinued: 達成：目標を達したため."""
        if dropped_as := self.final.get("as"):
            return _("%(class)s：%(reason)s") % {
                "class": DropReason(dropped_as).label,
                "reason": self.reason,
            }
        return self.reason

    @property
    def origin_label(self) -> str:
        """照会回答（福祉総務課）, 意見第12号, 事務局修正."""
        match self.origin:
            case Origin.ANSWER:
                return _("照会回答（%s）") % self.origin_name
            case Origin.OPINION:
                return _("意見第%s号") % self.origin_name
        return str(self.get_origin_display())
