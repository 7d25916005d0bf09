"""計画を読む: the draft of a revision as content (plan/content.py), and who may read which."""

import json
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Group
from django.db.models import Prefetch, Q, QuerySet

from revisions.plan.content import Content
from revisions.plan.models import (
    Placement,
    Plan,
    PlanVersion,
    Policy,
    Program,
    Project,
    ProjectSection,
    Revision,
)
from revisions.plan.states import SectionRole
from workflow.access import granted
from workflow.audit.chain import canonical, digest
from workflow.people.models import User
from workflow.people.states import UserKind

Sheet = dict[str, Any]


def readable_revisions(user: User) -> QuerySet[Revision]:
    """Return what the secretariat steers and the staff were shown; to an auditor, all."""
    revisions = Revision.objects.all()
    if user.kind == UserKind.AUDITOR:
        return revisions
    return granted(revisions, "steer_revision", user) | granted(revisions, "read_revision", user)


def readable_versions(user: User) -> QuerySet[PlanVersion]:
    """Return those of readable revisions, those sent to a body, and to the staff those in force."""
    sent = granted(PlanVersion.objects.all(), "view_planversion", user)
    shown = Q(revision__in=readable_revisions(user).values("pk")) | Q(pk__in=sent.values("pk"))
    if user.kind == UserKind.STAFF:
        shown |= Q(pk__in=Plan.objects.filter(current__isnull=False).values("current"))
    return PlanVersion.objects.filter(shown)


def content_of(revision: Revision) -> Content:
    """Return the draft as content, with the names of its sections as they are today.

    Discontinued projects are left out. Eight statements, however large the plan.
    """
    plan = revision.plan
    projects, names = draft_sheets(revision)
    return {
        "plan": {
            "code": plan.code,
            "title": plan.title,
            "first_year": plan.first_year,
            "last_year": plan.last_year,
            "philosophy": revision.philosophy,
        },
        "policies": [_policy(policy) for policy in _chart(revision)],
        "projects": projects,
        "sections": names,
    }


def draft_sheets(revision: Revision) -> tuple[list[Sheet], dict[str, str]]:
    """Return the sheets of the draft, and code → name of the sections on them. Four statements."""
    projects = [_with_sections(p) for p in _whole(revision.projects.filter(is_discontinued=False))]
    names = {code: name for _, known in projects for code, name in known.items()}
    return [sheet for sheet, _ in projects], names


def sheet_of(revision: Revision, uid: str) -> Sheet:
    """Return one project's sheet as it stands in the draft.

    raises  Project.DoesNotExist when the draft has none of that uid, or discontinued it
    """
    sheet, _ = _with_sections(_whole(revision.projects.filter(is_discontinued=False)).get(uid=uid))
    return sheet


def fingerprint(sheet: Sheet) -> str:
    """Return what tells one wording of a sheet from another."""
    return digest(canonical(sheet))


def groups_of(sections: Iterable[Any]) -> QuerySet[Group]:
    """Return the groups of a sheet's sections; a class of sections has none."""
    codes = [section for section in sections if isinstance(section, str)]
    return Group.objects.filter(section__code__in=codes)


def content_of_version(version: PlanVersion) -> Content:
    content: Content = json.loads(version.content)
    return content


def current_content(plan: Plan) -> Content | None:
    """Return the content of the version that is the plan now; None before the first adoption."""
    return content_of_version(plan.current) if plan.current else None


def latest_version(revision: Revision) -> PlanVersion | None:
    return revision.versions.order_by("-number").first()


def _chart(revision: Revision) -> QuerySet[Policy]:
    placed = Placement.objects.select_related("project")
    return revision.policies.prefetch_related(Prefetch("programs__placements", queryset=placed))


def _whole(projects: QuerySet[Project]) -> QuerySet[Project]:
    sections = ProjectSection.objects.select_related("section")
    return projects.prefetch_related(
        Prefetch("sections", queryset=sections), "actions", "indicators"
    )


def _policy(policy: Policy) -> dict[str, Any]:
    programs = [_program(program) for program in policy.programs.all()]
    return {"number": policy.number, "name": policy.name, "programs": programs}


def _program(program: Program) -> dict[str, Any]:
    return {
        "number": program.number,
        "name": program.name,
        "aim": program.aim,
        "placements": [_placement(placement) for placement in program.placements.all()],
    }


def _placement(placement: Placement) -> dict[str, Any]:
    place = {"number": placement.number, "project": placement.project.uid}
    return place | {"relisted": True} if placement.is_relisted else place


def _with_sections(project: Project) -> tuple[Sheet, dict[str, str]]:
    """Return the sheet, and code → name of the sections on it."""
    rows = list(project.sections.all())
    sheet = {
        "uid": project.uid,
        "name": project.name,
        "status": project.status,
        "lead": _sections(rows, SectionRole.LEAD),
        "related": _sections(rows, SectionRole.RELATED),
        "overview": project.overview,
        "aims": project.aims,
        "actions": [{"text": a.text, "spans": a.spans} for a in project.actions.all()],
        "indicators": [
            {"name": i.name, "cumulative": i.cumulative, "cells": i.cells}
            for i in project.indicators.all()
        ],
        "rationale": project.rationale,
        "notes": project.notes,
    }
    return sheet, {row.section.code: row.section.name for row in rows if row.section}


def _sections(rows: Iterable[ProjectSection], role: SectionRole) -> list[str | dict[str, str]]:
    """Return the sections of one role in order, as content.py writes them."""
    return [
        row.section.code if row.section else {"class": row.class_name}
        for row in rows
        if row.role == role
    ]
