"""Writes of a revision's draft and of its versions. Usable only inside a command.

The caller holds the revision's lock, and its audit entry says what was changed.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from revisions.plan.consistency import check
from revisions.plan.content import Content
from revisions.plan.gates import check_unmoved
from revisions.plan.models import (
    Indicator,
    Placement,
    PlanVersion,
    Policy,
    Program,
    Project,
    ProjectSection,
    Revision,
    YearlyAction,
)
from revisions.plan.queries import Sheet, content_of, groups_of, latest_version
from revisions.plan.states import DropReason, ProjectStatus, SectionRole
from workflow.audit.chain import canonical, digest
from workflow.audit.models import AuditEntry
from workflow.errors import Invalid
from workflow.ledger.command import move
from workflow.outbox.queue import emit
from workflow.people.models import Section, User

PLAIN = ("name", "status", "overview", "aims", "rationale", "notes")


def lock(revision_id: int) -> Revision:
    revisions = Revision.objects.select_for_update(of=("self",)).select_related("plan")
    return revisions.get(pk=revision_id)


def load(revision: Revision, content: Content) -> None:
    """Fill a draft that is empty from a plan's content, but for what that does not carry over.

    raises  Invalid when the content contradicts itself or names a section that there is not
    """
    if findings := check({key: content[key] for key in content if key != "sections"}):
        raise Invalid("\n".join(f"{found.path}: {found.message}" for found in findings))
    _load_sheets(revision, content["projects"])
    projects = {project.uid: project for project in revision.projects.all()}
    for policy in content["policies"]:
        _load_policy(revision, policy, projects)
    revision.philosophy = content["plan"]["philosophy"]
    revision.save(update_fields=["philosophy"])


def apply_sheet(revision: Revision, uid: str, sheet: Sheet) -> None:
    """Let the draft's sheet be `sheet`; its uid and its place stay.

    raises  Project.DoesNotExist when the draft has none of that uid, or discontinued it
    """
    apply_sheets(revision, {uid: sheet})


def apply_sheets(revision: Revision, sheets: Mapping[str, Sheet]) -> None:
    """As apply_sheet() for many, by uid: the same few statements for all."""
    found = revision.projects.filter(uid__in=sheets, is_discontinued=False)
    projects = {project.uid: project for project in found}
    if missing := sheets.keys() - projects:
        raise Project.DoesNotExist(*sorted(missing))
    for uid, sheet in sheets.items():
        for name in PLAIN:
            setattr(projects[uid], name, sheet[name])
        move(projects[uid])
    for table in (ProjectSection, YearlyAction, Indicator):
        table.objects.filter(project__in=projects.values()).delete()
    _add_rows([(projects[uid], sheet) for uid, sheet in sheets.items()])


def load_dropped(revision: Revision, dropped: Iterable[dict[str, str]]) -> None:
    """Write what a new plan does not carry over, as its content lists it."""
    Project.objects.bulk_create(
        Project(
            revision=revision,
            uid=gone["uid"],
            name=gone["name"],
            status=ProjectStatus.CONTINUED,
            is_discontinued=True,
            dropped_as=gone["as"],
            dropped_because=gone["because"],
        )
        for gone in dropped
    )


def discontinue(
    revision: Revision,
    uid: str,
    *,
    dropped_as: DropReason = DropReason.ABOLISHED,
    because: str = "",
) -> None:
    """Take a project out of the draft (廃止); those that stood after it move up."""
    project = revision.projects.get(uid=uid, is_discontinued=False)
    project.is_discontinued = True
    project.dropped_as, project.dropped_because = dropped_as, because
    project.save(update_fields=["is_discontinued", "dropped_as", "dropped_because"])
    for gone in project.placements.all():
        gone.delete()
        for later in gone.program.placements.filter(number__gt=gone.number):
            later.number -= 1
            later.save(update_fields=["number"])


def add_project(revision: Revision, sheet: Sheet, *, place: str) -> str:
    """Put a new project last in the program at `place` (1-2) and return its uid.

    raises  Invalid when there is no such program
    """
    program = program_at(revision, place)
    uid = add_sheet(revision, sheet)
    last = program.placements.aggregate(last=Max("number"))["last"] or 0
    project = revision.projects.get(uid=uid)
    Placement.objects.create(program=program, number=last + 1, project=project)
    return uid


def add_sheet(revision: Revision, sheet: Sheet) -> str:
    """Write a new project that stands nowhere yet and return its uid."""
    uid = _next_uid(revision)
    _load_sheets(revision, [{**sheet, "uid": uid}])
    return uid


def set_heading(
    revision: Revision, place: str, *, name: str, aim: str, seen: str | None
) -> dict[str, str]:
    """Write the philosophy (place ""), a policy's name (1) or a program's name and aim (1-2).

    seen  `fingerprint` of the words that the page was made from; None when no page was

    Returns what stood there before; the revision itself is saved by the caller.
    """
    if not name.strip():
        raise Invalid(_("入力してください。"), field="name")
    if not place:
        was = {"name": revision.philosophy, "aim": ""}
        check_unmoved(was, seen)
        revision.philosophy = name
        return was
    row = program_at(revision, place) if "-" in place else _policy_at(revision, place)
    was = {"name": row.name, "aim": getattr(row, "aim", "")}
    check_unmoved(was, seen)
    row.name = name
    if isinstance(row, Program):
        row.aim = aim
    row.save()
    return was


def program_at(revision: Revision, place: str) -> Program:
    match place.split("-"):
        case [policy, number] if policy.isdecimal() and number.isdecimal():
            programs = Program.objects.filter(policy__revision=revision, policy__number=policy)
            if program := programs.filter(number=number).first():
                return program
    raise Invalid(_("事業推進計画「%s」がありません。") % place, field="place")


def _policy_at(revision: Revision, place: str) -> Policy:
    if place.isdecimal() and (policy := revision.policies.filter(number=place).first()):
        return policy
    raise Invalid(_("基本方針「%s」がありません。") % place, field="place")


def freeze(revision: Revision, *, label: str, by: User, at: datetime) -> PlanVersion:
    """Return the draft as a version (時点版); the same content is kept once a revision."""
    text = canonical(content_of(revision))
    latest = latest_version(revision)
    if latest and latest.sha256 == digest(text):
        return latest
    number = PlanVersion.objects.filter(plan=revision.plan).aggregate(last=Max("number"))["last"]
    return PlanVersion.objects.create(
        plan=revision.plan,
        revision=revision,
        number=(number or 0) + 1,
        label=label,
        content=text,
        sha256=digest(text),
        made_at=at,
        made_by=by,
    )


def tell(entry: AuditEntry, revision: Revision, sheet: Sheet) -> None:
    """Tell the sections that lead a project."""
    emit(
        entry,
        to=groups_of(sheet["lead"]),
        link=f"/revisions/{revision.pk}/sheets/{sheet['uid']}/",
        title=revision.title,
        name=sheet["name"],
    )


def _load_policy(revision: Revision, policy: dict[str, Any], projects: dict[str, Project]) -> None:
    row = Policy.objects.create(revision=revision, number=policy["number"], name=policy["name"])
    programs = Program.objects.bulk_create(
        Program(policy=row, number=p["number"], name=p["name"], aim=p["aim"])
        for p in policy["programs"]
    )
    Placement.objects.bulk_create(
        Placement(
            program=program,
            number=place["number"],
            project=projects[place["project"]],
            is_relisted=place.get("relisted", False),
        )
        for program, content in zip(programs, policy["programs"], strict=True)
        for place in content["placements"]
    )


def _load_sheets(revision: Revision, sheets: Sequence[Sheet]) -> None:
    projects = Project.objects.bulk_create(
        Project(revision=revision, uid=sheet["uid"], **{name: sheet[name] for name in PLAIN})
        for sheet in sheets
    )
    _add_rows(list(zip(projects, sheets, strict=True)))


def _add_rows(pairs: Sequence[tuple[Project, Sheet]]) -> None:
    """Write the sections, yearly actions and indicators of sheets, one statement a table."""
    known = {section.code: section for section in Section.objects.all()}
    ProjectSection.objects.bulk_create(
        _section(project, role, order, entry, known)
        for project, sheet in pairs
        for role, entries in ((SectionRole.LEAD, "lead"), (SectionRole.RELATED, "related"))
        for order, entry in enumerate(sheet[entries])
    )
    YearlyAction.objects.bulk_create(
        YearlyAction(project=project, order=order, **action)
        for project, sheet in pairs
        for order, action in enumerate(sheet["actions"])
    )
    Indicator.objects.bulk_create(
        Indicator(project=project, order=order, **indicator)
        for project, sheet in pairs
        for order, indicator in enumerate(sheet["indicators"])
    )


def _section(
    project: Project,
    role: SectionRole,
    order: int,
    entry: str | dict[str, str],
    known: dict[str, Section],
) -> ProjectSection:
    row = ProjectSection(project=project, role=role, order=order)
    if isinstance(entry, dict):
        row.class_name = entry["class"]
    elif entry in known:
        row.section = known[entry]
    else:
        raise Invalid(_("課「%s」がありません。") % entry, field=role)
    return row


def _next_uid(revision: Revision) -> str:
    """Uids run on over the whole plan, so that one never means two projects."""
    taken: Iterable[str] = Project.objects.filter(revision__plan=revision.plan).values_list(
        "uid", flat=True
    )
    numbers = [int(uid[1:]) for uid in taken if uid[:1] == "P" and uid[1:].isdecimal()]
    return f"P{max(numbers, default=0) + 1:02}"
