"""計画・改定: a revision holds its editable draft as rows; what others see is always a version."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django_fsm import FSMField, transition
from guardian.models import GroupObjectPermissionBase

from revisions.plan.states import DropReason, ProjectStatus, RevisionKind, SectionRole
from revisions.plan.states import RevisionState as S
from workflow.audit.models import Audited, Evidence
from workflow.path.models import Case
from workflow.people.models import Section


class Plan(models.Model):
    """計画."""

    code = models.SlugField(unique=True)
    title = models.CharField(max_length=120)
    first_year = models.PositiveSmallIntegerField()
    last_year = models.PositiveSmallIntegerField()
    current = models.ForeignKey(
        "PlanVersion", null=True, on_delete=models.PROTECT, related_name="+"
    )

    def __str__(self) -> str:
        return self.title


class Revision(Audited):
    """改定. Its position on the path is the open stages of its case."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="revisions")
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="revision")
    kind = models.CharField(max_length=20, choices=RevisionKind)
    title = models.CharField(max_length=200)
    base = models.ForeignKey("PlanVersion", null=True, on_delete=models.PROTECT, related_name="+")
    philosophy = models.CharField(max_length=200, blank=True)
    state = FSMField(choices=S, default=S.DRAFTING, protected=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        permissions = [
            ("steer_revision", "事務局として進める"),
            ("read_revision", "改定を読む"),
        ]
        constraints = [
            models.CheckConstraint(
                name="revision_ended_iff_ended_at",
                condition=Q(
                    state__in=["adopted", "superseded", "withdrawn"], ended_at__isnull=False
                )
                | Q(state__in=["drafting", "consulting"], ended_at=None),
            ),
            models.UniqueConstraint(
                fields=["plan"],
                condition=Q(state__in=["drafting", "consulting"]),
                name="one_running_revision_a_plan",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @transition(field=state, source=S.DRAFTING, target=S.CONSULTING)
    def consult(self) -> None:
        """The first stage opened."""

    @transition(field=state, source=S.CONSULTING, target=S.ADOPTED)
    def adopt(self, *, at: datetime) -> None:
        """策定."""
        self.ended_at = at

    @transition(field=state, source=S.ADOPTED, target=S.SUPERSEDED)
    def supersede(self) -> None:
        """A later revision of the plan was adopted."""

    @transition(field=state, source=[S.DRAFTING, S.CONSULTING], target=S.WITHDRAWN)
    def withdraw(self, *, at: datetime) -> None:
        self.ended_at = at


class RevisionGrant(GroupObjectPermissionBase):
    """Guardian's direct table: which group may do what on a revision."""

    content_object = models.ForeignKey(Revision, on_delete=models.CASCADE)


class PlanVersion(Evidence):
    """時点版: the whole plan as canonical JSON, with its digest."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="versions")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    label = models.CharField(max_length=120)
    content = models.TextField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)

    class Meta:
        ordering = ["plan", "number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="version_numbered_once")
        ]

    def __str__(self) -> str:
        return self.label


class VersionGrant(GroupObjectPermissionBase):
    """Guardian's direct table: which body was sent a version."""

    content_object = models.ForeignKey(PlanVersion, on_delete=models.CASCADE)


class Policy(models.Model):
    """基本方針."""

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="policies")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["revision", "number"], name="policy_numbered_once")
        ]


class Program(models.Model):
    """事業推進計画."""

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="programs")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    aim = models.TextField(blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "number"], name="program_numbered_once")
        ]


class Project(models.Model):
    """個別事業: one sheet. Its number belongs to the place, not to it."""

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="projects")
    uid = models.SlugField(max_length=20)
    name = models.CharField(max_length=200)
    status = models.CharField(max_length=10, choices=ProjectStatus)
    overview = models.TextField(blank=True)
    aims = models.TextField(blank=True)
    rationale = models.TextField(blank=True)
    notes = models.JSONField(default=list)
    is_discontinued = models.BooleanField(default=False)
    dropped_as = models.CharField(max_length=10, choices=DropReason, blank=True)
    dropped_because = models.TextField(blank=True)

    class Meta:
        ordering = ["uid"]
        constraints = [
            models.UniqueConstraint(fields=["revision", "uid"], name="project_once_a_revision"),
            models.CheckConstraint(
                name="discontinued_iff_dropped_as",
                condition=Q(is_discontinued=False, dropped_as="")
                | (Q(is_discontinued=True) & ~Q(dropped_as="")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Placement(models.Model):
    """掲載: where a project stands. A relisting (再掲) shows its original."""

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="placements")
    number = models.PositiveSmallIntegerField()
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="placements")
    is_relisted = models.BooleanField(default=False)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["program", "number"], name="placement_numbered_once"),
            models.UniqueConstraint(
                fields=["project"], condition=Q(is_relisted=False), name="one_original_placement"
            ),
        ]


class ProjectSection(models.Model):
    """主管課等・関係課等: a section in its order, or a class of sections by its name."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="sections")
    role = models.CharField(max_length=10, choices=SectionRole)
    order = models.PositiveSmallIntegerField()
    section = models.ForeignKey(Section, null=True, on_delete=models.PROTECT, related_name="+")
    class_name = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["role", "order"]
        constraints = [
            models.CheckConstraint(
                name="section_or_class",
                condition=Q(section__isnull=False, class_name="")
                | (Q(section=None) & ~Q(class_name="")),
            )
        ]


class YearlyAction(models.Model):
    """年度ごとの取組. spans: [{"from": 2021, "to": 2022, "text": …}], years are fiscal."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="actions")
    order = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=200)
    spans = models.JSONField(default=list)

    class Meta:
        ordering = ["order"]


class Indicator(models.Model):
    """評価指標. cells: the shape is in plan/content.py."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="indicators")
    order = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    cumulative = models.BooleanField(default=False)
    cells = models.JSONField(default=list)

    class Meta:
        ordering = ["order"]
