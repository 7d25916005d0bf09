"""計画を読む: the draft of a revision as content (plan/content.py), and who may read which."""

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib.auth.models import Group
from django.db.models import Q, QuerySet

from revisions.plan.consistency import Finding, check
from revisions.plan.content import Content, number_text
from revisions.plan.exchange.fields import Office
from revisions.plan.models import (
    Indicator,
    Placement,
    Plan,
    PlanVersion,
    Policy,
    Project,
    ProjectSection,
    Revision,
    YearlyAction,
)
from revisions.plan.oddities import Standing, oddities
from workflow.access import granted
from workflow.audit.chain import canonical, digest
from workflow.deadline.era import fiscal_year
from workflow.people.models import ClassMember, Section, User
from workflow.people.queries import classes_on
from workflow.people.states import UserKind

Sheet = dict[str, Any]

PLAIN = ("uid", "name", "status", "overview", "aims", "rationale", "notes")
INDICATOR = ("name", "cumulative", "cells")


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

    Of discontinued projects only the reason is told. Nine statements, however large the plan.
    """
    projects, names = draft_sheets(revision)
    dropped = dropped_from(revision)
    return {
        "plan": {**facts_of(revision.plan), "philosophy": revision.philosophy},
        "policies": _chart(revision),
        "projects": projects,
        "sections": names,
    } | ({"dropped": dropped} if dropped else {})


def facts_of(plan: Plan) -> dict[str, Any]:
    return {
        "code": plan.code,
        "title": plan.title,
        "first_year": plan.first_year,
        "last_year": plan.last_year,
    }


def dropped_from(revision: Revision) -> list[dict[str, str]]:
    """Return what the draft does not carry over (継承しない事業), as content.py writes it."""
    return [
        {"uid": uid, "name": name, "as": dropped_as, "because": because}
        for uid, name, dropped_as, because in revision.projects.filter(
            is_discontinued=True
        ).values_list("uid", "name", "dropped_as", "dropped_because")
    ]


def draft_sheets(revision: Revision) -> tuple[list[Sheet], dict[str, str]]:
    """Return the sheets of the draft, and code → name of the sections on them. Four statements."""
    return _sheets(revision.projects.filter(is_discontinued=False))


def sections_on_sheets(revision: Revision) -> list[Sheet]:
    """Return {lead, related} of every sheet of the draft, in one statement."""
    found: dict[int, Sheet] = {}
    rows = ProjectSection.objects.filter(
        project__revision=revision, project__is_discontinued=False
    ).values_list("project", "role", "section__code", "class_name")
    for pk, role, code, class_name in rows:
        sheet = found.setdefault(pk, {"lead": [], "related": []})
        sheet[role].append(code or {"class": class_name})
    return list(found.values())


def sheet_of(revision: Revision, uid: str) -> Sheet:
    """Return one project's sheet as it stands in the draft.

    raises  Project.DoesNotExist when the draft has none of that uid, or discontinued it
    """
    for sheet in _sheets(revision.projects.filter(is_discontinued=False, uid=uid))[0]:
        return sheet
    raise Project.DoesNotExist(uid)


def placements_of(revision: Revision) -> list[tuple[str, Placement]]:
    """Return (number, placement with its project) of every place in the draft, in its order."""
    placed = Placement.objects.filter(program__policy__revision=revision)
    ordered = placed.order_by("program__policy__number", "program__number", "number")
    return [
        (number_text((p.program.policy.number, p.program.number, p.number)), p)
        for p in ordered.select_related("program__policy", "project")
    ]


def places_of(revision: Revision) -> dict[str, str]:
    """Return number → uid of every place in the draft, relistings too, in its order."""
    return {number: placement.project.uid for number, placement in placements_of(revision)}


def place_of(revision: Revision, uid: str) -> str:
    """Return the number of a project's original placement: 1-1-(2)."""
    return next(
        number
        for number, placement in placements_of(revision)
        if placement.project.uid == uid and not placement.is_relisted
    )


def fingerprint(words: Any) -> str:
    """Return what tells one wording of a sheet from another, or one order of places."""
    return digest(canonical(words))


def groups_of(sections: Iterable[Any]) -> QuerySet[Group]:
    """Return the groups of a sheet's sections; a class of sections has none."""
    codes = [section for section in sections if isinstance(section, str)]
    return Group.objects.filter(section__code__in=codes)


def content_of_version(version: PlanVersion) -> Content:
    content: Content = json.loads(version.content)
    return content


def standing_on(day: date) -> Standing:
    """Return the office of a day, for what oddities.py asks of it. Two statements."""
    sections = Section.objects.on(day).values_list("code", flat=True)
    return Standing(year=fiscal_year(day), sections=frozenset(sections), classes=classes_on(day))


def office_on(day: date) -> Office:
    """Return the sections by name, of those alike the one of the day, and their classes."""
    standing = Section.objects.on(day)
    gone = Section.objects.exclude(pk__in=standing.values("pk"))
    named = [*gone.values_list("name", "code"), *standing.values_list("name", "code")]
    classes = ClassMember.objects.values_list("class_name", flat=True)
    return Office(dict(named), frozenset(classes))


def findings_of(content: Content, day: date) -> list[Finding]:
    """Return what is wrong in a content, and what is to be settled in it as of a day."""
    bare = {key: value for key, value in content.items() if key != "sections"}
    return [*check(bare, content.get("sections")), *oddities(content, standing_on(day))]


def current_content(plan: Plan) -> Content | None:
    """Return the content of the version that is the plan now; None before the first adoption."""
    return content_of_version(plan.current) if plan.current else None


def latest_version(revision: Revision) -> PlanVersion | None:
    return revision.versions.order_by("-number").first()


def _chart(revision: Revision) -> list[dict[str, Any]]:
    placed: dict[int, list[dict[str, Any]]] = {}
    rows = Placement.objects.filter(program__policy__revision=revision)
    columns = ("program", "number", "project__uid", "is_relisted")
    for program, number, uid, relisted in rows.values_list(*columns):
        place = {"number": number, "project": uid} | ({"relisted": True} if relisted else {})
        placed.setdefault(program, []).append(place)
    return [_policy(policy, placed) for policy in revision.policies.prefetch_related("programs")]


def _policy(policy: Policy, placed: dict[int, list[dict[str, Any]]]) -> dict[str, Any]:
    programs = [
        {
            "number": program.number,
            "name": program.name,
            "aim": program.aim,
            "placements": placed.get(program.pk, []),
        }
        for program in policy.programs.all()
    ]
    return {"number": policy.number, "name": policy.name, "programs": programs}


def _sheets(projects: QuerySet[Project]) -> tuple[list[Sheet], dict[str, str]]:
    """Read sheets without making an object of every row: a plan may have thousands."""
    kept = {pk: _bare(row) for pk, *row in projects.values_list("pk", *PLAIN)}
    of, names = projects.order_by().values("pk"), dict[str, str]()
    sections = ProjectSection.objects.filter(project__in=of)
    columns = ("project", "role", "section__code", "section__name", "class_name")
    for pk, role, code, section, class_name in sections.values_list(*columns):
        kept[pk][role].append(code or {"class": class_name})
        if code:
            names[code] = section
    actions = YearlyAction.objects.filter(project__in=of)
    for pk, text, spans in actions.values_list("project", "text", "spans"):
        kept[pk]["actions"].append({"text": text, "spans": spans})
    indicators = Indicator.objects.filter(project__in=of)
    for pk, *cells in indicators.values_list("project", *INDICATOR):
        kept[pk]["indicators"].append(dict(zip(INDICATOR, cells, strict=True)))
    return list(kept.values()), names


def _bare(row: Iterable[Any]) -> Sheet:
    sheet: Sheet = dict(zip(PLAIN, row, strict=True))
    return sheet | {"lead": [], "related": [], "actions": [], "indicators": []}
